import CKernels

/// The members of one JSON object at a time, in memory that is reused.
///
/// *Source*: simdjson On-Demand, behind `CKernels`.
@safe struct JSONScanner: ~Copyable {
  private let handle: OpaquePointer

  /// *Traps* when memory ends.
  init() {
    // SAFETY: the handle is made here, owned by this value alone and freed once, in deinit.
    guard let handle = unsafe json_scanner_create() else {
      preconditionFailure("no memory for a JSON scanner")
    }
    unsafe self.handle = unsafe handle
  }

  deinit {
    // SAFETY: made in init, never handed out, freed nowhere else.
    unsafe json_scanner_destroy(handle)
  }

  /// Scans the document that the first `length` bytes of `text` are; `members` and `unescaped` then
  /// speak of it.
  ///
  /// *Traps* when fewer than `padding` bytes follow it.
  mutating func scan(_ text: Span<UInt8>, length: Int) -> json_status {
    precondition(length >= 0 && text.count >= length + Self.padding)
    // SAFETY: of the buffer, which lives through the call, the scanner reads the document and no
    // further than its padding, both of which are there.
    return unsafe text.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return JSON_INVALID }
      return unsafe json_scanner_scan(handle, start, length)
    }
  }

  /// Makes a text begin with a document and what has to stand behind it. What the text held before
  /// may stay behind that, as far as it is little: most documents are about as long as others, and
  /// a text that need not be made shorter or longer is one copy.
  static func lay(_ document: Span<UInt8>, in text: inout [UInt8]) {
    let length = document.count
    let excess = text.count - length - padding
    if excess < 0 {
      // A little more, for lines that grow little by little.
      text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 128 - excess))
    } else if excess > mostLeft {
      text.removeLast(excess)
    }
    var room = text.mutableSpan
    // SAFETY: the text is longer than the document, which lies elsewhere, for this access has the
    // text to itself.
    unsafe room.withUnsafeMutableBufferPointer { room in
      guard let start = room.baseAddress else { return }
      unsafe document.withUnsafeBufferPointer { document in
        guard let first = document.baseAddress else { return }
        unsafe start.update(from: first, count: length)
      }
    }
    // The one byte behind a document that is ever asked what it is.
    room[length] = UInt8(ascii: " ")
  }

  /// How much of what a text held before may stay.
  private static let mostLeft = 512

  /// How many bytes have to stand behind a document, whatever they are.
  static var padding: Int { Int(JSON_PADDING) }

  /// The members in document order, those of an inner object right behind it.
  var members: Span<json_member> {
    @_lifetime(borrow self)
    borrowing get {
      // SAFETY: the array stays in place until the next scan, which needs exclusive access to self.
      let start = unsafe json_scanner_members(handle)
      let count = unsafe json_scanner_member_count(handle)
      let members = unsafe UnsafeBufferPointer(start: start, count: count)
      return unsafe _overrideLifetime(Span(_unsafeElements: members), borrowing: self)
    }
  }

  /// Whether there are texts that had escapes.
  var hasEscapes: Bool {
    // SAFETY: the handle lives as long as this value.
    unsafe json_scanner_unescaped_length(handle) > 0
  }

  /// Texts that had escapes, without them. The offsets of members count in the document, its
  /// padding and then these.
  var unescaped: Span<UInt8> {
    @_lifetime(borrow self)
    borrowing get {
      // SAFETY: the buffer stays in place until the next scan, which needs exclusive access to
      // self.
      let start = unsafe json_scanner_unescaped(handle)
      let count = unsafe json_scanner_unescaped_length(handle)
      let text = unsafe UnsafeBufferPointer(start: start, count: count)
      return unsafe _overrideLifetime(Span(_unsafeElements: text), borrowing: self)
    }
  }
}

/// Reads a JSON number as the nearest double; nil when it is too large or too small for one.
func nearestDouble(_ text: Span<UInt8>) -> Double? {
  var value = 0.0
  // SAFETY: the buffer lives through the call, which reads exactly its count of bytes.
  let isRead = unsafe text.withUnsafeBufferPointer { buffer in
    guard let start = buffer.baseAddress else { return false }
    return unsafe json_number_as_double(start, buffer.count, &value)
  }
  return isRead ? value : nil
}
