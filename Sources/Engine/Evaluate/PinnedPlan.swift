import Model

// What an engine does by its plan. The parts of an engine are changed while its plan is borrowed,
// so they come one by one.
extension Pinned<EnginePlan> {
  /// Loads the slots of an event and hashes its keys.
  func announce(
    _ event: borrowing Event, lane: Int, payloads: inout FixedArray<UInt64>,
    states: inout FixedArray<UInt8>, keys: inout KeySpaces, scratch: inout [UInt8],
    list: inout PrefetchList
  ) {
    EventLoader.announce(
      event, value.events[event.type], value, lane: lane, payloads: &payloads, states: &states,
      keys: &keys, scratch: &scratch, list: &list)
  }

  /// Numbers the announced keys as they probably are and asks for what those numbers lead to.
  func foreseeRecords(
    _ type: Int, _ keys: inout KeySpaces, _ signals: inout SignalState,
    _ list: inout PrefetchList
  ) {
    EventLoader.foresee(value.events[type], value, keys: &keys, list: &list)
    signals.prefetchRecords(value.events[type], value, &keys, &list)
  }

  /// Asks for what those records lead to.
  func foreseeStates(
    _ type: Int, _ keys: inout KeySpaces, _ signals: inout SignalState,
    _ list: inout PrefetchList
  ) {
    signals.prefetchStates(value.events[type], value, &keys, &list)
  }

  /// Asks for what the states of windows lead to.
  func foreseeChunks(
    _ type: Int, _ keys: inout KeySpaces, _ signals: inout SignalState,
    _ list: inout PrefetchList
  ) {
    signals.prefetchChunks(value.events[type], value, &keys, &list)
  }

  /// Updates the state with an announced event and, when a policy governs it, decides.
  func score(
    _ event: borrowing Event, _ options: borrowing EngineOptions, clock: Int64, lane: Int,
    payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>,
    scratch: inout ScratchText, constants: inout ConstantPool, keys: inout KeySpaces,
    attributes: inout AttributeStore, signals: inout SignalState,
    statistics: inout EngineStatistics, into decision: inout Decision
  ) -> Bool {
    Scoring.score(
      event, value.events[event.type], plan: value, options: options, clock: clock, lane: lane,
      payloads: &payloads, states: &states, scratch: &scratch, constants: &constants,
      keys: &keys, attributes: &attributes, signals: &signals, statistics: &statistics,
      into: &decision)
  }
}
