internal import Values

/// An expression with its names settled: nothing is looked up by name but the variables' values.
indirect enum StandardPlan: Sendable {
  case constant(DynamicValue)
  case variable(String)
  /// A variable of a comprehension or binding, by depth.
  case local(Int)
  /// What can only fail, and only when it is reached.
  case fault(DynamicFault)
  case select(StandardPlan, String, SelectionMode)
  case and(StandardPlan, StandardPlan)
  case or(StandardPlan, StandardPlan)
  case conditional(StandardPlan, StandardPlan, StandardPlan)
  /// `multiplies` where the time grows with one operand times the others.
  case call(DynamicFunction, [StandardPlan], multiplies: Bool)
  /// `text.matches(pattern)` with a pattern written out: compiled once in an evaluation.
  case matches(StandardPlan, String)
  /// `a.or(b)` and `a.orValue(b)`
  case orElse(StandardPlan, StandardPlan, isValue: Bool)
  case list([(value: StandardPlan, isOptional: Bool)])
  case map([(key: StandardPlan, value: StandardPlan, isOptional: Bool)])
  case comprehension(ComprehensionPlan)
  case bind(StandardPlan, StandardPlan)
  case optionalMap(StandardPlan, StandardPlan, isFlat: Bool)
}

struct ComprehensionPlan: Sendable {
  var kind: ComprehensionKind
  var range: StandardPlan
  var hasSecond: Bool
  var condition: StandardPlan?
  var body: StandardPlan
}

/// Settles names and functions before anything runs.
struct StandardPlanner {
  let environment: StandardEnvironment
  private var scopes: [String] = []

  init(environment: StandardEnvironment) {
    self.environment = environment
  }

  mutating func plan(_ expression: CoreExpression) -> StandardPlan {
    switch expression.kind {
    case .constant(let value): return .constant(value)
    case .name(let name): return self.name(name) ?? .fault(.unknownName(name))
    case .select(let base, let field, let mode):
      if mode == .value, let name = expression.qualifiedName, let root = expression.rootName,
        !scopes.contains(root), let found = self.name(name)
      {
        return found
      }
      return .select(plan(base), field, mode)
    case .call(let name, let arguments): return call(name, arguments.map { plan($0) })
    case .method(let receiver, let name, let arguments):
      return method(receiver, name, arguments)
    case .list(let elements):
      return .list(elements.map { (plan($0.value), $0.isOptional) })
    case .map(let entries):
      return .map(entries.map { (plan($0.key), plan($0.value), $0.isOptional) })
    case .message(let name, _): return .fault(.unknownName(name))
    case .bind(let name, let value, let body):
      let value = plan(value)
      return .bind(value, within([name], body))
    case .optionalMap(let target, let name, let body, let isFlat):
      let target = plan(target)
      return .optionalMap(target, within([name], body), isFlat: isFlat)
    case .comprehension(let comprehension): return self.comprehension(comprehension)
    }
  }

  private mutating func within(_ names: [String], _ body: CoreExpression) -> StandardPlan {
    scopes += names
    defer { scopes.removeLast(names.count) }
    return plan(body)
  }

  private func name(_ name: String) -> StandardPlan? {
    if let depth = scopes.lastIndex(of: name) { return .local(depth) }
    return switch environment.meaning(of: name) {
    case .variable(let full, _)?: .variable(full)
    case .type(let full, _)?: .constant(.type(full))
    case nil: nil
    }
  }

  private func call(_ name: String, _ arguments: [StandardPlan]) -> StandardPlan {
    switch (name, arguments.count) {
    case ("_&&_", 2): return .and(arguments[0], arguments[1])
    case ("_||_", 2): return .or(arguments[0], arguments[1])
    case ("_?_:_", 3): return .conditional(arguments[0], arguments[1], arguments[2])
    default: break
    }
    for candidate in environment.candidates(name) {
      if let function = DynamicLibrary.function(named: candidate) {
        return call(function, candidate, arguments)
      }
    }
    return .fault(.noSuchOverload(name))
  }

  private mutating func method(
    _ receiver: CoreExpression, _ name: String, _ arguments: [CoreExpression]
  ) -> StandardPlan {
    if let prefix = receiver.qualifiedName, let root = receiver.rootName, !scopes.contains(root) {
      for candidate in environment.candidates("\(prefix).\(name)") {
        guard let function = DynamicLibrary.function(named: candidate) else { continue }
        return call(function, "\(prefix).\(name)", arguments.map { plan($0) })
      }
    }
    let target = plan(receiver)
    let values = arguments.map { plan($0) }
    if values.count == 1, name == "or" || name == "orValue" {
      return .orElse(target, values[0], isValue: name == "orValue")
    }
    guard let function = DynamicLibrary.method(named: name), !name.hasPrefix("@") else {
      return .fault(.noSuchOverload(name))
    }
    return call(function, name, [target] + values)
  }

  /// Functions that look for each element or place of one operand in another.
  private static let multiplying: Set<String> = [
    "distinct", "sets.contains", "sets.equivalent", "sets.intersects", "indexOf", "lastIndexOf",
    "replace", "split",
  ]

  private func call(
    _ function: @escaping DynamicFunction, _ name: String, _ arguments: [StandardPlan]
  ) -> StandardPlan {
    if name == "matches", arguments.count == 2, case .constant(.string(let text)) = arguments[1] {
      return .matches(arguments[0], text)
    }
    return .call(function, arguments, multiplies: StandardPlanner.multiplying.contains(name))
  }

  private mutating func comprehension(_ comprehension: CoreComprehension) -> StandardPlan {
    let range = plan(comprehension.range)
    let names = [comprehension.first] + (comprehension.second.map { [$0] } ?? [])
    return .comprehension(
      ComprehensionPlan(
        kind: comprehension.kind, range: range, hasSecond: comprehension.second != nil,
        condition: comprehension.condition.map { within(names, $0) },
        body: within(names, comprehension.body)))
  }
}
