import Model
import Program
import Testing

@testable import Engine

/// A package of random conditions over five numbers of an event, and what the register machine
/// makes of them when it takes every step.
private struct RandomConditions {
  static let values: [UInt64?] = [nil, 0, 1, 2, 3].map { $0 } + edges
  private static let edges: [UInt64?] = [
    UInt64(bitPattern: -1), UInt64(bitPattern: .min), UInt64(bitPattern: .max),
  ]
  private static let fields = 2
  private static let numbers = 5
  private static let slots = fields + numbers
  /// More than a word has bits.
  private static let ruleCount = 70

  var code: [Instruction] = []
  var conditions: [Register] = []
  var rules: [RulePlan] = []
  /// Whether the policy exempts.
  private(set) var exempt: Register?
  private(set) var constants: [ConstantLoad] = []
  private(set) var registerCount = slots

  init(_ random: inout SplitMix64, isOrdered: Bool) {
    for value in Self.values.compactMap({ $0 }) {
      constants.append(
        ConstantLoad(register: Register(registerCount), payload: value, state: .present))
      registerCount += 1
    }
    // What divides by a number is an error when that is 0, and no test of a gate.
    let quotient = Register(registerCount)
    registerCount += 1
    code.append(
      Instruction(.divideInt, a: quotient, b: constants[1].register, c: Register(Self.fields)))
    for _ in 0..<Self.ruleCount {
      let condition = Register(registerCount)
      registerCount += 1
      add(condition, quotient, &random)
      conditions.append(condition)
      if !isOrdered && random.next() % 4 == 0 {
        code.append(comparison(conditions[0], quotient, &random))
      }
    }
    for (number, condition) in conditions.enumerated() {
      var rule = RulePlan(rule: number, when: condition)
      if number % 3 == 0 { rule.exempt = conditions.randomElement(using: &random) }
      if number % 4 == 0 { rule.score = number % 8 == 0 ? quotient : Register(Self.fields + 1) }
      if number % 4 == 1 { rule.score = constants.randomElement(using: &random)?.register }
      if number % 7 == 0 { rule.status = number % 2 == 0 ? .shadow : .canary(50) }
      // Numbers are as good as bools: false is 0.
      if number % 9 == 0 { rule.when = Register(Self.fields + number % Self.numbers) }
      if number % 5 == 0 { rule.missing = number % 2 == 0 ? .fires : .errors }
      rules.append(rule)
    }
    if random.next() % 2 == 0 { rules[7].force = OutcomePlan(outcome: 1) }
    // Then not all rules are active on every event, which has a way of its own.
    if random.next() % 2 == 0 {
      rules[11].activeFrom = Timestamp(microseconds: 10)
      rules[66].activeUntil = Timestamp(microseconds: 20)
    }
    if random.next() % 2 == 0 { exempt = conditions.randomElement(using: &random) }
  }

  private mutating func add(
    _ condition: Register, _ quotient: Register, _ random: inout SplitMix64
  ) {
    let known = conditions.randomElement(using: &random)
    let other = conditions.randomElement(using: &random)
    switch (random.next() % 8, known, other) {
    case (0, let known?, let other?):
      code.append(Instruction(.and, a: condition, b: known, c: other))
    case (1, let known?, let other?):
      code.append(Instruction(.or, a: condition, b: known, c: other))
    case (2, let known?, _): code.append(Instruction(.not, a: condition, b: known))
    case (3, let known?, _): code.append(Instruction(.move, a: condition, b: known))
    case (4, let known?, let other?):
      code.append(Instruction(.move, a: condition, b: known))
      code.append(Instruction(.select, a: condition, b: other, c: known))
    default: code.append(comparison(condition, quotient, &random))
    }
    if random.next() % 8 == 0 {
      addGroups(condition, quotient, &random)
      return
    }
    for _ in 0..<random.next() % 4 {
      var step = comparison(condition, quotient, &random)
      step.combining = random.next() % 2 == 0 ? .and : .or
      code.append(step)
    }
  }

