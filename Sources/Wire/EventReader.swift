import CKernels
import Model
import Values

/// What reading one line after the other needs memory for.
struct EventScratch: ~Copyable {
  /// Per member of the plan the line that last had it: no clearing between lines.
  var seen: [UInt64]
  var line: UInt64 = 0
  /// Bytes values of the line, decoded.
  var decoded: [UInt8] = []

  init(memberCount: Int) {
    seen = Array(repeating: 0, count: memberCount)
  }

  /// Begins with the next line.
  mutating func start() {
    line += 1
    if !decoded.isEmpty { decoded.removeAll(keepingCapacity: true) }
  }
}

/// Fills an event from scanned members by a plan.
struct EventReader: ~Copyable {
  let plan: EventPlan
  /// Reads times.
  var times = TimestampReader()

  init(_ plan: EventPlan) {
    self.plan = plan
  }

  /// Reads what the scanner scanned last into the event whose text it scanned.
  @inline(__always)
  mutating func read(
    _ scanner: borrowing JSONScanner, into event: inout Event, _ scratch: inout EventScratch
  ) throws(WireError) {
    do {
      try readEvent(scanner.members, &event, &scratch)
    } catch {
      throw error.described(by: plan, scanner.members, text: event.text.span)
    }
  }

  @inline(__always)
  private mutating func readEvent(
    _ members: Span<json_member>, _ event: inout Event, _ scratch: inout EventScratch
  ) throws(EventFault) {
    scratch.start()
    let typeMember = try eventName(members)
    let typeIndex = try eventType(members[typeMember], event.text.span, typeMember)
    let type = plan.types[typeIndex]
    event.resetSlots(type: typeIndex, slotCount: type.slotCount)
    let printedTime = try readMembers(
      type, members, &event.text, skipping: typeMember, &event.payloads, &event.states,
      &scratch.seen, scratch.line, &scratch.decoded)
    if !scratch.decoded.isEmpty { event.text.append(scratch.decoded.span) }
    event.time = Timestamp(microseconds: Int64(bitPattern: event.payloads[type.timeSlot]))
    event.printedTime = printedTime
    event.id = TextReference(bits: event.payloads[type.idSlot])
  }

  /// Spans of parts of an event cannot be taken side by side, so the parts come one by one. Gives
  /// where the time stands as it is printed, 0 for nowhere. Not inlined, for it takes mutable spans
  /// of parts of an event, see `Event.resetSlots`.
  @inline(never)
  private mutating func readMembers(
    _ type: TypePlan, _ members: Span<json_member>, _ text: inout [UInt8],
    skipping typeMember: Int, _ payloads: inout [UInt64], _ states: inout [UInt8],
    _ seen: inout [UInt64], _ line: UInt64, _ decoded: inout [UInt8]
  ) throws(EventFault) -> UInt32 {
    var slots = EventSlots(
      payloads.mutableSpan, states.mutableSpan, seen.mutableSpan, line: line,
      timeSlot: type.timeSlot)
    // Mostly the name of the event stands first, and nothing has to be passed over.
    let first = typeMember == 0 ? 1 : 0
    try readGroup(
      type.group, members, first..<members.count, text.span,
      skipping: typeMember == 0 ? nil : typeMember, parent: nil, &slots, &decoded)
    return slots.printedTime
  }

  /// The position of the first member `event`; a second one is met when the others are read.
  private func eventName(_ members: Span<json_member>) throws(EventFault) -> Int {
    var position = 0
    while position < members.count {
      if members[position].isEvent { return position }
      position += members[position].width
    }
    throw EventFault(.missingField)
  }

  private func eventType(
    _ member: json_member, _ text: Span<UInt8>, _ position: Int
  ) throws(EventFault) -> Int {
    guard member.kind == JSON_STRING else { throw EventFault(.wrongType, member: position) }
    let name = member.value(text)
    for index in plan.types.indices
    where plan.types[index].isRead && plan.isEqual(plan.types[index].name, name) {
      return index
    }
    throw EventFault(.unknownEvent, member: position)
  }

