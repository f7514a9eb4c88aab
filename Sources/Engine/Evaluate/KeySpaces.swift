import CColumns
import CPrefetch
import Model
import Program
import Values

/// Dense numbers for all keys of a package, and those of the events of a micro-batch.
///
/// A number is given when a key first enters some state, in order of arrival; a question gives
/// none. Each event of the batch has a lane of its own; whoever works on one enters its lane first.
struct KeySpaces: ~Copyable {
  private let inPlace = InPlace()
  var tables: FixedArray<KeyTable>
  /// Lane by lane and by slot of the event, the number of its entity or identifier; 0 when missing.
  var slotNumbers: FixedArray<UInt32>
  /// The entities and identifiers that are present, in field order, those of each lane after those
  /// of the lane before; behind the room for all lanes, those of a decision that is an event.
  var named: FixedArray<NamedKey>
  /// Where the next one goes.
  var nextName = 0
  /// By name, the tag of its key, and the address of the line where the search for it begins.
  var tags: FixedArray<UInt32>
  var lines: FixedArray<UInt>
  /// By name, what was found there, see `columns_find_keys`.
  var foundNumbers: FixedArray<UInt32>
  var foundPlaces: FixedArray<UInt32>
  /// By lane, where those of its event begin and end.
  private var firstNames: FixedArray<Int>
  private var endNames: FixedArray<Int>
  /// By lane, the positions in `EnginePlan.keySlots` of its event, and how many lanes there are of
  /// the batch.
  private var positions: FixedArray<Range<Int>>
  private(set) var batchLanes = 0
  /// By position, as many as there are lanes, of which those before the next one are foreseen to
  /// have a number; and whether any may be.
  var known: FixedArray<KnownKey>
  var nextKnowns: FixedArray<Int>
  var hasKnown = false
  /// Which names were foreseen to have a number, and which to have none.
  var knownNames: FixedArray<UInt32>
  var newNames: FixedArray<UInt32>
  /// Those whose keys are looked for further on than where a search begins.
  var furtherNames: FixedArray<UInt32>
  /// Where the next of both are, and before which name all are numbered; none of a batch that was
  /// not foreseen.
  var nextKnown = 0
  var nextNew = 0
  var numbered = notForeseen
  private static let notForeseen = -1
  /// So many texts wait to be hashed at most, if no event has more.
  private static let textsTogether = 4 * TextLanes.together
  /// Before which name all are hashed, and the texts of those from there on. They are few, so that
  /// they are in the cache still when they are hashed, and do not drive from it what is.
  private var hashed = 0
  private var texts: TextLanes
  /// Before which name the slots of all are asked for.
  private var asked = 0
  /// The keys of those that are too long for a lane, and how many these are.
  private var longKeys: FixedArray<LongKey>
  private var longCount = 0
  /// The last bytes of a text, and room to read on behind them.
  private var ends = FixedArray<UInt8>(repeating: 0, count: 2 * TextLanes.shortRead)
  private let slotsPerLane: Int
  /// Where the names of a decision begin.
  private let firstEcho: Int
  /// The lane entered last, and where it begins.
  private(set) var lane = 0
  private var firstSlot = 0
  /// By position in `EnginePlan.keys`, what was resolved last; slots that are keys by themselves
  /// are in none of them.
  var resolved: FixedArray<ResolvedKey>
  /// Number of the event being scored: what was resolved on another one is not known of it.
  private(set) var event: UInt64 = 0
  let secret: HashSecret

