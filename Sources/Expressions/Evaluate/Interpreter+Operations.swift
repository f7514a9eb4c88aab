internal import Model
internal import Values

extension Interpreter {
  /// Equality, order and membership; nil when the overload is none of them.
  static func comparison(_ overload: Overload, _ left: Value, _ right: Value) -> Value? {
    switch overload {
    case .equalBits, .equalDouble, .equalText: .bool(isSame(left, right))
    case .notEqualBits, .notEqualDouble, .notEqualText: .bool(!isSame(left, right))
    case .lessInt: .bool(ordinal(left) < ordinal(right))
    case .lessOrEqualInt: .bool(ordinal(left) <= ordinal(right))
    case .lessUInt, .lessOrEqualUInt:
      if case .uint(let a) = left, case .uint(let b) = right {
        .bool(overload == .lessUInt ? a < b : a <= b)
      } else {
        nil
      }
    case .lessDouble, .lessOrEqualDouble:
      if case .double(let a) = left, case .double(let b) = right {
        .bool(overload == .lessDouble ? a < b : a <= b)
      } else {
        nil
      }
    case .lessText: .bool(bytes(left).lexicographicallyPrecedes(bytes(right)))
    case .lessOrEqualText: .bool(!bytes(right).lexicographicallyPrecedes(bytes(left)))
    case .isIn:
      if case .list(let elements) = right {
        .bool(elements.contains { isSame($0, left) })
      } else {
        nil
      }
    case .collectedItem:
      if case .list(let elements) = left, case .int(let place) = right {
        elements.indices.contains(Int(place)) ? elements[Int(place)] : .missing
      } else {
        nil
      }
    default: nil
    }
  }

  /// Equality of values of one type. Text is equal by its bytes: two spellings of one letter
  /// differ.
  private static func isSame(_ left: Value, _ right: Value) -> Bool {
    if case .string(let a) = left, case .string(let b) = right {
      return a.utf8.elementsEqual(b.utf8)
    }
    return left == right
  }

  /// The number by which int, timestamp, duration and decimal of one scale are ordered.
  private static func ordinal(_ value: Value) -> Int64 {
    switch value {
    case .int(let value), .duration(let value): value
    case .timestamp(let value): value.microseconds
    case .decimal(let value): value.units
    default: preconditionFailure("\(value) has no order")
    }
  }

  private static func bytes(_ value: Value) -> [UInt8] {
    switch value {
    case .string(let text): Array(text.utf8)
    case .bytes(let bytes): bytes
    default: preconditionFailure("\(value) is not text")
    }
  }

  /// Arithmetic on two operands; nil when the overload is none.
  static func arithmetic(_ overload: Overload, _ left: Value, _ right: Value) -> Value? {
    switch (left, right) {
    case (.int(let a), .int(let b)): whole(overload, a, b).map { $0.value(Value.int) }
    case (.uint(let a), .uint(let b)): unsigned(overload, a, b)
    case (.double(let a), .double(let b)): double(overload, a, b)
    case (.duration(let a), .duration(let b)):
      whole(overload, a, b).map { $0.value(Value.duration) }
    case (.timestamp(let at), .string(let zone)):
      TimeZoneTable.offset(of: zone, at: seconds(at)).map { .int(Int64($0)) }
    case (.timestamp(let a), .duration(let b)):
      whole(overload, a.microseconds, b).map {
        $0.value { Value.timestamp(Timestamp(microseconds: $0)) }
      }
    case (.timestamp(let a), .timestamp(let b)):
      whole(overload, a.microseconds, b.microseconds).map { $0.value(Value.duration) }
    case (.decimal(let a), .decimal(let b)): decimal(overload, a, b)
    case (.decimal(let a), .int(let b)), (.int(let b), .decimal(let a)):
      decimal(overload, a, Decimal(units: b, scale: 0))
    default: nil
    }
  }

  /// Whole seconds, towards the past.
  private static func seconds(_ time: Timestamp) -> Int64 {
    time.microseconds / 1_000_000 - (time.microseconds % 1_000_000 < 0 ? 1 : 0)
  }

  /// The result of a whole-number operation.
  enum Whole {
    case number(Int64)
    case fault(EvaluationFault)

    init(_ result: (partialValue: Int64, overflow: Bool)) {
      self = result.overflow ? .fault(.overflow) : .number(result.partialValue)
    }

    func value(_ make: (Int64) -> Value) -> Value {
      switch self {
      case .number(let number): make(number)
      case .fault(let fault): .error(fault)
      }
    }
  }

