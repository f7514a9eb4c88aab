internal import Compiler
internal import Expressions
internal import Model
internal import Program
internal import RuleLanguage
internal import Values

/// The last event of a test and what it led to, for explaining.
struct ScenarioMoment {
  let parts: ConditionParts
  let overrides: Overrides
  let sources: SourceMap
  let decision: Decision
  let fields: [FieldPlace: Value]
  let attributes: [GivenAttribute: Value]
  let signals: [Int: Value]

  private var rules: CheckedRules { parts.rules }

  /// The values that led to what there was: of a rule each part of its condition, of the decision
  /// every rule that was not silent.
  func lines(behind expectation: CheckedExpectation) -> [String] {
    switch expectation {
    case .rule(let rule, _): partLines(of: rule)
    case .score, .decision, .reasons: ruleLines()
    case .signal, .signalMissing: []
    }
  }

  private func partLines(of rule: Int) -> [String] {
    let values = ScenarioValues(rules: rules, value: value)
    return parts.parts.indices.filter { parts.parts[$0].rule == rule }.map { position in
      let expression = parts.parts[position].expression
      let number = parts.rule(ofPart: position)
      let outcome = decision.rules.first { $0.rule == number }?.outcome
      let word =
        switch outcome {
        case .fires: "true"
        case .silent: "false"
        case .unknown: "missing"
        case .error: "error"
        case nil: "–"
        }
      let text = sources.text(expression.span).split(separator: "\n")
        .map { $0.trimmingPrefix { $0 == " " } }.joined(separator: " ")
      let behind = values.line(of: expression, in: sources)
      let gap = String(repeating: " ", count: max(1, 8 - word.count))
      return word + gap + text + (behind.isEmpty ? "" : "   (\(behind))")
    }
  }

  private func ruleLines() -> [String] {
    let first = parts.rule(ofPart: 0)
    return decision.rules.filter { $0.rule < first && $0.outcome != .silent }.map { result in
      let name = rules.rules[result.rule].name
      let score = result.outcome == .fires ? " with score \(result.score)" : ""
      return "\(name) \(result.outcome)\(score)\(result.counted ? "" : ", not counted")"
    }
  }

  /// The value of a variable on the last event; nil where it cannot be told from outside.
  private func value(of number: Int) -> Value? {
    switch rules.symbols[number] {
    case .field(let event, let field):
      return fields[FieldPlace(event: event, field: field)] ?? .missing
    case .attribute(let event, let field, let attribute):
      guard case .entity(let entity) = rules.schema.events[event].fields[field].kind,
        case .string(let key)? = fields[FieldPlace(event: event, field: field)]
      else { return .missing }
      return attributes[GivenAttribute(entity: entity, key: key, attribute: attribute)] ?? .missing
    case .signal(let signal): return signals[signal] ?? .missing
    case .param(let position):
      return overrides.params[position] ?? rules.params[position].value
    case .derived(let position):
      let value = rules.lets[position].value
      guard value.queries.isEmpty else { return nil }
      return Interpreter(
        variable: { self.value(of: $0) ?? .missing }, query: { _, _ in .missing }
      ).evaluate(value)
    case .list, .counter: return nil
    }
  }
}
