import CPrefetch
import Program

/// What the events of each type will touch, laid out flat: to walk the plan of an event once more
/// for that would take longer than the waiting it saves.
///
/// Memory does not move, so where the record of a key lies is its number away from where its store
/// begins. To ask for what is not there, as of number 0, is allowed and costs nothing.
struct AheadPlan: ~Copyable, Sendable {
  private let inPlace = InPlace()
  /// A store in which something is kept of a key.
  struct Lead: BitwiseCopyable, Equatable, Sendable {
    enum Kind: UInt8 {
      /// The list of windows at `store`; the other key is the first value that is told apart in it,
      /// if there is one.
      case list
      /// The values a key ever had on the timeline at `store`; the other key is the value.
      case values
      /// The accounts of a value of the identifier at `store`; the other key is the account that
      /// uses it.
      case accounts
      /// The lists of edges of a link from the account, or to it; the other key is the other
      /// account.
      case source, target
      /// The component of an account in a link.
      case component
    }

    var kind: Kind
    var store: Int32
    /// How far from the slot of the key that of the other one lies.
    var otherSlot: Int32 = 0
  }

  /// Where the leads of the key of a slot lie, and the lines that its number alone leads to.
  struct Key: BitwiseCopyable, Sendable {
    var firstLead: Int32 = 0
    var endLead: Int32 = 0
    var firstLine: Int32 = 0
    var endLine: Int32 = 0
  }

  /// A state that a key has in a list of windows.
  struct KnownState: BitwiseCopyable, Sendable {
    var list: Int32 = 0
    var state: UInt32 = 0
    var key: UInt32 = 0
    /// The value that comes; 0 for none.
    var value: UInt32 = 0
  }

  /// The accounts of a value that another one is joined with.
  struct KnownMembers: BitwiseCopyable, Sendable {
    var identifier: Int32 = 0
    var accounts = AdjacencyHead()
  }

  /// The only edge of a link to an account that gets another one.
  struct KnownEdge: BitwiseCopyable, Sendable {
    var link: Int32 = 0
    var edge: UInt32 = 0
  }

  private let lines: FixedArray<RecordLine>
  /// By position in `EnginePlan.keySlots`.
  private let keys: FixedArray<Key>
  private let leads: FixedArray<Lead>
  /// The positions of the types that the batch has events of, and how many types these are.
  private var met: FixedArray<Range<Int>>
  private var metCount = 0
  /// The states that keys of the batch led to, and how many they are.
  private var known: FixedArray<KnownState>
  private var knownCount = 0
  private var edges: FixedArray<KnownEdge>
  private var edgeCount = 0
  private var members: FixedArray<KnownMembers>
  private var memberCount = 0

  /// Finds what events touch in a state, as long as nothing takes the place of its stores.
  init(
    _ plan: borrowing EnginePlan, _ keySpaces: borrowing KeySpaces, _ signals: inout SignalState
  ) {
    var lines: [RecordLine] = []
    var keys = [Key](repeating: Key(), count: plan.keySlots.count)
    var leads: [Lead] = []
    var (most, mostEdges, mostUses) = (0, 0, 0)
    for type in plan.events.indices {
      let records = Self.records(plan.events[type], plan, keySpaces, &signals)
      for position in plan.events[type].keySlots {
        let slot = plan.keySlots[position].slot
        let ownLeads = Self.append(Self.leads(of: slot, plan.events[type], plan), to: &leads)
        let ownLines = records.filter { $0.slot == slot }.flatMap { RecordColumn.lines($0.columns) }
        let found = Self.append(ownLines, to: &lines)
        keys[position] = Key(
          firstLead: Int32(ownLeads.lowerBound), endLead: Int32(ownLeads.upperBound),
          firstLine: Int32(found.lowerBound), endLine: Int32(found.upperBound))
      }
      most = max(most, plan.events[type].feeds.count)
      mostEdges = max(mostEdges, plan.events[type].edges.count)
      mostUses = max(mostUses, plan.events[type].uses.count)
    }
    self.lines = FixedArray(lines)
    self.keys = FixedArray(keys)
    self.leads = FixedArray(leads)
    met = FixedArray(count: plan.events.count) { _ in 0..<0 }
    known = FixedArray(repeating: KnownState(), count: keySpaces.laneCount * most)
    edges = FixedArray(repeating: KnownEdge(), count: keySpaces.laneCount * mostEdges)
    members = FixedArray(repeating: KnownMembers(), count: keySpaces.laneCount * mostUses)
  }

  fileprivate static func append<Part>(_ found: [Part], to all: inout [Part]) -> Range<Int> {
    let start = all.count
    all += found
    return start..<all.count
  }

