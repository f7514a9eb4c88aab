internal import Expressions
internal import Model
internal import Values

/// What can be said of rules beside each other and beside their policy.
struct DecisionLints {
  let index: PackageIndex
  let rules: [CheckedRule]
  let policies: [CheckedPolicy]

  func report() {
    for policy in policies {
      // Only what counts can decide or make another rule idle.
      let counted = rules.filter { $0.event == policy.event && DecisionLints.counts($0.status) }
      reportSame(counted)
      reportIdle(counted, policy)
      reportSubsumed(counted, policy)
    }
    reportLiterals()
  }

  private static func counts(_ status: RuleStatus) -> Bool {
    switch status {
    case .live, .canary: true
    case .shadow, .off: false
    }
  }

  // MARK: The same condition

  private func reportSame(_ rules: [CheckedRule]) {
    // By a number of the condition's shape: those with the same number are compared.
    var first: [Int: [Int]] = [:]
    for (position, rule) in rules.enumerated() {
      var hasher = Hasher()
      rule.when.combineShape(into: &hasher)
      let shape = hasher.finalize()
      let near = first[shape, default: []]
      guard
        let same = near.first(where: { rules[$0].when.placeless == rule.when.placeless })
      else {
        first[shape] = near + [position]
        continue
      }
      let other = rules[same]
      index.report(
        Diagnostic(
          .sameCondition,
          Phrase(
            "`\(rule.name)` has the condition of `\(other.name)`",
            es: "`\(rule.name)` tiene la condición de `\(other.name)`"),
          at: rule.when.span, label: Phrase("again here", es: "otra vez aquí"),
          secondary: [
            DiagnosticLabel(other.when.span, Phrase("first here", es: "primero aquí"))
          ],
          help: Phrase(
            "put both into one rule, or change one condition",
            es: "junta las dos en una regla, o cambia una condición")))
    }
  }

  // MARK: Rules that decide nothing

  /// The most a rule can score.
  private func highestScore(_ rule: CheckedRule) -> Int {
    Int(min(100, max(0, rule.score.map { index.range(of: $0).upperBound } ?? 0)))
  }

  private func lowestScore(_ rule: CheckedRule) -> Int {
    Int(min(100, max(0, rule.score.map { index.range(of: $0).lowerBound } ?? 0)))
  }

  private func reportIdle(_ rules: [CheckedRule], _ policy: CheckedPolicy) {
    let most = rules.map(highestScore)
    let lowestBand = policy.bands.map(\.threshold).min()
    let together = highestTogether(most, policy)
    for (rule, score) in zip(rules, most) where !forces(rule, policy) {
      let note: Phrase
      if score == 0 {
        note = Phrase(
          "it neither scores nor forces an outcome", es: "no suma puntaje ni fuerza un resultado")
      } else if let lowestBand,
        policy.combination == "max" ? score < lowestBand : together < lowestBand
      {
        let reached = policy.combination == "max" ? score : together
        note =
          policy.combination == "max"
          ? Phrase(
            "it scores at most \(reached), the lowest band starts at \(lowestBand)",
            es: "su puntaje llega a \(reached), la banda más baja empieza en \(lowestBand)")
          : Phrase(
            "all rules together score at most \(reached), the lowest band starts at \(lowestBand)",
            es:
              "todas las reglas juntas llegan a \(reached), la banda más baja empieza en \(lowestBand)"
          )
      } else {
        continue
      }
      index.report(
        Diagnostic(
          .neverDecides,
          Phrase("this rule never changes a decision", es: "esta regla nunca cambia una decisión"),
          at: rule.span, note: note,
          help: Phrase(
            "raise its `score`, add `force`, or make it `status shadow`",
            es: "sube su `score`, agrega `force`, o ponla en `status shadow`")))
    }
  }

  private func highestTogether(_ scores: [Int], _ policy: CheckedPolicy) -> Int {
    if policy.combination == "noisy_or" {
      let left = scores.reduce(1.0) { $0 * (1 - Double($1) / 100) }
      return min(policy.cap, Int((100 * (1 - left)).rounded()))
    }
    return min(policy.cap, scores.reduce(0) { min(1_000_000, $0 + $1) })
  }

  /// Whether a rule forces more than what happens anyway.
  private func forces(_ rule: CheckedRule, _ policy: CheckedPolicy) -> Bool {
    rule.force.map { $0.outcome > policy.otherwise.outcome } ?? false
  }

  // MARK: Subsumed rules

