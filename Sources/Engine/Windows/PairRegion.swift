/// One open-addressing array of (key, value) pairs with a count per window.
///
/// *Shape*: slots of the pair in 8 bytes, `key << 32 | value`, and 4 bytes per window; a pair of 0
/// is empty, because values count from 1. The home of a pair is its hash as a fraction of the
/// array, so a longer array keeps the order.
struct PairRegion: ~Copyable {
  private var memory: ReservedMemory
  private let slotBytes: Int
  private let windowCount: Int
  /// Number of slots.
  private(set) var capacity = 0
  /// Slots in use.
  private(set) var pairCount = 0

  /// An array without slots.
  init(windowCount: Int) {
    self.windowCount = windowCount
    slotBytes = 8 + (windowCount + 1) / 2 * 8
    memory = ReservedMemory(reservedBytes: Reservation.poolBytes)
  }

  /// Gives an array without slots as many, all empty.
  ///
  /// *Traps* when the reservation is exceeded.
  mutating func open(slots: Int) {
    memory.useWhole(bytes: slots * slotBytes)
    capacity = slots
  }

  /// Takes away all slots; their memory goes back to the system.
  mutating func close() {
    memory.reset()
    capacity = 0
    pairCount = 0
  }

  /// Gives back the memory of slots that are empty and stay so.
  mutating func discard(_ slots: Range<Int>) {
    memory.discard(slots.lowerBound * slotBytes, bytes: slots.count * slotBytes)
  }

  var liveBytes: Int { memory.usedBytes }

  /// The slot of a pair, or -1.
  @inline(__always)
  func find(_ pair: UInt64) -> Int {
    guard capacity > 0 else { return -1 }
    var slot = home(pair)
    while true {
      let found = self.pair(slot)
      if found == pair { return slot }
      if found == 0 { return -1 }
      slot = next(slot)
    }
  }

  /// Where the search for a pair begins.
  @inline(__always)
  func prefetch(_ pair: UInt64, _ list: inout PrefetchList) {
    if capacity > 0 { memory.prefetch(home(pair) &* slotBytes, &list) }
  }

  /// Takes a slot for a pair that is not here; its counts are 0.
  @inline(__always)
  mutating func insert(_ pair: UInt64) -> Int {
    var slot = home(pair)
    while self.pair(slot) != 0 { slot = next(slot) }
    memory.store(pair, at: slot &* slotBytes)
    pairCount += 1
    return slot
  }

  /// Takes one from a count, and the pair away if that was its last; true if the window lost it.
  ///
  /// *Traps* when the count is 0.
  @inline(__always)
  mutating func remove(_ slot: Int, _ window: Int) -> Bool {
    let count = count(slot, window)
    precondition(count > 0, "removing a value that is not in the window")
    setCount(slot, window, count - 1)
    if count > 1 { return false }
    for other in 0..<windowCount where self.count(slot, other) != 0 { return true }
    erase(slot)
    return true
  }

  /// Empties a slot and moves back what was pushed past it.
  private mutating func erase(_ start: Int) {
    var hole = start
    var slot = next(hole)
    while pair(slot) != 0 {
      if distance(from: home(pair(slot)), to: slot) >= distance(from: hole, to: slot) {
        memory.move(from: slot * slotBytes, to: hole * slotBytes, bytes: slotBytes)
        hole = slot
      }
      slot = next(slot)
    }
    clear(hole)
  }

  /// Sets a slot to empty without closing the gap.
  mutating func clear(_ slot: Int) {
    memory.clear(slot * slotBytes, bytes: slotBytes)
    pairCount -= 1
  }

  @inline(__always)
  func pair(_ slot: Int) -> UInt64 {
    memory.load(slot &* slotBytes, as: UInt64.self)
  }

  @inline(__always)
  func count(_ slot: Int, _ window: Int) -> UInt32 {
    memory.load(slot &* slotBytes &+ 8 &+ 4 &* window, as: UInt32.self)
  }

  @inline(__always)
  mutating func setCount(_ slot: Int, _ window: Int, _ count: UInt32) {
    memory.store(count, at: slot &* slotBytes &+ 8 &+ 4 &* window)
  }

  @inline(__always)
  func next(_ slot: Int) -> Int { slot &+ 1 == capacity ? 0 : slot &+ 1 }

  private func distance(from start: Int, to slot: Int) -> Int {
    slot >= start ? slot - start : slot - start + capacity
  }

  /// The pair consists of dense numbers, so a fixed mixer will do: nobody outside chooses them.
  @inline(__always)
  private func home(_ pair: UInt64) -> Int {
    var mixed = pair
    mixed ^= mixed &>> 33
    mixed &*= 0xFF51_AFD7_ED55_8CCD
    mixed ^= mixed &>> 33
    mixed &*= 0xC4CE_B9FE_1A85_EC53
    return Int(truncatingIfNeeded: mixed.multipliedFullWidth(by: UInt64(capacity)).high)
  }
}

extension PairRegion {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(slotBytes)
    try archive.transfer(&capacity)
    try archive.transfer(&memory)
    try archive.transfer(&pairCount)
    // Whoever reads a slot trusts that all are in use.
    if capacity < 0 || capacity > memory.usedBytes / slotBytes { throw .damaged }
  }
}
