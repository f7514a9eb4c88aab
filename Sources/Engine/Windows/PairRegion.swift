/// One open-addressing array of (key, value) pairs with a count per window.
///
/// *Shape*: slots of the pair in 8 bytes, `key << 32 | value`, and 4 bytes per window; a pair of 0
/// is empty, because values count from 1.
struct PairRegion: ~Copyable {
  private var memory: ReservedMemory
  private let slotBytes: Int
  private let bits: UInt64
  private let windowCount: Int
  /// Number of slots, a power of two, or 0.
  let capacity: Int
  /// Slots in use.
  private(set) var pairCount: Int

  /// An array of 2^`bits` empty slots.
  init(bits: UInt64, windowCount: Int) {
    self.bits = bits
    self.windowCount = windowCount
    pairCount = 0
    capacity = 1 << Int(bits)
    slotBytes = 8 + (windowCount + 1) / 2 * 8
    memory = ReservedMemory(reservedBytes: capacity * slotBytes)
    memory.use(bytes: capacity * slotBytes)
  }

  /// An array without slots.
  init() {
    bits = 0
    windowCount = 0
    capacity = 0
    pairCount = 0
    slotBytes = 8
    memory = ReservedMemory(reservedBytes: 0)
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
    let mask = capacity - 1
    var hole = start
    var slot = next(hole)
    while pair(slot) != 0 {
      let home = home(pair(slot))
      if (slot - home) & mask >= (slot - hole) & mask {
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
  func next(_ slot: Int) -> Int { (slot &+ 1) & (capacity &- 1) }

  /// The pair consists of dense numbers, so a fixed mixer will do: nobody outside chooses them.
  @inline(__always)
  private func home(_ pair: UInt64) -> Int {
    var mixed = pair
    mixed ^= mixed &>> 33
    mixed &*= 0xFF51_AFD7_ED55_8CCD
    mixed ^= mixed &>> 33
    mixed &*= 0xC4CE_B9FE_1A85_EC53
    return Int(truncatingIfNeeded: mixed &>> (64 &- bits))
  }
}

extension PairRegion {
  /// The state as a snapshot carries it.
  mutating func transfer(
    _ archive: inout StateArchive, windowCount: Int
  ) throws(SnapshotError) {
    var bits = bits
    var hasSlots = capacity > 0
    try archive.transfer(&bits)
    try archive.transfer(&hasSlots)
    if archive.isReading {
      guard bits < 40 else { throw .damaged }
      self = hasSlots ? PairRegion(bits: bits, windowCount: windowCount) : PairRegion()
    }
    try archive.transfer(&memory)
    try archive.transfer(&pairCount)
  }
}
