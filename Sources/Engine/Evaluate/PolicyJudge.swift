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

    var combiner = ScoreCombiner(policy.combination)
    var floor = OutcomeChoice()
    var share: Int?
    decision.prepareRules(count: layout.rules.count)
    var results = decision.rules.mutableSpan
    var count = 0
    let rules = plan.rules.span
    for position in layout.rules {
      let rule = rules[position]
      if rule.extras < 0 && registers.state(rule.when) == Registers.present
        && registers.payload(rule.when) == 0
      {
        // Nearly every rule is silent on nearly every event.
        results[count] = RuleResult(silent: rule.rule)
        count &+= 1
        continue
      }
      if rule.extras >= 0, !RuleJudge.isActive(plan.ruleExtras[Int(rule.extras)], at: event.time) {
        continue
      }
      let (outcome, score) = RuleJudge.outcome(of: rule, registers)
      var counts = false
      if outcome != .silent {
        counts = isCounted(rule.share, event, layout, &share)
        switch outcome {
        case .fires where counts:
          combiner.add(score)
          if rule.extras >= 0, let force = plan.ruleExtras[Int(rule.extras)].force {
            floor.reach(force)
          }
        case .error:
          statistics.errorOutcomes += 1
          if counts { floor.reach(policy.onError) }
        case .unknown:
          statistics.unknownOutcomes += 1
          counts = false
        default: break
        }
      }
      results[count] = RuleResult(
        rule: Int(rule.rule), outcome: outcome, score: score, counted: counts)
      count += 1
    }
    decision.keepRules(count)
    decision.score = combiner.score(cap: policy.cap)
    choose(policy, plan, isExempt: isExempt, floor: floor, into: &decision)
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

  /// Whether a rule that counts on `percent` of events counts on this one; `share` keeps the
  /// event's place in 0…99.
  private static func isCounted(
    _ percent: UInt8, _ event: borrowing Event, _ layout: borrowing EventPlan, _ share: inout Int?
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
