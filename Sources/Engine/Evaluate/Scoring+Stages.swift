import Model
import Program

/// The steps of events whose stages wait for one another. All their keys lie in slots, so no text
/// is looked at between the first stage and the last.
extension Scoring {
  /// Enters the events of some lanes in their lists, each once what is asked of them for the one
  /// before is read.
  static func enterLists(
    _ plan: borrowing EnginePlan, _ lanes: Range<Int>, at moments: borrowing FixedArray<Moment>,
    payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>, keys: inout KeySpaces,
    signals: inout SignalState, truncated: inout [TruncatedRead], statistics: inout EngineStatistics
  ) {
    var lane = lanes.lowerBound
    while lane < lanes.upperBound {
      let type = moments[lane].type
      let isTogether = plan.events[type].entersByList
      let end = isTogether ? moments[lane].endOfRun : lane &+ 1
      let run = lane..<end
      signals.feed(
        plan.events[type], plan, run, at: moments, payloads: &payloads, states: &states,
        keys: &keys, truncated: &truncated, statistics: &statistics)
      if !plan.events[type].listReads.isEmpty {
        read(
          plan.events[type].listReads, of: plan.events[type], plan, run, at: moments,
          payloads: &payloads, states: &states, keys: &keys, signals: &signals,
          truncated: &truncated)
      }
      lane = run.upperBound
    }
  }

  /// The same of timelines and sequences.
  static func enterTimelines(
    _ plan: borrowing EnginePlan, _ lanes: Range<Int>, at moments: borrowing FixedArray<Moment>,
    payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>, keys: inout KeySpaces,
    signals: inout SignalState, truncated: inout [TruncatedRead], statistics: inout EngineStatistics
  ) {
    var lane = lanes.lowerBound
    while lane < lanes.upperBound {
      let type = moments[lane].type
      guard plan.events[type].entersByTimeline else {
        enterTimelinesOneByOne(
          plan, lane..<lane &+ 1, at: moments, payloads: &payloads, states: &states,
          keys: &keys, signals: &signals, truncated: &truncated, statistics: &statistics)
        lane &+= 1
        continue
      }
      let run = lane..<moments[lane].endOfRun
      signals.feedSeen(
        plan.events[type], plan, run, at: moments, payloads: &payloads, states: &states,
        keys: keys, truncated: &truncated)
      lane = run.upperBound
    }
  }

  /// The same of the graph: each event once what the one before asks of it is answered.
  static func enterGraph(
    _ plan: borrowing EnginePlan, _ lanes: Range<Int>, at moments: borrowing FixedArray<Moment>,
    payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>, keys: inout KeySpaces,
    signals: inout SignalState, truncated: inout [TruncatedRead], statistics: inout EngineStatistics
  ) {
    var lane = lanes.lowerBound
    while lane < lanes.upperBound {
      let type = moments[lane].type
      // Questions that are not plain are asked before the next event.
      let isAlone = !plan.events[type].graphReads.isEmpty
      let run = lane..<(isAlone ? lane &+ 1 : moments[lane].endOfRun)
      signals.linkAndRead(
        plan.events[type], plan, run, at: moments, payloads: &payloads, states: &states,
        keys: keys, truncated: &truncated, statistics: &statistics)
      if isAlone && plan.events[type].policy != nil {
        read(
          plan.events[type].graphReads, of: plan.events[type], plan, run, at: moments,
          payloads: &payloads, states: &states, keys: &keys, signals: &signals,
          truncated: &truncated)
      }
      lane = run.upperBound
    }
  }

  /// Reads signals of the events of some lanes, all of one type.
  @inline(never)
  static func read(
    _ positions: Range<Int>, of layout: borrowing EventPlan, _ plan: borrowing EnginePlan,
    _ lanes: Range<Int>, at moments: borrowing FixedArray<Moment>,
    payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>, keys: inout KeySpaces,
    signals: inout SignalState, truncated: inout [TruncatedRead]
  ) {
    let texts = TextArenas(event: Span(), constant: Span(), attribute: Span(), scratch: Span())
    // Nothing is collected: such events are in no stages.
    var collected: [UInt64] = []
    for lane in lanes {
      keys.enter(lane: lane)
      let registers = Registers(&payloads, &states, at: layout.registers(ofLane: lane, plan))
      read(
        positions, plan, at: moments[lane], lane: lane, registers, texts, &keys, &signals,
        &truncated, collecting: &collected)
    }
  }

