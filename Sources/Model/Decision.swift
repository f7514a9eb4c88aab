/// How one rule ended on one event.
public enum RuleOutcome: UInt8, Sendable, BitwiseCopyable {
  case silent = 0
  case fires = 1
  /// Something it needs is missing.
  case unknown = 2
  /// Something it computes failed.
  case error = 3
}

/// A rule's status when the decision was made.
public enum RuleStatus: Hashable, Sendable {
  case live
  /// Recorded, never counted.
  case shadow
  /// Counted on this share (percent) of events, by stable hash of the event's key.
  case canary(Int)
  /// Not evaluated.
  case off
}

/// What one rule did on one event.
///
/// *Shape*: 8 bytes, because every decision holds one for each rule.
public struct RuleResult: Hashable, Sendable, BitwiseCopyable {
  @usableFromInline var ruleNumber: UInt32
  /// Position in `Decision.reasonTexts`, counted from 1; 0 for none.
  @usableFromInline var textNumber: UInt16
  /// How it ended.
  public var outcome: RuleOutcome
  /// Its score, and in the highest bit whether it counted.
  @usableFromInline var points: UInt8

  @usableFromInline static let countedBit: UInt8 = 0x80

  /// Position in `DecisionCatalog.rules`.
  public var rule: Int { Int(ruleNumber) }

  /// Its score, clamped to 0…100; 0 unless it fired.
  public var score: Int { Int(points & ~Self.countedBit) }

  /// Whether it counted toward score and decision.
  public var counted: Bool {
    get { points & Self.countedBit != 0 }
    set { points = points & ~Self.countedBit | (newValue ? Self.countedBit : 0) }
  }

  /// Creates a result.
  @inlinable
  public init(rule: Int, outcome: RuleOutcome, score: Int, counted: Bool) {
    self.init(silent: UInt32(truncatingIfNeeded: rule))
    self.outcome = outcome
    points = UInt8(truncatingIfNeeded: score) | (counted ? Self.countedBit : 0)
  }

  /// Creates the result of a rule whose condition was false.
  @inlinable
  public init(silent rule: UInt32) {
    ruleNumber = rule
    textNumber = 0
    outcome = .silent
    points = 0
  }
}

/// Where the four texts of a reason lie in `Decision.text`.
public struct ReasonTexts: Hashable, Sendable, BitwiseCopyable {
  @usableFromInline
  struct Place: Hashable, Sendable, BitwiseCopyable {
    @usableFromInline var start: UInt32
    @usableFromInline var end: UInt32

    @inlinable
    init() {
      start = 0
      end = 0
    }

    var range: Range<Int> {
      get { Int(start)..<Int(end) }
      set {
        start = UInt32(truncatingIfNeeded: newValue.lowerBound)
        end = UInt32(truncatingIfNeeded: newValue.upperBound)
      }
    }
  }

  @usableFromInline var first: Place
  @usableFromInline var second: Place
  @usableFromInline var third: Place
  @usableFromInline var fourth: Place

  /// For the analyst, in English.
  public var analystEnglish: Range<Int> {
    get { first.range }
    set { first.range = newValue }
  }
  /// For the analyst, in Spanish.
  public var analystSpanish: Range<Int> {
    get { second.range }
    set { second.range = newValue }
  }
  /// For the customer, in English.
  public var customerEnglish: Range<Int> {
    get { third.range }
    set { third.range = newValue }
  }
  /// For the customer, in Spanish.
  public var customerSpanish: Range<Int> {
    get { fourth.range }
    set { fourth.range = newValue }
  }

  /// Creates empty ranges.
  @inlinable
  public init() {
    first = Place()
    second = Place()
    third = Place()
    fourth = Place()
  }
}

/// A signal's value on one event.
///
/// *Shape*: 16 bytes.
public struct SignalResult: Hashable, Sendable, BitwiseCopyable {
  /// The payload, by the signal's type; text refers to `Decision.text`, a list to
  /// `Decision.collected`.
  public var payload: UInt64
  @usableFromInline var signalNumber: UInt32
  /// Present, missing or error.
  public var state: ValueState
  /// Whether the value is a bound and not exact.
  public var isTruncated: Bool

  /// Position in `DecisionCatalog.signals`.
  public var signal: Int { Int(signalNumber) }

  /// Creates a result.
  @inlinable
  public init(signal: Int, payload: UInt64, state: ValueState, isTruncated: Bool) {
    signalNumber = UInt32(truncatingIfNeeded: signal)
    self.payload = payload
    self.state = state
    self.isTruncated = isTruncated
  }
}

