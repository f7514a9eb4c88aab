internal import Model
internal import Values

/// A name that a macro gave to an expression, as written.
struct MacroVariable {
  var name: String
  var meaning: ExpressionSyntax
  /// Variables that the meaning itself may see: those declared before.
  var depth: Int
}

/// Macros, written out where they stand: a list in a rule file is written out too, so that
/// `["a", "b"].exists(x, …)` is an `or` of two conditions, with the cost of two conditions.
extension ExpressionChecker {
  static let macroNames: Set<String> = ["all", "exists", "exists_one", "existsOne"]

  /// `has(x.y)`: whether an attribute is there.
  mutating func has(
    _ arguments: [ExpressionSyntax], _ span: SourceSpan
  ) -> TypedExpression? {
    guard arguments.count == 1, case .member = arguments[0].kind else {
      report(
        .wrongArguments,
        Phrase("`has` asks for a field, like `a.b`", es: "`has` pregunta por un campo, como `a.b`"),
        span)
      return nil
    }
    return check(ExpressionSyntax(.isMissing(arguments[0], negated: true), span: span))
  }

  /// `list.exists(x, condition)` and its like.
  mutating func macro(
    _ receiver: ExpressionSyntax, _ name: NameSyntax, _ arguments: [ExpressionSyntax],
    _ span: SourceSpan
  ) -> TypedExpression? {
    let depth = variables.count
    if depth == 0 { outermostMacro = span }
    guard case .list(let elements) = resolved(receiver).kind else {
      report(
        .wrongArguments,
        Phrase(
          "`\(name.text)` walks a list that is written out",
          es: "`\(name.text)` recorre una lista escrita tal cual"),
        receiver.span,
        help: Phrase(
          "write [\"a\", \"b\"].\(name.text)(x, …), or ask with `in`",
          es: "escribe [\"a\", \"b\"].\(name.text)(x, …), o pregunta con `in`"))
      return nil
    }
    guard arguments.count == 2, let variable = variableName(arguments[0]) else {
      refuseMacro(name, "list.\(name.text)(x, condition)")
      return nil
    }
    var conditions: [TypedExpression] = []
    for element in elements {
      variables.append(MacroVariable(name: variable, meaning: element, depth: depth))
      let condition = self.condition(arguments[1])
      variables.removeLast()
      guard let condition else { return nil }
      conditions.append(condition)
    }
    return expanded(joined(conditions, name.text, span))
  }

  /// `cel.bind(x, value, expression)`.
  mutating func bind(
    _ name: NameSyntax, _ arguments: [ExpressionSyntax], _ span: SourceSpan, _ hint: ValueType?
  ) -> TypedExpression? {
    if variables.isEmpty { outermostMacro = span }
    guard arguments.count == 3, let variable = variableName(arguments[0]) else {
      refuseMacro(name, "cel.bind(x, value, expression)")
      return nil
    }
    variables.append(
      MacroVariable(name: variable, meaning: arguments[1], depth: variables.count))
    defer { variables.removeLast() }
    return check(arguments[2], hint: hint).map(expanded)
  }

  /// What a macro's variable stands for, checked where it was written.
  mutating func macroVariable(_ name: String, hint: ValueType?) -> TypedExpression?? {
    guard let variable = variables.last(where: { $0.name == name }) else { return nil }
    let hidden = variables[variable.depth...]
    variables.removeSubrange(variable.depth...)
    defer { variables += hidden }
    return .some(check(variable.meaning, hint: hint))
  }

  /// The expression that a name of a macro stands for, if it is one.
  func resolved(_ expression: ExpressionSyntax) -> ExpressionSyntax {
    var (found, depth) = (expression, variables.count)
    while case .name(let name) = found.kind,
      let variable = variables[..<depth].last(where: { $0.name == name })
    {
      (found, depth) = (variable.meaning, variable.depth)
    }
    return found
  }

  /// Counts a part that a macro repeats; whether there may be more.
  mutating func countsRepeated() -> Bool {
    guard !variables.isEmpty else { return true }
    repeatedParts += 1
    if repeatedParts == Limits.expressionParts + 1, let span = outermostMacro {
      let most = Limits.expressionParts
      report(
        .expressionTooCostly,
        Phrase(
          "written out, this is more than \(most) parts",
          es: "desplegado, esto tiene más de \(most) partes"),
        span,
        help: Phrase(
          "shorten the lists, or ask with `in`", es: "acorta las listas, o pregunta con `in`"))
    }
    return repeatedParts <= Limits.expressionParts
  }

  private func variableName(_ expression: ExpressionSyntax) -> String? {
    if case .name(let name) = expression.kind { name } else { nil }
  }

  private mutating func refuseMacro(_ name: NameSyntax, _ form: String) {
    report(
      .wrongArguments,
      Phrase("`\(name.text)` is written `\(form)`", es: "`\(name.text)` se escribe `\(form)`"),
      name.span)
  }

  private func joined(
    _ conditions: [TypedExpression], _ name: String, _ span: SourceSpan
  ) -> TypedExpression {
    if name == "all" || name == "exists" {
      return chain(conditions, name == "all" ? .and : .or, .bool, span)
        ?? constant(.bool(name == "all"), .bool, span)
    }
    // The number of those that hold is one.
    let (zero, one) = (constant(.int(0), .int, span), constant(.int(1), .int, span))
    let counts = conditions.map { condition in
      TypedExpression(
        .conditional(condition, then: one, otherwise: zero), type: .int,
        mayBeMissing: condition.mayBeMissing, span: span)
    }
    return apply(.equalBits, [chain(counts, .addInt, .int, span) ?? zero, one], .bool, span)
  }

  /// Operands one after the other, as they are written; long chains in links of sixteen, so that
  /// the levels of the expression stay below what walking it may take. Nil without an operand.
  private func chain(
    _ operands: [TypedExpression], _ overload: Overload, _ type: ValueType, _ span: SourceSpan
  ) -> TypedExpression? {
    let links = stride(from: 0, to: operands.count, by: 16).map { start in
      operands[start + 1..<min(start + 16, operands.count)]
        .reduce(operands[start]) { apply(overload, [$0, $1], type, span) }
    }
    guard let first = links.first else { return nil }
    return links.dropFirst().reduce(first) { apply(overload, [$0, $1], type, span) }
  }

  /// Marks what stands in more places than it is written in.
  private func expanded(_ expression: TypedExpression) -> TypedExpression {
    apply(.expanded, [expression], expression.type, expression.span)
  }
}
