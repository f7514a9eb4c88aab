public import Model
public import Values

/// Writes decisions as JSON, straight into the buffer of the answer.
///
/// `{"sequence":1,"event":"referral","id":"r1","at":"…","policy":"…","decision":"hold","score":55,`
/// `"hold_until":"…","queue":"…","exempt":true,"reasons":["DEVICE_REUSE"],"rules":[{…}],`
/// `"signals":{…},"evidence":{…},"package":"…","engine":"…"}`; `hold_until`, `queue`, `exempt`,
/// `signals` and `evidence` only where they apply. A rule is written as
/// `{"name":"…","version":3,"outcome":"fires","status":"canary",`
/// `"counted":false,"score":40,"reason":"…","analyst":{"en":"…","es":"…"},"customer":{…}}`.
public struct DecisionEncoder: Sendable {
  private var pieces = PreparedJSON()
  private let signals: SignalPrinter
  private let evidence: EvidencePrinter
  private var events: [PreparedJSON.Piece] = []
  private var policies: [PreparedPolicy] = []
  private var rules: [PreparedRule] = []
  private var reasons: [PreparedJSON.Piece] = []
  private var signalNames: [PreparedJSON.Piece] = []
  private var ending = PreparedJSON.Piece(start: 0, count: 0)

  private struct PreparedPolicy: Sendable {
    var name: PreparedJSON.Piece
    var outcomes: [PreparedJSON.Piece]
    var queues: [PreparedJSON.Piece]
  }

  private struct PreparedRule: Sendable {
    /// By outcome: up to the status, where score and counting are plain up to the reason, and
    /// where the texts are fixed as well, to the end.
    var beginnings: InlineArray<4, PreparedJSON.Piece>
    /// By outcome: the fixed texts to the end; empty where the decision has the texts.
    var endings: InlineArray<4, PreparedJSON.Piece>
    var isCanary: Bool
    /// The reason as a member, where there is one.
    var reasonMember: PreparedJSON.Piece
    /// Position in `DecisionCatalog.reasons`.
    var reason: Int?

    /// Whether score and counting need not be said: what did not fire has no score, and what is no
    /// canary needs not say whether it counts.
    func isPlain(_ outcome: RuleOutcome) -> Bool { outcome != .fires && !isCanary }

    /// Whether the beginning is all there is.
    func isWhole(_ outcome: RuleOutcome) -> Bool {
      isPlain(outcome) && endings[Int(outcome.rawValue)].count > 0
    }
  }

  /// Prepares an encoder.
  public init(_ catalog: DecisionCatalog) {
    signals = SignalPrinter(catalog)
    evidence = EvidencePrinter(catalog)
    events = catalog.eventNames.map { pieces.add(name: $0) }
    reasons = catalog.reasons.map { pieces.add(name: $0) }
    policies = catalog.policies.map { policy in
      PreparedPolicy(
        name: pieces.add(name: policy.name), outcomes: policy.outcomes.map { pieces.add(name: $0) },
        queues: policy.queues.map { pieces.add(name: $0) })
    }
    signalNames = catalog.signals.map { signal in
      pieces.add {
        JSONText.append(signal.name, to: &$0)
        ValueText.append(":", to: &$0)
      }
    }
    for rule in catalog.rules { rules.append(prepared(rule, catalog)) }
    ending = pieces.add {
      ValueText.append(",\"package\":", to: &$0)
      JSONText.append(catalog.packageHash, to: &$0)
      ValueText.append(",\"engine\":", to: &$0)
      JSONText.append(EngineVersion.current, to: &$0)
      ValueText.append("}", to: &$0)
    }
  }

  /// Appends the decision without a newline; with the values of its signals, and what makes them
  /// true, when `explain`.
  ///
  /// *Traps* when a position of the decision is not in the catalog.
  ///
  /// *Complexity*: O(rules + signals + bytes); the reasons take one look at the rules per distinct
  /// score.
  public func encode(
    _ decision: borrowing Decision, event: borrowing Event, explain: Bool,
    into output: inout TextBuffer
  ) {
    ValueText.append("{\"sequence\":", to: &output)
    ValueText.append(decision.sequence, to: &output)
    ValueText.append(",\"event\":", to: &output)
    pieces.append(events[decision.eventType], to: &output)
    ValueText.append(",\"id\":", to: &output)
    let id = event.id
    JSONText.append(
      event.text.span.extracting(id.offset..<id.offset + id.length), to: &output)
    ValueText.append(",\"at\":", to: &output)
    append(decision.time, to: &output)
    appendOutcome(decision, to: &output)
    appendReasons(decision.rules.span, to: &output)
    appendRules(decision, to: &output)
    if explain {
      appendSignals(decision, to: &output)
      if !decision.evidence.isEmpty {
        ValueText.append(",\"evidence\":", to: &output)
        evidence.append(decision, to: &output)
      }
    }
    pieces.append(ending, to: &output)
  }

