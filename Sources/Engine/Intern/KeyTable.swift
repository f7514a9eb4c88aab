/// Numbers keys densely from 1 in order of first sight.
///
/// *Shape*: an index of the top 32 bits of each key and its number, over the keys' lower halves,
/// which lie in the records of the space and settle equal tags. Together they are 96 bits of a hash
/// under a secret: among 2²⁸ keys, as many as fit, two are alike once in 2⁴¹ tables. The index
/// doubles when it is two thirds full: growing by half would take less memory, but carry each key
/// over twice as often.
/// *Complexity*: expected constant; one growth step at most per new key.
struct KeyTable: ~Copyable {
  private let inPlace = InPlace()
  private var index: LineIndex
  /// The lower halves of the keys by number, in the records of their space; that of 0 stays empty.
  private var halves: KeyColumn<UInt64>
  /// The records, where they are of this table alone.
  private let own: KeyRecords?

  /// The number that the next new key probably gets: the next one when foreseeing began, and one
  /// more for each that was guessed since.
  private var nextGuess: UInt32 = 1
  /// How often slots of the index had gone elsewhere when foreseeing began.
  private var foreseenMoves: UInt32 = 0
  /// The greatest number before which no room need be made; 0 while the index grows, and before
  /// that is known.
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
    index = LineIndex(slots: Self.firstSlots, most: max(Self.firstSlots, 4 * (capacity + 1)))
    halves = KeyColumn(in: records)
    own = isAlone ? records : nil
  }

  /// Number of keys, which is also the greatest number given.
  var count: Int { halves.count - 1 }

  /// The lower half of the key of a number.
  ///
  /// *Traps* when no key has it.
  func half(of number: UInt32) -> UInt64 { halves[Int(number)] }

  /// Whether lines of the index are still to be split.
  var isGrowing: Bool { index.isGrowing }

  /// Bytes in use.
  var liveBytes: Int { index.liveBytes + halves.liveBytes }

  /// The number of a key, or 0 if it was never seen.
  @inline(__always)
  func find(_ key: Key128) -> UInt32 {
    let tag = Self.tag(key)
    var place = index.home(tag)
    while true {
      // SAFETY: a home, or what is next to a slot.
      let slot = unsafe index[unchecked: place]
      if slot == 0 { return 0 }
      if LineIndex.tag(slot) == tag {
        let id = Self.id(slot)
        if halves[Int(id)] == key.low { return id }
      }
      place = index.next(place)
    }
  }

  /// Where the search for a key begins.
  @inline(__always)
  func home(of key: Key128) -> UInt32 {
    UInt32(truncatingIfNeeded: index.home(Self.tag(key)))
  }

  /// The address of the line where the search for a key begins, and mostly ends, until the next one
  /// is numbered.
  @inline(__always)
  func line(_ home: UInt32) -> UInt { index.address(Int(home)) }

  /// Brings nearer the line of a slot.
  @inline(__always)
  func prefetchSlot(_ slot: UInt32) { index.prefetch(Int(slot)) }

  /// What becomes of some keys is foreseen next: `columns_find_keys` looks for them in their lines.
  @inline(__always)
  mutating func beginForeseeing() {
    foreseenMoves = index.moves
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

  /// The number that a key probably has, 0 for none, and where it was looked for last, if the line
  /// where its search begins is full of others: from the slot behind that on.
  @inline(never)
  func foreseeFurther(_ key: Key128, from slot: UInt32) -> (number: UInt32, slot: UInt32) {
    let tag = Self.tag(key)
    var place = Int(slot) & (index.count - 1)
    while true {
      let slot = index[place]
      if slot == 0 || LineIndex.tag(slot) == tag {
        return (Self.id(slot), UInt32(truncatingIfNeeded: place))
      }
      place = index.next(place)
    }
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

  /// Stands for the slot of a key that was not foreseen: there are fewer.
  static let nowhere = UInt32.max

  /// As `intern`, of a key for which a slot was foreseen and the number it has, 0 for none. Since
  /// then other keys may have been numbered.
  @inline(__always)
  mutating func intern(_ key: Key128, foreseen number: UInt32, _ slot: UInt32) -> UInt32 {
    if number != 0 {
      // The tags were equal, and no number changes its tag.
      return isNumber(number, of: key.low) ? number : intern(key)
    }
    // It was nowhere, and while no slot goes elsewhere none is emptied: it is not before the one
    // that was empty.
    let place = Int(slot)
    guard index.moves == foreseenMoves && place < index.count else { return intern(key) }
    // SAFETY: below the number of slots.
    if unsafe index[unchecked: place] != 0 || halves.count > calmCount {
      return intern(key, from: place)
    }
    let id = give(key)
    // SAFETY: as above; no key that is given a number without making room takes slots away.
    unsafe index.start[place] = Self.slot(tag: Self.tag(key), id: id)
    return id
  }

  /// The number of a key, given now if it was never seen.
  ///
  /// *Traps* when the capacity is exceeded.
  @inline(__always)
  mutating func intern(_ key: Key128) -> UInt32 {
    intern(key, from: index.home(Self.tag(key)))
  }

  /// As above, looked for in the index from a slot on.
  private mutating func intern(_ key: Key128, from start: Int) -> UInt32 {
    let tag = Self.tag(key)
    precondition(start < index.count, "a search from beyond the index")
    var place = start
    while true {
      // SAFETY: it begins among the slots, and `next` stays there.
      let slot = unsafe index[unchecked: place]
      if slot == 0 { break }
      if LineIndex.tag(slot) == tag {
        let id = Self.id(slot)
        if halves[Int(id)] == key.low { return id }
      }
      place = index.next(place)
    }
    // A key that is new nearly always takes the place where it was looked for.
    if halves.count > calmCount {
      makeRoom()
      place = index.home(tag)
    }
    let id = give(key)
    index.put(Self.slot(tag: tag, id: id), from: place)
    return id
  }

  /// The next number, which a key has from now on.
  @inline(__always)
  private mutating func give(_ key: Key128) -> UInt32 {
    UInt32(truncatingIfNeeded: halves.append(key.low))
  }

  /// Where what settles the number of a key lies.
  var column: RecordColumn { halves.column }

  // MARK: Growth

  @inline(never)
  private mutating func makeRoom() {
    if index.isGrowing { index.grow() }
    let (count, slots) = (halves.count, index.count)
    if count * 2 > slots { index.expectDouble() }
    // The lines were split long before: an inserted key splits eight, at least.
    if count * 3 > slots * 2 { index.double() }
    let isHalfFull = count * 2 > index.count
    calmCount = index.isGrowing ? 0 : isHalfFull ? index.count * 2 / 3 : index.count / 2
  }

  private static let firstSlots = 256
  /// Slots of a line of cache.
  static let lineSlots = LineIndex.lineSlots

  // MARK: Slots

  @inline(__always)
  private static func slot(tag: UInt32, id: UInt32) -> UInt64 { UInt64(tag) << 32 | UInt64(id) }

  @inline(__always)
  private static func tag(_ key: Key128) -> UInt32 { UInt32(truncatingIfNeeded: key.high &>> 32) }

  @inline(__always)
  private static func id(_ slot: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: slot) }
}

extension KeyTable {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try index.transfer(&archive)
    if let own { try own.transfer(&archive) }
    if archive.isReading {
      calmCount = 0
      nextGuess = UInt32(truncatingIfNeeded: halves.count)
    }
  }
}
