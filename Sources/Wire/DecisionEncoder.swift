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
public struct DecisionEncoder: ~Copyable, Sendable {
  private var pieces = PreparedJSON()
  private let signals: SignalPrinter
  private let evidence: EvidencePrinter
  private let points = PointText()
  /// `,"event":"name","id":"`
  private var events: [PreparedJSON.Piece] = []
  private var policies: [PreparedPolicy] = []
  /// `","policy":"name","decision":"name","score":`
  private var outcomes: [PreparedJSON.Piece] = []
  /// `,"queue":"name"`
  private var queues: [PreparedJSON.Piece] = []
  private var rules: [PreparedRule] = []
  /// By rule its outcomes, four each.
  private var tellings: [Telling] = []
  private var reasons: [PreparedJSON.Piece] = []
  /// `,"reasons":[],"rules":[`
  private var noReasons = PreparedJSON.Piece.none
  private var signalNames: [PreparedJSON.Piece] = []
  private var ending = PreparedJSON.Piece.none

  /// Where outcomes and queues of a policy lie among those of all.
  private struct PreparedPolicy: Sendable {
    var outcomes: Range<Int>
    var queues: Range<Int>
  }

  /// How one outcome of a rule is written.
  private struct Telling: Sendable, BitwiseCopyable {
    /// Behind a comma: up to the status of a canary, of others up to their score; where score and
    /// counting are plain up to the reason, and where the texts are fixed as well, to the end.
    var beginning = PreparedJSON.Piece.none
    /// Behind a score that is said: the reason, and where the texts are fixed, to the end.
    var ending = PreparedJSON.Piece.none
    /// Whether score and counting need not be said.
    var isPlain = false
    /// Whether it is said whether the rule counts.
    var isCanary = false
    /// Whether the decision has the texts.
    var hasTexts = true
    /// Whether the beginning is all there is.
    var isWhole = false
  }

  private struct PreparedRule: Sendable, BitwiseCopyable {
    /// `,"reasons":["…"],"rules":[` where its reason is the only one.
    var onlyReason: PreparedJSON.Piece
    /// Position in `DecisionCatalog.reasons`.
    var reason: Int?
  }

  /// Prepares an encoder.
  public init(_ catalog: DecisionCatalog) {
    signals = SignalPrinter(catalog)
    evidence = EvidencePrinter(catalog)
    events = catalog.eventNames.map { pieces.add(",\"event\":", name: $0, ",\"id\":\"") }
    reasons = catalog.reasons.map { pieces.add(name: $0) }
    noReasons = pieces.add { ValueText.append(",\"reasons\":[],\"rules\":[", to: &$0) }
    for policy in catalog.policies { add(policy) }
    signalNames = catalog.signals.map { pieces.add(name: $0.name, ":") }
    for rule in catalog.rules { add(rule, catalog) }
    ending = pieces.add {
      ValueText.append(",\"package\":", to: &$0)
      JSONText.append(catalog.packageHash, to: &$0)
      ValueText.append(",\"engine\":", to: &$0)
      JSONText.append(EngineVersion.current, to: &$0)
      ValueText.append("}", to: &$0)
    }
  }

  private mutating func add(_ policy: PolicyDescription) {
    let (firstOutcome, firstQueue) = (outcomes.count, queues.count)
    for name in policy.outcomes {
      outcomes.append(
        pieces.add {
          ValueText.append("\",\"policy\":", to: &$0)
          JSONText.append(policy.name, to: &$0)
          ValueText.append(",\"decision\":", to: &$0)
          JSONText.append(name, to: &$0)
          ValueText.append(",\"score\":", to: &$0)
        })
    }
    queues += policy.queues.map { pieces.add(",\"queue\":", name: $0) }
    policies.append(
      PreparedPolicy(
        outcomes: firstOutcome..<outcomes.count, queues: firstQueue..<queues.count))
  }