  /// Makes spaces without keys, whose records are opened before the first.
  init(records: [KeyRecords], plan: borrowing EnginePlan, lanes: Int, secret: HashSecret) {
    tables = FixedArray(count: records.count) { KeyTable(in: records[$0]) }
    var slots = 0
    for type in plan.events.indices { slots = max(slots, plan.events[type].slotCount) }
    slotsPerLane = slots
    precondition(
      plan.keySlots.allSatisfy { $0.space < records.count && $0.slot < slots },
      "keys that are none of the plan's")
    slotNumbers = FixedArray(repeating: 0, count: lanes * slotsPerLane)
    // For as many slots as an event has there is room as long as one of its keys is not named, and
    // one more is always there.
    firstEcho = lanes * slotsPerLane
    let room = firstEcho + 2 * slotsPerLane + 1
    named = FixedArray(repeating: NamedKey(), count: room)
    firstNames = FixedArray(repeating: 0, count: lanes)
    endNames = FixedArray(repeating: 0, count: lanes)
    positions = FixedArray(count: lanes) { _ in 0..<0 }
    nextKnowns = FixedArray(count: plan.keySlots.count) { $0 * lanes }
    known = FixedArray(repeating: KnownKey(), count: lanes * plan.keySlots.count)
    tags = FixedArray(repeating: 0, count: room)
    lines = FixedArray(repeating: 0, count: room)
    foundNumbers = FixedArray(repeating: 0, count: room)
    foundPlaces = FixedArray(repeating: 0, count: room)
    knownNames = FixedArray(repeating: 0, count: room)
    newNames = FixedArray(repeating: 0, count: room)
    furtherNames = FixedArray(repeating: 0, count: room)
    texts = TextLanes(secret, room: max(Self.textsTogether, 2 * slotsPerLane))
    longKeys = FixedArray(repeating: LongKey(), count: room)
    resolved = FixedArray(repeating: ResolvedKey(), count: plan.keys.count)
    self.secret = secret
  }

  /// Bytes in use.
  var liveBytes: Int {
    var bytes = 0
    for space in tables.indices { bytes += tables[space].liveBytes }
    return bytes
  }

  /// Keys of a space.
  func count(space: Int) -> Int { tables[space].count }

  /// What a key is called where its text is not known.
  func token(space: Int, _ number: UInt32) -> UInt64 { tables[space].half(of: number) }

  /// Number of lanes.
  var laneCount: Int { firstNames.count }

  /// Goes to the lane of an event.
  @inline(__always)
  mutating func enter(lane: Int) {
    self.lane = lane
    firstSlot = lane &* slotsPerLane
  }

  // MARK: Naming

  /// Begins a batch of so many lanes: the keys of its first event are named next.
  @inline(__always)
  mutating func openBatch(lanes: Int) {
    open(at: 0)
    batchLanes = 0
    clear(0..<lanes)
  }

  /// Keeps the keys of the other lanes while those of a decision are named, in the lane of its
  /// event.
  mutating func openEcho(lane: Int) {
    open(at: firstEcho)
    clear(lane..<lane &+ 1)
  }

  /// From now on, the events in some lanes have no keys.
  @inline(__always)
  private mutating func clear(_ lanes: Range<Int>) {
    let places = lanes.lowerBound &* slotsPerLane..<lanes.upperBound &* slotsPerLane
    if places.isEmpty { return }
    precondition(
      lanes.lowerBound >= 0 && lanes.upperBound <= laneCount, "lanes that are not there")
    // SAFETY: the slots of these lanes, and only this access has them.
    unsafe slotNumbers.address(places.lowerBound).update(repeating: 0, count: places.count)
  }

  @inline(__always)
  private mutating func open(at name: Int) {
    nextName = name
    hashed = name
    asked = name
    longCount = 0
    numbered = Self.notForeseen
  }

  /// The keys of the event in the lane are named next, those at some positions in
  /// `EnginePlan.keySlots`.
  @inline(__always)
  mutating func beginNaming(slots: Int, positions: Range<Int>) {
    precondition(
      slots <= slotsPerLane && nextName &+ slots < named.count
        && (lane >= batchLanes || nextName >= firstEcho), "an event with other slots")
    if nextName &- hashed &+ 2 &* slots > texts.count { hashNamed() }
    self.positions[lane] = positions
    firstNames[lane] = nextName
  }

  /// All of them are named.
  @inline(__always)
  mutating func endNaming() {
    endNames[lane] = nextName
    batchLanes = max(batchLanes, lane &+ 1)
  }

  /// The number of the entity or identifier in a slot, 0 when missing.
  @inline(__always)
  func number(slot: Int) -> UInt32 { slotNumbers[firstSlot &+ slot] }

