internal import Expressions
internal import Model
internal import Values

/// Parts that always fail, and patterns that say something simpler.
struct ConstantLints {
  let index: PackageIndex

  func visit(_ expression: TypedExpression) {
    // What a macro repeats is written once and means many things.
    if case .apply(.expanded, _) = expression.kind { return }
    for child in expression.children { visit(child) }
    guard case .apply(let overload, let operands) = expression.kind else { return }
    if overload == .matches { visitPattern(expression, operands) }
    if overload == .equalText || overload == .notEqualText || overload == .isIn {
      for operand in operands { visitIdentifiers(operand) }
    }
    guard isFixed(expression) else { return }
    guard case .error(let fault) = Interpreter.constant(expression),
      !expression.children.contains(where: { isError($0) })
    else { return }
    index.report(
      Diagnostic(
        .constantError, Phrase("this always fails", es: "esto siempre falla"), at: expression.span,
        label: ConstantLints.words(fault),
        note: Phrase(
          "a condition that fails is an error outcome, never false",
          es: "una condición que falla da un resultado de error, nunca falso")))
  }

  private func isError(_ expression: TypedExpression) -> Bool {
    if case .error = Interpreter.constant(expression) { true } else { false }
  }

  private func isFixed(_ expression: TypedExpression) -> Bool {
    switch expression.kind {
    case .variable, .query: false
    default: expression.children.allSatisfy(isFixed)
    }
  }

  private static func words(_ fault: EvaluationFault) -> Phrase {
    switch fault {
    case .divisionByZero: Phrase("divides by zero", es: "divide entre cero")
    case .overflow:
      Phrase("is too large for its type", es: "es demasiado grande para su tipo")
    default: Phrase("\(fault)", es: "\(fault)")
    }
  }

  // MARK: Identifiers

  private func visitIdentifiers(_ expression: TypedExpression) {
    switch expression.kind {
    case .list(let elements): for element in elements { visitIdentifiers(element) }
    case .constant(.string("")):
      if case .reference(let name) = expression.type { reportEmpty(expression.span, name) }
    default: break
    }
  }

  /// Tells that nothing is left of a written identifier.
  func reportEmpty(_ span: SourceSpan, _ name: String) {
    guard let identifier = index.schema.identifiers.first(where: { $0.name == name }) else {
      return
    }
    let normalizer = identifier.normalizer.rawValue
    index.report(
      Diagnostic(
        .neverNormalized,
        Phrase(
          "no \(name) is ever equal to this", es: "ningún \(name) es igual a esto"), at: span,
        label: Phrase(
          "`normalize \(normalizer)` leaves nothing of it",
          es: "`normalize \(normalizer)` no deja nada de esto"),
        note: Phrase(
          "a value of which nothing is left is missing",
          es: "un valor del que no queda nada cuenta como faltante"),
        help: Phrase(
          "write it as events bring it, or ask `is missing`",
          es: "escríbelo como llega en los eventos, o pregunta `is missing`")))
  }

  // MARK: Patterns

  private func visitPattern(_ expression: TypedExpression, _ operands: [TypedExpression]) {
    guard case .constant(.string(let pattern)) = operands[1].kind else { return }
    let sources = index.package.sources
    let written = sources.text(operands[1].span)
    if pattern.hasPrefix(".*") || pattern.hasPrefix("^.*") {
      let head = pattern.hasPrefix("^") ? "^.*" : ".*"
      let isUnique = written.ranges(of: head).count == 1
      index.report(
        Diagnostic(
          .leadingWildcard,
          Phrase(
            "`\(head)` at the start of a pattern does nothing but take time",
            es: "`\(head)` al inicio de un patrón no hace nada más que tardar"),
          at: operands[1].span,
          note: Phrase(
            "a pattern matches anywhere in the text unless it starts with `^`",
            es: "un patrón se busca en todo el texto a menos que empiece con `^`"),
          help: Phrase("leave it out", es: "quítalo"),
          edit: isUnique && !pattern.hasPrefix("^")
            ? SourceEdit(
              span: operands[1].span,
              replacement: written.replacing(head, with: "", maxReplacements: 1))
            : nil))
      return
    }
    guard let plain = PlainPattern(pattern), written.contains(pattern) else { return }
    let quoted = written.replacing(pattern, with: plain.text)
    let subject = sources.text(operands[0].span)
    let call = plain.call(on: subject, quoted)
    index.report(
      Diagnostic(
        .plainPattern,
        Phrase("this pattern is plain text", es: "este patrón es texto simple"),
        at: operands[1].span,
        help: Phrase(
          "write `\(call)`, which is faster", es: "escribe `\(call)`, que es más rápido"),
        edit: SourceEdit(span: expression.span, replacement: call)))
  }
}

/// A pattern without any sign of a pattern, but `^` and `$`.
private struct PlainPattern {
  let text: String
  private let isAtStart: Bool
  private let isAtEnd: Bool

  init?(_ pattern: String) {
    var text = pattern[...]
    isAtStart = text.hasPrefix("^")
    if isAtStart { text = text.dropFirst() }
    isAtEnd = text.hasSuffix("$")
    if isAtEnd { text = text.dropLast() }
    guard !text.isEmpty, !text.contains(where: { #"\^$.|?*+()[]{}"#.contains($0) }) else {
      return nil
    }
    self.text = String(text)
  }

  func call(on subject: String, _ quoted: String) -> String {
    switch (isAtStart, isAtEnd) {
    case (true, true): "\(subject) == \(quoted)"
    case (true, false): "\(subject).startsWith(\(quoted))"
    case (false, true): "\(subject).endsWith(\(quoted))"
    case (false, false): "\(subject).contains(\(quoted))"
    }
  }
}