  private static func leads(
    of slot: Int, _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan
  ) -> [Lead] {
    var found: [Lead] = []
    for position in layout.feeds where plan.feeds[position].keySlot == slot {
      let feed = plan.feeds[position]
      var lead = Lead(kind: .list, store: Int32(feed.list))
      if feed.distinctCount > 0 {
        let value = plan.distinctKeys[Int(feed.firstDistinct)].slot
        if value >= 0 { lead.otherSlot = Int32(value) - Int32(slot) }
      }
      found.append(lead)
    }
    for position in layout.timelineFeeds {
      let feed = plan.timelineFeeds[position]
      if case .timeline(let timeline) = feed.target, case .key(let value) = feed.value,
        plan.slot(ofKey: feed.key) == slot, let valueSlot = plan.slot(ofKey: value)
      {
        found.append(
          Lead(kind: .values, store: Int32(timeline), otherSlot: Int32(valueSlot - slot)))
      }
    }
    for position in layout.seenFeeds {
      let feed = plan.seenFeeds[position]
      guard Int(feed.slot) == slot else { continue }
      found.append(
        Lead(kind: .values, store: feed.timeline, otherSlot: feed.valueSlot - feed.slot))
    }
    for position in layout.uses where plan.uses[position].slot == slot {
      let use = plan.uses[position]
      found.append(
        Lead(
          kind: .accounts, store: Int32(use.identifier), otherSlot: Int32(use.ownerSlot - slot)))
    }
    for position in layout.edges {
      let edge = plan.edges[position]
      let link = Int32(edge.link)
      if edge.fromSlot == slot {
        found.append(Lead(kind: .source, store: link, otherSlot: Int32(edge.toSlot - slot)))
      }
      if edge.toSlot == slot {
        found.append(Lead(kind: .target, store: link, otherSlot: Int32(edge.fromSlot - slot)))
      }
    }
    for position in layout.reads {
      let read = plan.reads[position]
      guard let link = componentLink(read, plan), slots(read, plan).contains(slot) else { continue }
      let lead = Lead(kind: .component, store: Int32(link))
      if !found.contains(lead) { found.append(lead) }
    }
    return found
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

  /// What is asked for of records whose key is in a slot.
  private typealias SlotRecords = (slot: Int, columns: [RecordColumn])

  /// What the numbers of the keys of an event alone lead to, by slot and where records begin.
  private static func records(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan,
    _ keySpaces: borrowing KeySpaces, _ signals: inout SignalState
  ) -> [SlotRecords] {
    var records: [SlotRecords] = []
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
      if case .userCount(let identifier) = read.source {
        columns += signals.graph.valueColumns(identifier: identifier)
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
    return records
  }
}

// In four steps, because where a thing lies is read from the one before. Nothing is changed and
// nothing depends on it: a wrong guess costs a line of cache. `inout` stands for reading, because
// a value of this size is copied to be borrowed.
extension AheadPlan {
  /// The numbers the announced keys of a batch probably have, and what those alone lead to: line by
  /// line, the known keys of one slot of all events of a type. Records of new ones follow each
  /// other, whatever slot they are named in.
  @inline(never)
  mutating func askForRecords(_ keys: inout KeySpaces) {
    keys.foresee()
    meet(keys)
    for type in 0..<metCount {
      for position in met[type] {
        let known = keys.known(at: position)
        if !known.isEmpty { askForLines(self.keys[position], of: known) }
      }
    }
  }

  /// The lines that the numbers of some keys of one slot lead to, one line of all after another.
  @inline(__always)
  private func askForLines(_ key: Key, of known: Span<KnownKey>) {
    var place = Int(key.firstLine)
    // Those of one key, as a lone event has in a slot, are few.
    if known.count == 1 {
      while place < Int(key.endLine) {
        // SAFETY: as below.
        unsafe prefetch_near(
          UnsafeRawPointer(bitPattern: lines[place].address(known[0].number)))
        place &+= 1
      }
      return
    }
    while place < Int(key.endLine) {
      let line = lines[place]
      for index in known.indices {
        // SAFETY: a prefetch reads nothing a program could see, whatever the address.
        unsafe prefetch_line(UnsafeRawPointer(bitPattern: line.address(known[index].number)))
      }
      place &+= 1
    }
  }

  /// Notes which types the batch has events of.
  @inline(__always)
  private mutating func meet(_ keys: borrowing KeySpaces) {
    metCount = 0
    var last = 0..<0
    for lane in 0..<keys.batchLanes {
      let positions = keys.positions(lane: lane)
      if positions == last || positions.isEmpty { continue }
      last = positions
      var isNew = true
      for type in 0..<metCount where met[type] == positions { isNew = false }
      if isNew {
        met[metCount] = positions
        metCount &+= 1
      }
    }
  }

  /// What the records of keys that were seen before lead to: nothing is known of others. Those of
  /// one slot of all events of a type are taken together, lead by lead: what to do is told once.
  @inline(never)
  mutating func addStates(
    _ signals: inout SignalState, _ keys: inout KeySpaces, _ list: inout PrefetchList
  ) {
    (knownCount, edgeCount, memberCount) = (0, 0, 0)
    for type in 0..<metCount {
      for position in met[type] {
        let known = keys.known(at: position)
        if known.isEmpty { continue }
        var place = Int(self.keys[position].firstLead)
        let end = Int(self.keys[position].endLead)
        while place < end {
          add(leads[place], of: known, &signals, keys, &list)
          place &+= 1
        }
      }
      keys.tookKnown(at: met[type])
    }
    keys.tookKnown()
  }

  /// What some keys lead to in one store.
  @inline(__always)
  private mutating func add(
    _ lead: Lead, of names: Span<KnownKey>, _ signals: inout SignalState,
    _ keys: borrowing KeySpaces, _ list: inout PrefetchList
  ) {
    let store = Int(lead.store)
    let otherSlot = Int(lead.otherSlot)
    switch lead.kind {
    case .list:
      for index in names.indices {
        let state = signals.windows[store].prefetchState(names[index].number, &list)
        if state == 0 { continue }
        let value = otherSlot == 0 ? 0 : keys.number(at: Int(names[index].place) &+ otherSlot)
        known[knownCount] = KnownState(
          list: lead.store, state: state, key: names[index].number, value: value)
        knownCount &+= 1
      }
    case .values:
      for index in names.indices {
        let other = keys.number(at: Int(names[index].place) &+ otherSlot)
        signals.timelines[store].prefetchDistinct(names[index].number, other, &list)
      }
    case .accounts:
      let joins = signals.graph.joins(identifier: store)
      let counts = signals.graph.countsUsers(identifier: store)
      for index in names.indices {
        let value = names[index].number
        let accounts = signals.graph.prefetchAccounts(identifier: store, value: value, &list)
        if accounts.isEmpty ? !counts : !joins { continue }
        let account = keys.number(at: Int(names[index].place) &+ otherSlot)
        if accounts.isEmpty {
          signals.graph.prefetchUser(identifier: store, value: value, account, &list)
          continue
        }
        let isJoined = signals.graph.prefetchMember(
          identifier: store, value: value, of: accounts, joining: account, &list)
        if !isJoined { continue }
        members[memberCount] = KnownMembers(identifier: lead.store, accounts: accounts)
        memberCount &+= 1
      }
    case .source:
      for index in names.indices {
        let other = keys.number(at: Int(names[index].place) &+ otherSlot)
        signals.graph.prefetchSource(link: store, from: names[index].number, to: other, &list)
      }
    case .target:
      for index in names.indices {
        let other = keys.number(at: Int(names[index].place) &+ otherSlot)
        let edge = signals.graph.prefetchTarget(
          link: store, from: other, to: names[index].number, &list)
        if edge == 0 { continue }
        edges[edgeCount] = KnownEdge(link: lead.store, edge: edge)
        edgeCount &+= 1
      }
    case .component:
      for index in names.indices {
        signals.graph.prefetchRoot(link: store, names[index].number, &list)
      }
    }
  }

  /// What the states of windows, the edges and the accounts of values lead to.
  mutating func addChunks(_ signals: inout SignalState, _ list: inout PrefetchList) {
    for index in 0..<knownCount {
      let known = known[index]
      signals.windows[Int(known.list)].prefetchChunks(
        state: known.state, key: known.key, value: known.value, &list)
    }
    for index in 0..<edgeCount {
      let known = edges[index]
      signals.graph.edges[Int(known.link)].prefetchMoved(known.edge, &list)
    }
    for index in 0..<memberCount {
      signals.graph.prefetchMember(
        identifier: Int(members[index].identifier), of: members[index].accounts, &list)
    }
  }

  /// What the chunks of windows lead to where entries leave them, and those of accounts.
  mutating func addValues(_ signals: inout SignalState, _ list: inout PrefetchList) {
    for index in 0..<knownCount {
      let known = known[index]
      signals.windows[Int(known.list)].prefetchLeaving(state: known.state, key: known.key, &list)
    }
    for index in 0..<memberCount where members[index].accounts.hasChunk {
      signals.graph.prefetchMemberRoot(
        identifier: Int(members[index].identifier), of: members[index].accounts, &list)
    }
  }
}
