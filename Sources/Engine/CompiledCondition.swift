public import Model
public import Program

/// The condition of one rule by itself, run by the machine that the engine runs it by, over blocks
/// of events.
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

  /// Lays out the rule at a position among those of an event type.
  ///
  /// *Throws* `EngineError` when a pattern is refused or the program contradicts itself.
  public init(_ program: RuleProgram, event: Int, rule: Int) throws(EngineError) {
    let plan = try EnginePlanBuilder.build(program)
    let layout = plan.events[event]
    constants = try ConstantPool(program.constants)
    code = FixedArray(Array(plan.code[layout.evaluation]))
    register = plan.rules[layout.rules.lowerBound + rule].when
    constantText = FixedArray(program.constants.text)
    slotCount = layout.slotCount
    textSlots = program.schema.events[event].fields.filter(\.type.isText).map(\.slot)
    payloads = Array(plan.payloads[layout.registers])
    states = Array(plan.states[layout.registers])
  }

  /// Steps it takes.
  public var stepCount: Int { code.count }

  /// A block of events, laid out for the condition to be evaluated over.
  ///
  /// *Traps* when there is none, or one is of another type.
  public func block(of events: [Event]) -> ConditionBlock {
    precondition(
      events.allSatisfy { $0.payloads.count == slotCount }, "an event with other slots")
    var text: [UInt8] = []
    var payloads: [UInt64] = []
    var states: [UInt8] = []
    for register in self.payloads.indices {
      for event in events {
        let isSlot = register < slotCount
        payloads.append(isSlot ? event.payloads[register] : self.payloads[register])
        states.append(isSlot ? event.states[register] : self.states[register])
      }
    }
    for (row, event) in events.enumerated() {
      for slot in textSlots where event.states[slot] == Registers.present {
        let own = TextReference(bits: event.payloads[slot])
        payloads[slot * events.count + row] =
          TextReference(
            arena: .event, offset: text.count + own.offset, length: own.length
          ).bits
      }
      text += event.text
    }
    return ConditionBlock(
      count: events.count, payloads: FixedArray(payloads), states: FixedArray(states),
      text: FixedArray(text))
  }

  /// Evaluates the condition over every event of a block.
  public mutating func evaluate(_ block: inout ConditionBlock) {
    Self.run(
      code, constantText, block.text, &block.payloads, &block.states, block.count, &scratch,
      &constants)
    block.register = register
  }

  private static func run(
    _ code: borrowing FixedArray<Instruction>, _ constantText: borrowing FixedArray<UInt8>,
    _ text: borrowing FixedArray<UInt8>, _ payloads: inout FixedArray<UInt64>,
    _ states: inout FixedArray<UInt8>, _ rows: Int, _ scratch: inout ScratchText,
    _ constants: inout ConstantPool
  ) {
    let texts = TextArenas(
      event: text.span, constant: constantText.span, attribute: Span(), scratch: Span())
    var registers = Registers(
      payloads: payloads.mutableSpan, states: states.mutableSpan, rows: rows)
    RegisterMachine.run(
      code.span, on: &registers, texts: texts, scratch: &scratch, constants: &constants)
  }
}

/// Events laid out for a `CompiledCondition`, and what it came to on each.
public struct ConditionBlock: ~Copyable {
  /// Events in it.
  public let count: Int
  var payloads: FixedArray<UInt64>
  var states: FixedArray<UInt8>
  let text: FixedArray<UInt8>
  /// The register of the condition evaluated last.
  var register: Register = 0

  /// Payload, 1 for true, or the fault, and state of the condition on the event at an index.
  ///
  /// *Traps* when there is no such event.
  public func value(at index: Int) -> (payload: UInt64, state: ValueState) {
    precondition(index >= 0 && index < count, "no such event")
    let place = Int(register) * count + index
    return (payloads[place], ValueState(rawValue: states[place]) ?? .missing)
  }
}
