import CColumns

/// Numbers keys densely from 1 in order of first sight.
///
/// *Shape*: an index of 8-byte slots, the top 32 bits of the key and its number, over the keys'
/// lower halves, which lie in the records of the space and settle equal tags. Together they are 96
/// bits of a hash under a secret: among 2²⁸ keys, as many as fit, two are alike once in 2⁴¹ tables.
/// The home of a slot is its tag as a fraction of the index, so a longer index keeps the order and
/// the old one is carried over in one sequential sweep, 64 slots with each new key. It doubles when
/// it is two thirds full: growing by half would take less memory, but carry each key over twice as
/// often.
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

  /// The number that the next new key probably gets: one more than the one given last, and another
  /// one more for each that was guessed since.
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
    precondition(capacity <= 1 << 30, "a tag holds the home of at most 2³² slots")
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

  /// Where the search for a key begins, and whether it may still be in an old index.
  @inline(__always)
  func home(of key: Key128) -> (home: UInt32, mayBeLeft: Bool) {
    let tag = Self.tag(key)
    return (UInt32(truncatingIfNeeded: Self.home(tag, slots.count)), isLeft(tag))
  }

  /// Brings nearer where a search begins.
  @inline(__always)
  func prefetchSlot(_ home: UInt32) {
    slots.prefetch(Int(home))
    // The search goes on for some slots, from most of a line into the next one.
    slots.prefetch(Int(home) &+ 5)
  }

  /// The same in the old index, if the key may be there.
  @inline(__always)
  func prefetchLeft(_ key: Key128) {
    let tag = Self.tag(key)
    if isLeft(tag) { oldSlots.prefetch(Self.home(tag, oldSlots.count)) }
  }

  /// What is known of a key before it is numbered.
  struct Foreseen {
    /// The number it probably has; 0 when it was never seen.
    var known: UInt32
    /// The same, or the number it probably gets.
    var number: UInt32
    /// Where it was looked for last.
    var slot: UInt32
    /// 1 when it was never seen.
    var isNew: UInt32

    /// Stands for the slot of a key that was not foreseen.
    static let nowhere = UInt32.max
  }

  /// What becomes of some keys is foreseen next.
  @inline(__always)
  mutating func beginForeseeing() { foreseenSlots = slots.count }

  /// What becomes of a key, probably, whose slot `home(of:)` gave since the last was numbered,
  /// and whether it, or another, may be in an old index. Where `beginForeseeing` was not called,
  /// the key is looked for once more when it is numbered.
  @inline(__always)
  mutating func foresee(_ key: Key128, from home: UInt32, mayBeLeft: Bool) -> Foreseen {
    let tag = Self.tag(key)
    assert(Int(home) == Self.home(tag, slots.count), "a search from elsewhere")
    assert(mayBeLeft || !isLeft(tag), "a search that leaves out the old index")
    // SAFETY: all slots of either index.
    let found = unsafe Self.firstNumber(tag, slots.start, slots.count, home: Int(home))
    var known = found.number
    if mayBeLeft && known == 0 && isLeft(tag) { known = numberLeft(tag) }
    // Which keys are new cannot be told ahead, so there is no branch on it: 1 if it is.
    let isNew = UInt32(truncatingIfNeeded: (UInt64(known) &- 1) &>> 63)
    let guess = nextGuess
    nextGuess = guess &+ isNew
    return Foreseen(
      known: known, number: known | guess & (0 &- isNew),
      slot: UInt32(truncatingIfNeeded: found.slot), isNew: isNew)
  }

  /// Brings nearer the records of the numbers that new keys probably get.
  @inline(__always)
  func prefetchNew() {
    if Int(nextGuess) > halves.count {
      halves.column.prefetch(UInt32(truncatingIfNeeded: halves.count)..<nextGuess)
    }
  }

  /// Whether a number, which is not 0, is that of a key.
  @inline(__always)
  func isNumber(_ number: UInt32, of key: Key128) -> Bool {
    Int(number) < halves.count && halves[Int(number)] == key.low
  }

  /// The number that a tag probably has in the old index.
  @inline(never)
  private func numberLeft(_ tag: UInt32) -> UInt32 {
    // SAFETY: all slots of the old index.
    unsafe Self.firstNumber(
      tag, oldSlots.start, oldSlots.count, home: Self.home(tag, oldSlots.count)
    ).number
  }

  /// As `intern`, of a key for which a slot was foreseen and the number it has, 0 for none. Since
  /// then other keys may have been numbered: no slot is ever emptied.
  @inline(__always)
  mutating func intern(_ key: Key128, foreseen number: UInt32, _ slot: UInt32) -> UInt32 {
    let index = Int(slot)
    if number != 0 {
      // The tags were equal, and no number changes its tag.
      return isNumber(number, of: key) ? number : intern(key)
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
    let number = halves.useNext()
    halves[number] = key.low
    nextGuess = UInt32(truncatingIfNeeded: number &+ 1)
    return UInt32(truncatingIfNeeded: number)
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

  /// The number in the first slot with a tag from its home on, and that slot; 0 and the first empty
  /// one when there is none.
  ///
  /// *Requires* that so many slots are there.
  @inline(__always)
  @unsafe private static func firstNumber(
    _ tag: UInt32, _ slots: UnsafePointer<UInt64>, _ count: Int, home first: Int
  ) -> (number: UInt32, slot: Int) {
    // The line of cache it lies in, and mostly no other: the one after it may be far.
    var line = first & ~7
    var from = first & 7
    while line &+ 8 <= count {
      // SAFETY: eight slots that are there, and one of them.
      let place = unsafe columns_first_slot(slots + line, tag, from)
      if place < 8 { return (id(unsafe slots[line &+ place]), line &+ place) }
      line &+= 8
      from = 0
    }
    precondition(first < count, "an index without slots")
    let next = line &+ from
    return unsafe firstNumber(tag, slots, count, from: next < count ? next : 0)
  }

  /// The same from a slot on, one by one.
  @inline(never)
  @unsafe private static func firstNumber(
    _ tag: UInt32, _ slots: UnsafePointer<UInt64>, _ count: Int, from start: Int
  ) -> (number: UInt32, slot: Int) {
    var index = start
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
    // The old index is gone long before: carrying it over takes an inserted key per 64 slots.
    precondition(oldSlots.count == 0, "index full before the previous growth ended")
    precondition(nextSlots.count > slots.count, "the next index was made at half of this one")
    swap(&slots, &oldSlots)
    swap(&slots, &nextSlots)
    swept = 0
    sweep()
  }

  /// Carries over some slots, then on to the end of the cluster: a cluster is in one index or the
  /// other.
  private mutating func sweep() {
    let end = oldSlots.count
    let taken = gather(from: swept, least: min(swept + Self.sweepSlots, end), end)
    let count = slots.count
    precondition(count > 0, "a sweep into what is no index")
    // SAFETY: two arrays of which this access has both, and neither changes its length meanwhile.
    let (old, new) = unsafe (oldSlots.start, slots.start)
    // No slot from the first of these to before the second is empty.
    var (full, free) = (0, 0)
    var position = swept
    while position < taken.end {
      // SAFETY: gathered there just now; a tag is less than the whole, so its home lies among the
      // slots, as `free` does here, and `next` stays there.
      let slot = unsafe old[position]
      let home = Self.home(Self.tag(slot), count)
      // Homes nearly keep their order, so most are free or among those just filled.
      let isFull = UInt(bitPattern: home &- full) < UInt(bitPattern: free &- full)
      var place = isFull ? free : home
      full = isFull ? full : home
      while unsafe new[place] != 0 { place = Self.next(place, count) }
      // SAFETY: as above.
      unsafe new[place] = slot
      free = place &+ 1
      if place < home || free == count { (full, free) = (0, 0) }
      position &+= 1
    }
    swept = taken.next
    if swept == end {
      oldSlots.reset()
      swept = 0
    } else {
      oldSlots.release(below: swept)
      prefetchSwept()
    }
  }

  /// Moves what is no empty slot of the old index together at `start`, where no key is any more;
  /// gives where that ends and where the next sweep begins. Which slot is empty comes as a surprise
  /// each third time, and to wait for that would take longer than to write them all.
  @inline(__always)
  private mutating func gather(
    from start: Int, least: Int, _ end: Int
  ) -> (end: Int, next: Int) {
    precondition(start >= 0 && start <= least && least <= end, "a sweep over what is no index")
    // SAFETY: this access has the array, whose length is `end`, and does not change it.
    let old = unsafe oldSlots.start
    var (index, taken) = (start, start)
    while index < least {
      // SAFETY: both lie before `end`, the second not after the first.
      let slot = unsafe old[index]
      unsafe old[taken] = slot
      taken &+= slot == 0 ? 0 : 1
      index &+= 1
    }
    while index < end {
      // SAFETY: as above.
      let slot = unsafe old[index]
      if slot == 0 { break }
      unsafe old[taken] = slot
      taken &+= 1
      index &+= 1
    }
    return (taken, index)
  }

  /// Brings nearer where the next slots are carried over from and to: the first lines, from which
  /// the processor goes on by itself.
  @inline(__always)
  private func prefetchSwept() {
    let place = swept &* slots.count / oldSlots.count
    for line in 0..<Self.sweptLines {
      oldSlots.prefetch(swept &+ 8 &* line)
      slots.prefetch(place &+ 8 &* line)
    }
  }

  private static let firstSlots = 256
  private static let sweepSlots = 64
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

  @inline(__always)
  private static func home(_ tag: UInt32, _ count: Int) -> Int {
    // At most 2³² slots, so the product fits.
    Int(truncatingIfNeeded: (UInt64(tag) &* UInt64(truncatingIfNeeded: count)) &>> 32)
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
      calmCount = 0
      nextGuess = UInt32(truncatingIfNeeded: halves.count)
    }
  }
}
