internal import Expressions
internal import Model
internal import RuleLanguage
internal import Values

/// The values of everything that rules read on one event.
struct Moment {
  /// A signal and the keys it was asked for.
  private struct Question: Hashable {
    var signal: Int
    var keys: [Value]
  }

  let rules: CheckedRules
  private var values: [Int: Value] = [:]
  private var answers: [Question: Value] = [:]
  private var counts: [Int: Bool] = [:]
  /// By list from a file, its members among the values that were looked up in it.
  private var members: [Int: [Value]] = [:]

  /// Reads what the probes say in a decision.
  init(_ package: ProbedPackage, _ decision: Decision) {
    rules = package.rules
    let first = package.ownRuleCount
    for result in decision.rules where result.rule >= first {
      let probe = package.probes[result.rule - first]
      let value = Moment.value(result, probe, decision, rules.schema)
      switch probe.subject {
      case .variable(let number): values[number] = value
      case .query(let question):
        // Questions inside come first, so that their answers are known here.
        if case .query(let signal, let keys) = question.kind {
          answers[Question(signal: signal, keys: keys.map(evaluate))] = value
        }
      case .membership(let question):
        guard value == .bool(true), case .apply(_, let operands) = question.kind,
          case .variable(let number) = operands[1].kind,
          case .list(let list) = rules.symbols[number]
        else { continue }
        members[list, default: []].append(evaluate(operands[0]))
      case .share(let percent): counts[percent] = result.counted
      }
    }
  }

  private static func value(
    _ result: RuleResult, _ probe: ProbedPackage.Probe, _ decision: Decision, _ schema: Schema
  ) -> Value {
    switch result.outcome {
    case .silent, .unknown: return .missing
    case .error: return .error(.conversion)
    case .fires:
      let place = decision.texts(of: result).analystEnglish
      let text = String(decoding: decision.text[place], as: UTF8.self)
      return PrintedValue.value(of: text, type: probe.type, schema)
    }
  }

  /// Whether a rule of this status counts on this event.
  func counts(_ status: RuleStatus) -> Bool {
    switch status {
    case .live: true
    case .canary(let percent): counts[percent] ?? false
    case .shadow, .off: false
    }
  }

  /// The value of an expression on the event.
  func evaluate(_ expression: TypedExpression) -> Value {
    evaluate(expression, changed: [:])
  }

  /// The value of an expression when some variables had others.
  func evaluate(_ expression: TypedExpression, changed: [Int: Value]) -> Value {
    Interpreter(
      variable: { value(of: $0, changed) },
      query: { answers[Question(signal: $0, keys: $1)] ?? .missing }
    ).evaluate(expression)
  }

  private func value(of number: Int, _ changed: [Int: Value]) -> Value {
    if let value = changed[number] { return value }
    return switch rules.symbols[number] {
    case .field, .attribute, .signal: values[number] ?? .missing
    case .param(let position): rules.params[position].value
    case .list(let position):
      .list(rules.lists[position].values + members[position, default: []])
    case .derived(let position): evaluate(rules.lets[position].value, changed: changed)
    case .counter: .missing
    }
  }

  /// The signals that an expression reads, also through derived values.
  func signals(_ expression: TypedExpression) -> Set<Int> {
    var found: Set<Int> = []
    switch expression.kind {
    case .query(let signal, _): found.insert(signal)
    case .variable(let number):
      switch rules.symbols[number] {
      case .signal(let position): found.insert(position)
      case .derived(let position): found = signals(rules.lets[position].value)
      case .field, .attribute, .param, .list, .counter: break
      }
    default: break
    }
    for child in expression.children { found.formUnion(signals(child)) }
    return found
  }

  /// Whether an expression has the same value on every event.
  func isFixed(_ expression: TypedExpression) -> Bool {
    switch expression.kind {
    case .query: return false
    case .variable(let number):
      return switch rules.symbols[number] {
      case .param, .list, .counter: true
      case .derived(let position): isFixed(rules.lets[position].value)
      case .field, .attribute, .signal: false
      }
    default: return expression.children.allSatisfy(isFixed)
    }
  }

  /// A condition with the derived values it joins written out, so that their parts can be told.
  func writtenOut(_ condition: TypedExpression) -> TypedExpression {
    switch condition.kind {
    case .variable(let number):
      guard case .derived(let position) = rules.symbols[number] else { return condition }
      return writtenOut(rules.lets[position].value)
    case .apply(let overload, let operands)
    where overload == .and || overload == .or
      || overload == .not && !condition.isOneNegation:
      var copy = condition
      copy.kind = .apply(overload, operands.map(writtenOut))
      return copy
    default: return condition
    }
  }
}
