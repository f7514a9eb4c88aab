import Program
import Values

/// The part of an event type's code that a free param can change, over registers of its own: what
/// it writes, what it reads, and the constants in between. All else on the event is as it is.
struct SliceCode {
  var steps: [Instruction] = []
  /// The rules that can end differently and count, by position among those of the event type.
  var rules: [Int] = []
  /// What those rules read, in the registers of this slice.
  var ruleSteps: [RuleStep] = []
  /// Whether the policy exempts, where that can change.
  var exempt: Register?
  /// Where the value of the param is.
  var free: Register = 0
  /// Registers of the event that the slice reads, and where they go.
  var inputs: [Input] = []
  /// Texts looked up in lists from files while the event is there, for lists change.
  var lookups: [Lookup] = []
  /// What the registers of the slice begin with.
  var payloads: [UInt64] = []
  var states: [UInt8] = []
  var constants: Set<Register> = []

  struct Input: BitwiseCopyable {
    var from: Register
    var to: Register
    /// Whether it is a text that the slice looks at.
    var isText: Bool
  }

  struct Lookup: BitwiseCopyable {
    var text: Register
    /// Number of the set.
    var set: Int
    /// Where the answer goes, a bool.
    var to: Register
  }

  /// Takes apart what an event type does.
  ///
  /// *Throws* why columns cannot say what another value of the param would change.
  init(
    _ program: RuleProgram, _ plan: borrowing EnginePlan, event: Int, register: Register
  ) throws(SweepRefusal) {
    let own = program.events[event]
    if own.isShaped(by: register) { throw .shapesSignals(event: event) }
    let varying = Self.varying(own.evaluation, from: register)
    steps = own.evaluation.filter { varying.contains($0.a) }
    if let policy = own.policy, let exempt = policy.exempt, varying.contains(exempt) {
      self.exempt = exempt
    }
    for (number, position) in plan.events[event].rules.enumerated() {
      let rule = plan.rules[position]
      // A rule in shadow changes no decision.
      guard rule.share > 0, rule.registers.contains(where: varying.contains) else { continue }
      if rule.share < 100 { throw .share(rule: Int(rule.rule)) }
      if rule.extras >= 0 {
        let extras = plan.ruleExtras[Int(rule.extras)]
        if extras.activeFrom != nil || extras.activeUntil != nil {
          throw .period(rule: Int(rule.rule))
        }
      }
      rules.append(number)
      ruleSteps.append(rule)
    }
    keepNeeded()
    let lists = Set(program.listFiles.map { Register($0.textSet) })
    try refuse(lists, varying: varying, event: event)
    let answers = look(up: lists, behind: own.registerCount)
    lay(out: own, plan, event, varying: varying, answers: answers, register: register)
  }

  /// The registers whose value depends on one, itself included.
  private static func varying(_ code: [Instruction], from register: Register) -> Set<Register> {
    var varying: Set<Register> = [register]
    var count = 0
    // Once more as long as it grows: a register depends as a whole on what it is joined with later.
    while count < varying.count {
      count = varying.count
      for step in code where step.operands.contains(where: varying.contains) {
        varying.insert(step.a)
      }
    }
    return varying
  }

  /// Drops the steps whose result nobody reads in the end.
  private mutating func keepNeeded() {
    var needed = Set(ruleSteps.flatMap(\.registers) + [exempt].compactMap { $0 })
    var kept: [Instruction] = []
    for step in steps.reversed() where needed.contains(step.a) {
      needed.formUnion(step.operands)
      kept.append(step)
    }
    steps = kept.reversed()
  }

  private func refuse(
    _ lists: Set<Register>, varying: Set<Register>, event: Int
  ) throws(SweepRefusal) {
    for step in steps {
      switch step.operation {
      case .inCollected, .collectedSize, .collectedItem: throw .collected(event: event)
      case .inTextSet where lists.contains(step.c) && varying.contains(step.b):
        throw .list(event: event)
      default: break
      }
    }
  }

  /// Has texts looked up in lists while the event is there: the step then tests the answer.
  ///
  /// A text becomes a register behind those of the event, which `lay` knows as an input.
  private mutating func look(up lists: Set<Register>, behind count: Int) -> Set<Register> {
    var answers: Set<Register> = []
    for index in steps.indices {
      let step = steps[index]
      guard step.operation == .inTextSet, lists.contains(step.c) else { continue }
      let known = lookups.first { $0.text == step.b && $0.set == Int(step.c) }
      let answer = known?.to ?? Register(count + 1 + lookups.count)
      if known == nil { lookups.append(Lookup(text: step.b, set: Int(step.c), to: answer)) }
      answers.insert(answer)
      steps[index] = Instruction(
        .equalBits, a: step.a, b: answer, c: Register(count), extra: step.extra)
    }
    return answers
  }

