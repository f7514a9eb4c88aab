import Model
import Values

/// Prints values of signals as JSON, the same in answers and in digests: missing `null`, error
/// `"!E"`, a bound `{"value":5,"truncated":true}`, decimals with all digits of their scale, times
/// and durations and bytes as text, doubles in the fewest digits that read back the same.
struct SignalPrinter: Sendable {
  /// How values of a type are printed; holds no reference, so that looking it up counts none.
  private struct Form: Sendable {
    enum Kind: UInt8, Sendable {
      case bool, int, uint, double, decimal
      case text, bytes, timestamp, duration, enumeration, collected
    }

    var kind: Kind
    /// Of a decimal its scale, of an enumeration the position of its first case in `cases`, of a
    /// list the position of the form of its elements in `forms`.
    var detail = 0
  }

  /// One per signal, then those of elements.
  private var forms: [Form] = []
  private var cases: [PreparedJSON.Piece] = []
  private var pieces = PreparedJSON()

  /// *Traps* on a signal of a type that has no payload of 64 bits.
  init(_ catalog: DecisionCatalog) {
    // Elements of lists come behind the signals.
    forms = Array(repeating: Form(kind: .bool), count: catalog.signals.count)
    for (position, signal) in catalog.signals.enumerated() {
      forms[position] = form(signal.type, catalog)
    }
  }

  /// Appends all values, with commas between them.
  func append(
    _ results: Span<SignalResult>, of decision: borrowing Decision, to output: inout TextBuffer
  ) {
    if results.isEmpty { return }
    let forms = forms.span
    var index = 0
    while true {
      index = output.append(index..<results.count, separator: comma) {
        Self.shortText(results[$0], forms)
      }
      if index == results.count { break }
      append(results[index], of: decision, to: &output)
      output.append(comma)
      index += 1
    }
    output.removeLast()
  }

  /// A value that takes no more than eight bytes, as most do; of others nothing.
  @inline(__always)
  private static func shortText(
    _ result: SignalResult, _ forms: Span<Form>
  ) -> (word: UInt64, count: Int) {
    if result.isTruncated { return (0, 0) }
    guard result.state == .present else { return result.state == .error ? error : null }
    let payload = result.payload
    let form = forms[result.signal]
    switch form.kind {
    case .int, .uint:
      // Most numbers are counts, and most counts are small.
      if payload < ShortNumber.limit {
        let text = ShortNumber(payload)
        return (text.word, text.count)
      }
      guard let text = ShortDecimal(payload, scale: 0) else { return (0, 0) }
      return (text.word, text.count)
    case .decimal:
      guard let text = ShortDecimal(payload, scale: form.detail) else { return (0, 0) }
      return (text.word, text.count)
    case .bool: return payload != 0 ? (0x6575_7274, 4) : (0x65_736C_6166, 5)
    default: return (0, 0)
    }
  }

  /// `null`
  private static var null: (word: UInt64, count: Int) { (0x6C6C_756E, 4) }
  /// `"!E"`
  private static var error: (word: UInt64, count: Int) { (0x2245_2122, 4) }

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
    switch form.kind {
    case .bool: ValueText.append(payload != 0, to: &output)
    case .int: ValueText.append(signed, to: &output)
    case .uint: ValueText.append(payload, to: &output)
    case .double: appendDouble(Double(bitPattern: payload), to: &output)
    case .decimal:
      ValueText.append(Decimal(units: signed, scale: form.detail), to: &output)
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
    case .enumeration: pieces.append(cases[form.detail + Int(payload)], to: &output)
    case .collected:
      let range = CollectedReference(bits: payload).range
      ValueText.append("[", to: &output)
      for place in range {
        if place > range.lowerBound { ValueText.append(",", to: &output) }
        appendPayload(decision.collected[place], forms[form.detail], decision, to: &output)
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
  private let comma = UInt8(ascii: ",")

  @_lifetime(copy text)
  private func bytes(_ payload: UInt64, _ text: Span<UInt8>) -> Span<UInt8> {
    let place = TextReference(bits: payload)
    return text.extracting(place.offset..<place.offset + place.length)
  }

  private mutating func form(_ type: ValueType, _ catalog: DecisionCatalog) -> Form {
    switch type {
    case .bool: return Form(kind: .bool)
    case .int: return Form(kind: .int)
    case .uint: return Form(kind: .uint)
    case .double: return Form(kind: .double)
    case .string, .reference: return Form(kind: .text)
    case .bytes: return Form(kind: .bytes)
    case .timestamp: return Form(kind: .timestamp)
    case .duration: return Form(kind: .duration)
    case .decimal(let scale, _): return Form(kind: .decimal, detail: scale)
    case .enumeration(let name):
      guard let enumeration = catalog.enumerations.first(where: { $0.name == name }) else {
        preconditionFailure("the catalog has no enumeration \(name)")
      }
      let first = cases.count
      for name in enumeration.cases { cases.append(pieces.add(name: name)) }
      return Form(kind: .enumeration, detail: first)
    case .collected(let element):
      let element = form(element, catalog)
      forms.append(element)
      return Form(kind: .collected, detail: forms.count - 1)
    case .list, .map: preconditionFailure("\(type) has no payload to print")
    }
  }
}
