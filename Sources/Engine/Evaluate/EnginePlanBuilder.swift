import Model
import Program
import Values

/// Lays a program out flat and refuses one that contradicts itself, so that scoring never has to.
struct EnginePlanBuilder: ~Copyable {
  let program: RuleProgram
  var plan = EnginePlan()
  /// Keys of the event type being laid out, so that each is resolved once.
  var keyPositions: [KeyIdentity: Int] = [:]
  /// First position in `caseNames` of each enumeration.
  var firstCases: [Int] = []
  /// The event type being laid out.
  var type = 0
  /// Whether rules are to be asked gate by gate, or all their steps taken.
  let hasGates: Bool
  /// Policies so far, and where their bands lie.
  var policies: [(policy: PolicyPlan, bands: Range<Int>)] = []
  /// Its registers that hold constants.
  var constantRegisters: Set<Register> = []

  /// What makes two keys the same.
  struct KeyIdentity: Hashable {
    var space: Int
    var parts: [KeyPart]
  }

  init(_ program: RuleProgram, hasGates: Bool) {
    self.program = program
    self.hasGates = hasGates
  }

  /// The layout of a program; without gates for who runs all steps of rules.
  static func build(
    _ program: RuleProgram, hasGates: Bool = true
  ) throws(EngineError) -> EnginePlan {
    var builder = EnginePlanBuilder(program, hasGates: hasGates)
    try builder.checkState()
    builder.plan.linkedUses = LinkedUses(program)
    builder.addCaseNames()
    builder.plan.constantText = program.constants.text
    builder.plan.textAttributes = TextAttributes(program.schema.entities)
    for label in program.labels {
      let start = builder.plan.labelText.count
      builder.plan.labelText += Array(label.utf8)
      builder.plan.labels.append(start..<builder.plan.labelText.count)
    }
    let events = try FixedArray(count: program.schema.events.count) { type throws(EngineError) in
      try builder.layout(of: type)
    }
    builder.plan.events = events
    builder.addPolicies()
    return builder.plan
  }

  var eventType: EventType { program.schema.events[type] }
  var eventProgram: EventProgram { program.events[type] }

  func require(_ condition: Bool, _ detail: @autoclosure () -> String) throws(EngineError) {
    if !condition { throw .program(detail: detail()) }
  }

  /// The register, when the event type has it.
  @discardableResult
  func checked(_ register: Register) throws(EngineError) -> Register {
    try require(
      Int(register) < eventProgram.registerCount, "\(eventType.name): no register \(register)")
    return register
  }

  @discardableResult
  func checked(_ register: Register?) throws(EngineError) -> Register? {
    guard let register else { return nil }
    return try checked(register)
  }

  // MARK: Event types

  private mutating func layout(of type: Int) throws(EngineError) -> EventPlan {
    self.type = type
    keyPositions = [:]
    constantRegisters = Set(eventProgram.constants.map(\.register))
    try checkRegisters()
    var event = EventPlan()
    event.slotCount = eventType.slotCount
    event.lateMicroseconds = eventType.lateMicroseconds
    for byte in eventType.name.utf8 { event.nameHash.append(byte) }
    event.nameHash.append(0)
    event.registers = addRegisters()
    event.keySlots = try addKeySlots()
    event.keyNames = addKeyNames(event.keySlots)
    for slot in 0..<min(64, event.slotCount)
    where plan.keyNames[event.keyNames.lowerBound + slot].form != .none {
      event.firstKeys |= 1 << UInt64(slot)
    }
    event.namesAttributes = plan.keySlots[event.keySlots].contains { $0.attributeCount > 0 }
    event.attributeLoads = try addAttributeLoads()
    event.arrival = try add(eventProgram.arrival)
    event.evaluation = try add(eventProgram.evaluation)
    // Taken behind gates alone, with what it needs of the steps of rules.
    for instruction in eventProgram.explanation { try check(instruction) }
    event.feeds = try addFeeds()
    try addTimelineFeeds(to: &event)
    try addUses(to: &event)
    event.edges = try addEdges()
    try addReads(to: &event)
    event.rules = try addRules()
    if hasGates { addGates(to: &event) }
    event.areAlwaysActive = event.rules.allSatisfy { position in
      let extras = plan.rules[position].extras
      if extras < 0 { return true }
      let rule = plan.ruleExtras[Int(extras)]
      return rule.activeFrom == nil && rule.activeUntil == nil
    }
    event.policy = try addPolicy()
    event.accountEvent = eventProgram.accountEvent
    event.arrivesWithMore =
      event.namesAttributes || event.accountEvent != nil
      || !(event.attributeLoads.isEmpty && event.arrival.isEmpty)
    event.isStaged = isStaged(event)
    event.entersByList = entersByList(event)
    event.entersByTimeline = event.timelineFeeds.isEmpty && event.timelineReads.isEmpty
    return event
  }

