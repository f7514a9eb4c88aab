import CKernels
import Model
import Values

/// Fills an event from scanned members by a plan.
struct EventReader {
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
    let typeMember = try eventName(members, text)
    let typeIndex = try eventType(members[typeMember], text, typeMember)
    let type = plan.types[typeIndex]
    event.reset(type: typeIndex, slotCount: type.slotCount)
    try readGroup(
      type.group, members, 0..<members.count, text, skipping: typeMember, parent: nil, &event)
    event.time = Timestamp(microseconds: Int64(bitPattern: event.payloads[type.timeSlot]))
    event.id = TextReference(bits: event.payloads[type.idSlot])
  }

  /// The position of the member `event`.
  private func eventName(
    _ members: Span<json_member>, _ text: Span<UInt8>
  ) throws(EventFault) -> Int {
    var found: Int?
    var position = 0
    while position < members.count {
      let member = members[position]
      if member.isNamed("event", text) {
        guard found == nil else { throw EventFault(.duplicateKey, member: position) }
        found = position
      }
      position += member.width
    }
    guard let found else { throw EventFault(.missingField) }
    return found
  }

  private func eventType(
    _ member: json_member, _ text: Span<UInt8>, _ position: Int
  ) throws(EventFault) -> Int {
    guard member.kind == JSON_STRING else { throw EventFault(.wrongType, member: position) }
    let name = member.value(text)
    for index in plan.types.indices where plan.isEqual(plan.types[index].name, name) {
      return index
    }
    throw EventFault(.unknownEvent, member: position)
  }

  /// Reads the members of one object.
  private mutating func readGroup(
    _ groupIndex: Int, _ members: Span<json_member>, _ range: Range<Int>, _ text: Span<UInt8>,
    skipping skipped: Int?, parent: Int?, _ event: inout Event
  ) throws(EventFault) {
    let planned = plan.groups[groupIndex].members
    let requiredCount = plan.groups[groupIndex].requiredCount
    // Senders keep an order, mostly that of the schema, so the next name is tried first.
    var next = planned.lowerBound
    var requiredSeen = 0
    var position = range.lowerBound
    while position < range.upperBound {
      let member = members[position]
      if position == skipped {
        position += 1
        continue
      }
      guard let found = find(member.key(text), in: planned, from: next) else {
        throw EventFault(
          parent == nil ? .unknownField : .unknownAttribute, member: position, group: groupIndex)
      }
      guard seen[found] != line else {
        throw EventFault(.duplicateKey, member: position, plan: found)
      }
      seen[found] = line
      next = found + 1
      if plan.members[found].mustStand { requiredSeen += 1 }
      if member.kind == JSON_OBJECT, plan.members[found].reader == .entity {
        let inner = position + 1..<position + member.width
        try readGroup(
          plan.members[found].detail, members, inner, text, skipping: nil, parent: position, &event)
      } else {
        try readValue(member, text, plan.members[found], found, position, &event)
      }
      position += member.width
    }
    if requiredSeen < requiredCount {
      let missing = planned.first { plan.members[$0].mustStand && seen[$0] != line }
      throw EventFault(.missingField, member: parent, plan: missing, isAbsent: true)
    }
  }

  private func find(_ name: Span<UInt8>, in planned: Range<Int>, from hint: Int) -> Int? {
    if hint < planned.upperBound, plan.isEqual(plan.members[hint].name, name) { return hint }
    for index in planned where plan.isEqual(plan.members[index].name, name) { return index }
    return nil
  }
}

extension json_member {
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

  func isNamed(_ name: StaticString, _ text: Span<UInt8>) -> Bool {
    guard Int(key_length) == name.utf8CodeUnitCount else { return false }
    let key = key(text)
    return name.withUTF8Buffer { buffer in
      for index in 0..<key.count where unsafe buffer[index] != key[index] { return false }
      return true
    }
  }
}
