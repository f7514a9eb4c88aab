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

  /// Scans a document; `members` and `text` then speak of it.
  mutating func scan(_ document: Span<UInt8>) -> json_status {
    // SAFETY: the scanner copies exactly the buffer's bytes during the call.
    unsafe document.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return JSON_INVALID }
      return unsafe json_scanner_scan(handle, start, buffer.count)
    }
  }

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

  /// The bytes the members' offsets count in.
  var text: Span<UInt8> {
    @_lifetime(borrow self)
    borrowing get {
      // SAFETY: the buffer stays in place until the next scan, which needs exclusive access to
      // self.
      let start = unsafe json_scanner_text(handle)
      let count = unsafe json_scanner_text_length(handle)
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
