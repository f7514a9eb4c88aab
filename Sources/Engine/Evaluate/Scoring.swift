import Model
import Program

/// When an event is scored, and as what.
struct Moment: BitwiseCopyable {
  /// Position in `EnginePlan.events`.
  var type = 0
  var time: Int64 = 0
  /// The greatest time of any event so far.
  var clock: Int64 = 0
  var sequence: UInt64 = 0
  /// Of the first event of a run of one type in stages, the lane behind its last one; 0 of others.
  var endOfRun = 0
}

/// A signal whose value is a bound, kept until there is a decision to say so.
struct TruncatedRead: BitwiseCopyable {
  var lane: Int
  /// Its place among the stored signals.
  var place: Int32
}

/// The steps from one event to its decision, in their order.
///
/// Parts of the engine come one by one: each span into one of them excludes only that one. Where
/// `EventPlan.isStaged`, all events of a micro-batch take one step before any takes the next: each
/// part of the state still sees them in order, and the code of a step stays in the cache.
enum Scoring {
  /// Updates the state with an event that has arrived and, when a policy governs it, decides.
  /// Whatever enters does so before anything is read: a question numbers no key.
  static func score(
    _ event: borrowing Event, plan: borrowing EnginePlan, options: borrowing EngineOptions,
    at moment: Moment, lane: Int, payloads: inout FixedArray<UInt64>,
    states: inout FixedArray<UInt8>, scratch: inout ScratchText,
    constants: inout ConstantPool, keys: inout KeySpaces, attributes: borrowing AttributeStore,
    signals: inout SignalState, verdicts: inout GroupVerdicts, truncated: inout [TruncatedRead],
    statistics: inout EngineStatistics, into decision: inout Decision
  ) -> Bool {
    let registers = Registers(
      &payloads, &states, at: plan.events[moment.type].registers(ofLane: lane, plan))
    let fixed = TextArenas(of: event, plan, attributes, collected: Span())
    enterAndRead(
      event, plan.events[moment.type], plan, options, at: moment, lane: lane, registers,
      fixed.with(scratch), &keys, &signals, &truncated, &statistics, into: &decision)
    let isDecided = decide(
      event, plan.events[moment.type], plan, options, lane: lane, registers, attributes,
      scratch: &scratch, constants: &constants, &verdicts, truncated, &statistics,
      into: &decision)
    if !truncated.isEmpty { truncated.removeAll(keepingCapacity: true) }
    return isDecided
  }

  private static func enterAndRead(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan,
    _ options: borrowing EngineOptions, at moment: Moment, lane: Int,
    _ registers: borrowing Registers, _ texts: borrowing TextArenas, _ keys: inout KeySpaces,
    _ signals: inout SignalState, _ truncated: inout [TruncatedRead],
    _ statistics: inout EngineStatistics, into decision: inout Decision
  ) {
    enter(
      .list, layout, plan, at: moment, lane: lane, registers, texts, &keys, &signals, &truncated,
      &statistics)
    enter(
      .timeline, layout, plan, at: moment, lane: lane, registers, texts, &keys, &signals,
      &truncated, &statistics)
    enter(
      .graph, layout, plan, at: moment, lane: lane, registers, texts, &keys, &signals, &truncated,
      &statistics)
    if layout.policy == nil { return }
    decision.begin()
    read(
      .list, layout, plan, at: moment, lane: lane, registers, texts, &keys, &signals, &truncated,
      collecting: &decision.collected)
    read(
      .timeline, layout, plan, at: moment, lane: lane, registers, texts, &keys, &signals,
      &truncated, collecting: &decision.collected)
    read(
      .graph, layout, plan, at: moment, lane: lane, registers, texts, &keys, &signals, &truncated,
      collecting: &decision.collected)
    if options.collectsEvidence {
      EvidenceWriter.write(
        event, layout, plan, clock: moment.clock, registers, texts, &keys, &signals,
        into: &decision)
    }
  }

  /// Takes what an event whose keys are numbered says of accounts, and computes what feeds ask for.
  static func arrive(
    _ event: borrowing Event, _ plan: borrowing EnginePlan, at moment: Moment, lane: Int,
    payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>, scratch: inout ScratchText,
    constants: inout ConstantPool, keys: inout KeySpaces, attributes: inout AttributeStore,
    signals: inout SignalState
  ) {
    let registers = Registers(
      &payloads, &states, at: plan.events[moment.type].registers(ofLane: lane, plan))
    EventLoader.load(
      event, plan.events[moment.type], plan, into: registers, keys: keys, attributes: &attributes)
    if let said = plan.events[moment.type].accountEvent {
      hear(said, event, plan, clock: moment.clock, &keys, &attributes, &signals)
      // A label that does not say whether it is taken away is not.
      if case .label(_, _, _, let slot) = said,
        registers.state(UInt16(slot)) == Registers.missing
      {
        registers.set(UInt16(slot), 0)
      }
    }
    if plan.events[moment.type].arrival.isEmpty { return }
    constants.time = moment.time
    let texts = TextArenas(of: event, plan, attributes, collected: Span())
    RegisterMachine.run(
      plan.code.span.extracting(plan.events[moment.type].arrival), on: registers, texts: texts,
      scratch: &scratch, constants: &constants)
  }

