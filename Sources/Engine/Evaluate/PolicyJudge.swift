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
      results.copy(layout.silentResults.span)
      let loud = judgeAll(
        event, layout, policy, plan, registers, texts, &scratch, &constants, &statistics, &tally,
        into: &results)
      decision.toldRules = told(loud, of: layout)
    } else {
      let count = judgeActive(
        event, layout, policy, plan, registers, texts, &scratch, &constants, &statistics, &tally,
        into: &results)
      decision.keepRules(count)
    }
    if tally.isCalm && !decision.isExempt {
      decide(policy.calmScore, policy.calm, into: &decision)
    } else {
      choose(policy, plan, tally, into: &decision)
    }
    return tally.needsTexts
  }

  /// The results of rules that are not silent. Nearly every rule is silent on nearly every event.
  /// Returns which of the last group these are, a bit each.
  @inline(__always)
  private static func judgeAll(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ policy: borrowing PolicyStep,
    _ plan: borrowing EnginePlan, _ registers: borrowing Registers, _ texts: borrowing TextArenas,
    _ scratch: inout ScratchText, _ constants: inout ConstantPool,
    _ statistics: inout EngineStatistics, _ tally: inout RuleTally,
    into results: inout MutableSpan<RuleResult>
  ) -> UInt64 {
    var loud: UInt64 = 0
    for group in layout.groups.indices {
      let first = group &* RuleGroup.mostRules
      var open = layout.groups[group].open(layout.gateRows, registers)
      loud = 0
      while open != 0 {
        // Those before the first that takes steps are nothing but tests; there may be none.
        let stepping = open & layout.groups[group].stepping
        let tested = open & ((stepping & (0 &- stepping)) &- 1)
        if tested != 0 {
          let told = judgeTested(
            tested, of: first, layout, policy, registers, &statistics, &tally, into: &results)
          if told & layout.groups[group].withTexts != 0 { tally.tellTexts() }
          loud |= told
          open ^= tested
        }
        if stepping == 0 { break }
        let bit = stepping & (0 &- stepping)
        let index = first &+ stepping.trailingZeroBitCount
        open ^= bit
        let result = judgeBySteps(
          layout.gates[index], plan.rules[layout.rules.lowerBound + index], event, layout, policy,
          plan, registers, texts, &scratch, &constants, &statistics, &tally)
        loud |= result.outcome == .silent ? 0 : bit
        results[index] = result
      }
    }
    return loud
  }

  /// The results of rules of a group that their gates let through and that are nothing but tests,
  /// a bit each. Returns those that are not silent. A function of its own: what the steps of the
  /// other rules need would take the registers.
  @inline(never)
  private static func judgeTested(
    _ rules: UInt64, of first: Int, _ layout: borrowing EventPlan, _ policy: borrowing PolicyStep,
    _ registers: borrowing Registers, _ statistics: inout EngineStatistics,
    _ tally: inout RuleTally, into results: inout MutableSpan<RuleResult>
  ) -> UInt64 {
    var loud = rules
    var left = rules
    var unknown: UInt64 = 0
    while left != 0 {
      let place = left.trailingZeroBitCount
      let index = first &+ place
      left &= left &- 1
      let state = layout.gates[index].state(layout.wholeTests, registers)
      let ending = index &* RuleGate.endings &+ Int(state)
      results[index] = layout.endings[ending]
      if state == RuleGate.isFalse {
        loud ^= 1 &<< UInt64(truncatingIfNeeded: place)
      } else if layout.endings[ending].outcome == .unknown {
        unknown &+= 1
      } else {
        tally.take(layout.endings[ending], policy, &statistics)
      }
    }
    statistics.unknownOutcomes += unknown
    return loud
  }

  /// Which results are to be told of, when these are not silent; nil when there are others than
  /// bits, or rules of the package between them.
  @inline(__always)
  private static func told(_ loud: UInt64, of layout: borrowing EventPlan) -> UInt64? {
    let count = layout.silentResults.count
    guard count > 0, count <= RuleGroup.mostRules else { return nil }
    // In the order of the package, so without gaps when the ends are as far apart as they can be.
    let first = layout.silentResults[0].rule
    guard layout.silentResults[count &- 1].rule &- first == count &- 1 else { return nil }
    return first == 0 ? loud : loud | 1
  }

  /// The results of rules that are active at the time of the event. Returns how many there are.
  @inline(never)
  private static func judgeActive(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ policy: borrowing PolicyStep,
    _ plan: borrowing EnginePlan, _ registers: borrowing Registers, _ texts: borrowing TextArenas,
    _ scratch: inout ScratchText, _ constants: inout ConstantPool,
    _ statistics: inout EngineStatistics, _ tally: inout RuleTally,
    into results: inout MutableSpan<RuleResult>
  ) -> Int {
    let rules = plan.rules.span.extracting(layout.rules)
    var open: UInt64 = 0
    var count = 0
    for index in rules.indices {
      let bit = index % RuleGroup.mostRules
      if bit == 0 {
        open = layout.groups[index / RuleGroup.mostRules].open(layout.gateRows, registers)
      }
      guard RuleTally.isActive(rules[index], event, plan) else { continue }
      if open >> UInt64(bit) & 1 == 0 {
        results[count] = layout.silentResults[index]
      } else {
        results[count] = judge(
          index, event, layout, policy, plan, registers, texts, &scratch, &constants, &statistics,
          &tally)
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
    _ registers: borrowing Registers, _ texts: borrowing TextArenas,
    _ scratch: inout ScratchText, _ constants: inout ConstantPool,
    _ statistics: inout EngineStatistics, _ tally: inout RuleTally
  ) -> RuleResult {
    let gate = layout.gates[index]
    if gate.tests == 0 {
      return judgeBySteps(
        gate, plan.rules[layout.rules.lowerBound + index], event, layout, policy, plan, registers,
        texts, &scratch, &constants, &statistics, &tally)
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
    _ registers: borrowing Registers, _ texts: borrowing TextArenas,
    _ scratch: inout ScratchText, _ constants: inout ConstantPool,
    _ statistics: inout EngineStatistics, _ tally: inout RuleTally
  ) -> RuleResult {
    if gate.steps > 0 {
      let first = Int(gate.firstStep)
      RegisterMachine.run(
        plan.code.span.extracting(first..<first &+ Int(gate.steps)), on: registers, texts: texts,
        scratch: &scratch, constants: &constants)
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
