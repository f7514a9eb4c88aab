extension DynamicLibrary {
  /// `int(x)` and its kin.
  static let conversions: [String: DynamicFunction] = [
    "type": unary { value throws(DynamicFault) in .type(value.typeName) },
    "dyn": unary { value throws(DynamicFault) in value },
    "bool": unary(toBool), "int": unary(toInt), "uint": unary(toUInt), "double": unary(toDouble),
    "string": unary(toString), "bytes": unary(toBytes),
    "timestamp": unary { value throws(DynamicFault) in
      switch value {
      case .timestamp: return value
      case .string(let text): return .timestamp(try DynamicTime.timestamp(text: text))
      case .int(let seconds):
        return .timestamp(try DynamicTime.timestamp(Int128(seconds) * DynamicTime.second))
      default: throw .noSuchOverload("timestamp")
      }
    },
    "duration": unary { value throws(DynamicFault) in
      switch value {
      case .duration: return value
      case .string(let text): return .duration(try DynamicTime.duration(text: text))
      default: throw .noSuchOverload("duration")
      }
    },
  ]

  private static func toBool(_ value: DynamicValue) throws(DynamicFault) -> DynamicValue {
    switch value {
    case .bool: return value
    case .string(let text):
      switch text {
      case "1", "t", "T", "true", "TRUE", "True": return .bool(true)
      case "0", "f", "F", "false", "FALSE", "False": return .bool(false)
      default: throw .invalidArgument("`\(text)` is no bool")
      }
    default: throw .noSuchOverload("bool")
    }
  }

  private static func toInt(_ value: DynamicValue) throws(DynamicFault) -> DynamicValue {
    switch value {
    case .int: return value
    case .uint(let number):
      guard let exact = Int64(exactly: number) else { throw .overflow }
      return .int(exact)
    case .double(let number):
      // The least integer is refused with its neighbours: as a double it stands for all of them.
      guard number > -0x1p63, number < 0x1p63 else { throw .overflow }
      return .int(Int64(number))
    case .string(let text):
      guard let number = Int64(text) else { throw .invalidArgument("`\(text)` is no int") }
      return .int(number)
    case .timestamp(let nanoseconds): return .int(DynamicTime.parts(nanoseconds).seconds)
    default: throw .noSuchOverload("int")
    }
  }

  private static func toUInt(_ value: DynamicValue) throws(DynamicFault) -> DynamicValue {
    switch value {
    case .uint: return value
    case .int(let number):
      guard let exact = UInt64(exactly: number) else { throw .overflow }
      return .uint(exact)
    case .double(let number):
      guard number >= 0, number < 0x1p64 else { throw .overflow }
      return .uint(UInt64(number))
    case .string(let text):
      guard !text.hasPrefix("+"), let number = UInt64(text) else {
        throw .invalidArgument("`\(text)` is no uint")
      }
      return .uint(number)
    default: throw .noSuchOverload("uint")
    }
  }

  private static func toDouble(_ value: DynamicValue) throws(DynamicFault) -> DynamicValue {
    switch value {
    case .double: return value
    case .int(let number): return .double(Double(number))
    case .uint(let number): return .double(Double(number))
    case .string(let text):
      guard text.utf8.first != UInt8(ascii: "."), let number = Double(text) else {
        if text.hasPrefix("."), let number = Double("0" + text) { return .double(number) }
        throw .invalidArgument("`\(text)` is no double")
      }
      return .double(number)
    default: throw .noSuchOverload("double")
    }
  }

  private static func toString(_ value: DynamicValue) throws(DynamicFault) -> DynamicValue {
    switch value {
    case .string: return value
    case .bool(let value): return .string(value ? "true" : "false")
    case .int(let number): return .string(String(number))
    case .uint(let number): return .string(String(number))
    case .double(let number): return .string(DoubleText.shortest(number))
    case .bytes(let bytes):
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw .invalidArgument("invalid UTF-8")
      }
      return .string(text)
    case .timestamp(let nanoseconds): return .string(DynamicTime.text(timestamp: nanoseconds))
    case .duration(let nanoseconds): return .string(DynamicTime.text(duration: nanoseconds))
    case .address(let address): return .string(address.text)
    case .subnet(let subnet): return .string(subnet.text)
    default: throw .noSuchOverload("string")
    }
  }

  private static func toBytes(_ value: DynamicValue) throws(DynamicFault) -> DynamicValue {
    switch value {
    case .bytes: return value
    case .string(let text): return .bytes(Array(text.utf8))
    default: throw .noSuchOverload("bytes")
    }
  }

  /// Parts of timestamps and durations.
  static let timeMethods: [String: DynamicFunction] = [
    "getFullYear": datePart { $0.date.year },
    "getMonth": datePart { $0.date.month - 1 },
    "getDate": datePart { $0.date.day },
    "getDayOfMonth": datePart { $0.date.day - 1 },
    "getDayOfWeek": datePart(\.dayOfWeek),
    "getDayOfYear": datePart(\.dayOfYear),
    "getHours": timePart(\.hour, unit: 3_600_000_000_000),
    "getMinutes": timePart(\.minute, unit: 60_000_000_000),
    "getSeconds": timePart(\.second, unit: 1_000_000_000),
    "getMilliseconds": { arguments throws(DynamicFault) in
      switch arguments.first {
      case .duration(let nanoseconds)? where arguments.count == 1:
        return .int(Int64(nanoseconds % 1_000_000_000 / 1_000_000))
      case .timestamp(let nanoseconds)?:
        _ = try civil(arguments)
        return .int(DynamicTime.parts(nanoseconds).nanoseconds / 1_000_000)
      default: throw .noSuchOverload("getMilliseconds")
      }
    },
  ]

  private static func datePart(_ part: @escaping @Sendable (CivilTime) -> Int) -> DynamicFunction {
    { (arguments: [DynamicValue]) throws(DynamicFault) in
      .int(Int64(part(try civil(arguments))))
    }
  }

  private static func timePart(
    _ part: @escaping @Sendable (CivilTime) -> Int, unit: Int128
  ) -> DynamicFunction {
    { (arguments: [DynamicValue]) throws(DynamicFault) in
      if case .duration(let nanoseconds)? = arguments.first, arguments.count == 1 {
        return .int(Int64(nanoseconds / unit))
      }
      return .int(Int64(part(try civil(arguments))))
    }
  }

  /// The time on the clocks of the zone named by the second argument, or of UTC.
  private static func civil(_ arguments: [DynamicValue]) throws(DynamicFault) -> CivilTime {
    guard case .timestamp(let nanoseconds)? = arguments.first, arguments.count <= 2 else {
      throw .noSuchOverload("parts of a timestamp")
    }
    let seconds = DynamicTime.parts(nanoseconds).seconds
    guard arguments.count == 2 else { return CivilTime(seconds: seconds) }
    guard case .string(let zone) = arguments[1] else {
      throw .noSuchOverload("parts of a timestamp")
    }
    guard
      let offset = TimeZoneTable.fixedOffset(zone)
        ?? TimeZoneTable.offset(of: zone, at: seconds)
    else { throw .invalidArgument("no time zone `\(zone)`") }
    return CivilTime(seconds: seconds + Int64(offset))
  }
}
