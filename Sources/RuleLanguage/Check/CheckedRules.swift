public import Expressions
public import Model
public import Values

/// A package in which every name and type is settled: what the compiler turns into a program.
public struct CheckedRules: Sendable {
  /// Events, entities, identifiers, enumerations.
  public var schema: Schema
  /// What the numbers of variables in expressions stand for.
  public var symbols: [Symbol]
  /// Named thresholds.
  public var params: [CheckedParam]
  /// Positions of params whose value went into something that is settled here: another param, a
  /// list, a bound, what a signal is otherwise.
  public var settledParams: Set<Int>
  /// Named sets.
  public var lists: [CheckedList]
  /// Edge types.
  public var links: [CheckedLink]
  /// Signals in declaration order.
  public var signals: [CheckedSignal]
  /// Derived values, each per event type it is used on.
  public var lets: [CheckedLet]
  /// Reason codes in declaration order.
  public var reasons: [CheckedReason]
  /// Rules in declaration order.
  public var rules: [CheckedRule]
  /// Policies in declaration order.
  public var policies: [CheckedPolicy]
  /// Tests in declaration order.
  public var tests: [CheckedTest]
  /// Values tests use for fields they leave out, by event and field.
  public var fieldDefaults: [FieldPlace: TypedExpression]
  /// Events no file declares, by position in `Schema.events`.
  public var builtInEvents: [Int: BuiltInEvent]
  /// Tables of the time zones that calendar windows go by.
  public var zones: [TimeZoneTable]
  /// All blocks but tests in one spelling, in order: what the package hash covers.
  public var canonicalText: String
}

/// What a variable of an expression stands for.
public enum Symbol: Hashable, Sendable {
  /// A field of an event; for an entity its key.
  case field(event: Int, field: Int)
  /// An attribute of the entity in a field.
  case attribute(event: Int, field: Int, attribute: Int)
  case signal(Int)
  case derived(Int)
  case param(Int)
  case list(Int)
  /// The counter of a `repeat` in a test.
  case counter(String)
}

/// A field of an event by position.
public struct FieldPlace: Hashable, Sendable {
  /// Position in `Schema.events`.
  public var event: Int
  /// Position in `EventType.fields`.
  public var field: Int

  /// Creates a place.
  public init(event: Int, field: Int) {
    self.event = event
    self.field = field
  }
}

/// A named threshold.
public struct CheckedParam: Sendable {
  /// The declared name.
  public var name: String
  /// What people read.
  public var title: Phrase?
  /// The type.
  public var type: ValueType
  /// The shipped value.
  public var value: Value
  /// The least value allowed.
  public var least: Value?
  /// The greatest value allowed.
  public var greatest: Value?
}

/// A named set.
public struct CheckedList: Sendable {
  /// The declared name.
  public var name: String
  /// What people read.
  public var title: Phrase?
  /// The type of its elements.
  public var element: ValueType
  /// Its elements; none for a list from a file.
  public var values: [Value]
  /// The file its elements come from.
  public var file: CheckedListFile?
}

/// Where the elements of a list come from.
public struct CheckedListFile: Sendable {
  /// The path as the rule file's own path and the source say together.
  public var path: String
  /// How it is read.
  public var file: ListFile
  /// Microseconds after which it is looked at again.
  public var refreshMicroseconds: Int64?
}

/// An edge type.
public struct CheckedLink: Sendable {
  /// The declared name.
  public var name: String
  /// Position in `Schema.entities`.
  public var entity: Int
  /// Where edges come from.
  public var source: CheckedLinkSource
  /// Microseconds an edge lives; nil for ever.
  public var windowMicroseconds: Int64?
}

/// Where the edges of a link come from.
public enum CheckedLinkSource: Sendable {
  /// Positions in `Schema.identifiers`.
  case identifiers([Int])
  /// Positions of two entity fields of an event.
  case event(Int, from: Int, to: Int, isDirected: Bool)
}

/// What a signal computes.
public enum CheckedSource: Sendable {
  case window(CheckedWindow)
  case timeline(CheckedTimeline)
  case sequence(CheckedSequence)
  case cycleLength(link: Int, maxHops: Int)
  case componentSize(link: Int, maxNodes: Int?)
  case graph(CheckedGraph)

