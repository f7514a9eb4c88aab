import Model
import Program

/// The code of rules, by the registers it writes.
struct CodeParts {
  private let code: [Instruction]
  /// By register that some step writes, those steps in their order, and what they read of others.
  private var places: [Register: [Int]] = [:]
  private var reads: [Register: Set<Register>] = [:]
  /// Constants that are there, as they lie in registers.
  private var constants: [Register: Int64] = [:]
  /// Whether no step reads what a later one still changes, so that steps may be taken register by
  /// register.
  private(set) var isOrdered = true

  init(_ code: [Instruction], constants: [ConstantLoad]) {
    self.code = code
    for constant in constants where constant.state == .present {
      self.constants[constant.register] = Int64(bitPattern: constant.payload)
    }
    var read: Set<Register> = []
    for (place, step) in code.enumerated() {
      if read.contains(step.a) { isOrdered = false }
      let others = step.operands.filter { $0 != step.a }
      read.formUnion(others)
      places[step.a, default: []].append(place)
      reads[step.a, default: []].formUnion(others)
    }
  }

  /// The registers that some step writes.
  var written: Dictionary<Register, [Int]>.Keys { places.keys }

  /// Of some registers those that steps write, with all that they are computed from by steps, but
  /// for what is `known` and what that is computed from.
  func closure(
    _ registers: some Sequence<Register>, known: Set<Register> = []
  ) -> Set<Register> {
    var found: Set<Register> = []
    var open = Array(registers)
    while let next = open.popLast() {
      guard let read = reads[next], !known.contains(next), found.insert(next).inserted else {
        continue
      }
      open += read
    }
    return found
  }

  /// The steps that write registers, in their order.
  func steps(of registers: Set<Register>) -> [Instruction] {
    registers.flatMap { places[$0] ?? [] }.sorted().map { code[$0] }
  }

  /// Of the registers that several of some groups are computed from those that take more than a
  /// step or two, without what they alone are computed from.
  func common(_ groups: [[Register]]) -> Set<Register> {
    var users: [Register: Int] = [:]
    var common: Set<Register> = []
    for group in groups {
      var found: Set<Register> = []
      var open = group
      while let next = open.popLast() {
        guard let read = reads[next], found.insert(next).inserted else { continue }
        users[next, default: 0] += 1
        if users[next, default: 0] > 1 && !isQuick(next) {
          common.insert(next)
        } else {
          open += read
        }
      }
    }
    return common
  }

  /// Whether a register is computed sooner than it is remembered who else has computed it.
  private func isQuick(_ register: Register) -> Bool {
    var steps = 0
    var open = [register]
    while let next = open.popLast() {
      guard let places = places[next], let read = reads[next] else { continue }
      steps += places.count
      if steps > Self.quickSteps { return false }
      for place in places {
        switch code[place].operation {
        case .move, .and, .or, .not, .select, .orDefault, .isMissing, .equalBits, .notEqualBits,
          .lessInt, .lessOrEqualInt, .lessDouble, .lessOrEqualDouble:
          break
        default: return false
        }
      }
      open += read
    }
    return true
  }

  /// Steps that may be taken once more.
  private static let quickSteps = 3

  /// By bool register, tests of which at least one holds, or is not known, wherever the register is
  /// not false; none where no such tests are at hand before the first step.
  func clauses() -> [Register: [GateTest]] {
    guard isOrdered else { return [:] }
    var clauses: [Register: [GateTest]] = [:]
    for step in code {
      switch step.operation {
      case .move: clauses[step.a] = clauses[step.b]
      case .and: clauses[step.a] = Self.both(clauses[step.b], clauses[step.c])
      case .or: clauses[step.a] = Self.either(clauses[step.b], clauses[step.c])
      default:
        let clause = test(step).map { [$0] }
        switch step.combining {
        case .none: clauses[step.a] = clause
        case .and: clauses[step.a] = Self.both(clauses[step.a], clause)
        case .or: clauses[step.a] = Self.either(clauses[step.a], clause)
        }
      }
    }
    return clauses
  }

  /// A comparison with a constant of a number that is there before the first step.
  func test(_ step: Instruction) -> GateTest? {
    if places[step.b] != nil || places[step.c] != nil { return nil }
    let test: GateTest?
    switch (step.operation, constants[step.b], constants[step.c]) {
    case (.lessInt, nil, let most?):
      test = most == .min ? nil : GateTest(step.b, .min, through: most - 1)
    case (.lessInt, let least?, nil):
      test = least == .max ? nil : GateTest(step.c, least + 1, through: .max)
    case (.lessOrEqualInt, nil, let most?): test = GateTest(step.b, .min, through: most)
    case (.lessOrEqualInt, let least?, nil): test = GateTest(step.c, least, through: .max)
    case (.equalBits, nil, let only?): test = GateTest(step.b, only, through: only)
    case (.equalBits, let only?, nil): test = GateTest(step.c, only, through: only)
    case (.notEqualBits, nil, let other?):
      test = GateTest(step.b, other, through: other).negated
    case (.notEqualBits, let other?, nil):
      test = GateTest(step.c, other, through: other).negated
    default: test = nil
    }
    return step.isNegated ? test?.negated : test
  }

  /// False wherever one side is: the shorter tells sooner.
  private static func both(_ left: [GateTest]?, _ right: [GateTest]?) -> [GateTest]? {
    guard let left, let right else { return left ?? right }
    return right.count < left.count ? right : left
  }

  /// False only where both sides are.
  private static func either(_ left: [GateTest]?, _ right: [GateTest]?) -> [GateTest]? {
    guard let left, let right, left.count + right.count <= 4 else { return nil }
    return left + right
  }
}
