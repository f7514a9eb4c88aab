/// What text is appended to: an array of bytes, or a `TextBuffer` where much is written.
public protocol TextOutput: ~Copyable {
  /// Appends one byte.
  mutating func append(_ byte: UInt8)
  /// Appends bytes in one copy.
  mutating func append(_ bytes: Span<UInt8>)
  /// Appends the lowest `count` bytes of a word, the lowest first; at most 8.
  mutating func append(_ word: UInt64, count: Int)
}

extension Array<UInt8>: TextOutput {
  /// Appends bytes in one copy.
  @inlinable
  public mutating func append(_ bytes: Span<UInt8>) {
    // SAFETY: the buffer lives through the call.
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }

  /// Appends the lowest `count` bytes of a word, the lowest first; at most 8.
  @inlinable
  public mutating func append(_ word: UInt64, count: Int) {
    for index in 0..<count { append(UInt8(truncatingIfNeeded: word &>> UInt64(8 &* index))) }
  }
}
