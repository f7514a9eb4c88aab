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
    // Passed by position, and of both structs no more is read than is wanted: copying them through
    // calls stalls for longer than reading a number.
    let kind = members[position].kind
    let slot = Int(plan.members[index].slot)
    if kind == JSON_NULL {
      guard plan.members[index].isOptional else {
        throw EventFault(.missingField, member: position, plan: index)
      }
      if plan.members[index].isAttribute { slots.set(slot, 0, .cleared) }
      return
    }
    do throws(ValueFault) {
      switch plan.members[index].reader {
      case .text: try slots.set(slot, place(members[position]))
      case .key, .entity:
        if kind == JSON_STRING, members[position].length == 0 { throw .emptyKey }
        try slots.set(slot, place(members[position]))
      case .bytes: try slots.set(slot, decodedBytes(members[position], text, &decoded))
      case .timestamp:
        let value = members[position].value(text)
        let time = try timestamp(kind, value)
        slots.set(slot, UInt64(bitPattern: time.microseconds))
        if slot == slots.timeSlot, kind == JSON_STRING, Self.isPrinted(value) {
          slots.printedTime = members[position].offset
        }
      case .decimal:
        let value = members[position].value(text)
        let units = try decimal(kind, value, Int(plan.members[index].scale))
        slots.set(slot, UInt64(bitPattern: units))
      default: try slots.set(slot, payload(kind, members[position].value(text), index))
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

  /// The payload of another value, by its kind and text. Mutating for the same reason.
  private mutating func payload(
    _ kind: json_kind, _ value: Span<UInt8>, _ index: Int
  ) throws(ValueFault) -> UInt64 {
    switch plan.members[index].reader {
    case .bool:
      guard kind == JSON_TRUE || kind == JSON_FALSE else { throw .wrongType }
      return kind == JSON_TRUE ? 1 : 0
    case .int:
      return try UInt64(bitPattern: int(kind, value))
    case .uint:
      guard kind == JSON_INTEGER else { throw .wrongType }
      do { return try NumberText.uint(value) } catch { throw .outOfRange }
    case .double:
      guard kind.isNumber else { throw .wrongType }
      guard let value = nearestDouble(value) else { throw .outOfRange }
      return value.bitPattern
    case .duration:
      return try UInt64(bitPattern: duration(kind, value))
    case .enumeration:
      return try UInt64(enumerationCase(kind, value, Int(plan.members[index].detail)))
    case .text, .bytes, .key, .entity, .timestamp, .decimal:
      preconditionFailure("these are read by themselves")
    }
  }

  private func int(_ kind: json_kind, _ digits: Span<UInt8>) throws(ValueFault) -> Int64 {
    guard kind == JSON_INTEGER else { throw .wrongType }
    do { return try NumberText.int(digits) } catch { throw .outOfRange }
  }

  private func decimal(
    _ kind: json_kind, _ digits: Span<UInt8>, _ scale: Int
  ) throws(ValueFault) -> Int64 {
    if kind == JSON_STRING {
      guard NumberText.isNumber(digits) else { throw .invalidNumber }
    } else if !kind.isNumber {
      throw .wrongType
    }
    do {
      return try NumberText.decimal(digits, scale: scale)
    } catch {
      throw error == .tooManyDigits ? .tooManyDigits : .outOfRange
    }
  }

  private mutating func timestamp(
    _ kind: json_kind, _ value: Span<UInt8>
  ) throws(ValueFault) -> Timestamp {
    if kind == JSON_STRING {
      do {
        return try times.parse(value)
      } catch {
        if case .timestamp(let fault) = error { throw .time(fault) }
        throw .time(.shape)
      }
    }
    let timestamp = try Timestamp(microseconds: int(kind, value))
    guard timestamp >= TimestampText.earliest, timestamp <= TimestampText.latest else {
      throw .time(.year)
    }
    return timestamp
  }

  /// Whether a time that was read is written as it is printed: `2026-01-31T23:59:59Z`.
  @inline(__always)
  private static func isPrinted(_ time: Span<UInt8>) -> Bool {
    time.count == TimestampText.shortCount && time[10] == UInt8(ascii: "T")
      && time[19] == UInt8(ascii: "Z")
  }

  private func duration(_ kind: json_kind, _ value: Span<UInt8>) throws(ValueFault) -> Int64 {
    guard kind == JSON_STRING else { return try int(kind, value) }
    guard let microseconds = DurationText.microseconds(value) else {
      throw .invalidDuration
    }
    return microseconds
  }

  private func enumerationCase(
    _ kind: json_kind, _ name: Span<UInt8>, _ enumeration: Int
  ) throws(ValueFault) -> Int {
    guard kind == JSON_STRING else { throw .wrongType }
    let cases = plan.enumerations[enumeration]
    for index in cases.indices where plan.isEqual(cases[index], name) { return index }
    throw .unknownCase
  }
}

extension json_kind {
  fileprivate var isNumber: Bool { self == JSON_INTEGER || self == JSON_FRACTION }
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
