import Model

/// A key of the event being scored.
struct ResolvedKey: BitwiseCopyable {
  /// Dense number; 0 for a key that was never seen, or has no value.
  var number: UInt32 = 0
  /// A `ValueState` raw value: missing or error when a part is.
  var state: UInt8 = Registers.missing
  /// The fault of an error.
  var fault: UInt64 = 0
  /// Number of the event it was resolved on.
  var event: UInt64 = 0

  var isPresent: Bool { state == Registers.present }

  /// What a signal of this key is when the key is an error or missing.
  var lack: SignalValue? {
    switch state {
    case Registers.present: nil
    case Registers.error: SignalValue(payload: fault, state: .error, isTruncated: false)
    default: .missing
    }
  }
}

/// The keys a signal is asked for: one, or two accounts.
struct AskedKeys {
  /// Dense numbers; 0 for a key that was never seen.
  var first: UInt32
  var second: UInt32 = 0
  /// What the signal is because a key is an error or missing; nil when it can be asked.
  var lack: SignalValue?

  @inline(__always)
  init(_ first: UInt32, _ second: UInt32 = 0, lack: SignalValue? = nil) {
    self.first = first
    self.second = second
    self.lack = lack
  }
}

/// A key that an event of the batch names in a slot.
struct NamedKey: BitwiseCopyable {
  var key = Key128(low: 0, high: 0)
  /// The number it has when it was foreseen to have one; 0 for none.
  var known: UInt32 = 0
  /// Where it was looked for last when it was foreseen.
  var tableSlot = KeyTable.Foreseen.nowhere
  /// Among the numbers of all lanes.
  var place: UInt32
  var space: UInt32
  /// Position in `EnginePlan.keySlots`.
  var position: UInt32
}

/// A key of an event that some event before probably named too.
struct KnownKey: BitwiseCopyable {
  var number: UInt32
  /// Position in `EnginePlan.keySlots`.
  var position: UInt32
}

/// Dense numbers for all keys of a package, and those of the events of a micro-batch.
///
/// A number is given when a key first enters some state, in order of arrival; a question gives
/// none. Each event of the batch has a lane of its own; whoever works on one enters its lane first.
struct KeySpaces: ~Copyable {
  private let inPlace = InPlace()
  private var tables: FixedArray<KeyTable>
  /// Lane by lane and by slot of the event, the number of its entity or identifier; 0 when missing.
  private var slotNumbers: FixedArray<UInt32>
  /// Lane by lane, the entities and identifiers that are present, in field order.
  private var named: FixedArray<NamedKey>
  /// By lane, how many.
  private var namedCounts: FixedArray<Int>
  /// Lane by lane, the keys that were foreseen to have a number, and how many they are.
  private var known: FixedArray<KnownKey>
  private var knownCounts: FixedArray<Int>
  /// The texts that are not hashed yet, called by the places of the keys they name.
  private var waiting: TextLanes
  private let slotsPerLane: Int
  /// The lane entered last, and where it begins.
  private(set) var lane = 0
  private var firstSlot = 0
  /// By position in `EnginePlan.keys`, what was resolved last; slots that are keys by themselves
  /// are in none of them.
  private var resolved: FixedArray<ResolvedKey>
  /// Number of the event being scored: what was resolved on another one is not known of it.
  private var event: UInt64 = 0
  private let secret: HashSecret

