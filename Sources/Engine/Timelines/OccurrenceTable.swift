/// For each (key, value), the tree of its occurrences.
///
/// *Complexity*: expected constant; growing moves at most a few dozen slots with each new pair.
struct OccurrenceTable: ~Copyable {
  private var current = OccurrenceRegion(bits: 6)
  /// The array being replaced; a pair is in one of the two.
  private var old = OccurrenceRegion()
  private var swept = 0
  private var bits: UInt64 = 6

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
    sweep()
    guard (pairCount + 1) * 5 > current.capacity * 3 else { return }
    while old.capacity > 0 { sweep() }
    swap(&current, &old)
    bits += 1
    current = OccurrenceRegion(bits: bits)
    swept = 0
  }

  /// Carries over some slots, then on to the end of the cluster: what probes past a slot goes with
  /// it.
  private mutating func sweep() {
    guard old.capacity > 0 else { return }
    let start = swept
    while swept < old.capacity {
      let held = old.take(swept)
      if held.pair == 0 && swept - start >= 64 { return }
      if held.pair != 0 { current.insert(held.pair, held.root) }
      swept += 1
    }
    old = OccurrenceRegion()
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
  private let bits: UInt64
  let capacity: Int
  private(set) var count = 0

  init(bits: UInt64) {
    self.bits = bits
    capacity = 1 << Int(bits)
    memory = ReservedMemory(reservedBytes: capacity * 16)
    memory.use(bytes: capacity * 16)
  }

  /// An array without slots.
  init() {
    bits = 0
    capacity = 0
    memory = ReservedMemory(reservedBytes: 0)
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
      slot = (slot + 1) & (capacity - 1)
    }
  }

  @inline(__always)
  func root(_ slot: Int) -> TreeRoot { memory.load(slot * 16 + 8, as: TreeRoot.self) }

  mutating func insert(_ pair: UInt64, _ root: TreeRoot) {
    var slot = home(pair)
    while self.pair(slot) != 0 { slot = (slot + 1) & (capacity - 1) }
    memory.store(pair, at: slot * 16)
    memory.store(root, at: slot * 16 + 8)
    count += 1
  }

  mutating func set(_ slot: Int, _ root: TreeRoot) {
    if root.block == 0 {
      erase(slot)
    } else {
      memory.store(root, at: slot * 16 + 8)
    }
  }

  /// Empties a slot without closing the gap; gives what it held.
  mutating func take(_ slot: Int) -> (pair: UInt64, root: TreeRoot) {
    let held = (pair(slot), root(slot))
    if held.0 != 0 {
      memory.clear(slot * 16, bytes: 16)
      count -= 1
    }
    return held
  }

  /// Empties a slot and moves back what was pushed past it.
  private mutating func erase(_ start: Int) {
    let mask = capacity - 1
    var hole = start
    var slot = (hole + 1) & mask
    while pair(slot) != 0 {
      if (slot - home(pair(slot))) & mask >= (slot - hole) & mask {
        memory.move(from: slot * 16, to: hole * 16, bytes: 16)
        hole = slot
      }
      slot = (slot + 1) & mask
    }
    memory.clear(hole * 16, bytes: 16)
    count -= 1
  }

  @inline(__always)
  private func pair(_ slot: Int) -> UInt64 { memory.load(slot * 16, as: UInt64.self) }

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

extension OccurrenceTable {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try current.transfer(&archive)
    try old.transfer(&archive)
    try archive.transfer(&swept)
    try archive.transfer(&bits)
  }
}

extension OccurrenceRegion {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    var bits = bits
    var hasSlots = capacity > 0
    try archive.transfer(&bits)
    try archive.transfer(&hasSlots)
    if archive.isReading {
      guard bits < 40 else { throw .damaged }
      self = hasSlots ? OccurrenceRegion(bits: bits) : OccurrenceRegion()
    }
    try archive.transfer(&memory)
    try archive.transfer(&count)
  }
}
