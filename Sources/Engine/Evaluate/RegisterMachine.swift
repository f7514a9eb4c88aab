import Model
import Program
import Values

/// Runs the code of a package over the registers of an event, step by step.
///
/// Nothing is looked up by name. What is done most stands here, in one flat switch; numbers, text
/// and library functions have files of their own.
enum RegisterMachine {
  /// Runs instructions in order.
  ///
  /// *Requires* code that `EnginePlanBuilder` has checked. *Traps* when a set, pattern or text does
  /// not exist.
  static func run(
    _ code: Span<Instruction>, on registers: borrowing Registers, texts: borrowing TextArenas,
    scratch: inout ScratchText, constants: inout ConstantPool
  ) {
    loop(code, on: registers, texts: texts, scratch: &scratch, constants: &constants)
  }

  /// `run`, in the place of the call: for who runs little code.
  @inline(__always)
  static func loop(
    _ code: Span<Instruction>, on registers: borrowing Registers, texts: borrowing TextArenas,
    scratch: inout ScratchText, constants: inout ConstantPool
  ) {
    for index in code.indices {
      let step = code[index]
      switch step.operation {
      case .lessInt:
        registers.decide(step) { Int64(bitPattern: $0) < Int64(bitPattern: $1) }
      case .lessOrEqualInt:
        registers.decide(step) { Int64(bitPattern: $0) <= Int64(bitPattern: $1) }
      case .equalBits: registers.decide(step) { $0 == $1 }
      case .notEqualBits: registers.decide(step) { $0 != $1 }
      case .lessDouble:
        registers.decide(step) { Double(bitPattern: $0) < Double(bitPattern: $1) }
      case .lessOrEqualDouble:
        registers.decide(step) { Double(bitPattern: $0) <= Double(bitPattern: $1) }
      case .isMissing:
        if registers.state(step.b) == Registers.error {
          registers.decide(step, lacking: registers.value(step.b))
        } else {
          registers.decide(step, registers.state(step.b) == Registers.missing)
        }
      case .inTextSet:
        if registers.isSettled(step) { continue }
        if registers.state(step.b) == Registers.present {
          let reference = TextReference(bits: registers.payload(step.b))
          let arena = texts.arena(of: reference, scratch.bytes.span)
          registers.decideUnsettled(
            step, constants.textSet(Int(step.c), contains: reference, in: arena))
        } else {
          registers.decide(step, lacking: registers.value(step.b))
        }
      case .matches:
        if registers.isSettled(step) { continue }
        if registers.state(step.b) == Registers.present {
          let text = texts.bytes(registers.payload(step.b), scratch)
          switch constants.pattern(Int(step.c), matches: text) {
          case .no: registers.decideUnsettled(step, false)
          case .yes: registers.decideUnsettled(step, true)
          case .limit:
            registers.decide(step, lacking: (EvaluationFault.regexLimit.rawValue, Registers.error))
          }
        } else {
          registers.decide(step, lacking: registers.value(step.b))
        }
      case .move, .and, .or, .not, .select, .orDefault: logic(step, on: registers)
      // Each by its name: then no step need be asked whether it is any.
      case .addInt, .subtractInt, .multiplyInt, .divideInt, .remainderInt, .negateInt,
        .divideIntHalfEven, .divideScaledHalfEven, .addUInt, .subtractUInt, .multiplyUInt,
        .divideUInt, .remainderUInt, .addDouble, .subtractDouble, .multiplyDouble, .divideDouble,
        .negateDouble, .equalDouble, .notEqualDouble, .equalText, .notEqualText, .lessUInt,
        .lessOrEqualUInt, .lessText, .lessOrEqualText, .inIntSet, .textContains, .textStartsWith,
        .textEndsWith, .textSize, .inCollected, .collectedSize, .collectedItem, .intToDouble,
        .uintToDouble, .doubleToInt, .decimalToDouble, .zoneOffset, .call:
        perform(step, on: registers, texts: texts, scratch: &scratch, constants: &constants)
      }
    }
  }

