import Model
import Program

/// The code of rules, by the registers it writes.
struct CodeParts {
  private let code: [Instruction]
  /// By register, the steps that write it in their order, and what they read of others.
  private var places: [[Int]]
  private var reads: [[Register]]
  /// By register, the constant it holds, where that is there.
  private var constants: [Int64?]
  /// Whether no step reads what a later one still changes, so that steps may be taken register by
  /// register.
  private(set) var isOrdered = true
  /// By register, the last walk that found it.
  private var walks: [Int]
  private var walk = 0

  init(_ code: [Instruction], constants: [ConstantLoad], registerCount: Int) {
    self.code = code
    places = Array(repeating: [], count: registerCount)
    reads = Array(repeating: [], count: registerCount)
    self.constants = Array(repeating: nil, count: registerCount)
    walks = Array(repeating: 0, count: registerCount)
    for constant in constants where constant.state == .present {
      self.constants[Int(constant.register)] = Int64(bitPattern: constant.payload)
    }
    var isRead = Array(repeating: false, count: registerCount)
    for (place, step) in code.enumerated() {
      if isRead[Int(step.a)] { isOrdered = false }
      places[Int(step.a)].append(place)
      for operand in step.operands where operand != step.a {
        isRead[Int(operand)] = true
        reads[Int(step.a)].append(operand)
      }
    }
  }

  /// The registers that some step writes.
  var written: [Register] {
    places.indices.filter { !places[$0].isEmpty }.map { Register($0) }
  }

  /// Whether a step writes a register that this walk has not found yet.
  private mutating func find(_ register: Register) -> Bool {
    if places[Int(register)].isEmpty || walks[Int(register)] == walk { return false }
    walks[Int(register)] = walk
    return true
  }

  /// Of some registers those that steps write, with all that they are computed from by steps, but
  /// for what is `known` and what that is computed from.
  mutating func closure(
    _ registers: [Register], known: Set<Register> = []
  ) -> [Register] {
    walk += 1
    var found: [Register] = []
    var open = registers
    while let next = open.popLast() {
      guard find(next), !known.contains(next) else { continue }
      found.append(next)
      open += reads[Int(next)]
    }
    return found
  }

  /// The steps that write registers, in their order.
  func steps(of registers: [Register]) -> [Instruction] {
    registers.flatMap { places[Int($0)] }.sorted().map { code[$0] }
  }

