import Model
import Program
import Values

/// The windows and links of all lists, and what the event being scored did to them.
struct SignalState: ~Copyable {
  var windows: FixedArray<WindowStore>
  var timelines: FixedArray<TimelineStore>
  private var sequences: FixedArray<SequenceStore>
  var graph: AccountGraph
  /// By list, the key the event being scored entered it under; 0 when it did not.
  var enteredKeys: FixedArray<UInt32>
  /// Whether it has groups of reads whose answers were not at hand when it entered their lists.
  private(set) var leavesGroups = false
  /// The same as of lists by timeline, and by sequence for its second event.
  var enteredTimelines: FixedArray<UInt32>
  private var enteredSequences: FixedArray<UInt32>
  private let zones: [TimeZoneTable]
  /// By link, the edge the event being scored made; zeros when it made none.
  var madeEdges: FixedArray<(from: UInt32, to: UInt32)>
  let graphBudget: Int

  /// Makes an empty state of the keys of spaces, whose records are opened before the first.
  /// The graph answers what the timelines of `linkedUses` would, which then keep nothing.
  init(
    _ program: RuleProgram, _ linkedUses: LinkedUses, in spaces: [KeyRecords],
    options: EngineOptions
  ) {
    windows = FixedArray(count: program.lists.count) {
      WindowStore(plan: program.lists[$0], in: spaces[program.lists[$0].keySpace])
    }
    timelines = FixedArray(count: program.timelines.count) { position in
      var plan = program.timelines[position]
      if linkedUses.identifier(ofTimeline: position) != nil { plan.hasLifetime = false }
      return TimelineStore(plan: plan, in: spaces[plan.keySpace])
    }
    sequences = FixedArray(count: program.sequences.count) {
      SequenceStore(plan: program.sequences[$0])
    }
    zones = program.zones
    enteredTimelines = FixedArray(repeating: 0, count: program.timelines.count)
    enteredSequences = FixedArray(repeating: 0, count: program.sequences.count)
    let questions: [GraphQuestion] = program.signals.compactMap {
      if case .graph(let question) = $0 { question } else { nil }
    }
    // Entities' spaces come first, then those of identifiers.
    let entities = program.schema.entities.count
    graph = AccountGraph(
      schema: program.schema, accounts: Array(spaces[..<entities]),
      values: Array(spaces[entities..<entities + program.schema.identifiers.count]),
      links: program.links, questions: questions, labels: program.labels.count,
      counted: linkedUses.identifiers)
    enteredKeys = FixedArray(repeating: 0, count: program.lists.count)
    madeEdges = FixedArray(repeating: (0, 0), count: program.links.count)
    graphBudget = options.graphBudget
  }

  /// Bytes of windows.
  var windowBytes: Int {
    var bytes = 0
    for list in windows.indices { bytes += windows[list].liveBytes }
    for timeline in timelines.indices { bytes += timelines[timeline].liveBytes }
    for sequence in sequences.indices { bytes += sequences[sequence].liveBytes }
    return bytes
  }

  /// Bytes of the graph.
  var graphBytes: Int { graph.liveBytes }

  /// Enters the event in the lists whose filter and keys allow it, and reads of each what is asked
  /// for the same key while that is at hand.
  @inline(__always)
  mutating func feed(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, at moment: Moment, lane: Int,
    _ registers: borrowing Registers, _ texts: borrowing TextArenas, _ keys: inout KeySpaces,
    _ truncated: inout [TruncatedRead], _ statistics: inout EngineStatistics
  ) {
    leavesGroups = false
    let feeds = plan.feeds.span.extracting(layout.feeds)
    let sums = plan.sumRegisters.span
    let distincts = plan.distinctKeys.span
    for place in feeds.indices {
      let feed = feeds[place]
      enteredKeys[feed.list] = 0
      if feed.filter != FeedPlan.unfiltered {
        let (payload, state) = registers.value(feed.filter)
        if state == Registers.error { statistics.filterErrors += 1 }
        if state != Registers.present || payload == 0 {
          leavesGroups = true
          continue
        }
      }
      let key = keys.resolve(feed.key, plan, registers, texts)
      if key.isPresent {
        enteredKeys[feed.list] = key.number
        for column in 0..<feed.distincts.count {
          let value = distincts[feed.distincts.lowerBound &+ column]
          let number = keys.resolve(value, plan, registers, texts).number
          windows[feed.list].prepare(distinct: column, number)
        }
        precondition(
          feed.sums.count == windows[feed.list].layout.sumCount, "columns of another list")
        Self.prepare(
          sums.extracting(feed.sums), registers, of: windows[feed.list].layout,
          in: windows[feed.list].records.record(0))
        Self.push(key.number, at: moment, to: &windows[feed.list])
      } else if key.state == Registers.error {
        statistics.keyErrors += 1
      }
      if feed.group < 0 { continue }
      let reads = FreshReads(
        plan.freshGroups.span[Int(feed.group)].places, of: plan.freshReads.span)
      if let lack = key.lack {
        reads.setLack(lack, registers)
      } else if windows[feed.list].isFresh {
        windows[feed.list].readFresh(reads, lane: lane, registers, &truncated)
      } else {
        leavesGroups = true
      }
    }
  }

