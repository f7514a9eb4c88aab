import Model
import Program
import Values

/// What the rules of an event come to while they are looked at in their order.
struct RuleTally {
  var combiner: ScoreCombiner
  /// The hardest outcome that a rule forces.
  private(set) var floor = OutcomeChoice()
  /// Whether some rule has a text to write.
  private(set) var needsTexts = false
  /// Whether no rule has anything to say on score or outcome.
  private(set) var isCalm = true
  /// The place of the event in 0…99, once a rule that counts on a share of events asked for it.
  private var share: Int?

  init(_ policy: borrowing PolicyStep) {
    combiner = ScoreCombiner(policy.combination)
  }

  /// Whether a rule is evaluated at the time of an event.
  static func isActive(
    _ rule: RuleStep, _ event: borrowing Event, _ plan: borrowing EnginePlan
  ) -> Bool {
    rule.extras < 0 || RuleJudge.isActive(plan.ruleExtras[Int(rule.extras)], at: event.time)
  }

  /// The result of an active rule that ended so, taken into the tally.
  @inline(never)
  mutating func judge(
    _ rule: RuleStep, _ ended: (outcome: RuleOutcome, score: Int), _ event: borrowing Event,
    _ layout: borrowing EventPlan, _ policy: borrowing PolicyStep, _ plan: borrowing EnginePlan,
    _ statistics: inout EngineStatistics
  ) -> RuleResult {
    let (outcome, score) = ended
    if outcome == .silent { return RuleResult(silent: rule.rule) }
    if rule.template >= 0 { needsTexts = true }
    var counts = isCounted(rule.share, event, layout)
    switch outcome {
    case .silent: break
    case .fires:
      if counts { take(rule, firing: score, plan) }
    case .error:
      statistics.errorOutcomes += 1
      if counts { takeError(policy) }
    case .unknown:
      statistics.unknownOutcomes += 1
      counts = false
    }
    return RuleResult(rule: Int(rule.rule), outcome: outcome, score: score, counted: counts)
  }

  /// Takes a rule that fires and counts.
  @inline(__always)
  mutating func take(_ rule: RuleStep, firing score: Int, _ plan: borrowing EnginePlan) {
    isCalm = false
    combiner.add(score)
    if rule.extras >= 0, let force = plan.ruleExtras[Int(rule.extras)].force {
      floor.reach(force)
    }
  }

  /// Takes a rule that counts and ended in error.
  mutating func takeError(_ policy: borrowing PolicyStep) {
    isCalm = false
    floor.reach(policy.onError)
  }

  /// Some rule has a text to write.
  mutating func tellTexts() { needsTexts = true }

  /// Takes the result of a rule that is not silent and forces no outcome.
  @inline(__always)
  mutating func take(
    _ result: RuleResult, hasText: Bool, _ policy: borrowing PolicyStep,
    _ statistics: inout EngineStatistics
  ) {
    if hasText { tellTexts() }
    if result.outcome == .unknown {
      statistics.unknownOutcomes += 1
    } else {
      take(result, policy, &statistics)
    }
  }

  /// The same of one that is not unknown, whose text is told of.
  @inline(never)
  mutating func take(
    _ result: RuleResult, _ policy: borrowing PolicyStep, _ statistics: inout EngineStatistics
  ) {
    if result.outcome == .error {
      statistics.errorOutcomes += 1
      if result.counted { takeError(policy) }
    } else if result.counted {
      isCalm = false
      combiner.add(result.score)
    }
  }

  /// Whether a rule that counts on `percent` of events counts on this one.
  private mutating func isCounted(
    _ percent: UInt8, _ event: borrowing Event, _ layout: borrowing EventPlan
  ) -> Bool {
    if percent >= 100 { return true }
    if percent == 0 { return false }
    if let share { return share < Int(percent) }
    var hash = layout.nameHash
    hash.append(event.text.span.extracting(event.id.offset..<event.id.offset + event.id.length))
    let place = Int(hash.state % 100)
    share = place
    return place < Int(percent)
  }
}
