import Model
import Program

extension RegisterMachine {
  /// What is asked of the values a signal has collected.
  @inline(never)
  static func collected(
    _ step: Instruction, on registers: borrowing Registers, _ values: Span<UInt64>
  ) {
    switch step.operation {
    case .inCollected:
      guard registers.arePresent(step.b, step.c, for: step.a) else { return }
      let value = registers.payload(step.b)
      let range = CollectedReference(bits: registers.payload(step.c)).range
      var isThere = false
      for place in range where !isThere {
        isThere =
          step.extra == 1
          ? Double(bitPattern: values[place]) == Double(bitPattern: value) : values[place] == value
      }
      registers.set(step.a, isThere)
    case .collectedSize:
      guard registers.isPresent(step.b, for: step.a) else { return }
      let count = CollectedReference(bits: registers.payload(step.b)).count
      registers.set(step.a, number: Int64(count))
    case .collectedItem:
      guard registers.arePresent(step.b, step.c, for: step.a) else { return }
      let range = CollectedReference(bits: registers.payload(step.b)).range
      let index = registers.int(step.c)
      if index >= 0 && index < range.count {
        registers.set(step.a, values[range.lowerBound + Int(index)])
      } else {
        registers.set(step.a, 0, state: Registers.missing)
      }
    default: preconditionFailure("not about what was collected")
    }
  }
}
