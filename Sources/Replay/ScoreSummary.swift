public import Engine
public import Model
internal import Program
import Wire

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
  ///
  /// *Complexity*: O(rules), like `undecided`.
  public var fired: [Int] { Array(ruleCounts.prefix(catalog.rules.count)) }
  /// How often each rule could not be decided (unknown or error), in the order of the catalog.
  public var undecided: [Int] { Array(ruleCounts.suffix(catalog.rules.count)) }
  /// What the engine counted; set when the run ends.
  public internal(set) var statistics = EngineStatistics()
  /// The names the positions stand for.
  public let catalog: DecisionCatalog
  private let money: MoneyFields
  /// By rule how often it fired and counted, then by rule how often it could not be decided.
  private var ruleCounts: [Int]

  init(_ program: borrowing RuleProgram) {
    catalog = program.catalog
    outcomes = program.catalog.policies.map {
      [MoneyTally](repeating: MoneyTally(), count: $0.outcomes.count)
    }
    ruleCounts = [Int](repeating: 0, count: 2 * program.catalog.rules.count)
    money = MoneyFields(program.schema)
  }

  /// Counts a decision; `told` are the rules to tell of in it.
  mutating func add(
    _ decision: borrowing Decision, _ event: borrowing Event, telling told: borrowing ToldRules
  ) {
    money.add(event, to: &outcomes[decision.policy][decision.outcome])
    let results = decision.rules.span
    let told = told.positions
    // Asked for once, and not at each rule, whether somebody else holds the counts.
    var counts = ruleCounts.mutableSpan
    let ruleCount = counts.count / 2
    for index in told.indices {
      let result = results[Int(told[index])]
      switch result.outcome {
      case .fires where result.counted: counts[result.rule] &+= 1
      case .unknown, .error: counts[ruleCount + result.rule] &+= 1
      default: break
      }
    }
  }
}
