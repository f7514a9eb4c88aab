import Model
import Program
import Values

extension RegisterMachine {
  @inline(__always)
  static func integer(_ code: Instruction, on registers: borrowing Registers) {
    if code.operation == .negateInt {
      guard registers.isPresent(code.b, for: code.a) else { return }
      let value = Int64(bitPattern: registers.payload(code.b))
      registers.set(code.a, number: Int64(0).subtractingReportingOverflow(value))
      return
    }
    guard registers.arePresent(code.b, code.c, for: code.a) else { return }
    let left = Int64(bitPattern: registers.payload(code.b))
    let right = Int64(bitPattern: registers.payload(code.c))
    switch code.operation {
    case .addInt: registers.set(code.a, number: left.addingReportingOverflow(right))
    case .subtractInt: registers.set(code.a, number: left.subtractingReportingOverflow(right))
    case .multiplyInt: registers.set(code.a, number: left.multipliedReportingOverflow(by: right))
    default:
      if right == 0 {
        registers.fail(code.a, .divisionByZero)
      } else {
        division(code, left, right, on: registers)
      }
    }
  }

  /// Divisions by what is not zero.
  @inline(__always)
  private static func division(
    _ code: Instruction, _ left: Int64, _ right: Int64, on registers: borrowing Registers
  ) {
    switch code.operation {
    case .divideInt: registers.set(code.a, number: left.dividedReportingOverflow(by: right))
    case .remainderInt:
      registers.set(code.a, number: left.remainderReportingOverflow(dividingBy: right))
    case .divideIntHalfEven:
      registers.set(code.a, number: ExactArithmetic.dividedHalfEven(left, scaledBy: 0, by: right))
    case .divideScaledHalfEven:
      registers.set(
        code.a, number: ExactArithmetic.dividedHalfEven(left, scaledBy: Int(code.extra), by: right))
    default: preconditionFailure("not an integer operation")
    }
  }

  @inline(__always)
  static func unsigned(_ code: Instruction, on registers: borrowing Registers) {
    guard registers.arePresent(code.b, code.c, for: code.a) else { return }
    let (left, right) = (registers.payload(code.b), registers.payload(code.c))
    let result: (partialValue: UInt64, overflow: Bool)
    switch code.operation {
    case .addUInt: result = left.addingReportingOverflow(right)
    case .subtractUInt: result = left.subtractingReportingOverflow(right)
    case .multiplyUInt: result = left.multipliedReportingOverflow(by: right)
    default:
      if right == 0 {
        registers.fail(code.a, .divisionByZero)
      } else {
        registers.set(code.a, code.operation == .divideUInt ? left / right : left % right)
      }
      return
    }
    if result.overflow {
      registers.fail(code.a, .overflow)
    } else {
      registers.set(code.a, result.partialValue)
    }
  }

  @inline(__always)
  static func floating(_ code: Instruction, on registers: borrowing Registers) {
    if code.operation == .negateDouble {
      guard registers.isPresent(code.b, for: code.a) else { return }
      registers.set(code.a, double: -Double(bitPattern: registers.payload(code.b)))
      return
    }
    guard registers.arePresent(code.b, code.c, for: code.a) else { return }
    let left = Double(bitPattern: registers.payload(code.b))
    let right = Double(bitPattern: registers.payload(code.c))
    switch code.operation {
    case .addDouble: registers.set(code.a, double: left + right)
    case .subtractDouble: registers.set(code.a, double: left - right)
    case .multiplyDouble: registers.set(code.a, double: left * right)
    case .divideDouble: registers.set(code.a, double: left / right)
    default: preconditionFailure("not a double operation")
    }
  }
}
