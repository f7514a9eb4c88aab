import Digests
public import Model
public import Values

/// Writes what a digest holds of a decision: one line of JSON,
/// `[event, id, [signals], [[rule, outcome, score], …], score, decision]`.
///
/// Holds no sequence, time, text or hash, so that two runs that decide the same write the same.
public struct DigestLine: ~Copyable, Sendable {
  private var pieces = PreparedJSON()
  private let signals: SignalPrinter
  private let points = PointText()
  private let rulePoints = PointText(ending: UInt8(ascii: "]"))
  /// `["name","`
  private var events: [PreparedJSON.Piece] = []
  /// By rule four, as it may end: `,["name","fires",` for one that fires, `,["name","unknown",0]`
  /// for others, which score nothing. Those of rules that stay silent are in `silent`.
  private var rules: [PreparedJSON.Piece] = []
  /// By rule where `,["name","silent",0]` begins, and behind the last where it ends: what rules
  /// that follow each other say is one run of bytes.
  private var silent: [UInt32] = []
  /// `,"name"]`
  private var outcomes: [PreparedJSON.Piece] = []
  /// By policy, where its outcomes lie in `outcomes`.
  private var policies: [Range<Int>] = []

  /// Prepares for the decisions of a package.
  public init(_ catalog: DecisionCatalog) {
    signals = SignalPrinter(catalog)
    events = catalog.eventNames.map { pieces.add("[", name: $0, ",\"") }
    var end: UInt32 = 0
    for rule in catalog.rules {
      let piece = pieces.add(rule: rule.name, .silent)
      silent.append(piece.start)
      end = UInt32(piece.end)
    }
    silent.append(end)
    for rule in catalog.rules {
      rules.append(.none)
      for outcome: RuleOutcome in [.fires, .unknown, .error] {
        rules.append(pieces.add(rule: rule.name, outcome))
      }
    }
    for policy in catalog.policies {
      let first = outcomes.count
      outcomes += policy.outcomes.map { pieces.add(",", name: $0, "]") }
      policies.append(first..<outcomes.count)
    }
  }

  /// Appends the line without its newline; `told` are the rules to tell of in this decision.
  ///
  /// *Traps* when a position of the decision is not in the catalog.
  public func append(
    _ decision: borrowing Decision, event: borrowing Event, telling told: borrowing ToldRules,
    to output: inout TextBuffer
  ) {
    pieces.append(events[decision.eventType], to: &output)
    event.appendId(to: &output)
    ValueText.append("\",[", to: &output)
    signals.append(decision.signals.span, of: decision, to: &output)
    ValueText.append("],[", to: &output)
    appendRules(decision.rules.span, told.positions, to: &output)
    ValueText.append("],", to: &output)
    points.append(decision.score, to: &output)
    let outcomes = policies[decision.policy]
    precondition(
      decision.outcome >= 0 && decision.outcome < outcomes.count, "the policy has such an outcome")
    pieces.append(self.outcomes[outcomes.lowerBound + decision.outcome], to: &output)
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

  private func appendRules(
    _ results: Span<RuleResult>, _ told: Span<UInt32>, to output: inout TextBuffer
  ) {
    let rules = rules.span
    let silent = silent.span
    let bytes = pieces.padded
    // The comma before the first is left out.
    var comma = 1
    var start = 0
    for index in told.indices {
      let position = Int(told[index])
      // Those before follow each other in the package and are silent: one run of bytes.
      if start < position {
        Self.appendSilent(
          silent, from: results[start].rule, position &- start, without: comma, bytes, to: &output)
        comma = 0
        start = position
      }
      let result = results[position]
      if result.outcome == .silent { continue }
      start = position &+ 1
      let piece = rules[4 &* result.rule &+ Int(result.outcome.rawValue)]
      output.append(Int(piece.count) &- comma, from: Int(piece.start) &+ comma, of: bytes)
      comma = 0
      if result.outcome == .fires {
        rulePoints.append(result.score, to: &output)
      }
    }
    if start < results.count {
      Self.appendSilent(
        silent, from: results[start].rule, results.count &- start, without: comma, bytes,
        to: &output)
    }
  }

  /// Appends what some rules say that follow each other and stay silent, without the first bytes.
  @inline(__always)
  private static func appendSilent(
    _ silent: Span<UInt32>, from rule: Int, _ count: Int, without first: Int,
    _ bytes: Span<UInt8>, to output: inout TextBuffer
  ) {
    let start = Int(silent[rule]) &+ first
    output.append(Int(silent[rule &+ count]) &- start, from: start, of: bytes)
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

  /// Creates a digest of no decisions.
  public init() {}

  /// Adds a line that was rendered before, without its newline.
  public mutating func add(line rendered: Span<UInt8>) {
    digest.update(rendered)
    digest.update(newline)
  }

  /// Adds lines that were rendered before, a newline after each.
  public mutating func add(lines rendered: Span<UInt8>) {
    digest.update(rendered)
  }

  /// 64 hexadecimal digits over all that was added, and a fresh start.
  public mutating func finish() -> String {
    return digest.finish().hex
  }

  private let newline = [UInt8(ascii: "\n")]
}
