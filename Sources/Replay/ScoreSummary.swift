public import Engine
public import Model
internal import Program

/// What a run saw, for people.
public struct ScoreSummary: Sendable {
  /// Events applied, repeats not counted.
  public internal(set) var events = 0
  /// Identical repeats, answered again.
  public internal(set) var repeated = 0
  /// Refused lines by code.
  public internal(set) var rejected: [String: Int] = [:]
  /// Decisions by policy and outcome, in the order of the catalog.
  public internal(set) var outcomes: [[OutcomeTally]]
  /// How often each rule fired and counted, in the order of the catalog.
  public internal(set) var fired: [Int]
  /// How often each rule could not be decided (unknown or error), in the order of the catalog.
  public internal(set) var undecided: [Int]
  /// What the engine counted; set when the run ends.
  public internal(set) var statistics = EngineStatistics()
  /// The names the positions stand for.
  public let catalog: DecisionCatalog
  /// Slot, scale and unit of the amount each event type asks for, its first field of money.
  private let amounts: [(slot: Int, scale: Int, unit: String)?]

  /// Decisions of one outcome.
  public struct OutcomeTally: Sendable {
    /// How many.
    public var count = 0
    /// What was asked for, by unit.
    public var amounts: [String: Decimal] = [:]
  }

  init(_ program: borrowing RuleProgram) {
    catalog = program.catalog
    outcomes = program.catalog.policies.map {
      [OutcomeTally](repeating: OutcomeTally(), count: $0.outcomes.count)
    }
    fired = [Int](repeating: 0, count: program.catalog.rules.count)
    undecided = fired
    amounts = program.schema.events.map { event in
      for field in event.fields {
        if case .decimal(let scale, let unit) = field.type, !unit.isEmpty {
          return (field.slot, scale, unit)
        }
      }
      return nil
    }
  }

  mutating func add(_ decision: borrowing Decision, _ event: borrowing Event) {
    outcomes[decision.policy][decision.outcome].count += 1
    for result in decision.rules {
      switch result.outcome {
      case .fires where result.counted: fired[result.rule] += 1
      case .unknown, .error: undecided[result.rule] += 1
      default: break
      }
    }
    guard let amount = amounts[event.type],
      event.states[amount.slot] == ValueState.present.rawValue
    else { return }
    let units = Int64(bitPattern: event.payloads[amount.slot])
    outcomes[decision.policy][decision.outcome].add(units, amount.scale, amount.unit)
  }
}

extension ScoreSummary.OutcomeTally {
  /// A sum that leaves 64 bits stays at the largest number: it is shown to people, not paid.
  fileprivate mutating func add(_ units: Int64, _ scale: Int, _ unit: String) {
    let sum = amounts[unit] ?? Decimal(units: 0, scale: scale)
    guard let addend = Decimal(units: units, scale: scale).rescaled(to: sum.scale) else { return }
    let (total, overflow) = sum.units.addingReportingOverflow(addend.units)
    amounts[unit] = Decimal(units: overflow ? .max : total, scale: sum.scale)
  }
}
