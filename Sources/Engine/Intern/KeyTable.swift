import CColumns

/// Numbers keys densely from 1 in order of first sight.
///
/// *Shape*: an index of 8-byte slots, the top 32 bits of the key and its number, over the keys'
/// lower halves, which lie in the records of the space and settle equal tags. Together they are 96
/// bits of a hash under a secret: among 2²⁸ keys, as many as fit, two are alike once in 2⁴¹ tables.
/// The home of a key is a line of cache, its tag as a fraction of the lines; it takes the first
/// empty slot from there on, mostly in that line, so that a search touches one. A longer index has
/// lines in the same order, and the old one is carried over in one sequential sweep, some lines
/// with each new key. It doubles when it is two thirds full: growing by half would take less
/// memory, but carry each key over twice as often.
/// *Complexity*: expected constant; one growth step at most per new key.
struct KeyTable: ~Copyable {
  private let inPlace = InPlace()
  /// Slots of the index, `tag << 32 | id`; 0 is empty.
  private var slots: ReservedArray<UInt64>
  /// The index that comes next, empty, so that its pages are there in time; without slots until
  /// half of this one is full. The three take turns in address space that stays reserved: to map
  /// and unmap waits for whoever has pages brought in.
  private var nextSlots: ReservedArray<UInt64>
  /// The index being replaced; empty when none is. What was swept from it says nothing: who comes
  /// to it, from the last slots on to the first, finds slots of the same keys, or none.
  private var oldSlots: ReservedArray<UInt64>
  /// Slots of the old index already carried over.
  private var swept: Int
  /// The lower halves of the keys by number, in the records of their space; that of 0 stays empty.
  private var halves: KeyColumn<UInt64>
  /// The records, where they are of this table alone.
  private let own: KeyRecords?

  /// The number that the next new key probably gets: the next one when foreseeing began, and one
  /// more for each that was guessed since.
  private var nextGuess: UInt32 = 1
  /// Slots of the index in which they were looked for.
  private var foreseenSlots = 0
  /// The greatest number before which no room need be made; 0 while an old index is carried over,
  /// and before that is known.
  private var calmCount = 0

  /// Creates an empty table for at most `capacity` keys, by itself.
  init(capacity: Int = Reservation.keys) {
    let own = KeyRecords(capacity: capacity)
    self.init(capacity: capacity, in: own, isAlone: true)
    own.open()
  }

  /// Creates an empty table of the keys of a space, whose records are opened before the first.
  init(in records: KeyRecords) {
    self.init(capacity: Reservation.keys, in: records, isAlone: false)
  }

  private init(capacity: Int, in records: KeyRecords, isAlone: Bool) {
    precondition(capacity <= 1 << 30, "slots are counted in 32 bits")
    // The next one has twice as many as one that is half full.
    let most = Self.firstSlots + 4 * (capacity + 1)
    slots = ReservedArray(capacity: most)
    slots.open(zeros: Self.firstSlots)
    nextSlots = ReservedArray(capacity: most)
    oldSlots = ReservedArray(capacity: most)
    swept = 0
    halves = KeyColumn(in: records)
    own = isAlone ? records : nil
  }

  /// Number of keys, which is also the greatest number given.
  var count: Int { halves.count - 1 }

  /// The lower half of the key of a number.
  ///
  /// *Traps* when no key has it.
  func half(of number: UInt32) -> UInt64 { halves[Int(number)] }

  /// Whether an old index is still being carried over.
  var isGrowing: Bool { oldSlots.count > 0 }

  /// Bytes in use.
  var liveBytes: Int { slots.liveBytes + oldSlots.liveBytes + halves.liveBytes }

  /// The number of a key, or 0 if it was never seen.
  @inline(__always)
  func find(_ key: Key128) -> UInt32 {
    let found = find(key, in: slots)
    if found != 0 || !isLeft(Self.tag(key)) { return found }
    return find(key, in: oldSlots)
  }

  /// Whether a key with a tag may still be in the old index. Clusters are swept whole, so what is
  /// left of it is complete from its homes on.
  @inline(__always)
  private func isLeft(_ tag: UInt32) -> Bool {
    oldSlots.count != 0 && Self.home(tag, oldSlots.count) >= swept
  }

