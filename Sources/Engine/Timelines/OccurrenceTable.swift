/// For each (key, value), the tree of its occurrences.
///
/// *Shape*: beside each pair its root in 8 bytes. *Complexity*: see `PairMap`.
struct OccurrenceTable: ~Copyable {
  /// A key that becomes a hub brings dozens of pairs in one event.
  private var map = PairMap(bytesBeside: MemoryLayout<TreeRoot>.size, sweepSlots: 8)

  /// Bytes in use.
  var liveBytes: Int { map.liveBytes }

  /// Pairs that occur.
  var pairCount: Int { map.count }

  /// The occurrences of a value of a key; empty when it has none.
  func root(key: UInt32, value: Int64) -> TreeRoot {
    root(find(key: key, value: value))
  }

  /// Where the occurrences of a value of a key are, or would be, until others are set.
  @inline(__always)
  func find(key: UInt32, value: Int64) -> PairMap.Place { map.find(Self.pair(key, value)) }

  /// The occurrences at a place.
  @inline(__always)
  func root(_ place: PairMap.Place) -> TreeRoot {
    place.isThere ? map.load(place, 0, as: TreeRoot.self) : TreeRoot()
  }

  /// Where it is looked up.
  @inline(__always)
  func prefetch(key: UInt32, value: UInt32, _ list: inout PrefetchList) {
    map.prefetch(PairMap.pair(key, value), &list)
  }

  /// Sets the occurrences of a value of a key, whose place was found; an empty tree takes the pair
  /// away.
  @inline(__always)
  mutating func set(_ root: TreeRoot, _ found: PairMap.Place, key: UInt32, value: Int64) {
    var place = found
    guard root.block != 0 else {
      if place.isThere { map.erase(place) }
      return
    }
    if !place.isThere { place = map.insert(Self.pair(key, value), place) }
    map.store(root, place, 0)
  }

  @inline(__always)
  private static func pair(_ key: UInt32, _ value: Int64) -> UInt64 {
    PairMap.pair(key, UInt32(truncatingIfNeeded: value))
  }
}

extension OccurrenceTable {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try map.transfer(&archive)
  }
}
