internal import Expressions
internal import Model
internal import Program
internal import RuleLanguage
internal import Values

/// Builds what happens on one event type.
struct EventProgramBuilder {
  var compiler: PackageCompiler
  let event: Int
  var program: EventProgram
  /// Where each expression's value is, and from which phase on.
  var computed: [TypedExpression: (register: Register, phase: Phase)] = [:]
  /// Where the result of each operation on given registers is, and from which phase on.
  var written: [CodeKey: (register: Register, phase: Phase)] = [:]
  /// Where the result of each library function of several operands is, and from which phase on.
  var calls: [CallKey: (register: Register, phase: Phase)] = [:]
  /// Where params are whose values are tried.
  private(set) var freeRegisters: [Int: Register] = [:]
  private var constants: [ConstantKey: Register] = [:]
  private var signalRegisters: [Int: Register] = [:]
  /// The code that is being written.
  var phase = Phase.arrival

  enum Phase: Int {
    case arrival
    case evaluation
    case explanation
  }

  /// An operation on given registers; `d` is what `select` leaves when its condition is false.
  struct CodeKey: Hashable {
    var operation: Operation
    var b: Register
    var c: Register
    var d: Register
    var extra: UInt8 = 0
  }

  /// A library function on given registers.
  struct CallKey: Hashable {
    var function: LibraryFunction
    var operands: [Register]
  }

  private struct ConstantKey: Hashable {
    var payload: UInt64
    var state: ValueState
  }

  init(compiler: PackageCompiler, event: Int) {
    self.compiler = compiler
    self.event = event
    program = EventProgram(registerCount: compiler.rules.schema.events[event].slotCount)
  }

  private var rules: CheckedRules { compiler.rules }
  private var type: EventType { rules.schema.events[event] }

  mutating func build(links: [LinkPlan]) -> EventProgram {
    program.feeds = compiler.lists.sources.indices
      .filter { compiler.lists.sources[$0].event == event }.map { feed($0) }
    program.timelineFeeds = timelineFeeds()
    // What the event decided on has linked is linked already.
    program.uses = type.isDecision ? [] : identifierUses(links)
    program.edges = links.indices.filter {
      if case .event(event, _, _, _) = links[$0].source { true } else { false }
    }
    program.accountEvent = accountEvent()
    guard let policy = rules.policies.firstIndex(where: { $0.event == event }) else {
      return program
    }
    for position in rules.signals.indices {
      guard let keys = rules.signals[position].bareKeys[event] else { continue }
      let register = read(position, keys: keys.map { emit($0) }, isStored: true)
      signalRegisters[position] = register
    }
    phase = .evaluation
    let governed = rules.rules.indices.filter {
      rules.rules[$0].event == event && rules.rules[$0].status != .off
    }
    program.rules = governed.map { rule($0) }
    program.policy = self.policy(policy)
    phase = .explanation
    // Those that are the same on every event are in the catalog.
    for (position, rule) in governed.enumerated() where rules.rules[rule].texts.fixed == nil {
      program.rules[position].texts = texts(rules.rules[rule].texts)
    }
    return program
  }

  // MARK: State

  private mutating func feed(_ list: Int) -> Feed {
    let source = compiler.lists.sources[list]
    return Feed(
      list: list, filter: source.filter.map { emit($0) }, keys: source.keys.map { emit($0) },
      sums: source.sums.map { emit($0) }, distincts: source.distincts.map { emit($0) })
  }

  /// Uses of identifiers that some link joins accounts by.
  private func identifierUses(_ links: [LinkPlan]) -> [IdentifierUse] {
    var linked: Set<Int> = []
    for link in links {
      if case .identifiers(let identifiers) = link.source { linked.formUnion(identifiers) }
    }
    for signal in compiler.signals {
      if case .graph(let question) = signal { linked.formUnion(question.identifiers) }
    }
    return type.fields.flatMap { field -> [IdentifierUse] in
      guard case .identifier(let identifier) = field.kind, linked.contains(identifier) else {
        return []
      }
      return field.owners.map {
        IdentifierUse(identifier: identifier, slot: field.slot, ownerSlot: type.fields[$0].slot)
      }
    }
  }

  /// What a built-in event says, by the order in which the checker declares its fields.
  private func accountEvent() -> AccountEvent? {
    let slots = type.fields.map(\.slot)
    return switch rules.builtInEvents[event] {
    case .label:
      .label(entitySlot: slots[2], keySlot: slots[3], labelSlot: slots[4], removedSlot: slots[5])
    case .erase: .erase(entitySlot: slots[2], keySlot: slots[3])
    case nil: nil
    }
  }