  /// By slot, the numbers of the lane.
  var numbers: Span<UInt32> {
    @inline(__always) @_lifetime(borrow self)
    borrowing get { slotNumbers.span.extracting(firstSlot..<firstSlot &+ slotsPerLane) }
  }

  /// By slot, the numbers of a lane.
  @inline(__always) @_lifetime(borrow self)
  borrowing func numbers(ofLane lane: Int) -> Span<UInt32> {
    let first = lane &* slotsPerLane
    return slotNumbers.span.extracting(first..<first &+ slotsPerLane)
  }

  /// The numbers of a slot in some lanes.
  @inline(__always) @_lifetime(borrow self)
  borrowing func numbers(ofSlot slot: Int, _ lanes: Range<Int>) -> SlotNumbers {
    SlotNumbers(slotNumbers, slot: slot, slotsPerLane: slotsPerLane, lanes)
  }

  /// The same in a lane.
  @inline(__always)
  func number(slot: Int, lane: Int) -> UInt32 { slotNumbers[lane &* slotsPerLane &+ slot] }

  /// Numbers a key that is in no event.
  mutating func intern(space: Int, text: Span<UInt8>) -> UInt32 { tables[space].intern(hash(text)) }

  /// The number of a key that is in no event, 0 when it was never seen.
  func find(space: Int, text: Span<UInt8>) -> UInt32 { tables[space].find(hash(text)) }

  /// Names keys of the event in the lane: those in some of the 64 slots from a first one on, a bit
  /// for each, as long as their texts are keys as they are and short. Gives the bits of those from
  /// the first on that is not named.
  ///
  /// *Requires* that the slots are present and hold keys, what `EnginePlan.keyNames` has of the
  /// type of the event, and that `beginNaming` was called for it. Calls nothing, so that all it
  /// goes through by stays in registers.
  @inline(never)
  mutating func namePlain(
    _ present: UInt64, from first: Int, _ slots: Span<KeyName>, _ registers: borrowing Registers,
    _ text: Span<UInt8>
  ) -> UInt64 {
    precondition(
      first >= 0 && first &+ 64 &- present.leadingZeroBitCount <= slots.count
        && slots.count <= slotsPerLane && firstSlot &+ slotsPerLane <= slotNumbers.count
        && nextName &+ slots.count < named.count
        && nextName &- hashed &+ slots.count <= texts.count, "slots that are not there")
    // SAFETY: used for as long as this access lasts. There are names, as many lanes, and room for
    // the end of a text.
    let names = unsafe named.address(0)
    let lanes = unsafe texts.start
    let firstText = hashed
    let ends = unsafe self.ends.address(0)
    guard let bytes = unsafe text.withUnsafeBufferPointer({ $0.baseAddress }) else {
      return present
    }
    unsafe columns_copy_end(ends, bytes, text.count)
    // From here on, fewer bytes are there than are read of a short text.
    let lastRead = text.count &- TextLanes.shortRead
    let firstPlace = firstSlot &+ first
    var next = nextName
    var left = present
    while left != 0 {
      let slot = left.trailingZeroBitCount
      // SAFETY: as many slots are there, see above.
      let name = unsafe slots[unchecked: first &+ slot]
      let reference = TextReference(
        bits: registers.payload(Register(truncatingIfNeeded: first &+ slot)))
      let (offset, count) = (reference.offset, reference.length)
      precondition(offset &+ count <= text.count, "a text outside the event's")
      // SAFETY: offset and length are not negative, and where they end was just looked at.
      let start = unsafe bytes + offset
      // SAFETY: of the bytes behind `lastRead` there is a copy, in which they begin at the first.
      let short = unsafe offset <= lastRead ? start : UnsafePointer(ends + (offset &- lastRead))
      if name.form == .other { break }
      let last = count &- 1
      let isBare =
        unsafe UInt(bitPattern: last) < UInt(bitPattern: TextLanes.mostShortBytes)
        && TextNormalizer.isVisibleASCII(short[0]) && TextNormalizer.isVisibleASCII(short[last])
      if !isBare {
        // Empty, long, or with something about it that not all normalisers leave as it is.
        if name.form != .any {
          if count == 0 { break }
          guard
            unsafe name.form == .filled
              || TextNormalizer.isVisibleASCII(start[0])
                && TextNormalizer.isVisibleASCII(start[last])
          else { break }
        }
        if count > TextLanes.mostBytes { break }
      }
      // SAFETY: as many names and lanes are there as slots are. A text has as many bytes as were
      // just looked for, and of a short one more can be read.
      let lane = unsafe lanes + TextLanes.place(of: next &- firstText)
      if count <= TextLanes.mostShortBytes {
        unsafe columns_lay_short(lane, short, count)
      } else {
        unsafe columns_lay_key(lane, start, count)
      }
      unsafe names[next].place = UInt32(truncatingIfNeeded: firstPlace &+ slot)
      unsafe names[next].space = name.space
      unsafe names[next].position = name.position
      next &+= 1
      left &= left &- 1
    }
    nextName = next
    return left
  }

