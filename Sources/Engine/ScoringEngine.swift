public import Model
public import Program
public import Values

/// From events to decisions: the one place where a package is run.
///
/// Pure: no clock, randomness or I/O. The same events in the same order give the same decisions,
/// whatever the hash secret, the machine or the moment. One owner at a time; nothing is allocated
/// per event once its buffers have grown.
public struct ScoringEngine: ~Copyable, Sendable {
  /// The package this engine runs.
  public let program: RuleProgram
  /// What was counted since the engine was made.
  public internal(set) var statistics = EngineStatistics()

  let options: EngineOptions
  let plan: EnginePlan
  var constants: ConstantPool
  /// What is known of each key, in which the stores have their parts.
  let records: SpaceRecords
  var keys: KeySpaces
  var attributes: AttributeStore
  var signals: SignalState
  /// Lane by lane the registers of all event types, side by side; an event of a batch has a lane.
  var payloads: FixedArray<UInt64>
  var states: FixedArray<UInt8>
  /// By lane, the normalised identifiers and computed text of its event, the arena `.scratch`.
  var scratch: FixedArray<ScratchText>
  var ahead = PrefetchList()
  var aheadPlan: AheadPlan
  /// The greatest event time so far.
  var clock = Int64.min
  /// By lane, when its event is scored.
  var moments = FixedArray(repeating: Moment(), count: Self.batchEvents)
  /// By group and lane, what becomes of rules.
  var verdicts: GroupVerdicts
  /// Signals read so far whose values are bounds.
  var truncated: [TruncatedRead] = []
  /// A decision as the event it is to later signals.
  var echo = Event()

  /// Makes an engine with an empty state.
  ///
  /// *Throws* `EngineError` when a pattern is refused or the program contradicts itself.
  public init(
    program: RuleProgram, options: EngineOptions = EngineOptions()
  ) throws(EngineError) {
    var plan = try EnginePlanBuilder.build(program)
    constants = try ConstantPool(program.constants, lists: program.listFiles)
    let records = SpaceRecords(program.keySpaces)
    keys = KeySpaces(
      records: records.ofKeys, plan: plan, lanes: Self.batchEvents, secret: options.hashSecret)
    attributes = AttributeStore(entities: program.schema.entities, secret: options.hashSecret)
    signals = SignalState(
      program, plan.linkedUses, in: records.ofStores, options: options)
    plan.resolve(in: signals.graph)
    records.open()
    self.records = records
    let registers = plan.payloads.count
    payloads = FixedArray(count: Self.batchEvents * registers) { plan.payloads[$0 % registers] }
    states = FixedArray(count: Self.batchEvents * registers) { plan.states[$0 % registers] }
    scratch = FixedArray(count: Self.batchEvents) { _ in ScratchText() }
    verdicts = GroupVerdicts(plan)
    aheadPlan = AheadPlan(plan, keys, &signals)
    self.program = program
    self.options = options
    self.plan = plan
    PageSupply.start()
  }

  /// Events of a micro-batch: enough to keep the memory busy, few enough to stay in the cache, and
  /// no more than a word has bits for.
  public static let batchEvents = 64

  /// Updates the state with an event and, when a policy governs it, decides.
  ///
  /// *Order*: keys and attributes, lists, links, then signals, rules, policy; last the decision
  /// itself, which signals over the policy count from the next event on. When a log says what was
  /// decided, `answered` is what they count. Returns whether `decision` was filled; otherwise it is
  /// empty. *Complexity*: bounded by the program and its limits, but for the event that makes an
  /// identifier a hub.
  /// *Traps* when the event does not fit the schema: its decoder saw to that.
  public mutating func apply(
    _ event: borrowing Event, into decision: inout Decision, answered: AnsweredDecision? = nil
  ) -> Bool {
    let moment = arriveAlone(event)
    let isDecided = decide(event, at: moment, lane: 0, into: &decision)
    count(event, lane: 0, answered, &decision)
    return isDecided
  }

  /// Loads an event into the first lane, and numbers its keys while the memory it needs is on its
  /// way.
  @inline(__always)
  mutating func arriveAlone(_ event: borrowing Event) -> Moment {
    keys.openBatch(lanes: 1)
    announce(event, lane: 0)
    askForKeys()
    foresee(.records)
    let moment = begin(event)
    arrive(event, at: moment, lane: 0)
    foresee(.states)
    foresee(.chunks)
    foresee(.values)
    return moment
  }

  /// Loads an event into a lane and names its keys.
  @inline(__always)
  mutating func announce(_ event: borrowing Event, lane: Int) {
    announce(
      event.type, event.payloads.span, event.states.span, event.text.span, lane: lane)
  }

  /// The same of what an event holds. Not among the rest of a batch, where registers do not suffice
  /// for both.
  @inline(never)
  mutating func announce(
    _ type: Int, _ given: Span<UInt64>, _ givenStates: Span<UInt8>, _ text: Span<UInt8>, lane: Int
  ) {
    keys.enter(lane: lane)
    EventLoader.announce(
      type, given, givenStates, text, plan, lane: lane, payloads: &payloads, states: &states,
      keys: &keys, scratch: &scratch[lane].bytes)
  }

  /// Finds anew where things lie, after the state was replaced.
  mutating func planAhead() { aheadPlan = AheadPlan(plan, keys, &signals) }

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
      precondition(
        plan.textAttributes.isText(entity: entity, attribute), "text for another type")
      attributes.set(
        entity: entity, key: number, attribute: attribute, text: bytes.span, time: dawn,
        sequence: 0)
    case .payload(let payload):
      attributes.set(
        entity: entity, key: number, attribute: attribute, payload: payload, time: dawn,
        sequence: 0)
    }
  }

  /// Gives a list from a file its members from the next event on.
  ///
  /// *Traps* when `list` is no position in `RuleProgram.listFiles`, or unless the entries are in
  /// order of their bytes, each once.
  public mutating func setList(_ list: Int, to entries: [ListEntry]) {
    constants.setList(list, entries)
  }

  /// Bytes of the state, by what they hold.
  public func memoryReport() -> EngineMemory {
    EngineMemory(
      keys: keys.liveBytes + records.paddingBytes, attributes: attributes.liveBytes,
      windows: signals.windowBytes, graph: signals.graphBytes)
  }
}

/// What a log says was decided on an event.
public struct AnsweredDecision: Hashable, Sendable {
  /// Position among the policy's outcomes; nil for one the policy does not have any more.
  public var outcome: Int?
  /// The score.
  public var score: Int

  /// Creates what was decided.
  public init(outcome: Int?, score: Int) {
    self.outcome = outcome
    self.score = score
  }
}

/// The value of an attribute that is set before any event.
public enum GivenValue: Hashable, Sendable {
  /// UTF-8 of a text.
  case text([UInt8])
  /// The payload of another type; nil for no value.
  case payload(UInt64?)
}