  /// Where the search for a key begins.
  @inline(__always)
  func home(of key: Key128) -> UInt32 {
    UInt32(truncatingIfNeeded: Self.home(Self.tag(key), slots.count))
  }

  /// The address of the line where the search for a key begins, and mostly ends, until the next one
  /// is numbered.
  @inline(__always)
  func line(_ home: UInt32) -> UInt { slots.address(Int(home)) }

  /// Brings nearer the line of a slot.
  @inline(__always)
  func prefetchSlot(_ slot: UInt32) { slots.prefetch(Int(slot)) }

  /// Brings nearer where a search begins in the old index, if the key may be there.
  @inline(__always)
  func prefetchLeft(_ key: Key128) {
    let tag = Self.tag(key)
    if isLeft(tag) { oldSlots.prefetch(Self.home(tag, oldSlots.count)) }
  }

  /// What becomes of some keys is foreseen next: `columns_find_keys` looks for them in their lines.
  @inline(__always)
  mutating func beginForeseeing() {
    foreseenSlots = slots.count
    // Of what was guessed for a batch before, some may not have been new.
    nextGuess = UInt32(truncatingIfNeeded: halves.count)
  }

  /// The number that a key probably has, or gets where that is 0: another one more each time. And
  /// how many keys are known, 1 or 0: which are cannot be told ahead, so no branch depends on it.
  @inline(__always)
  mutating func foresee(_ known: UInt32) -> (number: UInt32, known: Int) {
    let isNew = UInt32(truncatingIfNeeded: (UInt64(known) &- 1) &>> 63)
    let guess = nextGuess
    nextGuess = guess &+ isNew
    return (known | guess & (0 &- isNew), 1 &- Int(isNew))
  }

  /// The number that a key probably has which is not in its line, if it may be in an old index; 0
  /// for none.
  @inline(__always)
  func numberLeft(of key: Key128) -> UInt32 {
    let tag = Self.tag(key)
    return isLeft(tag) ? numberLeft(tag) : 0
  }

  /// The number that a key probably has, 0 for none, and where it was looked for last, if the line
  /// where its search begins is full of others: from the slot behind that on.
  @inline(never)
  func foreseeFurther(_ key: Key128, from slot: UInt32) -> (number: UInt32, slot: UInt32) {
    let tag = Self.tag(key)
    // SAFETY: all slots of the index.
    let found = unsafe Self.firstNumber(tag, slots.start, slots.count, from: Int(slot))
    let known = found.number == 0 && isLeft(tag) ? numberLeft(tag) : found.number
    return (known, UInt32(truncatingIfNeeded: found.slot))
  }

  /// Brings nearer the records of the numbers that new keys probably get.
  @inline(__always)
  func prefetchNew() {
    if Int(nextGuess) > halves.count {
      halves.column.prefetch(UInt32(truncatingIfNeeded: halves.count)..<nextGuess)
    }
  }

  /// Whether a number, which is not 0, is that of a key with a lower half, and of the tag for which
  /// it was found.
  @inline(__always)
  func isNumber(_ number: UInt32, of half: UInt64) -> Bool {
    Int(number) < halves.count && halves[Int(number)] == half
  }

  /// The number that a tag probably has in the old index.
  @inline(never)
  private func numberLeft(_ tag: UInt32) -> UInt32 {
    // SAFETY: all slots of the old index.
    unsafe Self.firstNumber(
      tag, oldSlots.start, oldSlots.count, from: Self.home(tag, oldSlots.count)
    ).number
  }

  /// Stands for the slot of a key that was not foreseen: there are fewer.
  static let nowhere = UInt32.max

  /// As `intern`, of a key for which a slot was foreseen and the number it has, 0 for none. Since
  /// then other keys may have been numbered: no slot is ever emptied.
  @inline(__always)
  mutating func intern(_ key: Key128, foreseen number: UInt32, _ slot: UInt32) -> UInt32 {
    let index = Int(slot)
    if number != 0 {
      // The tags were equal, and no number changes its tag.
      return isNumber(number, of: key.low) ? number : intern(key)
    }
    // It was nowhere, and no slot is ever emptied: it is not before the one that was empty.
    guard slots.count == foreseenSlots && index < foreseenSlots else { return intern(key) }
    // SAFETY: below the number of slots.
    if unsafe slots[unchecked: index] != 0 || halves.count > calmCount {
      return intern(key, from: index, isNew: true)
    }
    let id = give(key)
    // SAFETY: as above; no key that is given a number without making room takes slots away.
    unsafe slots.start[index] = Self.slot(tag: Self.tag(key), id: id)
    return id
  }

