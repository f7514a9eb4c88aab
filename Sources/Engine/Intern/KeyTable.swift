/// Numbers keys densely from 1 in order of first sight.
///
/// *Shape*: an index of 8-byte slots, the top 32 bits of the key and its number, over the keys'
/// lower halves, which lie in the records of the space and settle equal tags. Together they are 96
/// bits of a hash under a secret: among 2²⁸ keys, as many as fit, two are alike once in 2⁴¹ tables.
/// The home of a slot is its tag as a fraction of the index, so a longer index keeps the order and
/// the old one is carried over in one sequential sweep, 64 slots with each new key. It grows by
/// half when it is two thirds full: never more than five of nine slots are empty.
/// *Complexity*: expected constant; one growth step at most per new key.
struct KeyTable: ~Copyable {
  private let inPlace = InPlace()
  /// Slots of the index, `tag << 32 | id`; 0 is empty.
  private var slots: ReservedArray<UInt64>
  /// The index that comes next, empty, so that its pages are there in time; without slots until
  /// half of this one is full. The three take turns in address space that stays reserved: to map
  /// and unmap waits for whoever has pages brought in.
  private var nextSlots: ReservedArray<UInt64>
  /// The index being replaced; empty when none is. What was swept from it must not be read.
  private var oldSlots: ReservedArray<UInt64>
  /// Slots of the old index already carried over.
  private var swept: Int
  /// The lower halves of the keys by number, in the records of their space; that of 0 stays empty.
  private var halves: KeyColumn<UInt64>
  /// The records, where they are of this table alone.
  private let own: KeyRecords?

  /// Keys there were, with place 0, when numbers were last foreseen: from here on they are guesses.
  private var known = 1
  /// New keys foreseen since.
  private var guesses = 0
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
    precondition(capacity <= 1 << 31, "a tag holds the home of at most 2³² slots")
    // The next one has half as much again as one that is half full.
    let most = Self.firstSlots + 3 * (capacity + 1)
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

  /// Brings nearer where the search for a key begins.
  @inline(__always)
  func prefetchSlot(_ key: Key128, _ list: inout PrefetchList) {
    let tag = Self.tag(key)
    slots.prefetch(Self.home(tag, slots.count), &list)
    if isLeft(tag) { oldSlots.prefetch(Self.home(tag, oldSlots.count), &list) }
  }

  /// As with a list, asked for at once.
  @inline(__always)
  func prefetchSlot(_ key: Key128) {
    let tag = Self.tag(key)
    slots.prefetch(Self.home(tag, slots.count))
    if isLeft(tag) { oldSlots.prefetch(Self.home(tag, oldSlots.count)) }
  }

  /// What is known of a key before it is numbered.
  struct Foreseen {
    /// The number it probably has, or probably gets when it was never seen.
    var number: UInt32
    /// Where it was looked for last.
    var slot: UInt32
    /// Whether it probably has one.
    var isKnown: Bool
  }

  /// What becomes of a key, probably.
  @inline(__always)
  mutating func foresee(_ key: Key128) -> Foreseen {
    let tag = Self.tag(key)
    let found = Self.firstNumber(tag, in: slots)
    var number = found.number
    if number == 0 && isLeft(tag) { number = Self.firstNumber(tag, in: oldSlots).number }
    if known != halves.count {
      known = halves.count
      guesses = 0
    }
    foreseenSlots = slots.count
    let isKnown = number != 0
    if !isKnown {
      number = UInt32(truncatingIfNeeded: known &+ guesses)
      guesses &+= 1
    }
    return Foreseen(
      number: number, slot: UInt32(truncatingIfNeeded: found.slot), isKnown: isKnown)
  }

  /// As `intern`, of a key for which number and slot were foreseen; a number of 0 stands for a key
  /// for which nothing was. Since then other keys may have been numbered: no slot is ever emptied.
  @inline(__always)
  mutating func intern(_ key: Key128, foreseen number: UInt32, _ slot: UInt32) -> UInt32 {
    guard Int(number) < known else {
      // It was nowhere, and no slot is ever emptied: it is not before the one that was empty.
      guard slots.count == foreseenSlots else { return intern(key) }
      let index = Int(slot)
      if slots[index] != 0 || halves.count > calmCount {
        return intern(key, from: index, isNew: true)
      }
      let id = give(key)
      slots[index] = Self.slot(tag: Self.tag(key), id: id)
      return id
    }
    // Of a number that is no guess the tags were equal, and no number changes its tag.
    if number != 0 && halves[Int(number)] == key.low { return number }
    return intern(key)
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
    let number = halves.count
    halves.use(count: number &+ 1)
    halves[number] = key.low
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

  /// The number in the first slot with a tag, and that slot; 0 and the first empty one when there
  /// is none.
  @inline(__always)
  private static func firstNumber(
    _ tag: UInt32, in slots: borrowing ReservedArray<UInt64>
  ) -> (number: UInt32, slot: Int) {
    var index = home(tag, slots.count)
    precondition(index < slots.count, "an index without slots")
    while true {
      // SAFETY: it begins among the slots, and `next` stays there.
      let slot = unsafe slots[unchecked: index]
      if slot == 0 || Self.tag(slot) == tag { return (id(slot), index) }
      index = next(index, slots.count)
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
      nextSlots.open(zeros: slots.count + slots.count / 2)
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
    let least = swept + Self.sweepSlots
    var index = swept
    while index < end {
      let slot = oldSlots[index]
      if slot != 0 {
        place(slot, from: Self.home(Self.tag(slot), slots.count))
      } else if index >= least {
        break
      }
      index &+= 1
    }
    swept = index
    if swept == end {
      oldSlots.reset()
      swept = 0
    } else {
      oldSlots.release(below: swept)
    }
  }

  private static let firstSlots = 256
  private static let sweepSlots = 64

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
    if archive.isReading { calmCount = 0 }
  }
}
