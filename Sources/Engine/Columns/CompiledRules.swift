import Model
public import Program

/// All rules of an event type over stored values of its fields and signals, for many events at a
/// time: what a rescoring over stored signals needs, and no state.
public struct CompiledRules: ~Copyable {
  private let instructions: FixedArray<Instruction>
  private let code: ColumnCode
  private let rules: FixedArray<RuleStep>
  private let combination: ScoreCombination
  /// Whether any rule has a score that counts; without one all come to 0.
  private let countsScores: Bool
  private let cap: Int
  private let constantText: FixedArray<UInt8>
  private let payloads: FixedArray<UInt64>
  private let states: FixedArray<UInt8>
  private let signalRegisters: [Int: Register]
  private let slotCount: Int
  private var constants: ConstantPool

  /// Lays out the rules of an event type that has a policy.
  ///
  /// *Throws* `EngineError` when a pattern is refused, the program contradicts itself, or a rule
  /// needs more than fields and signals: a share of events, a time or collected values. Attributes
  /// are missing.
  public init(_ program: RuleProgram, event: Int) throws(EngineError) {
    let plan = try EnginePlanBuilder.build(program)
    let layout = plan.events[event]
    let own = program.events[event]
    let steps = Array(plan.code[layout.arrival]) + Array(plan.code[layout.evaluation])
    guard let policy = own.policy else { throw .program(detail: "an event without a policy") }
    let collecting: Set<Operation> = [.inCollected, .collectedSize, .collectedItem]
    let isOwn = own.rules.allSatisfy { rule in
      if case .canary = rule.status { return false }
      return rule.activeFrom == nil && rule.activeUntil == nil
    }
    guard isOwn && !steps.contains(where: { collecting.contains($0.operation) }) else {
      throw .program(detail: "rules that need more than fields and signals")
    }
    constants = try ConstantPool(program.constants, lists: program.listFiles)
    let count = layout.registers.count
    instructions = FixedArray(steps)
    code = ColumnCode(
      steps.span, count: count, constants: Set(own.constants.map(\.register)))
    rules = FixedArray(Array(plan.rules[layout.rules]))
    countsScores = plan.rules[layout.rules].contains {
      $0.share >= 100 && $0.score != RuleStep.none
    }
    combination = policy.combination
    cap = policy.cap
    constantText = FixedArray(program.constants.text)
    payloads = FixedArray(Array(plan.payloads[layout.registers]))
    states = FixedArray(Array(plan.states[layout.registers]))
    signalRegisters = Dictionary(
      own.reads.filter(\.isStored).map { ($0.signal, $0.register) }, uniquingKeysWith: { $1 })
    slotCount = layout.slotCount
  }

  /// Rules that are evaluated, in declaration order: positions in `DecisionCatalog.rules`.
  public var evaluatedRules: [Int] { rules.indices.map { Int(rules[$0].rule) } }

  /// Where a block keeps a signal, a position in `DecisionCatalog.signals`; nil when no rule asks
  /// for it.
  public func column(ofSignal signal: Int) -> RuleBlock.Column? {
    signalRegisters[signal].map { RuleBlock.Column(register: $0) }
  }

  /// Where a block keeps a field by its slot.
  ///
  /// *Traps* when the event type has no such slot.
  public func column(ofSlot slot: Int) -> RuleBlock.Column {
    precondition(slot >= 0 && slot < slotCount, "no such slot")
    return RuleBlock.Column(register: Register(slot))
  }

  /// A block of events without any value.
  public func block(lanes: Int) -> RuleBlock {
    RuleBlock(payloads, states, rules: rules.count, lanes: lanes)
  }

  /// Decides every rule on every event of a block.
  public mutating func decide(_ block: inout RuleBlock) {
    if block.lanes == 1 { return decideAlone(&block) }
    block.machine.run(
      code, on: &block.columns, text: block.text, constantText: constantText,
      constants: &constants)
    if countsScores {
      for lane in 0..<block.lanes { block.combiners[lane] = ScoreCombiner(combination) }
    }
    for rule in rules.indices {
      for word in 0..<block.columns.words { decide(rule, word, &block) }
    }
    guard countsScores else { return }
    for lane in 0..<block.lanes { block.scores[lane] = block.combiners[lane].score(cap: cap) }
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
    outcome = outcome.masked(block.columns.mask(word))
    block.outcomes[number * block.columns.words + word] = outcome
    guard rule.share >= 100 && rule.score != RuleStep.none else { return }
    var rest = outcome.fires
    while rest != 0 {
      let lane = word * 64 + rest.trailingZeroBitCount
      rest &= rest &- 1
      let score = Int64(bitPattern: block.columns.payload(rule.score, lane))
      block.combiners[lane].add(Int(min(max(score, 0), 100)))
    }
  }

  /// One event goes the way of an event that is scored alone.
  private mutating func decideAlone(_ block: inout RuleBlock) {
    if !block.scratch.bytes.isEmpty { block.scratch.bytes.removeAll(keepingCapacity: true) }
    let combiner = Self.decideAlone(
      instructions, rules, ScoreCombiner(combination), constantText, block.text, &block.payloads,
      &block.states, &block.scratch, &constants, &block.outcomes)
    block.scores[0] = combiner.score(cap: cap)
  }

  private static func decideAlone(
    _ code: borrowing FixedArray<Instruction>, _ rules: borrowing FixedArray<RuleStep>,
    _ noScore: ScoreCombiner, _ constantText: borrowing FixedArray<UInt8>,
    _ text: borrowing FixedArray<UInt8>, _ payloads: inout FixedArray<UInt64>,
    _ states: inout FixedArray<UInt8>, _ scratch: inout ScratchText,
    _ constants: inout ConstantPool, _ outcomes: inout FixedArray<RuleBlock.Outcomes>
  ) -> ScoreCombiner {
    let texts = TextArenas(
      event: text.span, constant: constantText.span, attribute: Span(), scratch: Span())
    let all = payloads.indices
    let registers = Registers(&payloads, &states, at: all)
    RegisterMachine.run(
      code.span, on: registers, texts: texts, scratch: &scratch, constants: &constants)
    var combiner = noScore
    for number in rules.indices {
      outcomes[number] = RuleBlock.Outcomes()
      if registers.isFalse(rules[number].when) { continue }
      let (outcome, score) = RuleJudge.outcome(of: rules[number], registers)
      outcomes[number] = RuleBlock.Outcomes(outcome)
      if outcome == .fires && rules[number].share >= 100 { combiner.add(score) }
    }
    return combiner
  }
}
