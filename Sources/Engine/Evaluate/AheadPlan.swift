import Program

/// What the events of each type will touch, laid out flat: to walk the plan of an event once more
/// for that would take longer than the waiting it saves.
///
/// Memory does not move, so where the record of a key lies is its number away from where its store
/// begins. To ask for what is not there, as of number 0, is allowed and costs nothing.
struct AheadPlan: ~Copyable, Sendable {
  private let inPlace = InPlace()
  /// A slot whose text is looked up in a space.
  struct Key: BitwiseCopyable, Sendable {
    var slot: Int32
    var space: Int32
  }

  /// An entry of a list under the key of a slot.
  struct Entry: BitwiseCopyable, Sendable {
    var list: Int32
    var slot: Int32
  }

  /// A value that a key may have had before.
  struct Pair: BitwiseCopyable, Sendable {
    var timeline: Int32
    var slot: Int32
    var valueSlot: Int32
  }

  /// An identifier of an account, or a link between two.
  struct Tie: BitwiseCopyable, Sendable {
    var store: Int32
    var from: Int32
    var to: Int32
  }

  /// An account that is asked about its component of a link.
  struct Member: BitwiseCopyable, Equatable, Sendable {
    var link: Int32
    var slot: Int32
  }

  /// Where what one event type touches lies.
  struct Parts: Sendable {
    var keys = 0..<0
    var lines = 0..<0
    var entries = 0..<0
    var pairs = 0..<0
    var uses = 0..<0
    var edges = 0..<0
    var members = 0..<0
  }

  private let parts: FixedArray<Parts>
  private let keys: FixedArray<Key>
  private let lines: FixedArray<RecordLine>
  private let entries: FixedArray<Entry>
  private let pairs: FixedArray<Pair>
  private let uses: FixedArray<Tie>
  private let edges: FixedArray<Tie>
  private let members: FixedArray<Member>

  /// Finds what events touch in a state, as long as nothing takes the place of its stores.
  init(
    _ plan: borrowing EnginePlan, _ keySpaces: borrowing KeySpaces, _ signals: inout SignalState
  ) {
    var parts: [Parts] = []
    var keys: [Key] = []
    var lines: [RecordLine] = []
    var entries: [Entry] = []
    var pairs: [Pair] = []
    var uses: [Tie] = []
    var edges: [Tie] = []
    var members: [Member] = []
    for type in plan.events.indices {
      let layout = plan.events[type]
      var part = Parts()
      part.keys = Self.append(
        layout.keySlots.map {
          Key(slot: Int32(plan.keySlots[$0].slot), space: Int32(plan.keySlots[$0].space))
        }, to: &keys)
      part.lines = Self.append(Self.lines(layout, plan, keySpaces, &signals), to: &lines)
      part.entries = Self.append(
        layout.feeds.compactMap { position in
          plan.feeds[position].keySlot.map {
            Entry(list: Int32(plan.feeds[position].list), slot: Int32($0))
          }
        }, to: &entries)
      part.pairs = Self.append(
        layout.timelineFeeds.compactMap { Self.pair(plan.timelineFeeds[$0], plan) }
          + layout.seenFeeds.map { Self.pair(plan.seenFeeds[$0]) }, to: &pairs)
      part.uses = Self.append(
        layout.uses.map {
          let use = plan.uses[$0]
          return Tie(
            store: Int32(use.identifier), from: Int32(use.ownerSlot), to: Int32(use.slot))
        }, to: &uses)
      part.edges = Self.append(
        layout.edges.map {
          let edge = plan.edges[$0]
          return Tie(
            store: Int32(edge.link), from: Int32(edge.fromSlot), to: Int32(edge.toSlot))
        }, to: &edges)
      part.members = Self.append(Self.members(layout, plan), to: &members)
      parts.append(part)
    }
    self.parts = FixedArray(parts)
    self.keys = FixedArray(keys)
    self.lines = FixedArray(lines)
    self.entries = FixedArray(entries)
    self.pairs = FixedArray(pairs)
    self.uses = FixedArray(uses)
    self.edges = FixedArray(edges)
    self.members = FixedArray(members)
  }

  private static func append<Part>(_ found: [Part], to all: inout [Part]) -> Range<Int> {
    let start = all.count
    all += found
    return start..<all.count
  }

  private static func pair(_ feed: TimelineFeedPlan, _ plan: borrowing EnginePlan) -> Pair? {
    guard case .timeline(let timeline) = feed.target, case .key(let value) = feed.value,
      let slot = plan.slot(ofKey: feed.key), let valueSlot = plan.slot(ofKey: value)
    else { return nil }
    return Pair(timeline: Int32(timeline), slot: Int32(slot), valueSlot: Int32(valueSlot))
  }

  private static func pair(_ feed: SeenFeed) -> Pair {
    Pair(timeline: feed.timeline, slot: feed.slot, valueSlot: feed.valueSlot)
  }

  /// The link whose component a read asks for, if it does.
  private static func componentLink(
    _ read: ReadPlan, _ plan: borrowing EnginePlan
  ) -> Int? {
    switch read.source {
    case .componentSize(let link, _): link
    case .graph(let question): plan.questions[question].componentLink
    default: nil
    }
  }

  /// Slots of the accounts a read asks about.
  private static func slots(_ read: ReadPlan, _ plan: borrowing EnginePlan) -> [Int] {
    [read.key, read.secondKey].compactMap { $0 < 0 ? nil : plan.slot(ofKey: $0) }
  }

