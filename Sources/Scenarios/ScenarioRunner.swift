internal import Compiler
internal import Engine
internal import Expressions
internal import Model
internal import Program
public import RuleLanguage
internal import Values

/// What one test found.
public struct ScenarioReport: Sendable {
  /// The sentence that names it.
  public var title: String
  /// Path and line it stands at.
  public var place: String
  /// One line per expectation that did not hold; empty when the test passed.
  public var failures: [ScenarioFailure]
  /// How long it took.
  public var duration: Duration

  /// Whether everything expected held.
  public var passed: Bool { failures.isEmpty }
}

/// An expectation that did not hold.
public struct ScenarioFailure: Sendable {
  /// Path and line of the expectation.
  public var place: String
  /// The expectation as written.
  public var expected: String
  /// What there was instead.
  public var got: String
  /// The values that led there, one line each.
  public var values: [String]
}

/// Why a test could not be run.
public enum ScenarioError: Error, Sendable {
  /// The engine refused the compiled package.
  case engine(String)
}

/// Runs the `test` blocks of a package, each on a real engine of its own.
public struct ScenarioRunner {
  private let rules: CheckedRules
  private let check: PackageCheck

  /// Creates a runner; nil when the package has errors.
  public init?(_ check: PackageCheck) {
    guard let rules = check.rules else { return nil }
    self.rules = rules
    self.check = check
  }

  /// Runs every test whose title contains `filter` (all when empty), in order, reporting each when
  /// done.
  public func run(
    filter: String = "", _ report: (ScenarioReport) -> Void
  ) throws(ScenarioError) {
    for test in rules.tests where filter.isEmpty || test.title.contains(filter) {
      report(try run(test))
    }
  }

  /// How the parts of conditions come out over the tests whose title contains `filter`.
  public func coverage(filter: String = "") throws(ScenarioError) -> ConditionCoverage {
    let parts = ConditionParts(rules)
    var coverage = ConditionCoverage(parts, sources: check.sources)
    for test in rules.tests where filter.isEmpty || test.title.contains(filter) {
      _ = try failures(of: test, rules: parts.rules) { coverage.count($0, parts) }
    }
    return coverage
  }

  /// Whether a test passes with other rules under the same names.
  func passes(_ test: CheckedTest, rules: CheckedRules) throws(ScenarioError) -> Bool {
    try failures(of: test, rules: rules).isEmpty
  }

  private func run(_ test: CheckedTest) throws(ScenarioError) -> ScenarioReport {
    let clock = ContinuousClock()
    let start = clock.now
    var failures = try failures(of: test, rules: rules)
    if !failures.isEmpty {
      // Once more, and this time the engine says how each part of a condition comes out.
      let parts = ConditionParts(rules)
      failures = try self.failures(of: test, rules: parts.rules, parts: parts)
    }
    return ScenarioReport(
      title: test.title, place: place(test.span), failures: failures,
      duration: clock.now - start)
  }

  private func failures(
    of test: CheckedTest, rules: CheckedRules, parts: ConditionParts? = nil,
    observe: ((Decision) -> Void)? = nil
  ) throws(ScenarioError) -> [ScenarioFailure] {
    let overrides = overrides(of: test)
    let program = PackageCompiler.compile(rules, overrides: overrides)
    let engine: ScoringEngine
    do throws(EngineError) {
      engine = try ScoringEngine(program: program)
    } catch {
      throw .engine("\(error)")
    }
    var timeline = ScenarioTimeline(rules: rules, program: program, engine: engine)
    var failures: [ScenarioFailure] = []
    for step in test.steps {
      switch step {
      case .starting(let time): timeline.start = time
      case .given(let entity, let key, let attributes):
        timeline.given(entity: entity, key: key, attributes: attributes)
      case .withList, .withParam: break
      case .at(let microseconds, let record):
        timeline.send(record, at: timeline.start.microseconds + microseconds)
        if let observe, timeline.hasDecision { observe(timeline.decision) }
      case .repeated(let count, let counter, let every, let record):
        let first = timeline.nextRepetition()
        for i in 0..<Int64(count) {
          timeline.counters = [counter: i]
          timeline.send(record, at: first + i * every)
          if let observe, timeline.hasDecision { observe(timeline.decision) }
        }
        timeline.counters = [:]
      case .expect(let expectation, let span):
        if let got = timeline.mismatch(expectation) {
          var failure = ScenarioFailure(
            place: place(span), expected: check.sources.text(span), got: got, values: [])
          if let parts {
            failure.values = moment(timeline, parts, overrides).lines(behind: expectation)
          }
          failures.append(failure)
        }
      }
    }
    return failures
  }

  private func moment(
    _ timeline: borrowing ScenarioTimeline, _ parts: ConditionParts, _ overrides: Overrides
  ) -> ScenarioMoment {
    let decision = timeline.decision
    var signals: [Int: Value] = [:]
    for result in decision.signals { signals[result.signal] = timeline.signalValue(result.signal) }
    return ScenarioMoment(
      parts: parts, overrides: overrides, sources: check.sources, decision: decision,
      fields: timeline.lastFields, attributes: timeline.givenAttributes, signals: signals)
  }

  /// Lists and params a test replaces hold for the whole test, wherever they stand.
  private func overrides(of test: CheckedTest) -> Overrides {
    var overrides = Overrides()
    for step in test.steps {
      switch step {
      case .withList(let list, let value):
        if case .list(let values) = Interpreter.constant(value) { overrides.lists[list] = values }
      case .withParam(let param, let value): overrides.params[param] = Interpreter.constant(value)
      default: continue
      }
    }
    return overrides
  }

  private func place(_ span: SourceSpan) -> String {
    let source = check.sources.files[span.file]
    return "\(source.path):\(source.position(of: span.start).line)"
  }
}
