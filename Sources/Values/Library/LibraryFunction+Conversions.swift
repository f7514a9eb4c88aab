internal import Model

/// Between types. A text that does not read as the wanted type is a conversion error.
///
/// *Source*: cel-spec, langdef.md, "List of standard definitions".
extension LibraryFunction {
  /// Text of a value, as it is printed everywhere.
  func printed(
    _ arguments: borrowing LibraryArguments, _ output: inout [UInt8]
  ) -> LibraryOutcome {
    switch self {
    case .boolToString: ValueText.append(arguments.payloads[0] != 0, to: &output)
    case .intToString: ValueText.append(arguments.int(0), to: &output)
    case .uintToString: ValueText.append(arguments.payloads[0], to: &output)
    case .doubleToString:
      output.append(contentsOf: DoubleText.shortest(arguments.double(0)).utf8)
    case .decimalToString:
      guard let scale = Int(exactly: arguments.int(1)), (0...Decimal.largestScale).contains(scale)
      else { return .fault(.argument) }
      ValueText.append(Decimal(units: arguments.int(0), scale: scale), to: &output)
    case .timestampToString:
      TimestampText.append(Timestamp(microseconds: arguments.int(0)), to: &output)
    case .durationToString:
      ValueText.append(durationMicroseconds: arguments.int(0), to: &output)
    default: preconditionFailure("\(self) prints nothing")
    }
    return .written
  }

  func read(_ arguments: borrowing LibraryArguments) -> LibraryOutcome {
    let text = arguments.text
    switch self {
    case .stringToBool: return Self.bool(text)
    case .stringToInt:
      return Self.int(text).map { .value(UInt64(bitPattern: $0)) } ?? .fault(.conversion)
    case .stringToUInt:
      return Self.magnitude(text).map { .value($0) } ?? .fault(.conversion)
    case .stringToDouble: return Self.double(text)
    case .stringToTimestamp:
      do throws(ValueError) {
        return .value(UInt64(bitPattern: try TimestampText.parse(text).microseconds))
      } catch {
        return .fault(.conversion)
      }
    case .stringToDuration:
      do throws(DynamicFault) {
        let nanoseconds = try DynamicTime.duration(text: Self.string(text))
        guard nanoseconds % 1_000 == 0 else { return .fault(.conversion) }
        return .value(UInt64(bitPattern: Int64(nanoseconds / 1_000)))
      } catch {
        return .fault(.conversion)
      }
    default: preconditionFailure("\(self) reads nothing")
    }
  }

  func converted(_ arguments: borrowing LibraryArguments) -> LibraryOutcome {
    let payload = arguments.payloads[0]
    let int = arguments.int(0)
    switch self {
    case .uintToInt: return Int64(exactly: payload) == nil ? .fault(.overflow) : .value(payload)
    case .intToUInt: return int < 0 ? .fault(.overflow) : .value(payload)
    case .timestampToInt:
      let seconds = int / 1_000_000 - (int % 1_000_000 < 0 ? 1 : 0)
      return .value(UInt64(bitPattern: seconds))
    case .intToTimestamp:
      let (microseconds, overflows) = int.multipliedReportingOverflow(by: 1_000_000)
      guard !overflows, microseconds >= TimestampText.earliest.microseconds,
        microseconds <= TimestampText.latest.microseconds
      else { return .fault(.overflow) }
      return .value(UInt64(bitPattern: microseconds))
    case .doubleToUInt:
      let value = arguments.double(0)
      guard value >= 0, value < 0x1p64 else { return .fault(.overflow) }
      return .value(UInt64(value))
    case .decimalToInt:
      guard let scale = Int(exactly: arguments.int(1)), (0...Decimal.largestScale).contains(scale)
      else { return .fault(.argument) }
      return .value(UInt64(bitPattern: int / Decimal.powerOfTen(scale)))
    case .doubleToDecimal:
      guard let scale = Int(exactly: arguments.int(1)), (0...Decimal.largestScale).contains(scale)
      else { return .fault(.argument) }
      let units = ExactArithmetic.units(of: arguments.double(0), scale: scale)
      return units.map { .value(UInt64(bitPattern: $0)) } ?? .fault(.overflow)
    default: preconditionFailure("\(self) converts nothing")
    }
  }

  // MARK: Reading

  /// Five bytes at most decide.
  private static func bool(_ text: Span<UInt8>) -> LibraryOutcome {
    guard text.count <= 5 else { return .fault(.conversion) }
    return switch string(text) {
    case "1", "t", "T", "true", "TRUE", "True": .bool(true)
    case "0", "f", "F", "false", "FALSE", "False": .bool(false)
    default: .fault(.conversion)
    }
  }

  private static func int(_ text: Span<UInt8>) -> Int64? {
    guard let first = text.isEmpty ? nil : text[0] else { return nil }
    let isSigned = first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
    guard let magnitude = magnitude(text.extracting((isSigned ? 1 : 0)...)) else { return nil }
    if first == UInt8(ascii: "-") {
      return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
    }
    return Int64(exactly: magnitude)
  }

  /// Digits and nothing else.
  private static func magnitude(_ text: Span<UInt8>) -> UInt64? {
    guard !text.isEmpty else { return nil }
    var value: UInt64 = 0
    for index in text.indices {
      let digit = text[index] &- 48
      guard digit < 10 else { return nil }
      let (product, overflows) = value.multipliedReportingOverflow(by: 10)
      let (sum, carries) = product.addingReportingOverflow(UInt64(digit))
      if overflows || carries { return nil }
      value = sum
    }
    return value
  }

  private static func double(_ text: Span<UInt8>) -> LibraryOutcome {
    // Longer than this is no number a person or a program writes.
    guard text.count <= 512 else { return .fault(.conversion) }
    let written = string(text)
    let value = Double(written.hasPrefix(".") ? "0" + written : written)
    return value.map { .value($0.bitPattern) } ?? .fault(.conversion)
  }

  static func string(_ text: Span<UInt8>) -> String {
    var bytes: [UInt8] = []
    bytes.append(text)
    return String(decoding: bytes, as: UTF8.self)
  }
}
