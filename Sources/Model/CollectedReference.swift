/// Where the values that one signal collected lie in `Decision.collected`.
public struct CollectedReference: Hashable, Sendable {
  /// Position of the first.
  public var offset: Int
  /// How many there are.
  public var count: Int

  /// Creates a reference.
  public init(offset: Int, count: Int) {
    self.offset = offset
    self.count = count
  }

  /// The reference that a payload is.
  public init(bits: UInt64) {
    offset = Int(bits >> 32)
    count = Int(bits & 0xFFFF_FFFF)
  }

  /// As a payload.
  public var bits: UInt64 { UInt64(offset) << 32 | UInt64(count) }

  /// The positions of its values.
  public var range: Range<Int> { offset..<offset + count }
}
