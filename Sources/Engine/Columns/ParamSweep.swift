public import Model
public import Program

/// A decision that another value of a param changes.
public struct SweptDecision: Hashable, Sendable, BitwiseCopyable {
  /// Position in `RuleProgram.freeParams`.
  public var param: Int
  /// Position in `FreeParam.payloads`.
  public var value: Int
  /// The event, by its place among those that wait.
  public var lane: Int
  /// Position in the policy's outcomes.
  public var outcome: Int
  /// The score.
  public var score: Int
}

/// What every value of free params would have decided, in one replay of the events.
///
/// `ScoringEngine.apply` leaves each decided event here, type by type. When as many wait as a block
/// has, `decide` runs the few steps that depend on a param over all of them, column by column, once
/// for each value, and asks the policy again where a rule ends otherwise. Everything else about an
/// event is as the engine decided it: its signals do not depend on these params, or the param is
/// refused.
public struct ParamSweep: ~Copyable {
  private let plan: EnginePlan
  private let params: [FreeParam]
  /// By event type those that wait.
  private var waiting: FixedArray<WaitingEvents>
  private let refusals: [SweepRefusal?]
  private let constantText: FixedArray<UInt8>
  private var constants: ConstantPool

  /// Events of a type that wait until they are decided together.
  public static let blockEvents = 256

  /// Lays out what the free params of a program can change.
  ///
  /// *Throws* `EngineError` when a pattern is refused or the program contradicts itself.
  public init(_ program: RuleProgram) throws(EngineError) {
    let plan = try EnginePlanBuilder.build(program, hasGates: false)
    constants = try ConstantPool(program.constants, lists: program.listFiles)
    constantText = FixedArray(program.constants.text)
    var refusals: [SweepRefusal?] = []
    var codes = [[Int: SliceCode]](repeating: [:], count: program.events.count)
    for (number, param) in program.freeParams.enumerated() {
      do throws(SweepRefusal) {
        for (event, code) in try Self.slices(program, plan, param) { codes[event][number] = code }
        refusals.append(nil)
      } catch {
        refusals.append(error)
      }
    }
    waiting = FixedArray(count: program.events.count) { event in
      let slices = codes[event].sorted { $0.key < $1.key }
      return WaitingEvents(
        program, type: event, plan,
        FixedArray(count: slices.count) {
          ParamSlice(slices[$0].value, param: slices[$0].key, lanes: Self.blockEvents)
        }, lanes: Self.blockEvents)
    }
    params = program.freeParams
    self.refusals = refusals
    self.plan = plan
  }

  /// By event type, what a param can change there.
  private static func slices(
    _ program: RuleProgram, _ plan: borrowing EnginePlan, _ param: FreeParam
  ) throws(SweepRefusal) -> [(event: Int, code: SliceCode)] {
    if param.isFolded { throw .settled }
    var slices: [(event: Int, code: SliceCode)] = []
    for (event, register) in param.registers.enumerated() {
      guard let register else { continue }
      let code = try SliceCode(program, plan, event: event, register: register)
      if !code.rules.isEmpty || code.exempt != nil { slices.append((event, code)) }
    }
    return slices
  }

  /// Why the values of a param, by its position in `RuleProgram.freeParams`, need replays of their
  /// own; nil when they are told here.
  public func refusal(ofParam param: Int) -> SweepRefusal? { refusals[param] }

  /// How many events of a type wait.
  public func count(ofType type: Int) -> Int { waiting[type].count }

  /// The accounts that a waiting event names, each a number of its own.
  ///
  /// *Traps* when there is no such event.
  public func accounts(ofType type: Int, lane: Int) -> [UInt64] {
    precondition(lane < waiting[type].count, "no such event")
    return waiting[type].accounts(lane: lane)
  }

  /// What the engine decided on a waiting event.
  ///
  /// *Traps* when there is no such event.
  public func decided(
    ofType type: Int, lane: Int
  ) -> (sequence: UInt64, outcome: Int, score: Int) {
    precondition(lane < waiting[type].count, "no such event")
    let decided = waiting[type].decided(lane: lane)
    return (decided.sequence, decided.outcome, decided.score)
  }

  /// Appends every decision on the waiting events of a type that some value changes, in outcome or
  /// score.
  public mutating func decide(_ type: Int, into changes: inout [SweptDecision]) {
    Self.decide(&waiting[type], params, plan, constantText, &constants, &changes)
  }

  private static func decide(
    _ waiting: inout WaitingEvents, _ params: [FreeParam], _ plan: borrowing EnginePlan,
    _ constantText: borrowing FixedArray<UInt8>, _ constants: inout ConstantPool,
    _ changes: inout [SweptDecision]
  ) {
    waiting.decide(
      params, plan, constantText: constantText, constants: &constants, into: &changes)
  }

  /// Whether some param can change what rules of a type come to.
  func hasSlices(ofType type: Int) -> Bool { waiting[type].slices.count > 0 }

  /// Forgets the waiting events of a type.
  public mutating func clear(_ type: Int) { waiting[type].clear() }

  /// Takes a decided event.
  ///
  /// *Traps* when a block of its type waits already.
  mutating func take(
    _ event: borrowing Event, _ decision: borrowing Decision, _ registers: borrowing Registers,
    _ texts: borrowing TextArenas, _ keys: inout KeySpaces, _ constants: inout ConstantPool
  ) {
    precondition(waiting[event.type].count < Self.blockEvents, "a whole block waits")
    waiting[event.type].take(event, decision, registers, texts, &keys, &constants)
  }
}

extension ScoringEngine {
  /// `apply`, and leaves a decided event in `sweep`, made for the same program.
  ///
  /// *Traps* when a block of its type waits there already.
  public mutating func apply(
    _ event: borrowing Event, into decision: inout Decision, answered: AnsweredDecision?,
    waitingIn sweep: inout ParamSweep
  ) -> Bool {
    let moment = arriveAlone(event)
    let isDecided = decide(event, at: moment, lane: 0, into: &decision)
    if isDecided {
      // Before signals over the policy see the decision, whose texts take the place of the event's.
      Self.take(
        event, decision, plan, &attributes, &scratch[0], &payloads, &states, &keys, &constants,
        &sweep)
    }
    count(event, lane: 0, answered, &decision)
    return isDecided
  }

  private static func take(
    _ event: borrowing Event, _ decision: borrowing Decision, _ plan: borrowing EnginePlan,
    _ attributes: inout AttributeStore, _ scratch: inout ScratchText,
    _ payloads: inout FixedArray<UInt64>, _ states: inout FixedArray<UInt8>,
    _ keys: inout KeySpaces, _ constants: inout ConstantPool, _ sweep: inout ParamSweep
  ) {
    let registers = Registers(
      &payloads, &states, at: plan.events[event.type].registers(ofLane: 0, plan))
    let fixed = TextArenas(
      event: event.text.span, constant: plan.constantText.span, attribute: attributes.bytes,
      scratch: Span(), collected: decision.collected.span)
    // Slices read registers that gates may have left as they were.
    if sweep.hasSlices(ofType: event.type) {
      RegisterMachine.run(
        plan.code.span.extracting(plan.events[event.type].evaluation), on: registers, texts: fixed,
        scratch: &scratch, constants: &constants)
    }
    let texts = fixed.with(scratch)
    sweep.take(event, decision, registers, texts, &keys, &constants)
  }
}
