import Model
import Program

// Events of one type, one after the other, enter one list before the next: what is known of a list
// is looked up once for all of them, and the processor learns how its entries come. No list knows
// of another, and each is read for an event before the next one enters it.
extension SignalState {
  /// Enters the events of some lanes, all of the type, in their lists, and reads of each list what
  /// is asked for the key of the entry.
  ///
  /// *Requires* a type in stages, see `EventPlan.isStaged`.
  mutating func feed(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, _ lanes: Range<Int>,
    at moments: borrowing FixedArray<Moment>, payloads: inout FixedArray<UInt64>,
    states: inout FixedArray<UInt8>, keys: inout KeySpaces, truncated: inout [TruncatedRead],
    statistics: inout EngineStatistics
  ) {
    for position in layout.feeds {
      let list = plan.feeds[position].list
      var lane = lanes.lowerBound
      while lane < lanes.upperBound {
        lane = Self.feed(
          plan.feeds[position], layout, plan, lane..<lanes.upperBound, at: moments,
          payloads: &payloads, states: &states, keys: keys, to: &windows[list],
          entered: &enteredKeys[list], truncated: &truncated, statistics: &statistics)
        if lane == lanes.upperBound { break }
        Scoring.read(
          plan.freshGroups[Int(plan.feeds[position].group)].reads, of: layout, plan,
          lane..<lane &+ 1, at: moments, payloads: &payloads, states: &states, keys: &keys,
          signals: &self, truncated: &truncated)
        lane &+= 1
      }
    }
  }

  /// Enters events in a list up to the first whose reads are not at hand then: its entry is not the
  /// newest of all, or it did not enter. Gives its lane, or the end when there is none.
  @inline(never)
  private static func feed(
    _ feed: FeedPlan, _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan,
    _ lanes: Range<Int>, at moments: borrowing FixedArray<Moment>,
    payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>,
    keys: borrowing KeySpaces, to list: inout WindowStore, entered: inout UInt32,
    truncated: inout [TruncatedRead], statistics: inout EngineStatistics
  ) -> Int {
    let sums = plan.sumRegisters.span.extracting(feed.sums)
    let distincts = plan.distinctKeys.span.extracting(feed.distincts)
    let numbers = keys.numbers(ofSlot: Int(feed.key.slot))
    let values = keys.numbers(
      ofSlot: Int((distincts.count > 0 ? distincts[0] : feed.key).slot))
    precondition(
      sums.count == list.layout.sumCount && distincts.count == list.layout.distinctCount,
      "columns of another list")
    let isRead = feed.group >= 0
    let reads = FreshReads(
      isRead ? plan.freshGroups.span[Int(feed.group)].places : FreshPlaces(),
      of: plan.freshReads.span)
    let all = LaneRegisters(&payloads, &states, of: layout, plan)
    var next = lanes.lowerBound
    while next < lanes.upperBound {
      let lane = next
      next &+= 1
      let registers = Registers(all, lane: lane)
      if feed.filter != FeedPlan.unfiltered {
        let (payload, state) = registers.value(feed.filter)
        if state == Registers.error { statistics.filterErrors += 1 }
        if state != Registers.present || payload == 0 {
          entered = 0
          if isRead { return lane }
          continue
        }
      }
      let key = numbers[lane]
      entered = key
      if key == 0 {
        if isRead { reads.setLack(.missing, registers) }
        continue
      }
      prepare(sums, registers, of: &list)
      prepare(distincts, first: values[lane], keys, lane, of: &list)
      push(key, at: moments[lane], to: &list)
      if !isRead { continue }
      if !list.isFresh { return lane }
      list.readFresh(reads, lane: lane, registers, &truncated)
    }
    return lanes.upperBound
  }

  /// Sets the distinct columns of the entry that a list is given next; of the first, if there is
  /// one, the value is at hand.
  @inline(__always)
  private static func prepare(
    _ columns: Span<FeedKey>, first: UInt32, _ keys: borrowing KeySpaces, _ lane: Int,
    of list: inout WindowStore
  ) {
    if columns.count == 0 { return }
    let pushed = list.records.record(0)
    pushed.store(first, list.layout.recordDistinct(0))
    var column = 1
    while column < columns.count {
      pushed.store(
        keys.number(slot: Int(columns[column].slot), lane: lane),
        list.layout.recordDistinct(column))
      column &+= 1
    }
  }