  /// Enters an event in one part of the state, and reads the signals that are at hand then.
  @inline(__always)
  static func enter(
    _ store: ReadSource.Store, _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan,
    at moment: Moment, lane: Int, _ registers: borrowing Registers, _ texts: borrowing TextArenas,
    _ keys: inout KeySpaces, _ signals: inout SignalState, _ truncated: inout [TruncatedRead],
    _ statistics: inout EngineStatistics
  ) {
    switch store {
    case .list:
      signals.feed(
        layout, plan, at: moment, lane: lane, registers, texts, &keys, &truncated, &statistics)
    case .timeline:
      if !layout.timelineFeeds.isEmpty {
        signals.feedTimelines(layout, plan, at: moment, registers, texts, &keys, &statistics)
      }
      signals.feedSeen(layout, plan, at: moment, lane: lane, registers, keys, &truncated)
    case .graph: signals.link(layout, plan, at: moment, keys, &statistics)
    }
  }

  /// Reads the other signals of one part of the state into registers.
  @inline(__always)
  static func read(
    _ store: ReadSource.Store, _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan,
    at moment: Moment, lane: Int, _ registers: borrowing Registers, _ texts: borrowing TextArenas,
    _ keys: inout KeySpaces, _ signals: inout SignalState, _ truncated: inout [TruncatedRead],
    collecting collected: inout [UInt64]
  ) {
    switch store {
    case .list:
      readLists(
        layout, plan, at: moment, lane: lane, registers, texts, &keys, &signals, &truncated,
        collecting: &collected)
    case .timeline:
      read(
        layout.timelineReads, plan, at: moment, lane: lane, registers, texts, &keys, &signals,
        &truncated, collecting: &collected)
    case .graph:
      signals.readSlots(layout, plan, at: moment, lane: lane, registers, keys, &truncated)
      read(
        layout.graphReads, plan, at: moment, lane: lane, registers, texts, &keys, &signals,
        &truncated, collecting: &collected)
    }
  }

  private static func readLists(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, at moment: Moment, lane: Int,
    _ registers: borrowing Registers, _ texts: borrowing TextArenas, _ keys: inout KeySpaces,
    _ signals: inout SignalState, _ truncated: inout [TruncatedRead],
    collecting collected: inout [UInt64]
  ) {
    if signals.leavesGroups {
      for position in layout.freshGroups where !signals.isFresh(plan.freshGroups[position].list) {
        read(
          plan.freshGroups[position].reads, plan, at: moment, lane: lane, registers, texts, &keys,
          &signals, &truncated, collecting: &collected)
      }
    }
    read(
      layout.listReads, plan, at: moment, lane: lane, registers, texts, &keys, &signals, &truncated,
      collecting: &collected)
  }

  /// Reads signals into registers.
  static func read(
    _ positions: Range<Int>, _ plan: borrowing EnginePlan, at moment: Moment, lane: Int,
    _ registers: borrowing Registers, _ texts: borrowing TextArenas, _ keys: inout KeySpaces,
    _ signals: inout SignalState, _ truncated: inout [TruncatedRead],
    collecting collected: inout [UInt64]
  ) {
    let reads = plan.reads.span
    for position in positions {
      let read = reads[position]
      let asked = keys.ask(read, plan, registers, texts)
      let value =
        asked.lack
        ?? signals.read(
          read, plan, asked.first, asked.second, time: moment.time, clock: moment.clock,
          collecting: &collected)
      registers.set(read.register, value.payload, state: value.state.rawValue)
      if value.isTruncated && read.isStored {
        truncated.append(TruncatedRead(lane: lane, place: read.place))
      }
    }
  }

  /// Decides on an event whose signals are read, when a policy governs it.
  static func decide(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan,
    _ options: borrowing EngineOptions, lane: Int, _ registers: borrowing Registers,
    _ attributes: borrowing AttributeStore, scratch: inout ScratchText,
    constants: inout ConstantPool, _ verdicts: inout GroupVerdicts,
    _ truncated: borrowing [TruncatedRead], _ statistics: inout EngineStatistics,
    into decision: inout Decision
  ) -> Bool {
    guard let policy = layout.policy else { return false }
    storeSignals(layout, lane: lane, registers, truncated, &statistics, into: &decision)
    // Out of the decision, which is written while steps read what signals collected.
    var collected: [UInt64] = []
    swap(&collected, &decision.collected)
    judge(
      event, layout, plan.policies[policy], plan, options, lane: lane, registers, attributes,
      collected.span, scratch: &scratch, constants: &constants, &verdicts, isJudged: false,
      &statistics, into: &decision)
    swap(&collected, &decision.collected)
    return true
  }