  /// Names the next key of the event in the lane by its text. `hashAnnounced` must follow before
  /// the keys are used.
  mutating func name(slot: Int, position: Int, space: Int, text: Span<UInt8>) {
    let place = nextName
    nextName &+= 1
    precondition(
      slot < slotsPerLane && space < tables.count && position < nextKnowns.count,
      "a key of another plan")
    named[place].place = UInt32(truncatingIfNeeded: firstSlot &+ slot)
    named[place].space = UInt32(truncatingIfNeeded: space)
    named[place].position = UInt32(truncatingIfNeeded: position)
    if text.count > TextLanes.mostBytes {
      texts.lay(Span(), in: place &- hashed)
      longKeys[longCount] = LongKey(key: hash(text), name: place)
      longCount &+= 1
    } else {
      texts.lay(text, in: place &- hashed)
    }
  }

  /// Hashes the keys that are named, and begins to bring nearer what to number them takes.
  @inline(never)
  mutating func hashAnnounced() {
    hashNamed()
    for index in 0..<longCount { locate(longKeys[index].key, longKeys[index].name) }
    longCount = 0
    askForSlots()
  }

  /// Hashes the texts that wait for it.
  @inline(never)
  private mutating func hashNamed() {
    let first = hashed
    precondition(nextName < named.count, "names that are not there")
    for start in stride(from: 0, to: nextName &- first, by: TextLanes.together) {
      let count = min(TextLanes.together, nextName &- first &- start)
      texts.hash(from: start, count: count)
      var position = 0
      while position < count {
        locate(texts.key(position), first &+ start &+ position)
        position &+= 1
      }
    }
    hashed = nextName
  }

  /// Where the key of a name is looked for. *Requires* that there is such a name.
  @inline(__always)
  private mutating func locate(_ key: Key128, _ place: Int) {
    // SAFETY: used for as long as this access lasts. The name is there, as required, and its space,
    // which is one of the plan.
    let name = unsafe named.address(0) + place
    let table = unsafe tables.address(0) + Int(name.pointee.space)
    let home = unsafe table.pointee.home(of: key)
    unsafe name.pointee.low = key.low
    unsafe name.pointee.tableSlot = home
    unsafe tags.address(0)[place] = UInt32(truncatingIfNeeded: key.high &>> 32)
    unsafe lines.address(0)[place] = table.pointee.line(home)
  }

  /// The key of a name.
  @inline(__always)
  func key(ofName name: Int) -> Key128 {
    Key128(low: named[name].low, high: UInt64(tags[name]) &<< 32)
  }

  /// Brings nearer where the search for all hashed keys begins. One right after the other: what a
  /// few cost when they stand by themselves, as many at once cost together.
  @inline(__always)
  private mutating func askForSlots() {
    if asked == nextName { return }
    precondition(nextName < named.count, "names that are not there")
    // SAFETY: a prefetch reads nothing a program could see, whatever the address. There are as many
    // as names.
    unsafe prefetch_lines(lines.address(asked), nextName &- asked)
    asked = nextName
  }

  // MARK: Numbering

