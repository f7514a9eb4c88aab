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
    let clauses = parts.clauses()
    for position in event.rules {
      let condition = plan.rules[position].when
      let own = parts.steps(
        of: parts.closure(plan.rules[position].registers, known: shared))
      var gate = RuleGate()
      let clause = clauses[Int(condition)] ?? [GateTest.open]
      if clause.count > 1 {
        gate.firstTest = UInt32(plan.gateClauses.count)
        gate.tests = UInt8(clause.count)
        plan.gateClauses += clause
      }
      if own.count == 1 && own[0].a == condition && own[0].combining == .none,
        parts.test(own[0]) != nil
      {
        gate.isWhole = true
      } else {
        let places = append(own)
        gate.firstStep = UInt32(places.lowerBound)
        gate.steps = UInt32(places.count)
      }
      plan.gates.append(gate)
      plan.gateTests.append(clause.count > 1 ? .open : clause[0])
    }
    let read = eventProgram.explanation.flatMap(\.operands) + holes(event.rules)
    let needed = parts.closure(read, known: shared)
    event.explanation = append(parts.steps(of: needed) + eventProgram.explanation)
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
