import Model
import Program

/// The steps of events whose stages wait for one another. All their keys lie in slots, so no text
/// is looked at between the first stage and the last.
extension Scoring {
  /// Enters the lists of an event and reads its signals of them.
  static func enterAndReadLists(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, at moment: Moment, lane: Int,
    payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>, keys: inout KeySpaces,
    signals: inout SignalState, truncated: inout [TruncatedRead],
    statistics: inout EngineStatistics
  ) {
    let registers = Registers(&payloads, &states, at: layout.registers(ofLane: lane, plan))
    let texts = TextArenas(event: Span(), constant: Span(), attribute: Span(), scratch: Span())
    signals.feed(layout, plan, at: moment, registers, texts, &keys, &statistics)
    if layout.policy == nil { return }
    var collected: [UInt64] = []
    readLists(
      layout, plan, at: moment, lane: lane, registers, texts, &keys, &signals, &truncated,
      collecting: &collected)
  }

  /// Enters the timelines and sequences of an event and reads its signals of them.
  static func enterAndReadTimelines(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, at moment: Moment, lane: Int,
    payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>, keys: inout KeySpaces,
    signals: inout SignalState, truncated: inout [TruncatedRead],
    statistics: inout EngineStatistics
  ) {
    let registers = Registers(&payloads, &states, at: layout.registers(ofLane: lane, plan))
    let texts = TextArenas(event: Span(), constant: Span(), attribute: Span(), scratch: Span())
    signals.feedTimelines(layout, plan, at: moment, registers, texts, &keys, &statistics)
    signals.feedSeen(layout, plan, at: moment, &keys)
    if layout.policy == nil { return }
    signals.readSeen(layout, plan, lane: lane, registers, &keys, &truncated)
    if layout.timelineReads.isEmpty { return }
    var collected: [UInt64] = []
    read(
      layout.timelineReads, plan, at: moment, lane: lane, registers, texts, &keys, &signals,
      &truncated, collecting: &collected)
  }

  /// Makes the uses and edges of an event and reads its signals of the graph.
  static func linkAndAsk(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, at moment: Moment, lane: Int,
    payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>, keys: inout KeySpaces,
    signals: inout SignalState, truncated: inout [TruncatedRead],
    statistics: inout EngineStatistics
  ) {
    let registers = Registers(&payloads, &states, at: layout.registers(ofLane: lane, plan))
    let texts = TextArenas(event: Span(), constant: Span(), attribute: Span(), scratch: Span())
    signals.link(layout, plan, at: moment, &keys, &statistics)
    if layout.policy == nil { return }
    var collected: [UInt64] = []
    read(
      layout.graphReads, plan, at: moment, lane: lane, registers, texts, &keys, &signals,
      &truncated, collecting: &collected)
  }

  /// Decides on an event, when a policy governs it.
  static func conclude(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan,
    options: borrowing EngineOptions, lane: Int, payloads: inout FixedArray<UInt64>,
    states: inout FixedArray<UInt8>, scratch: inout ScratchText, constants: inout ConstantPool,
    attributes: borrowing AttributeStore, truncated: borrowing [TruncatedRead],
    statistics: inout EngineStatistics, into decision: inout Decision
  ) -> Bool {
    if layout.policy == nil { decision.reset() } else { decision.begin() }
    let registers = Registers(&payloads, &states, at: layout.registers(ofLane: lane, plan))
    let texts = TextArenas(
      event: event.text.span, constant: plan.constantText.span, attribute: attributes.bytes,
      scratch: Span())
    return decide(
      event, layout, plan, options, lane: lane, registers, texts, scratch: &scratch,
      constants: &constants, truncated, &statistics, into: &decision)
  }
}
