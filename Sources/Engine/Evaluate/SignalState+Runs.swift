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
    let sums = plan.sumRegisters.span
    let distincts = plan.distinctKeys.span
    let reads = plan.freshReads.span
    let isRead = feed.group >= 0
    let places = isRead ? plan.freshGroups.span[Int(feed.group)].places : FreshPlaces()
    let all = LaneRegisters(&payloads, &states, of: layout, plan)
    for lane in lanes {
      let registers = Registers(all, lane: lane)
      entered = 0
      if feed.filter != FeedPlan.unfiltered {
        let (payload, state) = registers.value(feed.filter)
        if state == Registers.error { statistics.filterErrors += 1 }
        if state != Registers.present || payload == 0 {
          if isRead { return lane }
          continue
        }
      }
      let key = keys.number(slot: Int(feed.key.slot), lane: lane)
      entered = key
      if key == 0 {
        if isRead { places.setLack(.missing, reads, registers) }
        continue
      }
      for column in 0..<Int(feed.distinctCount) {
        let value = distincts[Int(feed.firstDistinct) &+ column]
        list.prepare(distinct: column, keys.number(slot: Int(value.slot), lane: lane))
      }
      push(key, feed, sums, at: moments[lane], registers, to: &list)
      if !isRead { continue }
      if !list.isFresh { return lane }
      list.readFresh(places, reads, lane: lane, registers, &truncated)
    }
    return lanes.upperBound
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
    for lane in lanes {
      let key = keys.number(slot: Int(feed.slot), lane: lane)
      let value = keys.number(slot: Int(feed.valueSlot), lane: lane)
      let seen = enterSeen(key, value, at: moments[lane], in: &timeline, entered: &entered)
      setSeen(seen, key, reads, lane: lane, Registers(all, lane: lane), &truncated)
    }
  }

  /// Enters a value of a key in a timeline of which only the different ones are asked for; how many
  /// there were and are.
  @inline(__always)
  static func enterSeen(
    _ key: UInt32, _ value: UInt32, at moment: Moment, in timeline: inout TimelineStore,
    entered: inout UInt32
  ) -> (before: UInt32, now: UInt32) {
    entered = 0
    if key == 0 { return (0, 0) }
    if value == 0 {
      let count = timeline.countSeen(key)
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
    for index in reads.indices {
      let read = reads[index]
      let value = SignalValue.distinct(Int(read.excludesCurrent ? seen.before : seen.now))
      registers.set(
        read.register, value.payload, state: key == 0 ? Registers.missing : Registers.present)
      if value.isTruncated && read.place >= 0 {
        truncated.append(TruncatedRead(lane: lane, place: read.place))
      }
    }
  }
}