  /// The number of a key, given now if it was never seen.
  ///
  /// *Traps* when the capacity is exceeded.
  @inline(__always)
  mutating func intern(_ key: Key128) -> UInt32 {
    intern(key, from: Self.home(Self.tag(key), slots.count), isNew: false)
  }

  /// As above, looked for in the index from a slot on; a key that is new is not in the old index.
  private mutating func intern(_ key: Key128, from start: Int, isNew: Bool) -> UInt32 {
    let tag = Self.tag(key)
    precondition(start < slots.count, "a search from beyond the index")
    var index = start
    while true {
      // SAFETY: it begins among the slots, and `next` stays there.
      let slot = unsafe slots[unchecked: index]
      if slot == 0 { break }
      if Self.tag(slot) == tag {
        let id = Self.id(slot)
        if halves[Int(id)] == key.low { return id }
      }
      index = Self.next(index, slots.count)
    }
    if !isNew && isLeft(tag) {
      let found = find(key, in: oldSlots)
      if found != 0 { return found }
    }
    // A key that is new nearly always takes the place where it was looked for.
    if halves.count > calmCount {
      makeRoom()
      index = Self.home(tag, slots.count)
    }
    let id = give(key)
    place(Self.slot(tag: tag, id: id), from: index)
    return id
  }

  /// The next number, which a key has from now on.
  @inline(__always)
  private mutating func give(_ key: Key128) -> UInt32 {
    UInt32(truncatingIfNeeded: halves.append(key.low))
  }

  /// Where what settles the number of a key lies.
  var column: RecordColumn { halves.column }

  // MARK: Probing

  @inline(__always)
  private func find(_ key: Key128, in slots: borrowing ReservedArray<UInt64>) -> UInt32 {
    let tag = Self.tag(key)
    var index = Self.home(tag, slots.count)
    precondition(index < slots.count, "an index without slots")
    while true {
      // SAFETY: it begins among the slots, and `next` stays there.
      let slot = unsafe slots[unchecked: index]
      if slot == 0 { return 0 }
      if Self.tag(slot) == tag {
        let id = Self.id(slot)
        if halves[Int(id)] == key.low { return id }
      }
      index = Self.next(index, slots.count)
    }
  }

  /// The number in the first slot with a tag from one on, behind the last of which comes the first,
  /// and that slot; 0 and the first empty one when there is none.
  ///
  /// *Requires* that so many slots are there.
  @unsafe private static func firstNumber(
    _ tag: UInt32, _ slots: UnsafePointer<UInt64>, _ count: Int, from start: Int
  ) -> (number: UInt32, slot: Int) {
    precondition(start >= 0 && start <= count && count > 0, "a search from beyond the index")
    var index = start == count ? 0 : start
    while true {
      // SAFETY: it begins among the slots, and `next` stays there.
      let slot = unsafe slots[index]
      if slot == 0 || Self.tag(slot) == tag { return (id(slot), index) }
      index = next(index, count)
    }
  }

  /// Puts a slot where the first one is empty from a place on.
  @inline(__always)
  private mutating func place(_ slot: UInt64, from start: Int) {
    var index = start
    // SAFETY: all callers begin among the slots, and `next` stays there.
    while unsafe slots[unchecked: index] != 0 { index = Self.next(index, slots.count) }
    slots[index] = slot
  }

  @inline(__always)
  private static func next(_ index: Int, _ count: Int) -> Int {
    index &+ 1 == count ? 0 : index &+ 1
  }

  // MARK: Growth

  @inline(never)
  private mutating func makeRoom() {
    if oldSlots.count > 0 { sweep() }
    if halves.count * 2 > slots.count && nextSlots.count == 0 {
      nextSlots.open(zeros: 2 * slots.count)
    }
    if halves.count * 3 > slots.count * 2 { grow() }
    calmCount = isGrowing ? 0 : nextSlots.count == 0 ? slots.count / 2 : slots.count * 2 / 3
  }