  private mutating func read(_ signal: Int, keys: [Register], isStored: Bool) -> Register {
    let register = newRegister()
    program.reads.append(
      SignalRead(signal: signal, keys: keys, register: register, isStored: isStored))
    return register
  }

  /// The register of a signal asked for other keys, which are settled before any signal is read.
  mutating func ask(_ signal: Int, _ arguments: [TypedExpression]) -> Register {
    let before = phase
    phase = .arrival
    let keys = arguments.map { emit($0) }
    phase = before
    return read(signal, keys: keys, isStored: false)
  }

  func register(ofSignal signal: Int) -> Register {
    guard let register = signalRegisters[signal] else {
      preconditionFailure("the checker lets no rule read a signal that its event does not carry")
    }
    return register
  }

  // MARK: Decisions

  private mutating func rule(_ position: Int) -> RulePlan {
    let rule = rules.rules[position]
    let missing: MissingMode =
      switch rule.missing {
      case .skips: .skips
      case .fires: .fires
      case .errors: .errors
      }
    return RulePlan(
      rule: position, when: emit(rule.when), exempt: rule.exempt.map { emit($0) },
      score: rule.score.map { emit($0) }, force: rule.force.map(outcome), status: rule.status,
      activeFrom: rule.activeFrom, activeUntil: rule.activeUntil, missing: missing)
  }

  private mutating func policy(_ position: Int) -> PolicyPlan {
    let policy = rules.policies[position]
    let combination: ScoreCombination =
      switch policy.combination {
      case "max": .max
      case "noisy_or": .noisyOr
      default: .sum
      }
    var plan = PolicyPlan(
      policy: position, combination: combination, cap: policy.cap,
      exempt: policy.exempt.map { emit($0) },
      bands: policy.bands.map { Band(threshold: $0.threshold, outcome: outcome($0.outcome)) },
      otherwise: outcome(policy.otherwise), onError: outcome(policy.onError),
      ifUnavailable: outcome(policy.ifUnavailable))
    plan.decisionEvent = rules.schema.events.firstIndex {
      $0.isDecision && $0.name == policy.name
    }
    return plan
  }

  private func outcome(_ outcome: CheckedOutcome) -> OutcomePlan {
    OutcomePlan(
      outcome: outcome.outcome, holdMicroseconds: outcome.holdMicroseconds, queue: outcome.queue)
  }

  private mutating func texts(_ texts: CheckedTexts) -> ReasonTemplates {
    ReasonTemplates(
      analystEnglish: template(texts.analystEnglish),
      analystSpanish: template(texts.analystSpanish),
      customerEnglish: template(texts.customerEnglish),
      customerSpanish: template(texts.customerSpanish))
  }

  private mutating func template(_ parts: [CheckedPart]) -> [TemplatePart] {
    parts.map { part in
      switch part {
      case .literal(let text): .literal(Array(text.utf8))
      case .hole(let expression): .hole(emit(expression), expression.type)
      }
    }
  }

  // MARK: Registers

  mutating func newRegister() -> Register {
    precondition(program.registerCount < Limits.registers, "a package needs too many registers")
    program.registerCount += 1
    return Register(program.registerCount - 1)
  }

  mutating func constant(_ value: Value) -> Register {
    let (payload, state) = compiler.constants.load(value)
    let key = ConstantKey(payload: payload, state: state)
    if let known = constants[key] { return known }
    let register = newRegister()
    program.constants.append(ConstantLoad(register: register, payload: payload, state: state))
    constants[key] = register
    return register
  }

  /// The register of a param: one that equal constants share, unless its values are tried.
  mutating func param(_ position: Int) -> Register {
    let value = compiler.paramValue(position)
    guard compiler.free[position] != nil else { return constant(value) }
    if let known = freeRegisters[position] { return known }
    let (payload, state) = compiler.constants.load(value)
    let register = newRegister()
    program.constants.append(ConstantLoad(register: register, payload: payload, state: state))
    freeRegisters[position] = register
    return register
  }

  mutating func attribute(_ field: Int, _ attribute: Int) -> Register {
    guard case .entity(let entity) = type.fields[field].kind else {
      preconditionFailure("attributes belong to entity fields")
    }
    let register = newRegister()
    program.attributes.append(
      AttributeLoad(
        register: register, entity: entity, slot: type.fields[field].slot, attribute: attribute))
    return register
  }

  mutating func append(_ instruction: Instruction) {
    switch phase {
    case .arrival: program.arrival.append(instruction)
    case .evaluation: program.evaluation.append(instruction)
    case .explanation: program.explanation.append(instruction)
    }
  }
}
