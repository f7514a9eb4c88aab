public import Model
public import Program

/// The condition of one rule by itself, run by the machine that the engine runs it by.
///
/// It sees the fields of an event alone: attributes and signals are missing.
public struct CompiledCondition: ~Copyable {
  private let code: FixedArray<Instruction>
  private let register: Register
  private let constantText: FixedArray<UInt8>
  private let slotCount: Int
  private let textSlots: [Int]
  private let payloads: [UInt64]
  private let states: [UInt8]
  private var constants: ConstantPool
  private var scratch = ScratchText()
  /// Whether a step writes text: only a library function does.
  private let writesText: Bool

  /// Lays out the rule at a position among those of an event type.
  ///
  /// *Throws* `EngineError` when a pattern is refused or the program contradicts itself.
  public init(_ program: RuleProgram, event: Int, rule: Int) throws(EngineError) {
    let plan = try EnginePlanBuilder.build(program, hasGates: false)
    let evaluation = plan.code[plan.events[event].evaluation]
    constants = try ConstantPool(program.constants)
    code = FixedArray(Array(evaluation))
    writesText = evaluation.contains { $0.operation == .call }
    register = plan.rules[plan.events[event].rules.lowerBound + rule].when
    constantText = FixedArray(program.constants.text)
    slotCount = plan.events[event].slotCount
    textSlots = program.schema.events[event].fields.filter(\.type.isText).map(\.slot)
    payloads = Array(plan.payloads[plan.events[event].registers])
    states = Array(plan.states[plan.events[event].registers])
  }

  /// Steps it takes.
  public var stepCount: Int { code.count }

  /// A block of events, laid out for the condition to be evaluated over.
  ///
  /// *Traps* when there is none, or one is of another type.
  public func block(of events: [Event]) -> ConditionBlock {
    precondition(
      !events.isEmpty && events.allSatisfy { $0.payloads.count == slotCount },
      "no event, or one with other slots")
    var text: [UInt8] = []
    var payloads: [UInt64] = []
    var states: [UInt8] = []
    for event in events {
      let first = payloads.count
      payloads += event.payloads + self.payloads[slotCount...]
      states += event.states.map { $0 == Registers.present ? $0 : Registers.missing }
      states += self.states[slotCount...]
      for slot in textSlots where event.states[slot] == Registers.present {
        let own = TextReference(bits: event.payloads[slot])
        payloads[first + slot] =
          TextReference(
            arena: .event, offset: text.count + own.offset, length: own.length
          ).bits
      }
      text += event.text
    }
    return ConditionBlock(
      rows: RegisterRows(FixedArray(payloads), FixedArray(states), width: self.payloads.count),
      text: FixedArray(text))
  }

  /// Evaluates the condition on the event of a block at an index: gives its payload, 1 for true, or
  /// the fault, and its state.
  ///
  /// *Traps* when there is no such event.
  public mutating func evaluate(
    _ block: inout ConditionBlock, at index: Int
  ) -> (payload: UInt64, state: ValueState) {
    if writesText { scratch.bytes.removeAll(keepingCapacity: true) }
    return Self.run(
      code, register, constantText, block.text, &block.rows, index, &scratch, &constants)
  }

  @inline(__always)
  private static func run(
    _ code: borrowing FixedArray<Instruction>, _ result: Register,
    _ constantText: borrowing FixedArray<UInt8>, _ text: borrowing FixedArray<UInt8>,
    _ rows: inout RegisterRows, _ row: Int, _ scratch: inout ScratchText,
    _ constants: inout ConstantPool
  ) -> (payload: UInt64, state: ValueState) {
    let texts = TextArenas(
      event: text.span, constant: constantText.span, attribute: Span(), scratch: Span())
    let registers = Registers(&rows, row: row)
    RegisterMachine.loop(
      code.span, on: registers, texts: texts, scratch: &scratch, constants: &constants)
    return (registers.payload(result), ValueState(rawValue: registers.state(result)) ?? .missing)
  }
}

/// Events laid out for a `CompiledCondition`.
public struct ConditionBlock: ~Copyable {
  /// Registers, event after event.
  var rows: RegisterRows
  let text: FixedArray<UInt8>

  /// Events in it.
  public var count: Int { rows.count }
}
