import Model
import Program

extension EnginePlanBuilder {
  mutating func addRules() throws(EngineError) -> Range<Int> {
    let start = plan.rules.count
    var last = -1
    for rule in eventProgram.rules {
      try require(program.catalog.rules.indices.contains(rule.rule), "no rule \(rule.rule)")
      try require(rule.rule > last, "rule \(rule.rule) comes once, in the order of the package")
      last = rule.rule
      guard let share = Self.share(rule.status) else { continue }
      var extras: Int32 = -1
      if rule.force != nil || rule.activeFrom != nil || rule.activeUntil != nil {
        extras = Int32(plan.ruleExtras.count)
        plan.ruleExtras.append(
          RuleExtras(
            force: rule.force, activeFrom: rule.activeFrom, activeUntil: rule.activeUntil))
      }
      plan.rules.append(
        RuleStep(
          rule: UInt32(rule.rule), when: try checked(rule.when),
          exempt: try checked(rule.exempt) ?? RuleStep.none,
          score: try checked(rule.score) ?? RuleStep.none, missing: rule.missing, share: share,
          extras: extras, template: Int32(try add(rule.texts) ?? -1)))
    }
    return start..<plan.rules.count
  }

  /// The share of events a rule of this status counts on; nil when it is not evaluated.
  private static func share(_ status: RuleStatus) -> UInt8? {
    switch status {
    case .live: 100
    case .shadow: 0
    case .canary(let percent): UInt8(percent)
    case .off: nil
    }
  }

  mutating func addPolicy() throws(EngineError) -> Int? {
    guard let policy = eventProgram.policy else { return nil }
    try require(
      program.catalog.policies.indices.contains(policy.policy), "no policy \(policy.policy)")
    let description = program.catalog.policies[policy.policy]
    let outcomes =
      [policy.otherwise, policy.onError, policy.ifUnavailable] + policy.bands.map(\.outcome)
      + eventProgram.rules.compactMap(\.force)
    for outcome in outcomes {
      try require(
        description.outcomes.indices.contains(outcome.outcome)
          && outcome.queue.map(description.queues.indices.contains) ?? true,
        "policy \(description.name): an outcome or queue that does not exist")
    }
    if let event = policy.decisionEvent {
      let events = program.schema.events
      try require(
        events.indices.contains(event) && events[event].isDecision
          && events[event].slotCount == eventType.slotCount + 2
          && program.events[event].policy == nil,
        "policy \(description.name): its decisions are no such event")
    }
    let firstBand = plan.bands.count
    plan.bands += policy.bands
    try checked(policy.exempt)
    policies.append((policy, firstBand..<plan.bands.count))
    return policies.count - 1
  }

  /// Lays the policies out, once all bands are.
  mutating func addPolicies() {
    plan.policies = FixedArray(count: policies.count) { position in
      var step = PolicyStep(policies[position].policy, bands: policies[position].bands)
      (step.calmScore, step.calm) = PolicyJudge.choice(
        step, plan, RuleTally(step), isExempt: false)
      return step
    }
  }

  mutating func addCaseNames() {
    for enumeration in program.schema.enumerations {
      firstCases.append(plan.caseNames.count)
      for name in enumeration.cases {
        let start = plan.templateText.count
        plan.templateText += Array(name.utf8)
        plan.caseNames.append(start..<plan.templateText.count)
      }
    }
  }

  private mutating func add(_ templates: ReasonTemplates?) throws(EngineError) -> Int? {
    guard let templates else { return nil }
    let template = TemplatePlan(
      analystEnglish: try add(templates.analystEnglish),
      analystSpanish: try add(templates.analystSpanish),
      customerEnglish: try add(templates.customerEnglish),
      customerSpanish: try add(templates.customerSpanish))
    plan.templates.append(template)
    return plan.templates.count - 1
  }

  private mutating func add(_ parts: [TemplatePart]) throws(EngineError) -> Range<Int> {
    let start = plan.templatePieces.count
    for part in parts {
      switch part {
      case .literal(let text):
        let first = plan.templateText.count
        plan.templateText += text
        plan.templatePieces.append(.literal(first..<plan.templateText.count))
      case .hole(let register, let type):
        plan.templatePieces.append(.hole(try checked(register), try printKind(type)))
      }
    }
    return start..<plan.templatePieces.count
  }

  private func printKind(_ type: ValueType) throws(EngineError) -> PrintKind {
    switch type {
    case .bool: return .bool
    case .int: return .int
    case .uint: return .uint
    case .double: return .double
    case .string, .reference: return .text
    case .bytes: return .bytes
    case .timestamp: return .timestamp
    case .duration: return .duration
    case .decimal(let scale, _):
      try require((0...Decimal.largestScale).contains(scale), "no scale \(scale)")
      return .decimal(scale: scale)
    case .enumeration(let name):
      guard let position = program.schema.enumerations.firstIndex(where: { $0.name == name })
      else { throw .program(detail: "no enumeration \(name)") }
      return .enumeration(
        first: firstCases[position], count: program.schema.enumerations[position].cases.count)
    case .collected(let element): return .collected(try printKind(element))
    case .list, .map: throw .program(detail: "a text cannot print a \(type)")
    }
  }
}