  /// The link of a graph signal.
  var link: Int? {
    switch self {
    case .window, .timeline, .sequence: nil
    case .cycleLength(let link, _), .componentSize(let link, _): link
    case .graph(let question): question.link
    }
  }
}

/// An event every package knows.
public enum BuiltInEvent: Hashable, Sendable {
  /// Gives an account a label or takes it away.
  case label
  /// Removes an account.
  case erase
}

extension CheckedSource {
  /// Whether it has no value for some key that is there, as an average of nothing.
  public var mayBeMissing: Bool {
    guard case .timeline(let window) = self, window.otherwise == nil else { return false }
    return !["count", "sum", "distinct"].contains(window.function)
  }
}

/// An aggregate over a sliding window.
public struct CheckedWindow: Sendable {
  /// The event type that is counted.
  public var event: Int
  /// What is computed.
  public var aggregate: CheckedAggregate
  /// Which events count.
  public var filter: TypedExpression?
  /// The keys, over the counted event.
  public var keys: [TypedExpression]
  /// The window's length.
  public var microseconds: Int64
  /// Whether the scored event is left out.
  public var excludesCurrent: Bool
}

/// Which events a window holds.
public enum CheckedSpan: Hashable, Sendable {
  /// Those of so many microseconds.
  case sliding(Int64)
  /// The so many last.
  case last(Int)
  /// Those since the start of the unit; `zone` is a position in `CheckedRules.zones`.
  case calendar(String, zone: Int)
  /// All.
  case lifetime
}

/// An aggregate over any window.
public struct CheckedTimeline: Sendable {
  /// The event type that is counted.
  public var event: Int
  /// The aggregate as written: `percentile`.
  public var function: String
  /// What it is computed over.
  public var value: TypedExpression?
  /// Of `percentile`, in millionths.
  public var millionths: Int
  /// Of `collect`, how many values at most.
  public var most: Int
  /// Which events count.
  public var filter: TypedExpression?
  /// The keys, over the counted event.
  public var keys: [TypedExpression]
  /// The window.
  public var span: CheckedSpan
  /// Microseconds before the scored event's time at which it ends.
  public var lagMicroseconds: Int64
  /// Whether the scored event is left out.
  public var excludesCurrent: Bool
  /// The value when there is nothing in the window.
  public var otherwise: Value?
}

/// Events that follow others of the same key.
public struct CheckedSequence: Sendable {
  /// One of its two events.
  public struct Side: Sendable {
    /// The event type.
    public var event: Int
    /// Which of its events count.
    public var filter: TypedExpression?
    /// The keys over it.
    public var keys: [TypedExpression]
  }

  /// What comes first.
  public var first: Side
  /// What follows and is counted.
  public var second: Side
  /// The most that may lie between the two.
  public var withinMicroseconds: Int64
  /// The window's length.
  public var microseconds: Int64
  /// Microseconds before the scored event's time at which the window ends.
  public var lagMicroseconds: Int64
  /// Whether the scored event is left out.
  public var excludesCurrent: Bool
  /// The value when there is none.
  public var otherwise: Value?
}

/// The aggregate functions.
public enum CheckedAggregate: Sendable {
  case count
  case sum(TypedExpression)
  case distinct(TypedExpression)
}

/// A signal.
public struct CheckedSignal: Sendable {
  /// The declared name.
  public var name: String
  /// What people read.
  public var title: Phrase?
  /// The type of its value.
  public var type: ValueType
  /// What it computes.
  public var source: CheckedSource
  /// Where it was declared.
  public var span: SourceSpan
  /// Its keys or account on each event type where it can be read by its bare name.
  public var bareKeys: [Int: [TypedExpression]]
}

/// A derived value on one event type.
public struct CheckedLet: Sendable {
  /// The declared name.
  public var name: String
  /// Position in `Schema.events`.
  public var event: Int
  /// What it computes.
  public var value: TypedExpression
}

/// A reason code.
public struct CheckedReason: Sendable {
  /// The code.
  public var code: String
}

/// A piece of a reason text.
public enum CheckedPart: Sendable {
  case literal(String)
  case hole(TypedExpression)
}

