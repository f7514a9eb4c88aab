internal import Model
internal import Values

extension ExpressionChecker {
  mutating func call(
    _ name: NameSyntax, _ arguments: [ExpressionSyntax], _ span: SourceSpan
  ) -> TypedExpression? {
    if let query = environment.query(named: name.text) {
      return ask(query, name, arguments, span)
    }
    if name.text == "default" { return orDefault(name, arguments, span) }
    if name.text == "has" { return has(arguments, span) }
    if let part = ExpressionChecker.clockFunctions[name.text] {
      return clock(part, name, arguments, span)
    }
    if name.text == "in_zone" { return refuseZone(name) }
    if name.text == "double", arguments.count == 1 {
      guard let argument = check(arguments[0]) else { return nil }
      if case .decimal = argument.type {
        return apply(.decimalToDouble, [argument], .double, span)
      }
      if argument.type == .double { return argument }
    }
    if let decimal = decimalCall(name, arguments, span) { return decimal.typed }
    return resolve(name, arguments, isMethod: false, span)
  }

  mutating func method(
    _ receiver: ExpressionSyntax, _ name: NameSyntax, _ arguments: [ExpressionSyntax],
    _ span: SourceSpan, _ hint: ValueType?
  ) -> TypedExpression? {
    if ExpressionChecker.macroNames.contains(name.text) {
      return macro(receiver, name, arguments, span)
    }
    if case .name("cel") = receiver.kind, name.text == "bind" {
      return bind(name, arguments, span, hint)
    }
    if ExpressionChecker.clockMethods.contains(name.text) {
      return clockMethod(receiver, name, arguments, span)
    }
    if case .name(let space) = receiver.kind, environment.variable(named: space) == nil,
      FunctionTable.namespaces.contains(space)
    {
      let whole = NameSyntax(
        space + "." + name.text, span: receiver.span.joined(with: name.span))
      return resolve(whole, arguments, isMethod: false, span)
    }
    return resolve(name, [receiver] + arguments, isMethod: true, span)
  }

  private mutating func resolve(
    _ name: NameSyntax, _ arguments: [ExpressionSyntax], isMethod: Bool, _ span: SourceSpan
  ) -> TypedExpression? {
    let forms = (FunctionTable.named[name.text] ?? []).filter { $0.isMethod == isMethod }
    guard !forms.isEmpty else {
      unknownFunction(name, isMethod: isMethod)
      return nil
    }
    var typed: [TypedExpression] = []
    for argument in arguments {
      guard let checked = check(argument) else { return nil }
      typed.append(checked)
    }
    if name.text == "size", typed.count == 1, case .collected = typed[0].type {
      return apply(.sizeOfCollected, typed, .int, span)
    }
    guard
      let form = forms.first(where: { form in
        form.parameters.count == typed.count
          && zip(form.parameters, typed).allSatisfy { wanted, given in
            wanted == given.type || given.type.isReadAsString && wanted == .string
          }
      })
    else {
      wrongArguments(name, forms, typed, span)
      return nil
    }
    if form.overload == .matches, !checkPattern(typed[1]) { return nil }
    var call = apply(form.overload, typed, form.result, span)
    call.mayBeMissing = call.mayBeMissing || form.mayBeMissing
    return call
  }

  /// A pattern is written out, so that it is compiled once and checked before anything runs.
  private mutating func checkPattern(_ pattern: TypedExpression) -> Bool {
    guard case .constant(.string(let text)) = pattern.kind else {
      report(
        .wrongArguments,
        Phrase(
          "the pattern of `matches` is a string written out",
          es: "el patrón de `matches` es una cadena escrita tal cual"),
        pattern.span)
      return false
    }
    do throws(ValueError) {
      var compiled = try CompiledPattern(Array(text.utf8).span)
      guard let witness = RegexGrowth.witness(of: text, &compiled) else { return true }
      findings.append(PatternMessages.slow(pattern.span, witness))
      return false
    } catch {
      guard case .pattern(let offset, let message) = error else { return false }
      let before = String(decoding: Array(text.utf8).prefix(offset), as: UTF8.self)
      let column = before.unicodeScalars.count + 1
      // Two quotes and no escapes: then a place in the pattern is a place in the source.
      var span = pattern.span
      if span.end - span.start == text.utf8.count + 2 {
        span = SourceSpan(
          file: span.file, start: span.start + 1 + offset, end: span.start + 2 + offset)
      }
      findings.append(
        Diagnostic(
          .invalidRegex,
          Phrase(
            "this is not a regular expression of RE2", es: "esto no es una expresión regular de RE2"
          ),
          at: span,
          label: Phrase(
            "at character \(column) of the pattern", es: "en el carácter \(column) del patrón"),
          note: PatternMessages.phrase(message)))
      return false
    }
  }

