internal import Expressions
internal import Model

/// Lints: what is no mistake of the language but hardly meant.
extension PackageChecker {
  /// Looked at only in a package without errors: what has one seems wrong too easily.
  func checkLints(rules: [CheckedRule?], policies: [CheckedPolicy?], now: Timestamp?) {
    if index.findings.contains(where: { $0.code.severity == .error }) { return }
    let rules = rules.compactMap { $0 }
    guard rules.count == index.rules.all.count else { return }
    lintConnectives()
    lintConditions(rules, policies.compactMap { $0 })
    let decisions = DecisionLints(index: index, rules: rules, policies: policies.compactMap { $0 })
    decisions.report()
    let hygiene = HygieneLints(index: index, rules: rules)
    hygiene.report(now: now)
  }

  private func lintConnectives() {
    let lints = ConnectiveLints(index: index)
    for rule in index.rules.all {
      for expression in [rule.syntax.when, rule.syntax.exempt, rule.syntax.score] {
        if let expression { lints.visit(expression) }
      }
    }
    for policy in index.policies.all { policy.syntax.exempt.map(lints.visit) }
    for signal in index.signals.all {
      let sequence = signal.syntax.sequence
      for filter in [signal.syntax.filter, sequence?.firstFilter, sequence?.secondFilter] {
        filter.map(lints.visit)
      }
    }
    for derived in index.lets.all { lints.visit(derived.syntax.value) }
  }

  private func lintConditions(_ rules: [CheckedRule], _ policies: [CheckedPolicy]) {
    var lints = ConditionLints(index: index, terms: TermTable(index: index))
    var expressions: [TypedExpression] = []
    for rule in rules { expressions += [rule.when] + [rule.exempt, rule.score].compactMap { $0 } }
    expressions += policies.compactMap(\.exempt) + index.typedLets.map(\.value)
    for case let signal? in index.checkedSignals { expressions += signal.source.filters }
    let constants = ConstantLints(index: index)
    for expression in expressions {
      lints.visit(expression)
      constants.visit(expression)
    }
    lints.findings.forEach(index.report)
    for (declared, rule) in zip(index.rules.all, rules) where declared.syntax.missing == nil {
      MissingLints(index: index, event: rule.event).visit(rule.when)
    }
  }
}

extension CheckedSource {
  /// The conditions that say which events count.
  fileprivate var filters: [TypedExpression] {
    switch self {
    case .window(let window): [window.filter].compactMap { $0 }
    case .timeline(let window): [window.filter].compactMap { $0 }
    case .sequence(let sequence):
      [sequence.first.filter, sequence.second.filter].compactMap { $0 }
    case .cycleLength, .componentSize, .graph: []
    }
  }
}