  /// Whether a rule settles the decision whenever it fires, so that no other can change it.
  private func settles(_ rule: CheckedRule, _ policy: CheckedPolicy) -> Bool {
    let hardest = policy.outcomes.count - 1
    if rule.force?.outcome == hardest { return true }
    let band = policy.bands.filter { $0.outcome.outcome == hardest }.map(\.threshold).min()
    return band.map { lowestScore(rule) >= $0 } ?? false
  }

  private func reportSubsumed(_ rules: [CheckedRule], _ policy: CheckedPolicy) {
    var terms = TermTable(index: index)
    let settling = rules.filter { settles($0, policy) && $0.status == .live && $0.exempt == nil }
      .filter { $0.activeFrom == nil && $0.activeUntil == nil }
      .prefix(Limits.comparedRules)
      .map { rule in
        let formula = Formula(rule.when, &terms)
        return (rule: rule, formula: formula, terms: formula.terms)
      }
    guard !settling.isEmpty else { return }
    for rule in rules {
      let formula = Formula(rule.when, &terms)
      var facts = Facts()
      facts.assume(formula, terms)
      // What contradicts itself is told where it does.
      guard !facts.areImpossible else { continue }
      let shape = rule.when.placeless
      let mentioned = formula.terms
      let other = settling.first {
        !$0.terms.isDisjoint(with: mentioned) && $0.rule.name != rule.name
          && $0.rule.when.placeless != shape
          && facts.value(of: $0.formula, terms) == true
          && Facts().value(of: $0.formula, terms) == nil
      }
      guard let other else { continue }
      let outcome = policy.outcomes[policy.outcomes.count - 1]
      index.report(
        Diagnostic(
          .subsumedRule,
          Phrase(
            "`\(rule.name)` fires only where `\(other.rule.name)` decides already",
            es: "`\(rule.name)` solo se dispara donde `\(other.rule.name)` ya decide"),
          at: rule.when.span,
          secondary: [
            DiagnosticLabel(
              other.rule.when.span,
              Phrase(
                "true whenever the other is, and decides `\(outcome)`",
                es: "se cumple siempre que la otra, y decide `\(outcome)`"))
          ],
          help: Phrase(
            "remove this rule, or narrow the other one",
            es: "quita esta regla, o haz más estricta la otra")))
    }
  }

  // MARK: Literals

  /// One value compared with one literal in several rules is a threshold without a name.
  private func reportLiterals() {
    var places: [LiteralUse: [(rule: String, span: SourceSpan)]] = [:]
    var order: [LiteralUse] = []
    for rule in rules {
      for (use, span) in LiteralUse.all(in: rule.when) {
        if places[use] == nil { order.append(use) }
        if places[use]?.last?.rule == rule.name { continue }
        places[use, default: []].append((rule.name, span))
      }
    }
    for use in order {
      guard let found = places[use], found.count >= 3 else { continue }
      let text = index.package.sources.text(found[0].span)
      index.report(
        Diagnostic(
          .repeatedLiteral,
          Phrase(
            "`\(text)` stands in \(found.count) rules",
            es: "`\(text)` está en \(found.count) reglas"),
          at: found[0].span,
          secondary: found[1...].prefix(3).map {
            DiagnosticLabel($0.span, Phrase("and here", es: "y aquí"))
          },
          help: Phrase(
            "give it a name: `param … = \(text)`", es: "dale un nombre: `param … = \(text)`")))
    }
  }
}

/// A literal and what it is compared with.
private struct LiteralUse: Hashable {
  let subject: TypedExpression
  let literal: TypedExpression

  /// The comparisons with literals in a condition. One, zero and words of a closed set name
  /// themselves.
  static func all(in expression: TypedExpression) -> [(LiteralUse, SourceSpan)] {
    guard case .apply(_, let operands) = expression.kind else {
      return expression.children.flatMap(all)
    }
    var found = operands.flatMap(all)
    if expression.type == .bool, operands.count == 2 {
      for (subject, literal) in [(operands[0], operands[1]), (operands[1], operands[0])] {
        guard case .constant(let value) = literal.kind, isThreshold(value) else { continue }
        if case .constant = subject.kind { continue }
        found.append(
          (LiteralUse(subject: subject.placeless, literal: literal.placeless), literal.span))
      }
    }
    return found
  }

  private static func isThreshold(_ value: Value) -> Bool {
    switch value {
    case .int(let number): !(-1...1).contains(number)
    case .uint(let number): number > 1
    case .double, .duration, .decimal: true
    default: false
    }
  }
}
