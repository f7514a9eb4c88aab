import Model
import Program

/// The steps from one event to its decision, in their order.
///
/// Parts of the engine come one by one: each span into one of them excludes only that one.
enum Scoring {
  /// Updates the state with an announced event and, when a policy governs it, decides.
  static func score(
    _ event: borrowing Event, _ layout: borrowing EventPlan, plan: borrowing EnginePlan,
    options: borrowing EngineOptions, clock: Int64, lane: Int,
    payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>, scratch: inout ScratchText,
    constants: inout ConstantPool, keys: inout KeySpaces, attributes: inout AttributeStore,
    signals: inout SignalState, statistics: inout EngineStatistics, into decision: inout Decision
  ) -> Bool {
    let registers = Registers(&payloads, &states, at: layout.registers(ofLane: lane, plan))
    EventLoader.load(
      event, layout, plan, into: registers, keys: &keys, attributes: &attributes)
    if let said = layout.accountEvent {
      hear(said, event, plan, clock: clock, &keys, &attributes, &signals)
      // A label that does not say whether it is taken away is not.
      if case .label(_, _, _, let slot) = said,
        registers.state(UInt16(slot)) == Registers.missing
      {
        registers.set(UInt16(slot), 0)
      }
    }
    let fixed = TextArenas(
      event: event.text.span, constant: plan.constantText.span, attribute: attributes.bytes,
      scratch: Span())
    let code = plan.code.span
    let time = event.time.microseconds
    RegisterMachine.run(
      code.extracting(layout.arrival), on: registers, texts: fixed, scratch: &scratch,
      constants: &constants)
    signals.feed(
      layout, plan, time: time, clock: clock, registers, fixed.with(scratch), &keys, &statistics)
    if !layout.timelineFeeds.isEmpty {
      signals.feedTimelines(
        layout, plan, time: time, sequence: event.sequence, clock: clock, registers,
        fixed.with(scratch), &keys, &statistics)
    }
    signals.link(
      layout, plan, time: time, sequence: event.sequence, clock: clock, &keys, &statistics)
    guard let policy = layout.policy else { return false }

    read(
      layout, plan, time: time, clock: clock, registers, fixed.with(scratch), &keys, &signals,
      &statistics, into: &decision)
    if options.collectsEvidence {
      EvidenceWriter.write(
        event, layout, plan, clock: clock, registers, fixed.with(scratch), &keys, &signals,
        into: &decision)
    }
    RegisterMachine.run(
      code.extracting(layout.evaluation), on: registers,
      texts: fixed.with(collected: decision.collected.span), scratch: &scratch,
      constants: &constants)
    let needsTexts = PolicyJudge.decide(
      event, layout, plan.policies[policy], plan, registers, &statistics, into: &decision)
    let rendersTexts = options.rendersTexts
    if needsTexts && rendersTexts {
      RegisterMachine.run(
        code.extracting(layout.explanation), on: registers,
        texts: fixed.with(collected: decision.collected.span), scratch: &scratch,
        constants: &constants)
      writeTexts(layout, plan, registers, fixed.with(scratch), into: &decision)
    }
    return true
  }

  /// Writes the texts of rules, with what signals collected out of the decision meanwhile.
  private static func writeTexts(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, _ registers: borrowing Registers,
    _ texts: borrowing TextArenas, into decision: inout Decision
  ) {
    var collected: [UInt64] = []
    swap(&collected, &decision.collected)
    PolicyJudge.writeTexts(
      layout, plan, registers, texts.with(collected: collected.span), into: &decision)
    swap(&collected, &decision.collected)
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

  /// Reads the signals of the event into registers, and those it stores into the decision.
  private static func read(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, time: Int64, clock: Int64,
    _ registers: borrowing Registers, _ texts: borrowing TextArenas, _ keys: inout KeySpaces,
    _ signals: inout SignalState, _ statistics: inout EngineStatistics,
    into decision: inout Decision
  ) {
    decision.prepareSignals(count: layout.storedReads)
    // Out of the decision while its signals are written, and back.
    var collected: [UInt64] = []
    swap(&collected, &decision.collected)
    defer { swap(&collected, &decision.collected) }
    var results = decision.signals.mutableSpan
    let groups = plan.freshGroups.span
    let reads = plan.reads.span
    for position in layout.freshGroups {
      let group = groups[position]
      if signals.isFresh(group.list, time: time, clock: clock) {
        signals.windows[group.list].readFresh(
          plan.freshReads.span.extracting(group.fresh), registers, &statistics, into: &results)
      } else {
        for read in group.reads {
          Self.read(
            reads[read], plan, time: time, clock: clock, registers, texts, &keys, &signals,
            &statistics, into: &results, collecting: &collected)
        }
      }
    }
    for position in layout.reads {
      read(
        reads[position], plan, time: time, clock: clock, registers, texts, &keys, &signals,
        &statistics, into: &results, collecting: &collected)
    }
  }

  @_lifetime(results: copy results)
  private static func read(
    _ read: ReadPlan, _ plan: borrowing EnginePlan, time: Int64, clock: Int64,
    _ registers: borrowing Registers, _ texts: borrowing TextArenas, _ keys: inout KeySpaces,
    _ signals: inout SignalState, _ statistics: inout EngineStatistics,
    into results: inout MutableSpan<SignalResult>, collecting collected: inout [UInt64]
  ) {
    let asked = keys.ask(read, plan, registers, texts)
    let value =
      asked.lack
      ?? signals.read(
        read, plan, asked.first, asked.second, time: time, clock: clock, collecting: &collected)
    registers.set(read.register, value.payload, state: value.state.rawValue)
    guard read.isStored else { return }
    if value.isTruncated { statistics.truncatedSignals += 1 }
    results[read.place] = SignalResult(
      signal: read.signal, payload: value.payload, state: value.state,
      isTruncated: value.isTruncated)
  }
}
