import Model
import Program
import Values

/// Runs the code of a package over the registers of a block of events, step by step and in each
/// row by row: what a step costs beside its work is paid once for the block.
///
/// Nothing is looked up by name, and no row depends on another. What is done most stands here, in
/// one flat switch; numbers, text and library functions have files of their own.
enum RegisterMachine {
  /// Runs instructions in order.
  ///
  /// *Requires* code that `EnginePlanBuilder` has checked. *Traps* when a set, pattern or text does
  /// not exist.
  @_lifetime(registers: copy registers)
  static func run(
    _ code: Span<Instruction>, on registers: inout Registers, texts: borrowing TextArenas,
    scratch: inout ScratchText, constants: inout ConstantPool
  ) {
    if registers.rows == 1 {
      for index in code.indices where !registers.compareAlone(code[index]) {
        perform(
          code[index], on: &registers, texts: texts, scratch: &scratch, constants: &constants)
      }
    } else {
      for index in code.indices {
        perform(
          code[index], on: &registers, texts: texts, scratch: &scratch, constants: &constants)
      }
    }
  }

  @inline(never)
  @_lifetime(registers: copy registers)
  private static func perform(
    _ step: Instruction, on registers: inout Registers, texts: borrowing TextArenas,
    scratch: inout ScratchText, constants: inout ConstantPool
  ) {
    switch step.operation {
    case .lessInt:
      registers.decide(step) { Int64(bitPattern: $0) < Int64(bitPattern: $1) }
    case .lessOrEqualInt:
      registers.decide(step) { Int64(bitPattern: $0) <= Int64(bitPattern: $1) }
    case .equalBits: registers.decide(step) { $0 == $1 }
    case .notEqualBits: registers.decide(step) { $0 != $1 }
    case .lessUInt: registers.decide(step) { $0 < $1 }
    case .lessOrEqualUInt: registers.decide(step) { $0 <= $1 }
    case .equalDouble:
      registers.decide(step) { Double(bitPattern: $0) == Double(bitPattern: $1) }
    case .notEqualDouble:
      registers.decide(step) { Double(bitPattern: $0) != Double(bitPattern: $1) }
    case .lessDouble:
      registers.decide(step) { Double(bitPattern: $0) < Double(bitPattern: $1) }
    case .lessOrEqualDouble:
      registers.decide(step) { Double(bitPattern: $0) <= Double(bitPattern: $1) }
    case .isMissing:
      for row in 0..<registers.rows {
        if registers.state(step.b, row) == Registers.error {
          registers.decide(step, row, lacking: registers.value(step.b, row))
        } else {
          registers.decide(step, row, registers.state(step.b, row) == Registers.missing)
        }
      }
    case .inTextSet:
      textSet(step, on: &registers, texts, scratch, constants)
    case .inIntSet: intSet(step, on: &registers, constants)
    case .matches:
      match(step, on: &registers, texts, scratch, &constants)
    case .equalText, .notEqualText, .lessText, .lessOrEqualText, .textContains, .textStartsWith,
      .textEndsWith:
      textTest(step, on: &registers, texts, scratch)
    case .move, .and, .or, .not, .select, .orDefault:
      for row in 0..<registers.rows { logic(step, row, on: &registers) }
    case .addInt, .subtractInt, .multiplyInt, .divideInt, .remainderInt, .negateInt,
      .divideIntHalfEven, .divideScaledHalfEven:
      for row in 0..<registers.rows { integer(step, row, on: &registers) }
    case .addUInt, .subtractUInt, .multiplyUInt, .divideUInt, .remainderUInt:
      for row in 0..<registers.rows { unsigned(step, row, on: &registers) }
    case .addDouble, .subtractDouble, .multiplyDouble, .divideDouble, .negateDouble:
      for row in 0..<registers.rows { floating(step, row, on: &registers) }
    case .intToDouble, .uintToDouble, .doubleToInt, .decimalToDouble:
      for row in 0..<registers.rows { conversion(step, row, on: &registers) }
    case .textSize:
      for row in 0..<registers.rows where registers.isPresent(step.b, for: step.a, row) {
        let text = texts.bytes(registers.payload(step.b, row), scratch)
        registers.set(step.a, row, TextComparison.codePoints(text))
      }
    case .inCollected, .collectedSize, .collectedItem:
      for row in 0..<registers.rows { collected(step, row, on: &registers, texts.collected) }
    case .zoneOffset: zoneOffset(step, on: &registers, constants)
    case .call:
      call(step, on: &registers, texts: texts, scratch: &scratch)
    }
  }

  @inline(__always)
  @_lifetime(registers: copy registers)
  private static func logic(_ code: Instruction, _ row: Int, on registers: inout Registers) {
    switch code.operation {
    case .move: registers.copy(code.b, to: code.a, row)
    case .and, .or:
      let (payload, state) = registers.value(code.c, row)
      if code.a != code.b { registers.copy(code.b, to: code.a, row) }
      let combining: Combining = code.operation == .and ? .and : .or
      registers.join(code.a, row, combining.rawValue, payload, state)
    case .not:
      if registers.isPresent(code.b, for: code.a, row) {
        registers.set(code.a, row, registers.payload(code.b, row) ^ 1)
      }
    case .select:
      if registers.isPresent(code.b, for: code.a, row), registers.payload(code.b, row) != 0 {
        registers.copy(code.c, to: code.a, row)
      }
    case .orDefault:
      let source = registers.state(code.b, row) == Registers.missing ? code.c : code.b
      registers.copy(source, to: code.a, row)
    default: preconditionFailure("not a logic operation")
    }
  }

  @inline(__always)
  @_lifetime(registers: copy registers)
  private static func conversion(_ code: Instruction, _ row: Int, on registers: inout Registers) {
    guard registers.isPresent(code.b, for: code.a, row) else { return }
    let payload = registers.payload(code.b, row)
    switch code.operation {
    case .intToDouble: registers.set(code.a, row, Double(Int64(bitPattern: payload)))
    case .uintToDouble: registers.set(code.a, row, Double(payload))
    case .decimalToDouble:
      let divisor = Double(Decimal.powerOfTen(Int(code.extra)))
      registers.set(code.a, row, Double(Int64(bitPattern: payload)) / divisor)
    case .doubleToInt:
      let value = Double(bitPattern: payload)
      if value.isNaN {
        registers.fail(code.a, row, .conversion)
      } else {
        registers.set(code.a, row, Int64(exactly: value.rounded(.towardZero)))
      }
    default: preconditionFailure("not a conversion")
    }
  }
}
