/// What text is appended to: an array of bytes, or a `TextBuffer` where much is written.
public protocol TextOutput: ~Copyable {
  /// Appends one byte.
  mutating func append(_ byte: UInt8)
  /// Appends bytes in one copy.
  mutating func append(_ bytes: Span<UInt8>)
}

extension Array<UInt8>: TextOutput {
  /// Appends bytes in one copy.
  @inlinable
  public mutating func append(_ bytes: Span<UInt8>) {
    // SAFETY: the buffer lives through the call.
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}
