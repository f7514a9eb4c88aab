public import Model
internal import Values

/// Settles the types of one expression. Findings are collected; a part that has one gives nil and
/// is not reported again by what contains it.
public struct ExpressionChecker {
  let environment: any ExpressionEnvironment
  /// What was wrong.
  public internal(set) var findings: [Diagnostic] = []
  /// Names of the macros around what is being checked, the innermost last.
  var variables: [MacroVariable] = []
  /// Parts checked inside macros, each as often as it is repeated.
  var repeatedParts = 0
  var outermostMacro: SourceSpan?

  /// Creates a checker over what names mean.
  public init(environment: any ExpressionEnvironment) {
    self.environment = environment
  }

  /// The typed expression, or nil when findings say why not. A literal or case name adapts to
  /// `hint`.
  public mutating func check(
    _ expression: ExpressionSyntax, hint: ValueType? = nil
  ) -> TypedExpression? {
    let span = expression.span
    guard countsRepeated() else { return nil }
    switch expression.kind {
    case .literal(let literal): return self.literal(literal, span, hint)
    case .name(let name): return self.name(name, span, hint)
    case .member(let base, let name): return member(base, name)
    case .call(let name, let arguments): return call(name, arguments, span)
    case .method(let receiver, let name, let arguments):
      return method(receiver, name, arguments, span, hint)
    case .list(let elements): return list(elements, span, hint)
    case .unary(let operation, let operand): return unary(operation, operand, span, hint)
    case .binary(let operation, let left, let right): return binary(operation, left, right, span)
    case .conditional(let condition, let then, let otherwise):
      return conditional(condition, then, otherwise, span, hint)
    case .isMissing(let operand, let negated):
      guard let operand = check(operand) else { return nil }
      let test = TypedExpression(
        .apply(.isMissing, [operand]), type: .bool, mayBeMissing: false, span: span)
      return negated ? apply(.not, [test], .bool, span) : test
    case .index(let base, let index): return item(base, index, span)
    case .map, .optionalMember, .optionalIndex, .optionalElement, .message:
      report(
        .wrongArguments,
        Phrase(
          "maps and optional values are not part of rule files",
          es: "los mapas y valores opcionales no son parte de los archivos de reglas"),
        span)
      return nil
    }
  }

  /// A condition: a typed expression of type bool.
  public mutating func condition(_ expression: ExpressionSyntax) -> TypedExpression? {
    guard let typed = check(expression) else { return nil }
    guard typed.type == .bool else {
      findings.append(
        Diagnostic(
          .conditionNotBool,
          Phrase(
            "a condition is true or false, this is \(typed.type)",
            es: "una condición es verdadera o falsa, esto es \(typed.type)"),
          at: expression.span,
          label: Phrase("has type \(typed.type)", es: "es de tipo \(typed.type)"),
          help: Phrase(
            "compare it with something, like `> 3`", es: "compáralo con algo, como `> 3`")))
      return nil
    }
    return typed
  }

  /// An expression whose type must be `type`.
  public mutating func check(
    _ expression: ExpressionSyntax, being type: ValueType, purpose: Phrase
  ) -> TypedExpression? {
    guard let typed = check(expression, hint: type) else { return nil }
    guard let fitting = adapted(typed, to: type) else {
      let plain = unquoted(typed, as: type)
      mismatch(
        Phrase("\(purpose.english) must be \(type)", es: "\(purpose.spanish) debe ser \(type)"),
        typed, help: plain?.help, edit: plain?.edit)
      return nil
    }
    return fitting
  }

  // MARK: Names

