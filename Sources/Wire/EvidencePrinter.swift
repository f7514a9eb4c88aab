import Model
public import Values

/// Prints what makes graph signals true:
/// `{"SIGNAL":{"ties":[…],"complete":true},…}`. A tie is `{"from":N,"to":N,"link":"…"}`,
/// `{"between":[N,N],"identifier":"…","value":N}`, `{"identifier":"…","value":N,"hub":true}` or
/// `{"account":N,"label":"…"}`; a name N is a text, or `{"token":"…"}` of sixteen hexadecimal
/// digits for one that the event does not hold.
struct EvidencePrinter: Sendable {
  private var pieces = PreparedJSON()
  private var signals: [PreparedJSON.Piece] = []
  private var links: [PreparedJSON.Piece] = []
  private var identifiers: [PreparedJSON.Piece] = []
  private var labels: [PreparedJSON.Piece] = []

  init(_ catalog: DecisionCatalog) {
    signals = catalog.signals.map { pieces.add(name: $0.name) }
    links = catalog.links.map { pieces.add(name: $0) }
    identifiers = catalog.identifiers.map { pieces.add(name: $0) }
    labels = catalog.labels.map { pieces.add(name: $0) }
  }

  func append(_ decision: borrowing Decision, to output: inout TextBuffer) {
    ValueText.append("{", to: &output)
    var index = 0
    while index < decision.evidence.count {
      let evidence = decision.evidence[index]
      if index > 0 { ValueText.append(",", to: &output) }
      index += 1
      pieces.append(signals[evidence.signal], to: &output)
      ValueText.append(":{\"ties\":[", to: &output)
      for position in evidence.ties {
        if position > evidence.ties.lowerBound { ValueText.append(",", to: &output) }
        append(decision.ties[position], text: decision.text.span, to: &output)
      }
      ValueText.append("],\"complete\":", to: &output)
      ValueText.append(evidence.isComplete, to: &output)
      ValueText.append("}", to: &output)
    }
    ValueText.append("}", to: &output)
  }

  private func append(_ tie: EvidenceTie, text: Span<UInt8>, to output: inout TextBuffer) {
    switch tie {
    case .edge(let link, let from, let to):
      ValueText.append("{\"from\":", to: &output)
      append(from, text, to: &output)
      ValueText.append(",\"to\":", to: &output)
      append(to, text, to: &output)
      ValueText.append(",\"link\":", to: &output)
      pieces.append(links[link], to: &output)
    case .shared(let identifier, let value, let left, let right):
      ValueText.append("{\"between\":[", to: &output)
      append(left, text, to: &output)
      ValueText.append(",", to: &output)
      append(right, text, to: &output)
      ValueText.append("],", to: &output)
      append(identifier, value, text, to: &output)
    case .hub(let identifier, let value):
      ValueText.append("{", to: &output)
      append(identifier, value, text, to: &output)
      ValueText.append(",\"hub\":true", to: &output)
    case .label(let label, let account):
      ValueText.append("{\"account\":", to: &output)
      append(account, text, to: &output)
      ValueText.append(",\"label\":", to: &output)
      pieces.append(labels[label], to: &output)
    }
    ValueText.append("}", to: &output)
  }

  private func append(
    _ identifier: Int, _ value: EvidenceName, _ text: Span<UInt8>, to output: inout TextBuffer
  ) {
    ValueText.append("\"identifier\":", to: &output)
    pieces.append(identifiers[identifier], to: &output)
    ValueText.append(",\"value\":", to: &output)
    append(value, text, to: &output)
  }

  private func append(_ name: EvidenceName, _ text: Span<UInt8>, to output: inout TextBuffer) {
    guard name.text.isEmpty else {
      return JSONText.append(text.extracting(name.text), to: &output)
    }
    ValueText.append("{\"token\":\"", to: &output)
    TokenText.append(name.token, to: &output)
    ValueText.append("\"}", to: &output)
  }
}

/// Tokens of accounts and values, as sixteen hexadecimal digits.
public enum TokenText {
  /// Appends the digits of a token.
  public static func append(_ token: UInt64, to output: inout some TextOutput & ~Copyable) {
    for digit in 0..<16 {
      let bits = UInt8(truncatingIfNeeded: token >> UInt64(60 - 4 * digit)) & 15
      output.append(bits < 10 ? 48 + bits : 87 + bits)
    }
  }
}