  /// A condition that needs one of some tests and one of others.
  private mutating func addGroups(
    _ condition: Register, _ quotient: Register, _ random: inout SplitMix64
  ) {
    let other = Register(registerCount)
    registerCount += 1
    for register in [condition, other] {
      for number in 0..<2 {
        var step = comparison(register, quotient, &random)
        step.combining = number == 0 ? .none : .or
        code.append(step)
      }
    }
    code.append(Instruction(.and, a: condition, b: condition, c: other))
  }

  private func comparison(
    _ condition: Register, _ quotient: Register, _ random: inout SplitMix64
  ) -> Instruction {
    let operation: Program.Operation = [
      .lessInt, .lessOrEqualInt, .equalBits, .notEqualBits, .isMissing,
    ][Int(random.next() % 5)]
    let number =
      random.next() % 12 == 0
      ? quotient : Register(Self.fields + Int(random.next() % UInt64(Self.numbers)))
    let constant = constants[Int(random.next() % UInt64(constants.count))].register
    var step = Instruction(operation, a: condition, b: number, c: constant)
    if operation != .isMissing && random.next() % 2 == 0 { swap(&step.b, &step.c) }
    step.isNegated = random.next() % 3 == 0
    return step
  }

  /// The same, with an exemption that is always false for each rule without one: so none ends by
  /// its state alone.
  var withExemptions: RandomConditions {
    var package = self
    for place in rules.indices where rules[place].exempt == nil {
      package.rules[place].exempt = constants[0].register
    }
    return package
  }

  var program: RuleProgram {
    var event = EventProgram(registerCount: registerCount)
    event.constants = constants
    event.evaluation = code
    event.rules = rules
    event.policy = PolicyPlan(
      policy: 0, combination: .noisyOr, cap: 100, exempt: exempt,
      bands: [
        Band(threshold: 60, outcome: OutcomePlan(outcome: 1)),
        Band(threshold: 0, outcome: OutcomePlan(outcome: 0, holdMicroseconds: 5)),
      ],
      otherwise: OutcomePlan(outcome: 0),
      onError: OutcomePlan(outcome: 3), ifUnavailable: OutcomePlan(outcome: 2))
    let fields =
      [
        Field(name: "id", type: .string, slot: 0), Field(name: "at", type: .timestamp, slot: 1),
      ]
      + (0..<Self.numbers).map {
        Field(name: "x\($0)", type: .int, isOptional: true, slot: Self.fields + $0)
      }
    let type = EventType(
      name: "ask", fields: fields, idField: 0, timeField: 1, retentionMicroseconds: nil,
      lateMicroseconds: 0, slotCount: Self.slots)
    let catalog = DecisionCatalog(
      packageHash: "", eventNames: ["ask"],
      policies: [
        PolicyDescription(
          name: "p", outcomes: PolicyDescription.standardOutcomes, queues: [])
      ],
      rules: conditions.indices.map {
        RuleDescription(
          name: "r\($0)", version: 1, status: .live, reason: nil, titleEnglish: "",
          titleSpanish: "")
      }, reasons: [], signals: [], enumerations: [])
    return RuleProgram(
      schema: Schema(events: [type]), catalog: catalog, constants: Constants(), keySpaces: [],
      lists: [], links: [], signals: [], events: [event])
  }

  /// An event with these numbers.
  static func event(_ numbers: [UInt64?], sequence: UInt64) -> Event {
    var event = Event()
    event.reset(type: 0, slotCount: slots)
    event.sequence = sequence
    event.time = Timestamp(microseconds: Int64(sequence))
    event.set(0, utf8: "x".utf8)
    event.id = TextReference(bits: event.payloads[0])
    event.set(1, payload: sequence)
    for (index, number) in numbers.enumerated() {
      if let number { event.set(fields + index, payload: number) }
    }
    return event
  }

  static func numbers(_ random: inout SplitMix64) -> [UInt64?] {
    (0..<numbers).map { _ in values[Int(random.next() % UInt64(values.count))] }
  }

