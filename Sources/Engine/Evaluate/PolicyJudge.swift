import Model
import Program
import Values

/// Turns the registers of an event into its decision.
enum PolicyJudge {
  /// Fills everything of a decision but its signals and texts, and takes the steps that rules have
  /// for themselves. Returns whether a rule has a text to write.
  static func decide(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ policy: borrowing PolicyStep,
    _ plan: borrowing EnginePlan, _ registers: borrowing Registers, _ texts: borrowing TextArenas,
    _ scratch: inout ScratchText, _ constants: inout ConstantPool,
    _ statistics: inout EngineStatistics, into decision: inout Decision
  ) -> Bool {
    let isExempt = policy.exempt.map { RuleJudge.isTrue($0, registers) } ?? false
    statistics.decisions += 1
    decision.sequence = event.sequence
    decision.eventType = event.type
    decision.time = event.time
    decision.policy = policy.policy
    decision.isExempt = isExempt
    let rules = plan.rules.span.extracting(layout.rules)
    decision.prepareRules(count: rules.count)
    var results = decision.rules.mutableSpan
    var tally = RuleTally(policy)
    if layout.hasPlainRules {
      judgePlain(
        event, layout, policy, plan, registers, texts, &scratch, &constants, &statistics, &tally,
        into: &results)
    } else {
      let count = judge(
        event, layout, policy, plan, registers, texts, &scratch, &constants, &statistics, &tally,
        into: &results)
      decision.keepRules(count)
    }
    choose(policy, plan, tally, into: &decision)
    return tally.needsTexts
  }

  /// The results of rules that have no extras. Nearly every rule is silent on nearly every event.
  @inline(__always)
  private static func judgePlain(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ policy: borrowing PolicyStep,
    _ plan: borrowing EnginePlan, _ registers: borrowing Registers, _ texts: borrowing TextArenas,
    _ scratch: inout ScratchText, _ constants: inout ConstantPool,
    _ statistics: inout EngineStatistics, _ tally: inout RuleTally,
    into results: inout MutableSpan<RuleResult>
  ) {
    let rules = plan.rules.span.extracting(layout.rules)
    let gates = plan.gates.span.extracting(layout.rules)
    let tests = plan.gateTests.span.extracting(layout.rules)
    let silent = plan.silentResults.span.extracting(layout.rules)
    precondition(silent.count == results.count, "a result for every rule")
    for index in silent.indices {
      // SAFETY: `index` is one of both, which were just found to be as many.
      unsafe results[unchecked: index] = silent[unchecked: index]
    }
    for first in stride(from: 0, to: tests.count, by: 64) {
      let word = tests.extracting(first..<min(first &+ 64, tests.count))
      var open = GateTest.open(word, registers)
      while open != 0 {
        let index = first &+ open.trailingZeroBitCount
        open &= open &- 1
        if isSilent(
          rules[index], gates[index], tests[index], plan, registers, texts, &scratch, &constants)
        {
          continue
        }
        results[index] = tally.judge(
          rules[index], RuleJudge.outcome(of: rules[index], registers), event, layout, policy,
          plan, &statistics)
      }
    }
  }

  /// The results of rules that are active at the time of the event. Returns how many there are.
  @inline(never)
  private static func judge(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ policy: borrowing PolicyStep,
    _ plan: borrowing EnginePlan, _ registers: borrowing Registers, _ texts: borrowing TextArenas,
    _ scratch: inout ScratchText, _ constants: inout ConstantPool,
    _ statistics: inout EngineStatistics, _ tally: inout RuleTally,
    into results: inout MutableSpan<RuleResult>
  ) -> Int {
    let rules = plan.rules.span.extracting(layout.rules)
    let gates = plan.gates.span.extracting(layout.rules)
    let tests = plan.gateTests.span.extracting(layout.rules)
    var count = 0
    for index in rules.indices where RuleTally.isActive(rules[index], event, plan) {
      if !tests[index].mayHold(registers)
        || isSilent(
          rules[index], gates[index], tests[index], plan, registers, texts, &scratch, &constants)
      {
        results[count] = RuleResult(silent: rules[index].rule)
      } else {
        results[count] = tally.judge(
          rules[index], RuleJudge.outcome(of: rules[index], registers), event, layout, policy,
          plan, &statistics)
      }
      count &+= 1
    }
    return count
  }

  /// Whether a rule whose one test may hold is silent all the same, for its condition is false.
  @inline(__always)
  private static func isSilent(
    _ rule: RuleStep, _ gate: RuleGate, _ test: GateTest, _ plan: borrowing EnginePlan,
    _ registers: borrowing Registers, _ texts: borrowing TextArenas,
    _ scratch: inout ScratchText, _ constants: inout ConstantPool
  ) -> Bool {
    if gate.isWhole {
      test.write(to: rule.when, registers)
      return false
    }
    if gate.isShut(plan.gateClauses.span, registers) { return true }
    if gate.steps > 0 {
      let first = Int(gate.firstStep)
      RegisterMachine.run(
        plan.code.span.extracting(first..<first &+ Int(gate.steps)), on: registers, texts: texts,
        scratch: &scratch, constants: &constants)
    }
    return registers.isFalse(rule.when)
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
