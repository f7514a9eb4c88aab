internal import Model
internal import Values

/// Turns the tree as written into the core: signs into calls, macros into what they mean.
///
/// *Source*: langdef.md, "Macros"; cel-go ext (bindings, two-variable comprehensions, optionals).
struct MacroExpander {
  let expandsMacros: Bool

  func expand(_ expression: ExpressionSyntax) throws(StandardRefusal) -> CoreExpression {
    CoreExpression(try kind(expression), expression.span)
  }

  private func kind(_ expression: ExpressionSyntax) throws(StandardRefusal) -> CoreKind {
    switch expression.kind {
    case .literal(let literal): return .constant(try value(literal, expression.span))
    case .name(let name): return .name(name)
    case .member(let base, let name): return .select(try expand(base), name.text, .value)
    case .optionalMember(let base, let name):
      return .select(try expand(base), name.text, .optional)
    case .index(let base, let index): return .call("_[_]", try expand([base, index]))
    case .optionalIndex(let base, let index): return .call("_[?_]", try expand([base, index]))
    case .call(let name, let arguments): return try call(name, arguments, expression.span)
    case .method(let receiver, let name, let arguments):
      return try method(receiver, name, arguments)
    case .list(let elements): return try list(elements)
    case .map(let entries): return try map(entries)
    case .message(let name, let fields): return .message(name.text, try expand(fields.map(\.value)))
    case .unary(let operation, let operand):
      return .call(operation == .not ? "!_" : "-_", [try expand(operand)])
    case .binary(let operation, let left, let right):
      return .call(MacroExpander.name(operation), try expand([left, right]))
    case .conditional(let condition, let then, let otherwise):
      return .call("_?_:_", try expand([condition, then, otherwise]))
    case .optionalElement, .isMissing:
      throw StandardRefusal(
        .unexpectedToken, Phrase("not an expression", es: "no es una expresión"), expression.span)
    }
  }

  private func expand(
    _ expressions: [ExpressionSyntax]
  ) throws(StandardRefusal) -> [CoreExpression] {
    var expanded: [CoreExpression] = []
    for expression in expressions { expanded.append(try expand(expression)) }
    return expanded
  }

  private func value(
    _ literal: LiteralSyntax, _ span: SourceSpan
  ) throws(StandardRefusal) -> DynamicValue {
    switch literal {
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(value)
    case .uint(let value): return .uint(value)
    case .double(let value, _): return .double(value)
    case .string(let value): return .string(value)
    case .bytes(let value): return .bytes(value)
    case .null: return .null
    case .duration:
      throw StandardRefusal(
        .invalidLiteral,
        Phrase("no duration literals here", es: "aquí no hay literales de duración"), span)
    }
  }

  private func list(_ elements: [ExpressionSyntax]) throws(StandardRefusal) -> CoreKind {
    var expanded: [CoreElement] = []
    for element in elements {
      if case .optionalElement(let inner) = element.kind {
        expanded.append(CoreElement(value: try expand(inner), isOptional: true))
      } else {
        expanded.append(CoreElement(value: try expand(element), isOptional: false))
      }
    }
    return .list(expanded)
  }

  private func map(_ entries: [MapEntrySyntax]) throws(StandardRefusal) -> CoreKind {
    var expanded: [CoreEntry] = []
    for entry in entries {
      expanded.append(
        CoreEntry(
          key: try expand(entry.key), value: try expand(entry.value),
          isOptional: entry.isOptional))
    }
    return .map(expanded)
  }

  static func name(_ operation: BinaryOperator) -> String {
    switch operation {
    case .add: "_+_"
    case .subtract: "_-_"
    case .multiply: "_*_"
    case .divide: "_/_"
    case .remainder: "_%_"
    case .equal: "_==_"
    case .notEqual: "_!=_"
    case .less: "_<_"
    case .lessOrEqual: "_<=_"
    case .greater: "_>_"
    case .greaterOrEqual: "_>=_"
    case .and: "_&&_"
    case .or: "_||_"
    case .isIn, .isNotIn: "@in"
    }
  }

  // MARK: Macros

  private func call(
    _ name: NameSyntax, _ arguments: [ExpressionSyntax], _ span: SourceSpan
  ) throws(StandardRefusal) -> CoreKind {
    guard expandsMacros, name.text == "has" || name.text == ".has", arguments.count == 1 else {
      return .call(name.text, try expand(arguments))
    }
    guard case .member(let base, let field) = arguments[0].kind else {
      throw StandardRefusal(
        .wrongArguments,
        Phrase("`has` asks for a field, like `a.b`", es: "`has` pregunta por un campo, como `a.b`"),
        span)
    }
    return .select(try expand(base), field.text, .presence)
  }

