/// Eight bytes of a text at once.
public enum TextWord {
  /// The eight bytes from `start` on, the first the lowest.
  ///
  /// *Traps* when they are not all there.
  @inlinable
  @inline(__always)
  public static func load(_ bytes: Span<UInt8>, at start: Int) -> UInt64 {
    // SAFETY: the load itself asks whether the eight bytes are there; any bits are an integer.
    UInt64(
      littleEndian: unsafe bytes.bytes.unsafeLoadUnaligned(
        fromByteOffset: start, as: UInt64.self))
  }
}
