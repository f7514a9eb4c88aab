internal import Engine
internal import Expressions
internal import Model
internal import Program
internal import RuleLanguage
internal import Values

/// One test while it runs: the engine, the clock, the last event and its decision.
struct ScenarioTimeline: ~Copyable {
  let rules: CheckedRules
  let program: RuleProgram
  private var engine: ScoringEngine
  /// Time of `0m`: 2026-01-05T18:00:00Z unless the test says otherwise.
  var start = Timestamp(microseconds: 1_767_636_000_000_000)
  /// Counters of the running `repeat`, by variable number.
  var counters: [Int: Int64] = [:]
  private var lastTime: Int64?
  private var sent: UInt64 = 0
  private var event = Event()
  private(set) var decision = Decision()
  private(set) var hasDecision = false
  /// Values of the last event by field, and what was given of accounts, for explaining.
  private(set) var lastFields: [FieldPlace: Value] = [:]
  private(set) var givenAttributes: [GivenAttribute: Value] = [:]

  init(rules: CheckedRules, program: RuleProgram, engine: consuming ScoringEngine) {
    self.rules = rules
    self.program = program
    self.engine = engine
  }

  // MARK: Sending

  /// `repeat` starts at the time of the last event sent, or at the start.
  func nextRepetition() -> Int64 { lastTime ?? start.microseconds }

  mutating func given(
    entity: Int, key: TypedExpression, attributes: [(Int, TypedExpression)]
  ) {
    guard case .string(let key) = value(key) else {
      preconditionFailure("the checker asks for a text as key")
    }
    for (attribute, expression) in attributes {
      let bytes = Array(key.utf8)
      let place = GivenAttribute(entity: entity, key: key, attribute: attribute)
      givenAttributes[place] = value(expression)
      engine.setAttribute(
        attribute, ofEntity: entity, key: bytes.span, to: GivenValue(value(expression)))
    }
  }

  /// Sends an event. Fields left out take their default, else are missing even if required.
  mutating func send(_ record: CheckedRecord, at microseconds: Int64) {
    let type = rules.schema.events[record.event]
    sent += 1
    lastTime = microseconds
    event.reset(type: record.event, slotCount: type.slotCount)
    event.sequence = sent
    lastFields = [:]
    for (position, field) in type.fields.enumerated() {
      let written = record.fields.first { $0.field == position }?.value
      let standIn = rules.fieldDefaults[FieldPlace(event: record.event, field: position)]
      guard let expression = written ?? standIn else { continue }
      let value = value(expression)
      lastFields[FieldPlace(event: record.event, field: position)] = value
      set(field.slot, value)
    }
    event.set(type.fields[type.timeField].slot, payload: UInt64(bitPattern: microseconds))
    event.time = Timestamp(microseconds: microseconds)
    lastFields[FieldPlace(event: record.event, field: type.timeField)] = .timestamp(event.time)
    let idSlot = type.fields[type.idField].slot
    if event.states[idSlot] == ValueState.missing.rawValue {
      event.set(idSlot, utf8: "t\(sent)".utf8)
      lastFields[FieldPlace(event: record.event, field: type.idField)] = .string("t\(sent)")
    }
    event.id = TextReference(bits: event.payloads[idSlot])
    hasDecision = engine.apply(event, into: &decision)
  }

  private mutating func set(_ slot: Int, _ value: Value) {
    switch GivenValue(value) {
    case .text(let bytes): event.set(slot, utf8: bytes)
    case .payload(let payload?): event.set(slot, payload: payload)
    case .payload(nil): break
    }
  }

  private func value(_ expression: TypedExpression) -> Value {
    let symbols = rules.symbols
    let params = rules.params
    let counters = counters
    let interpreter = Interpreter(
      variable: { number in
        if let counter = counters[number] { return .int(counter) }
        if case .param(let position) = symbols[number] { return params[position].value }
        return .missing
      }, query: { _, _ in .missing })
    return interpreter.evaluate(expression)
  }
}

/// An attribute of one account.
struct GivenAttribute: Hashable {
  var entity: Int
  var key: String
  var attribute: Int
}

// MARK: Expecting

