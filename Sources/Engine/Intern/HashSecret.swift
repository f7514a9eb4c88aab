/// The secret of a keyed hash: who does not know it cannot choose inputs that collide.
///
/// No result depends on it. A rim that faces strangers draws one at random when it starts.
public struct HashSecret: Hashable, Sendable {
  /// First eight bytes of the key, little-endian.
  public var first: UInt64
  /// Last eight bytes of the key, little-endian.
  public var second: UInt64

  /// Creates a secret.
  public init(first: UInt64, second: UInt64) {
    self.first = first
    self.second = second
  }

  /// A secret that everybody knows, for input from one's own files.
  public static let published = HashSecret(
    first: 0x5361_6275_6573_6F20, second: 0x6F6C_6661_7465_6172)
}