  /// Appends the decision without a newline; with the values of its signals, and what makes them
  /// true, when `explain`. `told` are the rules to tell of in this decision.
  ///
  /// *Traps* when a position of the decision is not in the catalog.
  ///
  /// *Complexity*: O(told rules + signals + bytes); the reasons take one look at the told rules per
  /// distinct score.
  public func encode(
    _ decision: borrowing Decision, event: borrowing Event, telling told: borrowing ToldRules,
    explain: Bool, into output: inout TextBuffer
  ) {
    ValueText.append("{\"sequence\":", to: &output)
    ValueText.append(decision.sequence, to: &output)
    pieces.append(events[decision.eventType], to: &output)
    event.appendId(to: &output)
    ValueText.append("\",\"at\":\"", to: &output)
    event.appendTime(decision.time, to: &output)
    appendOutcome(decision, to: &output)
    appendReasons(decision.rules.span, told.reasons, to: &output)
    appendRules(decision, told.positions, to: &output)
    if explain {
      appendSignals(decision, to: &output)
      if !decision.evidence.isEmpty {
        ValueText.append(",\"evidence\":", to: &output)
        evidence.append(decision, to: &output)
      }
    }
    pieces.append(ending, to: &output)
  }

  @inline(__always)
  private func appendOutcome(_ decision: borrowing Decision, to output: inout TextBuffer) {
    let policy = policies[decision.policy]
    pieces.append(
      outcomes[Self.place(of: decision.outcome, in: policy.outcomes)], to: &output)
    points.append(decision.score, to: &output)
    if let holdUntil = decision.holdUntil {
      ValueText.append(",\"hold_until\":\"", to: &output)
      TimestampText.append(holdUntil, to: &output)
      output.append(UInt8(ascii: "\""))
    }
    if let queue = decision.queue {
      pieces.append(queues[Self.place(of: queue, in: policy.queues)], to: &output)
    }
    if decision.isExempt { ValueText.append(",\"exempt\":true", to: &output) }
  }

  /// Where one of a policy's own lies among those of all.
  private static func place(of number: Int, in range: Range<Int>) -> Int {
    precondition(number >= 0 && number < range.count, "the policy has such an outcome or queue")
    return range.lowerBound + number
  }

  /// Codes of counted fired rules, once each, by score from high to low, then by declaration; and
  /// what stands before the rules.
  @inline(__always)
  private func appendReasons(
    _ results: Span<RuleResult>, _ told: Span<UInt32>, to output: inout TextBuffer
  ) {
    if told.count == 0 {
      pieces.append(noReasons, to: &output)
    } else if told.count == 1 {
      pieces.append(rules[results[Int(told[0])].rule].onlyReason, to: &output)
    } else {
      ValueText.append(",\"reasons\":[", to: &output)
      if reasons.count <= FewReasons.limit {
        var written = FewReasons()
        appendSorted(results, told, &written, to: &output)
      } else {
        var written = ManyReasons(count: reasons.count)
        appendSorted(results, told, &written, to: &output)
      }
      ValueText.append("],\"rules\":[", to: &output)
    }
  }

  private func appendSorted(
    _ results: Span<RuleResult>, _ told: Span<UInt32>, _ written: inout some ReasonSet,
    to output: inout TextBuffer
  ) {
    let rules = rules.span
    var isFirst = true
    var left = told.count
    var score = 0
    for index in told.indices { score = max(score, results[Int(told[index])].score) }
    while left > 0 {
      var nextScore = 0
      for index in told.indices {
        let result = results[Int(told[index])]
        if result.score < score { nextScore = max(nextScore, result.score) }
        guard result.score == score else { continue }
        left -= 1
        guard let reason = rules[result.rule].reason, written.insert(reason) else { continue }
        if !isFirst { output.append(UInt8(ascii: ",")) }
        isFirst = false
        pieces.append(reasons[reason], to: &output)
      }
      score = nextScore
    }
  }

  private func appendRules(
    _ decision: borrowing Decision, _ told: Span<UInt32>, to output: inout TextBuffer
  ) {
    let tellings = tellings.span
    let results = decision.rules.span
    let bytes = pieces.padded
    // The comma before the first is left out.
    var comma = 1
    for index in told.indices {
      let result = results[Int(told[index])]
      if result.outcome == .silent { continue }
      let place = 4 &* result.rule &+ Int(result.outcome.rawValue)
      let piece = tellings[place].beginning
      output.append(Int(piece.count) &- comma, from: Int(piece.start) &+ comma, of: bytes)
      comma = 0
      if !tellings[place].isWhole { appendRest(result, tellings[place], decision, to: &output) }
    }
    output.append(UInt8(ascii: "]"))
  }

