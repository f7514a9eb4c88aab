internal import Model
internal import Values

/// Infers the type of an expression and refuses what no form of a function takes.
///
/// *Source*: langdef.md, "Gradual type checking".
struct StandardChecker {
  let environment: StandardEnvironment
  var unifier = TypeUnifier()
  /// Variables of comprehensions and bindings, innermost last.
  private var scopes: [(name: String, type: StandardType)] = []

  init(environment: StandardEnvironment) {
    self.environment = environment
  }

  /// The type of an expression, its free parameters `dyn`.
  static func type(
    of expression: CoreExpression, in environment: StandardEnvironment
  ) throws(StandardRefusal) -> StandardType {
    var checker = StandardChecker(environment: environment)
    let type = try checker.type(expression)
    return checker.unifier.resolved(type, final: true)
  }

  private mutating func type(_ expression: CoreExpression) throws(StandardRefusal) -> StandardType {
    switch expression.kind {
    case .constant(let value): return StandardChecker.type(of: value)
    case .name(let name): return try self.name(name, expression.span)
    case .select(let base, let field, let mode):
      if mode == .value, let type = try qualified(expression) { return type }
      let type = try type(base)
      return try selection(of: field, from: type, mode, expression.span)
    case .call(let name, let arguments):
      return try call(name, isMethod: false, try types(arguments), expression.span)
    case .method(let receiver, let name, let arguments):
      if let function = namespaced(receiver, name) {
        return try call(function, isMethod: false, try types(arguments), expression.span)
      }
      return try call(
        name, isMethod: true, try types([receiver] + arguments), expression.span)
    case .list(let elements): return try list(elements)
    case .map(let entries): return try map(entries)
    case .message(let name, _):
      throw StandardRefusal(
        .unknownName, Phrase("no message `\(name)`", es: "no hay mensaje `\(name)`"),
        expression.span)
    case .comprehension(let comprehension): return try self.comprehension(comprehension)
    case .bind(let name, let value, let body):
      let type = try type(value)
      return try within([(name, type)], body)
    case .optionalMap(let target, let name, let body, let isFlat):
      return try optionalMap(target, name, body, isFlat: isFlat)
    }
  }

  private mutating func types(
    _ expressions: [CoreExpression]
  ) throws(StandardRefusal) -> [StandardType] {
    var types: [StandardType] = []
    for expression in expressions { types.append(try type(expression)) }
    return types
  }

  private static func type(of constant: DynamicValue) -> StandardType {
    switch constant {
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .string
    case .bytes: .bytes
    default: .dyn
    }
  }

  // MARK: Names

  private func local(_ name: String) -> StandardType? {
    scopes.last { $0.name == name }?.type
  }

  private func name(_ name: String, _ span: SourceSpan) throws(StandardRefusal) -> StandardType {
    if let type = local(name) { return type }
    switch environment.meaning(of: name) {
    case .variable(_, let type)?: return type
    case .type(_, let type)?: return .type(type)
    case nil:
      throw StandardRefusal(
        .unknownName, Phrase("nothing is called `\(name)`", es: "nada se llama `\(name)`"), span)
    }
  }

  /// The type of `a.b.c` when that is one name.
  private func qualified(_ expression: CoreExpression) throws(StandardRefusal) -> StandardType? {
    guard let name = expression.qualifiedName, let root = expression.rootName,
      local(root) == nil
    else { return nil }
    return switch environment.meaning(of: name) {
    case .variable(_, let type)?: type
    case .type(_, let type)?: .type(type)
    case nil: nil
    }
  }

  /// The full name of a function written like a method: `math.abs(x)`.
  private func namespaced(_ receiver: CoreExpression, _ name: String) -> String? {
    guard let prefix = receiver.qualifiedName, let root = receiver.rootName, local(root) == nil
    else { return nil }
    let full = "\(prefix).\(name)"
    return environment.signatures(full, isMethod: false).isEmpty ? nil : full
  }

  // MARK: Parts

  private mutating func selection(
    of field: String, from type: StandardType, _ mode: SelectionMode, _ span: SourceSpan
  ) throws(StandardRefusal) -> StandardType {
    let target = unifier.resolved(type)
    let inner = target.optionalInner.map { unifier.resolved($0) }
    let value: StandardType
    switch inner ?? target {
    case .map(_, let entry): value = entry
    case .dyn: value = .dyn
    case .variable:
      _ = unifier.assign(inner ?? target, to: .dyn)
      value = .dyn
    default:
      throw StandardRefusal(
        .unknownMember,
        Phrase("\(target) has no field `\(field)`", es: "\(target) no tiene campo `\(field)`"),
        span)
    }
    if mode == .presence { return .bool }
    return mode == .optional || inner != nil ? .optional(value) : value
  }

