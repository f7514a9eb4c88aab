import CColumns
import Model
import Program
import Values

/// Turns the registers of an event into its decision.
enum PolicyJudge {
  /// Fills everything of a decision but its signals and texts, and takes the steps that rules have
  /// for themselves. Returns whether a rule has a text to write.
  @inline(__always)
  static func decide(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ policy: borrowing PolicyStep,
    _ plan: borrowing EnginePlan, lane: Int, _ registers: borrowing Registers,
    _ attributes: borrowing AttributeStore, _ collected: Span<UInt64>,
    _ scratch: inout ScratchText, _ constants: inout ConstantPool,
    _ verdicts: borrowing GroupVerdicts, _ statistics: inout EngineStatistics,
    into decision: inout Decision
  ) -> Bool {
    statistics.decisions += 1
    decision.sequence = event.sequence
    decision.eventType = event.type
    decision.time = event.time
    decision.policy = policy.policy
    decision.isExempt = policy.exempt.map { RuleJudge.isTrue($0, registers) } ?? false
    var tally = RuleTally(policy)
    if decision.rules.count != layout.silentResults.count {
      decision.prepareRules(count: layout.silentResults.count)
    }
    var results = decision.rules.mutableSpan
    if layout.areAlwaysActive {
      let loud = judgeAll(
        event, layout, policy, plan, lane: lane, registers, attributes, collected, &scratch,
        &constants, verdicts, &statistics, &tally, into: &results)
      decision.toldRules = layout.toldAnyway.map { loud | $0 }
    } else {
      let count = judgeActive(
        event, layout, policy, plan, lane: lane, registers, attributes, collected, &scratch,
        &constants, verdicts, &statistics, &tally, into: &results)
      decision.keepRules(count)
    }
    if tally.isCalm && !decision.isExempt {
      decide(policy.calmScore, policy.calm, into: &decision)
    } else {
      choose(policy, plan, tally, into: &decision)
    }
    return tally.needsTexts
  }

  /// The results of all rules. Nearly every rule is silent on nearly every event, or unknown for
  /// what is missing. Returns which of the last group are not silent, a bit each.
  @inline(__always)
  private static func judgeAll(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ policy: borrowing PolicyStep,
    _ plan: borrowing EnginePlan, lane: Int, _ registers: borrowing Registers,
    _ attributes: borrowing AttributeStore, _ collected: Span<UInt64>,
    _ scratch: inout ScratchText, _ constants: inout ConstantPool,
    _ verdicts: borrowing GroupVerdicts, _ statistics: inout EngineStatistics,
    _ tally: inout RuleTally, into results: inout MutableSpan<RuleResult>
  ) -> UInt64 {
    var loud: UInt64 = 0
    for group in layout.groups.indices {
      let first = group &* RuleGroup.mostRules
      let told = verdicts[group, lane]
      let unknown = results.take(
        layout.silentResults, first..<min(first &+ RuleGroup.mostRules, results.count),
        unknown: told.unknown)
      statistics.unknownOutcomes &+= UInt64(truncatingIfNeeded: unknown)
      loud = told.unknown
      if told.fires | told.rest != 0 {
        loud |= judgeOpen(
          told.fires | told.rest, firing: told.fires, of: group, event, layout, policy,
          plan, registers, attributes, collected, &scratch, &constants, &statistics, &tally,
          into: &results)
      }
      if loud & layout.groups[group].withTexts != 0 { tally.tellTexts() }
    }
    return loud
  }

  /// The results of rules of a group, a bit each, in their order: of some it is known that they
  /// fire, of the others that their gates let them through. Returns those that are not silent.
  @inline(never)
  private static func judgeOpen(
    _ rules: UInt64, firing: UInt64, of group: Int, _ event: borrowing Event,
    _ layout: borrowing EventPlan, _ policy: borrowing PolicyStep, _ plan: borrowing EnginePlan,
    _ registers: borrowing Registers, _ attributes: borrowing AttributeStore,
    _ collected: Span<UInt64>, _ scratch: inout ScratchText, _ constants: inout ConstantPool,
    _ statistics: inout EngineStatistics, _ tally: inout RuleTally,
    into results: inout MutableSpan<RuleResult>
  ) -> UInt64 {
    var loud: UInt64 = 0
    var left = rules
    while left != 0 {
      let bit = left & (0 &- left)
      let index = group &* RuleGroup.mostRules &+ left.trailingZeroBitCount
      left ^= bit
      if firing & bit != 0 {
        let result = layout.endings[index &* RuleGate.endings]
        results[index] = result
        loud |= bit
        tally.take(result, policy, &statistics)
        continue
      }
      let result = judge(
        index, event, layout, policy, plan, registers, attributes, collected, &scratch, &constants,
        &statistics, &tally)
      loud |= result.outcome == .silent ? 0 : bit
      results[index] = result
    }
    return loud
  }

