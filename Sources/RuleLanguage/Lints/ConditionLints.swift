internal import Expressions
internal import Model
internal import Values

/// What can be said of one condition: parts that are always true or false, that contradict each
/// other, or that add nothing.
struct ConditionLints {
  let index: PackageIndex
  var terms: TermTable
  private(set) var findings: [Diagnostic] = []

  init(index: PackageIndex, terms: TermTable) {
    self.index = index
    self.terms = terms
  }

  /// Looks at every condition in an expression.
  mutating func visit(_ expression: TypedExpression) {
    guard expression.type == .bool else {
      for child in expression.children { visit(child) }
      return
    }
    switch expression.kind {
    case .apply: break
    // A field or constant on its own says nothing that could be wrong.
    default:
      for child in expression.children { visit(child) }
      return
    }
    let formula = Formula(expression, &terms)
    examine(formula, Facts())
    visitInside(formula)
  }

  /// Conditions inside what is compared, such as that of `a ? b : c`.
  private mutating func visitInside(_ formula: Formula) {
    switch formula.kind {
    case .all(let parts), .any(let parts): for part in parts { visitInside(part) }
    case .constant: break
    case .atom: for child in formula.expression.children where child.type != .bool { visit(child) }
    }
  }

  // MARK: Chains

  private mutating func examine(_ formula: Formula, _ facts: Facts) {
    guard !isSettled(formula, facts) else { return }
    switch formula.kind {
    case .all(let parts): examine(parts, areAll: true, facts)
    case .any(let parts): examine(parts, areAll: false, facts)
    case .atom, .constant: break
    }
  }

  /// Whether a part is always true or false by itself, which is then told.
  private mutating func isSettled(_ formula: Formula, _ facts: Facts) -> Bool {
    switch formula.kind {
    case .atom, .constant:
      guard let value = facts.value(of: formula, terms) else { return false }
      reportSettled(formula, value)
      return true
    case .all, .any: return false
    }
  }

  private mutating func examine(_ parts: [Formula], areAll: Bool, _ facts: Facts) {
    var left: [Formula] = []
    for part in parts where !isSettled(part, facts) {
      if !isRepeated(part, of: left, in: parts, areAll, facts) { left.append(part) }
    }
    // A part can also follow from one that stands after it.
    for part in left.indices.reversed() {
      var others = left
      let candidate = others.remove(at: part)
      guard let other = others.first(where: { follows(candidate, from: $0, areAll, facts) })
      else { continue }
      reportRedundant(candidate, because: other, in: parts)
      left = others
    }
    if conflict(of: left, areAll, facts) { return }
    for (position, part) in left.enumerated() {
      // What speaks of other things than its neighbours is settled by none of them.
      guard left.enumerated().contains(where: { $0 != position && $1.touches(part) }) else {
        examine(part, facts)
        continue
      }
      var known = facts
      for (other, sibling) in left.enumerated() where other != position {
        if areAll { known.assume(sibling, terms) } else { known.deny(sibling, terms) }
      }
      if !known.areImpossible { examine(part, areAll ? known : facts) }
    }
  }

  private mutating func isRepeated(
    _ part: Formula, of others: [Formula], in parts: [Formula], _ areAll: Bool, _ facts: Facts
  ) -> Bool {
    if let same = others.first(where: { $0.saysTheSame(as: part) }) {
      reportSame(part, as: same, in: parts)
      return true
    }
    guard let other = others.first(where: { follows(part, from: $0, areAll, facts) }) else {
      return false
    }
    reportRedundant(part, because: other, in: parts)
    return true
  }

  /// Whether one part adds nothing beside another: with `and` because the other implies it, with
  /// `or` because it is true only where the other is.
  private func follows(
    _ part: Formula, from other: Formula, _ areAll: Bool, _ facts: Facts
  ) -> Bool {
    // A part that is settled by itself is told where it is.
    guard part.touches(other), facts.value(of: part, terms) == nil else { return false }
    var known = facts
    if areAll {
      known.assume(other, terms)
    } else {
      known.deny(other, terms)
    }
    return !known.areImpossible && known.value(of: part, terms) == areAll
  }

  /// Parts of which no one is wrong, but which cannot hold together, or of which one always holds.
  private mutating func conflict(of parts: [Formula], _ areAll: Bool, _ facts: Facts) -> Bool {
    func conflicts(_ some: [Formula]) -> Bool {
      var known = facts
      for part in some {
        if areAll { known.assume(part, terms) } else { known.deny(part, terms) }
      }
      return known.areImpossible
    }
    guard parts.count > 1, !Formula.areApart(parts), conflicts(parts) else { return false }
    for (position, part) in parts.enumerated() {
      if let other = parts[..<position].first(where: { conflicts([$0, part]) }) {
        reportConflict(part, other, areAll)
        return true
      }
    }
    reportConflict(parts[parts.count - 1], parts[0], areAll)
    return true
  }

  // MARK: Words

  private mutating func report(_ diagnostic: Diagnostic) {
    findings.append(diagnostic)
  }

