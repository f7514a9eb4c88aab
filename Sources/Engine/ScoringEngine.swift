public import Model
public import Program

/// From events to decisions: the one place where a package is run.
///
/// Pure: no clock, randomness or I/O. The same events in the same order give the same decisions,
/// whatever the hash secret, the machine or the moment. One owner at a time; nothing is allocated
/// per event once its buffers have grown.
public struct ScoringEngine: ~Copyable, Sendable {
  /// The package this engine runs.
  public let program: RuleProgram
  /// What was counted since the engine was made.
  public private(set) var statistics = EngineStatistics()

  private let options: EngineOptions
  let plan: EnginePlan
  private let textAttributes: TextAttributes
  private var constants: ConstantPool
  var keys: KeySpaces
  private var attributes: AttributeStore
  var signals: SignalState
  private var columns: EntryColumns
  /// The registers of all event types, side by side.
  private var payloads: [UInt64]
  private var states: [UInt8]
  /// Normalised identifiers and computed text of the event being scored, the arena `.scratch`.
  private var scratch = ScratchText()
  /// The greatest event time so far.
  var clock = Int64.min

  /// Makes an engine with an empty state.
  ///
  /// *Throws* `EngineError` when a pattern is refused or the program contradicts itself.
  public init(
    program: RuleProgram, options: EngineOptions = EngineOptions()
  ) throws(EngineError) {
    let plan = try EnginePlanBuilder.build(program)
    constants = try ConstantPool(program.constants)
    keys = KeySpaces(
      spaces: program.keySpaces.count, plan: plan, secret: options.hashSecret)
    attributes = AttributeStore(entities: program.schema.entities, secret: options.hashSecret)
    signals = SignalState(program, options: options)
    columns = EntryColumns(program.lists)
    textAttributes = TextAttributes(program.schema.entities)
    payloads = plan.payloads
    states = plan.states
    self.program = program
    self.options = options
    self.plan = plan
  }

  /// Updates the state with an event and, when a policy governs it, decides.
  ///
  /// *Order*: keys and attributes, lists, links, then signals, rules, policy. Returns whether
  /// `decision` was filled; otherwise it is empty. *Complexity*: bounded by the program and its
  /// limits, but for the event that makes an identifier a hub.
  /// *Traps* when the event does not fit the schema: its decoder saw to that.
  public mutating func apply(_ event: borrowing Event, into decision: inout Decision) -> Bool {
    decision.reset()
    let layout = plan.events[event.type]
    let time = event.time.microseconds
    clock = max(clock, time)
    statistics.events += 1
    if time < clock - layout.lateMicroseconds { statistics.lateBeyond += 1 }

    return Scoring.score(
      event, layout, plan: plan, program: program, options: options,
      textAttributes: textAttributes, clock: clock, payloads: &payloads, states: &states,
      scratch: &scratch, constants: &constants, keys: &keys, attributes: &attributes,
      signals: &signals, columns: &columns, statistics: &statistics, into: &decision)
  }

  /// Sets an attribute before any event, as a test's `given` does.
  ///
  /// *Traps* when the entity or attribute is none of the schema's, or text and type do not agree.
  public mutating func setAttribute(
    _ attribute: Int, ofEntity entity: Int, key: Span<UInt8>, to value: GivenValue
  ) {
    // Entities' spaces come first, in schema order.
    let number = keys.intern(space: entity, text: key)
    let dawn = Timestamp(microseconds: .min)
    switch value {
    case .text(let bytes):
      precondition(textAttributes.isText(entity: entity, attribute), "text for another type")
      attributes.set(
        entity: entity, key: number, attribute: attribute, text: bytes.span, time: dawn,
        sequence: 0)
    case .payload(let payload):
      attributes.set(
        entity: entity, key: number, attribute: attribute, payload: payload, time: dawn,
        sequence: 0)
    }
  }

  /// Bytes of the state, by what they hold.
  public func memoryReport() -> EngineMemory {
    EngineMemory(
      keys: keys.liveBytes, attributes: attributes.liveBytes, windows: signals.windowBytes,
      graph: signals.graphBytes)
  }
}

/// The value of an attribute that is set before any event.
public enum GivenValue: Hashable, Sendable {
  /// UTF-8 of a text.
  case text([UInt8])
  /// The payload of another type; nil for no value.
  case payload(UInt64?)
}
