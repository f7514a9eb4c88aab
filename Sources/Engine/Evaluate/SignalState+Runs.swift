import Model
import Program

// Events of one type, one after the other, enter one list before the next: what is known of a list
// is looked up once for all of them, and the processor learns how its entries come. No list knows
// of another, and each is read for an event before the next one enters it for the same key.
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
    let areNewest = Self.endOfNewest(lanes, moments) == lanes.upperBound
    for position in layout.feeds {
      let list = plan.feeds[position].list
      let isFiltered = plan.feeds[position].filter != FeedPlan.unfiltered
      var lane = lanes.lowerBound
      while lane < lanes.upperBound {
        let rest = lane..<lanes.upperBound
        let end = areNewest ? rest.upperBound : Self.endOfNewest(rest, moments)
        if !isFiltered && end &- lane > Self.fewEvents
          && windows[list].countsNewest(at: moments[lane].time)
        {
          Self.feedNewest(
            plan.feeds[position], layout, plan, lane..<end, at: moments, payloads: &payloads,
            states: &states, keys: keys, to: &windows[list], truncated: &truncated)
          // Nobody asks for the last one again.
          enteredKeys[list] = 0
          lane = end
          continue
        }
        // Behind the one that is not the newest of all others may follow that are.
        let alone = lane..<(isFiltered ? rest.upperBound : min(end &+ 1, rest.upperBound))
        feedOneByOne(
          position, layout, plan, alone, at: moments, payloads: &payloads, states: &states,
          keys: &keys, truncated: &truncated, statistics: &statistics)
        lane = alone.upperBound
      }
    }
  }

  /// Of no more events than these it does not pay to find out first what their keys had.
  private static let fewEvents = 3

  /// Enters the events of some lanes in a list one after the other, each once what is asked of the
  /// list for the one before is read.
  private mutating func feedOneByOne(
    _ position: Int, _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan,
    _ lanes: Range<Int>, at moments: borrowing FixedArray<Moment>,
    payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>, keys: inout KeySpaces,
    truncated: inout [TruncatedRead], statistics: inout EngineStatistics
  ) {
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

  /// Where the events end, from the first on, that are each the newest of all, at times that
  /// records hold, and for which there are bits.
  @inline(__always)
  private static func endOfNewest(
    _ lanes: Range<Int>, _ moments: borrowing FixedArray<Moment>
  ) -> Int {
    let most = min(lanes.upperBound, WindowStore.runLanes)
    var lane = lanes.lowerBound
    var before = RecordContent.inlineTimes.lowerBound
    while lane < most {
      let moment = moments[lane]
      guard
        moment.time == moment.clock && moment.time >= before
          && moment.time < RecordContent.inlineTimes.upperBound
      else { break }
      before = moment.time
      lane &+= 1
    }
    return lane
  }

  /// Enters events in a list, each of which is the newest of all, and reads what is asked for their
  /// keys: first of those whose key has no other entry, then of the others.
  @inline(never)
  private static func feedNewest(
    _ feed: FeedPlan, _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan,
    _ lanes: Range<Int>, at moments: borrowing FixedArray<Moment>,
    payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>,
    keys: borrowing KeySpaces, to list: inout WindowStore, truncated: inout [TruncatedRead]
  ) {
    let columns = EntryColumns(of: feed, plan, keys, list.layout, lanes)
    let numbers = keys.numbers(ofSlot: Int(feed.key.slot), lanes)
    let reads = FreshReads(
      feed.group >= 0 ? plan.freshGroups.span[Int(feed.group)].places : FreshPlaces(),
      of: plan.freshReads.span)
    let all = LaneRegisters(&payloads, &states, of: layout, plan, lanes)
    let run = list.beginNewest(numbers, columns.first, lanes, at: moments)
    // Of most it is so; the others are answered again.
    setLone(lanes, columns, all, reads, keys)
    if columns.hasOthers { setFirsts(run.firsts, columns, numbers, all, keys, of: list) }
    let left = enterSeconds(
      run.seconds, columns, numbers, all, reads, keys, at: moments, to: &list)
    enterFews(
      run.fews, columns, numbers, all, reads, keys, at: moments, to: &list, truncated: &truncated)
    enterOthers(
      run.others | left, columns, numbers, all, reads, keys, at: moments, to: &list,
      truncated: &truncated)
    var missing = BitPlaces(run.missing)
    while let lane = missing.next() { reads.setLack(.missing, Registers(all, lane: lane)) }
    list.endNewest(run, clock: moments[lanes.upperBound &- 1].clock)
  }

  // A function for each kind: together they would want more registers than there are.

  /// Enters the entries of some lanes whose keys have one other; gives the lanes that are left, of
  /// keys that have more by then or another one to forget.
  @inline(never)
  private static func enterSeconds(
    _ lanes: UInt64, _ columns: borrowing EntryColumns, _ numbers: SlotNumbers,
    _ all: borrowing LaneRegisters, _ reads: borrowing FreshReads, _ keys: borrowing KeySpaces,
    at moments: borrowing FixedArray<Moment>, to list: inout WindowStore
  ) -> UInt64 {
    var left: UInt64 = 0
    var seconds = BitPlaces(lanes)
    while let lane = seconds.next() {
      let registers = Registers(all, lane: lane)
      let key = numbers[lane]
      columns.set(registers, keys, lane, in: list.records.record(0), list.layout)
      if let age = list.enterSecond(key, at: moments[lane].time) {
        list.readTwo(list.records.record(Int(key)), before: age, reads, registers)
      } else {
        left |= 1 &<< UInt64(lane)
      }
    }
    return left
  }

  /// Enters those whose keys have few others.
  @inline(never)
  private static func enterFews(
    _ lanes: UInt64, _ columns: borrowing EntryColumns, _ numbers: SlotNumbers,
    _ all: borrowing LaneRegisters, _ reads: borrowing FreshReads, _ keys: borrowing KeySpaces,
    at moments: borrowing FixedArray<Moment>, to list: inout WindowStore,
    truncated: inout [TruncatedRead]
  ) {
    var fews = BitPlaces(lanes)
    while let lane = fews.next() {
      let registers = Registers(all, lane: lane)
      let (key, time) = (numbers[lane], moments[lane].time)
      columns.set(registers, keys, lane, in: list.records.record(0), list.layout)
      let chunk = list.enterFew(key, at: time)
      if chunk != 0 {
        list.readFew(chunk, at: time, reads, registers)
      } else {
        list.enterAndRead(key, at: time, reads, lane: lane, registers, &truncated)
      }
    }
  }

  /// Enters those whose keys have more.
  @inline(never)
  private static func enterOthers(
    _ lanes: UInt64, _ columns: borrowing EntryColumns, _ numbers: SlotNumbers,
    _ all: borrowing LaneRegisters, _ reads: borrowing FreshReads, _ keys: borrowing KeySpaces,
    at moments: borrowing FixedArray<Moment>, to list: inout WindowStore,
    truncated: inout [TruncatedRead]
  ) {
    var others = BitPlaces(lanes)
    while let lane = others.next() {
      let registers = Registers(all, lane: lane)
      columns.set(registers, keys, lane, in: list.records.record(0), list.layout)
      list.enterMany(
        numbers[lane], at: moments[lane].time, reads, lane: lane, registers, &truncated)
    }
  }

  /// Answers what is asked of some lanes as `WindowStore.readLone` does of the only entries of
  /// their keys, read by read.
  @inline(never)
  private static func setLone(
    _ lanes: Range<Int>, _ columns: borrowing EntryColumns, _ all: borrowing LaneRegisters,
    _ reads: borrowing FreshReads, _ keys: borrowing KeySpaces
  ) {
    var index = 0
    while index < reads.counts.count {
      let read = reads.counts[index]
      LaneRegister(all, read.register).fill(read.excludesCurrent ? 0 : 1)
      index &+= 1
    }
    index = 0
    while index < reads.sums.count {
      let read = reads.sums[index]
      let register = LaneRegister(all, read.register)
      if read.excludesCurrent {
        register.fill(0)
      } else {
        register.fill(from: LaneRegister(all, columns.sums[Int(read.column)]))
      }
      index &+= 1
    }
    index = 0
    while index < reads.distincts.count {
      let read = reads.distincts[index]
      let register = LaneRegister(all, read.register)
      let values = keys.numbers(ofSlot: Int(columns.distincts[Int(read.column)].slot), lanes)
      register.fill(anyOf: read.excludesCurrent ? 0 : .max, in: values)
      index &+= 1
    }
  }

  /// Sets the columns of entries that are the first of their keys.
  @inline(never)
  private static func setFirsts(
    _ lanes: UInt64, _ columns: borrowing EntryColumns, _ numbers: borrowing SlotNumbers,
    _ all: borrowing LaneRegisters, _ keys: borrowing KeySpaces, of list: borrowing WindowStore
  ) {
    let layout = list.layout
    let rows = list.records.rows
    var firsts = BitPlaces(lanes)
    while let lane = firsts.next() {
      let record = rows.record(Int(numbers[lane]))
      columns.set(Registers(all, lane: lane), keys, lane, in: record, layout)
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
    let columns = EntryColumns(of: feed, plan, keys, list.layout, lanes)
    let numbers = keys.numbers(ofSlot: Int(feed.key.slot), lanes)
    let isRead = feed.group >= 0
    let reads = FreshReads(
      isRead ? plan.freshGroups.span[Int(feed.group)].places : FreshPlaces(),
      of: plan.freshReads.span)
    let all = LaneRegisters(&payloads, &states, of: layout, plan, lanes)
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
      columns.set(registers, keys, lane, in: list.records.record(0), list.layout)
      push(key, at: moments[lane], to: &list)
      if !isRead { continue }
      if !list.isFresh { return lane }
      list.readFresh(reads, lane: lane, registers, &truncated)
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
    let all = LaneRegisters(&payloads, &states, of: layout, plan, lanes)
    let numbers = keys.numbers(ofSlot: Int(feed.slot), lanes)
    let values = keys.numbers(ofSlot: Int(feed.valueSlot), lanes)
    // Most keys are asked once.
    if reads.count == 1 {
      let read = reads[0]
      let register = LaneRegister(all, read.register)
      let others = enterFirsts(numbers, values, lanes, read, register, in: timeline)
      var rest = BitPlaces(others)
      while let lane = rest.next() {
        let seen = timeline.enterOther(key: numbers[lane], value: values[lane])
        register.set(
          lane, answer(read, seen, lane: lane, &truncated), state: Registers.present)
      }
      timeline.endFirsts(at: moments[lanes.upperBound &- 1])
      // Nobody asks for the last one again.
      entered = 0
      return
    }
    var lane = lanes.lowerBound
    while lane < lanes.upperBound {
      let key = numbers[lane]
      let seen = enterSeen(
        key, values[lane], at: moments[lane], in: &timeline, entered: &entered)
      setSeen(seen, key, reads, lane: lane, Registers(all, lane: lane), &truncated)
      lane &+= 1
    }
  }

  /// Enters values that are the first of their keys and reads how many each key has; gives the bits
  /// of the lanes of others, which come next. Which those are cannot be told ahead, so there is no
  /// branch on it.
  @inline(__always)
  private static func enterFirsts(
    _ keys: borrowing SlotNumbers, _ values: borrowing SlotNumbers, _ lanes: Range<Int>,
    _ read: SeenRead, _ register: borrowing LaneRegister, in timeline: borrowing TimelineStore
  ) -> UInt64 {
    precondition(lanes.upperBound <= UInt64.bitWidth, "more lanes than bits")
    let rows = timeline.valueRows
    // A lane comes in at the top.
    var others: UInt64 = 0
    let excludes: UInt32 = read.excludesCurrent ? 1 : 0
    var lane = lanes.lowerBound
    while lane < lanes.upperBound {
      let key = keys[lane]
      let seen = LifetimeStore.enterFirst(key, values[lane], in: rows)
      register.set(
        lane, UInt64(seen.count &- seen.new & excludes),
        state: key == 0 ? Registers.missing : Registers.present)
      let joined = others | UInt64(seen.other)
      others = joined &>> 1 | joined &<< 63
      lane &+= 1
    }
    return BitPlaces.settled(others, in: lanes)
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

/// What the columns of an entry in a list are taken from.
private struct EntryColumns: ~Copyable, ~Escapable {
  let sums: Span<Register>
  let distincts: Span<FeedKey>
  /// The numbers of the first distinct column, if there is one.
  let first: SlotNumbers

  /// Whether there are others.
  var hasOthers: Bool {
    @inline(__always) get { sums.count > 0 || distincts.count > 1 }
  }

  /// Those of a feed to a list that is laid out like this, in some lanes.
  @inline(__always)
  @_lifetime(borrow plan, borrow keys)
  init(
    of feed: FeedPlan, _ plan: borrowing EnginePlan, _ keys: borrowing KeySpaces,
    _ layout: WindowLayout, _ lanes: Range<Int>
  ) {
    sums = plan.sumRegisters.span.extracting(feed.sums)
    distincts = plan.distinctKeys.span.extracting(feed.distincts)
    first = keys.numbers(
      ofSlot: Int((distincts.count > 0 ? distincts[0] : feed.key).slot), lanes)
    precondition(
      sums.count == layout.sumCount && distincts.count == layout.distinctCount,
      "columns of another list")
  }

  /// Sets those of the entry of a lane in a record.
  @inline(__always)
  func set(
    _ registers: borrowing Registers, _ keys: borrowing KeySpaces, _ lane: Int,
    in record: borrowing Fields, _ layout: WindowLayout
  ) {
    SignalState.prepare(sums, registers, of: layout, in: record)
    if distincts.count == 0 { return }
    record.store(first[lane], layout.recordDistinct(0))
    var column = 1
    while column < distincts.count {
      record.store(
        keys.number(slot: Int(distincts[column].slot), lane: lane), layout.recordDistinct(column))
      column &+= 1
    }
  }
}
