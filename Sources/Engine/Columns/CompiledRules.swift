import Model
public import Program

/// All rules of an event type over stored values of its fields and signals, for many events at a
/// time: what a rescoring over stored signals needs, and no state.
public struct CompiledRules: ~Copyable {
  private let instructions: FixedArray<Instruction>
  private let columns: RuleColumns
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
    let plan = try EnginePlanBuilder.build(program, hasGates: false)
    let own = program.events[event]
    let steps =
      Array(plan.code[plan.events[event].arrival]) + Array(plan.code[plan.events[event].evaluation])
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
    let registers = plan.events[event].registers
    let rules = plan.events[event].rules
    instructions = FixedArray(steps)
    columns = RuleColumns(
      code: ColumnCode(
        steps.span, count: registers.count, constants: Set(own.constants.map(\.register))),
      rules: FixedArray(Array(plan.rules[rules])))
    countsScores = plan.rules[rules].contains {
      $0.share >= 100 && $0.score != RuleStep.none
    }
    combination = policy.combination
    cap = policy.cap
    constantText = FixedArray(program.constants.text)
    payloads = FixedArray(Array(plan.payloads[registers]))
    states = FixedArray(Array(plan.states[registers]))
    signalRegisters = Dictionary(
      own.reads.filter(\.isStored).map { ($0.signal, $0.register) }, uniquingKeysWith: { $1 })
    slotCount = plan.events[event].slotCount
  }

  /// Rules that are evaluated, in declaration order: positions in `DecisionCatalog.rules`.
  public var evaluatedRules: [Int] { columns.rules.indices.map { Int(columns.rules[$0].rule) } }

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
    RuleBlock(payloads, states, rules: columns.rules.count, lanes: lanes)
  }

  /// Decides every rule on every event of a block.
  public mutating func decide(_ block: inout RuleBlock) {
    if block.lanes == 1 { return decideAlone(&block) }
    columns.run(on: &block, constantText: constantText, constants: &constants)
    guard countsScores else { return }
    for lane in 0..<block.lanes { block.combiners[lane] = ScoreCombiner(combination) }
    for rule in columns.rules.indices {
      for word in 0..<block.columns.words { combine(rule, word, &block) }
    }
    for lane in 0..<block.lanes { block.scores[lane] = block.combiners[lane].score(cap: cap) }
  }

  private func combine(_ number: Int, _ word: Int, _ block: inout RuleBlock) {
    let rule = columns.rules[number]
    guard rule.share >= 100 && rule.score != RuleStep.none else { return }
    var rest = block.outcomes[number * block.columns.words + word].fires
    while rest != 0 {
      let lane = word * 64 + rest.trailingZeroBitCount
      rest &= rest &- 1
      block.combiners[lane].add(columns.score(ofRule: number, lane: lane, block))
    }
  }

  /// One event goes the way of an event that is scored alone.
  private mutating func decideAlone(_ block: inout RuleBlock) {
    if !block.scratch.bytes.isEmpty { block.scratch.bytes.removeAll(keepingCapacity: true) }
    let combiner = Self.decideAlone(
      instructions, columns.rules, ScoreCombiner(combination), constantText, block.text,
      &block.payloads,
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
