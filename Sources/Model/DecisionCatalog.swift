/// The names a decision's positions stand for; what an encoder or a reader of decisions needs to
/// know of a package.
public struct DecisionCatalog: Hashable, Sendable {
  /// SHA-256 of the package, 64 hexadecimal digits.
  public var packageHash: String
  /// Event type names, as `Schema.events`.
  public var eventNames: [String]
  /// Policies in declaration order.
  public var policies: [PolicyDescription]
  /// Rules in declaration order.
  public var rules: [RuleDescription]
  /// Reason codes in declaration order.
  public var reasons: [String]
  /// Signals in declaration order.
  public var signals: [SignalDescription]
  /// Enumerations of the schema, to print a case by name.
  public var enumerations: [Enumeration]
  /// Links in declaration order.
  public var links: [String] = []
  /// Identifiers, as `Schema.identifiers`.
  public var identifiers: [String] = []
  /// Labels that signals ask for.
  public var labels: [String] = []

  /// Creates a catalog.
  public init(
    packageHash: String, eventNames: [String], policies: [PolicyDescription],
    rules: [RuleDescription], reasons: [String], signals: [SignalDescription],
    enumerations: [Enumeration]
  ) {
    self.packageHash = packageHash
    self.eventNames = eventNames
    self.policies = policies
    self.rules = rules
    self.reasons = reasons
    self.signals = signals
    self.enumerations = enumerations
  }
}

/// A policy's name and outcomes.
public struct PolicyDescription: Hashable, Sendable {
  /// The name in rule files.
  public var name: String
  /// Outcomes from mild to hard; a decision's `outcome` is a position here.
  public var outcomes: [String]
  /// Queue names; a decision's `queue` is a position here.
  public var queues: [String]

  /// Creates a description.
  public init(name: String, outcomes: [String], queues: [String]) {
    self.name = name
    self.outcomes = outcomes
    self.queues = queues
  }

  /// The outcomes every policy has, mild to hard.
  public static let standardOutcomes = ["grant", "review", "hold", "ineligible", "block"]
}

/// A rule's name, version, status and reason.
public struct RuleDescription: Hashable, Sendable {
  /// The name in rule files.
  public var name: String
  /// Its version, 1 when not stated.
  public var version: Int
  /// Its status.
  public var status: RuleStatus
  /// Position in `DecisionCatalog.reasons`.
  public var reason: Int?
  /// What people read in English; the name when the file gives none.
  public var titleEnglish: String
  /// What people read in Spanish; the name when the file gives none.
  public var titleSpanish: String
  /// The texts of its reason where they are the same on every event: its decisions hold none then.
  public var fixedTexts: FixedTexts?

  /// Creates a description.
  public init(
    name: String, version: Int, status: RuleStatus, reason: Int?, titleEnglish: String,
    titleSpanish: String
  ) {
    self.name = name
    self.version = version
    self.status = status
    self.reason = reason
    self.titleEnglish = titleEnglish
    self.titleSpanish = titleSpanish
  }
}

/// What a reason says when no value stands in its texts; empty for none.
public struct FixedTexts: Hashable, Sendable {
  /// For the analyst, in English.
  public var analystEnglish = ""
  /// For the analyst, in Spanish.
  public var analystSpanish = ""
  /// For the customer, in English; said only when the rule fired.
  public var customerEnglish = ""
  /// For the customer, in Spanish; said only when the rule fired.
  public var customerSpanish = ""

  /// Creates texts that say nothing.
  public init() {}
}

/// A signal's name and type.
public struct SignalDescription: Hashable, Sendable {
  /// The name in rule files.
  public var name: String
  /// The type of its value.
  public var type: ValueType

  /// Creates a description.
  public init(name: String, type: ValueType) {
    self.name = name
    self.type = type
  }
}
