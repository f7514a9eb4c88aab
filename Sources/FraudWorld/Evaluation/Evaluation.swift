public import Model

/// Compares decisions with the truth, one by one.
///
/// An outcome *stops* what was asked for when it is at least as hard as the one given, or, in a
/// policy without that one, harder than `review`.
public struct Evaluation: Sendable {
  let catalog: DecisionCatalog
  let truth: Truth
  /// The mildest outcome that stops, by policy.
  let stopping: [Int]
  /// By case: what was decided, or nil.
  private(set) var verdicts: [Verdict?]
  private(set) var rules: [RuleTally]
  /// Decisions the truth knows nothing of.
  public private(set) var unknown = 0
  /// Decisions compared.
  public private(set) var compared = 0

  struct Verdict: Sendable {
    var policy: Int
    var outcome: Int
    var isStopped: Bool
  }

  struct RuleTally: Sendable {
    var policy: Int?
    var fraud = 0
    var honest = 0
    /// Fraud no other rule spoke of.
    var fraudAlone = 0
    /// Asked for in decisions on fraud that were stopped and in which it fired.
    var cents: Int64 = 0
  }

  /// Prepares to compare the decisions of a package.
  public init(_ catalog: DecisionCatalog, _ truth: Truth, stoppingFrom outcome: String) {
    self.catalog = catalog
    self.truth = truth
    stopping = catalog.policies.map { policy in
      policy.outcomes.firstIndex(of: outcome)
        ?? (policy.outcomes.firstIndex(of: "review") ?? 0) + 1
    }
    verdicts = [Verdict?](repeating: nil, count: truth.cases.count)
    rules = [RuleTally](repeating: RuleTally(), count: catalog.rules.count)
  }

  /// Takes a decision on the event with this id.
  public mutating func add(_ decision: borrowing Decision, eventId id: String) {
    guard let number = truth.find(event: catalog.eventNames[decision.eventType], id: id) else {
      unknown += 1
      return
    }
    compared += 1
    let known = truth.cases[number]
    let isStopped = decision.outcome >= stopping[decision.policy]
    verdicts[number] = Verdict(
      policy: decision.policy, outcome: decision.outcome, isStopped: isStopped)
    let fired = decision.rules.count { $0.outcome == .fires && $0.counted }
    for result in decision.rules {
      rules[result.rule].policy = decision.policy
      guard result.outcome == .fires else { continue }
      if known.isHonest {
        rules[result.rule].honest += 1
      } else {
        rules[result.rule].fraud += 1
        if fired == 1 && result.counted { rules[result.rule].fraudAlone += 1 }
        if isStopped { rules[result.rule].cents += known.cents }
      }
    }
  }
}
