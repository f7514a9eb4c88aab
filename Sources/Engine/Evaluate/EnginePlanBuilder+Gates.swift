import Model
import Program

// Which steps each rule has for itself, and what tells before they are taken that it is silent.
extension EnginePlanBuilder {
  /// Takes the steps of rules apart, and puts what texts need of them before the steps of texts.
  ///
  /// What only one rule needs is its own. What several need is each one's own when it is a step or
  /// two, and is computed before all rules otherwise, as is what the policy needs.
  mutating func addGates(to event: inout EventPlan) {
    var parts = CodeParts(
      eventProgram.evaluation, constants: eventProgram.constants,
      registerCount: eventProgram.registerCount)
    let before = shared(&parts, event.rules)
    event.shared = append(parts.steps(of: before))
    let shared = Set(before)
    // Too few registers for a row of tests: all rules take their steps.
    let clauses =
      eventProgram.registerCount < GateRows.width
      ? [[[GateTest]]](repeating: [], count: eventProgram.registerCount) : parts.clauses()
    var gates: [RuleGate] = []
    var wholeTests: [GateTest] = []
    var endings: [RuleResult] = []
    for position in event.rules {
      let rule = plan.rules[position]
      let own = parts.steps(of: parts.closure(rule.registers, known: shared))
      let places = append(own)
      var gate = RuleGate(
        firstStep: UInt32(places.lowerBound), steps: UInt32(places.count),
        hasText: rule.template >= 0)
      if !clauses[Int(rule.when)].isEmpty,
        let ends = self.endings(rule, parts), let whole = parts.wholeTests(rule.when, own)
      {
        gate.firstTest = UInt32(wholeTests.count)
        gate.tests = UInt8(whole.tests.count)
        gate.needsAll = whole.areAllNeeded
        gate.register = whole.tests[0].register
        wholeTests += whole.tests
        endings += ends
      } else {
        let silent = RuleResult(silent: rule.rule)
        endings += [RuleResult](repeating: silent, count: RuleGate.endings)
      }
      gates.append(gate)
    }
    event.gates = FixedArray(gates)
    event.wholeTests = FixedArray(wholeTests)
    event.endings = FixedArray(endings)
    event.silentResults = FixedArray(event.rules.map { RuleResult(silent: plan.rules[$0].rule) })
    event.toldAnyway = toldAnyway(event.rules)
    addGroups(to: &event, event.rules.map { clauses[Int(plan.rules[$0].when)] })
    let read = eventProgram.explanation.flatMap(\.operands) + holes(event.rules)
    let needed = parts.closure(read, known: shared)
    event.explanation = append(parts.steps(of: needed) + eventProgram.explanation)
  }

  /// What `Decision.toldRules` says of rules whichever are silent: that the first does not follow
  /// the one before it in the package.
  private func toldAnyway(_ rules: Range<Int>) -> UInt64? {
    guard rules.count <= RuleGroup.mostRules, let first = rules.first, let last = rules.last
    else { return nil }
    // In the order of the package, so without gaps when the ends are as far apart as they can be.
    let start = plan.rules[first].rule
    guard Int(plan.rules[last].rule) - Int(start) == rules.count - 1 else { return nil }
    return start == 0 ? 0 : 1
  }

  /// The results of a rule by what `RuleGate.state` says of its condition, where nothing else
  /// tells; nil for other rules.
  private func endings(_ rule: RuleStep, _ parts: CodeParts) -> [RuleResult]? {
    guard rule.exempt == RuleStep.none && rule.extras < 0 else { return nil }
    guard rule.share == 0 || rule.share >= 100 else { return nil }
    var score: Int64 = 0
    if rule.score != RuleStep.none {
      guard let constant = parts.constant(rule.score) else { return nil }
      score = constant
    }
    let counts = rule.share > 0
    let number = Int(rule.rule)
    let fires = RuleResult(
      rule: number, outcome: .fires, score: Int(min(max(score, 0), 100)), counted: counts)
    let error = RuleResult(rule: number, outcome: .error, score: 0, counted: counts)
    let missing =
      switch rule.missing {
      case .skips: RuleResult(rule: number, outcome: .unknown, score: 0, counted: false)
      case .fires: fires
      case .errors: error
      }
    return [fires, missing, error, RuleResult(silent: rule.rule)]
  }

  /// Lays the gates of rules out, whose tests are by rule.
  private func addGroups(to event: inout EventPlan, _ clauses: [[[GateTest]]]) {
    var rows: [UInt64] = []
    let starts = Array(stride(from: 0, to: clauses.count, by: RuleGroup.mostRules))
    let groups = starts.map { start -> RuleGroup in
      var group = RuleGroup()
      var tests = GroupTests()
      for rule in start..<min(start + RuleGroup.mostRules, clauses.count) {
        let bit: UInt64 = 1 << UInt64(rule - start)
        let gate = event.gates[rule]
        if gate.hasText { group.withTexts |= bit }
        let isSure = isSure(event, rule, clauses[rule])
        if isSure { tests.sure |= bit }
        let first = clauses[rule].first ?? []
        if first.isEmpty { tests.ungated |= bit }
        for test in first { tests.first[test, default: 0] |= bit }
        // One test alone shuts most gates; one of several is easily let through.
        let asksMore = first.count > 1 || isSure
        let second = asksMore ? clauses[rule].dropFirst().first ?? [] : []
        if second.isEmpty { tests.unasked |= bit }
        for test in second { tests.further[test, default: 0] |= bit }
      }
      let words = GateRows.group(tests, registerCount: eventProgram.registerCount)
      group.words = rows.count..<rows.count + words.count
      rows += words
      return group
    }
    event.groups = FixedArray(groups)
    event.gateRows = FixedArray(rows)
  }

  /// Whether the tests that a rule waits for are all there is to its condition, and it is unknown
  /// where a number of theirs is missing.
  private func isSure(
    _ event: borrowing EventPlan, _ rule: Int, _ clauses: [[GateTest]]
  ) -> Bool {
    let gate = event.gates[rule]
    guard gate.tests > 0,
      event.endings[rule * RuleGate.endings + Int(Registers.missing)].outcome == .unknown
    else { return false }
    let first = Int(gate.firstTest)
    let whole = (first..<first + Int(gate.tests)).map { event.wholeTests[$0] }
    if gate.needsAll && whole.count > 1 {
      return clauses.allSatisfy { $0.count == 1 } && clauses.flatMap(\.self) == whole
    }
    return clauses == [whole]
  }

  /// The registers that are computed before all rules.
  private func shared(_ parts: inout CodeParts, _ rules: Range<Int>) -> [Register] {
    if !parts.isOrdered { return parts.written }
    let exempt = [eventProgram.policy?.exempt].compactMap { $0 }
    let common = parts.common(rules.map { plan.rules[$0].registers })
    return parts.closure(exempt + common)
  }

  /// The registers that texts of rules print.
  private func holes(_ rules: Range<Int>) -> [Register] {
    rules.filter { plan.rules[$0].template >= 0 }.flatMap { position -> [Register] in
      let template = plan.templates[Int(plan.rules[position].template)]
      let ranges = [
        template.analystEnglish, template.analystSpanish, template.customerEnglish,
        template.customerSpanish,
      ]
      return ranges.joined().compactMap {
        if case .hole(let register, _) = plan.templatePieces[$0] { register } else { nil }
      }
    }
  }
}