/// The answer to one event: score, outcome, and why.
///
/// Positions refer to the `DecisionCatalog` of the package that made it. Reuse one value for many
/// events: `reset()` keeps capacity. It names at most 65,535 texts of reasons, as many as rules.
public struct Decision: Sendable {
  /// Order of arrival of the event.
  public var sequence: UInt64 = 0
  /// Position in `Schema.events`.
  public var eventType: Int = 0
  /// The event's time.
  public var time = Timestamp(microseconds: 0)
  /// Position in `DecisionCatalog.policies`.
  public var policy: Int = 0
  /// Position in the policy's `outcomes`.
  public var outcome: Int = 0
  /// Combined and capped score.
  public var score: Int = 0
  /// When a hold ends.
  public var holdUntil: Timestamp?
  /// The queue a person looks at, a position in the policy's `queues`.
  public var queue: Int?
  /// Whether the policy's exemption applied.
  public var isExempt = false
  /// Every evaluated rule, in declaration order.
  public var rules: [RuleResult] = []
  /// Which of at most 64 results are not silent, or do not follow the rule before them in the
  /// package: a bit each, the first lowest. Nil where who filled `rules` did not note it; whoever
  /// changes which rules are silent afterwards makes it so.
  public var toldRules: UInt64?
  /// The texts of reasons, of rules that have some.
  @usableFromInline var reasonTexts: [ReasonTexts] = []
  /// Every computed signal, in declaration order.
  public var signals: [SignalResult] = []
  /// What makes graph signals true, when the engine was told to say so.
  public var evidence: [SignalEvidence] = []
  /// The ties that `evidence` is made of.
  public var ties: [EvidenceTie] = []
  /// Payloads of the values that signals collected.
  public var collected: [UInt64] = []
  /// UTF-8 of reason texts, text signals and names.
  public var text: [UInt8] = []

  /// Creates an empty decision to fill.
  public init() {}

  /// Makes room for the results of `count` rules, whose content is left over from before.
  @inlinable
  public mutating func prepareRules(count: Int) {
    toldRules = nil
    if rules.count == count { return }
    let filler = RuleResult(rule: 0, outcome: .silent, score: 0, counted: false)
    rules.removeAll(keepingCapacity: true)
    rules.append(contentsOf: repeatElement(filler, count: count))
  }

  /// Keeps the first `count` results of rules.
  @inlinable
  public mutating func keepRules(_ count: Int) {
    toldRules = nil
    if rules.count > count { rules.removeLast(rules.count - count) }
  }

  /// Where the texts of a rule's reason lie in `text`: empty ranges when it has no reason or was
  /// silent.
  public func texts(of result: RuleResult) -> ReasonTexts {
    result.textNumber == 0 ? ReasonTexts() : reasonTexts[Int(result.textNumber) - 1]
  }

  /// Gives the result at an index its texts, which lie in `text`.
  public mutating func setTexts(_ texts: ReasonTexts, ofRule index: Int) {
    reasonTexts.append(texts)
    rules[index].textNumber = UInt16(reasonTexts.count)
  }

  /// Makes room for the values of `count` signals, whose content is left over from before.
  @inlinable
  public mutating func prepareSignals(count: Int) {
    if signals.count == count { return }
    let filler = SignalResult(signal: 0, payload: 0, state: .missing, isTruncated: false)
    signals.removeAll(keepingCapacity: true)
    signals.append(contentsOf: repeatElement(filler, count: count))
  }

  /// Empties it for another event, but for the rules and signals, which are made ready by their own
  /// calls.
  @inlinable
  public mutating func begin() {
    holdUntil = nil
    queue = nil
    isExempt = false
    if !reasonTexts.isEmpty { reasonTexts.removeAll(keepingCapacity: true) }
    if !evidence.isEmpty { evidence.removeAll(keepingCapacity: true) }
    if !ties.isEmpty { ties.removeAll(keepingCapacity: true) }
    if !collected.isEmpty { collected.removeAll(keepingCapacity: true) }
    if !text.isEmpty { text.removeAll(keepingCapacity: true) }
  }

  /// Empties it, keeping capacity.
  public mutating func reset() {
    sequence = 0
    eventType = 0
    time = Timestamp(microseconds: 0)
    policy = 0
    outcome = 0
    score = 0
    holdUntil = nil
    queue = nil
    isExempt = false
    rules.removeAll(keepingCapacity: true)
    toldRules = nil
    reasonTexts.removeAll(keepingCapacity: true)
    signals.removeAll(keepingCapacity: true)
    evidence.removeAll(keepingCapacity: true)
    ties.removeAll(keepingCapacity: true)
    collected.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
  }
}
