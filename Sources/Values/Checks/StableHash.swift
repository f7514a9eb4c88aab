/// FNV-1a over bytes, 64 bits.
///
/// *Source*: G. Fowler, L. C. Noll, K.-P. Vo.
public struct StableHash: Sendable {
  /// The hash so far.
  public private(set) var state: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Starts a hash.
  public init() {}

  /// Goes on with a byte.
  public mutating func append(_ byte: UInt8) {
    state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }

  /// Goes on with bytes.
  public mutating func append(_ bytes: Span<UInt8>) {
    for index in bytes.indices { append(bytes[index]) }
  }

  /// The hash of a text as an int of rule files: without its top bit, so that it is never negative.
  public static func value(_ text: Span<UInt8>) -> UInt64 {
    var hash = StableHash()
    hash.append(text)
    return hash.state & ~(1 << 63)
  }
}