  /// The results of rules that are active at the time of the event. Returns how many there are.
  @inline(never)
  private static func judgeActive(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ policy: borrowing PolicyStep,
    _ plan: borrowing EnginePlan, lane: Int, _ registers: borrowing Registers,
    _ attributes: borrowing AttributeStore, _ collected: Span<UInt64>,
    _ scratch: inout ScratchText, _ constants: inout ConstantPool,
    _ verdicts: borrowing GroupVerdicts, _ statistics: inout EngineStatistics,
    _ tally: inout RuleTally, into results: inout MutableSpan<RuleResult>
  ) -> Int {
    let rules = plan.rules.span.extracting(layout.rules)
    var open: UInt64 = 0
    var count = 0
    for index in rules.indices {
      let bit = index % RuleGroup.mostRules
      if bit == 0 {
        let told = verdicts[index / RuleGroup.mostRules, lane]
        open = told.fires | told.unknown | told.rest
      }
      guard RuleTally.isActive(rules[index], event, plan) else { continue }
      if open >> UInt64(bit) & 1 == 0 {
        results[count] = layout.silentResults[index]
      } else {
        results[count] = judge(
          index, event, layout, policy, plan, registers, attributes, collected, &scratch,
          &constants, &statistics, &tally)
      }
      count &+= 1
    }
    return count
  }

  /// The result of a rule that its gate lets through.
  @inline(__always)
  private static func judge(
    _ index: Int, _ event: borrowing Event, _ layout: borrowing EventPlan,
    _ policy: borrowing PolicyStep, _ plan: borrowing EnginePlan,
    _ registers: borrowing Registers, _ attributes: borrowing AttributeStore,
    _ collected: Span<UInt64>, _ scratch: inout ScratchText, _ constants: inout ConstantPool,
    _ statistics: inout EngineStatistics, _ tally: inout RuleTally
  ) -> RuleResult {
    let gate = layout.gates[index]
    if gate.tests == 0 {
      return judgeBySteps(
        gate, plan.rules[layout.rules.lowerBound + index], event, layout, policy, plan, registers,
        attributes, collected, &scratch, &constants, &statistics, &tally)
    }
    let state = gate.state(layout.wholeTests, registers)
    let result = layout.endings[index &* RuleGate.endings &+ Int(state)]
    if state == RuleGate.isFalse { return result }
    tally.take(result, hasText: gate.hasText, policy, &statistics)
    return result
  }

  /// The result of a rule whose own steps tell.
  @inline(never)
  private static func judgeBySteps(
    _ gate: RuleGate, _ rule: RuleStep, _ event: borrowing Event, _ layout: borrowing EventPlan,
    _ policy: borrowing PolicyStep, _ plan: borrowing EnginePlan,
    _ registers: borrowing Registers, _ attributes: borrowing AttributeStore,
    _ collected: Span<UInt64>, _ scratch: inout ScratchText, _ constants: inout ConstantPool,
    _ statistics: inout EngineStatistics, _ tally: inout RuleTally
  ) -> RuleResult {
    if gate.steps > 0 {
      let first = Int(gate.firstStep)
      Scoring.run(
        first..<first &+ Int(gate.steps), event, plan, registers, attributes, collected, &scratch,
        &constants)
    }
    return tally.judge(
      rule, RuleJudge.outcome(of: rule, registers), event, layout, policy, plan, &statistics)
  }

  @inline(never)
  private static func choose(
    _ policy: borrowing PolicyStep, _ plan: borrowing EnginePlan, _ tally: RuleTally,
    into decision: inout Decision
  ) {
    let (score, choice) = choice(policy, plan, tally, isExempt: decision.isExempt)
    decide(score, choice, into: &decision)
  }

  @inline(__always)
  private static func decide(
    _ score: Int, _ choice: OutcomeChoice, into decision: inout Decision
  ) {
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