  /// How every rule that is active ends when every step is taken, and whether the policy exempts.
  func expected(
    _ numbers: [UInt64?], at time: Int64
  ) throws -> (rules: [Ending], isExempt: Bool) {
    var cells = [Cell](repeating: .missing, count: registerCount)
    for (index, number) in numbers.enumerated() {
      if let number { cells[Self.fields + index] = .uint(number) }
    }
    for constant in constants { cells[Int(constant.register)] = .uint(constant.payload) }
    let results = try run(code, cells)
    var payloads = FixedArray(results.map(\.payload))
    var states = FixedArray(results.map(\.state.rawValue))
    let registers = Registers(&payloads, &states, at: results.indices)
    var endings: [Ending] = []
    for rule in rules {
      if let from = rule.activeFrom, time < from.microseconds { continue }
      if let until = rule.activeUntil, time >= until.microseconds { continue }
      let step = RuleStep(
        rule: 0, when: rule.when, exempt: rule.exempt ?? RuleStep.none,
        score: rule.score ?? RuleStep.none, missing: rule.missing, share: 100, extras: -1,
        template: -1)
      let (outcome, score) = RuleJudge.outcome(of: step, registers)
      endings.append(Ending(outcome: outcome, score: score))
    }
    let isExempt = if let exempt { RuleJudge.isTrue(exempt, registers) } else { false }
    return (endings, isExempt)
  }
}

/// A rule without a score whose condition is a field of an event with two others.
private enum FlagRule {
  static var program: RuleProgram {
    var event = EventProgram(registerCount: 3)
    event.rules = [RulePlan(rule: 0, when: 2)]
    event.policy = PolicyPlan(
      policy: 0, combination: .noisyOr, cap: 100, exempt: nil, bands: [],
      otherwise: OutcomePlan(outcome: 0), onError: OutcomePlan(outcome: 3),
      ifUnavailable: OutcomePlan(outcome: 2))
    let type = EventType(
      name: "ask",
      fields: [
        Field(name: "id", type: .string, slot: 0), Field(name: "at", type: .timestamp, slot: 1),
        Field(name: "flag", type: .bool, isOptional: true, slot: 2),
      ], idField: 0, timeField: 1, retentionMicroseconds: nil, lateMicroseconds: 0, slotCount: 3)
    let catalog = DecisionCatalog(
      packageHash: "", eventNames: ["ask"],
      policies: [
        PolicyDescription(name: "p", outcomes: PolicyDescription.standardOutcomes, queues: [])
      ],
      rules: [
        RuleDescription(
          name: "r", version: 1, status: .live, reason: nil, titleEnglish: "", titleSpanish: "")
      ], reasons: [], signals: [], enumerations: [])
    return RuleProgram(
      schema: Schema(events: [type]), catalog: catalog, constants: Constants(), keySpaces: [],
      lists: [], links: [], signals: [], events: [event])
  }
}

/// How a rule ends.
private struct Ending: Equatable {
  var outcome: RuleOutcome
  var score: Int

  init(outcome: RuleOutcome, score: Int) {
    self.outcome = outcome
    self.score = score
  }

  init(_ result: RuleResult) {
    self.init(outcome: result.outcome, score: result.score)
  }
}

/// What a decision says beside its rules.
private struct Answer: Equatable {
  let named: [Int]
  let outcome: Int
  let score: Int
  let holdUntil: Timestamp?
  let queue: Int?
  let toldRules: UInt64?

  init(_ decision: Decision) {
    named = [
      Int(decision.sequence), decision.eventType, decision.policy,
      Int(decision.time.microseconds),
    ]
    outcome = decision.outcome
    score = decision.score
    holdUntil = decision.holdUntil
    queue = decision.queue
    toldRules = decision.toldRules
  }
}