  /// The positions in `EnginePlan.keySlots` of the event in a lane.
  @inline(__always)
  func positions(lane: Int) -> Range<Int> { positions[lane] }

  /// Those that are known at a position.
  @inline(__always)
  @_lifetime(borrow self)
  borrowing func known(at position: Int) -> Span<KnownKey> {
    known.span.extracting(position &* laneCount..<nextKnowns[position])
  }

  /// From now on, none is known at some positions.
  @inline(__always)
  mutating func tookKnown(at positions: Range<Int>) {
    for position in positions { nextKnowns[position] = position &* laneCount }
  }

  /// All that were known were taken, at the positions of all lanes of the batch.
  mutating func tookKnown() { hasKnown = false }

  /// The number at a place among those of all lanes.
  @inline(__always)
  func number(at place: Int) -> UInt32 { slotNumbers[place] }

  /// Numbers the keys that the events in some lanes name, in field order; of a decision that is an
  /// event, nothing was foreseen.
  mutating func number(_ lanes: Range<Int>) {
    assert(hashed == nextName, "keys that are not hashed")
    // What was resolved for an event before is forgotten.
    event &+= 1
    if lanes.isEmpty { return }
    let start = firstNames[lanes.lowerBound]
    let end = endNames[lanes.upperBound &- 1]
    precondition(start >= 0 && end < named.count, "names that are not there")
    if start >= end { return }
    let isForeseen = start == numbered
    if isForeseen { numbered = end }
    if isForeseen && areRight(before: end) {
      numberNew(before: end)
    } else {
      numbered = Self.notForeseen
      for name in start..<end { number(name) }
    }
  }

  /// Numbers the key of a name that is there.
  @inline(__always)
  private mutating func number(_ name: Int) {
    // SAFETY: used for as long as this access lasts. The name is there; for what it says see
    // `foresee`.
    let tag = unsafe tags.address(0)[name]
    let name = unsafe named.address(0) + name
    let tables = unsafe tables.address(0)
    let key = unsafe Key128(low: name.pointee.low, high: UInt64(tag) &<< 32)
    let number = unsafe tables[Int(name.pointee.space)].intern(
      key, foreseen: name.pointee.known, name.pointee.tableSlot)
    unsafe slotNumbers.address(0)[Int(name.pointee.place)] = number
  }

  /// Whether the next keys that were foreseen to have a number, as far as a name, have it.
  @inline(__always)
  private mutating func areRight(before end: Int) -> Bool {
    // SAFETY: used for as long as this access lasts. Names that were noted are there, and after the
    // last comes one beyond all; for what they say see `foresee`.
    let names = unsafe named.address(0)
    let known = unsafe knownNames.address(0)
    let tables = unsafe tables.address(0)
    var next = nextKnown
    while unsafe known[next] < end {
      let name = unsafe names + Int(known[next])
      let table = unsafe tables + Int(name.pointee.space)
      guard unsafe table.pointee.isNumber(name.pointee.known, of: name.pointee.low) else {
        return false
      }
      next &+= 1
    }
    nextKnown = next
    return true
  }

  /// Numbers the next keys that were foreseen to have none, as far as a name.
  @inline(__always)
  private mutating func numberNew(before end: Int) {
    // SAFETY: as above.
    let new = unsafe newNames.address(0)
    var next = nextNew
    while unsafe new[next] < end {
      unsafe number(Int(new[next]))
      next &+= 1
    }
    nextNew = next
  }

  /// Forgets what was foreseen of other keys where those of the lane lie.
  mutating func foreseeNothing() {
    for place in firstNames[lane]..<endNames[lane] {
      named[place].known = 0
      named[place].tableSlot = KeyTable.nowhere
    }
  }

  /// Where what settles the number of a key lies.
  func column(space: Int) -> RecordColumn { tables[space].column }

  @inline(__always)
  func hash(_ text: Span<UInt8>) -> Key128 { KeyHasher.key(of: text, secret) }
}

extension KeySpaces {
  /// The state as a snapshot carries it, but for the records.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(tables.count)
    for place in tables.indices { try tables[place].transfer(&archive) }
  }
}
