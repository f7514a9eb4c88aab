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
    var first: [Shape: Int] = [:]
    for (position, rule) in rules.enumerated() {
      let shape = Shape(rule.when)
      guard let same = first[shape] else {
        first[shape] = position
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
        (rule: rule, formula: Formula(rule.when, &terms), shape: Shape(rule.when))
      }
    guard !settling.isEmpty else { return }
    for rule in rules {
      let formula = Formula(rule.when, &terms)
      var facts = Facts()
      facts.assume(formula, terms)
      // What contradicts itself is told where it does.
      guard !facts.areImpossible else { continue }
      let shape = Shape(rule.when)
      let other = settling.first {
        $0.formula.touches(formula) && $0.rule.name != rule.name && $0.shape != shape
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
    var positions: [LiteralUse: Int] = [:]
    var places: [[(rule: Int, span: SourceSpan)]] = []
    var uses: [(use: LiteralUse, span: SourceSpan)] = []
    for (position, rule) in rules.enumerated() {
      uses.removeAll(keepingCapacity: true)
      LiteralUse.add(of: rule.when, to: &uses)
      for (use, span) in uses {
        guard let place = positions[use] else {
          positions[use] = places.count
          places.append([(position, span)])
          continue
        }
        if places[place].last?.rule != position { places[place].append((position, span)) }
      }
    }
    for found in places where found.count >= 3 {
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
  let subject: Shape
  let literal: Shape

  /// Adds the comparisons with literals in a condition. One, zero and words of a closed set name
  /// themselves.
  static func add(
    of expression: TypedExpression, to uses: inout [(use: LiteralUse, span: SourceSpan)]
  ) {
    for child in expression.children { add(of: child, to: &uses) }
    guard case .apply(_, let operands) = expression.kind, expression.type == .bool,
      operands.count == 2
    else { return }
    for (subject, literal) in [(0, 1), (1, 0)] {
      guard case .constant(let value) = operands[literal].kind, isThreshold(value) else { continue }
      if case .constant = operands[subject].kind { continue }
      let use = LiteralUse(subject: Shape(operands[subject]), literal: Shape(operands[literal]))
      uses.append((use, operands[literal].span))
    }
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