  private static func whole(_ overload: Overload, _ a: Int64, _ b: Int64) -> Whole? {
    switch overload {
    case .addInt, .addDuration, .addTimestampDuration: return Whole(a.addingReportingOverflow(b))
    case .subtractInt, .subtractDuration, .subtractTimestamps, .subtractTimestampDuration:
      return Whole(a.subtractingReportingOverflow(b))
    case .multiplyInt: return Whole(a.multipliedReportingOverflow(by: b))
    case .divideInt:
      return b == 0 ? .fault(.divisionByZero) : Whole(a.dividedReportingOverflow(by: b))
    case .remainderInt:
      // The least number by -1 has no quotient, so it has no remainder either.
      return b == 0
        ? .fault(.divisionByZero) : Whole(a.remainderReportingOverflow(dividingBy: b))
    default: return nil
    }
  }

  private static func unsigned(_ overload: Overload, _ a: UInt64, _ b: UInt64) -> Value? {
    let result: (partialValue: UInt64, overflow: Bool)
    switch overload {
    case .addUInt: result = a.addingReportingOverflow(b)
    case .subtractUInt: result = a.subtractingReportingOverflow(b)
    case .multiplyUInt: result = a.multipliedReportingOverflow(by: b)
    case .divideUInt:
      if b == 0 { return .error(.divisionByZero) }
      result = (a / b, false)
    case .remainderUInt:
      if b == 0 { return .error(.divisionByZero) }
      result = (a % b, false)
    default: return nil
    }
    return result.overflow ? .error(.overflow) : .uint(result.partialValue)
  }

  private static func double(_ overload: Overload, _ a: Double, _ b: Double) -> Value? {
    switch overload {
    case .addDouble: .double(a + b)
    case .subtractDouble: .double(a - b)
    case .multiplyDouble: .double(a * b)
    case .divideDouble: .double(a / b)
    default: nil
    }
  }

  private static func decimal(_ overload: Overload, _ a: Decimal, _ b: Decimal) -> Value? {
    let exact: Int128
    var scale = a.scale
    switch overload {
    case .addDecimal: exact = Int128(a.units) + Int128(b.units)
    case .subtractDecimal: exact = Int128(a.units) - Int128(b.units)
    case .multiplyDecimal:
      exact = Int128(a.units) * Int128(b.units)
      scale = a.scale + b.scale
    case .divideDecimalInt:
      if b.units == 0 { return .error(.divisionByZero) }
      exact = roundedHalfEven(Int128(a.units), by: Int128(b.units))
    case .divideDecimals:
      if b.units == 0 { return .error(.divisionByZero) }
      scale = 6
      exact = roundedHalfEven(Int128(a.units) * 1_000_000, by: Int128(b.units))
    default: return nil
    }
    return Int64(exactly: exact).map { .decimal(Decimal(units: $0, scale: scale)) }
      ?? .error(.overflow)
  }

  /// Division rounded to the nearest, ties to the even neighbour.
  private static func roundedHalfEven(_ dividend: Int128, by divisor: Int128) -> Int128 {
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
    let twice = remainder.magnitude * 2
    let away: Int128 = (dividend < 0) == (divisor < 0) ? 1 : -1
    if twice > divisor.magnitude { return quotient + away }
    if twice == divisor.magnitude, quotient % 2 != 0 { return quotient + away }
    return quotient
  }

  /// The checker has compiled every pattern before; one that does not compile is a bug.
  private static func matches(_ text: String, pattern: String) -> Value {
    guard var compiled = try? CompiledPattern(Array(pattern.utf8).span) else {
      preconditionFailure("an unchecked pattern")
    }
    return switch compiled.matches(Array(text.utf8).span) {
    case .yes: .bool(true)
    case .no: .bool(false)
    case .limit: .error(.regexLimit)
    }
  }

  /// Operations on text.
  static func text(_ overload: Overload, _ left: Value, _ right: Value) -> Value {
    guard case .string(let a) = left, case .string(let b) = right else {
      preconditionFailure("\(overload) is not an operation on \(left) and \(right)")
    }
    switch overload {
    case .matches: return matches(a, pattern: b)
    case .contains: return .bool(b.isEmpty || a.utf8.containsRun(of: Array(b.utf8)))
    case .startsWith: return .bool(a.utf8.starts(with: b.utf8))
    case .endsWith: return .bool(a.utf8.reversed().starts(with: b.utf8.reversed()))
    default: preconditionFailure("\(overload) is not an operation on text")
    }
  }
}

extension String.UTF8View {
  /// Whether the bytes occur one after the other somewhere.
  func containsRun(of wanted: [UInt8]) -> Bool {
    let bytes = Array(self)
    guard bytes.count >= wanted.count else { return false }
    return (0...(bytes.count - wanted.count)).contains { bytes[$0...].starts(with: wanted) }
  }
}
