import Model
import Values

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
  /// All that a table looks at: the lower half of the key, and the upper part of the other.
  fileprivate var low: UInt64 = 0
  fileprivate var tag: UInt32 = 0
  /// Among the numbers of all lanes.
  fileprivate var place: UInt32 = 0
  /// The number it has when it was foreseen to have one; 0 for none.
  fileprivate var known: UInt32 = 0
  /// Where it was looked for last when it was foreseen.
  fileprivate var tableSlot = KeyTable.Foreseen.nowhere
  fileprivate var space: UInt32 = 0
  /// Position in `EnginePlan.keySlots`.
  fileprivate var position: UInt32 = 0

  fileprivate var key: Key128 {
    @inline(__always) get { Key128(low: low, high: UInt64(tag) &<< 32) }
    @inline(__always) set {
      low = newValue.low
      tag = UInt32(truncatingIfNeeded: newValue.high &>> 32)
    }
  }
}

/// A key of an event that some event before probably named too.
struct KnownKey: BitwiseCopyable {
  var number: UInt32
  /// Among the numbers of all lanes.
  var place: UInt32
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
  /// The entities and identifiers that are present, in field order, those of each lane after those
  /// of the lane before; behind the room for all lanes, those of a decision that is an event.
  private var named: FixedArray<NamedKey>
  /// Where the next one goes.
  private var nextName = 0
  /// By lane, where those of its event begin and end.
  private var firstNames: FixedArray<Int>
  private var endNames: FixedArray<Int>
  /// Which of them were foreseen to have a number, and how many these are.
  private var known: FixedArray<UInt32>
  private(set) var knownCount = 0
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
    // One more than there can be, so that there always is one.
    let room = (lanes + 1) * slotsPerLane + 1
    named = FixedArray(repeating: NamedKey(), count: room)
    firstNames = FixedArray(repeating: 0, count: lanes)
    endNames = FixedArray(repeating: 0, count: lanes)
    known = FixedArray(repeating: 0, count: room)
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
  var laneCount: Int { firstNames.count }

  /// Goes to the lane of an event.
  @inline(__always)
  mutating func enter(lane: Int) {
    self.lane = lane
    firstSlot = lane &* slotsPerLane
  }

  // MARK: Naming

  /// Begins a batch: the keys of its first event are named next.
  @inline(__always)
  mutating func openBatch() { nextName = 0 }

  /// Keeps the keys of the other lanes while those of a decision are named.
  mutating func openEcho() { nextName = laneCount &* slotsPerLane }

  /// The keys of the event in the lane are named next, at most as many as it has slots.
  @inline(__always)
  mutating func beginNaming(slots: Int) {
    precondition(
      slots <= slotsPerLane && nextName &+ slots < named.count, "an event with other slots")
    firstNames[lane] = nextName
  }

  /// All of them are named.
  @inline(__always)
  mutating func endNaming() { endNames[lane] = nextName }

  /// Notes that the event in the lane has no key in a slot.
  @inline(__always)
  mutating func clear(slot: Int) { slotNumbers[firstSlot &+ slot] = 0 }

  /// The number of the entity or identifier in a slot, 0 when missing.
  @inline(__always)
  func number(slot: Int) -> UInt32 { slotNumbers[firstSlot &+ slot] }

  /// By slot, the numbers of the lane.
  var numbers: Span<UInt32> {
    @inline(__always) @_lifetime(borrow self)
    borrowing get { slotNumbers.span.extracting(firstSlot..<firstSlot &+ slotsPerLane) }
  }

  /// The numbers of a slot in all lanes.
  @inline(__always) @_lifetime(borrow self)
  borrowing func numbers(ofSlot slot: Int) -> SlotNumbers {
    SlotNumbers(slotNumbers, slot: slot, slotsPerLane: slotsPerLane)
  }

  /// The same in a lane.
  @inline(__always)
  func number(slot: Int, lane: Int) -> UInt32 { slotNumbers[lane &* slotsPerLane &+ slot] }

  /// Numbers a key that is in no event.
  mutating func intern(space: Int, text: Span<UInt8>) -> UInt32 { tables[space].intern(hash(text)) }

  /// The number of a key that is in no event, 0 when it was never seen.
  func find(space: Int, text: Span<UInt8>) -> UInt32 { tables[space].find(hash(text)) }

  /// Whether the next text finds no room among those that are hashed together.
  var isFull: Bool { waiting.isFull }

