import CKernels
import Model
import Values

extension EventReader {
  /// Reads one value that is no object into its slot. Mutating only so that self goes by address: a
  /// copy of it per value stalls on what was just written.
  @inline(never)
  mutating func readValue(
    _ members: Span<json_member>, _ position: Int, _ text: Span<UInt8>, _ index: Int,
    _ slots: inout EventSlots, _ decoded: inout [UInt8]
  ) throws(EventFault) {
    // Passed by position: copying both structs through the call stalls for longer than reading a
    // number.
    let member = members[position]
    let planned = plan.members[index]
    let slot = Int(planned.slot)
    if member.kind == JSON_NULL {
      guard planned.isOptional else {
        throw EventFault(.missingField, member: position, plan: index)
      }
      if planned.isAttribute { slots.set(slot, 0, .cleared) }
      return
    }
    do throws(ValueFault) {
      switch planned.reader {
      case .text: try slots.set(slot, place(member))
      case .key, .entity:
        if member.kind == JSON_STRING, member.length == 0 { throw .emptyKey }
        try slots.set(slot, place(member))
      case .bytes: try slots.set(slot, decodedBytes(member, text, &decoded))
      case .timestamp:
        let time = try timestamp(member, text)
        slots.set(slot, UInt64(bitPattern: time.microseconds))
        if slot == slots.timeSlot, isPrinted(member, text) { slots.printedTime = member.offset }
      default: try slots.set(slot, payload(member, text, planned))
      }
    } catch {
      throw EventFault(error.code, member: position, plan: index, time: error.time)
    }
  }

  /// A text where it lies in the line.
  private func place(_ member: json_member) throws(ValueFault) -> UInt64 {
    guard member.kind == JSON_STRING else { throw .wrongType }
    guard !member.has_nul else { throw .invalidText }
    return member.place
  }

  /// Bytes where they will lie: behind the line.
  private func decodedBytes(
    _ member: json_member, _ text: Span<UInt8>, _ decoded: inout [UInt8]
  ) throws(ValueFault) -> UInt64 {
    guard member.kind == JSON_STRING else { throw .wrongType }
    let start = decoded.count
    guard Base64.decode(member.value(text), to: &decoded) else { throw .invalidBytes }
    return TextReference(
      arena: .event, offset: text.count + start, length: decoded.count - start
    ).bits
  }

  /// The payload of a value that is no text. Mutating for the same reason.
  private mutating func payload(
    _ member: json_member, _ text: Span<UInt8>, _ planned: MemberPlan
  ) throws(ValueFault) -> UInt64 {
    switch planned.reader {
    case .bool:
      guard member.kind == JSON_TRUE || member.kind == JSON_FALSE else { throw .wrongType }
      return member.kind == JSON_TRUE ? 1 : 0
    case .int:
      return try UInt64(bitPattern: int(member, text))
    case .uint:
      guard member.kind == JSON_INTEGER else { throw .wrongType }
      do { return try NumberText.uint(member.value(text)) } catch { throw .outOfRange }
    case .double:
      guard member.isNumber else { throw .wrongType }
      guard let value = nearestDouble(member.value(text)) else { throw .outOfRange }
      return value.bitPattern
    case .decimal:
      return try UInt64(bitPattern: decimal(member, text, Int(planned.scale)))
    case .duration:
      return try UInt64(bitPattern: duration(member, text))
    case .enumeration:
      return try UInt64(enumerationCase(member, text, Int(planned.detail)))
    case .text, .bytes, .key, .entity, .timestamp:
      preconditionFailure("these are read by themselves")
    }
  }

  private func int(_ member: json_member, _ text: Span<UInt8>) throws(ValueFault) -> Int64 {
    guard member.kind == JSON_INTEGER else { throw .wrongType }
    do { return try NumberText.int(member.value(text)) } catch { throw .outOfRange }
  }

  private func decimal(
    _ member: json_member, _ text: Span<UInt8>, _ scale: Int
  ) throws(ValueFault) -> Int64 {
    let digits = member.value(text)
    if member.kind == JSON_STRING {
      guard NumberText.isNumber(digits) else { throw .invalidNumber }
    } else if !member.isNumber {
      throw .wrongType
    }
    do {
      return try NumberText.decimal(digits, scale: scale)
    } catch {
      throw error == .tooManyDigits ? .tooManyDigits : .outOfRange
    }
  }

  private mutating func timestamp(
    _ member: json_member, _ text: Span<UInt8>
  ) throws(ValueFault) -> Timestamp {
    if member.kind == JSON_STRING {
      do {
        return try times.parse(member.value(text))
      } catch {
        if case .timestamp(let fault) = error { throw .time(fault) }
        throw .time(.shape)
      }
    }
    let timestamp = try Timestamp(microseconds: int(member, text))
    guard timestamp >= TimestampText.earliest, timestamp <= TimestampText.latest else {
      throw .time(.year)
    }
    return timestamp
  }

  /// Whether a time that was read is written as it is printed: `2026-01-31T23:59:59Z`.
  private func isPrinted(_ member: json_member, _ text: Span<UInt8>) -> Bool {
    guard member.kind == JSON_STRING, member.length == TimestampText.shortCount else {
      return false
    }
    let time = member.value(text)
    return time[10] == UInt8(ascii: "T") && time[19] == UInt8(ascii: "Z")
  }

  private func duration(_ member: json_member, _ text: Span<UInt8>) throws(ValueFault) -> Int64 {
    guard member.kind == JSON_STRING else { return try int(member, text) }
    guard let microseconds = DurationText.microseconds(member.value(text)) else {
      throw .invalidDuration
    }
    return microseconds
  }

  private func enumerationCase(
    _ member: json_member, _ text: Span<UInt8>, _ enumeration: Int
  ) throws(ValueFault) -> Int {
    guard member.kind == JSON_STRING else { throw .wrongType }
    let name = member.value(text)
    let cases = plan.enumerations[enumeration]
    for index in cases.indices where plan.isEqual(cases[index], name) { return index }
    throw .unknownCase
  }
}

extension json_member {
  fileprivate var isNumber: Bool { kind == JSON_INTEGER || kind == JSON_FRACTION }
}

/// What is wrong with one value.
private enum ValueFault: Error {
  case wrongType, outOfRange, tooManyDigits, invalidNumber, invalidDuration, invalidBytes
  case invalidText, unknownCase, emptyKey
  case time(TimestampFault)

  var code: WireError.Code {
    switch self {
    case .wrongType: .wrongType
    case .outOfRange: .numberOutOfRange
    case .tooManyDigits: .tooManyDigits
    case .invalidNumber: .invalidNumber
    case .invalidDuration: .invalidDuration
    case .invalidBytes: .invalidBytes
    case .invalidText: .invalidText
    case .unknownCase: .unknownCase
    case .emptyKey: .emptyKey
    case .time: .invalidTime
    }
  }

  var time: TimestampFault? {
    if case .time(let fault) = self { fault } else { nil }
  }
}