  /// Sets the summed columns of an entry in a record.
  @inline(__always)
  static func prepare(
    _ columns: Span<Register>, _ registers: borrowing Registers, of layout: WindowLayout,
    in record: Fields
  ) {
    var column = 0
    while column < columns.count {
      let (payload, state) = registers.value(columns[column])
      record.store(state == Registers.present ? payload : 0, layout.recordSum(column))
      column &+= 1
    }
  }

  /// Enters the event in a list, which knows its columns already.
  @inline(__always)
  static func push(_ key: UInt32, at moment: Moment, to list: inout WindowStore) {
    list.push(key: key, time: moment.time, clock: moment.clock)
    list.payIdle(clock: moment.clock)
  }

  /// Enters the event in the timelines and sequences whose filter and keys allow it.
  mutating func feedTimelines(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, at moment: Moment,
    _ registers: borrowing Registers, _ texts: borrowing TextArenas, _ keys: inout KeySpaces,
    _ statistics: inout EngineStatistics
  ) {
    let (time, sequence, clock) = (moment.time, moment.sequence, moment.clock)
    let feeds = plan.timelineFeeds.span
    for position in layout.timelineFeeds {
      let feed = feeds[position]
      enter(feed.target, 0)
      if let filter = feed.filter {
        if registers.state(filter) == Registers.error { statistics.filterErrors += 1 }
        guard registers.state(filter) == Registers.present, registers.payload(filter) != 0
        else { continue }
      }
      let key = keys.resolve(feed.key, plan, registers, texts, interning: true)
      if key.state == Registers.error { statistics.keyErrors += 1 }
      guard key.isPresent else { continue }
      var value: Int64 = 0
      switch feed.value {
      case .none: break
      case .register(let register, let kind):
        guard registers.state(register) == Registers.present else { continue }
        value = TimelineCoding.value(registers.payload(register), kind)
      case .key(let position):
        let number = keys.resolve(position, plan, registers, texts, interning: true).number
        guard number != 0 else { continue }
        value = Int64(number)
      }
      enter(feed.target, key.number)
      switch feed.target {
      case .timeline(let timeline):
        timelines[timeline].push(
          key: key.number, time: time, order: sequence, value: value, clock: clock)
        timelines[timeline].forgetIdle(keys: 1, clock: clock)
      case .sequence(let number, let isSecond):
        sequences[number].push(
          key: key.number, time: time, order: sequence, isSecond: isSecond, clock: clock)
        sequences[number].forgetIdle(keys: 1, clock: clock)
      }
    }
  }

  /// Enters the event in the timelines of which only the different values are asked for, and reads
  /// how many the key has.
  mutating func feedSeen(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, at moment: Moment, lane: Int,
    _ registers: borrowing Registers, _ keys: borrowing KeySpaces,
    _ truncated: inout [TruncatedRead]
  ) {
    let numbers = keys.numbers
    let feeds = plan.seenFeeds.span.extracting(layout.seenFeeds)
    let reads = plan.seenReads.span
    for place in feeds.indices {
      let feed = feeds[place]
      let timeline = Int(feed.timeline)
      let key = numbers[Int(feed.slot)]
      let value = numbers[Int(feed.valueSlot)]
      let seen = Self.enterSeen(
        key, value, at: moment, in: &timelines[timeline], entered: &enteredTimelines[timeline])
      Self.setSeen(
        seen, key, reads.extracting(Int(feed.firstRead)..<Int(feed.endRead)), lane: lane, registers,
        &truncated)
    }
  }

  private mutating func enter(_ target: TimelineFeed.Target, _ key: UInt32) {
    switch target {
    case .timeline(let timeline): enteredTimelines[timeline] = key
    case .sequence(let sequence, isSecond: true): enteredSequences[sequence] = key
    case .sequence: break
    }
  }

  /// Does what a built-in event says of an account.
  mutating func setLabel(
    entity: Int, account: UInt32, label: Int, isRemoved: Bool, time: Int64
  ) {
    graph.setLabel(
      entity: entity, account: account, label: label, isRemoved: isRemoved, time: time)
  }

  /// Removes an account from the graph.
  mutating func erase(entity: Int, account: UInt32, clock: Int64) {
    graph.erase(entity: entity, account: account, clock: clock)
  }

  /// Whether the event entered a list just now with an entry that is the newest of all.
  @inline(__always)
  func isFresh(_ list: Int) -> Bool { enteredKeys[list] != 0 && windows[list].isFresh }