extension ScenarioTimeline {
  /// What there is instead of what is expected of the last event; nil when it holds.
  func mismatch(_ expectation: CheckedExpectation) -> String? {
    guard hasDecision else { return "no policy governs the last event" }
    switch expectation {
    case .signal(let signal, let comparison):
      let value = signalValue(signal)
      let holds = evaluate(
        comparison,
        variable: { number in
          if case .signal(signal) = rules.symbols[number] { value } else { nil }
        })
      return holds ? nil : text(value, rules.signals[signal].type)
    case .signalMissing(let signal, let isMissing):
      let value = signalValue(signal)
      return (value == .missing) == isMissing ? nil : text(value, rules.signals[signal].type)
    case .rule(let rule, let outcome):
      let found = decision.rules.first { $0.rule == rule }?.outcome
      return found == outcome ? nil : found.map { "\($0)" } ?? "not evaluated on this event"
    case .score(let comparison):
      let score = Value.int(Int64(decision.score))
      return evaluate(comparison, variable: { _ in score }) ? nil : "\(decision.score)"
    case .decision(let name):
      let found = program.catalog.policies[decision.policy].outcomes[decision.outcome]
      return found == name ? nil : found
    case .reasons(let codes):
      let found = countedReasons()
      return Set(found) == Set(codes) ? nil : "[\(found.joined(separator: ", "))]"
    }
  }

  private func evaluate(_ comparison: TypedExpression, variable: (Int) -> Value?) -> Bool {
    withoutActuallyEscaping(variable) { variable in
      let symbols = rules.symbols
      let params = rules.params
      let interpreter = Interpreter(
        variable: { number in
          if let value = variable(number) { return value }
          if case .param(let position) = symbols[number] { return params[position].value }
          return .missing
        }, query: { _, _ in .missing })
      return interpreter.evaluate(comparison) == .bool(true)
    }
  }

  func signalValue(_ signal: Int) -> Value {
    guard let result = decision.signals.first(where: { $0.signal == signal }) else {
      return .missing
    }
    return Value(result, type: rules.signals[signal].type, of: decision)
  }

  private func text(_ value: Value, _ type: ValueType) -> String {
    switch value {
    case .missing: return "missing"
    case .error(let fault): return "error (\(fault))"
    case .int(let number): return "\(number)"
    case .decimal(let number): return "\(number)"
    case .duration(let microseconds): return DurationText.text(ofMicroseconds: microseconds)
    default: return "\(value)"
    }
  }

  private func countedReasons() -> [String] {
    var codes: [String] = []
    for result in decision.rules where result.counted && result.outcome == .fires {
      guard let reason = program.catalog.rules[result.rule].reason else { continue }
      let code = program.catalog.reasons[reason]
      if !codes.contains(code) { codes.append(code) }
    }
    return codes
  }
}

extension Value {
  /// The value of a signal, which is never text in this version.
  fileprivate init(_ result: SignalResult, type: ValueType, of decision: Decision) {
    let bits = Int64(bitPattern: result.payload)
    switch (result.state, type) {
    case (.missing, _), (.cleared, _): self = .missing
    case (.error, _): self = .error(EvaluationFault(rawValue: result.payload) ?? .conversion)
    case (.present, .decimal(let scale, _)): self = .decimal(Decimal(units: bits, scale: scale))
    case (.present, .duration): self = .duration(bits)
    case (.present, .bool): self = .bool(bits != 0)
    case (.present, .uint): self = .uint(result.payload)
    case (.present, .double): self = .double(Double(bitPattern: result.payload))
    case (.present, .timestamp): self = .timestamp(Timestamp(microseconds: bits))
    case (.present, .enumeration): self = .enumeration(Int(bits))
    case (.present, .collected(let element)):
      self = .list(
        CollectedReference(bits: result.payload).range.map { place in
          var value = result
          value.payload = decision.collected[place]
          return Value(value, type: element, of: decision)
        })
    case (.present, _): self = .int(bits)
    }
  }
}

extension GivenValue {
  /// A value of a test as the engine and events take it.
  fileprivate init(_ value: Value) {
    switch value {
    case .string(let text): self = .text(Array(text.utf8))
    case .bytes(let bytes): self = .text(bytes)
    case .bool(let value): self = .payload(value ? 1 : 0)
    case .int(let value), .duration(let value): self = .payload(UInt64(bitPattern: value))
    case .uint(let value): self = .payload(value)
    case .double(let value): self = .payload(value.bitPattern)
    case .timestamp(let value): self = .payload(UInt64(bitPattern: value.microseconds))
    case .decimal(let value): self = .payload(UInt64(bitPattern: value.units))
    case .enumeration(let position): self = .payload(UInt64(position))
    case .missing, .error, .list: self = .payload(nil)
    }
  }
}
