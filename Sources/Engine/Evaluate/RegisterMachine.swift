import Model
import Program
import Values

/// Runs the code of a package over the registers of one event.
///
/// Nothing is allocated and nothing is looked up by name; every access is checked against the
/// bounds of its span. Integer, double and text operations each have a file of their own.
enum RegisterMachine {
  /// Runs instructions in order.
  ///
  /// *Traps* when an instruction names a register, set or pattern that does not exist.
  @_lifetime(registers: copy registers)
  static func run(
    _ code: Span<Instruction>, on registers: inout Registers, texts: borrowing TextArenas,
    constants: inout ConstantPool
  ) {
    for index in code.indices {
      let instruction = code[index]
      switch instruction.operation {
      case .move, .and, .or, .not, .select, .isMissing, .orDefault:
        logic(instruction, on: &registers)
      case .addInt, .subtractInt, .multiplyInt, .divideInt, .remainderInt, .negateInt,
        .divideIntHalfEven, .divideScaledHalfEven:
        integer(instruction, on: &registers)
      case .addUInt, .subtractUInt, .multiplyUInt, .divideUInt, .remainderUInt:
        unsigned(instruction, on: &registers)
      case .addDouble, .subtractDouble, .multiplyDouble, .divideDouble, .negateDouble:
        floating(instruction, on: &registers)
      case .equalBits, .notEqualBits, .lessInt, .lessOrEqualInt, .lessUInt, .lessOrEqualUInt,
        .equalDouble, .notEqualDouble, .lessDouble, .lessOrEqualDouble:
        comparison(instruction, on: &registers)
      case .equalText, .notEqualText, .lessText, .lessOrEqualText, .textContains, .textStartsWith,
        .textEndsWith:
        textComparison(instruction, on: &registers, texts: texts)
      case .textSize, .inIntSet, .inTextSet, .matches:
        membership(instruction, on: &registers, texts: texts, constants: &constants)
      case .intToDouble, .uintToDouble, .doubleToInt, .decimalToDouble:
        conversion(instruction, on: &registers)
      }
    }
  }

  @inline(__always)
  @_lifetime(registers: copy registers)
  private static func logic(_ code: Instruction, on registers: inout Registers) {
    switch code.operation {
    case .move: registers.copy(code.b, to: code.a)
    case .and: absorb(code, falseWins: true, on: &registers)
    case .or: absorb(code, falseWins: false, on: &registers)
    case .not:
      if registers.isPresent(code.b, for: code.a) {
        registers.set(code.a, registers.payload(code.b) ^ 1)
      }
    case .select:
      if registers.isPresent(code.b, for: code.a), registers.payload(code.b) != 0 {
        registers.copy(code.c, to: code.a)
      }
    case .isMissing:
      if registers.state(code.b) == Registers.error {
        registers.copy(code.b, to: code.a)
      } else {
        registers.set(code.a, registers.state(code.b) == Registers.missing)
      }
    case .orDefault:
      let source = registers.state(code.b) == Registers.missing ? code.c : code.b
      registers.copy(source, to: code.a)
    default: preconditionFailure("not a logic operation")
    }
  }

  /// `and` and `or`: the value that wins, then an error, then missing.
  @inline(__always)
  @_lifetime(registers: copy registers)
  private static func absorb(
    _ code: Instruction, falseWins: Bool, on registers: inout Registers
  ) {
    let winner: UInt64 = falseWins ? 0 : 1
    let (left, right) = (registers.payload(code.b), registers.payload(code.c))
    let leftWins = registers.state(code.b) == Registers.present && left == winner
    let rightWins = registers.state(code.c) == Registers.present && right == winner
    if leftWins || rightWins {
      registers.set(code.a, winner)
    } else if registers.arePresent(code.b, code.c, for: code.a) {
      registers.set(code.a, winner ^ 1)
    }
  }

  @inline(__always)
  @_lifetime(registers: copy registers)
  private static func comparison(_ code: Instruction, on registers: inout Registers) {
    guard registers.arePresent(code.b, code.c, for: code.a) else { return }
    let (left, right) = (registers.payload(code.b), registers.payload(code.c))
    let (leftInt, rightInt) = (Int64(bitPattern: left), Int64(bitPattern: right))
    let (leftDouble, rightDouble) = (Double(bitPattern: left), Double(bitPattern: right))
    switch code.operation {
    case .equalBits: registers.set(code.a, left == right)
    case .notEqualBits: registers.set(code.a, left != right)
    case .lessInt: registers.set(code.a, leftInt < rightInt)
    case .lessOrEqualInt: registers.set(code.a, leftInt <= rightInt)
    case .lessUInt: registers.set(code.a, left < right)
    case .lessOrEqualUInt: registers.set(code.a, left <= right)
    case .equalDouble: registers.set(code.a, leftDouble == rightDouble)
    case .notEqualDouble: registers.set(code.a, leftDouble != rightDouble)
    case .lessDouble: registers.set(code.a, leftDouble < rightDouble)
    case .lessOrEqualDouble: registers.set(code.a, leftDouble <= rightDouble)
    default: preconditionFailure("not a comparison")
    }
  }

  @inline(__always)
  @_lifetime(registers: copy registers)
  private static func conversion(_ code: Instruction, on registers: inout Registers) {
    guard registers.isPresent(code.b, for: code.a) else { return }
    let payload = registers.payload(code.b)
    switch code.operation {
    case .intToDouble: registers.set(code.a, Double(Int64(bitPattern: payload)))
    case .uintToDouble: registers.set(code.a, Double(payload))
    case .decimalToDouble:
      let divisor = Double(Decimal.powerOfTen(Int(code.extra)))
      registers.set(code.a, Double(Int64(bitPattern: payload)) / divisor)
    case .doubleToInt:
      let value = Double(bitPattern: payload)
      if value.isNaN {
        registers.fail(code.a, .conversion)
      } else {
        registers.set(code.a, Int64(exactly: value.rounded(.towardZero)))
      }
    default: preconditionFailure("not a conversion")
    }
  }
}
