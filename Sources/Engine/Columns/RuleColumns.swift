import Program

/// Rules and the code they need, run over the columns of a block.
struct RuleColumns: ~Copyable {
  let code: ColumnCode
  let rules: FixedArray<RuleStep>

  /// Runs the code and decides every rule on every event; scores are not combined.
  func run(
    on block: inout RuleBlock, constantText: borrowing FixedArray<UInt8>,
    constants: inout ConstantPool
  ) {
    block.machine.run(
      code, on: &block.columns, text: block.text, constantText: constantText,
      constants: &constants)
    for rule in rules.indices {
      for word in 0..<block.columns.words { decide(rule, word, &block) }
    }
  }

  private func decide(_ number: Int, _ word: Int, _ block: inout RuleBlock) {
    let rule = rules[number]
    let condition = block.columns.bits(rule.when, word)
    var outcome = RuleBlock.Outcomes(fires: condition.isTrue, error: condition.error)
    switch rule.missing {
    case .skips: outcome.unknown = condition.missing
    case .fires: outcome.fires |= condition.missing
    case .errors: outcome.error |= condition.missing
    }
    if rule.score != RuleStep.none {
      // Without its score a rule that fires is as unknown, or as wrong, as the score.
      let score = block.columns.bits(rule.score, word)
      let missing = outcome.fires & score.missing
      if rule.missing == .errors { outcome.error |= missing } else { outcome.unknown |= missing }
      outcome.error |= outcome.fires & score.error
      outcome.fires &= score.present
    }
    if rule.exempt != RuleStep.none {
      outcome = outcome.masked(~block.columns.bits(rule.exempt, word).isTrue)
    }
    block.outcomes[number * block.columns.words + word] = outcome.masked(block.columns.mask(word))
  }

  /// The score, in 0…100, of a rule that fires on an event.
  func score(ofRule number: Int, lane: Int, _ block: borrowing RuleBlock) -> Int {
    let register = rules[number].score
    guard register != RuleStep.none else { return 0 }
    let score = Int64(bitPattern: block.columns.payload(register, lane))
    return Int(min(max(score, 0), 100))
  }
}