  private mutating func addRegisters() -> Range<Int> {
    let start = plan.payloads.count
    let count = eventProgram.registerCount
    plan.payloads += [UInt64](repeating: 0, count: count)
    plan.states += [UInt8](repeating: ValueState.missing.rawValue, count: count)
    for constant in eventProgram.constants {
      plan.payloads[start + Int(constant.register)] = constant.payload
      plan.states[start + Int(constant.register)] = constant.state.rawValue
    }
    return start..<start + count
  }

  private mutating func addKeySlots() throws(EngineError) -> Range<Int> {
    let start = plan.keySlots.count
    var slots: Set<Int> = []
    for field in eventType.fields {
      try require(field.slot < eventType.slotCount, "\(field.name) lies outside the slots")
      switch field.kind {
      case .plain: continue
      case .entity(let entity):
        let count = program.schema.entities[entity].attributes.count
        try require(
          field.slot + count < eventType.slotCount, "attributes of \(field.name) lie outside")
        plan.keySlots.append(
          KeySlotPlan(slot: field.slot, space: entity, entity: entity, attributeCount: count))
      case .identifier(let identifier):
        plan.keySlots.append(
          KeySlotPlan(
            slot: field.slot, space: program.schema.entities.count + identifier,
            normalizer: program.schema.identifiers[identifier].normalizer))
      }
      try require(slots.insert(field.slot).inserted, "\(field.name) has the slot of another key")
    }
    // They are named by slot, and in field order.
    let own = plan.keySlots[start...]
    try require(
      zip(own, own.dropFirst()).allSatisfy { $0.slot < $1.slot }, "slots in another order")
    return start..<plan.keySlots.count
  }

  private mutating func addKeyNames(_ positions: Range<Int>) -> Range<Int> {
    let start = plan.keyNames.count
    plan.keyNames += [KeyName](repeating: KeyName(), count: eventType.slotCount)
    for position in positions {
      let key = plan.keySlots[position]
      plan.keyNames[start + key.slot] = KeyName(key, at: position)
    }
    return start..<plan.keyNames.count
  }

  private mutating func addAttributeLoads() throws(EngineError) -> Range<Int> {
    let start = plan.attributeLoads.count
    for load in eventProgram.attributes {
      try checked(load.register)
      try require(
        eventType.fields.contains { $0.slot == load.slot && $0.kind == .entity(load.entity) },
        "\(eventType.name): slot \(load.slot) is no entity \(load.entity)")
      try require(
        program.schema.entities[load.entity].attributes.indices.contains(load.attribute),
        "\(eventType.name): no attribute \(load.attribute)")
      plan.attributeLoads.append(load)
    }
    return start..<plan.attributeLoads.count
  }

  private mutating func add(_ code: [Instruction]) throws(EngineError) -> Range<Int> {
    for instruction in code { try check(instruction) }
    return append(code)
  }

  /// Adds code that was checked.
  mutating func append(_ code: [Instruction]) -> Range<Int> {
    let start = plan.code.count
    plan.code += code
    return start..<plan.code.count
  }
}
