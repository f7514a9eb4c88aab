internal import Expressions
internal import Model

/// What types well but no engine runs: lists other than on the right of `in`,
/// questions about keys that depend on a signal.
extension PackageIndex {
  /// Whether the engine can run an expression; reports the first part it cannot.
  func isRunnable(_ expression: TypedExpression) -> Bool {
    if case .list = expression.type { return refuseList(expression) }
    switch expression.kind {
    case .apply(.isIn, let operands):
      if case .collected = operands[1].type { return operands.allSatisfy(isRunnable) }
      return isRunnable(operands[0]) && isListRunnable(operands[1])
    case .query(let signal, let arguments):
      for argument in arguments where needsSignal(argument) {
        return refuseKey(argument, of: signals.all[signal].name.text)
      }
      return arguments.allSatisfy(isRunnable)
    case .constant, .variable, .list: return true
    case .apply, .conditional: return expression.children.allSatisfy(isRunnable)
    }
  }

  private func refuseList(_ expression: TypedExpression) -> Bool {
    report(
      Diagnostic(
        .typeMismatch,
        Phrase(
          "a list stands only on the right of `in`", es: "una lista solo va a la derecha de `in`"),
        at: expression.span,
        label: Phrase("this is \(expression.type)", es: "esto es \(expression.type)"),
        help: Phrase("write `x in …`", es: "escribe `x in …`")))
    return false
  }

  private func refuseKey(_ argument: TypedExpression, of name: String) -> Bool {
    report(
      Diagnostic(
        .signalOverSignal,
        Phrase(
          "`\(name)` cannot be asked for a key that depends on a signal",
          es: "no se le puede preguntar a `\(name)` por una clave que depende de una señal"),
        at: argument.span,
        note: Phrase(
          "all keys are settled before any signal is read",
          es: "todas las claves se fijan antes de leer cualquier señal")))
    return false
  }

  /// The right side of `in`: a declared list, or one written out.
  private func isListRunnable(_ list: TypedExpression) -> Bool {
    switch list.kind {
    case .variable(let number):
      if case .list = symbols[number] { return true }
      return refuseComputed(list)
    case .list(let elements):
      for element in elements where !isFixed(element) { return refuseElement(element) }
      return elements.allSatisfy(isRunnable)
    case .constant: return true
    case .apply, .conditional, .query: return refuseComputed(list)
    }
  }

  private func refuseElement(_ element: TypedExpression) -> Bool {
    report(
      Diagnostic(
        .elementMismatch,
        Phrase(
          "the elements of a list are written out",
          es: "los elementos de una lista se escriben tal cual"),
        at: element.span,
        help: Phrase(
          "compare with each: `x == a or x == b`", es: "compara con cada uno: `x == a or x == b`")))
    return false
  }

  private func refuseComputed(_ list: TypedExpression) -> Bool {
    report(
      Diagnostic(
        .elementMismatch,
        Phrase(
          "`in` needs a list that is declared or written out",
          es: "`in` necesita una lista declarada o escrita tal cual"),
        at: list.span,
        help: Phrase(
          "test each list: `x in a or x in b`", es: "prueba cada lista: `x in a or x in b`")))
    return false
  }

  private func isFixed(_ expression: TypedExpression) -> Bool {
    if case .query = expression.kind { return false }
    return expression.variables.allSatisfy { number in
      if case .param = symbols[number] { true } else { false }
    }
  }
}
