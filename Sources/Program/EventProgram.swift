public import Model

/// Everything that happens on one event type.
///
/// *Order*: slots and attributes are loaded, `arrival` runs, feeds, uses and edges update the
/// state, `reads` fill registers, rules and policy are decided from registers, for which as much of
/// `evaluation` runs as they need, and `explanation` runs only when a reason text is printed.
public struct EventProgram: Sendable {
  /// Registers the code needs, slots and constants included.
  public var registerCount: Int
  /// Constants, loaded once.
  public var constants: [ConstantLoad]
  /// Attributes of the event's entities, as of this event.
  public var attributes: [AttributeLoad]
  /// Code over fields and attributes alone: filters, summed values, keys.
  public var arrival: [Instruction]
  /// Lists this event enters.
  public var feeds: [Feed]
  /// Timelines and sequences this event enters.
  public var timelineFeeds: [TimelineFeed]
  /// Identifier uses this event makes.
  public var uses: [IdentifierUse]
  /// Positions in `RuleProgram.links` of event links this event feeds.
  public var edges: [Int]
  /// What a built-in event says of an account; nil for events that rules declare.
  public var accountEvent: AccountEvent?
  /// Signals read on this event: first those that are stored, in declaration order.
  public var reads: [SignalRead]
  /// Code over signals too: lets, conditions, scores.
  public var evaluation: [Instruction]
  /// Code that only reason texts need.
  public var explanation: [Instruction]
  /// Rules evaluated on this event, in declaration order.
  public var rules: [RulePlan]
  /// The policy that governs this event; nil when it is only counted.
  public var policy: PolicyPlan?

  /// Creates an event program that does nothing.
  public init(registerCount: Int) {
    self.registerCount = registerCount
    constants = []
    attributes = []
    arrival = []
    feeds = []
    timelineFeeds = []
    uses = []
    edges = []
    reads = []
    evaluation = []
    explanation = []
    rules = []
    policy = nil
  }
}

/// Puts an attribute of an entity of the event in a register; missing when the key is or it is
/// unset.
public struct AttributeLoad: Hashable, Sendable {
  /// Where it goes.
  public var register: Register
  /// Position in `Schema.entities`.
  public var entity: Int
  /// Slot of the entity field in the event.
  public var slot: Int
  /// Position in `Entity.attributes`.
  public var attribute: Int

  /// Creates a load.
  public init(register: Register, entity: Int, slot: Int, attribute: Int) {
    self.register = register
    self.entity = entity
    self.slot = slot
    self.attribute = attribute
  }
}

/// Enters the event in a list, unless its filter is not true or a key is missing or an error.
public struct Feed: Hashable, Sendable {
  /// Position in `RuleProgram.lists`.
  public var list: Int
  /// A bool register; nil for every event.
  public var filter: Register?
  /// One register per part of the key space.
  public var keys: [Register]
  /// One register per summed column; missing or error adds nothing.
  public var sums: [Register]
  /// One register per distinct column; missing or error is not counted.
  public var distincts: [Register]

  /// Creates a feed.
  public init(
    list: Int, filter: Register?, keys: [Register], sums: [Register], distincts: [Register]
  ) {
    self.list = list
    self.filter = filter
    self.keys = keys
    self.sums = sums
    self.distincts = distincts
  }
}

/// An identifier of the event belongs to an entity of the event.
public struct IdentifierUse: Hashable, Sendable {
  /// Position in `Schema.identifiers`.
  public var identifier: Int
  /// Slot of the identifier field.
  public var slot: Int
  /// Slot of the owner, an entity field.
  public var ownerSlot: Int

  /// Creates a use.
  public init(identifier: Int, slot: Int, ownerSlot: Int) {
    self.identifier = identifier
    self.slot = slot
    self.ownerSlot = ownerSlot
  }
}

/// Reads a signal into a register.
public struct SignalRead: Hashable, Sendable {
  /// Position in `RuleProgram.signals`.
  public var signal: Int
  /// Key parts, or the account of a graph signal.
  public var keys: [Register]
  /// Where the value goes.
  public var register: Register
  /// Whether this is the signal's own value on the event (stored, explained, in the digest), and
  /// not a question about another key.
  public var isStored: Bool

  /// Creates a read.
  public init(signal: Int, keys: [Register], register: Register, isStored: Bool) {
    self.signal = signal
    self.keys = keys
    self.register = register
    self.isStored = isStored
  }
}

/// What to do when a rule's condition is unknown.
public enum MissingMode: UInt8, Sendable, BitwiseCopyable {
  /// The outcome stays unknown and does not fire.
  case skips
  /// Unknown becomes fires.
  case fires
  /// Unknown becomes error.
  case errors
}

