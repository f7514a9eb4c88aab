import Model
import Program

/// The steps from one event to its decision, in their order.
///
/// Parts of the engine come one by one: each span into one of them excludes only that one.
enum Scoring {
  /// Updates the state with an event and, when a policy governs it, decides.
  static func score(
    _ event: borrowing Event, _ layout: EventPlan, plan: borrowing EnginePlan,
    program: borrowing RuleProgram, options: EngineOptions,
    textAttributes: borrowing TextAttributes, clock: Int64, payloads: inout [UInt64],
    states: inout [UInt8], scratch: inout [UInt8], constants: inout ConstantPool,
    keys: inout KeySpaces, attributes: inout AttributeStore, signals: inout SignalState,
    columns: inout EntryColumns, statistics: inout EngineStatistics, into decision: inout Decision
  ) -> Bool {
    var allPayloads = payloads.mutableSpan
    var allStates = states.mutableSpan
    var registers = Registers(
      payloads: allPayloads._mutatingExtracting(layout.registers),
      states: allStates._mutatingExtracting(layout.registers))
    EventLoader.announce(event, layout, plan, into: &registers, keys: &keys, scratch: &scratch)
    EventLoader.foresee(layout, plan, registers, keys: &keys)
    signals.prefetchRecords(layout, plan, keys)
    EventLoader.load(
      event, layout, plan, into: &registers, keys: &keys, attributes: &attributes,
      textAttributes: textAttributes)
    signals.prefetchStates(layout, plan, keys)
    let texts = TextArenas(
      event: event.text.span, constant: program.constants.text.span, attribute: attributes.bytes,
      scratch: scratch.span)
    let code = plan.code.span
    let time = event.time.microseconds
    RegisterMachine.run(
      code.extracting(layout.arrival), on: &registers, texts: texts, constants: &constants)
    signals.prefetchChunks(layout, plan, keys)
    signals.feed(
      layout, plan, time: time, clock: clock, registers, texts, &keys, &columns, &statistics)
    signals.feedTimelines(
      layout, plan, time: time, sequence: event.sequence, clock: clock, registers, texts, &keys,
      &statistics)
    signals.link(layout, plan, time: time, sequence: event.sequence, clock: clock, keys)
    guard let policy = layout.policy else { return false }

    read(
      layout, plan, time: time, clock: clock, &registers, texts, &keys, &signals, &statistics,
      into: &decision)
    RegisterMachine.run(
      code.extracting(layout.evaluation), on: &registers, texts: texts, constants: &constants)
    statistics.decisions += 1
    PolicyJudge.decide(
      event, layout, plan.policies[policy], plan, registers, &statistics, into: &decision)
    if options.rendersTexts && PolicyJudge.needsTexts(decision, layout, plan) {
      RegisterMachine.run(
        code.extracting(layout.explanation), on: &registers, texts: texts, constants: &constants)
      PolicyJudge.writeTexts(layout, plan, registers, texts, into: &decision)
    }
    return true
  }

  /// Reads the signals of the event into registers, and those it stores into the decision.
  @_lifetime(registers: copy registers)
  private static func read(
    _ layout: EventPlan, _ plan: borrowing EnginePlan, time: Int64, clock: Int64,
    _ registers: inout Registers, _ texts: borrowing TextArenas, _ keys: inout KeySpaces,
    _ signals: inout SignalState, _ statistics: inout EngineStatistics,
    into decision: inout Decision
  ) {
    for position in layout.reads {
      let read = plan.reads[position]
      let key = keys.resolve(read.key, plan, registers, texts, interning: false)
      let value = signals.read(read, key, time: time, clock: clock)
      registers.set(read.register, value.payload, state: value.state.rawValue)
      guard read.isStored else { continue }
      if value.isTruncated { statistics.truncatedSignals += 1 }
      decision.signals.append(
        SignalResult(
          signal: read.signal, payload: value.payload, state: value.state,
          isTruncated: value.isTruncated))
    }
  }
}