  /// Enters the events of some lanes in their timelines and sequences, each once the signals that
  /// the one before reads of those are read.
  @inline(__always)
  private static func enterTimelinesOneByOne(
    _ plan: borrowing EnginePlan, _ lanes: Range<Int>, at moments: borrowing FixedArray<Moment>,
    payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>, keys: inout KeySpaces,
    signals: inout SignalState, truncated: inout [TruncatedRead], statistics: inout EngineStatistics
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
        .timeline, plan.events[moment.type], plan, at: moment, lane: lane, registers, texts, &keys,
        &signals, &truncated, &statistics)
      if plan.events[moment.type].policy == nil { continue }
      read(
        .timeline, plan.events[moment.type], plan, at: moment, lane: lane, registers, texts, &keys,
        &signals, &truncated, collecting: &collected)
    }
  }

  /// Decides on the events of some lanes that a policy governs.
  static func conclude(
    _ events: inout MutableSpan<Event>, _ plan: borrowing EnginePlan,
    options: borrowing EngineOptions, _ lanes: Range<Int>, from start: Int,
    at moments: borrowing FixedArray<Moment>, payloads: inout FixedArray<UInt64>,
    states: inout FixedArray<UInt8>, scratch: inout FixedArray<ScratchText>,
    constants: inout ConstantPool, attributes: borrowing AttributeStore,
    verdicts: inout GroupVerdicts, truncated: borrowing [TruncatedRead],
    statistics: inout EngineStatistics, into decisions: inout MutableSpan<Decision>,
    _ isDecided: inout MutableSpan<Bool>
  ) {
    var lane = lanes.lowerBound
    while lane < lanes.upperBound {
      let type = moments[lane].type
      let run = lane..<moments[lane].endOfRun
      if let policy = plan.events[type].policy {
        conclude(
          &events, plan.events[type], plan.policies[policy], plan, options: options, run,
          from: start, payloads: &payloads, states: &states, scratch: &scratch,
          constants: &constants, attributes: attributes, verdicts: &verdicts,
          truncated: truncated, statistics: &statistics, into: &decisions)
      } else {
        for lane in run { decisions[start &+ lane].reset() }
      }
      for lane in run { isDecided[start &+ lane] = plan.events[type].policy != nil }
      lane = run.upperBound
    }
  }

  /// Decides on the events of some lanes, all of a type that a policy governs.
  private static func conclude(
    _ events: inout MutableSpan<Event>, _ layout: borrowing EventPlan,
    _ policy: borrowing PolicyStep, _ plan: borrowing EnginePlan,
    options: borrowing EngineOptions, _ lanes: Range<Int>, from start: Int,
    payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>,
    scratch: inout FixedArray<ScratchText>, constants: inout ConstantPool,
    attributes: borrowing AttributeStore, verdicts: inout GroupVerdicts,
    truncated: borrowing [TruncatedRead], statistics: inout EngineStatistics,
    into decisions: inout MutableSpan<Decision>
  ) {
    let all = LaneRegisters(&payloads, &states, of: layout, plan, lanes)
    // Where steps come before rules, each event takes them by itself.
    let areJudged = layout.shared.isEmpty
    if areJudged { verdicts.judge(layout, all, lanes) }
    for lane in lanes {
      let index = start &+ lane
      conclude(
        &events[index], layout, policy, plan, options, lane: lane, Registers(all, lane: lane),
        scratch: &scratch[lane], constants: &constants, attributes, &verdicts,
        isJudged: areJudged, truncated, &statistics, into: &decisions[index])
    }
  }

  /// Decides on an event. `inout` stands for reading: a place in an array would be copied to be
  /// borrowed.
  @inline(__always)
  private static func conclude(
    _ event: inout Event, _ layout: borrowing EventPlan, _ policy: borrowing PolicyStep,
    _ plan: borrowing EnginePlan, _ options: borrowing EngineOptions, lane: Int,
    _ registers: borrowing Registers, scratch: inout ScratchText, constants: inout ConstantPool,
    _ attributes: borrowing AttributeStore, _ verdicts: inout GroupVerdicts, isJudged: Bool,
    _ truncated: borrowing [TruncatedRead], _ statistics: inout EngineStatistics,
    into decision: inout Decision
  ) {
    decision.begin()
    storeSignals(layout, lane: lane, registers, truncated, &statistics, into: &decision)
    // Nothing is collected: such events are in no stages.
    judge(
      event, layout, policy, plan, options, lane: lane, registers, attributes, Span(),
      scratch: &scratch, constants: &constants, &verdicts, isJudged: isJudged, &statistics,
      into: &decision)
  }
}