  private mutating func unknownFunction(_ name: NameSyntax, isMethod: Bool) {
    if environment.variable(named: name.text) != nil, !isMethod {
      report(
        .wrongArguments,
        Phrase(
          "`\(name.text)` is a value and takes no arguments",
          es: "`\(name.text)` es un valor y no lleva argumentos"),
        name.span)
      return
    }
    if !isMethod {
      if environment.isBroken(name.text) { return }
      if let refusal = environment.refusal(of: name.text, at: name.span) {
        findings.append(refusal)
        return
      }
    }
    let known =
      isMethod
      ? FunctionTable.methodNames.union(ExpressionChecker.clockMethods)
        .union(ExpressionChecker.macroNames)
      : FunctionTable.functionNames.union(ExpressionChecker.clockFunctions.keys)
    let near = Suggestion.nearest(to: name.text, among: known.sorted())
    findings.append(
      Diagnostic(
        .unknownName,
        Phrase("unknown function `\(name.text)`", es: "función desconocida `\(name.text)`"),
        at: name.span,
        help: near.map { Phrase("did you mean `\($0)`?", es: "¿quisiste decir `\($0)`?") },
        edit: near.map { SourceEdit(span: name.span, replacement: $0) }))
  }

  private mutating func wrongArguments(
    _ name: NameSyntax, _ forms: [FunctionForm], _ typed: [TypedExpression], _ span: SourceSpan
  ) {
    let given = typed.map(\.type.description).joined(separator: ", ")
    let wanted = forms.map { form in
      let types = form.parameters.map(\.description)
      return form.isMethod
        ? "\(types[0]).\(form.name)(\(types.dropFirst().joined(separator: ", ")))"
        : "\(form.name)(\(types.joined(separator: ", ")))"
    }
    findings.append(
      Diagnostic(
        .wrongArguments,
        Phrase(
          "`\(name.text)` does not take (\(given))", es: "`\(name.text)` no acepta (\(given))"),
        at: span,
        note: Phrase(
          "it takes: \(wanted.joined(separator: ", "))",
          es: "acepta: \(wanted.joined(separator: ", "))")))
  }

  private mutating func orDefault(
    _ name: NameSyntax, _ arguments: [ExpressionSyntax], _ span: SourceSpan
  ) -> TypedExpression? {
    guard arguments.count == 2 else {
      report(
        .wrongArguments,
        Phrase(
          "`default` takes a value and what stands in when it is missing",
          es: "`default` recibe un valor y el que lo sustituye si falta"),
        span, help: Phrase("default(x, 0)", es: "default(x, 0)"))
      return nil
    }
    guard let (a, b) = pair(arguments[0], arguments[1]) else { return nil }
    guard let (value, standIn) = unified(a, b) else {
      differ(
        Phrase("the stand-in has another type", es: "el sustituto es de otro tipo"), a, b)
      return nil
    }
    return TypedExpression(
      .apply(.orDefault, [value, standIn]), type: value.type, mayBeMissing: standIn.mayBeMissing,
      span: span)
  }

  private mutating func ask(
    _ query: Query, _ name: NameSyntax, _ arguments: [ExpressionSyntax], _ span: SourceSpan
  ) -> TypedExpression? {
    guard arguments.count == query.parameters.count else {
      let wanted = query.parameters.map(\.description).joined(separator: ", ")
      findings.append(
        Diagnostic(
          .wrongArguments,
          Phrase(
            "`\(name.text)` is asked by \(query.parameters.count) key(s): (\(wanted))",
            es: "`\(name.text)` se pregunta con \(query.parameters.count) clave(s): (\(wanted))"),
          at: span,
          secondary: query.declared.map {
            [DiagnosticLabel($0, Phrase("declared here", es: "se declara aquí"))]
          } ?? []))
      return nil
    }
    var typed: [TypedExpression] = []
    for (argument, type) in zip(arguments, query.parameters) {
      guard
        let checked = key(
          argument, being: type,
          purpose: Phrase("this key of `\(name.text)`", es: "esta clave de `\(name.text)`"))
      else { return nil }
      typed.append(checked)
    }
    return TypedExpression(
      .query(query.number, typed), type: query.type,
      mayBeMissing: query.mayBeMissing || typed.contains(where: \.mayBeMissing), span: span)
  }
}

extension ExpressionChecker {
  /// A key that a signal is asked for. One that is text takes the key of an entity or identifier
  /// for the text it is: events that name an account by its key alone are asked for accounts.
  private mutating func key(
    _ expression: ExpressionSyntax, being type: ValueType, purpose: Phrase
  ) -> TypedExpression? {
    guard type == .string, case .name = expression.kind,
      var checked = check(expression), checked.type.isReadAsString
    else { return check(expression, being: type, purpose: purpose) }
    checked.type = .string
    return checked
  }
}

extension ValueType {
  /// Functions on text read an identifier or a key as the text it is.
  fileprivate var isReadAsString: Bool {
    if case .reference = self { true } else { false }
  }
}
