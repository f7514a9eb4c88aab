import Model
import Program
import Values

/// Turns the registers of an event into its decision.
enum PolicyJudge {
  /// Fills everything of a decision but its signals and texts.
  static func decide(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ policy: borrowing PolicyStep,
    _ plan: borrowing EnginePlan, _ registers: borrowing Registers,
    _ statistics: inout EngineStatistics, into decision: inout Decision
  ) {
    decision.sequence = event.sequence
    decision.eventType = event.type
    decision.time = event.time
    decision.policy = policy.policy
    let isExempt = policy.exempt.map { RuleJudge.isTrue($0, registers) } ?? false
    decision.isExempt = isExempt

    var tally = RuleTally(policy)
    let rules = plan.rules.span.extracting(layout.rules)
    decision.prepareRules(count: rules.count)
    var results = decision.rules.mutableSpan
    var count = 0
    for index in rules.indices {
      // Nearly every rule is silent on nearly every event.
      if rules[index].extras < 0, registers.isFalse(rules[index].when) {
        results[count] = RuleResult(silent: rules[index].rule)
        count &+= 1
      } else if let result = tally.judge(
        rules[index], event, layout, policy, plan, registers, &statistics)
      {
        results[count] = result
        count &+= 1
      }
    }
    decision.keepRules(count)
    decision.score = tally.combiner.score(cap: policy.cap)
    choose(policy, plan, isExempt: isExempt, floor: tally.floor, into: &decision)
  }

  /// The hardest of bands, or `otherwise`, and what rules demand.
  private static func choose(
    _ policy: borrowing PolicyStep, _ plan: borrowing EnginePlan, isExempt: Bool,
    floor: OutcomeChoice, into decision: inout Decision
  ) {
    var choice = OutcomeChoice()
    if !isExempt {
      for position in policy.bands where decision.score >= plan.bands[position].threshold {
        choice.reach(plan.bands[position].outcome)
      }
    }
    if choice.outcome < 0 { choice.reach(policy.otherwise) }
    if !isExempt && floor.outcome >= 0 {
      choice.reach(
        OutcomePlan(
          outcome: floor.outcome, holdMicroseconds: floor.holdMicroseconds, queue: floor.queue))
    }
    decision.outcome = choice.outcome
    decision.queue = choice.queue
    decision.holdUntil = choice.holdMicroseconds.map {
      Timestamp(microseconds: decision.time.microseconds + $0)
    }
  }

  /// Whether some rule of the decision has a text to write.
  static func needsTexts(
    _ decision: borrowing Decision, _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan
  ) -> Bool {
    var index = 0
    for position in layout.rules where isNext(position, index, decision, plan) {
      if plan.rules[position].template >= 0 && decision.rules[index].outcome != .silent {
        return true
      }
      index += 1
    }
    return false
  }

  /// Writes the texts of rules that are not silent.
  static func writeTexts(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, _ registers: borrowing Registers,
    _ texts: borrowing TextArenas, into decision: inout Decision
  ) {
    var index = 0
    for position in layout.rules where isNext(position, index, decision, plan) {
      let template = plan.rules[position].template
      if template >= 0 && decision.rules[index].outcome != .silent {
        let written = ReasonWriter.write(
          plan.templates[Int(template)], forCustomer: decision.rules[index].outcome == .fires, plan,
          registers, texts, to: &decision.text)
        decision.setTexts(written, ofRule: index)
      }
      index += 1
    }
  }

  /// Whether result number `index` is that of a rule: rules that were not active have none.
  private static func isNext(
    _ position: Int, _ index: Int, _ decision: borrowing Decision, _ plan: borrowing EnginePlan
  ) -> Bool {
    index < decision.rules.count && decision.rules[index].rule == Int(plan.rules[position].rule)
  }
}

/// What the rules of an event come to while they are looked at in their order.
private struct RuleTally {
  var combiner: ScoreCombiner
  /// The hardest outcome that a rule forces.
  var floor = OutcomeChoice()
  /// The place of the event in 0…99, once a rule that counts on a share of events asked for it.
  private var share: Int?

  init(_ policy: borrowing PolicyStep) {
    combiner = ScoreCombiner(policy.combination)
  }

  /// The result of a rule, taken into the tally; nil of one that is not active.
  @inline(never)
  mutating func judge(
    _ rule: RuleStep, _ event: borrowing Event, _ layout: borrowing EventPlan,
    _ policy: borrowing PolicyStep, _ plan: borrowing EnginePlan, _ registers: borrowing Registers,
    _ statistics: inout EngineStatistics
  ) -> RuleResult? {
    let extras = rule.extras < 0 ? nil : plan.ruleExtras[Int(rule.extras)]
    if let extras, !RuleJudge.isActive(extras, at: event.time) { return nil }
    let (outcome, score) = RuleJudge.outcome(of: rule, registers)
    var counts = false
    if outcome != .silent { counts = isCounted(rule.share, event, layout) }
    switch outcome {
    case .silent: break
    case .fires where counts:
      combiner.add(score)
      if let force = extras?.force { floor.reach(force) }
    case .fires: break
    case .error:
      statistics.errorOutcomes += 1
      if counts { floor.reach(policy.onError) }
    case .unknown:
      statistics.unknownOutcomes += 1
      counts = false
    }
    return RuleResult(rule: Int(rule.rule), outcome: outcome, score: score, counted: counts)
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
