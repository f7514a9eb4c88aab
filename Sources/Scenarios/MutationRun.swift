public import Expressions
internal import Model
public import RuleLanguage
internal import Values

/// A small change of a package and whether a test noticed it.
public struct MutationReport: Sendable {
  /// What was changed.
  public var span: SourceSpan
  /// The rule or param it belongs to.
  public var name: String
  /// What stood there after the change.
  public var replacement: String
  /// The title of the first test that failed; nil when all passed.
  public var noticedBy: String?
}

/// Changes thresholds, comparisons and connectives one at a time and runs the tests on each
/// changed package. A change all tests pass is a mistake nobody would notice.
public struct MutationRun {
  private struct Mutant {
    var rules: CheckedRules
    /// Position of the rule, for which tests are most likely to notice.
    var rule: Int?
    var report: MutationReport
  }

  private let rules: CheckedRules
  private let runner: ScenarioRunner
  private let sources: SourceMap

  /// Prepares the changes of a package; nil when it has errors.
  public init?(_ check: PackageCheck) {
    guard let rules = check.rules, let runner = ScenarioRunner(check) else { return nil }
    self.rules = rules
    self.runner = runner
    sources = check.sources
  }

  /// Tries every change, reporting each when done; stops early when told to.
  public func run(
    isStopped: () -> Bool = { false }, _ report: (MutationReport) -> Void
  ) throws(ScenarioError) {
    for mutant in mutants() {
      if isStopped() { return }
      var done = mutant.report
      for test in tests(for: mutant.rule) {
        if try !runner.passes(test, rules: mutant.rules) {
          done.noticedBy = test.title
          break
        }
      }
      report(done)
    }
  }

  /// All tests, those that speak of the rule first.
  private func tests(for rule: Int?) -> [CheckedTest] {
    guard let rule else { return rules.tests }
    let speaking = rules.tests.filter { $0.speaks(of: rule) }
    return speaking + rules.tests.filter { !$0.speaks(of: rule) }
  }

  // MARK: Changes

  private func mutants() -> [Mutant] {
    var found: [Mutant] = []
    for (position, rule) in rules.rules.enumerated() where rule.status != .off {
      found += mutants(of: position, rule)
    }
    return found + paramMutants()
  }

  private func mutants(of position: Int, _ rule: CheckedRule) -> [Mutant] {
    let changes = ConditionMutants(sources: sources)
    var found: [Mutant] = []
    func add(_ span: SourceSpan, _ replacement: String, _ change: (inout CheckedRule) -> Void) {
      var changed = rules
      change(&changed.rules[position])
      found.append(
        Mutant(
          rules: changed, rule: position,
          report: MutationReport(span: span, name: rule.name, replacement: replacement)))
    }
    add(rule.when.span, "false") { rule in
      rule.when.kind = .constant(.bool(false))
      rule.when.mayBeMissing = false
    }
    for mutant in changes.all(of: rule.when) {
      add(mutant.span, mutant.replacement) { $0.when = mutant.expression }
    }
    if let exempt = rule.exempt {
      add(exempt.span, "false") { $0.exempt = nil }
      for mutant in changes.all(of: exempt) {
        add(mutant.span, mutant.replacement) { $0.exempt = mutant.expression }
      }
    }
    return found
  }

  /// Params that conditions read, a step up and a step down within their bounds.
  private func paramMutants() -> [Mutant] {
    var read: [Int: SourceSpan] = [:]
    for rule in rules.rules where rule.status != .off {
      for number in rule.when.variables + (rule.exempt?.variables ?? []) {
        if case .param(let position) = rules.symbols[number], read[position] == nil {
          read[position] = rule.when.span
        }
      }
    }
    var found: [Mutant] = []
    for (position, span) in read.sorted(by: { $0.key < $1.key }) {
      for isUp in [false, true] {
        guard let moved = rules.params[position].value.moved(isUp) else { continue }
        var changed = rules
        changed.params[position].value = moved
        let name = rules.params[position].name
        found.append(
          Mutant(
            rules: changed, rule: nil,
            report: MutationReport(
              span: span, name: name, replacement: "\(name) = \(moved.written)")))
      }
    }
    return found
  }
}

extension CheckedTest {
  /// Whether a test expects something of a rule.
  fileprivate func speaks(of rule: Int) -> Bool {
    steps.contains { step in
      if case .expect(.rule(rule, _), _) = step { true } else { false }
    }
  }
}
