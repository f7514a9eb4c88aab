import Model
import Wire

extension Fixture {
  static let catalog = DecisionCatalog(
    packageHash: String(repeating: "ab", count: 32), eventNames: ["referral", "login"],
    policies: [
      PolicyDescription(
        name: "reward_grant", outcomes: PolicyDescription.standardOutcomes, queues: ["fraude \"1\""]
      )
    ],
    rules: [
      RuleDescription(
        name: "device_shared", version: 3, status: .live, reason: 0, titleEnglish: "D",
        titleSpanish: "D"),
      RuleDescription(
        name: "new_rule", version: 1, status: .shadow, reason: 1, titleEnglish: "N",
        titleSpanish: "N"),
      RuleDescription(
        name: "tried", version: 2, status: .canary(10), reason: 2, titleEnglish: "T",
        titleSpanish: "T"),
      RuleDescription(
        name: "plain", version: 1, status: .live, reason: nil, titleEnglish: "P",
        titleSpanish: "P"),
      RuleDescription(
        name: "again", version: 1, status: .live, reason: 0, titleEnglish: "A", titleSpanish: "A"),
    ],
    reasons: ["DEVICE_REUSE", "NEW", "TRIED"],
    signals: [
      SignalDescription(name: "count", type: .int),
      SignalDescription(name: "total", type: .decimal(scale: 2, unit: "MXN")),
      SignalDescription(name: "first_at", type: .timestamp),
      SignalDescription(name: "since", type: .duration),
      SignalDescription(name: "country", type: .string),
      SignalDescription(name: "channel", type: .enumeration("channel_kind")),
      SignalDescription(name: "share", type: .double),
      SignalDescription(name: "is_hub", type: .bool),
      SignalDescription(name: "big", type: .uint),
      SignalDescription(name: "token", type: .bytes),
    ],
    enumerations: schema.enumerations)

  static func event() throws -> Event {
    var event = try decode(referral("referral_id", #""r\"1""#))
    event.sequence = 7
    return event
  }

  /// A decision with a result of every kind.
  static func decision() -> Decision {
    var decision = Decision()
    decision.sequence = 7
    decision.time = Timestamp(microseconds: 1_767_261_600_000_000)
    decision.outcome = 2
    decision.score = 55
    decision.holdUntil = Timestamp(microseconds: 1_767_520_800_000_000)
    decision.queue = 0
    var texts = ReasonTexts()
    texts.analystEnglish = decision.append("Device \"D1\"\n")
    texts.analystSpanish = decision.append("Teléfono D1")
    texts.customerEnglish = decision.append("We could not verify it.")
    decision.rules = [
      RuleResult(rule: 0, outcome: .fires, score: 15, counted: true),
      RuleResult(rule: 1, outcome: .fires, score: 90, counted: false),
      RuleResult(rule: 2, outcome: .fires, score: 40, counted: true),
      RuleResult(rule: 3, outcome: .silent, score: 0, counted: true),
      RuleResult(rule: 4, outcome: .unknown, score: 0, counted: true),
    ]
    decision.setTexts(texts, ofRule: 0)
    let country = decision.append("M\u{1F}X\\")
    let token = decision.append("Man?")
    func result(_ signal: Int, _ payload: UInt64) -> SignalResult {
      SignalResult(signal: signal, payload: payload, state: .present, isTruncated: false)
    }
    func bits(_ range: Range<Int>) -> UInt64 {
      TextReference(arena: .scratch, offset: range.lowerBound, length: range.count).bits
    }
    decision.signals = [
      SignalResult(signal: 0, payload: 5, state: .present, isTruncated: true),
      result(1, UInt64(bitPattern: -5)), result(2, 1_500_000), result(3, 90_000_000),
      result(4, bits(country)), result(5, 2), result(6, (0.1).bitPattern), result(7, 1),
      result(8, UInt64.max), result(9, bits(token)),
    ]
    return decision
  }
}

extension Decision {
  /// Appends text and says where it lies.
  mutating func append(_ string: String) -> Range<Int> {
    let start = text.count
    text.append(contentsOf: string.utf8)
    return start..<text.count
  }
}
