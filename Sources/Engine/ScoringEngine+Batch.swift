import Model

extension ScoringEngine {
  /// Applies the events of a batch one after the other: the same decisions as one call for each
  /// gives, sooner, because the memory of the later ones is asked for while the first wait, and
  /// events whose stages can wait take each stage together.
  ///
  /// *Traps* when an event does not fit the schema.
  public mutating func apply(_ batch: inout EventBatch) {
    var start = 0
    while start < batch.count {
      let end = min(start + Self.batchEvents, batch.count)
      announce(&batch, start..<end)
      askForKeys()
      foresee(.records)
      // What a new key and another lead to together is found by both numbers, so these come first.
      var staged = number(batch, start..<end, from: start)
      foresee(.states)
      foresee(.chunks)
      foresee(.values)
      var next = start
      while next < end {
        if staged.isEmpty {
          // A place in an array would be copied to be borrowed.
          var event = Event()
          swap(&event, &batch.events[next])
          batch.isDecided[next] = score(
            event, lane: next - start, into: &batch.decisions[next])
          swap(&event, &batch.events[next])
          next += 1
        } else {
          score(&batch, staged, from: start)
          next = staged.upperBound
        }
        if next < end { staged = number(batch, next..<end, from: start) }
      }
      start = end
    }
  }

  /// Loads events into the lanes, from the first on, and names their keys.
  private mutating func announce(_ batch: inout EventBatch, _ range: Range<Int>) {
    keys.openBatch(lanes: range.count)
    var events = batch.events.mutableSpan
    for index in range { announce(inPlace: &events[index], lane: index - range.lowerBound) }
  }

  /// As of an event that is borrowed. `inout` stands for reading: a place in an array would be
  /// copied to be borrowed.
  @inline(__always)
  private mutating func announce(inPlace event: inout Event, lane: Int) {
    announce(
      event.type, event.payloads.span, event.states.span, event.text.span, lane: lane)
  }

  /// Numbers the keys of the events from the first on whose stages can wait for one another, each
  /// after those of the event before: nothing else that happens when they arrive numbers any. Gives
  /// these events.
  private mutating func number(
    _ batch: borrowing EventBatch, _ events: Range<Int>, from start: Int
  ) -> Range<Int> {
    let staged = stagedEvents(batch, events)
    keys.number(staged.lowerBound - start..<staged.upperBound - start)
    return staged
  }

  /// The events from the first on whose stages can wait for one another.
  private func stagedEvents(_ batch: borrowing EventBatch, _ events: Range<Int>) -> Range<Int> {
    // What makes a signal true is written while it is.
    if options.collectsEvidence { return events.lowerBound..<events.lowerBound }
    var end = events.lowerBound
    while end < events.upperBound && plan.events[batch.events[end].type].isStaged { end += 1 }
    return events.lowerBound..<end
  }

  // MARK: Ahead

  /// Hashes the keys of the announced events and asks for their places in the tables.
  mutating func askForKeys() { keys.hashAnnounced() }

  /// What is asked for ahead of an event, in this order: where a thing lies is read from the one
  /// before.
  enum PrefetchStep {
    case records, states, chunks, values
  }

  /// Asks for what comes next of all announced events.
  @inline(__always)
  mutating func foresee(_ step: PrefetchStep) {
    switch step {
    case .records: aheadPlan.askForRecords(&keys)
    case .states:
      aheadPlan.addStates(&signals, &keys, &ahead)
      ahead.issue()
    case .chunks:
      aheadPlan.addChunks(&signals, &ahead)
      ahead.issue()
    case .values:
      aheadPlan.addValues(&signals, &ahead)
      ahead.issue()
    }
  }

  // MARK: One event

  /// Scores an announced event, and the decision on it as the event it is to later signals.
  private mutating func score(
    _ event: borrowing Event, lane: Int, into decision: inout Decision
  ) -> Bool {
    let moment = begin(event)
    arrive(event, at: moment, lane: lane)
    let isDecided = decide(event, at: moment, lane: lane, into: &decision)
    count(event, lane: lane, nil, &decision)
    return isDecided
  }

  /// Counts an event and moves the clock to it.
  @inline(__always)
  mutating func begin(_ event: borrowing Event) -> Moment {
    begin(event.type, at: event.time.microseconds, event.sequence)
  }

  @inline(__always)
  private mutating func begin(_ type: Int, at time: Int64, _ sequence: UInt64) -> Moment {
    clock = max(clock, time)
    statistics.events += 1
    if time < clock - plan.events[type].lateMicroseconds { statistics.lateBeyond += 1 }
    return Moment(type: type, time: time, clock: clock, sequence: sequence)
  }

  /// Numbers the keys of an announced event and computes what feeds ask for.
  mutating func arrive(_ event: borrowing Event, at moment: Moment, lane: Int) {
    keys.number(lane..<lane &+ 1)
    if plan.events[moment.type].arrivesWithMore { arriveNumbered(event, at: moment, lane: lane) }
  }

  /// The same of an event whose keys are numbered.
  private mutating func arriveNumbered(_ event: borrowing Event, at moment: Moment, lane: Int) {
    keys.enter(lane: lane)
    Scoring.arrive(
      event, plan, at: moment, lane: lane, payloads: &payloads,
      states: &states, scratch: &scratch[lane], constants: &constants, keys: &keys,
      attributes: &attributes, signals: &signals)
  }

  /// Updates the state with an event that has arrived and, when a policy governs it, decides.
  mutating func decide(
    _ event: borrowing Event, at moment: Moment, lane: Int, into decision: inout Decision
  ) -> Bool {
    if plan.events[event.type].policy == nil { decision.reset() }
    return run(event, at: moment, lane: lane, into: &decision)
  }

