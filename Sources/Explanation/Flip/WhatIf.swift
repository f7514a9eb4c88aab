internal import Engine
internal import Expressions
internal import Model
internal import Program
internal import RuleLanguage
internal import Values

/// What is taken to be otherwise than it was.
struct Changes {
  /// Variables with other values.
  var values: [Int: Value] = [:]
  /// Parts of conditions that come out another way, by where they were written.
  var parts: [SourceSpan: Bool] = [:]

  init(_ moves: [Move] = []) {
    for move in moves {
      if let assignment = move.assignment {
        values[assignment.variable] = assignment.value
      } else {
        parts[move.reading.part.span] = move.wanted
      }
    }
  }
}

/// Judges one event by the rules as they are, with values as they were or might have been, and the
/// reference interpreter in the place of compiled code.
struct WhatIf {
  struct Judged {
    var rule: Int
    var outcome: RuleOutcome
    var score: Int
    var counted: Bool
  }

  struct Verdict {
    var outcome: Int
    var score: Int
    var isExempt: Bool
    var rules: [Judged]
  }

  let moment: Moment
  let policy: CheckedPolicy
  /// The rules that were active, by position.
  let active: [Int]

  init(_ moment: Moment, policy: CheckedPolicy, active: [Int]) {
    self.moment = moment
    self.policy = policy
    self.active = active
  }

  func verdict(_ changes: Changes = Changes()) -> Verdict {
    let isExempt = policy.exempt.map { value($0, changes) == .bool(true) } ?? false
    var combiner = ScoreCombiner(policy.scoreCombination)
    var judged: [Judged] = []
    var floor = -1
    for position in active {
      let rule = moment.rules.rules[position]
      let (outcome, score) = judge(rule, changes)
      let counted =
        outcome != .silent && outcome != .unknown && moment.counts(rule.status)
      judged.append(Judged(rule: position, outcome: outcome, score: score, counted: counted))
      guard counted else { continue }
      if outcome == .fires {
        combiner.add(score)
        if let force = rule.force { floor = max(floor, force.outcome) }
      } else {
        floor = max(floor, policy.onError.outcome)
      }
    }
    let score = combiner.score(cap: policy.cap)
    var outcome = -1
    if !isExempt {
      for band in policy.bands where score >= band.threshold {
        outcome = max(outcome, band.outcome.outcome)
      }
    }
    if outcome < 0 { outcome = policy.otherwise.outcome }
    if !isExempt { outcome = max(outcome, floor) }
    return Verdict(outcome: outcome, score: score, isExempt: isExempt, rules: judged)
  }

  private func judge(_ rule: CheckedRule, _ changes: Changes) -> (RuleOutcome, Int) {
    var condition = value(rule.when, changes)
    if condition == .bool(false) { return (.silent, 0) }
    if let exempt = rule.exempt, value(exempt, changes) == .bool(true) { return (.silent, 0) }
    if condition == .missing && rule.missing == .fires { condition = .bool(true) }
    if condition.state == .present, let score = rule.score { condition = value(score, changes) }
    switch condition {
    case .missing: return (rule.missing == .errors ? .error : .unknown, 0)
    case .error: return (.error, 0)
    case .int(let score): return (.fires, Int(min(max(score, 0), 100)))
    default: return (.fires, 0)
    }
  }

  func value(_ expression: TypedExpression, _ changes: Changes) -> Value {
    guard !changes.parts.isEmpty else {
      return moment.evaluate(expression, changed: changes.values)
    }
    let forced = forced(moment.writtenOut(expression), changes.parts)
    return moment.evaluate(forced, changed: changes.values)
  }

  /// The expression with constants in the place of parts that are taken to come out another way.
  private func forced(
    _ expression: TypedExpression, _ parts: [SourceSpan: Bool]
  ) -> TypedExpression {
    var copy = expression
    if expression.type == .bool, let truth = parts[expression.span] {
      copy.kind = .constant(.bool(truth))
      return copy
    }
    switch expression.kind {
    case .apply(let overload, let operands):
      copy.kind = .apply(overload, operands.map { forced($0, parts) })
    case .conditional(let condition, let then, let otherwise):
      copy.kind = .conditional(
        forced(condition, parts), then: forced(then, parts), otherwise: forced(otherwise, parts))
    default: break
    }
    return copy
  }
}

extension CheckedPolicy {
  /// How it combines scores.
  var scoreCombination: ScoreCombination {
    switch combination {
    case "max": .max
    case "noisy_or": .noisyOr
    default: .sum
    }
  }
}
