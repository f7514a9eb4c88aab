import Model
import Program
import Values

/// Turns the registers of an event into its decision.
enum PolicyJudge {
  /// Fills everything of a decision but its signals and texts. Returns whether a rule has a text
  /// to write.
  static func decide(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ policy: borrowing PolicyStep,
    _ plan: borrowing EnginePlan, _ registers: borrowing Registers,
    _ statistics: inout EngineStatistics, into decision: inout Decision
  ) -> Bool {
    let isExempt = policy.exempt.map { RuleJudge.isTrue($0, registers) } ?? false
    statistics.decisions += 1
    decision.sequence = event.sequence
    decision.eventType = event.type
    decision.time = event.time
    decision.policy = policy.policy
    decision.isExempt = isExempt
    var tally = RuleTally(policy)
    if layout.hasPlainRules {
      judgePlain(event, layout, policy, plan, registers, &statistics, &tally, into: &decision)
    } else {
      judge(event, layout, policy, plan, registers, &statistics, &tally, into: &decision)
    }
    choose(policy, plan, tally, into: &decision)
    return tally.needsTexts
  }

  /// The results of rules that have no extras. Nearly every rule is silent on nearly every event.
  @inline(__always)
  private static func judgePlain(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ policy: borrowing PolicyStep,
    _ plan: borrowing EnginePlan, _ registers: borrowing Registers,
    _ statistics: inout EngineStatistics, _ tally: inout RuleTally, into decision: inout Decision
  ) {
    let rules = plan.rules.span.extracting(layout.rules)
    let silent = plan.silentResults.span.extracting(layout.rules)
    decision.prepareRules(count: rules.count)
    var results = decision.rules.mutableSpan
    for index in silent.indices { results[index] = silent[index] }
    for index in rules.indices where !registers.isFalse(rules[index].when) {
      results[index] = tally.judge(
        rules[index], RuleJudge.outcome(of: rules[index], registers), event, layout, policy, plan,
        &statistics)
    }
  }

  /// The results of rules that are active at the time of the event.
  @inline(never)
  private static func judge(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ policy: borrowing PolicyStep,
    _ plan: borrowing EnginePlan, _ registers: borrowing Registers,
    _ statistics: inout EngineStatistics, _ tally: inout RuleTally, into decision: inout Decision
  ) {
    let rules = plan.rules.span.extracting(layout.rules)
    decision.prepareRules(count: rules.count)
    var results = decision.rules.mutableSpan
    var count = 0
    for index in rules.indices where RuleTally.isActive(rules[index], event, plan) {
      results[count] = tally.judge(
        rules[index], RuleJudge.outcome(of: rules[index], registers), event, layout, policy, plan,
        &statistics)
      count &+= 1
    }
    decision.keepRules(count)
  }

  private static func choose(
    _ policy: borrowing PolicyStep, _ plan: borrowing EnginePlan, _ tally: RuleTally,
    into decision: inout Decision
  ) {
    let (score, choice) = choice(policy, plan, tally, isExempt: decision.isExempt)
    decision.score = score
    decision.outcome = choice.outcome
    decision.queue = choice.queue
    decision.holdUntil = choice.holdMicroseconds.map {
      Timestamp(microseconds: decision.time.microseconds + $0)
    }
  }

  /// The score, and the hardest of bands, or `otherwise`, and what rules demand.
  @inline(__always)
  static func choice(
    _ policy: borrowing PolicyStep, _ plan: borrowing EnginePlan, _ tally: RuleTally,
    isExempt: Bool
  ) -> (score: Int, choice: OutcomeChoice) {
    let score = tally.combiner.score(cap: policy.cap)
    let floor = tally.floor
    var choice = OutcomeChoice()
    if !isExempt {
      for position in policy.bands where score >= plan.bands[position].threshold {
        choice.reach(plan.bands[position].outcome)
      }
    }
    if choice.outcome < 0 { choice.reach(policy.otherwise) }
    if !isExempt && floor.outcome >= 0 {
      choice.reach(
        OutcomePlan(
          outcome: floor.outcome, holdMicroseconds: floor.holdMicroseconds, queue: floor.queue))
    }
    return (score, choice)
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
