/// The accounts that used values of one identifier and are not linked to them: those of hubs, and
/// those that were erased. With the linked ones they are all that ever did.
///
/// *Shape*: 8 bytes a pair of value and account, and 16 bytes a value that has such accounts, in
/// tables that are between a third and two thirds full.
struct UnlinkedUsers: ~Copyable {
  private let inPlace = InPlace()
  private var pairs = PairTable(windowCount: 0)
  /// By value, as the pair of it and `all`, how many they are.
  private var counts = PairTable(windowCount: 1)
  private static let all: UInt32 = 1
  /// Whether some may be of values that are no hubs.
  private(set) var hasErased = false

  /// Bytes in use.
  var liveBytes: Int { pairs.liveBytes + counts.liveBytes }

  /// Enters an account that is linked to a value no more, or never is because that is a hub; how
  /// many the value has then.
  @discardableResult
  mutating func add(_ account: UInt32, of value: UInt32) -> UInt32 {
    if pairs.insert(key: value, value: account) {
      _ = counts.add(key: value, value: Self.all, window: 0)
    }
    return count(of: value)
  }

  /// Enters an account that was linked and is erased.
  mutating func addErased(_ account: UInt32, of value: UInt32) {
    add(account, of: value)
    hasErased = true
  }

  /// Takes an account out that is linked again.
  mutating func remove(_ account: UInt32, of value: UInt32) {
    if hasErased && pairs.take(key: value, value: account) {
      _ = counts.remove(key: value, value: Self.all, window: 0)
    }
  }

  /// How many a value has.
  func count(of value: UInt32) -> UInt32 { counts.count(key: value, value: Self.all, window: 0) }

  /// What `add` and `count` look at.
  @inline(__always)
  func prefetch(_ account: UInt32, of value: UInt32, _ list: inout PrefetchList) {
    pairs.prefetch(key: value, value: account, &list)
    counts.prefetch(key: value, value: Self.all, &list)
  }

  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try pairs.transfer(&archive)
    try counts.transfer(&archive)
    try archive.transfer(&hasErased)
  }
}
