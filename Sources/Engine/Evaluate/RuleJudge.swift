import Model
import Program

/// Decides one rule from registers.
enum RuleJudge {
  /// How a rule ends and, when it fires, its score in 0…100.
  @inline(__always)
  static func outcome(
    of rule: RuleStep, _ registers: borrowing Registers
  ) -> (outcome: RuleOutcome, score: Int) {
    if registers.isFalse(rule.when) { return (.silent, 0) }
    var condition = registers.state(rule.when)
    if rule.exempt != RuleStep.none && isTrue(rule.exempt, registers) { return (.silent, 0) }
    if condition == Registers.missing && rule.missing == .fires { condition = Registers.present }
    if condition == Registers.present && rule.score != RuleStep.none {
      // Without its score a rule that fires is as unknown, or as wrong, as the score.
      condition = registers.state(rule.score)
    }
    switch condition {
    case Registers.present:
      guard rule.score != RuleStep.none else { return (.fires, 0) }
      let score = Int64(bitPattern: registers.payload(rule.score))
      return (.fires, Int(min(max(score, 0), 100)))
    case Registers.missing: return (rule.missing == .errors ? .error : .unknown, 0)
    default: return (.error, 0)
    }
  }

  /// Whether a bool register is present and true.
  static func isTrue(_ register: Register, _ registers: borrowing Registers) -> Bool {
    registers.state(register) == Registers.present && registers.payload(register) != 0
  }

  /// Whether a rule is evaluated at a time.
  static func isActive(_ rule: RuleExtras, at time: Timestamp) -> Bool {
    if let from = rule.activeFrom, time < from { return false }
    if let until = rule.activeUntil, time >= until { return false }
    return true
  }
}