  private static func members(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan
  ) -> [Member] {
    var found: [Member] = []
    for position in layout.reads {
      let read = plan.reads[position]
      guard let link = componentLink(read, plan) else { continue }
      for slot in slots(read, plan) {
        let member = Member(link: Int32(link), slot: Int32(slot))
        if !found.contains(member) { found.append(member) }
      }
    }
    return found
  }

  /// What the numbers of the keys of an event alone lead to, each once.
  private static func lines(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan,
    _ keySpaces: borrowing KeySpaces, _ signals: inout SignalState
  ) -> [RecordLine] {
    /// By slot and where records begin, what is asked for of them.
    var records: [(slot: Int, columns: [RecordColumn])] = []
    func add(_ column: RecordColumn, _ slot: Int) {
      guard column.start != 0 else { return }
      for place in records.indices
      where records[place].slot == slot && records[place].columns[0].start == column.start {
        records[place].columns.append(column)
        return
      }
      records.append((slot, [column]))
    }
    for position in layout.keySlots {
      let key = plan.keySlots[position]
      add(keySpaces.column(space: key.space), key.slot)
    }
    for position in layout.feeds {
      let feed = plan.feeds[position]
      if let slot = feed.keySlot { add(signals.windows[feed.list].recordColumn, slot) }
    }
    for position in layout.timelineFeeds {
      let feed = plan.timelineFeeds[position]
      if case .timeline(let timeline) = feed.target, let slot = plan.slot(ofKey: feed.key) {
        add(signals.timelines[timeline].lifetimeColumn, slot)
      }
    }
    for position in layout.seenFeeds {
      let feed = plan.seenFeeds[position]
      add(signals.timelines[Int(feed.timeline)].lifetimeColumn, Int(feed.slot))
    }
    for position in layout.uses {
      let use = plan.uses[position]
      for column in signals.graph.valueColumns(identifier: use.identifier) {
        add(column, use.slot)
      }
      for column in signals.graph.userColumns(identifier: use.identifier) {
        add(column, use.ownerSlot)
      }
    }
    for position in layout.reads {
      let read = plan.reads[position]
      var columns: [RecordColumn] = []
      if let link = componentLink(read, plan) { columns = [signals.graph.memberColumn(link: link)] }
      if case .graph(let question) = read.source {
        columns += signals.graph.columns(askedBy: plan.questions[question])
      }
      for slot in slots(read, plan) {
        for column in columns { add(column, slot) }
      }
    }
    for position in layout.edges {
      let edge = plan.edges[position]
      for column in signals.graph.edgeColumns(link: edge.link) {
        add(column, edge.fromSlot)
        add(column, edge.toSlot)
      }
    }
    return records.flatMap { RecordColumn.lines($0.columns, slot: $0.slot) }
  }
}

// In three steps, because where a thing lies is read from the one before. Nothing is changed and
// nothing depends on it: a wrong guess costs a line of cache. `inout` stands for reading, because
// a value of this size is copied to be borrowed.
extension AheadPlan {
  /// The numbers the announced keys of an event probably have, and what those alone lead to.
  mutating func addRecords(
    _ type: Int, _ keys: inout KeySpaces, _ list: inout PrefetchList
  ) {
    let part = parts[type]
    let slots = self.keys.span
    for position in part.keys {
      keys.foresee(slot: Int(slots[position].slot), space: Int(slots[position].space))
    }
    list.add(lines.span.extracting(part.lines), keys.numbers)
  }

  /// What those records lead to.
  mutating func addStates(
    _ type: Int, _ signals: inout SignalState, _ keys: inout KeySpaces, _ list: inout PrefetchList
  ) {
    let part = parts[type]
    let numbers = keys.numbers
    let entries = self.entries.span
    for position in part.entries {
      let entry = entries[position]
      signals.windows[Int(entry.list)].prefetchState(numbers[Int(entry.slot)], &list)
    }
    let pairs = self.pairs.span
    for position in part.pairs {
      let pair = pairs[position]
      signals.timelines[Int(pair.timeline)].prefetchDistinct(
        numbers[Int(pair.slot)], numbers[Int(pair.valueSlot)], &list)
    }
    let uses = self.uses.span
    for position in part.uses {
      let use = uses[position]
      signals.graph.prefetchMembers(
        identifier: Int(use.store), value: numbers[Int(use.to)], &list)
    }
    let edges = self.edges.span
    for position in part.edges {
      let edge = edges[position]
      signals.graph.prefetchEdgeLists(
        link: Int(edge.store), from: numbers[Int(edge.from)], to: numbers[Int(edge.to)], &list)
    }
    let members = self.members.span
    for position in part.members {
      let member = members[position]
      signals.graph.prefetchRoot(link: Int(member.link), numbers[Int(member.slot)], &list)
    }
  }

  /// What the states of windows lead to.
  mutating func addChunks(
    _ type: Int, _ signals: inout SignalState, _ keys: inout KeySpaces, _ list: inout PrefetchList
  ) {
    let numbers = keys.numbers
    let entries = self.entries.span
    for position in parts[type].entries {
      let entry = entries[position]
      signals.windows[Int(entry.list)].prefetchChunks(numbers[Int(entry.slot)], &list)
    }
  }
}