  /// Enters the events of some lanes, all of the type, in the timelines of which only the different
  /// values are asked for, and reads how many each key has.
  mutating func feedSeen(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, _ lanes: Range<Int>,
    at moments: borrowing FixedArray<Moment>, payloads: inout FixedArray<UInt64>,
    states: inout FixedArray<UInt8>, keys: borrowing KeySpaces, truncated: inout [TruncatedRead]
  ) {
    for position in layout.seenFeeds {
      let timeline = Int(plan.seenFeeds[position].timeline)
      Self.feedSeen(
        plan.seenFeeds[position], layout, plan, lanes, at: moments, payloads: &payloads,
        states: &states, keys: keys, to: &timelines[timeline],
        entered: &enteredTimelines[timeline], truncated: &truncated)
    }
  }

  @inline(never)
  private static func feedSeen(
    _ feed: SeenFeed, _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan,
    _ lanes: Range<Int>, at moments: borrowing FixedArray<Moment>,
    payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>,
    keys: borrowing KeySpaces, to timeline: inout TimelineStore, entered: inout UInt32,
    truncated: inout [TruncatedRead]
  ) {
    let reads = plan.seenReads.span.extracting(Int(feed.firstRead)..<Int(feed.endRead))
    let all = LaneRegisters(&payloads, &states, of: layout, plan)
    let numbers = keys.numbers(ofSlot: Int(feed.slot))
    let values = keys.numbers(ofSlot: Int(feed.valueSlot))
    // Most keys are asked once.
    let isOne = reads.count == 1
    let read = isOne ? reads[0] : SeenRead(register: 0, excludesCurrent: false, place: -1)
    let register = LaneRegister(all, read.register)
    var lane = lanes.lowerBound
    while lane < lanes.upperBound {
      let key = numbers[lane]
      let seen = enterSeen(
        key, values[lane], at: moments[lane], in: &timeline, entered: &entered)
      if isOne {
        let value = answer(read, seen, lane: lane, &truncated)
        register.set(lane, value, state: key == 0 ? Registers.missing : Registers.present)
      } else {
        setSeen(seen, key, reads, lane: lane, Registers(all, lane: lane), &truncated)
      }
      lane &+= 1
    }
  }

  /// Enters a value of a key in a timeline of which only the different ones are asked for; how many
  /// there were and are.
  @inline(__always)
  static func enterSeen(
    _ key: UInt32, _ value: UInt32, at moment: Moment, in timeline: inout TimelineStore,
    entered: inout UInt32
  ) -> (before: UInt32, now: UInt32) {
    if key == 0 || value == 0 {
      entered = 0
      let count = key == 0 ? 0 : timeline.countSeen(key)
      return (count, count)
    }
    entered = key
    return timeline.pushSeen(key: key, time: moment.time, value: value, clock: moment.clock)
  }

  /// Writes how many values a key has, once for each read.
  @inline(__always)
  static func setSeen(
    _ seen: (before: UInt32, now: UInt32), _ key: UInt32, _ reads: Span<SeenRead>, lane: Int,
    _ registers: borrowing Registers, _ truncated: inout [TruncatedRead]
  ) {
    var index = 0
    while index < reads.count {
      registers.set(
        reads[index].register, answer(reads[index], seen, lane: lane, &truncated),
        state: key == 0 ? Registers.missing : Registers.present)
      index &+= 1
    }
  }

  /// How many values a read is told of.
  @inline(__always)
  private static func answer(
    _ read: SeenRead, _ seen: (before: UInt32, now: UInt32), lane: Int,
    _ truncated: inout [TruncatedRead]
  ) -> UInt64 {
    let value = SignalValue.distinct(Int(read.excludesCurrent ? seen.before : seen.now))
    if value.isTruncated { note(truncated: read.place, lane: lane, &truncated) }
    return value.payload
  }

  /// Notes that an answer is not whole, if it is stored.
  @inline(never)
  static func note(truncated place: Int32, lane: Int, _ all: inout [TruncatedRead]) {
    if place >= 0 { all.append(TruncatedRead(lane: lane, place: place)) }
  }
}
