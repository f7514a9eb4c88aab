public import Engine
public import Model

/// What every value of some params would have decided.
public struct SweepReport: Sendable {
  /// Events replayed.
  public internal(set) var events = 0
  /// Decisions made.
  public internal(set) var decisions = 0
  /// Policies in declaration order.
  public let policies: [PolicyDescription]
  /// A curve for each param, in the order they were asked for.
  public internal(set) var curves: [SweepCurve] = []
  /// Events of a log that the package does not read, the first of them.
  public internal(set) var unreadable: [RescoreReport.Unreadable] = []
  /// How many those are.
  public internal(set) var unreadableCount = 0

  init(_ catalog: DecisionCatalog) {
    policies = catalog.policies
  }
}

/// How the values of a param were told.
public enum SweepWay: Hashable, Sendable {
  /// From the one replay, in columns of events.
  case columns
  /// Each from a replay of its own, for that reason.
  case replays(SweepRefusal)
  /// Each from a replay of its own: signals count decisions that the log does not have.
  case unanswered
}

/// The decisions of each value of one param, the others as they stand.
public struct SweepCurve: Sendable {
  /// The param.
  public var param: SweptParam
  /// How its values were told.
  public var way: SweepWay
  /// Value by value.
  public var points: [SweepPoint]
}

/// What was decided under one value.
public struct SweepPoint: Hashable, Sendable {
  /// Policy by policy, in declaration order.
  public var policies: [Part]

  /// The decisions of one policy.
  public struct Part: Hashable, Sendable {
    /// Decisions by outcome, and what was asked for in them.
    public var outcomes: [MoneyTally]
    /// Those with another outcome than under the present value.
    public var changed: MoneyTally
    /// How many different accounts the events of those name.
    public var accounts: Int
  }
}

/// A param whose values are asked about.
public struct SweptParam: Hashable, Sendable {
  /// Its name.
  public var name: String
  /// Its values as people read them.
  public var values: [String]
  /// Which of them is the one that the rules have.
  public var present: Int

  /// Creates a param with its values.
  public init(name: String, values: [String], present: Int) {
    self.name = name
    self.values = values
    self.present = present
  }
}