  private mutating func call(
    _ name: String, isMethod: Bool, _ arguments: [StandardType], _ span: SourceSpan
  ) throws(StandardRefusal) -> StandardType {
    let forms = environment.signatures(name, isMethod: isMethod)
    guard !forms.isEmpty else {
      throw StandardRefusal(
        .unknownName,
        Phrase("there is no function `\(name)`", es: "no hay función `\(name)`"), span)
    }
    var result: StandardType?
    for form in forms {
      var fresh: [String: StandardType] = [:]
      let parameters = form.parameters.map { instantiated($0, &fresh) }
      guard unifier.assign(arguments, to: parameters) else { continue }
      let found = unifier.resolved(instantiated(form.result, &fresh))
      if let known = result, known != .dyn, known != found {
        result = .dyn
      } else if result == nil {
        result = found
      }
    }
    if let result { return result }
    let types = arguments.map { unifier.resolved($0, final: true).description }
      .joined(separator: ", ")
    throw StandardRefusal(
      .wrongArguments,
      Phrase("`\(name)` does not take (\(types))", es: "`\(name)` no acepta (\(types))"), span)
  }

  /// A declared type with its parameters made variables of this call.
  private mutating func instantiated(
    _ type: StandardType, _ fresh: inout [String: StandardType]
  ) -> StandardType {
    switch type {
    case .parameter(let name):
      if let known = fresh[name] { return known }
      let variable = unifier.fresh()
      fresh[name] = variable
      return variable
    case .list(let element): return .list(instantiated(element, &fresh))
    case .map(let key, let value):
      return .map(instantiated(key, &fresh), instantiated(value, &fresh))
    case .type(let inner): return .type(instantiated(inner, &fresh))
    case .abstract(let name, let parameters):
      return .abstract(name, parameters.map { instantiated($0, &fresh) })
    default: return type
    }
  }

  private mutating func list(
    _ elements: [CoreElement]
  ) throws(StandardRefusal) -> StandardType {
    var joined: StandardType?
    for element in elements {
      let type = try self.type(element.value)
      joined = unifier.joined(
        joined, element.isOptional ? try unwrapped(type, element.value.span) : type)
    }
    return .list(joined ?? unifier.fresh())
  }

  private mutating func map(_ entries: [CoreEntry]) throws(StandardRefusal) -> StandardType {
    var key: StandardType?
    var value: StandardType?
    for entry in entries {
      key = unifier.joined(key, try type(entry.key))
      let type = try type(entry.value)
      value = unifier.joined(
        value, entry.isOptional ? try unwrapped(type, entry.value.span) : type)
    }
    return .map(key ?? unifier.fresh(), value ?? unifier.fresh())
  }

  private mutating func unwrapped(
    _ type: StandardType, _ span: SourceSpan
  ) throws(StandardRefusal) -> StandardType {
    let resolved = unifier.resolved(type)
    if resolved == .dyn { return .dyn }
    guard let inner = resolved.optionalInner else {
      throw StandardRefusal(
        .typeMismatch,
        Phrase("`?` asks for an optional", es: "`?` pide un opcional"), span)
    }
    return inner
  }

  // MARK: Macros

  private mutating func within(
    _ variables: [(name: String, type: StandardType)], _ body: CoreExpression
  ) throws(StandardRefusal) -> StandardType {
    scopes += variables
    defer { scopes.removeLast(variables.count) }
    return try type(body)
  }

  private mutating func optionalMap(
    _ target: CoreExpression, _ name: String, _ body: CoreExpression, isFlat: Bool
  ) throws(StandardRefusal) -> StandardType {
    let inner = try unwrapped(try type(target), target.span)
    let result = try within([(name, inner)], body)
    if !isFlat { return .optional(result) }
    return .optional(try unwrapped(result, body.span))
  }

  private mutating func comprehension(
    _ comprehension: CoreComprehension
  ) throws(StandardRefusal) -> StandardType {
    let range = unifier.resolved(try type(comprehension.range))
    let (position, element): (StandardType, StandardType)
    switch range {
    case .list(let inner): (position, element) = (.int, inner)
    case .map(let key, let value): (position, element) = (key, value)
    case .dyn, .variable: (position, element) = (.dyn, .dyn)
    default:
      throw StandardRefusal(
        .typeMismatch,
        Phrase("\(range) is neither list nor map", es: "\(range) no es lista ni mapa"),
        comprehension.range.span)
    }
    var first = position
    if comprehension.second == nil, case .list = range { first = element }
    var variables = [(name: comprehension.first, type: first)]
    if let second = comprehension.second { variables.append((second, element)) }
    if let condition = comprehension.condition {
      try expectBool(try within(variables, condition), condition.span)
    }
    let body = try within(variables, comprehension.body)
    switch comprehension.kind {
    case .all, .exists, .existsOne:
      try expectBool(body, comprehension.body.span)
      return .bool
    case .filter:
      try expectBool(body, comprehension.body.span)
      return .list(first)
    case .map, .transformList: return .list(body)
    case .transformMap: return .map(position, body)
    case .transformMapEntry: return body
    case .sortBy: return .list(first)
    }
  }

  private mutating func expectBool(
    _ type: StandardType, _ span: SourceSpan
  ) throws(StandardRefusal) {
    guard unifier.assign(type, to: .bool) else {
      throw StandardRefusal(
        .conditionNotBool,
        Phrase("a condition is true or false", es: "una condición es verdadera o falsa"), span)
    }
  }
}
