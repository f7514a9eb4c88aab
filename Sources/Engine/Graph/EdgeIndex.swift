import CColumns

/// Finds an edge by its two accounts: linear probing over 8-byte slots {tag, edge}, verified in the
/// record of the edge.
///
/// The tag is the upper half of the hash, and its top bits are the home, a line of cache: a slot
/// moves without a look at its edge, and doubling keeps the order. An edge takes the first empty
/// slot from where its line begins, mostly in that line, so that a search touches one. Moving to
/// the larger table is one sweep of the smaller, a few lines at each insertion: no insertion waits
/// for a whole rehash.
struct EdgeIndex: ~Copyable {
  private let inPlace = InPlace()
  private var slots: ReservedArray<UInt64>
  private var bits: Int
  /// The table that comes next, empty, so that its pages are there in time; without slots until
  /// half of this one is full. The three take turns in address space that stays reserved.
  private var next: ReservedArray<UInt64>
  /// The smaller table that is being emptied; without slots when there is none.
  private var old: ReservedArray<UInt64>
  private var oldBits: Int
  /// Slots of `old` below this have moved.
  private var moved: Int
  /// Edges in both tables.
  private(set) var count: Int

  private static let firstBits = 6
  /// Slots of a line of cache; all lines are whole.
  private static let lineSlots = Int(columns_line_slots)
  /// As many as one word has bits.
  private static let slotsTogether = 64
  /// In a slot of `old` whose edge was removed; no edge has this number.
  private static let removed = UInt32.max

  /// Makes an index of at most `capacity` edges.
  init(capacity: Int) {
    // It doubles when it is 60 % full.
    let most = max(4 * capacity, 1 << Self.firstBits)
    slots = ReservedArray(capacity: most)
    slots.open(zeros: 1 << Self.firstBits)
    bits = Self.firstBits
    next = ReservedArray(capacity: most)
    old = ReservedArray(capacity: most)
    oldBits = 0
    moved = 0
    count = 0
  }

  /// Bytes of the tables.
  var liveBytes: Int { slots.liveBytes + old.liveBytes - moved * MemoryLayout<UInt64>.stride }

  /// The edge between two accounts; 0 for none.
  func find(_ from: UInt32, _ to: UInt32, _ records: borrowing ReservedArray<EdgeRecord>) -> UInt32
  {
    let hash = Self.hash(from, to)
    let place = place(hash, from, to, records)
    if place >= 0 { return Self.edge(slots[place]) }
    let oldPlace = oldPlace(hash, from, to, records)
    return oldPlace >= 0 ? Self.edge(old[oldPlace]) : 0
  }

  /// Brings nearer where the search for an edge begins.
  @inline(__always)
  func prefetch(_ from: UInt32, _ to: UInt32, _ list: inout PrefetchList) {
    let hash = Self.hash(from, to)
    slots.prefetch(Self.home(hash, bits), &list)
    if moved < old.count { old.prefetch(Self.home(hash, oldBits), &list) }
  }

  /// Adds an edge that is not in the index and whose record is written.
  mutating func insert(_ edge: UInt32, _ records: borrowing ReservedArray<EdgeRecord>) {
    // At 60 % full, counted before this insertion, runs stay short.
    if count * 2 > slots.count && next.count == 0 {
      next.open(zeros: 2 * slots.count)
    }
    if (count + 1) * 5 > 3 << bits { grow() }
    if moved < old.count { move() }
    let record = records[Int(edge)]
    place(Self.slot(Self.hash(record.from, record.to), edge))
    count += 1
  }

  /// Removes an edge, whose record is still there.
  ///
  /// *Traps* when it is not in the index.
  mutating func remove(_ edge: UInt32, _ records: borrowing ReservedArray<EdgeRecord>) {
    let record = records[Int(edge)]
    let hash = Self.hash(record.from, record.to)
    count -= 1
    var hole = place(hash, record.from, record.to, records)
    guard hole >= 0 else {
      let oldPlace = oldPlace(hash, record.from, record.to, records)
      precondition(oldPlace >= 0, "no such edge in the index")
      // Its home is a line of the other half, so it does not go over with those of this line.
      let otherLine = UInt64(oldPlace ^ old.count / 2) << (64 - oldBits)
      old[oldPlace] = otherLine & ~0xFFFF_FFFF | UInt64(Self.removed)
      return
    }
    // Close the gap: whatever follows in the run moves back unless it would pass its own place.
    let mask = slots.count - 1
    var place = (hole + 1) & mask
    while slots[place] != 0 {
      let home = Self.home(slots[place], bits)
      if (place &- home) & mask >= (place &- hole) & mask {
        slots[hole] = slots[place]
        hole = place
      }
      place = (place + 1) & mask
    }
    slots[hole] = 0
  }

  private func place(
    _ hash: UInt64, _ from: UInt32, _ to: UInt32, _ records: borrowing ReservedArray<EdgeRecord>
  ) -> Int {
    var place = next(Self.home(hash, bits), hash)
    while slots[place] != 0 {
      if Self.holds(slots[place], hash, from, to, records) { return place }
      place = next(place &+ 1, hash)
    }
    return -1
  }