  /// Takes a step that is not among the commonest, which stand in the loop.
  @inline(never)
  private static func perform(
    _ step: Instruction, on registers: borrowing Registers, texts: borrowing TextArenas,
    scratch: inout ScratchText, constants: inout ConstantPool
  ) {
    switch step.operation {
    case .lessUInt: registers.decide(step) { $0 < $1 }
    case .lessOrEqualUInt: registers.decide(step) { $0 <= $1 }
    case .equalDouble:
      registers.decide(step) { Double(bitPattern: $0) == Double(bitPattern: $1) }
    case .notEqualDouble:
      registers.decide(step) { Double(bitPattern: $0) != Double(bitPattern: $1) }
    case .inIntSet: intSet(step, on: registers, &constants)
    case .equalText, .notEqualText, .lessText, .lessOrEqualText, .textContains, .textStartsWith,
      .textEndsWith:
      textTest(step, on: registers, texts, scratch)
    case .addInt, .subtractInt, .multiplyInt, .divideInt, .remainderInt, .negateInt,
      .divideIntHalfEven, .divideScaledHalfEven:
      integer(step, on: registers)
    case .addUInt, .subtractUInt, .multiplyUInt, .divideUInt, .remainderUInt:
      unsigned(step, on: registers)
    case .addDouble, .subtractDouble, .multiplyDouble, .divideDouble, .negateDouble:
      floating(step, on: registers)
    case .intToDouble, .uintToDouble, .doubleToInt, .decimalToDouble:
      conversion(step, on: registers)
    case .textSize:
      guard registers.isPresent(step.b, for: step.a) else { return }
      let text = texts.bytes(registers.payload(step.b), scratch)
      registers.set(step.a, number: TextComparison.codePoints(text))
    case .inCollected, .collectedSize, .collectedItem:
      collected(step, on: registers, texts.collected)
    case .zoneOffset: zoneOffset(step, on: registers, &constants)
    case .call: call(step, on: registers, texts: texts, scratch: &scratch)
    case .lessInt, .lessOrEqualInt, .equalBits, .notEqualBits, .lessDouble, .lessOrEqualDouble,
      .isMissing, .inTextSet, .matches, .move, .and, .or, .not, .select, .orDefault:
      preconditionFailure("a step that stands in the loop")
    }
  }

  @inline(__always)
  private static func logic(_ code: Instruction, on registers: borrowing Registers) {
    switch code.operation {
    case .move: registers.copy(code.b, to: code.a)
    case .and, .or:
      let (payload, state) = registers.value(code.c)
      if code.a != code.b { registers.copy(code.b, to: code.a) }
      let combining: Combining = code.operation == .and ? .and : .or
      registers.join(code.a, combining.rawValue, payload, state)
    case .not:
      if registers.isPresent(code.b, for: code.a) {
        registers.set(code.a, registers.payload(code.b) ^ 1)
      }
    case .select:
      if registers.isPresent(code.b, for: code.a), registers.payload(code.b) != 0 {
        registers.copy(code.c, to: code.a)
      }
    case .orDefault:
      let source = registers.state(code.b) == Registers.missing ? code.c : code.b
      registers.copy(source, to: code.a)
    default: preconditionFailure("not a logic operation")
    }
  }

  @inline(__always)
  private static func conversion(_ code: Instruction, on registers: borrowing Registers) {
    guard registers.isPresent(code.b, for: code.a) else { return }
    let payload = registers.payload(code.b)
    switch code.operation {
    case .intToDouble: registers.set(code.a, double: Double(Int64(bitPattern: payload)))
    case .uintToDouble: registers.set(code.a, double: Double(payload))
    case .decimalToDouble:
      let divisor = Double(Decimal.powerOfTen(Int(code.extra)))
      registers.set(code.a, double: Double(Int64(bitPattern: payload)) / divisor)
    case .doubleToInt:
      let value = Double(bitPattern: payload)
      if value.isNaN {
        registers.fail(code.a, .conversion)
      } else {
        registers.set(code.a, number: Int64(exactly: value.rounded(.towardZero)))
      }
    default: preconditionFailure("not a conversion")
    }
  }
}