  private mutating func name(
    _ name: String, _ span: SourceSpan, _ hint: ValueType?
  ) -> TypedExpression? {
    if let meaning = macroVariable(name, hint: hint) { return meaning }
    if let variable = environment.variable(named: name) {
      return TypedExpression(
        .variable(variable.number), type: variable.type, mayBeMissing: variable.mayBeMissing,
        span: span)
    }
    if case .enumeration(let enumeration)? = hint {
      let cases = environment.cases(of: enumeration)
      if let position = cases.firstIndex(of: name) {
        return TypedExpression(
          .constant(.enumeration(position)), type: .enumeration(enumeration), mayBeMissing: false,
          span: span)
      }
      let known = cases.joined(separator: ", ")
      let near = Suggestion.nearest(to: name, among: cases)
      findings.append(
        Diagnostic(
          .unknownCase,
          Phrase(
            "`\(enumeration)` has no case `\(name)`",
            es: "`\(enumeration)` no tiene el caso `\(name)`"),
          at: span, note: Phrase("its cases are: \(known)", es: "sus casos son: \(known)"),
          help: near.map { Phrase("did you mean `\($0)`?", es: "¿quisiste decir `\($0)`?") },
          edit: near.map { SourceEdit(span: span, replacement: $0) }))
      return nil
    }
    unknown(name, span)
    return nil
  }

  mutating func unknown(_ name: String, _ span: SourceSpan) {
    if environment.isBroken(name) { return }
    if let refusal = environment.refusal(of: name, at: span) {
      findings.append(refusal)
      return
    }
    let names = environment.names
    let near = Suggestion.nearest(to: name, among: names.map(\.name))
    let role = near.flatMap { near in names.first { $0.name == near }?.role }
    let kinds = environment.visibleKinds
    findings.append(
      Diagnostic(
        .unknownName, Phrase("unknown name `\(name)`", es: "nombre desconocido `\(name)`"),
        at: span,
        label: Phrase(
          "no \(kinds.english) has this name", es: "\(kinds.spanish) se llama así"),
        note: near == nil ? environment.overview : nil,
        help: near.map { near in
          Phrase(
            "a \(role?.english ?? "name") with a similar name exists: `\(near)`",
            es: "existe \(role?.spanish ?? "nombre") con un nombre parecido: `\(near)`")
        }, edit: near.map { SourceEdit(span: span, replacement: $0) }))
  }

  private mutating func member(
    _ base: ExpressionSyntax, _ name: NameSyntax
  ) -> TypedExpression? {
    let span = base.span.joined(with: name.span)
    guard case .name(let baseName) = resolved(base).kind else {
      report(
        .unknownMember,
        Phrase(
          "only a field's attributes are reached with a dot",
          es: "con punto solo se llega a los atributos de un campo"),
        span)
      return nil
    }
    if let variable = environment.member(name.text, of: baseName) {
      return TypedExpression(
        .variable(variable.number), type: variable.type, mayBeMissing: variable.mayBeMissing,
        span: span)
    }
    guard let members = environment.memberNames(of: baseName) else {
      guard let variable = environment.variable(named: baseName) else {
        unknown(baseName, base.span)
        return nil
      }
      report(
        .unknownMember,
        Phrase(
          "`\(baseName)` is \(variable.type) and has no attributes",
          es: "`\(baseName)` es \(variable.type) y no tiene atributos"),
        span)
      return nil
    }
    let near = Suggestion.nearest(to: name.text, among: members)
    let known = members.joined(separator: ", ")
    findings.append(
      Diagnostic(
        .unknownMember,
        Phrase(
          "`\(baseName)` has no attribute `\(name.text)`",
          es: "`\(baseName)` no tiene el atributo `\(name.text)`"),
        at: name.span, note: Phrase("it has: \(known)", es: "tiene: \(known)"),
        help: near.map { Phrase("did you mean `\($0)`?", es: "¿quisiste decir `\($0)`?") },
        edit: near.map { SourceEdit(span: name.span, replacement: $0) }))
    return nil
  }

  // MARK: Shapes

