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
  public internal(set) var outcomes: [[MoneyTally]]
  /// How often each rule fired and counted, in the order of the catalog.
  public internal(set) var fired: [Int]
  /// How often each rule could not be decided (unknown or error), in the order of the catalog.
  public internal(set) var undecided: [Int]
  /// What the engine counted; set when the run ends.
  public internal(set) var statistics = EngineStatistics()
  /// The names the positions stand for.
  public let catalog: DecisionCatalog
  private let money: MoneyFields

  init(_ program: borrowing RuleProgram) {
    catalog = program.catalog
    outcomes = program.catalog.policies.map {
      [MoneyTally](repeating: MoneyTally(), count: $0.outcomes.count)
    }
    fired = [Int](repeating: 0, count: program.catalog.rules.count)
    undecided = fired
    money = MoneyFields(program.schema)
  }

  mutating func add(_ decision: borrowing Decision, _ event: borrowing Event) {
    money.add(event, to: &outcomes[decision.policy][decision.outcome])
    let results = decision.rules.span
    for index in results.indices where results[index].outcome != .silent {
      let result = results[index]
      switch result.outcome {
      case .fires where result.counted: fired[result.rule] += 1
      case .unknown, .error: undecided[result.rule] += 1
      default: break
      }
    }
  }
}
