import Model
import Program

/// Runs code over the columns of many events, step by step and in each over all lanes.
///
/// Comparisons, logic and the commonest arithmetic are done for 64 lanes at once; every other step
/// goes lane by lane through the `RegisterMachine`, which alone knows what it means.
struct ColumnMachine: ~Copyable {
  /// The registers of one event, for steps that go lane by lane.
  private var payloads: FixedArray<UInt64>
  private var states: FixedArray<UInt8>
  /// What a comparison gave.
  private var result: FixedArray<UInt64>
  private var scratch = ScratchText()

  init(registers count: Int, lanes: Int) {
    payloads = FixedArray(repeating: 0, count: count)
    states = FixedArray(repeating: Registers.missing, count: count)
    result = FixedArray(repeating: 0, count: (lanes + 63) / 64)
  }

  /// Runs code over columns.
  ///
  /// *Requires* code that was checked, and as many lanes as the machine was made for.
  mutating func run(
    _ code: borrowing ColumnCode, on columns: inout Columns, text: borrowing FixedArray<UInt8>,
    constantText: borrowing FixedArray<UInt8>, constants: inout ConstantPool
  ) {
    scratch.bytes.removeAll(keepingCapacity: true)
    let texts = TextArenas(
      event: text.span, constant: constantText.span, attribute: Span(), scratch: Span())
    for index in code.steps.indices {
      let step = code.steps[index]
      switch step.kind {
      case .compare(let comparison):
        columns.compare(comparison, step.left, step.right, into: &result)
        for word in 0..<columns.words {
          let left = columns.bits(step.left.register, word)
          let right = columns.bits(step.right.register, word)
          var bits = LaneBits.lack(left, right)
          bits.value = result[word]
          write(bits, step, word, &columns)
        }
      case .isMissing:
        for word in 0..<columns.words {
          let operand = columns.bits(step.left.register, word)
          write(LaneBits(value: operand.missing, error: operand.error), step, word, &columns)
        }
      case .logic: logic(step.instruction, &columns)
      case .add: arithmetic(step, &columns) { $0.addingReportingOverflow($1) }
      case .subtract: arithmetic(step, &columns) { $0.subtractingReportingOverflow($1) }
      case .multiply: arithmetic(step, &columns) { $0.multipliedReportingOverflow(by: $1) }
      case .laneByLane:
        Self.laneByLane(
          step.instruction, code, &columns, texts, &payloads, &states, &scratch, &constants)
      }
    }
  }

  private func write(
    _ bits: LaneBits, _ step: ColumnCode.Step, _ word: Int, _ columns: inout Columns
  ) {
    let register = step.instruction.a
    let held = columns.bits(register, word)
    columns.set(
      register, word, held.joined(step.instruction.combining, bits.negated(step.isNegated)))
  }

  private func logic(_ step: Instruction, _ columns: inout Columns) {
    for word in 0..<columns.words {
      let left = columns.bits(step.b, word)
      switch step.operation {
      case .and: columns.set(step.a, word, .and(left, columns.bits(step.c, word)))
      case .or: columns.set(step.a, word, .or(left, columns.bits(step.c, word)))
      default: columns.set(step.a, word, left.negated(true))
      }
    }
  }

  @inline(__always)
  private func arithmetic(
    _ step: ColumnCode.Step, _ columns: inout Columns,
    _ operation: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
  ) {
    let (left, right, target) = (step.left.register, step.right.register, step.instruction.a)
    for word in 0..<columns.words {
      var bits = LaneBits.lack(columns.bits(left, word), columns.bits(right, word))
      var overflow: UInt64 = 0
      for lane in word * 64..<min(word * 64 + 64, columns.lanes) {
        let result = operation(
          Int64(bitPattern: columns.payload(left, lane)),
          Int64(bitPattern: columns.payload(right, lane)))
        columns.set(target, lane, payload: UInt64(bitPattern: result.partialValue))
        overflow |= (result.overflow ? 1 : 0) << UInt64(lane % 64)
      }
      bits.error |= overflow & bits.present
      columns.set(target, word, bits)
    }
  }

  private static func laneByLane(
    _ step: Instruction, _ code: borrowing ColumnCode, _ columns: inout Columns,
    _ texts: borrowing TextArenas, _ payloads: inout FixedArray<UInt64>,
    _ states: inout FixedArray<UInt8>, _ scratch: inout ScratchText,
    _ constants: inout ConstantPool
  ) {
    let single = InlineArray<1, Instruction>(repeating: step)
    let operands = step.operation.operandCount ?? Int(step.extra)
    let all = payloads.indices
    var registers = Registers(&payloads, &states, at: all)
    for lane in 0..<columns.lanes {
      load(step.a, lane, code, columns, &registers)
      if step.operation == .call {
        for operand in 0..<operands {
          load(step.b + Register(operand), lane, code, columns, &registers)
        }
      } else {
        load(step.b, lane, code, columns, &registers)
        if operands == 2 { load(step.c, lane, code, columns, &registers) }
      }
      RegisterMachine.run(
        single.span, on: &registers, texts: texts, scratch: &scratch, constants: &constants)
      columns.set(step.a, lane, registers.payload(step.a), state: registers.state(step.a))
    }
  }

  @_lifetime(registers: copy registers)
  private static func load(
    _ register: Register, _ lane: Int, _ code: borrowing ColumnCode, _ columns: borrowing Columns,
    _ registers: inout Registers
  ) {
    let value = columns.value(register, lane, isBits: code.isBits[Int(register)])
    registers.set(register, value.payload, state: value.state)
  }
}