  private mutating func list(
    _ elements: [ExpressionSyntax], _ span: SourceSpan, _ hint: ValueType?
  ) -> TypedExpression? {
    var elementHint: ValueType?
    if case .list(let element)? = hint { elementHint = element }
    var typed: [TypedExpression] = []
    for element in elements {
      guard let checked = check(element, hint: elementHint ?? typed.first?.type) else {
        return nil
      }
      let wanted = elementHint ?? typed.first?.type ?? checked.type
      guard let fitting = adapted(checked, to: wanted) else {
        findings.append(
          Diagnostic(
            .elementMismatch,
            Phrase(
              "this list holds \(wanted), not \(checked.type)",
              es: "esta lista contiene \(wanted), no \(checked.type)"),
            at: element.span,
            secondary: typed.first.map {
              [
                DiagnosticLabel(
                  $0.span,
                  Phrase("the first element is \($0.type)", es: "el primer elemento es \($0.type)"))
              ]
            } ?? []))
        return nil
      }
      typed.append(fitting)
    }
    let type = ValueType.list(elementHint ?? typed.first?.type ?? .string)
    return TypedExpression(
      .list(typed), type: type, mayBeMissing: typed.contains(where: \.mayBeMissing), span: span)
  }

  /// `signal[0]`: one of the values a signal collected, missing beyond the last.
  private mutating func item(
    _ base: ExpressionSyntax, _ index: ExpressionSyntax, _ span: SourceSpan
  ) -> TypedExpression? {
    guard let list = check(base) else { return nil }
    guard case .collected(let element) = list.type else {
      report(
        .wrongArguments,
        Phrase(
          "only what a signal collected has places",
          es: "solo lo que una señal recolectó tiene posiciones"), list.span)
      return nil
    }
    let purpose = Phrase("a place, 0 for the newest,", es: "la posición, 0 para el más reciente,")
    guard let place = check(index, being: .int, purpose: purpose) else { return nil }
    return TypedExpression(
      .apply(.collectedItem, [list, place]), type: element, mayBeMissing: true, span: span)
  }

  private mutating func conditional(
    _ condition: ExpressionSyntax, _ then: ExpressionSyntax, _ otherwise: ExpressionSyntax,
    _ span: SourceSpan, _ hint: ValueType?
  ) -> TypedExpression? {
    let test = self.condition(condition)
    guard let (a, b) = pair(then, otherwise, hint: hint) else { return nil }
    guard let (left, right) = unified(a, b) else {
      differ(
        Phrase(
          "the two values of `? :` have different types",
          es: "los dos valores de `? :` son de tipos distintos"),
        a, b)
      return nil
    }
    guard let test else { return nil }
    return TypedExpression(
      .conditional(test, then: left, otherwise: right), type: left.type,
      mayBeMissing: test.mayBeMissing || left.mayBeMissing || right.mayBeMissing, span: span)
  }

  // MARK: Helpers

  func apply(
    _ overload: Overload, _ operands: [TypedExpression], _ type: ValueType, _ span: SourceSpan
  ) -> TypedExpression {
    TypedExpression(
      .apply(overload, operands), type: type,
      mayBeMissing: operands.contains(where: \.mayBeMissing), span: span)
  }

  mutating func report(
    _ code: DiagnosticCode, _ title: Phrase, _ span: SourceSpan, help: Phrase? = nil
  ) {
    findings.append(Diagnostic(code, title, at: span, help: help))
  }

  mutating func mismatch(
    _ title: Phrase, _ typed: TypedExpression, help: Phrase? = nil, edit: SourceEdit? = nil
  ) {
    findings.append(
      Diagnostic(
        .typeMismatch, title, at: typed.span,
        label: Phrase("this is \(typed.type)", es: "esto es \(typed.type)"), help: help,
        edit: edit))
  }

  /// Two operands that do not go together, both labelled.
  mutating func differ(
    _ title: Phrase, _ left: TypedExpression, _ right: TypedExpression,
    code: DiagnosticCode = .typeMismatch, help: Phrase? = nil, edit: SourceEdit? = nil
  ) {
    findings.append(
      Diagnostic(
        code, title, at: right.span,
        label: Phrase("this is \(right.type)", es: "esto es \(right.type)"),
        secondary: [
          DiagnosticLabel(
            left.span, Phrase("this is \(left.type)", es: "esto es \(left.type)"))
        ], help: help, edit: edit))
  }
}