  /// Makes spaces without keys, whose records are opened before the first.
  init(records: [KeyRecords], plan: borrowing EnginePlan, lanes: Int, secret: HashSecret) {
    tables = FixedArray(count: records.count) { KeyTable(in: records[$0]) }
    var slots = 0
    for type in plan.events.indices { slots = max(slots, plan.events[type].slotCount) }
    slotsPerLane = slots
    slotNumbers = FixedArray(repeating: 0, count: lanes * slotsPerLane)
    named = FixedArray(
      repeating: NamedKey(place: 0, space: 0, position: 0), count: lanes * slotsPerLane)
    namedCounts = FixedArray(repeating: 0, count: lanes)
    known = FixedArray(
      repeating: KnownKey(number: 0, position: 0), count: lanes * slotsPerLane)
    knownCounts = FixedArray(repeating: 0, count: lanes)
    waiting = TextLanes(secret)
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
  var laneCount: Int { namedCounts.count }

  /// Goes to the lane of an event.
  @inline(__always)
  mutating func enter(lane: Int) {
    self.lane = lane
    firstSlot = lane &* slotsPerLane
  }

  /// Whether there is room for the keys of an event with so many slots.
  @inline(__always)
  func hasRoom(slots: Int) -> Bool { slots <= slotsPerLane }

  /// Notes how many keys of the event in the lane were announced; the others are cleared.
  @inline(__always)
  mutating func endLane(named count: Int) { namedCounts[lane] = count }

  /// Notes that the event in the lane has no key in a slot.
  @inline(__always)
  mutating func clear(slot: Int) { slotNumbers[firstSlot &+ slot] = 0 }

  /// Forgets what was resolved for the event before.
  @inline(__always)
  mutating func begin() {
    assert(waiting.count == 0, "keys that are not hashed")
    event &+= 1
  }

  /// The number of the entity or identifier in a slot, 0 when missing.
  @inline(__always)
  func number(slot: Int) -> UInt32 { slotNumbers[firstSlot &+ slot] }

  /// By slot, the numbers of the lane.
  var numbers: Span<UInt32> {
    @inline(__always) @_lifetime(borrow self)
    borrowing get { slotNumbers.span.extracting(firstSlot..<firstSlot &+ slotsPerLane) }
  }

  /// The same in a lane.
  @inline(__always)
  func number(slot: Int, lane: Int) -> UInt32 { slotNumbers[lane &* slotsPerLane &+ slot] }

  /// Numbers a key that is in no event.
  mutating func intern(space: Int, text: Span<UInt8>) -> UInt32 { tables[space].intern(hash(text)) }

  /// The number of a key that is in no event, 0 when it was never seen.
  func find(space: Int, text: Span<UInt8>) -> UInt32 { tables[space].find(hash(text)) }

  /// Names a key of the event in the lane by its text, after as many others. `hashAnnounced` must
  /// follow before the keys are used.
  @inline(__always)
  mutating func announce(
    after others: Int, slot: Int, position: Int, space: Int, text: Span<UInt8>
  ) {
    let place = firstSlot &+ others
    // SAFETY: used for as long as this access lasts. The key is noted once it is hashed.
    let name = unsafe named.address(place)
    unsafe name.pointee.known = 0
    unsafe name.pointee.tableSlot = KeyTable.Foreseen.nowhere
    unsafe name.pointee.place = UInt32(truncatingIfNeeded: firstSlot &+ slot)
    unsafe name.pointee.space = UInt32(truncatingIfNeeded: space)
    unsafe name.pointee.position = UInt32(truncatingIfNeeded: position)
    if text.count > TextLanes.mostBytes {
      announceLong(text, place)
    } else {
      waiting.append(text, name: place)
      if waiting.isFull { hashAnnounced() }
    }
  }

  @inline(never)
  private mutating func announceLong(_ text: Span<UInt8>, _ place: Int) {
    announce(hash(text), place)
  }

  /// Hashes the announced texts, and begins to bring nearer what to number them takes.
  @inline(never)
  mutating func hashAnnounced() {
    let count = waiting.count
    waiting.hash()
    for position in 0..<count { announce(waiting.key(position), waiting.name(position)) }
  }

  @inline(__always)
  private mutating func announce(_ key: Key128, _ place: Int) {
    // SAFETY: used for as long as this access lasts.
    let name = unsafe named.address(place)
    unsafe name.pointee.key = key
    // One after the other, with next to nothing in between: the processor works on all of them.
    unsafe tables[Int(name.pointee.space)].prefetchSlot(key)
  }

  /// Notes the numbers that the keys of the lane probably have, good enough to bring things nearer,
  /// and asks for the lines that those alone lead to.
  @inline(__always)
  mutating func foresee(_ keys: Span<AheadPlan.Key>, _ lines: Span<RecordLine>) {
    var nextKnown = firstSlot
    var index = firstSlot
    let end = index &+ namedCounts[lane]
    while index < end {
      // SAFETY: used for as long as this access lasts.
      let name = unsafe named.address(index)
      let foreseen = unsafe tables[Int(name.pointee.space)].foresee(name.pointee.key)
      unsafe slotNumbers[Int(name.pointee.place)] = foreseen.number
      unsafe name.pointee.known = foreseen.known
      unsafe name.pointee.tableSlot = foreseen.slot
      let position = unsafe name.pointee.position
      known[nextKnown] = KnownKey(number: foreseen.number, position: position)
      nextKnown &+= foreseen.known == 0 ? 0 : 1
      keys[Int(position)].prefetchLines(foreseen.number, lines)
      index &+= 1
    }
    knownCounts[lane] = nextKnown &- firstSlot
  }

  /// Keys of the event in the lane that probably have a number.
  var knownCount: Int { knownCounts[lane] }

  /// One of them.
  @inline(__always)
  func known(_ index: Int) -> KnownKey { known[firstSlot &+ index] }

  /// Where what settles the number of a key lies.
  func column(space: Int) -> RecordColumn { tables[space].column }

  /// Numbers the keys that the event in the lane names, in field order.
  @inline(__always)
  mutating func numberNamed() {
    var index = firstSlot
    let end = index &+ namedCounts[lane]
    while index < end {
      // SAFETY: used for as long as this access lasts.
      let name = unsafe named.address(index)
      let number = unsafe tables[Int(name.pointee.space)].intern(
        name.pointee.key, foreseen: name.pointee.known, name.pointee.tableSlot)
      unsafe slotNumbers[Int(name.pointee.place)] = number
      index &+= 1
    }
  }

  /// The key at a position of the plan; numbers it now when `interning` and it was never seen.
  @inline(__always)
  mutating func resolve(
    _ key: Int, _ plan: borrowing EnginePlan, _ registers: borrowing Registers,
    _ texts: borrowing TextArenas, interning: Bool
  ) -> ResolvedKey {
    let slot = plan.keys[key].slot
    if slot >= 0 { return resolved(slot: Int(slot)) }
    // What was resolved for a feed is numbered; a question before it in the event does not exist.
    let known = resolved[key]
    if known.event == event { return known }
    return resolveNow(key, plan, registers, texts, interning: interning)
  }

  /// The key of a list, numbered now when it was never seen.
  @inline(__always)
  mutating func resolve(
    _ key: FeedKey, _ plan: borrowing EnginePlan, _ registers: borrowing Registers,
    _ texts: borrowing TextArenas
  ) -> ResolvedKey {
    if key.slot >= 0 { return resolved(slot: Int(key.slot)) }
    return resolve(Int(key.position), plan, registers, texts, interning: true)
  }

  /// The key that a slot is.
  @inline(__always)
  private func resolved(slot: Int) -> ResolvedKey {
    let number = number(slot: slot)
    return ResolvedKey(
      number: number, state: number == 0 ? Registers.missing : Registers.present)
  }

  @inline(never)
  private mutating func resolveNow(
    _ key: Int, _ plan: borrowing EnginePlan, _ registers: borrowing Registers,
    _ texts: borrowing TextArenas, interning: Bool
  ) -> ResolvedKey {
    let layout = plan.keys[key]
    var result: ResolvedKey
    if layout.isReference {
      result = reference(
        plan.keyParts[layout.parts.lowerBound], registers, texts, interning: interning)
    } else {
      result = tuple(layout, plan, registers, texts, interning: interning)
    }
    result.event = event
    resolved[key] = result
    return result
  }

  /// The keys of a question, which numbers none.
  @inline(__always)
  mutating func ask(
    _ read: ReadPlan, _ plan: borrowing EnginePlan, _ registers: borrowing Registers,
    _ texts: borrowing TextArenas
  ) -> AskedKeys {
    let first = resolve(read.key, plan, registers, texts, interning: false)
    if read.secondKey < 0 { return AskedKeys(first.number, lack: first.lack) }
    let second = resolve(read.secondKey, plan, registers, texts, interning: false)
    // An error outweighs what is missing.
    let lack = first.state == Registers.error ? first.lack : second.lack ?? first.lack
    return AskedKeys(first.number, second.number, lack: lack)
  }

  private mutating func reference(
    _ part: KeyPart, _ registers: borrowing Registers, _ texts: borrowing TextArenas,
    interning: Bool
  ) -> ResolvedKey {
    let state = registers.state(part.register)
    let payload = registers.payload(part.register)
    guard state == Registers.present else { return ResolvedKey(state: state, fault: payload) }
    if part.isSlot {
      return ResolvedKey(number: number(slot: Int(part.register)), state: Registers.present)
    }
    let key = hash(texts.bytes(payload))
    let number = interning ? tables[part.space].intern(key) : tables[part.space].find(key)
    return ResolvedKey(number: number, state: Registers.present)
  }

  private mutating func tuple(
    _ layout: KeyPlan, _ plan: borrowing EnginePlan, _ registers: borrowing Registers,
    _ texts: borrowing TextArenas, interning: Bool
  ) -> ResolvedKey {
    var missing: ResolvedKey?
    for position in layout.parts {
      let register = plan.keyParts[position].register
      let state = registers.state(register)
      if state == Registers.error {
        return ResolvedKey(state: state, fault: registers.payload(register))
      }
      if state == Registers.missing { missing = ResolvedKey() }
    }
    if let missing { return missing }
    var hasher = KeyHasher(secret)
    var isSeen = true
    for position in layout.parts {
      let part = plan.keyParts[position]
      let payload = registers.payload(part.register)
      switch part.kind {
      case .text: hasher.append(text: texts.bytes(payload))
      case .word: hasher.append(word: payload)
      case .double:
        // Both zeros are one key, as they are equal.
        hasher.append(word: Double(bitPattern: payload) == 0 ? 0 : payload)
      case .reference:
        let number = reference(part, registers, texts, interning: interning).number
        isSeen = isSeen && number != 0
        hasher.append(reference: number)
      }
    }
    guard isSeen else { return ResolvedKey(state: Registers.present) }
    let key = hasher.finish()
    let space = layout.space
    let number = interning ? tables[space].intern(key) : tables[space].find(key)
    return ResolvedKey(number: number, state: Registers.present)
  }

  @inline(__always)
  private func hash(_ text: Span<UInt8>) -> Key128 { KeyHasher.key(of: text, secret) }
}

extension KeySpaces {
  /// The state as a snapshot carries it, but for the records.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(tables.count)
    for place in tables.indices { try tables[place].transfer(&archive) }
  }
}