/// The four texts of a reason on one event type.
public struct CheckedTexts: Sendable {
  /// For the analyst, in English.
  public var analystEnglish: [CheckedPart]
  /// For the analyst, in Spanish.
  public var analystSpanish: [CheckedPart]
  /// For the customer, in English.
  public var customerEnglish: [CheckedPart]
  /// For the customer, in Spanish.
  public var customerSpanish: [CheckedPart]
}

/// An outcome with what goes with it.
public struct CheckedOutcome: Hashable, Sendable {
  /// Position among the policy's outcomes.
  public var outcome: Int
  /// Microseconds a hold lasts.
  public var holdMicroseconds: Int64?
  /// Position among the policy's queues.
  public var queue: Int?
}

/// A rule.
public struct CheckedRule: Sendable {
  /// The declared name.
  public var name: String
  /// Where it was declared.
  public var span: SourceSpan
  /// Its version.
  public var version: Int
  /// What people read in English.
  public var titleEnglish: String
  /// What people read in Spanish.
  public var titleSpanish: String
  /// The event type it looks at.
  public var event: Int
  /// The condition.
  public var when: TypedExpression
  /// The exemption.
  public var exempt: TypedExpression?
  /// The score, an int.
  public var score: TypedExpression?
  /// The outcome it forces.
  public var force: CheckedOutcome?
  /// Position in `CheckedRules.reasons`.
  public var reason: Int
  /// The reason's texts on this rule's event.
  public var texts: CheckedTexts
  /// The status.
  public var status: RuleStatus
  /// First event time at which it counts.
  public var activeFrom: Timestamp?
  /// First event time at which it counts no more.
  public var activeUntil: Timestamp?
  /// What an unknown condition becomes.
  public var missing: MissingClause
}

/// `missing skips | fires | errors`
public enum MissingClause: String, Sendable {
  case skips
  case fires
  case errors
}

/// A policy.
public struct CheckedPolicy: Sendable {
  /// The declared name.
  public var name: String
  /// The event type it governs.
  public var event: Int
  /// Outcomes, mild to hard.
  public var outcomes: [String]
  /// Queue names.
  public var queues: [String]
  /// `sum`, `max` or `noisy_or`.
  public var combination: String
  /// The highest score.
  public var cap: Int
  /// The exemption.
  public var exempt: TypedExpression?
  /// Bands in declaration order.
  public var bands: [(threshold: Int, outcome: CheckedOutcome)]
  /// When no band is reached.
  public var otherwise: CheckedOutcome
  /// The least outcome when a live rule fails.
  public var onError: CheckedOutcome
  /// When the engine cannot answer in time.
  public var ifUnavailable: CheckedOutcome
}

/// A test.
public struct CheckedTest: Sendable {
  /// The sentence that names it.
  public var title: String
  /// Where it stands.
  public var span: SourceSpan
  /// Its steps in order.
  public var steps: [CheckedStep]
}

/// A step of a test.
public enum CheckedStep: Sendable {
  /// The time of `0m`.
  case starting(Timestamp)
  /// Sets attributes of an entity: key and values by attribute position.
  case given(entity: Int, key: TypedExpression, attributes: [(Int, TypedExpression)])
  case withList(Int, TypedExpression)
  case withParam(Int, TypedExpression)
  case at(microseconds: Int64, CheckedRecord)
  case repeated(Int, counter: Int, everyMicroseconds: Int64, CheckedRecord)
  case expect(CheckedExpectation, SourceSpan)
}

/// An event of a test: values by field position.
public struct CheckedRecord: Sendable {
  /// Position in `Schema.events`.
  public var event: Int
  /// Values by field position.
  public var fields: [(field: Int, value: TypedExpression)]
}

/// What a test expects of the last event.
public enum CheckedExpectation: Sendable {
  /// The comparison has the signal's value on its left, under this variable number.
  case signal(Int, comparison: TypedExpression)
  case signalMissing(Int, isMissing: Bool)
  case rule(Int, RuleOutcome)
  /// The comparison has the score on its left.
  case score(comparison: TypedExpression)
  case decision(String)
  case reasons([String])
}
