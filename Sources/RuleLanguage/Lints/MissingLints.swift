internal import Expressions
internal import Values

/// Negations of what may be missing: `channel != branch` says nothing of a referral without a
/// channel, although it reads as if it did.
struct MissingLints {
  let index: PackageIndex
  let event: Int

  /// Looks at a condition. A negation is no surprise where the same value is needed elsewhere in
  /// its chain: without it the rule is silent anyway.
  func visit(_ condition: TypedExpression, settled: Set<Int> = []) {
    if case .apply(.or, let operands) = condition.kind {
      // `x is missing or …` has said what is meant.
      let known = operands.reduce(into: settled) { $0.formUnion(asked(by: $1)) }
      for operand in operands { visit(operand, settled: known) }
      return
    }
    let parts = MissingLints.parts(of: condition)
    for (position, part) in parts.enumerated() {
      if case .apply(.or, _) = part.kind { visit(part, settled: settled) }
      guard MissingLints.isNegative(part), part.mayBeMissing else { continue }
      let missing = sources(of: part)
      var needed = settled
      for (other, sibling) in parts.enumerated()
      where other != position && !MissingLints.isNegative(sibling) {
        needed.formUnion(sources(of: sibling))
      }
      for sibling in parts { needed.formUnion(guarded(by: sibling)) }
      if !missing.isEmpty, !missing.isSubset(of: needed) { report(part) }
    }
  }

  private static func parts(of expression: TypedExpression) -> [TypedExpression] {
    guard case .apply(.and, let operands) = expression.kind else { return [expression] }
    return operands.flatMap { parts(of: $0) }
  }

  private static func isNegative(_ expression: TypedExpression) -> Bool {
    guard case .apply(let overload, let operands) = expression.kind else { return false }
    switch overload {
    case .not:
      if case .apply(.isMissing, _) = operands[0].kind { return false }
      return true
    case .notEqualBits, .notEqualDouble, .notEqualText: return true
    default: return false
    }
  }

  /// Values that make an expression missing, by variable; a signal stands for its keys too.
  private func sources(of expression: TypedExpression) -> Set<Int> {
    guard expression.mayBeMissing else { return [] }
    if case .apply(.orDefault, let operands) = expression.kind { return sources(of: operands[1]) }
    guard case .variable(let number) = expression.kind else {
      return expression.children.reduce(into: []) { $0.formUnion(sources(of: $1)) }
    }
    if case .signal(let signal) = index.symbols[number],
      let checked = index.checkedSignals[signal], let keys = checked.bareKeys[event]
    {
      let own: Set<Int> = checked.source.mayBeMissing ? [number] : []
      return keys.reduce(into: own) { $0.formUnion(sources(of: $1)) }
    }
    return [number]
  }

  /// Values that `x is missing` asks for.
  private func asked(by expression: TypedExpression) -> Set<Int> {
    guard case .apply(.isMissing, let tested) = expression.kind else { return [] }
    return sources(of: tested[0])
  }

  /// Values that `x is not missing` asks for.
  private func guarded(by expression: TypedExpression) -> Set<Int> {
    guard case .apply(.not, let operands) = expression.kind,
      case .apply(.isMissing, let tested) = operands[0].kind
    else { return [] }
    return sources(of: tested[0])
  }

  private func report(_ part: TypedExpression) {
    let repaired = self.repaired(part)
    index.report(
      Diagnostic(
        .negatedMissing,
        Phrase(
          "where the value is missing this is not true, but unknown",
          es: "si falta el valor, esto no es verdadero sino desconocido"),
        at: part.span,
        label: Phrase("may be missing", es: "puede faltar"),
        note: Phrase(
          "an unknown condition does not fire the rule",
          es: "una condición desconocida no dispara la regla"),
        help: repaired.map {
          Phrase(
            "to count it as true write `\($0)`; to leave it so, write `missing skips` in the rule",
            es:
              "para que cuente como verdadero escribe `\($0)`; para dejarlo así, escribe `missing skips` en la regla"
          )
        }
          ?? Phrase(
            "say `missing skips` or `missing fires` in the rule",
            es: "di `missing skips` o `missing fires` en la regla")))
  }

  /// The negation with what it is meant to say of a missing value.
  private func repaired(_ part: TypedExpression) -> String? {
    guard case .apply(let overload, let operands) = part.kind else { return nil }
    let sources = index.package.sources
    let text = sources.text(part.span)
    if overload == .not {
      let operand = operands[0]
      if case .variable = operand.kind {
        return "not default(\(sources.text(operand.span)), false)"
      }
      guard case .apply(.isIn, let tested) = operand.kind else { return nil }
      return "(\(sources.text(tested[0].span)) is missing or \(text))"
    }
    guard let tested = operands.first(where: \.mayBeMissing) else { return nil }
    return "(\(sources.text(tested.span)) is missing or \(text))"
  }
}
