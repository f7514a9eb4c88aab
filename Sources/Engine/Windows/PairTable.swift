/// How often each value of a distinct-counted column occurs in each window of each key; without
/// windows, whether it ever did.
///
/// *Shape*: beside each pair 4 bytes per window. *Complexity*: see `PairMap`.
struct PairTable: ~Copyable {
  private var map: PairMap
  private let windowCount: Int

  /// Creates an empty table for windows of one list.
  init(windowCount: Int) {
    self.windowCount = windowCount
    map = PairMap(bytesBeside: (windowCount + 1) / 2 * 8)
  }

  /// Pairs with a count above 0 in some window.
  var pairCount: Int { map.count }

  /// Bytes in use.
  var liveBytes: Int { map.liveBytes }

  /// How often a value occurs in a window of a key.
  @inline(__always)
  func count(key: UInt32, value: UInt32, window: Int) -> UInt32 {
    let place = map.find(PairMap.pair(key, value))
    return place.isThere ? map.load(place, 4 &* window, as: UInt32.self) : 0
  }

  /// Counts one more occurrence; true if it is the first in the window.
  @inline(__always)
  mutating func add(key: UInt32, value: UInt32, window: Int) -> Bool {
    add(at: reach(key: key, value: value), window: window)
  }

  /// Where a pair is, which is entered when it is not there; until another is entered or erased.
  /// What is entered must be counted.
  @inline(__always)
  mutating func reach(key: UInt32, value: UInt32) -> PairMap.Place {
    let pair = PairMap.pair(key, value)
    let place = map.find(pair)
    return place.isThere ? place : map.insert(pair, place)
  }

  /// Counts one more occurrence of a pair that is there.
  @inline(__always)
  mutating func add(at place: PairMap.Place, window: Int) -> Bool {
    let count = map.load(place, 4 &* window, as: UInt32.self)
    map.store(count + 1, place, 4 &* window)
    return count == 0
  }

  /// Enters a pair without counting it; true if it was not there.
  @inline(__always)
  mutating func insert(key: UInt32, value: UInt32) -> Bool {
    let pair = PairMap.pair(key, value)
    let place = map.find(pair)
    if place.isThere { return false }
    _ = map.insert(pair, place)
    return true
  }

  /// Takes a pair away that was entered without being counted; true if it was there.
  mutating func take(key: UInt32, value: UInt32) -> Bool {
    let place = map.find(PairMap.pair(key, value))
    if place.isThere { map.erase(place) }
    return place.isThere
  }

  /// Where the search for a pair begins.
  @inline(__always)
  func prefetch(key: UInt32, value: UInt32, _ list: inout PrefetchList) {
    map.prefetch(PairMap.pair(key, value), &list)
  }

  /// As with a list, asked for at once.
  @inline(__always)
  func prefetch(key: UInt32, value: UInt32) { map.prefetch(PairMap.pair(key, value)) }

  /// Counts one occurrence less; true if it was the last in the window.
  ///
  /// *Traps* when there was none.
  @inline(__always)
  mutating func remove(key: UInt32, value: UInt32, window: Int) -> Bool {
    let place = map.find(PairMap.pair(key, value))
    precondition(place.isThere, "removing a value that was never counted")
    let count = map.load(place, 4 &* window, as: UInt32.self)
    precondition(count > 0, "removing a value that is not in the window")
    map.store(count - 1, place, 4 &* window)
    if count > 1 { return false }
    for other in 0..<windowCount where map.load(place, 4 &* other, as: UInt32.self) != 0 {
      return true
    }
    map.erase(place)
    return true
  }
}

extension PairTable {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(windowCount)
    try map.transfer(&archive)
  }
}
