import Model
import Values

/// Prints values of signals as JSON, the same in answers and in digests: missing `null`, error
/// `"!E"`, a bound `{"value":5,"truncated":true}`, decimals with all digits of their scale, times
/// and durations and bytes as text, doubles in the fewest digits that read back the same.
struct SignalPrinter: Sendable {
  private enum Form: Sendable {
    case bool, int, uint, double, text, bytes, timestamp, duration
    case decimal(scale: Int)
    case enumeration([PreparedJSON.Piece])
    indirect case collected(Form)
  }

  private var forms: [Form] = []
  private var pieces = PreparedJSON()

  /// *Traps* on a signal of a type that has no payload of 64 bits.
  init(_ catalog: DecisionCatalog) {
    for signal in catalog.signals {
      forms.append(form(signal.type, catalog))
    }
  }

  func append(
    _ result: SignalResult, of decision: borrowing Decision, to output: inout TextBuffer
  ) {
    guard result.isTruncated else { return appendValue(result, decision, to: &output) }
    ValueText.append("{\"value\":", to: &output)
    appendValue(result, decision, to: &output)
    ValueText.append(",\"truncated\":true}", to: &output)
  }

  private func appendValue(
    _ result: SignalResult, _ decision: borrowing Decision, to output: inout TextBuffer
  ) {
    switch result.state {
    case .missing, .cleared: ValueText.append("null", to: &output)
    case .error: ValueText.append("\"!E\"", to: &output)
    case .present: appendPayload(result.payload, forms[result.signal], decision, to: &output)
    }
  }

  private func appendPayload(
    _ payload: UInt64, _ form: Form, _ decision: borrowing Decision, to output: inout TextBuffer
  ) {
    let signed = Int64(bitPattern: payload)
    switch form {
    case .bool: ValueText.append(payload != 0, to: &output)
    case .int: ValueText.append(signed, to: &output)
    case .uint: ValueText.append(payload, to: &output)
    case .double: appendDouble(Double(bitPattern: payload), to: &output)
    case .decimal(let scale):
      ValueText.append(Decimal(units: signed, scale: scale), to: &output)
    case .text: JSONText.append(bytes(payload, decision.text.span), to: &output)
    case .bytes:
      output.append(quote)
      Base64.append(bytes(payload, decision.text.span), to: &output)
      output.append(quote)
    case .timestamp:
      output.append(quote)
      TimestampText.append(Timestamp(microseconds: signed), to: &output)
      output.append(quote)
    case .duration:
      output.append(quote)
      ValueText.append(durationMicroseconds: signed, to: &output)
      output.append(quote)
    case .enumeration(let cases): pieces.append(cases[Int(payload)], to: &output)
    case .collected(let element):
      let range = CollectedReference(bits: payload).range
      ValueText.append("[", to: &output)
      for place in range {
        if place > range.lowerBound { ValueText.append(",", to: &output) }
        appendPayload(decision.collected[place], element, decision, to: &output)
      }
      ValueText.append("]", to: &output)
    }
  }

  /// JSON has no infinity and no NaN; they are texts here.
  private func appendDouble(_ value: Double, to output: inout TextBuffer) {
    if !value.isFinite { output.append(quote) }
    ValueText.append(value, to: &output)
    if !value.isFinite { output.append(quote) }
  }

  private let quote = UInt8(ascii: "\"")

  @_lifetime(copy text)
  private func bytes(_ payload: UInt64, _ text: Span<UInt8>) -> Span<UInt8> {
    let place = TextReference(bits: payload)
    return text.extracting(place.offset..<place.offset + place.length)
  }

  private mutating func form(_ type: ValueType, _ catalog: DecisionCatalog) -> Form {
    switch type {
    case .bool: return .bool
    case .int: return .int
    case .uint: return .uint
    case .double: return .double
    case .string, .reference: return .text
    case .bytes: return .bytes
    case .timestamp: return .timestamp
    case .duration: return .duration
    case .decimal(let scale, _): return .decimal(scale: scale)
    case .enumeration(let name):
      guard let enumeration = catalog.enumerations.first(where: { $0.name == name }) else {
        preconditionFailure("the catalog has no enumeration \(name)")
      }
      return .enumeration(enumeration.cases.map { pieces.add(name: $0) })
    case .collected(let element): return .collected(form(element, catalog))
    case .list, .map: preconditionFailure("\(type) has no payload to print")
    }
  }
}
