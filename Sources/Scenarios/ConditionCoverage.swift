public import Expressions
internal import Model
internal import RuleLanguage

/// How the parts of conditions came out over all tests.
public struct ConditionCoverage: Sendable {
  /// One part.
  public struct Part: Sendable {
    /// The rule it belongs to, by name.
    public let rule: String
    /// Where it was written.
    public let span: SourceSpan
    /// Whether what it reads can be missing.
    public let mayBeMissing: Bool
    /// How often it was true.
    public internal(set) var trueCount = 0
    /// How often it was false.
    public internal(set) var falseCount = 0
    /// How often something it reads was missing.
    public internal(set) var missingCount = 0

    /// How many of the ways it can come out were seen, and how many there are.
    public var seen: (count: Int, of: Int) {
      let ways = [trueCount, falseCount] + (mayBeMissing ? [missingCount] : [])
      return (ways.count { $0 > 0 }, ways.count)
    }
  }

  /// The parts in the order of rules.
  public internal(set) var parts: [Part]
  /// The files they were written in.
  public let sources: SourceMap

  /// Ways seen over all parts, and how many there are.
  public var seen: (count: Int, of: Int) {
    parts.map(\.seen).reduce((0, 0)) { ($0.0 + $1.count, $0.1 + $1.of) }
  }

  init(_ conditions: ConditionParts, sources: SourceMap) {
    self.sources = sources
    parts = conditions.parts.map { part in
      Part(
        rule: conditions.rules.rules[part.rule].name, span: part.expression.span,
        mayBeMissing: part.expression.mayBeMissing)
    }
  }

  /// Counts what one event showed.
  mutating func count(_ decision: Decision, _ conditions: ConditionParts) {
    let first = conditions.rule(ofPart: 0)
    for result in decision.rules where result.rule >= first {
      switch result.outcome {
      case .fires: parts[result.rule - first].trueCount += 1
      case .silent: parts[result.rule - first].falseCount += 1
      case .unknown: parts[result.rule - first].missingCount += 1
      case .error: break
      }
    }
  }
}