  /// Of the registers that several of some groups are computed from those that take more than a
  /// step or two, without what they alone are computed from.
  mutating func common(_ groups: [[Register]]) -> [Register] {
    var users = Array(repeating: 0, count: places.count)
    var common: [Register] = []
    for group in groups {
      walk += 1
      var open = group
      while let next = open.popLast() {
        guard find(next) else { continue }
        users[Int(next)] += 1
        if users[Int(next)] > 1 && !isQuick(next) {
          common.append(next)
        } else {
          open += reads[Int(next)]
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
      steps += places[Int(next)].count
      if steps > Self.quickSteps { return false }
      for place in places[Int(next)] {
        switch code[place].operation {
        case .move, .and, .or, .not, .select, .orDefault, .isMissing, .equalBits, .notEqualBits,
          .lessInt, .lessOrEqualInt, .lessDouble, .lessOrEqualDouble:
          break
        default: return false
        }
      }
      open += reads[Int(next)]
    }
    return true
  }

  /// Steps that may be taken once more.
  private static let quickSteps = 3

  /// By bool register, up to two groups of tests: of each at least one holds, or is not known,
  /// wherever the register is not false. The smaller group is the first; there is none where no
  /// such tests are at hand before the first step.
  func clauses() -> [[[GateTest]]] {
    var clauses: [[[GateTest]]] = Array(repeating: [], count: places.count)
    guard isOrdered else { return clauses }
    for register in places.indices where isGiven(Register(register)) {
      clauses[register] = [[GateTest(isTrue: Register(register))]]
    }
    for step in code {
      switch step.operation {
      case .move: clauses[Int(step.a)] = clauses[Int(step.b)]
      case .and: clauses[Int(step.a)] = Self.both(clauses[Int(step.b)], clauses[Int(step.c)])
      case .or: clauses[Int(step.a)] = Self.either(clauses[Int(step.b)], clauses[Int(step.c)])
      default:
        let clause = test(step).map { [[$0]] } ?? []
        switch step.combining {
        case .none: clauses[Int(step.a)] = clause
        case .and: clauses[Int(step.a)] = Self.both(clauses[Int(step.a)], clause)
        case .or: clauses[Int(step.a)] = Self.either(clauses[Int(step.a)], clause)
        }
      }
    }
    return clauses
  }

  /// Whether no step writes a register, and it is not the same on every event.
  private func isGiven(_ register: Register) -> Bool {
    places[Int(register)].isEmpty && constants[Int(register)] == nil
  }

  /// The constant that a register holds.
  func constant(_ register: Register) -> Int64? {
    places[Int(register)].isEmpty ? constants[Int(register)] : nil
  }

  /// At most four tests that are all there is to a condition, of bools and comparisons alone, which
  /// these steps compute, and whether all of them are needed or one; nil where there is more to it.
  func wholeTests(
    _ condition: Register, _ steps: [Instruction]
  ) -> (tests: [GateTest], areAllNeeded: Bool)? {
    var wholes: [Register: Whole] = [:]
    for step in steps {
      switch step.operation {
      case .move: wholes[step.a] = whole(step.b, wholes)
      case .and, .or:
        wholes[step.a] = Self.join(
          whole(step.b, wholes), whole(step.c, wholes), needingAll: step.operation == .and)
      default:
        let test = test(step).map { Whole(tests: [$0]) }
        switch step.combining {
        case .none: wholes[step.a] = test
        case .and, .or:
          wholes[step.a] = Self.join(
            wholes[step.a], test, needingAll: step.combining == .and)
        }
      }
    }
    return whole(condition, wholes).map { ($0.tests, $0.areAllNeeded) }
  }

  /// A condition that is nothing but tests; of one alone either way of needing them is the same.
  private struct Whole {
    var tests: [GateTest]
    var areAllNeeded = false
  }

  private func whole(_ register: Register, _ wholes: [Register: Whole]) -> Whole? {
    wholes[register] ?? (isGiven(register) ? Whole(tests: [GateTest(isTrue: register)]) : nil)
  }

  private static func join(_ left: Whole?, _ right: Whole?, needingAll: Bool) -> Whole? {
    guard let left, let right, left.tests.count + right.tests.count <= mostTests,
      [left, right].allSatisfy({ $0.tests.count == 1 || $0.areAllNeeded == needingAll })
    else { return nil }
    return Whole(tests: left.tests + right.tests, areAllNeeded: needingAll)
  }

  /// A comparison with a constant of a number that is there before the first step.
  func test(_ step: Instruction) -> GateTest? {
    // Of most others `c` is no register.
    switch step.operation {
    case .lessInt, .lessOrEqualInt, .equalBits, .notEqualBits: break
    default: return nil
    }
    if !places[Int(step.b)].isEmpty || !places[Int(step.c)].isEmpty { return nil }
    let test: GateTest?
    switch (step.operation, constants[Int(step.b)], constants[Int(step.c)]) {
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

  /// False wherever one side is: the shorter group tells sooner, of equals the first.
  private static func both(_ left: [[GateTest]], _ right: [[GateTest]]) -> [[GateTest]] {
    let groups = left + right
    let lengths = Set(groups.map(\.count)).sorted()
    return Array(lengths.flatMap { length in groups.filter { $0.count == length } }.prefix(2))
  }

  /// False only where both sides are.
  private static func either(_ left: [[GateTest]], _ right: [[GateTest]]) -> [[GateTest]] {
    guard let left = left.first, let right = right.first, left.count + right.count <= mostTests
    else { return [] }
    return [left + right]
  }

  /// Tests of a group: of more of them one is nearly always let through.
  private static let mostTests = 4
}
