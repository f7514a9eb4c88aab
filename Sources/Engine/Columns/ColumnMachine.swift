import Model
import Program
import Values

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
      case .textTest:
        for word in 0..<columns.words {
          let open = Self.open(step.instruction, word, columns)
          let bits =
            step.instruction.operation == .matches
            ? Self.matches(step, word, open, columns, texts, scratch, &constants)
            : Self.isMember(step, word, open, columns, texts, scratch, &constants)
          write(bits, step, word, &columns)
        }
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

  /// The lanes of a word in which a step can still change what its register holds.
  private static func open(
    _ step: Instruction, _ word: Int, _ columns: borrowing Columns
  ) -> UInt64 {
    columns.mask(word)
      & (step.combining == .none
        ? .max : columns.bits(step.a, word).open(step.combining))
  }

  /// Whether a set has the texts of a column, in the open lanes of a word.
  private static func isMember(
    _ step: ColumnCode.Step, _ word: Int, _ open: UInt64, _ columns: borrowing Columns,
    _ texts: borrowing TextArenas, _ scratch: borrowing ScratchText,
    _ constants: inout ConstantPool
  ) -> LaneBits {
    let operand = columns.bits(step.left.register, word)
    let payloads = columns.column(step.left.register)
    let set = Int(step.instruction.c)
    let start = word &* 64
    let value = constants.textSet(
      set, containsOf: payloads, from: start, lanes: open & operand.present, texts, scratch)
    return LaneBits(value: value, missing: operand.missing, error: operand.error)
  }

  /// Whether a pattern matches the texts of a column, in the open lanes of a word.
  private static func matches(
    _ step: ColumnCode.Step, _ word: Int, _ open: UInt64, _ columns: borrowing Columns,
    _ texts: borrowing TextArenas, _ scratch: borrowing ScratchText,
    _ constants: inout ConstantPool
  ) -> LaneBits {
    let operand = columns.bits(step.left.register, word)
    let payloads = columns.column(step.left.register)
    let pattern = Int(step.instruction.c)
    var bits = LaneBits(missing: operand.missing, error: operand.error)
    var rest = open & operand.present
    while rest != 0 {
      let lane = rest.trailingZeroBitCount
      rest &= rest &- 1
      let text = texts.bytes(payloads[word &* 64 &+ lane], scratch)
      switch constants.pattern(pattern, matches: text) {
      case .yes: bits.value |= 1 << UInt64(truncatingIfNeeded: lane)
      case .no: break
      case .limit: bits.error |= 1 << UInt64(truncatingIfNeeded: lane)
      }
    }
    return bits
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
    let registers = Registers(&payloads, &states, at: all)
    for word in 0..<columns.words {
      var rest = open(step, word, columns)
      while rest != 0 {
        let lane = word * 64 + rest.trailingZeroBitCount
        rest &= rest &- 1
        load(step.a, lane, code, columns, registers)
        if step.operation == .call {
          for operand in 0..<operands {
            load(step.b + Register(operand), lane, code, columns, registers)
          }
        } else {
          load(step.b, lane, code, columns, registers)
          if operands == 2 { load(step.c, lane, code, columns, registers) }
        }
        RegisterMachine.run(
          single.span, on: registers, texts: texts, scratch: &scratch, constants: &constants)
        columns.set(step.a, lane, registers.payload(step.a), state: registers.state(step.a))
      }
    }
  }

  private static func load(
    _ register: Register, _ lane: Int, _ code: borrowing ColumnCode, _ columns: borrowing Columns,
    _ registers: borrowing Registers
  ) {
    let value = columns.value(register, lane, isBits: code.isBits[Int(register)])
    registers.set(register, value.payload, state: value.state)
  }
}