  private func method(
    _ receiver: ExpressionSyntax, _ name: NameSyntax, _ arguments: [ExpressionSyntax]
  ) throws(StandardRefusal) -> CoreKind {
    if expandsMacros, let macro = try macro(receiver, name, arguments) { return macro }
    return .method(try expand(receiver), name.text, try expand(arguments))
  }

  private func macro(
    _ receiver: ExpressionSyntax, _ name: NameSyntax, _ arguments: [ExpressionSyntax]
  ) throws(StandardRefusal) -> CoreKind? {
    if case .name("cel") = receiver.kind { return try binding(name, arguments) }
    if case .name("math") = receiver.kind, name.text == "greatest" || name.text == "least",
      arguments.count > 2
    {
      // Any number of arguments: what is checked and run is the form over a list.
      let elements = ExpressionSyntax(.list(arguments), span: name.span)
      return .method(try expand(receiver), name.text, [try expand(elements)])
    }
    switch (name.text, arguments.count) {
    case ("optMap", 2), ("optFlatMap", 2):
      return .optionalMap(
        try expand(receiver), try variable(arguments[0]), try expand(arguments[1]),
        isFlat: name.text == "optFlatMap")
    default: return try comprehension(receiver, name, arguments)
    }
  }

  private static let comprehensions: [String: (kind: ComprehensionKind, counts: [Int])] = [
    "all": (.all, [2, 3]), "exists": (.exists, [2, 3]), "exists_one": (.existsOne, [2, 3]),
    "existsOne": (.existsOne, [2, 3]), "map": (.map, [2, 3]), "filter": (.filter, [2]),
    "transformList": (.transformList, [3, 4]), "transformMap": (.transformMap, [3, 4]),
    "transformMapEntry": (.transformMapEntry, [3, 4]), "sortBy": (.sortBy, [2]),
  ]

  private func comprehension(
    _ receiver: ExpressionSyntax, _ name: NameSyntax, _ arguments: [ExpressionSyntax]
  ) throws(StandardRefusal) -> CoreKind? {
    guard let (kind, counts) = MacroExpander.comprehensions[name.text],
      counts.contains(arguments.count)
    else { return nil }
    // `x.map(v, condition, body)` has a condition where the others have a second variable.
    let hasSecond = kind != .map && arguments.count > 2
    let first = try variable(arguments[0])
    let second = hasSecond ? try variable(arguments[1]) : nil
    guard first != second else {
      throw StandardRefusal(
        .wrongArguments,
        Phrase("two variables of one name", es: "dos variables de un mismo nombre"),
        arguments[1].span)
    }
    let hasCondition = kind == .map ? arguments.count == 3 : arguments.count == 4
    return .comprehension(
      CoreComprehension(
        kind: kind, range: try expand(receiver), first: first, second: second,
        condition: hasCondition ? try expand(arguments[arguments.count - 2]) : nil,
        body: try expand(arguments[arguments.count - 1])))
  }

  private func binding(
    _ name: NameSyntax, _ arguments: [ExpressionSyntax]
  ) throws(StandardRefusal) -> CoreKind? {
    switch (name.text, arguments.count) {
    case ("bind", 3):
      return .bind(
        try variable(arguments[0]), try expand(arguments[1]), try expand(arguments[2]))
    case ("block", 2):
      guard case .list(let values) = arguments[0].kind else { return nil }
      var body = try expand(arguments[1])
      for (position, value) in values.enumerated().reversed() {
        body = CoreExpression(.bind("@index\(position)", try expand(value), body), value.span)
      }
      return body.kind
    case ("index", 1), ("iterVar", 2):
      return MacroExpander.blockVariable(name.text, arguments).map(CoreKind.name)
    default: return nil
    }
  }

  /// The name behind `cel.index(0)` and `cel.iterVar(0, 1)`, as optimisers write them.
  private static func blockVariable(_ name: String, _ arguments: [ExpressionSyntax]) -> String? {
    var text = name == "index" ? "@index" : "@variable"
    for argument in arguments {
      guard case .literal(.int(let number)) = argument.kind, number >= 0 else { return nil }
      text += name == "index" ? "\(number)" : ":\(number)"
    }
    return text
  }

  private func variable(_ expression: ExpressionSyntax) throws(StandardRefusal) -> String {
    if case .name(let name) = expression.kind, !name.hasPrefix(".") { return name }
    if case .method(let receiver, let name, let arguments) = expression.kind,
      case .name("cel") = receiver.kind, name.text == "iterVar",
      let variable = MacroExpander.blockVariable(name.text, arguments)
    {
      return variable
    }
    throw StandardRefusal(
      .wrongArguments, Phrase("a variable is one name", es: "una variable es un solo nombre"),
      expression.span)
  }
}