  /// Takes the steps of rules and decides. Where rules are judged already, none are taken before.
  @inline(__always)
  static func judge(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ policy: borrowing PolicyStep,
    _ plan: borrowing EnginePlan, _ options: borrowing EngineOptions, lane: Int,
    _ registers: borrowing Registers, _ attributes: borrowing AttributeStore,
    _ collected: Span<UInt64>, scratch: inout ScratchText, constants: inout ConstantPool,
    _ verdicts: inout GroupVerdicts, isJudged: Bool, _ statistics: inout EngineStatistics,
    into decision: inout Decision
  ) {
    constants.time = event.time.microseconds
    if !isJudged {
      if !layout.shared.isEmpty {
        run(
          layout.shared, event, plan, registers, attributes, collected, &scratch, &constants)
      }
      verdicts.judge(layout, registers, lane: lane)
    }
    let needsTexts = PolicyJudge.decide(
      event, layout, policy, plan, lane: lane, registers, attributes, collected, &scratch,
      &constants, verdicts, &statistics, into: &decision)
    let rendersTexts = options.rendersTexts
    if needsTexts && rendersTexts {
      run(
        layout.explanation, event, plan, registers, attributes, collected, &scratch, &constants)
      let texts = TextArenas(of: event, plan, attributes, collected: collected)
      PolicyJudge.writeTexts(layout, plan, registers, texts.with(scratch), into: &decision)
    }
  }

  /// Takes steps of an event. A function of its own: most events need none but the tests of rules.
  @inline(never)
  static func run(
    _ steps: Range<Int>, _ event: borrowing Event, _ plan: borrowing EnginePlan,
    _ registers: borrowing Registers, _ attributes: borrowing AttributeStore,
    _ collected: Span<UInt64>, _ scratch: inout ScratchText, _ constants: inout ConstantPool
  ) {
    let texts = TextArenas(of: event, plan, attributes, collected: collected)
    RegisterMachine.run(
      plan.code.span.extracting(steps), on: registers, texts: texts, scratch: &scratch,
      constants: &constants)
  }

  /// Writes the signals that decisions store, as the registers have them. Not inlined, for rules
  /// are written through a mutable span of the same decision, see `Event.resetSlots`.
  @inline(never)
  static func storeSignals(
    _ layout: borrowing EventPlan, lane: Int, _ registers: borrowing Registers,
    _ truncated: borrowing [TruncatedRead], _ statistics: inout EngineStatistics,
    into decision: inout Decision
  ) {
    if decision.signals.count != layout.signalHeads.count {
      decision.prepareSignals(count: layout.signalHeads.count)
    }
    var results = decision.signals.mutableSpan
    for run in layout.signalRuns.indices {
      registers.store(layout.signalRuns[run], layout.signalHeads, into: &results)
    }
    for index in truncated.indices where truncated[index].lane == lane {
      statistics.truncatedSignals += 1
      results[Int(truncated[index].place)].isTruncated = true
    }
  }

  /// Does what a built-in event says of an account.
  private static func hear(
    _ said: AccountEvent, _ event: borrowing Event, _ plan: borrowing EnginePlan, clock: Int64,
    _ keys: inout KeySpaces, _ attributes: inout AttributeStore, _ signals: inout SignalState
  ) {
    switch said {
    case .label(let entitySlot, let keySlot, let labelSlot, let removedSlot):
      let entity = Int(event.payloads[entitySlot])
      // A label no signal asks for changes nothing.
      guard let label = label(text(labelSlot, of: event), plan) else { return }
      let account = keys.intern(space: entity, text: text(keySlot, of: event))
      let isRemoved =
        event.states[removedSlot] == Registers.present && event.payloads[removedSlot] != 0
      signals.setLabel(
        entity: entity, account: account, label: label, isRemoved: isRemoved,
        time: event.time.microseconds)
    case .erase(let entitySlot, let keySlot):
      let entity = Int(event.payloads[entitySlot])
      let account = keys.find(space: entity, text: text(keySlot, of: event))
      guard account != 0 else { return }
      attributes.erase(entity: entity, key: account)
      signals.erase(entity: entity, account: account, clock: clock)
    }
  }

  private static func label(_ named: Span<UInt8>, _ plan: borrowing EnginePlan) -> Int? {
    let texts = plan.labelText.span
    for label in plan.labels.indices
    where TextComparison.isEqual(texts.extracting(plan.labels[label]), named) {
      return label
    }
    return nil
  }

  @_lifetime(borrow event)
  private static func text(_ slot: Int, of event: borrowing Event) -> Span<UInt8> {
    let reference = TextReference(bits: event.payloads[slot])
    return event.text.span.extracting(reference.offset..<reference.offset + reference.length)
  }

}
