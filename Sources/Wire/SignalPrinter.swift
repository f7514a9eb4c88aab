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

  /// Where the texts of the payloads below a limit lie in `words`.
  private struct KnownWords: Sendable {
    var limit: UInt32 = 0
    var first: UInt32 = 0
  }

  /// One per signal, then those of elements.
  private var forms: [Form] = []
  /// By signal, which of its payloads have their text in `words`.
  private var known: [KnownWords] = []
  /// Texts of small numbers and of booleans with a comma, the first byte lowest, and in the highest
  /// byte how many bytes these are: most signals are counts, and most counts are small.
  private let words: [UInt64]
  private var cases: [PreparedJSON.Piece] = []
  private var pieces = PreparedJSON()

  /// *Traps* on a signal of a type that has no payload of 64 bits.
  init(_ catalog: DecisionCatalog) {
    var words = (0..<ShortNumber.limit).map { number in
      let text = ShortNumber(number)
      return Self.withComma(text.word, text.count)
    }
    words += [Self.withComma(0x65_736C_6166, 5), Self.withComma(0x6575_7274, 4)]
    self.words = words
    // Elements of lists come behind the signals.
    forms = Array(repeating: Form(kind: .bool), count: catalog.signals.count)
    for (position, signal) in catalog.signals.enumerated() {
      forms[position] = form(signal.type, catalog)
    }
    let counts = UInt32(ShortNumber.limit)
    known = forms.prefix(catalog.signals.count).map {
      switch $0.kind {
      case .int, .uint: KnownWords(limit: counts)
      case .bool: KnownWords(limit: 2, first: counts)
      default: KnownWords()
      }
    }
  }

  /// A text of at most six bytes with a comma and, in the highest byte, how many these are.
  private static func withComma(_ word: UInt64, _ count: Int) -> UInt64 {
    word | UInt64(UInt8(ascii: ",")) << UInt64(8 * count) | UInt64(count + 1) << 56
  }

  /// Appends all values, with commas between them.
  func append(
    _ results: Span<SignalResult>, of decision: borrowing Decision, to output: inout TextBuffer
  ) {
    if results.isEmpty { return }
    let forms = forms.span
    let known = known.span
    let words = words.span
    var index = 0
    while true {
      let rest = results.extracting(index...)
      index += output.append(0..<rest.count) { Self.shortText(rest[$0], forms, known, words) }
      if index == results.count { break }
      append(results[index], of: decision, to: &output)
      output.append(comma)
      index += 1
    }
    output.removeLast()
  }

  /// A value with a comma that takes no more than eight bytes, as most do; of no bytes for others.
  @inline(__always)
  private static func shortText(
    _ result: SignalResult, _ forms: Span<Form>, _ known: Span<KnownWords>, _ words: Span<UInt64>
  ) -> (word: UInt64, count: Int) {
    if result.isTruncated { return (0, 0) }
    guard result.state == .present else { return result.state == .error ? error : null }
    let payload = result.payload
    guard payload < UInt64(known[result.signal].limit) else {
      return shortDecimal(payload, forms[result.signal])
    }
    // All eight bytes are taken, for how many there are lies behind the text.
    let word = words[Int(truncatingIfNeeded: payload) &+ Int(known[result.signal].first)]
    return (word, Int(truncatingIfNeeded: word &>> 56))
  }

  /// An amount or a greater count with a comma, in eight bytes; none for others. Not inlined, so
  /// that what most signals take is small.
  @inline(never)
  private static func shortDecimal(_ payload: UInt64, _ form: Form) -> (word: UInt64, count: Int) {
    let scale: Int
    switch form.kind {
    case .int, .uint: scale = 0
    case .decimal: scale = form.detail
    default: return (0, 0)
    }
    guard let text = ShortDecimal(payload, scale: scale), text.count < 8 else { return (0, 0) }
    let comma = UInt64(UInt8(ascii: ",")) &<< UInt64(truncatingIfNeeded: 8 &* text.count)
    return (text.word | comma, text.count &+ 1)
  }

  /// `null,`
  private static var null: (word: UInt64, count: Int) { (0x2C_6C6C_756E, 5) }
  /// `"!E",`
  private static var error: (word: UInt64, count: Int) { (0x2C_2245_2122, 5) }

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
