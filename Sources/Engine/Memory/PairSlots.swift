/// One open-addressing array of (key, value) pairs, with some bytes beside each.
///
/// *Shape*: slots of the pair in 8 bytes, `key << 32 | value`, and its bytes, which begin as zero.
/// A pair of 0 is empty, because values count from 1. The home of a pair is its hash as a fraction
/// of the array, so a longer array keeps the order.
struct PairSlots: ~Copyable {
  private let inPlace = InPlace()
  private var memory: ReservedMemory
  private let slotBytes: Int
  /// Number of slots.
  private(set) var capacity = 0
  /// Slots in use.
  private(set) var count = 0

  /// An array without slots, whose pairs will have so many bytes each, a multiple of 8.
  init(bytesBeside bytes: Int) {
    slotBytes = 8 + bytes
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
    count = 0
  }

  /// Gives back the memory of the slots below one, which are empty and stay so.
  mutating func release(below slot: Int) { memory.release(below: slot * slotBytes) }

  var liveBytes: Int { memory.usedBytes }

  /// The slot of a pair, or -1. No pair is looked for whose home lies before `first`.
  @inline(__always)
  func find(_ pair: UInt64, from first: Int = 0) -> Int {
    guard capacity > 0 else { return -1 }
    var slot = home(pair)
    if slot < first { return -1 }
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

  /// Takes a slot for a pair that is not here.
  @inline(__always)
  mutating func insert(_ pair: UInt64) -> Int {
    var slot = home(pair)
    while self.pair(slot) != 0 { slot = next(slot) }
    memory.store(pair, at: slot &* slotBytes)
    count += 1
    return slot
  }

  /// Empties a slot and moves back what was pushed past it.
  mutating func erase(_ start: Int) {
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

  /// Moves the pair of a slot, if there is one, to another array, without closing the gap.
  mutating func give(_ slot: Int, to other: inout PairSlots) -> Bool {
    let pair = pair(slot)
    guard pair != 0 else { return false }
    let target = other.insert(pair)
    for offset in stride(from: 0, to: slotBytes - 8, by: 8) {
      other.store(load(slot, offset, as: UInt64.self), target, offset)
    }
    clear(slot)
    return true
  }

  private mutating func clear(_ slot: Int) {
    memory.clear(slot * slotBytes, bytes: slotBytes)
    count -= 1
  }

  /// A value among the bytes beside a pair.
  @inline(__always)
  func load<Value: BitwiseCopyable>(_ slot: Int, _ offset: Int, as type: Value.Type) -> Value {
    memory.load(slot &* slotBytes &+ 8 &+ offset, as: type)
  }

  @inline(__always)
  mutating func store<Value: BitwiseCopyable>(_ value: Value, _ slot: Int, _ offset: Int) {
    memory.store(value, at: slot &* slotBytes &+ 8 &+ offset)
  }

  @inline(__always)
  private func pair(_ slot: Int) -> UInt64 { memory.load(slot &* slotBytes, as: UInt64.self) }

  @inline(__always)
  private func next(_ slot: Int) -> Int { slot &+ 1 == capacity ? 0 : slot &+ 1 }

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

extension PairSlots {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(slotBytes)
    try archive.transfer(&capacity)
    try archive.transfer(&memory)
    try archive.transfer(&count)
    // Whoever reads a slot trusts that all are in use.
    if capacity < 0 || capacity > memory.usedBytes / slotBytes { throw .damaged }
  }
}