  /// Reads the members of one object.
  private mutating func readGroup(
    _ groupIndex: Int, _ members: Span<json_member>, _ range: Range<Int>, _ text: Span<UInt8>,
    skipping skipped: Int?, parent: Int?, _ slots: inout EventSlots, _ decoded: inout [UInt8]
  ) throws(EventFault) {
    let group = plan.groups[groupIndex]
    // Senders keep an order, mostly that of the schema, so the next name is tried first.
    var next = group.first
    var requiredSeen = 0
    var position = range.lowerBound
    while position < range.upperBound {
      if position == skipped {
        position += 1
        continue
      }
      let stop = skipped.map { $0 > position ? $0 : range.upperBound } ?? range.upperBound
      position = try readInOrder(
        members, position..<stop, text, group, &next, &requiredSeen, &slots, &decoded)
      if position == stop { continue }
      let found = find(members, position, text, in: group, from: next)
      guard found >= 0 else {
        if parent == nil, members[position].isEvent {
          throw EventFault(.duplicateKey, member: position)
        }
        throw EventFault(
          parent == nil ? .unknownField : .unknownAttribute, member: position, group: groupIndex)
      }
      guard slots.see(found) else {
        throw EventFault(.duplicateKey, member: position, plan: found)
      }
      next = found + 1
      if plan.members[found].mustStand { requiredSeen &+= 1 }
      let reader = plan.members[found].reader
      if isPlace(members, position, found) {
        slots.set(Int(plan.members[found].slot), members[position].place)
      } else if members[position].kind == JSON_OBJECT, reader == .entity {
        let inner = position + 1..<position + members[position].width
        try readGroup(
          Int(plan.members[found].detail), members, inner, text, skipping: nil, parent: position,
          &slots, &decoded)
        position = inner.upperBound
        continue
      } else {
        try readValue(members, position, text, found, &slots, &decoded)
      }
      // An object that is read as a value was refused, so this is one member.
      position += 1
    }
    if requiredSeen < group.requiredCount {
      var missing = group.first
      while missing < group.end, !plan.members[missing].mustStand || slots.isSeen(missing) {
        missing += 1
      }
      throw EventFault(.missingField, member: parent, plan: missing, isAbsent: true)
    }
  }

  /// Reads members as long as each is no object, and the next of its group or one of a few behind
  /// it, as most are; the position of the first that is not, of which nothing is noted. Apart from
  /// the rest, which leaves the registers to it.
  @inline(never)
  private mutating func readInOrder(
    _ members: Span<json_member>, _ range: Range<Int>, _ text: Span<UInt8>, _ group: MemberGroup,
    _ next: inout Int, _ requiredSeen: inout Int, _ slots: inout EventSlots,
    _ decoded: inout [UInt8]
  ) throws(EventFault) -> Int {
    var position = range.lowerBound
    var hint = next
    var required = 0
    let end = group.end
    while position < range.upperBound, members[position].kind != JSON_OBJECT {
      let prefix = members[position].key_prefix
      let count = members[position].key_length
      let last = min(end, hint &+ 4)
      var index = hint
      while index < last, !plan.members[index].name.begins(prefix, count) { index &+= 1 }
      guard index < last,
        count <= 8 || isEnd(plan.members[index].name, of: members[position], text),
        slots.see(index)
      else { break }
      required &+= plan.members[index].mustStand ? 1 : 0
      if isPlace(members, position, index) {
        slots.set(Int(plan.members[index].slot), members[position].place)
      } else {
        try readValue(members, position, text, index, &slots, &decoded)
      }
      hint = index &+ 1
      position &+= 1
    }
    next = hint
    requiredSeen &+= required
    return position
  }