  /// The first slot from one on, or from the first behind the last, that has the tag of a hash or
  /// is empty. How far it goes cannot be told ahead, so a line is looked at at once.
  @inline(__always)
  private func next(_ start: Int, _ hash: UInt64) -> Int {
    let mask = slots.count &- 1
    var line = start & mask & ~(Self.lineSlots &- 1)
    var from = start & (Self.lineSlots &- 1)
    while true {
      // SAFETY: a whole line, as the number of slots is a power of two, and not less than a line.
      let place = unsafe Int(
        columns_first_slot(slots.start + line, UInt32(truncatingIfNeeded: hash &>> 32), from))
      if place < Self.lineSlots { return line &+ place }
      line = (line &+ Self.lineSlots) & mask
      from = 0
    }
  }

  private func oldPlace(
    _ hash: UInt64, _ from: UInt32, _ to: UInt32, _ records: borrowing ReservedArray<EdgeRecord>
  ) -> Int {
    guard moved < old.count else { return -1 }
    // What began before `moved` and did not move itself lies at `moved` or after it, and a run that
    // passes the end goes on at `moved`.
    var place = max(Self.home(hash, oldBits), moved)
    for _ in moved..<old.count {
      if old[place] == 0 { return -1 }
      if Self.edge(old[place]) != Self.removed
        && Self.holds(old[place], hash, from, to, records)
      {
        return place
      }
      place = place + 1 == old.count ? moved : place + 1
    }
    return -1
  }

  private mutating func grow() {
    precondition(moved == old.count, "the index outgrew its migration")
    precondition(next.count == 2 * slots.count, "the next table was made at half of this one")
    swap(&slots, &old)
    swap(&slots, &next)
    oldBits = bits
    bits += 1
    moved = 0
  }

  /// Carries over some lines. What lies in one of them mostly goes to two that lie side by side.
  private mutating func move() {
    precondition(
      moved % Self.lineSlots == 0 && slots.count == 2 * old.count, "a sweep over what is no table")
    let end = min(moved + Growth.slots(of: old.count), old.count)
    while moved < end {
      let lines = min(end - moved, Self.slotsTogether) / Self.lineSlots
      // SAFETY: lines of the smaller table, eight at most, and all of the larger one, which has
      // twice as many.
      var left = unsafe BitPlaces(
        columns_carry_lines(
          old.start + moved, lines, moved / Self.lineSlots, slots.start,
          UInt64(slots.count / Self.lineSlots)))
      while let place = left.next() {
        let slot = old[moved + place]
        if Self.edge(slot) != Self.removed { self.place(slot) }
      }
      moved += lines * Self.lineSlots
    }
    if moved == old.count {
      old.reset()
      moved = 0
    } else {
      old.release(below: moved)
    }
  }

  private mutating func place(_ slot: UInt64) {
    var place = next(Self.home(slot, bits), slot)
    // Others may have the same tag.
    while slots[place] != 0 { place = next(place &+ 1, slot) }
    slots[place] = slot
  }

  private static func slot(_ hash: UInt64, _ edge: UInt32) -> UInt64 {
    hash & ~0xFFFF_FFFF | UInt64(edge)
  }

  private static func holds(
    _ slot: UInt64, _ hash: UInt64, _ from: UInt32, _ to: UInt32,
    _ records: borrowing ReservedArray<EdgeRecord>
  ) -> Bool {
    guard slot >> 32 == hash >> 32 else { return false }
    let record = records[Int(edge(slot))]
    return record.from == from && record.to == to
  }

  private static func edge(_ slot: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: slot) }

  /// Where the line of a hash or of a slot begins, whose top bits are the same.
  @inline(__always)
  private static func home(_ hash: UInt64, _ bits: Int) -> Int {
    // So many bits are at most 32, and not 0.
    Int(truncatingIfNeeded: hash &>> UInt64(truncatingIfNeeded: 64 &- bits)) & ~(lineSlots &- 1)
  }

  /// The finaliser of MurmurHash3, which spreads every input bit over place and tag.
  private static func hash(_ from: UInt32, _ to: UInt32) -> UInt64 {
    var hash = UInt64(from) << 32 | UInt64(to)
    hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
    hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
    return hash ^ hash >> 33
  }
}

extension EdgeIndex {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try slots.transfer(&archive)
    try old.transfer(&archive)
    try archive.transfer(&bits)
    try archive.transfer(&oldBits)
    try archive.transfer(&moved)
    try archive.transfer(&count)
    // Whoever looks at a line, or moves one, trusts that all are whole.
    guard (Self.firstBits...32).contains(bits), slots.count == 1 << bits,
      old.count == 0 || oldBits == bits - 1 && old.count == 1 << oldBits,
      moved >= 0, moved <= old.count, moved % Self.lineSlots == 0
    else { throw .damaged }
  }
}
