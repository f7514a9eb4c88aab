import Digests
public import Model
public import Values

/// Writes what a digest holds of a decision: one line of JSON,
/// `[event, id, [signals], [[rule, outcome, score], …], score, decision]`.
///
/// Holds no sequence, time, text or hash, so that two runs that decide the same write the same.
public struct DigestLine: Sendable {
  private var pieces = PreparedJSON()
  private let signals: SignalPrinter
  private var events: [PreparedJSON.Piece] = []
  /// By outcome and rule: `,["name","fires",` for one that fired, `,["name","silent",0]` for
  /// others, which score nothing.
  private var rules: [PreparedJSON.Piece] = []
  private let ruleCount: Int
  private var outcomes: [[PreparedJSON.Piece]] = []

  /// Prepares for the decisions of a package.
  public init(_ catalog: DecisionCatalog) {
    signals = SignalPrinter(catalog)
    ruleCount = catalog.rules.count
    events = catalog.eventNames.map { pieces.add(name: $0) }
    // Rules that end alike have their pieces side by side.
    for outcome: RuleOutcome in [.silent, .fires, .unknown, .error] {
      for rule in catalog.rules { rules.append(pieces.add(rule: rule.name, outcome)) }
    }
    outcomes = catalog.policies.map { policy in policy.outcomes.map { pieces.add(name: $0) } }
  }

  /// Appends the line without its newline.
  ///
  /// *Traps* when a position of the decision is not in the catalog.
  public func append(
    _ decision: borrowing Decision, event: borrowing Event, to output: inout TextBuffer
  ) {
    ValueText.append("[", to: &output)
    pieces.append(events[decision.eventType], to: &output)
    ValueText.append(",", to: &output)
    let id = event.id
    JSONText.append(
      event.text.span.extracting(id.offset..<id.offset + id.length), to: &output)
    ValueText.append(",[", to: &output)
    signals.append(decision.signals.span, of: decision, to: &output)
    ValueText.append("],[", to: &output)
    appendRules(decision.rules.span, to: &output)
    ValueText.append("],", to: &output)
    ValueText.append(Int64(decision.score), to: &output)
    ValueText.append(",", to: &output)
    pieces.append(outcomes[decision.policy][decision.outcome], to: &output)
    ValueText.append("]", to: &output)
  }

  /// Appends the line to an array, without its newline; who writes many keeps a buffer.
  public func append(
    _ decision: borrowing Decision, event: borrowing Event, to output: inout [UInt8]
  ) {
    var text = TextBuffer()
    append(decision, event: event, to: &text)
    output.append(text.span)
  }

  /// Score and decision at the end of a line, as text; nil when it is no line of a digest.
  public static func outcome(
    of line: Span<UInt8>
  ) -> (score: Int, decision: String)? {
    let quote = UInt8(ascii: "\"")
    var position = line.count - 3
    guard position > 0, line[line.count - 1] == UInt8(ascii: "]"), line[line.count - 2] == quote
    else { return nil }
    // Outcomes are names and hold no quote.
    while position > 0 && line[position] != quote { position -= 1 }
    let decision = text(line, position + 1..<line.count - 2)
    var start = position - 1
    let end = start
    while start > 0 && line[start - 1] != UInt8(ascii: ",") { start -= 1 }
    guard start > 0, let score = Int(text(line, start..<end)) else { return nil }
    return (score, decision)
  }

  private static func text(_ line: Span<UInt8>, _ range: Range<Int>) -> String {
    var bytes: [UInt8] = []
    for index in range { bytes.append(line[index]) }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func appendRules(_ results: Span<RuleResult>, to output: inout TextBuffer) {
    let rules = rules.span
    var index = 0
    // The comma before the first is left out.
    var comma = 1
    while index < results.count {
      let result = results[index]
      let row = Int(result.outcome.rawValue) * ruleCount
      let first = rules[row + result.rule]
      var last = first
      index += 1
      if result.outcome != .fires {
        // As many as follow each other in the package and end alike are one run of bytes.
        var rule = result.rule
        while index < results.count, results[index].outcome == result.outcome,
          results[index].rule == rule + 1
        {
          rule += 1
          index += 1
        }
        last = rules[row + rule]
      }
      let start = first.start + comma
      comma = 0
      self.pieces.append(
        PreparedJSON.Piece(start: start, count: last.start + last.count - start), to: &output)
      if result.outcome == .fires {
        ValueText.append(Int64(result.score), to: &output)
        ValueText.append("]", to: &output)
      }
    }
  }
}

extension PreparedJSON {
  fileprivate mutating func add(rule name: String, _ outcome: RuleOutcome) -> Piece {
    add {
      ValueText.append(",[", to: &$0)
      JSONText.append(name, to: &$0)
      ValueText.append(",", to: &$0)
      RuleOutcomeText.append(outcome, to: &$0)
      ValueText.append(outcome == .fires ? "," : ",0]", to: &$0)
    }
  }
}

/// One number for all decisions of a run: equal digests mean equal signals, outcomes, scores and
/// decisions, in the same order.
///
/// *Shape*: SHA-256 over the `DigestLine` of each decision and a newline.
public struct DecisionDigest: ~Copyable {
  private var digest = SHA256()
  private var line = TextBuffer()

  /// Creates a digest of no decisions.
  public init() {}

  /// Adds a decision, rendered by the line of its package.
  public mutating func add(
    _ decision: borrowing Decision, event: borrowing Event, as lines: borrowing DigestLine
  ) {
    line.removeAll()
    lines.append(decision, event: event, to: &line)
    line.append(newline)
    DecisionDigest.feed(line, to: &digest)
  }

  /// Adds a line that was rendered before, without its newline.
  public mutating func add(line rendered: Span<UInt8>) {
    line.removeAll()
    line.append(rendered)
    line.append(newline)
    DecisionDigest.feed(line, to: &digest)
  }

  private static func feed(_ line: borrowing TextBuffer, to digest: inout SHA256) {
    digest.update(line.span)
  }

  /// Adds lines that were rendered before, a newline after each.
  public mutating func add(lines rendered: Span<UInt8>) {
    digest.update(rendered)
  }

  /// 64 hexadecimal digits over all that was added, and a fresh start.
  public mutating func finish() -> String {
    return digest.finish().hex
  }

  private let newline = UInt8(ascii: "\n")
}