  /// Appends the decision to an array; who writes many keeps a buffer.
  public func encode(
    _ decision: borrowing Decision, event: borrowing Event, explain: Bool,
    into output: inout [UInt8]
  ) {
    var text = TextBuffer()
    encode(decision, event: event, explain: explain, into: &text)
    output.append(text.span)
  }

  private func append(_ time: Timestamp, to output: inout TextBuffer) {
    ValueText.append("\"", to: &output)
    TimestampText.append(time, to: &output)
    ValueText.append("\"", to: &output)
  }

  private func appendOutcome(_ decision: borrowing Decision, to output: inout TextBuffer) {
    let policies = policies.span
    ValueText.append(",\"policy\":", to: &output)
    pieces.append(policies[decision.policy].name, to: &output)
    ValueText.append(",\"decision\":", to: &output)
    pieces.append(policies[decision.policy].outcomes[decision.outcome], to: &output)
    ValueText.append(",\"score\":", to: &output)
    ValueText.append(Int64(decision.score), to: &output)
    if let holdUntil = decision.holdUntil {
      ValueText.append(",\"hold_until\":", to: &output)
      append(holdUntil, to: &output)
    }
    if let queue = decision.queue {
      ValueText.append(",\"queue\":", to: &output)
      pieces.append(policies[decision.policy].queues[queue], to: &output)
    }
    if decision.isExempt { ValueText.append(",\"exempt\":true", to: &output) }
  }

  /// Codes of counted fired rules, once each, by score from high to low, then by declaration.
  private func appendReasons(_ results: Span<RuleResult>, to output: inout TextBuffer) {
    ValueText.append(",\"reasons\":[", to: &output)
    let rules = rules.span
    var written = ReasonSet(count: reasons.count)
    var isFirst = true
    var left = 0
    var score = 0
    for index in results.indices where Self.countsAsReason(results[index]) {
      left += 1
      score = max(score, results[index].score)
    }
    while left > 0 {
      var nextScore = 0
      for index in results.indices where Self.countsAsReason(results[index]) {
        let result = results[index]
        if result.score < score { nextScore = max(nextScore, result.score) }
        guard result.score == score else { continue }
        left -= 1
        guard let reason = rules[result.rule].reason, written.insert(reason) else { continue }
        if !isFirst { ValueText.append(",", to: &output) }
        isFirst = false
        pieces.append(reasons[reason], to: &output)
      }
      score = nextScore
    }
    ValueText.append("]", to: &output)
  }

  private static func countsAsReason(_ result: RuleResult) -> Bool {
    result.outcome == .fires && result.counted
  }

  private func appendRules(_ decision: borrowing Decision, to output: inout TextBuffer) {
    ValueText.append(",\"rules\":[", to: &output)
    let rules = rules.span
    let results = decision.rules.span
    var isFirst = true
    for index in results.indices where results[index].outcome != .silent {
      let result = results[index]
      if !isFirst { ValueText.append(",", to: &output) }
      isFirst = false
      let outcome = Int(result.outcome.rawValue)
      pieces.append(rules[result.rule].beginnings[outcome], to: &output)
      if rules[result.rule].isWhole(result.outcome) { continue }
      appendScore(result, rules[result.rule], to: &output)
      if rules[result.rule].endings[outcome].count > 0 {
        pieces.append(rules[result.rule].endings[outcome], to: &output)
      } else {
        appendTexts(decision.texts(of: result), decision.text.span, to: &output)
      }
    }
    ValueText.append("]", to: &output)
  }

  private func appendScore(
    _ result: RuleResult, _ rule: borrowing PreparedRule, to output: inout TextBuffer
  ) {
    if rule.isPlain(result.outcome) { return }
    if rule.isCanary {
      ValueText.append(",\"counted\":", to: &output)
      ValueText.append(result.counted, to: &output)
    }
    ValueText.append(",\"score\":", to: &output)
    ValueText.append(Int64(result.score), to: &output)
    pieces.append(rule.reasonMember, to: &output)
  }

  private func appendTexts(
    _ texts: ReasonTexts, _ text: Span<UInt8>, to output: inout TextBuffer
  ) {
    append(",\"analyst\":{", texts.analystEnglish, texts.analystSpanish, text, to: &output)
    append(",\"customer\":{", texts.customerEnglish, texts.customerSpanish, text, to: &output)
    ValueText.append("}", to: &output)
  }

  private func append(
    _ key: StaticString, _ english: Range<Int>, _ spanish: Range<Int>, _ text: Span<UInt8>,
    to output: inout TextBuffer
  ) {
    DecisionEncoder.append(key, text.extracting(english), text.extracting(spanish), to: &output)
  }

