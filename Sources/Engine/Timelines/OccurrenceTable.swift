/// For each (key, value), the tree of its occurrences.
///
/// *Complexity*: expected constant; growing, by half when two thirds are full, moves at most a few
/// dozen slots with each new pair.
struct OccurrenceTable: ~Copyable {
  private var current: OccurrenceRegion
  /// The array that comes next, empty, so that its pages are there in time; without slots until
  /// half of this one is full. The three take turns in address space that stays reserved.
  private var next = OccurrenceRegion()
  /// The array being replaced; a pair is in one of the two.
  private var old = OccurrenceRegion()
  private var swept = 0

  private static let firstSlots = 64
  private static let sweepSlots = 64
  /// Swept slots given back at a time: 2 MiB.
  private static let releaseSlots = 1 << 17

  init() {
    current = OccurrenceRegion()
    current.open(slots: Self.firstSlots)
  }

  /// Bytes in use.
  var liveBytes: Int { current.liveBytes + old.liveBytes }

  /// Pairs that occur.
  var pairCount: Int { current.count + old.count }

  /// The occurrences of a value of a key; empty when it has none.
  func root(key: UInt32, value: Int64) -> TreeRoot {
    let pair = Self.pair(key, value)
    let slot = current.find(pair)
    if slot >= 0 { return current.root(slot) }
    let oldSlot = old.find(pair)
    return oldSlot >= 0 ? old.root(oldSlot) : TreeRoot()
  }

  /// Sets the occurrences of a value of a key; an empty tree takes the pair away.
  mutating func set(_ root: TreeRoot, key: UInt32, value: Int64) {
    let pair = Self.pair(key, value)
    let slot = current.find(pair)
    if slot >= 0 {
      current.set(slot, root)
      return
    }
    let oldSlot = old.find(pair)
    if oldSlot >= 0 {
      old.set(oldSlot, root)
      return
    }
    guard root.block != 0 else { return }
    makeRoom()
    current.insert(pair, root)
  }

  private mutating func makeRoom() {
    if old.capacity > 0 { sweep() }
    let pairs = pairCount + 1
    if pairs * 2 > current.capacity && next.capacity == 0 {
      next.open(slots: current.capacity + current.capacity / 2)
    }
    guard pairs * 3 > current.capacity * 2 else { return }
    while old.capacity > 0 { sweep() }
    swap(&current, &old)
    swap(&current, &next)
    sweep()
  }

  /// Carries over some slots, then on to the end of the cluster: what probes past a slot goes with
  /// it.
  private mutating func sweep() {
    let start = swept
    while swept < old.capacity {
      let held = old.take(swept)
      if held.pair == 0 && swept - start >= Self.sweepSlots { break }
      if held.pair != 0 { current.insert(held.pair, held.root) }
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
  private static func pair(_ key: UInt32, _ value: Int64) -> UInt64 {
    UInt64(key) << 32 | UInt64(UInt32(truncatingIfNeeded: value))
  }
}

/// One open-addressing array of pairs with a tree each; a pair of 0 is empty, for values count
/// from 1.
struct OccurrenceRegion: ~Copyable {
  private var memory: ReservedMemory
  /// Number of slots.
  private(set) var capacity = 0
  private(set) var count = 0

  private static let slotBytes = 16

  /// An array without slots.
  init() { memory = ReservedMemory(reservedBytes: Reservation.poolBytes) }

  /// Gives an array without slots as many, all empty.
  ///
  /// *Traps* when the reservation is exceeded.
  mutating func open(slots: Int) {
    memory.useWhole(bytes: slots * Self.slotBytes)
    capacity = slots
  }

  /// Takes away all slots; their memory goes back to the system.
  mutating func close() {
    memory.reset()
    capacity = 0
    count = 0
  }

  /// Gives back the memory of slots that are empty and stay so.
  mutating func discard(_ slots: Range<Int>) {
    memory.discard(
      slots.lowerBound * Self.slotBytes, bytes: slots.count * Self.slotBytes)
  }

  var liveBytes: Int { memory.usedBytes }

  /// The slot of a pair, or -1.
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

  @inline(__always)
  func root(_ slot: Int) -> TreeRoot { memory.load(slot * Self.slotBytes + 8, as: TreeRoot.self) }

  mutating func insert(_ pair: UInt64, _ root: TreeRoot) {
    var slot = home(pair)
    while self.pair(slot) != 0 { slot = next(slot) }
    memory.store(pair, at: slot * Self.slotBytes)
    memory.store(root, at: slot * Self.slotBytes + 8)
    count += 1
  }

  mutating func set(_ slot: Int, _ root: TreeRoot) {
    if root.block == 0 {
      erase(slot)
    } else {
      memory.store(root, at: slot * Self.slotBytes + 8)
    }
  }

  /// Empties a slot without closing the gap; gives what it held.
  mutating func take(_ slot: Int) -> (pair: UInt64, root: TreeRoot) {
    let held = (pair(slot), root(slot))
    if held.0 != 0 {
      memory.clear(slot * Self.slotBytes, bytes: Self.slotBytes)
      count -= 1
    }
    return held
  }

  /// Empties a slot and moves back what was pushed past it.
  private mutating func erase(_ start: Int) {
    var hole = start
    var slot = next(hole)
    while pair(slot) != 0 {
      if distance(from: home(pair(slot)), to: slot) >= distance(from: hole, to: slot) {
        memory.move(from: slot * Self.slotBytes, to: hole * Self.slotBytes, bytes: Self.slotBytes)
        hole = slot
      }
      slot = next(slot)
    }
    memory.clear(hole * Self.slotBytes, bytes: Self.slotBytes)
    count -= 1
  }

  @inline(__always)
  private func next(_ slot: Int) -> Int { slot + 1 == capacity ? 0 : slot + 1 }

  private func distance(from start: Int, to slot: Int) -> Int {
    slot >= start ? slot - start : slot - start + capacity
  }

  @inline(__always)
  private func pair(_ slot: Int) -> UInt64 { memory.load(slot * Self.slotBytes, as: UInt64.self) }

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

extension OccurrenceTable {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try current.transfer(&archive)
    try old.transfer(&archive)
    try archive.transfer(&swept)
    if current.capacity == 0 || swept < 0 || swept > old.capacity { throw .damaged }
  }
}

extension OccurrenceRegion {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.transfer(&capacity)
    try archive.transfer(&memory)
    try archive.transfer(&count)
    // Whoever reads a slot trusts that all are in use.
    if capacity < 0 || capacity > memory.usedBytes / Self.slotBytes { throw .damaged }
  }
}
