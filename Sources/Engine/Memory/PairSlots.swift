internal import CColumns

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

  /// The slot of a pair; for one that is not here the slot it would take, with all bits turned, so
  /// that it is negative. No pair is looked for whose home lies before `first`.
  @inline(__always)
  func find(_ pair: UInt64, from first: Int = 0) -> Int {
    guard capacity > 0 else { return -1 }
    var slot = home(pair)
    if slot < first { return -1 }
    // How far it goes cannot be told ahead, so some slots are looked at at once.
    while slot &+ Self.slotsTogether <= capacity {
      // SAFETY: slots below the capacity, see `pair`, each of which begins with a word.
      let place = unsafe Int(
        columns_first_pair(memory.start + slot &* slotBytes, slotBytes, pair))
      slot &+= place
      if place < Self.slotsTogether { return self.pair(slot) == pair ? slot : ~slot }
    }
    return findOneByOne(pair, from: slot == capacity ? 0 : slot)
  }

  private static let slotsTogether = Int(columns_pairs)

  /// The same, where the search has come to a slot near the end or begins anew.
  @inline(never)
  private func findOneByOne(_ pair: UInt64, from start: Int) -> Int {
    var slot = start
    while true {
      let found = self.pair(slot)
      if found == pair { return slot }
      if found == 0 { return ~slot }
      slot = next(slot)
    }
  }

  /// Where the search for a pair begins, and where it mostly ends.
  @inline(__always)
  func prefetch(_ pair: UInt64, _ list: inout PrefetchList) {
    if capacity == 0 { return }
    let start = home(pair) &* slotBytes
    memory.prefetch(start, &list)
    memory.prefetch(start &+ min(searchedBytes, Self.lineBytes), &list)
    if searchedBytes > Self.lineBytes { memory.prefetch(start &+ searchedBytes, &list) }
  }

  /// As with a list, asked for at once.
  @inline(__always)
  func prefetch(_ pair: UInt64) {
    if capacity == 0 { return }
    let start = home(pair) &* slotBytes
    memory.prefetch(start)
    memory.prefetch(start &+ min(searchedBytes, Self.lineBytes))
  }

  /// How far the search for a pair goes at least: as many slots as are looked at at once, whatever
  /// is in them. Of slots of up to 40 bytes, as lists with eight windows have, all lines that these
  /// begin in are asked for, and of larger ones some.
  private var searchedBytes: Int { (Self.slotsTogether &- 1) &* slotBytes }
  private static let lineBytes = 64

  /// Takes a slot for a pair that is not here.
  @inline(__always)
  mutating func insert(_ pair: UInt64) -> Int {
    precondition(capacity > 0, "an array without slots")
    var slot = home(pair)
    while self.pair(slot) != 0 { slot = next(slot) }
    insert(pair, at: slot)
    return slot
  }

  /// Takes the slot that `find` gave for a pair that is not here.
  @inline(__always)
  mutating func insert(_ pair: UInt64, at slot: Int) {
    precondition(UInt(bitPattern: slot) < UInt(bitPattern: capacity), "no such slot")
    // SAFETY: as in `pair`.
    unsafe memory.storeUnchecked(pair, at: slot &* slotBytes)
    count &+= 1
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

  /// Moves the pairs of so many slots to another array, and those that follow without a gap: what
  /// probes past a slot goes with it. Gaps are not closed. Gives the slot after them.
  mutating func give(from first: Int, slots: Int, to other: inout PairSlots) -> Int {
    let least = min(first &+ slots, capacity)
    var slot = first
    var given = 0
    // Which slots are in use cannot be told ahead, so that is found out of many at once.
    while slot < least {
      let end = min(slot &+ UInt64.bitWidth, least)
      var used = BitPlaces(used(slot..<end))
      while let place = used.next() {
        give(slot &+ place, to: &other)
        given &+= 1
      }
      slot = end
    }
    while slot < capacity && pair(slot) != 0 {
      give(slot, to: &other)
      given &+= 1
      slot &+= 1
    }
    count -= given
    return slot
  }

  /// A bit for each of at most 64 slots, and of one at least: whether it is in use.
  @inline(__always)
  private func used(_ slots: Range<Int>) -> UInt64 {
    // A slot comes in at the top.
    var bits: UInt64 = 0
    var slot = slots.lowerBound
    while slot < slots.upperBound {
      bits = bits &>> 1 | (pair(slot) == 0 ? 0 : 1 as UInt64) &<< 63
      slot &+= 1
    }
    return BitPlaces.settled(bits, in: 0..<slots.count)
  }

  /// Moves the pair of a slot and leaves zeros.
  @inline(__always)
  private mutating func give(_ slot: Int, to other: inout PairSlots) {
    precondition(slotBytes == other.slotBytes, "slots of another size")
    let source = slot &* slotBytes
    let target = other.insert(pair(slot)) &* slotBytes
    // SAFETY: both are slots, see `pair`, and these are their words.
    unsafe memory.storeUnchecked(0 as UInt64, at: source)
    var offset = 8
    while offset < slotBytes {
      let word = unsafe memory.loadUnchecked(source &+ offset, as: UInt64.self)
      unsafe other.memory.storeUnchecked(word, at: target &+ offset)
      unsafe memory.storeUnchecked(0 as UInt64, at: source &+ offset)
      offset &+= 8
    }
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
  private func pair(_ slot: Int) -> UInt64 {
    assert(slot >= 0 && slot < capacity, "no such slot")
    // SAFETY: slots are below the capacity, as a home and what is next to a slot always are while
    // there are any, and all of those are in use.
    return unsafe memory.loadUnchecked(slot &* slotBytes, as: UInt64.self)
  }

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
