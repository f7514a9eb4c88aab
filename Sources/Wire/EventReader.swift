import CKernels
import Model
import Values

/// Fills an event from scanned members by a plan.
struct EventReader: ~Copyable {
  let plan: EventPlan
  /// Per member of the plan the line that last had it: no clearing between lines.
  private var seen: [UInt64]
  private var line: UInt64 = 0

  init(_ plan: EventPlan) {
    self.plan = plan
    seen = Array(repeating: 0, count: plan.members.count)
  }

  /// Reads what the scanner scanned last.
  mutating func read(
    _ scanner: borrowing JSONScanner, into event: inout Event
  ) throws(WireError) {
    do {
      try readEvent(scanner.members, scanner.text, &event)
    } catch {
      throw error.described(by: plan, scanner.members, text: scanner.text)
    }
  }

  private mutating func readEvent(
    _ members: Span<json_member>, _ text: Span<UInt8>, _ event: inout Event
  ) throws(EventFault) {
    line += 1
    let typeMember = try eventName(members)
    let typeIndex = try eventType(members[typeMember], text, typeMember)
    let type = plan.types[typeIndex]
    event.reset(type: typeIndex, slotCount: type.slotCount)
    // The line is the text of the event, so that its values are places in it: one copy, not many.
    event.text.append(text)
    try readMembers(
      type.group, members, text, skipping: typeMember, &event.payloads, &event.states, &event.text)
    event.time = Timestamp(microseconds: Int64(bitPattern: event.payloads[type.timeSlot]))
    event.id = TextReference(bits: event.payloads[type.idSlot])
  }

  private mutating func readMembers(
    _ group: Int, _ members: Span<json_member>, _ text: Span<UInt8>, skipping typeMember: Int,
    _ payloads: inout [UInt64], _ states: inout [UInt8], _ arena: inout [UInt8]
  ) throws(EventFault) {
    var slots = EventSlots(payloads.mutableSpan, states.mutableSpan)
    try readGroup(
      group, members, 0..<members.count, text, skipping: typeMember, parent: nil, &slots, &arena)
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
    skipping skipped: Int?, parent: Int?, _ slots: inout EventSlots, _ arena: inout [UInt8]
  ) throws(EventFault) {
    let group = plan.groups[groupIndex]
    // Senders keep an order, mostly that of the schema, so the next name is tried first.
    var next = group.first
    var requiredSeen = 0
    var position = range.lowerBound
    while position < range.upperBound {
      let member = members[position]
      if position == skipped {
        position += 1
        continue
      }
      guard let found = find(member, text, in: group, from: next) else {
        if parent == nil, member.isEvent { throw EventFault(.duplicateKey, member: position) }
        throw EventFault(
          parent == nil ? .unknownField : .unknownAttribute, member: position, group: groupIndex)
      }
      guard seen[found] != line else {
        throw EventFault(.duplicateKey, member: position, plan: found)
      }
      seen[found] = line
      next = found + 1
      let planned = plan.members[found]
      if planned.mustStand { requiredSeen += 1 }
      if member.kind == JSON_OBJECT, planned.reader == .entity {
        let inner = position + 1..<position + member.width
        try readGroup(
          Int(planned.detail), members, inner, text, skipping: nil, parent: position, &slots,
          &arena)
      } else {
        try readValue(members, position, text, found, &slots, &arena)
      }
      position += member.width
    }
    if requiredSeen < group.requiredCount {
      let missing = group.members.first { plan.members[$0].mustStand && seen[$0] != line }
      throw EventFault(.missingField, member: parent, plan: missing, isAbsent: true)
    }
  }

  private func find(
    _ member: json_member, _ text: Span<UInt8>, in group: MemberGroup, from hint: Int
  ) -> Int? {
    let end = group.first + group.count
    if hint < end, isNamed(member, text, plan.members[hint].name) { return hint }
    var index = group.first
    while index < end {
      if isNamed(member, text, plan.members[index].name) { return index }
      index += 1
    }
    return nil
  }

  private func isNamed(
    _ member: json_member, _ text: Span<UInt8>, _ name: PlannedName
  ) -> Bool {
    guard member.key_prefix == name.prefix, member.key_length == UInt32(name.count) else {
      return false
    }
    return name.count <= 8 || plan.isEqual(name, member.key(text), from: 8)
  }
}

/// The slots of an event that is being read: whether somebody else holds its arrays is asked once.
struct EventSlots: ~Copyable, ~Escapable {
  private var payloads: MutableSpan<UInt64>
  private var states: MutableSpan<UInt8>

  @_lifetime(copy payloads, copy states)
  init(_ payloads: consuming MutableSpan<UInt64>, _ states: consuming MutableSpan<UInt8>) {
    self.payloads = payloads
    self.states = states
  }

  @_lifetime(self: copy self)
  mutating func set(_ slot: Int, _ payload: UInt64, _ state: ValueState = .present) {
    payloads[slot] = payload
    states[slot] = state.rawValue
  }
}

extension json_member {
  /// Whether the key is `event`.
  var isEvent: Bool { key_length == 5 && key_prefix == 0x74_6E65_7665 }

  /// How many members this one takes with those inside it.
  var width: Int { kind == JSON_OBJECT ? 1 + Int(length) : 1 }

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
