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

  /// Appends all bytes to another output.
  @inlinable
  public func copy(to output: inout some TextOutput & ~Copyable) { output.append(span) }

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