  /// Whether a key of up to sixteen bytes ends as a name does that is as long.
  private func isEnd(
    _ name: PlannedName, of member: json_member, _ text: Span<UInt8>
  ) -> Bool {
    member.key_length <= 16
      && TextWord.load(text, at: Int(member.key_offset) + Int(member.key_length) - 8) == name.suffix
  }

  /// Whether a value is a text that stays where it lies, and may stand there: what most are.
  @inline(__always)
  private func isPlace(
    _ members: Span<json_member>, _ position: Int, _ found: Int
  ) -> Bool {
    members[position].kind == JSON_STRING && !members[position].has_nul
      && members[position].length >= plan.members[found].leastLength
  }

  /// The member of a group a name is of, looked for from `hint` on; -1 when there is none.
  @inline(__always)
  private func find(
    _ members: Span<json_member>, _ position: Int, _ text: Span<UInt8>, in group: MemberGroup,
    from hint: Int
  ) -> Int {
    var index = hint
    var rest = group.count
    while rest > 0 {
      if index >= group.end { index = group.first }
      if isNamed(members, position, text, index) { return index }
      index &+= 1
      rest &-= 1
    }
    return -1
  }

  @inline(__always)
  private func isNamed(
    _ members: Span<json_member>, _ position: Int, _ text: Span<UInt8>, _ index: Int
  ) -> Bool {
    let count = members[position].key_length
    guard members[position].key_prefix == plan.members[index].name.prefix,
      count == plan.members[index].name.count
    else { return false }
    return count <= 8
      || EventPlan.isEqualBehindPrefix(
        plan.members[index].name, members[position].key(text), plan.names.span)
  }
}

/// The slots of an event that is being read: whether somebody else holds its arrays is asked once.
struct EventSlots: ~Copyable, ~Escapable {
  private var payloads: MutableSpan<UInt64>
  private var states: MutableSpan<UInt8>
  private var seen: MutableSpan<UInt64>
  private let line: UInt64
  /// The slot of the event's time.
  let timeSlot: Int
  /// Where the event's time stands as it is printed; 0 for nowhere.
  var printedTime: UInt32 = 0

  @_lifetime(copy payloads, copy states, copy seen)
  init(
    _ payloads: consuming MutableSpan<UInt64>, _ states: consuming MutableSpan<UInt8>,
    _ seen: consuming MutableSpan<UInt64>, line: UInt64, timeSlot: Int
  ) {
    self.timeSlot = timeSlot
    self.payloads = payloads
    self.states = states
    self.seen = seen
    self.line = line
  }

  @_lifetime(self: copy self)
  mutating func set(_ slot: Int, _ payload: UInt64, _ state: ValueState = .present) {
    payloads[slot] = payload
    states[slot] = state.rawValue
  }

  /// Notes that the line has a member of the plan; false when it had it before.
  @_lifetime(self: copy self)
  mutating func see(_ member: Int) -> Bool {
    guard seen[member] != line else { return false }
    seen[member] = line
    return true
  }

  /// Whether the line has a member of the plan.
  func isSeen(_ member: Int) -> Bool { seen[member] == line }
}

extension json_member {
  /// Whether the key is `event`.
  var isEvent: Bool { key_length == 5 && key_prefix == 0x74_6E65_7665 }

  /// How many members this one takes with those inside it.
  var width: Int { kind == JSON_OBJECT ? 1 + Int(length) : 1 }

  /// A text as the payload of a slot. No line is as long as a reference could not say; what traps
  /// there is not asked for each text.
  var place: UInt64 {
    TextReference(bits: UInt64(length) &<< 32 | UInt64(offset)).bits
  }

  @_lifetime(copy text)
  func key(_ text: Span<UInt8>) -> Span<UInt8> {
    text.extracting(Int(key_offset)..<Int(key_offset) + Int(key_length))
  }

  /// The text or the digits.
  @_lifetime(copy text)
  func value(_ text: Span<UInt8>) -> Span<UInt8> {
    text.extracting(Int(offset)..<Int(offset) + Int(length))
  }
}
