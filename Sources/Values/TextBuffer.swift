/// Bytes that are written one piece after the other, with one owner.
///
/// An array asks at each piece whether somebody else holds it too, and every piece is a call; here
/// a piece is a comparison and a copy.
///
/// *Complexity*: appending is O(bytes), amortised; `removeAll` keeps the room.
@safe public struct TextBuffer: ~Copyable {
  @usableFromInline var start: UnsafeMutablePointer<UInt8>
  @usableFromInline var capacity: Int
  @usableFromInline var used = 0

  /// How many bytes it holds.
  @inlinable
  public var count: Int { used }

  /// Creates an empty buffer.
  public init(capacity: Int = 4_096) {
    // SAFETY: memory of `capacity` bytes is owned by this value alone, until `grow` or deinit.
    unsafe start = .allocate(capacity: max(capacity, 64))
    self.capacity = max(capacity, 64)
  }

  deinit {
    // SAFETY: allocated in init or `grow`, freed nowhere else but there.
    unsafe start.deallocate()
  }

  /// The bytes.
  @inlinable
  public var span: Span<UInt8> {
    @_lifetime(borrow self)
    borrowing get {
      // SAFETY: the first `used` bytes are initialised and stay while nobody appends.
      let bytes = unsafe UnsafeBufferPointer(start: start, count: used)
      return unsafe _overrideLifetime(Span(_unsafeElements: bytes), borrowing: self)
    }
  }

  /// Forgets all bytes, keeping the room.
  @inlinable
  public mutating func removeAll() { used = 0 }

  /// The bytes from a place on.
  ///
  /// *Traps* when there is no such place.
  @_lifetime(borrow self)
  public func span(from place: Int) -> Span<UInt8> {
    span.extracting(place..<used)
  }

  /// Forgets the last byte.
  ///
  /// *Traps* when there is none.
  @inlinable
  public mutating func removeLast() {
    precondition(used > 0, "there is a byte to forget")
    used &-= 1
  }

  /// How many bytes must follow those that `append(_:from:of:)` takes.
  @inlinable public static var padding: Int { 32 }

  /// Appends `count` bytes from a place in others on, behind which there are `padding` more: a
  /// short text is a few moves, where a copy of just its bytes is a call.
  ///
  /// *Traps* when they are not all there.
  @inlinable
  @inline(__always)
  public mutating func append(_ count: Int, from place: Int, of padded: Span<UInt8>) {
    precondition(
      place >= 0 && count >= 0 && place <= padded.count &- Self.padding &- count,
      "the bytes and their padding are there")
    if capacity &- used < count &+ Self.padding { grow(by: count &+ Self.padding) }
    // SAFETY: as was asked above, both have 32 bytes more than are wanted, so whole steps may be
    // moved; what lies behind the last byte is no part of the text.
    unsafe padded.withUnsafeBufferPointer { source in
      guard let first = source.baseAddress else { return }
      let from = unsafe UnsafeRawPointer(first + place)
      let to = unsafe UnsafeMutableRawPointer(start + used)
      if count <= 64 {
        unsafe to.storeBytes(
          of: from.loadUnaligned(as: SIMD32<UInt8>.self), as: SIMD32<UInt8>.self)
        if count > 32 {
          unsafe to.storeBytes(
            of: from.loadUnaligned(fromByteOffset: 32, as: SIMD32<UInt8>.self), toByteOffset: 32,
            as: SIMD32<UInt8>.self)
        }
      } else {
        unsafe to.copyMemory(from: from, byteCount: count)
      }
    }
    used &+= count
  }

  /// Appends the texts that `text` gives for the numbers of a range, one after the other, until one
  /// has no bytes; the number of that, or the end of the range. Room is asked for once.
  ///
  /// *Shape*: a text is at most eight bytes, the first lowest.
  @inlinable
  @inline(__always)
  public mutating func append(
    _ range: Range<Int>, _ text: (Int) -> (word: UInt64, count: Int)
  ) -> Int {
    let room = 8 * range.count
    if capacity &- used < room { grow(by: room) }
    // SAFETY: nothing grows until the last text is stored. What is stored could be anything to the
    // compiler, the buffer's own address included, so this is asked for once.
    let first = unsafe start
    var place = used
    var number = range.lowerBound
    while number < range.upperBound {
      let (word, count) = text(number)
      // Both are asked at once: whether there are bytes, and no more than fit.
      guard UInt(bitPattern: count &- 1) < 8 else {
        precondition(count == 0, "a word has eight bytes")
        break
      }
      // SAFETY: each text has had eight bytes of its own asked for.
      unsafe UnsafeMutableRawPointer(first + place).storeBytes(
        of: word.littleEndian, as: UInt64.self)
      place &+= count
      number &+= 1
    }
    used = place
    return number
  }

  @usableFromInline
  @inline(never)
  mutating func grow(by count: Int) {
    let larger = max(2 * capacity, used + count)
    // SAFETY: the first `used` bytes move to memory with room for more; the old is freed once.
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    unsafe moved.update(from: start, count: used)
    unsafe start.deallocate()
    unsafe start = moved
    capacity = larger
  }
}

extension TextBuffer: TextOutput {
  /// Appends one byte.
  @inlinable
  public mutating func append(_ byte: UInt8) {
    if used == capacity { grow(by: 1) }
    // SAFETY: there is room for one byte behind the last.
    unsafe start[used] = byte
    used &+= 1
  }

  /// Appends the lowest `count` bytes of a word, the lowest first; at most 8. One store, where a
  /// copy of a few bytes is a call.
  @inlinable
  @inline(__always)
  public mutating func append(_ word: UInt64, count: Int) {
    precondition(count >= 0 && count <= 8, "a word has eight bytes")
    if capacity &- used < 8 { grow(by: 8) }
    // SAFETY: there is room for eight bytes behind the last, of which `count` are kept.
    unsafe UnsafeMutableRawPointer(start + used).storeBytes(of: word.littleEndian, as: UInt64.self)
    used &+= count
  }

  /// Appends bytes in one copy.
  @inlinable
  @inline(__always)
  public mutating func append(_ bytes: Span<UInt8>) {
    let count = bytes.count
    if count > capacity &- used { grow(by: count) }
    // SAFETY: there is room for `count` bytes behind the last, and nobody else points there.
    unsafe bytes.withUnsafeBufferPointer { source in
      guard let first = source.baseAddress else { return }
      unsafe (start + used).update(from: first, count: count)
    }
    used &+= count
  }
}
