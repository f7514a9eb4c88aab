import CColumns
import Program

/// Code as it is run over columns: what can be done for many lanes at once is told apart from what
/// goes lane by lane through the `RegisterMachine`.
struct ColumnCode: ~Copyable {
  let steps: FixedArray<Step>
  /// By register, whether it is a bool that only tests and logic write: kept as bits, without a
  /// payload.
  let isBits: FixedArray<Bool>

  struct Step {
    var kind: Kind
    var instruction: Instruction
    /// The operands of a comparison in its order, or those of the instruction.
    var left: ColumnOperand
    var right: ColumnOperand
    /// Whether the result is turned round.
    var isNegated: Bool
  }

  enum Kind {
    case compare(columns_comparison)
    case isMissing
    case logic
    case multiply
    case add
    case subtract
    /// A test of one text, asked only for lanes it can still change.
    case textTest
    case laneByLane
  }

  /// Lays out code over `count` registers, of which those in `constants` keep what they begin with.
  init(_ code: Span<Instruction>, count: Int, constants: Set<Register>) {
    var isWritten = [Bool](repeating: false, count: count)
    var isBits = [Bool](repeating: true, count: count)
    for index in code.indices {
      let step = code[index]
      isWritten[Int(step.a)] = true
      if !step.operation.decides && ![.and, .or, .not].contains(step.operation) {
        isBits[Int(step.a)] = false
      }
    }
    for register in isBits.indices where !isWritten[register] { isBits[register] = false }
    var steps: [Step] = []
    for index in code.indices {
      steps.append(Self.step(code[index], isBits, constants))
    }
    self.steps = FixedArray(steps)
    self.isBits = FixedArray(isBits)
  }

  private static func step(
    _ code: Instruction, _ isBits: [Bool], _ constants: Set<Register>
  ) -> Step {
    func operand(_ register: Register) -> ColumnOperand {
      ColumnOperand(register: register, isConstant: constants.contains(register))
    }
    let isTwo = code.operation.operandCount == 2
    var step = Step(
      kind: .laneByLane, instruction: code, left: operand(code.b),
      right: operand(isTwo ? code.c : code.b),
      isNegated: code.operation.decides && code.isNegated)
    let areNumbers = !isBits[Int(code.b)] && !(isTwo && isBits[Int(code.c)])
    switch code.operation {
    case .isMissing where isBits[Int(code.a)]: step.kind = .isMissing
    case .and, .or, .not: if isBits[Int(code.a)] { step.kind = .logic }
    case .addInt where areNumbers: step.kind = .add
    case .subtractInt where areNumbers: step.kind = .subtract
    case .multiplyInt where areNumbers: step.kind = .multiply
    case .inTextSet where isBits[Int(code.a)], .matches where isBits[Int(code.a)]:
      step.kind = .textTest
    default:
      guard areNumbers, isBits[Int(code.a)], let comparison = comparison(code.operation) else {
        break
      }
      step.kind = .compare(comparison.comparison)
      if comparison.isSwapped { swap(&step.left, &step.right) }
      if comparison.isNegated { step.isNegated.toggle() }
    }
    return step
  }

  /// How an operation is told by the comparisons there are: `a <= b` of integers is not `b < a`.
  private static func comparison(
    _ operation: Operation
  ) -> (comparison: columns_comparison, isSwapped: Bool, isNegated: Bool)? {
    switch operation {
    case .equalBits: (columns_equal_bits, false, false)
    case .notEqualBits: (columns_equal_bits, false, true)
    case .lessInt: (columns_less_int, false, false)
    case .lessOrEqualInt: (columns_less_int, true, true)
    case .lessDouble: (columns_less_double, false, false)
    case .lessOrEqualDouble: (columns_less_or_equal_double, false, false)
    default: nil
    }
  }
}
