import Model
import Program

// Which steps each rule has for itself, and what tells before they are taken that it is silent.
extension EnginePlanBuilder {
  /// Takes the steps of rules apart, and puts what texts need of them before the steps of texts.
  ///
  /// A step belongs to each rule that needs it when it is quick, and before all rules when more than
  /// one needs it and it is not, or the policy does.
  mutating func addGates(to event: inout EventPlan) throws(EngineError) {
    let parts = CodeParts(eventProgram.evaluation, constants: eventProgram.constants)
    let rules = event.rules.map { parts.closure(plan.rules[$0].registers) }
    let shared = shared(parts, rules)
    event.shared = try add(parts.steps(of: shared))
    let clauses = parts.clauses()
    for (number, position) in event.rules.enumerated() {
      let condition = plan.rules[position].when
      let own = parts.steps(of: rules[number].subtracting(shared))
      var gate = RuleGate()
      let clause = clauses[condition] ?? [GateTest.open]
      if clause.count > 1 {
        gate.firstTest = UInt32(plan.gateClauses.count)
        gate.tests = UInt8(clause.count)
        plan.gateClauses += clause
      }
      if own.count == 1 && own[0].a == condition && parts.test(own[0]) != nil {
        gate.isWhole = true
      } else {
        let places = try add(own)
        gate.firstStep = UInt32(places.lowerBound)
        gate.steps = UInt32(places.count)
      }
      plan.gates.append(gate)
      plan.gateTests.append(clause.count > 1 ? .open : clause[0])
    }
    let read = Set(eventProgram.explanation.flatMap(\.operands) + holes(event.rules))
    let needed = parts.closure(read).subtracting(shared)
    event.explanation = try add(parts.steps(of: needed) + eventProgram.explanation)
  }

  /// The registers that are computed before all rules.
  private func shared(_ parts: CodeParts, _ rules: [Set<Register>]) -> Set<Register> {
    if !parts.isOrdered { return Set(parts.written) }
    var users: [Register: Int] = [:]
    for rule in rules {
      for register in rule where !parts.isQuick(register) { users[register, default: 0] += 1 }
    }
    let exempt = [eventProgram.policy?.exempt].compactMap { $0 }
    return parts.closure(exempt + users.filter { $0.value > 1 }.keys)
  }

  /// The registers that texts of rules print.
  private func holes(_ rules: Range<Int>) -> [Register] {
    rules.filter { plan.rules[$0].template >= 0 }.flatMap { position -> [Register] in
      let template = plan.templates[Int(plan.rules[position].template)]
      let ranges = [
        template.analystEnglish, template.analystSpanish, template.customerEnglish,
        template.customerSpanish,
      ]
      return ranges.joined().compactMap {
        if case .hole(let register, _) = plan.templatePieces[$0] { register } else { nil }
      }
    }
  }
}

/// The code of rules, by the registers it writes.
private struct CodeParts {
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

  /// Of some registers those that steps write, with all that they are computed from by steps.
  func closure(_ registers: some Sequence<Register>) -> Set<Register> {
    var open = registers.filter { places[$0] != nil }
    var found = Set(open)
    while let next = open.popLast() {
      for register in reads[next] ?? []
      where places[register] != nil && found.insert(register).inserted {
        open.append(register)
      }
    }
    return found
  }

  /// The steps that write registers, in their order.
  func steps(of registers: Set<Register>) -> [Instruction] {
    registers.flatMap { places[$0] ?? [] }.sorted().map { code[$0] }
  }

  /// Whether a register is computed sooner than it is remembered who else has computed it.
  func isQuick(_ register: Register) -> Bool {
    (places[register] ?? []).allSatisfy { place in
      switch code[place].operation {
      case .move, .and, .or, .not, .select, .orDefault, .isMissing, .equalBits, .notEqualBits,
        .lessInt, .lessOrEqualInt, .lessDouble, .lessOrEqualDouble:
        true
      default: false
      }
    }
  }

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
