import Model
import Program
import Values

extension RegisterMachine {
  /// Tests whether a set has the number of each row.
  @inline(never)
  @_lifetime(registers: copy registers)
  static func intSet(
    _ step: Instruction, on registers: inout Registers, _ constants: borrowing ConstantPool
  ) {
    for row in 0..<registers.rows where !registers.isSettled(step, row) {
      if registers.state(step.b, row) == Registers.present {
        let value = registers.int(step.b, row)
        registers.decide(step, row, constants.integerSet(Int(step.c), contains: value))
      } else {
        registers.decide(step, row, lacking: registers.value(step.b, row))
      }
    }
  }

  /// Tests whether a set has the text of each row.
  @inline(never)
  @_lifetime(registers: copy registers)
  static func textSet(
    _ step: Instruction, on registers: inout Registers, _ texts: borrowing TextArenas,
    _ scratch: borrowing ScratchText, _ constants: borrowing ConstantPool
  ) {
    if registers.rows == 1 && registers.state(step.b) == Registers.present {
      if registers.isSettled(step, 0) { return }
      let reference = TextReference(bits: registers.payload(step.b))
      let arena = texts.arena(of: reference, scratch.bytes.span)
      return registers.decideAlone(
        step, constants.textSet(Int(step.c), contains: reference, in: arena))
    }
    if registers.isPlain(step, operands: 1),
      let keys = constants.wholeKeys(ofTextSet: Int(step.c))
    {
      return fewTexts(step, on: &registers, texts.with(scratch), keys)
    }
    for row in 0..<registers.rows where !registers.isSettled(step, row) {
      guard registers.state(step.b, row) == Registers.present else {
        registers.decide(step, row, lacking: registers.value(step.b, row))
        continue
      }
      let reference = TextReference(bits: registers.payload(step.b, row))
      let arena = texts.arena(of: reference, scratch.bytes.span)
      registers.decide(
        step, row, constants.textSet(Int(step.c), contains: reference, in: arena))
    }
  }

  /// Tests whether the text of each row is one of a few short ones, which their keys tell apart.
  @inline(never)
  @_lifetime(registers: copy registers)
  private static func fewTexts(
    _ step: Instruction, on registers: inout Registers, _ texts: borrowing TextArenas,
    _ keys: Span<UInt64>
  ) {
    if keys.count == 2 {
      let (first, second) = (keys[0], keys[1])
      registers.fill(
        step,
        each: { payload, _ in
          let reference = TextReference(bits: payload)
          let key = TextKey.of(reference, in: texts.arena(of: reference))
          return key == first || key == second
        })
    } else {
      registers.fill(
        step,
        each: { payload, _ in
          let reference = TextReference(bits: payload)
          let key = TextKey.of(reference, in: texts.arena(of: reference))
          var isMember = false
          for index in keys.indices { isMember = isMember || keys[index] == key }
          return isMember
        })
    }
  }

  /// Tests the text of each row by a pattern.
  @inline(never)
  @_lifetime(registers: copy registers)
  static func match(
    _ step: Instruction, on registers: inout Registers, _ texts: borrowing TextArenas,
    _ scratch: borrowing ScratchText, _ constants: inout ConstantPool
  ) {
    for row in 0..<registers.rows where !registers.isSettled(step, row) {
      guard registers.state(step.b, row) == Registers.present else {
        registers.decide(step, row, lacking: registers.value(step.b, row))
        continue
      }
      let text = texts.bytes(registers.payload(step.b, row), scratch)
      switch constants.pattern(Int(step.c), matches: text) {
      case .yes: registers.decide(step, row, true)
      case .no: registers.decide(step, row, false)
      case .limit:
        registers.decide(
          step, row, lacking: (EvaluationFault.regexLimit.rawValue, Registers.error))
      }
    }
  }

  /// Tests the text of each row by another.
  @inline(never)
  @_lifetime(registers: copy registers)
  static func textTest(
    _ step: Instruction, on registers: inout Registers, _ texts: borrowing TextArenas,
    _ scratch: borrowing ScratchText
  ) {
    let texts = texts.with(scratch)
    for row in 0..<registers.rows where !registers.isSettled(step, row) {
      guard registers.state(step.b, row) | registers.state(step.c, row) == Registers.present else {
        registers.decide(step, row, lacking: registers.lack(of: step.b, step.c, row))
        continue
      }
      let left = texts.bytes(registers.payload(step.b, row))
      let right = texts.bytes(registers.payload(step.c, row))
      registers.decide(step, row, test(step.operation, left, right))
    }
  }

  private static func test(
    _ operation: Operation, _ left: Span<UInt8>, _ right: Span<UInt8>
  ) -> Bool {
    switch operation {
    case .equalText: TextComparison.isEqual(left, right)
    case .notEqualText: !TextComparison.isEqual(left, right)
    case .lessText: TextComparison.isLess(left, right)
    case .lessOrEqualText: !TextComparison.isLess(right, left)
    case .textContains: TwoWaySearch.first(right, in: left) != nil
    case .textStartsWith: TextComparison.starts(left, with: right)
    case .textEndsWith: TextComparison.ends(left, with: right)
    default: preconditionFailure("not a test of text")
    }
  }
}
