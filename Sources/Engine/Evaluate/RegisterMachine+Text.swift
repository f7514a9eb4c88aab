import Model
import Program
import Values

extension RegisterMachine {
  /// Tests whether a set has a number.
  @inline(never)
  static func intSet(
    _ step: Instruction, on registers: borrowing Registers, _ constants: inout ConstantPool
  ) {
    if registers.isSettled(step) { return }
    if registers.state(step.b) == Registers.present {
      let value = registers.int(step.b)
      registers.decide(step, constants.integerSet(Int(step.c), contains: value))
    } else {
      registers.decide(step, lacking: registers.value(step.b))
    }
  }

  /// Tests a text by another.
  @inline(never)
  static func textTest(
    _ step: Instruction, on registers: borrowing Registers, _ texts: borrowing TextArenas,
    _ scratch: borrowing ScratchText
  ) {
    if registers.isSettled(step) { return }
    guard registers.state(step.b) | registers.state(step.c) == Registers.present else {
      return registers.decide(step, lacking: registers.lack(of: step.b, step.c))
    }
    let left = texts.bytes(registers.payload(step.b), scratch)
    let right = texts.bytes(registers.payload(step.c), scratch)
    registers.decide(step, test(step.operation, left, right))
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
