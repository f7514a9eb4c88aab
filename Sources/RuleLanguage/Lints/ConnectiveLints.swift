internal import Expressions

/// What can be said of an expression as it is written.
struct ConnectiveLints {
  let index: PackageIndex

  /// Looks at every `or` with an `and` beside it.
  func visit(_ expression: ExpressionSyntax) {
    if case .binary(.or, _, _) = expression.kind {
      let operands = chain(expression)
      report(operands.filter(isBareConjunction), in: operands)
      for operand in operands { for child in operand.children { visit(child) } }
    } else {
      for child in expression.children { visit(child) }
    }
  }

  /// The operands of a chain of `or` without brackets of its own.
  private func chain(_ expression: ExpressionSyntax) -> [ExpressionSyntax] {
    guard case .binary(.or, let left, let right) = expression.kind else { return [expression] }
    // A chain in brackets on the left is an operand.
    let start = isBracketed(left) ? [left] : chain(left)
    return start + [right]
  }

  private func isBracketed(_ expression: ExpressionSyntax) -> Bool {
    switch expression.kind {
    case .binary(_, let left, _): expression.span.start < left.span.start
    default: false
    }
  }

  private func isBareConjunction(_ expression: ExpressionSyntax) -> Bool {
    guard case .binary(.and, _, _) = expression.kind else { return false }
    return !isBracketed(expression)
  }

  private func report(_ conjunctions: [ExpressionSyntax], in operands: [ExpressionSyntax]) {
    guard let first = conjunctions.first, let start = operands.first, let end = operands.last
    else { return }
    let source = index.package.sources.files[first.span.file]
    let whole = start.span.joined(with: end.span)
    var text = ""
    var offset = whole.start
    for conjunction in conjunctions {
      text += source.text(offset..<conjunction.span.start)
      text += "(\(source.text(conjunction.span.start..<conjunction.span.end)))"
      offset = conjunction.span.end
    }
    text += source.text(offset..<whole.end)
    index.report(
      Diagnostic(
        .mixedConnectives,
        Phrase("`and` and `or` without brackets", es: "`and` y `or` sin paréntesis"),
        at: first.span,
        label: Phrase("`and` binds before `or`", es: "`and` se junta antes que `or`"),
        help: Phrase(
          "say which you mean with brackets", es: "di con paréntesis cuál quieres decir"),
        edit: SourceEdit(span: whole, replacement: text)))
  }
}
