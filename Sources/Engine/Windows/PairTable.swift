/// How often each value of a distinct-counted column occurs in each window of each key; without
/// windows, whether it ever did.
///
/// *Complexity*: expected constant; growing, by half when two thirds are full, moves at most a few
/// dozen pairs with each new one.
struct PairTable: ~Copyable {
  private var current: PairRegion
  /// The array that comes next, empty, so that its pages are there in time; without slots until
  /// half of this one is full. The three take turns in address space that stays reserved.
  private var next: PairRegion
  /// The array being replaced; a pair is in one of the two.
  private var old: PairRegion
  /// Slots of the old array already carried over.
  private var swept: Int
  private let windowCount: Int

  /// Creates an empty table for windows of one list.
  init(windowCount: Int) {
    self.windowCount = windowCount
    current = PairRegion(windowCount: windowCount)
    current.open(slots: Self.firstSlots)
    next = PairRegion(windowCount: windowCount)
    old = PairRegion(windowCount: windowCount)
    swept = 0
  }

  /// Pairs with a count above 0 in some window.
  var pairCount: Int { current.pairCount + old.pairCount }

  /// Bytes in use.
  var liveBytes: Int { current.liveBytes + old.liveBytes }

  /// How often a value occurs in a window of a key.
  @inline(__always)
  func count(key: UInt32, value: UInt32, window: Int) -> UInt32 {
    let pair = Self.pair(key, value)
    let slot = current.find(pair)
    if slot >= 0 { return current.count(slot, window) }
    let oldSlot = old.find(pair)
    return oldSlot >= 0 ? old.count(oldSlot, window) : 0
  }

  /// Counts one more occurrence; true if it is the first in the window.
  @inline(__always)
  mutating func add(key: UInt32, value: UInt32, window: Int) -> Bool {
    let pair = Self.pair(key, value)
    var slot = current.find(pair)
    if slot < 0 {
      let oldSlot = old.find(pair)
      if oldSlot >= 0 {
        let count = old.count(oldSlot, window)
        old.setCount(oldSlot, window, count + 1)
        return count == 0
      }
      makeRoom()
      slot = current.insert(pair)
    }
    let count = current.count(slot, window)
    current.setCount(slot, window, count + 1)
    return count == 0
  }

  /// Enters a pair without counting it; true if it was not there.
  @inline(__always)
  mutating func insert(key: UInt32, value: UInt32) -> Bool {
    let pair = Self.pair(key, value)
    if current.find(pair) >= 0 || old.find(pair) >= 0 { return false }
    makeRoom()
    _ = current.insert(pair)
    return true
  }

  /// Where the search for a pair begins.
  @inline(__always)
  func prefetch(key: UInt32, value: UInt32, _ list: inout PrefetchList) {
    current.prefetch(Self.pair(key, value), &list)
  }

  /// Counts one occurrence less; true if it was the last in the window.
  ///
  /// *Traps* when there was none.
  @inline(__always)
  mutating func remove(key: UInt32, value: UInt32, window: Int) -> Bool {
    let pair = Self.pair(key, value)
    let slot = current.find(pair)
    if slot >= 0 { return current.remove(slot, window) }
    let oldSlot = old.find(pair)
    precondition(oldSlot >= 0, "removing a value that was never counted")
    return old.remove(oldSlot, window)
  }

  private mutating func makeRoom() {
    if old.capacity > 0 { sweep() }
    let pairs = pairCount + 1
    if pairs * 2 > current.capacity && next.capacity == 0 {
      next.open(slots: current.capacity + current.capacity / 2)
    }
    if pairs * 3 > current.capacity * 2 { grow() }
  }

  @inline(never)
  private mutating func grow() {
    while old.capacity > 0 { sweep() }
    swap(&current, &old)
    swap(&current, &next)
    swept = 0
    sweep()
  }

  /// Carries over some slots, then on to the end of the cluster: what probes past a slot goes with
  /// it.
  @inline(never)
  private mutating func sweep() {
    let start = swept
    while swept < old.capacity {
      let pair = old.pair(swept)
      if pair == 0 && swept - start >= Self.sweepSlots { break }
      if pair != 0 {
        let target = current.insert(pair)
        for window in 0..<windowCount {
          current.setCount(target, window, old.count(swept, window))
        }
        old.clear(swept)
      }
      swept += 1
    }
    // Piece by piece, so that giving back a gigabyte does not stall the event that ends the sweep.
    let released = start / Self.releaseSlots * Self.releaseSlots
    let releasable = swept / Self.releaseSlots * Self.releaseSlots
    if released < releasable { old.discard(released..<releasable) }
    if swept == old.capacity {
      old.close()
      swept = 0
    }
  }

  @inline(__always)
  private static func pair(_ key: UInt32, _ value: UInt32) -> UInt64 {
    UInt64(key) << 32 | UInt64(value)
  }

  private static let firstSlots = 64
  private static let sweepSlots = 64
  /// Swept slots given back at a time: 2 MiB or more.
  private static let releaseSlots = 1 << 18
}

extension PairTable {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(windowCount)
    try current.transfer(&archive)
    try old.transfer(&archive)
    try archive.transfer(&swept)
    if current.capacity == 0 || swept < 0 || swept > old.capacity { throw .damaged }
  }
}