  /// The value of a signal for a key, or for two; 0 was never seen.
  mutating func read(
    _ read: ReadPlan, _ plan: borrowing EnginePlan, _ key: UInt32, _ second: UInt32,
    time: Int64, clock: Int64, collecting collected: inout [UInt64]
  ) -> SignalValue {
    switch read.source {
    case .window(let list, let window, let aggregate, let excludingCurrent):
      let excludes =
        excludingCurrent && read.isFedHere && key != 0
        && enteredKeys[list] == key
      return windows[list].read(
        key: key, window: window, aggregate: aggregate, at: time, clock: clock,
        excludingLastPush: excludes)
    case .cycleLength(let link, let maxHops):
      return graph.cycleLength(
        link: link, account: key, maxHops: maxHops, clock: clock, edge: made(link, read),
        budget: graphBudget)
    case .componentSize(let link, let maxNodes):
      graph.advance(to: clock)
      return graph.componentSize(link: link, account: key, maxNodes: maxNodes)
    case .timeline(let position):
      return self.read(
        plan.timelineReads.span[position], read, key, time: time, clock: clock,
        collecting: &collected)
    case .valuesSeen(let timeline, let excludingCurrent):
      let excludes =
        excludingCurrent && read.isFedHere && key != 0
        && enteredTimelines[timeline] == key
      return timelines[timeline].valuesSeen(key, excludingLastPush: excludes)
    case .sequence(let position):
      return self.read(plan.sequenceReads.span[position], read, key, time: time, clock: clock)
    case .graph(let position):
      if let question = plan.plainQuestions.span[position] {
        return graph.answerPlain(question, key, second, clock: clock, budget: graphBudget)
      }
      return answer(plan.questions[position], read, key, second, clock: clock)
    case .userCount(let identifier):
      return .distinct(Int(graph.userCount(identifier: identifier, key)))
    }
  }

  @inline(never)
  private mutating func answer(
    _ question: GraphQuestion, _ read: ReadPlan, _ key: UInt32, _ second: UInt32, clock: Int64
  ) -> SignalValue {
    graph.answer(
      question, key, second, clock: clock, edge: made(question.link, read), budget: graphBudget)
  }

  private mutating func read(
    _ timeline: TimelineRead, _ read: ReadPlan, _ key: UInt32, time: Int64, clock: Int64,
    collecting collected: inout [UInt64]
  ) -> SignalValue {
    let excludes =
      (timeline.excludingCurrent || timeline.aggregate == .timeSinceLast) && read.isFedHere
      && key != 0 && enteredTimelines[timeline.timeline] == key
    return timelines[timeline.timeline].read(
      timeline, key: key, at: time, clock: clock, excludingLastPush: excludes,
      zones: zones, collecting: &collected)
  }

  private mutating func read(
    _ sequence: SequenceRead, _ read: ReadPlan, _ key: UInt32, time: Int64, clock: Int64
  ) -> SignalValue {
    let excludes =
      sequence.excludingCurrent && read.isFedHere && key != 0
      && enteredSequences[sequence.sequence] == key
    let value = sequences[sequence.sequence].read(
      key: key, microseconds: sequence.microseconds, lag: sequence.lagMicroseconds,
      at: time, clock: clock, excludingLastPush: excludes)
    guard let otherwise = sequence.otherwise, value == .int(0) else { return value }
    return SignalValue(payload: otherwise, state: .present, isTruncated: false)
  }

  /// The ties that make the value of a graph signal true, with their graph's keys.
  mutating func evidence(
    _ read: ReadPlan, _ plan: borrowing EnginePlan, _ key: UInt32, _ second: UInt32,
    time: Int64, clock: Int64
  ) -> TieList {
    guard key != 0 else { return TieList() }
    switch read.source {
    case .window, .timeline, .valuesSeen, .userCount, .sequence: return TieList()
    case .cycleLength(let link, _):
      // Asked again, because the witness is that of the last search.
      var none: [UInt64] = []
      _ = self.read(read, plan, key, second, time: time, clock: clock, collecting: &none)
      return graph.cycleEvidence(link: link)
    case .componentSize(let link, _):
      return graph.componentEvidence(link: link, account: key, clock: clock)
    case .graph(let position):
      let question = plan.questions[position]
      return graph.evidence(
        question, key, second, clock: clock, edge: made(question.link, read),
        budget: graphBudget)
    }
  }

  /// The edge that the event being scored fed to the link a signal is asked of.
  private func made(_ link: Int?, _ read: ReadPlan) -> (from: UInt32, to: UInt32)? {
    guard let link, read.isFedHere, madeEdges[link].from != 0 else { return nil }
    return madeEdges[link]
  }
}

extension SignalState {
  /// The state as a snapshot carries it; what the last event did is none of it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(windows.count)
    for place in windows.indices { try windows[place].transfer(&archive) }
    try archive.expect(timelines.count)
    for place in timelines.indices { try timelines[place].transfer(&archive) }
    try archive.expect(sequences.count)
    for place in sequences.indices { try sequences[place].transfer(&archive) }
    try graph.transfer(&archive)
  }
}