  /// Names keys of the event in the lane, from an index of its slots on, as long as their texts are
  /// keys as they are and find room; gives the index of the first that is not named.
  ///
  /// *Requires* what `EnginePlan.keyNames` has of the type of the event, for which `beginNaming`
  /// was called. Calls nothing, so that all it goes through by stays in registers.
  @inline(never)
  mutating func namePlain(
    _ slots: Span<KeyName>, from start: Int, _ registers: borrowing Registers, _ text: Span<UInt8>
  ) -> Int {
    precondition(firstSlot >= 0 && firstSlot &+ slotsPerLane <= slotNumbers.count, "no such lane")
    // SAFETY: used for as long as this access lasts. The numbers of the lane are there, and a slot
    // of the event is one of the lane's; `beginNaming` found room for a name for each; a lane of
    // texts is used as long as there is one.
    let numbers = unsafe slotNumbers.address(0)
    let names = unsafe named.address(0)
    let lanes = unsafe waiting.start
    guard let bytes = unsafe text.withUnsafeBufferPointer({ $0.baseAddress }) else {
      return start
    }
    var (lane, longest) = (waiting.count, waiting.longest)
    var next = nextName
    var index = start
    while index < slots.count {
      // SAFETY: one of its indices.
      let slot = unsafe slots[unchecked: index]
      let place = firstSlot &+ Int(slot.slot)
      if registers.state(slot.slot) != Registers.present {
        unsafe numbers[place] = 0
        index &+= 1
        continue
      }
      let reference = TextReference(bits: registers.payload(slot.slot))
      let count = reference.length
      precondition(reference.offset &+ count <= text.count, "a text outside the event's")
      if lane == TextLanes.lanes || count > TextLanes.mostBytes { break }
      // SAFETY: offset and length are not negative, and where they end was just looked at.
      let key = unsafe bytes + reference.offset
      if slot.form != .any {
        if slot.form == .other || count == 0 { break }
        guard
          unsafe slot.form == .filled
            || TextNormalizer.isVisibleASCII(key[0])
              && TextNormalizer.isVisibleASCII(key[count &- 1])
        else { break }
      }
      unsafe names[next].place = UInt32(truncatingIfNeeded: place)
      unsafe names[next].space = slot.space
      unsafe names[next].position = slot.position
      unsafe TextLanes.lay(key, count, name: next, in: lanes + lane)
      longest = max(longest, count)
      lane &+= 1
      next &+= 1
      index &+= 1
    }
    waiting.took(count: lane, longest: longest)
    nextName = next
    return index
  }

  /// Names the next key of the event in the lane by its text. `hashAnnounced` must follow before
  /// the keys are used.
  ///
  /// *Requires* that there is room, see `isFull`.
  mutating func name(slot: Int, position: Int, space: Int, text: Span<UInt8>) {
    let place = nextName
    nextName &+= 1
    named[place].place = UInt32(truncatingIfNeeded: firstSlot &+ slot)
    named[place].space = UInt32(truncatingIfNeeded: space)
    named[place].position = UInt32(truncatingIfNeeded: position)
    if text.count > TextLanes.mostBytes {
      announce(hash(text), place)
    } else {
      waiting.append(text, name: place)
    }
  }

  /// Hashes the announced texts, and begins to bring nearer what to number them takes.
  @inline(never)
  mutating func hashAnnounced() {
    let count = waiting.count
    if count == 0 { return }
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

  // MARK: Numbering

  /// Notes the numbers that the keys of a batch probably have, good enough to bring things nearer,
  /// and asks for the lines that those alone lead to.
  @inline(__always)
  mutating func foresee(_ keys: borrowing FixedArray<AheadPlan.Key>, _ lines: Span<RecordLine>) {
    let count = nextName
    precondition(count <= named.count && count <= known.count, "names that are not there")
    // SAFETY: used for as long as this access lasts. So many names are there, and room for as many
    // that are known.
    let names = unsafe named.address(0)
    let found = unsafe known.address(0)
    var nextKnown = 0
    var index = 0
    while index < count {
      let name = unsafe names + index
      let foreseen = unsafe tables[Int(name.pointee.space)].foresee(name.pointee.key)
      let place = unsafe name.pointee.place
      slotNumbers[Int(place)] = foreseen.number
      unsafe name.pointee.known = foreseen.known
      unsafe name.pointee.tableSlot = foreseen.slot
      unsafe found[nextKnown] = UInt32(truncatingIfNeeded: index)
      nextKnown &+= foreseen.known == 0 ? 0 : 1
      index &+= 1
    }
    knownCount = nextKnown
    // By itself: what is asked for in a short loop is looked for at once.
    index = 0
    while index < count {
      // SAFETY: as above.
      let name = unsafe names + index
      let (place, position) = unsafe (name.pointee.place, name.pointee.position)
      keys[Int(position)].prefetchLines(slotNumbers[Int(place)], lines)
      index &+= 1
    }
  }

  /// One of the keys that probably have a number.
  @inline(__always)
  func known(_ index: Int) -> KnownKey {
    let name = Int(known[index])
    return KnownKey(
      number: named[name].known, place: named[name].place, position: named[name].position)
  }

  /// The number at a place among those of all lanes.
  @inline(__always)
  func number(at place: Int) -> UInt32 { slotNumbers[place] }

  /// Numbers the keys that the events in some lanes name, in field order; of a decision that is an
  /// event, nothing was foreseen.
  mutating func number(_ lanes: Range<Int>) {
    assert(waiting.count == 0, "keys that are not hashed")
    // What was resolved for an event before is forgotten.
    event &+= 1
    if lanes.isEmpty { return }
    var index = firstNames[lanes.lowerBound]
    let end = endNames[lanes.upperBound &- 1]
    precondition(index >= 0 && end < named.count, "names that are not there")
    // SAFETY: used for as long as this access lasts; the places up to the end were just looked at.
    let names = unsafe named.address(0)
    while index < end {
      let name = unsafe names + index
      let number = unsafe tables[Int(name.pointee.space)].intern(
        name.pointee.key, foreseen: name.pointee.known, name.pointee.tableSlot)
      unsafe slotNumbers[Int(name.pointee.place)] = number
      index &+= 1
    }
  }

  /// Forgets what was foreseen of other keys where those of the lane lie.
  mutating func foreseeNothing() {
    for place in firstNames[lane]..<endNames[lane] {
      named[place].known = 0
      named[place].tableSlot = KeyTable.Foreseen.nowhere
    }
  }

  /// Where what settles the number of a key lies.
  func column(space: Int) -> RecordColumn { tables[space].column }

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
