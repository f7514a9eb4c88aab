import Model
import Program
import Values

/// Turns the registers of an event into its decision.
enum PolicyJudge {
  /// Fills everything of a decision but its signals and texts.
  static func decide(
    _ event: borrowing Event, _ layout: EventPlan, _ policy: PolicyStep,
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
    for position in layout.rules {
      let rule = plan.rules[position]
      guard RuleJudge.isActive(rule, at: event.time) else { continue }
      let (outcome, score) = RuleJudge.outcome(of: rule, registers)
      let counts = isCounted(rule.status, event, layout, &share)
      switch outcome {
      case .silent: break
      case .fires:
        if counts {
          combiner.add(score)
          if let force = rule.force { floor.reach(force) }
        }
      case .unknown: statistics.unknownOutcomes += 1
      case .error:
        statistics.errorOutcomes += 1
        if counts { floor.reach(policy.onError) }
      }
      decision.rules.append(
        RuleResult(
          rule: rule.rule, outcome: outcome, score: score,
          counted: counts && (outcome == .fires || outcome == .error)))
    }
    decision.score = combiner.score(cap: policy.cap)
    choose(policy, plan, isExempt: isExempt, floor: floor, into: &decision)
  }

  /// The hardest of bands, or `otherwise`, and what rules demand.
  private static func choose(
    _ policy: PolicyStep, _ plan: borrowing EnginePlan, isExempt: Bool, floor: OutcomeChoice,
    into decision: inout Decision
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

  /// Whether a rule of this status counts on this event; `share` keeps the event's place in 0…99.
  private static func isCounted(
    _ status: RuleStatus, _ event: borrowing Event, _ layout: EventPlan, _ share: inout Int?
  ) -> Bool {
    switch status {
    case .live: return true
    case .shadow, .off: return false
    case .canary(let percent):
      if let share { return share < percent }
      var hash = layout.nameHash
      hash.append(event.text.span.extracting(event.id.offset..<event.id.offset + event.id.length))
      let place = Int(hash.state % 100)
      share = place
      return place < percent
    }
  }

  /// Whether some rule of the decision has a text to write.
  static func needsTexts(
    _ decision: borrowing Decision, _ layout: EventPlan, _ plan: borrowing EnginePlan
  ) -> Bool {
    var index = 0
    for position in layout.rules where isNext(position, index, decision, plan) {
      if plan.rules[position].template != nil && decision.rules[index].outcome != .silent {
        return true
      }
      index += 1
    }
    return false
  }

  /// Writes the texts of rules that are not silent.
  static func writeTexts(
    _ layout: EventPlan, _ plan: borrowing EnginePlan, _ registers: borrowing Registers,
    _ texts: borrowing TextArenas, into decision: inout Decision
  ) {
    var index = 0
    for position in layout.rules where isNext(position, index, decision, plan) {
      if let template = plan.rules[position].template, decision.rules[index].outcome != .silent {
        decision.rules[index].texts = ReasonWriter.write(
          plan.templates[template], forCustomer: decision.rules[index].outcome == .fires, plan,
          registers, texts, to: &decision.text)
      }
      index += 1
    }
  }

  /// Whether result number `index` is that of a rule: rules that were not active have none.
  private static func isNext(
    _ position: Int, _ index: Int, _ decision: borrowing Decision, _ plan: borrowing EnginePlan
  ) -> Bool {
    index < decision.rules.count && decision.rules[index].rule == plan.rules[position].rule
  }
}