  /// Shows a decision to the signals that count those of its policy.
  @inline(__always)
  mutating func count(
    _ event: borrowing Event, lane: Int, _ answered: AnsweredDecision?,
    _ decision: inout Decision
  ) {
    guard let policy = plan.events[event.type].policy,
      let type = plan.policies[policy].decisionEvent
    else { return }
    echo.set(event, decidedAs: type, decision, answered)
    keys.openEcho(lane: lane)
    announce(echo, lane: lane)
    askForKeys()
    keys.foreseeNothing()
    let moment = Moment(
      type: type, time: event.time.microseconds, clock: clock, sequence: event.sequence)
    arrive(echo, at: moment, lane: lane)
    _ = run(echo, at: moment, lane: lane, into: &decision)
  }

  /// Takes an event that has arrived through the other stages. Returns whether it was decided.
  private mutating func run(
    _ event: borrowing Event, at moment: Moment, lane: Int, into decision: inout Decision
  ) -> Bool {
    keys.enter(lane: lane)
    return Scoring.score(
      event, plan: plan, options: options, at: moment, lane: lane,
      payloads: &payloads, states: &states, scratch: &scratch[lane], constants: &constants,
      keys: &keys, attributes: attributes, signals: &signals, verdicts: &verdicts,
      truncated: &truncated, statistics: &statistics, into: &decision)
  }

  // MARK: Events in stages

  /// Scores events whose keys are numbered, all of them through one stage before any takes the
  /// next.
  private mutating func score(_ batch: inout EventBatch, _ events: Range<Int>, from start: Int) {
    let lanes = events.lowerBound - start..<events.upperBound - start
    arrive(&batch, lanes, from: start)
    enterLists(lanes)
    enterTimelines(lanes)
    enterGraph(lanes)
    conclude(
      &batch.events, into: &batch.decisions, &batch.isDecided, lanes, from: start)
    if !truncated.isEmpty { truncated.removeAll(keepingCapacity: true) }
  }

  /// Counts the events and computes what feeds ask for.
  @inline(never)
  private mutating func arrive(_ batch: inout EventBatch, _ lanes: Range<Int>, from start: Int) {
    var events = batch.events.mutableSpan
    var (first, firstType) = (lanes.lowerBound, -1)
    for lane in lanes {
      let index = start &+ lane
      let type = events[index].type
      let moment = begin(type, at: events[index].time.microseconds, events[index].sequence)
      moments[lane] = moment
      if type != firstType {
        moments[first].endOfRun = lane
        (first, firstType) = (lane, type)
      }
      if plan.events[type].arrivesWithMore {
        arrive(inPlace: &events[index], at: moment, lane: lane)
      }
    }
    if firstType >= 0 { moments[first].endOfRun = lanes.upperBound }
  }

  @inline(never)
  private mutating func arrive(inPlace event: inout Event, at moment: Moment, lane: Int) {
    arriveNumbered(event, at: moment, lane: lane)
  }

  @inline(never)
  private mutating func conclude(
    _ events: inout [Event], into decisions: inout [Decision], _ isDecided: inout [Bool],
    _ lanes: Range<Int>, from start: Int
  ) {
    var events = events.mutableSpan
    var decisions = decisions.mutableSpan
    var isDecided = isDecided.mutableSpan
    Scoring.conclude(
      &events, plan, options: options, lanes, from: start, at: moments, payloads: &payloads,
      states: &states, scratch: &scratch, constants: &constants, attributes: attributes,
      verdicts: &verdicts, truncated: truncated, statistics: &statistics, into: &decisions,
      &isDecided)
  }

  // One function for each part of the state: together they would want more registers than there
  // are.

  @inline(never)
  private mutating func enterLists(_ lanes: Range<Int>) {
    Scoring.enterLists(
      plan, lanes, at: moments, payloads: &payloads, states: &states, keys: &keys,
      signals: &signals, truncated: &truncated, statistics: &statistics)
  }

  @inline(never)
  private mutating func enterTimelines(_ lanes: Range<Int>) {
    Scoring.enterTimelines(
      plan, lanes, at: moments, payloads: &payloads, states: &states, keys: &keys,
      signals: &signals, truncated: &truncated, statistics: &statistics)
  }

  @inline(never)
  private mutating func enterGraph(_ lanes: Range<Int>) {
    Scoring.enterGraph(
      plan, lanes, at: moments, payloads: &payloads, states: &states, keys: &keys,
      signals: &signals, truncated: &truncated, statistics: &statistics)
  }
}

extension Event {
  /// Makes this the event a decision is: what was decided on, then outcome and score.
  fileprivate mutating func set(
    _ event: borrowing Event, decidedAs type: Int, _ decision: borrowing Decision,
    _ answered: AnsweredDecision?
  ) {
    let slots = event.payloads.count
    reset(type: type, slotCount: 0)
    sequence = event.sequence
    time = event.time
    id = event.id
    payloads.append(contentsOf: event.payloads)
    states.append(contentsOf: event.states)
    text.append(contentsOf: event.text)
    payloads.append(contentsOf: repeatElement(0, count: 2))
    states.append(contentsOf: repeatElement(ValueState.missing.rawValue, count: 2))
    let outcome = answered == nil ? decision.outcome : answered?.outcome
    if let outcome { set(slots, payload: UInt64(outcome)) }
    set(slots + 1, payload: UInt64(bitPattern: Int64(answered?.score ?? decision.score)))
  }
}