/// An outcome with what goes with it.
public struct OutcomePlan: Hashable, Sendable, BitwiseCopyable {
  /// Position in `PolicyDescription.outcomes`.
  public var outcome: Int
  /// Microseconds from the event's time until a hold ends.
  public var holdMicroseconds: Int64?
  /// Position in `PolicyDescription.queues`.
  public var queue: Int?

  /// Creates a plan.
  public init(outcome: Int, holdMicroseconds: Int64? = nil, queue: Int? = nil) {
    self.outcome = outcome
    self.holdMicroseconds = holdMicroseconds
    self.queue = queue
  }
}

/// How one rule is decided from registers.
public struct RulePlan: Hashable, Sendable {
  /// Position in `DecisionCatalog.rules`.
  public var rule: Int
  /// Condition.
  public var when: Register
  /// Exemption; true makes the rule silent.
  public var exempt: Register?
  /// Score, an int register; nil for 0.
  public var score: Register?
  /// Outcome at least this hard when it fires.
  public var force: OutcomePlan?
  /// Status.
  public var status: RuleStatus
  /// First event time at which it is evaluated.
  public var activeFrom: Timestamp?
  /// First event time at which it is not evaluated any more.
  public var activeUntil: Timestamp?
  /// What an unknown condition becomes.
  public var missing: MissingMode
  /// The reason's texts.
  public var texts: ReasonTemplates?

  /// Creates a plan.
  public init(
    rule: Int, when: Register, exempt: Register? = nil, score: Register? = nil,
    force: OutcomePlan? = nil, status: RuleStatus = .live, activeFrom: Timestamp? = nil,
    activeUntil: Timestamp? = nil, missing: MissingMode = .skips, texts: ReasonTemplates? = nil
  ) {
    self.rule = rule
    self.when = when
    self.exempt = exempt
    self.score = score
    self.force = force
    self.status = status
    self.activeFrom = activeFrom
    self.activeUntil = activeUntil
    self.missing = missing
    self.texts = texts
  }
}

/// A piece of a reason text.
public enum TemplatePart: Hashable, Sendable {
  /// UTF-8 as written.
  case literal([UInt8])
  /// The value of a register, printed by its type; missing prints "–" (en) or "sin dato" (es).
  case hole(Register, ValueType)
}

/// The four texts of a reason.
public struct ReasonTemplates: Hashable, Sendable {
  /// For the analyst, in English.
  public var analystEnglish: [TemplatePart]
  /// For the analyst, in Spanish.
  public var analystSpanish: [TemplatePart]
  /// For the customer, in English.
  public var customerEnglish: [TemplatePart]
  /// For the customer, in Spanish.
  public var customerSpanish: [TemplatePart]

  /// Creates templates.
  public init(
    analystEnglish: [TemplatePart], analystSpanish: [TemplatePart],
    customerEnglish: [TemplatePart], customerSpanish: [TemplatePart]
  ) {
    self.analystEnglish = analystEnglish
    self.analystSpanish = analystSpanish
    self.customerEnglish = customerEnglish
    self.customerSpanish = customerSpanish
  }
}

/// How scores combine.
public enum ScoreCombination: UInt8, Sendable {
  case sum
  case max
  /// 100 · (1 − Π(1 − s/100)) in declaration order, half away from zero.
  case noisyOr
}

/// A score at which an outcome is reached.
public struct Band: Hashable, Sendable {
  /// The least score.
  public var threshold: Int
  /// What it decides.
  public var outcome: OutcomePlan

  /// Creates a band.
  public init(threshold: Int, outcome: OutcomePlan) {
    self.threshold = threshold
    self.outcome = outcome
  }
}

/// How the rules of an event become a decision.
public struct PolicyPlan: Hashable, Sendable {
  /// Position in `DecisionCatalog.policies`.
  public var policy: Int
  /// How scores combine.
  public var combination: ScoreCombination
  /// The highest score.
  public var cap: Int
  /// When true the outcome is `otherwise`.
  public var exempt: Register?
  /// Bands in declaration order.
  public var bands: [Band]
  /// When no band is reached.
  public var otherwise: OutcomePlan
  /// The least outcome when a live rule ends in error.
  public var onError: OutcomePlan
  /// What a caller gets when the engine cannot answer in time.
  public var ifUnavailable: OutcomePlan
  /// The event type its decisions are, a position in `Schema.events`, when some signal counts them.
  public var decisionEvent: Int?

  /// Creates a plan.
  public init(
    policy: Int, combination: ScoreCombination, cap: Int, exempt: Register?, bands: [Band],
    otherwise: OutcomePlan, onError: OutcomePlan, ifUnavailable: OutcomePlan
  ) {
    self.policy = policy
    self.combination = combination
    self.cap = cap
    self.exempt = exempt
    self.bands = bands
    self.otherwise = otherwise
    self.onError = onError
    self.ifUnavailable = ifUnavailable
  }
}