  private mutating func reportSettled(_ formula: Formula, _ value: Bool) {
    let isTrue = value != formula.isNegated
    let mayBeMissing = formula.expression.mayBeMissing
    var note: Phrase?
    if case .atom(_, _, let subject) = formula.kind { note = rangeNote(subject) }
    let unless =
      mayBeMissing
      ? Phrase(" unless data is missing", es: " a menos que falten datos") : Phrase("", es: "")
    report(
      Diagnostic(
        isTrue ? .alwaysTrue : .alwaysFalse,
        isTrue
          ? Phrase(
            "this is always true\(unless.english)", es: "esto siempre es verdadero\(unless.spanish)"
          )
          : Phrase("this is never true", es: "esto nunca es verdadero"),
        at: formula.span, note: note,
        help: isTrue && mayBeMissing
          ? Phrase(
            "to ask whether there is a value, write `… is not missing`",
            es: "para preguntar si hay un valor, escribe `… is not missing`")
          : Phrase(
            "remove it, or compare with another value", es: "quítalo, o compara con otro valor")))
  }

  /// Between which values the compared expression lies.
  private func rangeNote(_ subject: TypedExpression) -> Phrase? {
    let range = index.range(of: subject)
    let all = ValuePlace.all(of: subject.type) { index.caseNames(of: $0).count }
    let name = index.package.sources.text(subject.span)
    func text(_ place: Int128) -> String {
      ValuePlace.text(place, of: subject.type) { index.caseNames(of: $0) }
    }
    let (low, high) = (text(range.lowerBound), text(range.upperBound))
    switch (range.lowerBound > all.lowerBound, range.upperBound < all.upperBound) {
    case (true, true):
      return Phrase("`\(name)` goes from \(low) to \(high)", es: "`\(name)` va de \(low) a \(high)")
    case (true, false):
      return Phrase("`\(name)` is never below \(low)", es: "`\(name)` nunca es menor que \(low)")
    case (false, true):
      return Phrase("`\(name)` is never above \(high)", es: "`\(name)` nunca es mayor que \(high)")
    case (false, false): return nil
    }
  }

  private mutating func reportSame(_ part: Formula, as other: Formula, in parts: [Formula]) {
    report(
      Diagnostic(
        .sameCondition, Phrase("the same condition twice", es: "la misma condición dos veces"),
        at: part.span, label: Phrase("again here", es: "otra vez aquí"),
        secondary: [DiagnosticLabel(other.span, Phrase("first here", es: "primero aquí"))],
        help: Phrase("remove one of them", es: "quita una de las dos"),
        edit: removal(of: part, in: parts)))
  }

  private mutating func reportRedundant(
    _ part: Formula, because other: Formula, in parts: [Formula]
  ) {
    report(
      Diagnostic(
        .redundantTerm, Phrase("this adds nothing", es: "esto no agrega nada"), at: part.span,
        label: Phrase("can be left out", es: "se puede quitar"),
        secondary: [
          DiagnosticLabel(other.span, Phrase("this decides already", es: "esto ya lo decide"))
        ], help: Phrase("remove it", es: "quítalo"), edit: removal(of: part, in: parts)))
  }

  private mutating func reportConflict(_ part: Formula, _ other: Formula, _ areAll: Bool) {
    let secondary = [DiagnosticLabel(other.span, Phrase("and this", es: "y esto"))]
    guard areAll else {
      report(
        Diagnostic(
          .alwaysTrue,
          Phrase("one of these is always true", es: "una de estas siempre es verdadera"),
          at: part.span, label: Phrase("this", es: "esto"), secondary: secondary,
          help: Phrase("change one of the two", es: "cambia una de las dos")))
      return
    }
    report(
      Diagnostic(
        .contradiction,
        Phrase("these are never true together", es: "estas nunca se cumplen a la vez"),
        at: part.span, label: Phrase("this", es: "esto"), secondary: secondary,
        help: Phrase(
          "change one of them, or write `or` between them",
          es: "cambia una, o escribe `or` entre las dos")))
  }

  /// The change that takes a part out of its chain: with the connective before it, or after it
  /// where it is the first. Nil where something else stands between, such as a bracket.
  private func removal(of part: Formula, in parts: [Formula]) -> SourceEdit? {
    guard !part.isNegated, let position = parts.firstIndex(where: { $0.span == part.span }) else {
      return nil
    }
    let source = index.package.sources.files[part.span.file]
    let neighbour = parts[position > 0 ? position - 1 : min(1, parts.count - 1)]
    let (first, second) = position > 0 ? (neighbour, part) : (part, neighbour)
    guard first.span.file == second.span.file, first.span.end <= second.span.start else {
      return nil
    }
    let between = source.text(first.span.end..<second.span.start)
    let words = between.split { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" }
    guard words.count == 1, ["and", "or", "&&", "||"].contains(words[0]) else { return nil }
    let span =
      position > 0
      ? SourceSpan(file: part.span.file, start: first.span.end, end: part.span.end)
      : SourceSpan(file: part.span.file, start: part.span.start, end: second.span.start)
    return SourceEdit(span: span, replacement: "")
  }
}
