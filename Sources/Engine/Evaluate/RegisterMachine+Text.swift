import Model
import Program
import Values

extension RegisterMachine {
  @_lifetime(registers: copy registers)
  static func textComparison(
    _ code: Instruction, on registers: inout Registers, texts: borrowing TextArenas
  ) {
    guard registers.arePresent(code.b, code.c, for: code.a) else { return }
    let left = texts.bytes(registers.payload(code.b))
    let right = texts.bytes(registers.payload(code.c))
    switch code.operation {
    case .equalText: registers.set(code.a, TextComparison.isEqual(left, right))
    case .notEqualText: registers.set(code.a, !TextComparison.isEqual(left, right))
    case .lessText: registers.set(code.a, TextComparison.isLess(left, right))
    case .lessOrEqualText: registers.set(code.a, !TextComparison.isLess(right, left))
    case .textContains: registers.set(code.a, TwoWaySearch.find(right, in: left))
    case .textStartsWith: registers.set(code.a, TextComparison.starts(left, with: right))
    case .textEndsWith: registers.set(code.a, TextComparison.ends(left, with: right))
    default: preconditionFailure("not a text comparison")
    }
  }

  @_lifetime(registers: copy registers)
  static func membership(
    _ code: Instruction, on registers: inout Registers, texts: borrowing TextArenas,
    constants: inout ConstantPool
  ) {
    guard registers.isPresent(code.b, for: code.a) else { return }
    let payload = registers.payload(code.b)
    if code.operation == .inIntSet {
      let value = Int64(bitPattern: payload)
      registers.set(code.a, constants.integerSet(Int(code.c), contains: value))
      return
    }
    let text = texts.bytes(payload)
    switch code.operation {
    case .textSize: registers.set(code.a, TextComparison.codePoints(text))
    case .inTextSet: registers.set(code.a, constants.textSet(Int(code.c), contains: text))
    case .matches:
      switch constants.pattern(Int(code.c), matches: text) {
      case .yes: registers.set(code.a, true)
      case .no: registers.set(code.a, false)
      case .limit: registers.fail(code.a, .regexLimit)
      }
    default: preconditionFailure("not a membership test")
    }
  }
}