@Suite struct `Gates of rules` {
  @Test(arguments: [true, false])
  func `let every rule through that is not silent`(_ isOrdered: Bool) throws {
    var random = SplitMix64(seed: isOrdered ? 0x6A7E : 0x6A7F)
    var met: [RuleOutcome: Int] = [:]
    for _ in 0..<60 {
      let package = RandomConditions(&random, isOrdered: isOrdered)
      var engine = try ScoringEngine(program: package.program)
      var slow = try ScoringEngine(program: package.withExemptions.program)
      var (decision, slower) = (Decision(), Decision())
      var batch = EventBatch(capacity: 40)
      batch.count = 40
      var expected: [(rules: [Ending], isExempt: Bool)] = []
      var alone: [Decision] = []
      for place in 0..<40 {
        let numbers = RandomConditions.numbers(&random)
        expected.append(try package.expected(numbers, at: Int64(place + 1)))
        batch.events[place] = RandomConditions.event(numbers, sequence: UInt64(place + 1))
        #expect(engine.apply(batch.events[place], into: &decision))
        #expect(decision.rules.map(Ending.init) == expected[place].rules)
        #expect(decision.isExempt == expected[place].isExempt)
        #expect(slow.apply(batch.events[place], into: &slower))
        #expect(decision.rules == slower.rules)
        #expect(decision.score == slower.score)
        #expect(decision.outcome == slower.outcome)
        #expect(decision.holdUntil == slower.holdUntil)
        for ending in expected[place].rules { met[ending.outcome, default: 0] += 1 }
        alone.append(decision)
      }
      var other = try ScoringEngine(program: package.program)
      other.apply(&batch)
      #expect(other.statistics == engine.statistics)
      #expect(slow.statistics == engine.statistics)
      for place in 0..<40 {
        #expect(batch.decisions[place].rules.map(Ending.init) == expected[place].rules)
        #expect(batch.decisions[place].isExempt == expected[place].isExempt)
        #expect(Answer(batch.decisions[place]) == Answer(alone[place]))
      }
    }
    for outcome in [RuleOutcome.silent, .fires, .unknown, .error] {
      #expect(met[outcome, default: 0] > 500, "\(outcome) is hardly met")
    }
  }

  @Test func `need no step where comparisons are the condition`() throws {
    var random = SplitMix64(seed: 0x6A80)
    var wholes: Set<UInt8> = []
    var (steps, further, sure) = (0, 0, 0)
    for _ in 0..<20 {
      let package = RandomConditions(&random, isOrdered: true)
      let plan = try EnginePlanBuilder.build(package.program)
      for place in plan.events[0].gates.indices {
        let gate = plan.events[0].gates[place]
        wholes.insert(gate.tests)
        if gate.tests == 0 && gate.steps > 1 { steps += 1 }
      }
      let head = plan.events[0].groups[0].words.lowerBound
      further += Int(plan.events[0].gateRows[head + 1])
      sure += plan.events[0].gateRows[head + 4].nonzeroBitCount
    }
    #expect(wholes.isSuperset(of: [0, 1, 2]))
    #expect(steps > 20)
    #expect(further > 5)
    #expect(sure > 30)
  }

  @Test(arguments: [nil, false, true] as [Bool?])
  func `are not needed for a condition among fewer registers than a row has`(
    _ flag: Bool?
  ) throws {
    var engine = try ScoringEngine(program: FlagRule.program)
    var decision = Decision()
    var event = Event()
    event.reset(type: 0, slotCount: 3)
    event.set(0, utf8: "x".utf8)
    event.id = TextReference(bits: event.payloads[0])
    event.set(1, payload: 1)
    event.time = Timestamp(microseconds: 1)
    if let flag { event.set(2, payload: flag ? 1 : 0) }
    #expect(engine.apply(event, into: &decision))
    let expected: RuleOutcome =
      switch flag {
      case nil: .unknown
      case false?: .silent
      case true?: .fires
      }
    #expect(decision.rules.map(\.outcome) == [expected])
  }

  @Test func `are not laid out for who takes every step`() throws {
    var random = SplitMix64(seed: 0x6A81)
    let package = RandomConditions(&random, isOrdered: true)
    let plan = try EnginePlanBuilder.build(package.program, hasGates: false)
    #expect(plan.events[0].gates.count == 0)
    #expect(plan.events[0].groups.count == 0)
    #expect(!plan.events[0].evaluation.isEmpty)
  }
}
