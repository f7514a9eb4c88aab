import Model
import Program

/// The steps of events whose stages wait for one another. All their keys lie in slots, so no text
/// is looked at between the first stage and the last.
extension Scoring {
  /// Enters the events of some lanes in one part of the state, each once the signals that the one
  /// before reads of that part are read.
  @inline(__always)
  static func enterAndRead(
    _ store: ReadSource.Store, _ plan: borrowing EnginePlan, _ lanes: Range<Int>,
    at moments: borrowing FixedArray<Moment>, payloads: inout FixedArray<UInt64>,
    states: inout FixedArray<UInt8>, keys: inout KeySpaces, signals: inout SignalState,
    truncated: inout [TruncatedRead], statistics: inout EngineStatistics
  ) {
    let texts = TextArenas(event: Span(), constant: Span(), attribute: Span(), scratch: Span())
    // Nothing is collected: such events are in no stages.
    var collected: [UInt64] = []
    for lane in lanes {
      keys.enter(lane: lane)
      let moment = moments[lane]
      let registers = Registers(
        &payloads, &states, at: plan.events[moment.type].registers(ofLane: lane, plan))
      enter(
        store, plan.events[moment.type], plan, at: moment, lane: lane, registers, texts, &keys,
        &signals, &truncated, &statistics)
      if plan.events[moment.type].policy == nil { continue }
      read(
        store, plan.events[moment.type], plan, at: moment, lane: lane, registers, texts, &keys,
        &signals, &truncated, collecting: &collected)
    }
  }

  /// Decides on an event, when a policy governs it.
  static func conclude(
    _ event: borrowing Event, _ plan: borrowing EnginePlan, options: borrowing EngineOptions,
    lane: Int, payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>,
    scratch: inout ScratchText, constants: inout ConstantPool,
    attributes: borrowing AttributeStore, truncated: borrowing [TruncatedRead],
    statistics: inout EngineStatistics, into decision: inout Decision
  ) -> Bool {
    guard let policy = plan.events[event.type].policy else {
      decision.reset()
      return false
    }
    decision.begin()
    let registers = Registers(
      &payloads, &states, at: plan.events[event.type].registers(ofLane: lane, plan))
    storeSignals(
      plan.events[event.type], lane: lane, registers, truncated, &statistics, into: &decision)
    constants.time = event.time.microseconds
    // Nothing is collected: such events are in no stages.
    let texts = TextArenas(
      event: event.text.span, constant: plan.constantText.span, attribute: attributes.bytes,
      scratch: Span())
    judge(
      event, plan.events[event.type], plan.policies[policy], plan, options, registers, texts,
      scratch: &scratch, constants: &constants, &statistics, into: &decision)
    return true
  }
}