  private mutating func grow() {
    // The old index is gone long before: carrying it over takes an inserted key per 64 slots, at
    // most.
    precondition(oldSlots.count == 0, "index full before the previous growth ended")
    precondition(nextSlots.count > slots.count, "the next index was made at half of this one")
    swap(&slots, &oldSlots)
    swap(&slots, &nextSlots)
    swept = 0
    sweep()
  }

  /// Carries over some lines, then on to the end of the cluster, which is behind the first that is
  /// not full: a cluster is in one index or the other. What lies in a line of the old index mostly
  /// goes to two that lie side by side.
  private mutating func sweep() {
    let (end, count) = (oldSlots.count, slots.count)
    precondition(
      swept >= 0 && swept < end && swept % Self.lineSlots == 0 && count == 2 * end,
      "a sweep over what is no index")
    // SAFETY: two arrays of which this access has both, and neither changes its length meanwhile.
    let (old, new) = unsafe (oldSlots.start, slots.start)
    var next = min(swept + Growth.slots(of: end), end)
    // SAFETY: one of the old slots, of which the last of a line is the last to be taken.
    while next < end, unsafe old[next - 1] != 0 { next += Self.lineSlots }
    while swept < next {
      let lines = min(next - swept, Self.slotsTogether) / Self.lineSlots
      // SAFETY: lines of the old index, eight at most, and all of the new one, which has twice as
      // many.
      var left = unsafe BitPlaces(
        columns_carry_lines(
          old + swept, lines, swept / Self.lineSlots, new, UInt64(count / Self.lineSlots)))
      while let place = left.next() {
        // SAFETY: a slot of these lines.
        let slot = unsafe old[swept &+ place]
        self.place(slot, from: Self.home(Self.tag(slot), count))
      }
      swept += lines * Self.lineSlots
    }
    if swept == end {
      oldSlots.reset()
      swept = 0
    } else {
      oldSlots.release(below: swept)
      prefetchSwept()
    }
  }

  /// Brings nearer where the next slots are carried over from and to: the first lines, from which
  /// the processor goes on by itself.
  @inline(__always)
  private func prefetchSwept() {
    for line in 0..<Self.sweptLines {
      oldSlots.prefetch(swept &+ Self.lineSlots &* line)
      slots.prefetch(2 &* swept &+ Self.lineSlots &* line)
    }
  }

  private static let firstSlots = 256
  /// Slots of a line of cache.
  static let lineSlots = Int(columns_line_slots)
  /// As many as one word has bits.
  private static let slotsTogether = 64
  private static let sweptLines = 4

  // MARK: Slots

  @inline(__always)
  private static func slot(tag: UInt32, id: UInt32) -> UInt64 { UInt64(tag) << 32 | UInt64(id) }

  @inline(__always)
  private static func tag(_ key: Key128) -> UInt32 { UInt32(truncatingIfNeeded: key.high &>> 32) }

  @inline(__always)
  private static func tag(_ slot: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: slot &>> 32) }

  @inline(__always)
  private static func id(_ slot: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: slot) }

  /// Where the line begins that a tag has its home in.
  @inline(__always)
  private static func home(_ tag: UInt32, _ count: Int) -> Int {
    // At most 2³² slots, so the product fits.
    Int(truncatingIfNeeded: (UInt64(tag) &* UInt64(truncatingIfNeeded: count)) &>> 32)
      & ~(lineSlots &- 1)
  }
}

extension KeyTable {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try slots.transfer(&archive)
    try oldSlots.transfer(&archive)
    if let own { try own.transfer(&archive) }
    try archive.transfer(&swept)
    if archive.isReading {
      // Whoever looks at a line, or sweeps, trusts that all are whole.
      let isSweeping =
        oldSlots.count == slots.count / 2 && (0..<oldSlots.count).contains(swept)
        && swept % Self.lineSlots == 0
      guard slots.count > 0, slots.count % (2 * Self.lineSlots) == 0,
        isSweeping || oldSlots.count == 0 && swept == 0
      else { throw .damaged }
      calmCount = 0
      nextGuess = UInt32(truncatingIfNeeded: halves.count)
    }
  }
}
