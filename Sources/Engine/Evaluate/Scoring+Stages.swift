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
    if plan.events[event.type].policy == nil { decision.reset() } else { decision.begin() }
    let registers = Registers(
      &payloads, &states, at: plan.events[event.type].registers(ofLane: lane, plan))
    let texts = TextArenas(
      event: event.text.span, constant: plan.constantText.span, attribute: attributes.bytes,
      scratch: Span())
    return decide(
      event, plan.events[event.type], plan, options, lane: lane, registers, texts,
      scratch: &scratch, constants: &constants, truncated, &statistics, into: &decision)
  }
}