  private func appendSignals(_ decision: borrowing Decision, to output: inout TextBuffer) {
    ValueText.append(",\"signals\":{", to: &output)
    let results = decision.signals.span
    for index in results.indices {
      let result = results[index]
      if index > 0 { ValueText.append(",", to: &output) }
      pieces.append(signalNames[result.signal], to: &output)
      signals.append(result, of: decision, to: &output)
    }
    ValueText.append("}", to: &output)
  }

  private mutating func prepared(
    _ rule: RuleDescription, _ catalog: DecisionCatalog
  ) -> PreparedRule {
    var isCanary = false
    if case .canary = rule.status { isCanary = true }
    let nothing = PreparedJSON.Piece(start: 0, count: 0)
    var prepared = PreparedRule(
      beginnings: InlineArray(repeating: nothing), endings: InlineArray(repeating: nothing),
      isCanary: isCanary, reasonMember: nothing, reason: rule.reason)
    var member: [UInt8] = []
    if let reason = rule.reason {
      ValueText.append(",\"reason\":", to: &member)
      JSONText.append(catalog.reasons[reason], to: &member)
    }
    prepared.reasonMember = pieces.add { $0 += member }
    for outcome: RuleOutcome in [.fires, .unknown, .error] {
      let position = Int(outcome.rawValue)
      let ending = DecisionEncoder.fixedTexts(rule, outcome)
      prepared.endings[position] = pieces.add { $0 += ending }
      prepared.beginnings[position] = pieces.add {
        ValueText.append("{\"name\":", to: &$0)
        JSONText.append(rule.name, to: &$0)
        ValueText.append(",\"version\":", to: &$0)
        ValueText.append(Int64(rule.version), to: &$0)
        ValueText.append(",\"outcome\":", to: &$0)
        RuleOutcomeText.append(outcome, to: &$0)
        ValueText.append(",\"status\":", to: &$0)
        ValueText.append(DecisionEncoder.text(rule.status), to: &$0)
        guard prepared.isPlain(outcome) else { return }
        ValueText.append(",\"score\":0", to: &$0)
        $0 += member
        $0 += ending
      }
    }
    return prepared
  }

  /// The texts of a rule whose reason says the same on every event, and the end of the rule.
  private static func fixedTexts(_ rule: RuleDescription, _ outcome: RuleOutcome) -> [UInt8] {
    guard let texts = rule.fixedTexts else { return [] }
    var output: [UInt8] = []
    append(",\"analyst\":{", texts.analystEnglish, texts.analystSpanish, to: &output)
    // Nobody is told that a check failed which never ran.
    if outcome == .fires {
      append(",\"customer\":{", texts.customerEnglish, texts.customerSpanish, to: &output)
    }
    ValueText.append("}", to: &output)
    return output
  }

  private static func append(
    _ key: StaticString, _ english: String, _ spanish: String, to output: inout [UInt8]
  ) {
    let english = Array(english.utf8)
    let spanish = Array(spanish.utf8)
    append(key, english.span, spanish.span, to: &output)
  }

  /// A text in both languages, as far as there is one.
  private static func append(
    _ key: StaticString, _ english: Span<UInt8>, _ spanish: Span<UInt8>,
    to output: inout some TextOutput & ~Copyable
  ) {
    if english.isEmpty && spanish.isEmpty { return }
    ValueText.append(key, to: &output)
    if !english.isEmpty {
      ValueText.append("\"en\":", to: &output)
      JSONText.append(english, to: &output)
    }
    if !spanish.isEmpty {
      if !english.isEmpty { ValueText.append(",", to: &output) }
      ValueText.append("\"es\":", to: &output)
      JSONText.append(spanish, to: &output)
    }
    ValueText.append("}", to: &output)
  }

  private static func text(_ status: RuleStatus) -> StaticString {
    switch status {
    case .live: "\"live\""
    case .shadow: "\"shadow\""
    case .canary: "\"canary\""
    case .off: "\"off\""
    }
  }
}

/// Outcomes of rules as JSON strings.
enum RuleOutcomeText {
  static func append(_ outcome: RuleOutcome, to output: inout [UInt8]) {
    switch outcome {
    case .silent: ValueText.append("\"silent\"", to: &output)
    case .fires: ValueText.append("\"fires\"", to: &output)
    case .unknown: ValueText.append("\"unknown\"", to: &output)
    case .error: ValueText.append("\"error\"", to: &output)
    }
  }
}

/// Which reasons were written already; in place, without allocating, for up to 128.
private struct ReasonSet {
  private var first: UInt128 = 0
  private var others: [Bool]

  init(count: Int) {
    others = count > 128 ? Array(repeating: false, count: count - 128) : []
  }

  /// Whether the reason was not there yet.
  mutating func insert(_ reason: Int) -> Bool {
    if reason >= 128 {
      defer { others[reason - 128] = true }
      return !others[reason - 128]
    }
    let bit = UInt128(1) << UInt128(reason)
    defer { first |= bit }
    return first & bit == 0
  }
}
