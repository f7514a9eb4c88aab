public import Model

/// A function that rule files may call, with the types of its operands settled.
///
/// One implementation serves both evaluators: it takes payloads as the engine keeps them and spans
/// of UTF-8, and appends text to an output that the caller reuses, so that nothing is looked up and
/// little is allocated.
public enum LibraryFunction: UInt16, CaseIterable, Hashable, Sendable {
  // Text by code point: the strings extension.
  case concatenate, charAt, indexOf, indexOfFrom, lastIndexOf, lastIndexOfFrom
  case lowerAscii, upperAscii, replace, replaceFirst, substringFrom, substring, trim, reverse

  // Conversions.
  case boolToString, intToString, uintToString, doubleToString, decimalToString
  case timestampToString, durationToString
  case stringToBool, stringToInt, stringToUInt, stringToDouble, stringToTimestamp, stringToDuration
  case uintToInt, timestampToInt, decimalToInt, intToUInt, doubleToUInt, intToTimestamp
  /// A double, and the scale it is rounded to, halves to even.
  case doubleToDecimal

  // The math extension.
  case greatestInt, greatestUInt, greatestDouble, leastInt, leastUInt, leastDouble
  case absoluteInt, absoluteDouble, signInt, signUInt, signDouble
  case ceiling, floor, round, truncate, squareRoot, isNaN, isInfinite, isFinite
  case bitAnd, bitOr, bitXor, bitNot, bitShiftLeft, bitShiftRight

  // Clocks: an instant, the seconds its zone is east of UTC, and a `CalendarPart`.
  case calendarPart
  /// Whole units of so many microseconds in a duration.
  case durationPart
  /// What is left of a duration beyond whole seconds, in milliseconds.
  case durationMilliseconds

  // Our own.
  case editDistance, jaroWinkler, stableHash
  case emailLocal, emailDomain, emailCanonical, phoneCountry
  case luhnValid, clabeValid, clabeBank, curpValid, rfcValid
  case ipSubnet, ipIn, haversineKilometres
}

/// A part of a date or a time of day.
public enum CalendarPart: Int64, CaseIterable, Sendable {
  case year
  /// 1…12
  case month
  /// Day of the month, from 1.
  case day
  /// 1 is Monday, 7 Sunday: ISO 8601.
  case weekday
  /// From 0.
  case dayOfYear
  case hour
  case minute
  case second
  case millisecond
}

/// How a function is written and what it takes and gives.
public struct LibrarySignature: Hashable, Sendable {
  /// The name, qualified where it has a namespace: `math.abs`.
  public var name: String
  /// Whether it is written `x.name(…)`; the receiver is the first parameter.
  public var isMethod: Bool
  /// Types of receiver and arguments.
  public var parameters: [ValueType]
  /// Type of the result.
  public var result: ValueType
  /// Whether it can be missing although every operand is there.
  public var mayBeMissing: Bool
}

/// What a library function gave.
public enum LibraryOutcome: Hashable, Sendable {
  /// A payload that is no text.
  case value(UInt64)
  /// A bool.
  case bool(Bool)
  /// What was appended to the output.
  case written
  /// These bytes of the first text.
  case part(Range<Int>)
  /// There is no answer.
  case missing
  /// Computing it failed.
  case fault(EvaluationFault)
}

/// The operands of a library function, all of them present: payloads, and the UTF-8 of those that
/// are text.
public struct LibraryArguments: ~Escapable {
  /// Payloads; of text they mean nothing.
  public let payloads: InlineArray<4, UInt64>
  /// Texts by position of their operand; empty for others and from the fourth on.
  public let text: Span<UInt8>
  /// The second operand's.
  public let secondText: Span<UInt8>
  /// The third operand's.
  public let thirdText: Span<UInt8>

  /// Puts operands together.
  @_lifetime(copy text, copy secondText, copy thirdText)
  public init(
    _ payloads: InlineArray<4, UInt64>, _ text: Span<UInt8>, _ secondText: Span<UInt8>,
    _ thirdText: Span<UInt8>
  ) {
    self.payloads = payloads
    self.text = text
    self.secondText = secondText
    self.thirdText = thirdText
  }

  func int(_ position: Int) -> Int64 { Int64(bitPattern: payloads[position]) }

  func double(_ position: Int) -> Double { Double(bitPattern: payloads[position]) }
}

extension LibraryFunction {
  /// Runs it over operands that are all present. Text is appended to `output`; a text longer than
  /// `Limits.computedTextBytes` is a fault.
  public func evaluate(
    _ arguments: borrowing LibraryArguments, into output: inout [UInt8]
  ) -> LibraryOutcome {
    let start = output.count
    let outcome = computed(arguments, &output)
    if outcome == .written && output.count - start > Limits.computedTextBytes {
      return .fault(.argument)
    }
    return outcome
  }

  /// Which operands are text, the first in the lowest bit.
  public var textOperands: UInt8 {
    switch self {
    case .replace, .replaceFirst: 0b111
    case .concatenate, .indexOf, .indexOfFrom, .lastIndexOf, .lastIndexOfFrom, .editDistance,
      .jaroWinkler, .ipIn:
      0b11
    case .charAt, .lowerAscii, .upperAscii, .substringFrom, .substring, .trim, .reverse,
      .stringToBool, .stringToInt, .stringToUInt, .stringToDouble, .stringToTimestamp,
      .stringToDuration, .stableHash, .emailLocal, .emailDomain, .emailCanonical, .phoneCountry,
      .luhnValid, .clabeValid, .clabeBank, .curpValid, .rfcValid, .ipSubnet:
      0b1
    default: 0
    }
  }

  private func computed(
    _ arguments: borrowing LibraryArguments, _ output: inout [UInt8]
  ) -> LibraryOutcome {
    switch self {
    case .concatenate, .charAt, .indexOf, .indexOfFrom, .lastIndexOf, .lastIndexOfFrom,
      .lowerAscii, .upperAscii, .replace, .replaceFirst, .substringFrom, .substring, .trim,
      .reverse:
      text(arguments, &output)
    case .boolToString, .intToString, .uintToString, .doubleToString, .decimalToString,
      .timestampToString, .durationToString:
      printed(arguments, &output)
    case .stringToBool, .stringToInt, .stringToUInt, .stringToDouble, .stringToTimestamp,
      .stringToDuration:
      read(arguments)
    case .uintToInt, .timestampToInt, .decimalToInt, .intToUInt, .doubleToUInt, .intToTimestamp,
      .doubleToDecimal:
      converted(arguments)
    case .greatestInt, .greatestUInt, .greatestDouble, .leastInt, .leastUInt, .leastDouble,
      .absoluteInt, .absoluteDouble, .signInt, .signUInt, .signDouble, .ceiling, .floor, .round,
      .truncate, .squareRoot, .isNaN, .isInfinite, .isFinite, .bitAnd, .bitOr, .bitXor, .bitNot,
      .bitShiftLeft, .bitShiftRight:
      mathematics(arguments)
    case .calendarPart, .durationPart, .durationMilliseconds: clock(arguments)
    case .editDistance, .jaroWinkler, .stableHash, .emailLocal, .emailDomain, .emailCanonical,
      .phoneCountry, .luhnValid, .clabeValid, .clabeBank, .curpValid, .rfcValid, .ipSubnet, .ipIn,
      .haversineKilometres:
      check(arguments, &output)
    }
  }
}