  /// What is not said alike on every event. Apart from the rest, which leaves the registers to it.
  @inline(never)
  private func appendRest(
    _ result: RuleResult, _ telling: Telling, _ decision: borrowing Decision,
    to output: inout TextBuffer
  ) {
    if !telling.isPlain {
      if telling.isCanary {
        ValueText.append(",\"counted\":", to: &output)
        ValueText.append(result.counted, to: &output)
        ValueText.append(",\"score\":", to: &output)
      }
      points.append(result.score, to: &output)
      pieces.append(telling.ending, to: &output)
    }
    if telling.hasTexts {
      appendTexts(decision.texts(of: result), decision.text.span, to: &output)
    }
  }

  private func appendTexts(
    _ texts: ReasonTexts, _ text: Span<UInt8>, to output: inout TextBuffer
  ) {
    append(",\"analyst\":{", texts.analystEnglish, texts.analystSpanish, text, to: &output)
    append(",\"customer\":{", texts.customerEnglish, texts.customerSpanish, text, to: &output)
    output.append(UInt8(ascii: "}"))
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
      if index > 0 { output.append(UInt8(ascii: ",")) }
      pieces.append(signalNames[result.signal], to: &output)
      signals.append(result, of: decision, to: &output)
    }
    output.append(UInt8(ascii: "}"))
  }

  private mutating func add(_ rule: RuleDescription, _ catalog: DecisionCatalog) {
    var isCanary = false
    if case .canary = rule.status { isCanary = true }
    var member: [UInt8] = []
    var onlyReason = noReasons
    if let reason = rule.reason {
      ValueText.append(",\"reason\":", to: &member)
      JSONText.append(catalog.reasons[reason], to: &member)
      onlyReason = pieces.add(",\"reasons\":[", name: catalog.reasons[reason], "],\"rules\":[")
    }
    rules.append(PreparedRule(onlyReason: onlyReason, reason: rule.reason))
    // What stays silent is not told.
    tellings.append(Telling())
    for outcome: RuleOutcome in [.fires, .unknown, .error] {
      let ending = member + DecisionEncoder.fixedTexts(rule, outcome)
      var telling = Telling()
      // What did not fire has no score, and what is no canary needs not say whether it counts.
      telling.isPlain = outcome != .fires && !isCanary
      telling.isCanary = isCanary
      telling.hasTexts = rule.fixedTexts == nil
      telling.isWhole = telling.isPlain && !telling.hasTexts
      telling.ending = pieces.add { $0 += ending }
      telling.beginning = pieces.add {
        ValueText.append(",{\"name\":", to: &$0)
        JSONText.append(rule.name, to: &$0)
        ValueText.append(",\"version\":", to: &$0)
        ValueText.append(Int64(rule.version), to: &$0)
        ValueText.append(",\"outcome\":", to: &$0)
        RuleOutcomeText.append(outcome, to: &$0)
        ValueText.append(",\"status\":", to: &$0)
        ValueText.append(DecisionEncoder.text(rule.status), to: &$0)
        if !isCanary { ValueText.append(",\"score\":", to: &$0) }
        guard telling.isPlain else { return }
        ValueText.append("0", to: &$0)
        $0 += ending
      }
      tellings.append(telling)
    }
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

/// Which reasons were written already.
private protocol ReasonSet {
  /// Whether the reason was not there yet.
  mutating func insert(_ reason: Int) -> Bool
}

/// Up to 64 reasons: all that most packages have.
private struct FewReasons: ReasonSet {
  private var bits: UInt64 = 0

  static var limit: Int { 64 }

  mutating func insert(_ reason: Int) -> Bool {
    let bit = UInt64(1) &<< UInt64(truncatingIfNeeded: reason)
    defer { bits |= bit }
    return bits & bit == 0
  }
}

private struct ManyReasons: ReasonSet {
  private var flags: [Bool]

  init(count: Int) {
    flags = Array(repeating: false, count: count)
  }

  mutating func insert(_ reason: Int) -> Bool {
    defer { flags[reason] = true }
    return !flags[reason]
  }
}
