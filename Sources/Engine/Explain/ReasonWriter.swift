import Model
import Program
import Values

/// Writes reason texts into a decision.
enum ReasonWriter {
  /// The language a text is in, which decides how a missing value prints.
  private enum Language {
    case english, spanish
  }

  /// Appends the texts of a reason and tells where they lie. The customer's are left out unless the
  /// rule fired: nobody is told that a check failed which never ran.
  static func write(
    _ template: TemplatePlan, forCustomer: Bool, _ plan: borrowing EnginePlan,
    _ registers: borrowing Registers,
    _ texts: borrowing TextArenas, to output: inout [UInt8]
  ) -> ReasonTexts {
    var ranges = ReasonTexts()
    ranges.analystEnglish = write(
      template.analystEnglish, .english, plan, registers, texts, to: &output)
    ranges.analystSpanish = write(
      template.analystSpanish, .spanish, plan, registers, texts, to: &output)
    guard forCustomer else { return ranges }
    ranges.customerEnglish = write(
      template.customerEnglish, .english, plan, registers, texts, to: &output)
    ranges.customerSpanish = write(
      template.customerSpanish, .spanish, plan, registers, texts, to: &output)
    return ranges
  }

  private static func write(
    _ pieces: Range<Int>, _ language: Language, _ plan: borrowing EnginePlan,
    _ registers: borrowing Registers, _ texts: borrowing TextArenas, to output: inout [UInt8]
  ) -> Range<Int> {
    let start = output.count
    for position in pieces {
      switch plan.templatePieces[position] {
      case .literal(let range): output.append(plan.templateText.span.extracting(range))
      case .hole(let register, let kind):
        switch registers.state(register) {
        case Registers.present:
          print(registers.payload(register), kind, plan, texts, to: &output)
        case Registers.missing:
          ValueText.append(language == .english ? "–" : "sin dato", to: &output)
        default: ValueText.append("error", to: &output)
        }
      }
    }
    return start..<output.count
  }

  private static func print(
    _ payload: UInt64, _ kind: PrintKind, _ plan: borrowing EnginePlan,
    _ texts: borrowing TextArenas, to output: inout [UInt8]
  ) {
    let integer = Int64(bitPattern: payload)
    switch kind {
    case .bool: ValueText.append(payload != 0, to: &output)
    case .int: ValueText.append(integer, to: &output)
    case .uint: ValueText.append(payload, to: &output)
    case .double: ValueText.append(Double(bitPattern: payload), to: &output)
    case .text: output.append(texts.bytes(payload))
    case .bytes: appendHexadecimal(texts.bytes(payload), to: &output)
    case .timestamp: TimestampText.append(Timestamp(microseconds: integer), to: &output)
    case .duration: ValueText.append(durationMicroseconds: integer, to: &output)
    case .decimal(let scale): ValueText.append(Decimal(units: integer, scale: scale), to: &output)
    case .collected(let element):
      let range = CollectedReference(bits: payload).range
      for place in range {
        if place > range.lowerBound { ValueText.append(", ", to: &output) }
        print(texts.collected[place], element, plan, texts, to: &output)
      }
    case .enumeration(let first, let count):
      precondition(payload < UInt64(count), "a case outside its enumeration")
      output.append(plan.templateText.span.extracting(plan.caseNames[first + Int(payload)]))
    }
  }

  private static func appendHexadecimal(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
    for index in bytes.indices {
      for digit in [bytes[index] >> 4, bytes[index] & 15] {
        output.append(digit < 10 ? 48 + digit : 87 + digit)
      }
    }
  }
}
