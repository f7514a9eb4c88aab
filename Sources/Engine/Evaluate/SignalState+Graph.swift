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
    let edges = plan.edges.span.extracting(layout.edges)
    let isAsked = layout.policy != nil
    let reads = plan.slotReads.span.extracting(
      isAsked ? layout.slotReads.lowerBound..<layout.userReads.lowerBound : 0..<0)
    if isAsked {
      Self.answerFirst(plan.slotReads.span.extracting(layout.userReads), keys, lanes, all)
    }
    var lane = lanes.lowerBound
    while lane < lanes.upperBound {
      let numbers = keys.numbers(ofLane: lane)
      let moment = moments[lane]
      let registers = Registers(all, lane: lane)
      var place = 0
      while place < groups.count {
        use(groups[place], plan, at: moment, lane, isAsked, registers, numbers, &truncated)
        place &+= 1
      }
      add(edges, at: moment, numbers)
      answer(reads, at: moment.clock, lane, registers, numbers, &truncated)
      lane &+= 1
    }
    countHubs(&statistics)
  }

  /// Answers how many accounts ever used the values of some uses, as is right where these are the
  /// first.
  @inline(__always)
  private static func answerFirst(
    _ reads: Span<SlotRead>, _ keys: borrowing KeySpaces, _ lanes: Range<Int>,
    _ all: borrowing LaneRegisters
  ) {
    for place in reads.indices {
      LaneRegister(all, reads[place].register)
        .fill(oneOfEach: keys.numbers(ofSlot: Int(reads[place].slot), lanes))
    }
  }

  /// Makes the identifier uses of a group of an event whose slots hold these keys, and if it is
  /// asked, tells of each that may not be the first how many accounts ever used the value.
  @inline(__always)
  private mutating func use(
    _ group: UseGroup, _ plan: borrowing EnginePlan, at moment: Moment, _ lane: Int,
    _ isAsked: Bool, _ registers: borrowing Registers, _ numbers: Span<UInt32>,
    _ truncated: inout [TruncatedRead]
  ) {
    let uses = plan.uses.span
    let account = numbers[group.ownerSlot]
    var left = graph.beginUse(
      uses.extracting(group.uses), of: account, numbers, time: moment.time, clock: moment.clock)
    while left != 0 {
      let place = Int(group.end) &- 1 &- left.trailingZeroBitCount
      left &= left &- 1
      let use = uses[place]
      let count = graph.useSlowly(
        identifier: use.identifier, value: numbers[use.slot], account: account,
        time: moment.time, clock: moment.clock)
      let position = plan.useReads.span[place]
      if position < 0 || !isAsked { continue }
      let read = plan.slotReads.span[Int(position)]
      let value = SignalValue.distinct(Int(count))
      registers.set(read.register, value.payload)
      if value.isTruncated { Self.note(truncated: read.place, lane: lane, &truncated) }
    }
  }

  /// Makes the identifier uses and edges of the event.
  mutating func link(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, at moment: Moment,
    _ keys: borrowing KeySpaces, _ statistics: inout EngineStatistics
  ) {
    let numbers = keys.numbers
    for position in layout.useGroups {
      let group = plan.useGroups[position]
      graph.use(
        plan.uses.span.extracting(group.uses), of: numbers[group.ownerSlot], numbers,
        time: moment.time, clock: moment.clock)
    }
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
