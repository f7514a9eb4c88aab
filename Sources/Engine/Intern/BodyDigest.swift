/// A 128-bit hash of what an event says, by which a repeat is told from a conflict.
public struct BodyDigest: Hashable, Sendable, BitwiseCopyable {
  /// The first eight bytes of the hash, little-endian.
  public var low: UInt64
  /// The last eight bytes of the hash, little-endian.
  public var high: UInt64

  /// Creates a digest from its halves.
  public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }
}
