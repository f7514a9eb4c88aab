import Model
import Program

// What an event does to the graph, and what it asks of it in place.
extension SignalState {
  /// Takes the events of some lanes, all of the type, through the graph, one after the other: each
  /// makes its uses and edges and, when a policy governs it, has its plain questions answered.
  @inline(never)
  mutating func linkAndRead(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, _ lanes: Range<Int>,
    at moments: borrowing FixedArray<Moment>, payloads: inout FixedArray<UInt64>,
    states: inout FixedArray<UInt8>, keys: borrowing KeySpaces, truncated: inout [TruncatedRead],
    statistics: inout EngineStatistics
  ) {
    let all = LaneRegisters(&payloads, &states, of: layout, plan, lanes)
    let groups = plan.useGroups.span.extracting(layout.useGroups)
    let uses = plan.uses.span
    let edges = plan.edges.span.extracting(layout.edges)
    let reads = plan.slotReads.span.extracting(layout.policy == nil ? 0..<0 : layout.slotReads)
    var lane = lanes.lowerBound
    while lane < lanes.upperBound {
      let numbers = keys.numbers(ofLane: lane)
      let moment = moments[lane]
      use(groups, of: uses, at: moment, numbers)
      add(edges, at: moment, numbers)
      answer(reads, at: moment.clock, lane, Registers(all, lane: lane), numbers, &truncated)
      lane &+= 1
    }
    countHubs(&statistics)
  }

  /// Makes the identifier uses and edges of the event.
  mutating func link(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, at moment: Moment,
    _ keys: borrowing KeySpaces, _ statistics: inout EngineStatistics
  ) {
    let numbers = keys.numbers
    use(
      plan.useGroups.span.extracting(layout.useGroups), of: plan.uses.span, at: moment, numbers)
    add(plan.edges.span.extracting(layout.edges), at: moment, numbers)
    countHubs(&statistics)
  }

  /// Answers plain questions to the graph about what slots hold.
  mutating func readSlots(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, at moment: Moment, lane: Int,
    _ registers: borrowing Registers, _ keys: borrowing KeySpaces,
    _ truncated: inout [TruncatedRead]
  ) {
    let reads = plan.slotReads.span.extracting(layout.slotReads)
    answer(reads, at: moment.clock, lane, registers, keys.numbers, &truncated)
  }

  /// Makes the identifier uses of an event whose slots hold these keys.
  @inline(__always)
  private mutating func use(
    _ groups: Span<UseGroup>, of uses: Span<IdentifierUse>, at moment: Moment,
    _ numbers: Span<UInt32>
  ) {
    var place = 0
    while place < groups.count {
      let group = groups[place]
      graph.use(
        uses.extracting(group.uses), of: numbers[group.ownerSlot], numbers, time: moment.time,
        clock: moment.clock)
      place &+= 1
    }
  }

  /// Counts the values that became hubs.
  private mutating func countHubs(_ statistics: inout EngineStatistics) {
    statistics.hubRebuilds &+= graph.newHubs
    graph.newHubs = 0
  }

  /// Makes its edges.
  @inline(__always)
  private mutating func add(
    _ edges: Span<EdgePlan>, at moment: Moment, _ numbers: Span<UInt32>
  ) {
    var place = 0
    while place < edges.count {
      let edge = edges[place]
      place &+= 1
      let from = numbers[edge.fromSlot]
      let to = numbers[edge.toSlot]
      if from == 0 || to == 0 {
        madeEdges[edge.link] = (0, 0)
        continue
      }
      madeEdges[edge.link] = (from, to)
      graph.addEdge(
        link: edge.link, from: from, to: to, time: moment.time, sequence: moment.sequence,
        clock: moment.clock)
    }
  }

  /// Answers plain questions about what slots hold.
  ///
  /// *Requires* questions of the type of the event, whose slots `numbers` has: the builder of the
  /// plan looked for them.
  @inline(__always)
  private mutating func answer(
    _ reads: Span<SlotRead>, at clock: Int64, _ lane: Int, _ registers: borrowing Registers,
    _ numbers: Span<UInt32>, _ truncated: inout [TruncatedRead]
  ) {
    if reads.count == 0 { return }
    graph.advance(to: clock)
    var place = 0
    while place < reads.count {
      // SAFETY: one of the questions, whose slots are there, as required.
      let read = unsafe reads[unchecked: place]
      assert(
        numbers.indices.contains(Int(read.slot)) && numbers.indices.contains(Int(read.secondSlot)),
        "a question about no slot")
      let key = unsafe numbers[unchecked: Int(read.slot)]
      let second = unsafe numbers[unchecked: Int(read.secondSlot)]
      place &+= 1
      if key == 0 || second == 0 {
        registers.set(read.register, 0, state: Registers.missing)
        continue
      }
      let value = graph.answer(
        read.question, key, second, clock: clock, budget: graphBudget, made: madeEdges)
      assert(value.state == .present, "the graph has an answer to any question")
      registers.set(read.register, value.payload)
      if value.isTruncated { Self.note(truncated: read.place, lane: lane, &truncated) }
    }
  }
}