  /// Numbers the registers anew, in their order, so that operands side by side stay so.
  private mutating func lay(
    out own: EventProgram, _ plan: borrowing EnginePlan, _ event: Int,
    varying: Set<Register>, answers: Set<Register>, register: Register
  ) {
    let texts = Self.texts(steps)
    var used: Set<Register> = [register]
    for step in steps { used.formUnion(step.operands + [step.a]) }
    used.formUnion(ruleSteps.flatMap(\.registers) + [exempt].compactMap { $0 })
    let fixed = Set(own.constants.map(\.register))
    var places: [Register: Register] = [RuleStep.none: RuleStep.none]
    for (place, old) in used.sorted().enumerated() {
      let place = Register(place)
      places[old] = place
      guard Int(old) < own.registerCount else {
        // Answers of lists, and the true that they are compared with.
        let isAnswer = answers.contains(old)
        payloads.append(isAnswer ? 0 : 1)
        states.append(isAnswer ? Registers.missing : Registers.present)
        if !isAnswer { constants.insert(place) }
        continue
      }
      payloads.append(plan.payloads[plan.events[event].registers.lowerBound + Int(old)])
      states.append(plan.states[plan.events[event].registers.lowerBound + Int(old)])
      if fixed.contains(old) {
        constants.insert(place)
      } else if !varying.contains(old) {
        inputs.append(Input(from: old, to: place, isText: texts.contains(old)))
      }
    }
    func place(_ register: Register) -> Register {
      guard let place = places[register] else { preconditionFailure("every register has a place") }
      return place
    }
    free = place(register)
    exempt = exempt.map(place)
    for index in steps.indices {
      steps[index].a = place(steps[index].a)
      steps[index].b = place(steps[index].b)
      if steps[index].operation.operandCount == 2 { steps[index].c = place(steps[index].c) }
    }
    for index in lookups.indices { lookups[index].to = place(lookups[index].to) }
    for index in ruleSteps.indices {
      ruleSteps[index].when = place(ruleSteps[index].when)
      ruleSteps[index].exempt = place(ruleSteps[index].exempt)
      ruleSteps[index].score = place(ruleSteps[index].score)
    }
  }

  /// The registers whose bytes some step reads, told by what is done with them.
  private static func texts(_ steps: [Instruction]) -> Set<Register> {
    var texts: Set<Register> = []
    // Against the order of the code, and again where a conditional move reads what it writes.
    var count = -1
    while count < texts.count {
      count = texts.count
      for step in steps.reversed() {
        switch step.operation {
        case .equalText, .notEqualText, .lessText, .lessOrEqualText, .textContains,
          .textStartsWith, .textEndsWith:
          texts.formUnion([step.b, step.c])
        case .inTextSet, .matches, .textSize: texts.insert(step.b)
        case .call:
          let mask = LibraryFunction(rawValue: step.c)?.textOperands ?? 0
          for operand in 0..<Register(step.extra) where mask >> UInt8(operand) & 1 != 0 {
            texts.insert(step.b + operand)
          }
        case .move where texts.contains(step.a): texts.insert(step.b)
        case .select where texts.contains(step.a): texts.insert(step.c)
        case .orDefault where texts.contains(step.a): texts.formUnion([step.b, step.c])
        default: break
        }
      }
    }
    return texts
  }
}

extension RuleStep {
  /// The registers it is decided from.
  var registers: [Register] { [when, exempt, score].filter { $0 != RuleStep.none } }
}

extension EventProgram {
  /// Whether a register reaches what is counted on the event, or keys its signals are asked for.
  func isShaped(by register: Register) -> Bool {
    var state = arrival.flatMap(\.operands)
    for feed in feeds {
      state += [feed.filter].compactMap { $0 } + feed.keys + feed.sums + feed.distincts
    }
    for feed in timelineFeeds { state += [feed.filter, feed.value].compactMap { $0 } + feed.keys }
    for read in reads { state += read.keys }
    return state.contains(register)
  }
}
