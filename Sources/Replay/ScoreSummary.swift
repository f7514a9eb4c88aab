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
  ///
  /// *Complexity*: O(outcomes).
  public var outcomes: [[MoneyTally]] {
    policies.map { policy in policy.map { money.tally(tallies[$0]) } }
  }
  /// How often each rule fired and counted, in the order of the catalog.
  ///
  /// *Complexity*: O(rules), like `undecided`.
  public var fired: [Int] { count([Self.place(.fires, counted: true)]) }
  /// How often each rule could not be decided (unknown or error), in the order of the catalog.
  public var undecided: [Int] {
    count(
      [RuleOutcome.unknown, .error].flatMap {
        [Self.place($0, counted: true), Self.place($0, counted: false)]
      })
  }
  /// What the engine counted; set when the run ends.
  public internal(set) var statistics = EngineStatistics()
  /// The names the positions stand for.
  public let catalog: DecisionCatalog
  private let money: MoneyFields
  /// By policy where its outcomes lie among those of all.
  private let policies: [Range<Int>]
  private var tallies: [MoneyFields.RunningTally]
  /// By rule eight, as it may end and whether it counted then.
  private var ruleCounts: [Int]

  init(_ program: borrowing RuleProgram) {
    catalog = program.catalog
    var policies: [Range<Int>] = []
    for policy in program.catalog.policies {
      let first = policies.last?.upperBound ?? 0
      policies.append(first..<first + policy.outcomes.count)
    }
    self.policies = policies
    tallies = Array(repeating: MoneyFields.RunningTally(), count: policies.last?.upperBound ?? 0)
    ruleCounts = [Int](repeating: 0, count: 8 * program.catalog.rules.count)
    money = MoneyFields(program.schema)
  }

  /// Counts a decision; `told` are the rules to tell of in it.
  mutating func add(
    _ decision: borrowing Decision, _ event: borrowing Event, telling told: borrowing ToldRules
  ) {
    let policy = policies[decision.policy]
    precondition(
      decision.outcome >= 0 && decision.outcome < policy.count, "the policy has such an outcome")
    money.add(event, to: &tallies[policy.lowerBound &+ decision.outcome])
    let results = decision.rules.span
    let told = told.positions
    // Asked for once, and not at each rule, whether somebody else holds the counts.
    var counts = ruleCounts.mutableSpan
    for index in told.indices {
      let result = results[Int(told[index])]
      counts[8 &* result.rule &+ Self.place(result.outcome, counted: result.counted)] &+= 1
    }
  }

  /// Where it is counted that a rule ended so, among its eight counts.
  @inline(__always)
  private static func place(_ outcome: RuleOutcome, counted: Bool) -> Int {
    Int(outcome.rawValue) &+ (counted ? 4 : 0)
  }

  /// By rule how often it ended in one of some ways.
  private func count(_ places: [Int]) -> [Int] {
    catalog.rules.indices.map { rule in places.reduce(0) { $0 + ruleCounts[8 * rule + $1] } }
  }
}
