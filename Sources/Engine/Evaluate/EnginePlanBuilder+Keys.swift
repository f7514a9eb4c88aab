import Model
import Program

extension EnginePlanBuilder {
  mutating func addFeeds() throws(EngineError) -> Range<Int> {
    let start = plan.feeds.count
    var fed: Set<Int> = []
    for feed in eventProgram.feeds {
      try require(program.lists.indices.contains(feed.list), "no list \(feed.list)")
      let list = program.lists[feed.list]
      try require(
        list.event == type && fed.insert(feed.list).inserted,
        "\(eventType.name): list \(feed.list) is fed once, by its own event type")
      try require(
        feed.sums.count == list.sumColumns && feed.distincts.count == list.distinctColumns.count,
        "\(eventType.name): list \(feed.list) has other columns")
      let sums = plan.sumRegisters.count
      for register in feed.sums { plan.sumRegisters.append(try checked(register)) }
      let distincts = plan.distinctKeys.count
      for (register, space) in zip(feed.distincts, list.distinctColumns) {
        plan.distinctKeys.append(feedKey(try key(space, [register])))
      }
      let key = feedKey(try key(list.keySpace, feed.keys))
      plan.feeds.append(
        FeedPlan(
          list: feed.list, key: key, filter: try checked(feed.filter) ?? FeedPlan.unfiltered,
          sumCount: UInt16(feed.sums.count), distinctCount: UInt16(feed.distincts.count),
          firstSum: Int32(sums), firstDistinct: Int32(distincts)))
    }
    return start..<plan.feeds.count
  }

  private func feedKey(_ position: Int) -> FeedKey {
    FeedKey(position: Int32(position), slot: plan.keys[position].slot)
  }

  /// Lays out the uses of an event, and which accounts they are of.
  mutating func addUses(to event: inout EventPlan) throws(EngineError) {
    let start = plan.uses.count
    let firstGroup = plan.useGroups.count
    // The last first, so that among values of one event the first counts as the newest.
    for use in eventProgram.uses.reversed() {
      let fields = eventType.fields
      guard let owner = fields.first(where: { $0.slot == use.ownerSlot }),
        case .entity(let entity) = owner.kind,
        fields.contains(where: { $0.slot == use.slot && $0.kind == .identifier(use.identifier) }),
        program.schema.identifiers[use.identifier].entity == entity
      else { throw .program(detail: "\(eventType.name): slot \(use.slot) is not used by an owner") }
      plan.uses.append(use)
      plan.useReads.append(-1)
      let place = Int32(plan.uses.count - 1)
      if plan.useGroups.count > firstGroup, let last = plan.useGroups.last,
        last.ownerSlot == use.ownerSlot, last.uses.count < UseGroup.mostUses,
        !last.uses.contains(where: { plan.uses[$0].identifier == use.identifier })
      {
        plan.useGroups[plan.useGroups.count - 1].end = place + 1
      } else {
        plan.useGroups.append(UseGroup(ownerSlot: use.ownerSlot, first: place, end: place + 1))
      }
    }
    event.uses = start..<plan.uses.count
    event.useGroups = firstGroup..<plan.useGroups.count
  }

  mutating func addEdges() throws(EngineError) -> Range<Int> {
    let start = plan.edges.count
    for link in eventProgram.edges {
      guard program.links.indices.contains(link),
        case .event(let event, let fromSlot, let toSlot, _) = program.links[link].source,
        event == type,
        [fromSlot, toSlot].allSatisfy({ slot in
          eventType.fields.contains {
            $0.slot == slot && $0.kind == .entity(program.links[link].entity)
          }
        })
      else { throw .program(detail: "\(eventType.name): makes no edges of link \(link)") }
      plan.edges.append(EdgePlan(link: link, fromSlot: fromSlot, toSlot: toSlot))
    }
    return start..<plan.edges.count
  }

  /// Lays out the reads of the event type: groups of those that are at hand after a push, and the
  /// others.
  mutating func addReads(to event: inout EventPlan) throws(EngineError) {
    var all: [ReadPlan] = []
    var stored: [SignalRead] = []
    for read in eventProgram.reads {
      all.append(try plan(read, place: read.isStored ? Int32(stored.count) : -1))
      if read.isStored { stored.append(read) }
    }
    event.signalHeads = FixedArray(stored.map { UInt64(UInt32($0.signal)) })
    event.signalRuns = FixedArray(runs(stored))
    let firstGroup = plan.freshGroups.count
    for position in event.feeds {
      let feed = plan.feeds[position]
      let group = all.filter { Self.isFresh($0, feed) }
      guard !group.isEmpty else { continue }
      all.removeAll { Self.isFresh($0, feed) }
      plan.feeds[position].group = Int32(plan.freshGroups.count)
      plan.freshGroups.append(
        FreshGroup(
          list: feed.list,
          places: FreshPlaces(
            counts: addFresh(group) { $0 == .count ? 0 : nil },
            sums: addFresh(group) { if case .sum(let column) = $0 { column } else { nil } },
            distincts: addFresh(group) {
              if case .distinct(let column) = $0 { column } else { nil }
            }, end: Int32(plan.freshReads.count)), reads: addReads(group)))
    }
    event.freshGroups = firstGroup..<plan.freshGroups.count
    for position in event.seenFeeds {
      let feed = plan.seenFeeds[position]
      plan.seenFeeds[position].firstRead = Int32(plan.seenReads.count)
      plan.seenReads += all.compactMap { seenRead($0, feed) }
      plan.seenFeeds[position].endRead = Int32(plan.seenReads.count)
      all.removeAll { seenRead($0, feed) != nil }
    }
    event.listReads = addReads(all.filter { $0.source.store == .list })
    event.timelineReads = addReads(all.filter { $0.source.store == .timeline })
    let ties = all.filter { $0.source.store == .graph }
    // All of them, as declared: what shows evidence goes by that order.
    event.reads = event.listReads.lowerBound..<addReads(ties).upperBound
    event.graphReads = addReads(ties.filter { slotRead($0) == nil })
    addSlotReads(ties.compactMap { slotRead($0) }, to: &event)
  }

  /// Lays out plain questions, last those that uses answer, one for each use.
  private mutating func addSlotReads(_ reads: [SlotRead], to event: inout EventPlan) {
    let start = plan.slotReads.count
    var answered: [SlotRead] = []
    var uses: [Int] = []
    for read in reads {
      if let use = countedUse(read, event.uses), !uses.contains(use) {
        uses.append(use)
        answered.append(read)
      } else {
        plan.slotReads.append(read)
      }
    }
    let end = plan.slotReads.count
    for (place, use) in uses.enumerated() { plan.useReads[use] = Int32(end + place) }
    plan.slotReads += answered
    event.userReads = end..<plan.slotReads.count
    event.slotReads = start..<plan.slotReads.count
  }

  /// The use of the value whose accounts a read asks for, if it does.
  private func countedUse(_ read: SlotRead, _ uses: Range<Int>) -> Int? {
    guard case .userCount(let identifier) = read.question else { return nil }
    return uses.first {
      plan.uses[$0].identifier == Int(identifier) && plan.uses[$0].slot == Int(read.slot)
    }
  }

  /// A plain question to the graph whose keys are slots; nil for any other.
  private func slotRead(_ read: ReadPlan) -> SlotRead? {
    let question: PlainQuestion?
    switch read.source {
    case .cycleLength(let link, let maxHops):
      // Any other event type may not know what edge was made last.
      question = read.isFedHere ? .cycleLength(link: Int32(link), maxHops: maxHops) : nil
    case .componentSize(let link, let maxNodes):
      question = .componentSize(link: Int32(link), maxNodes: maxNodes ?? .max)
    case .graph(let position): question = plan.plainQuestions[position]
    case .userCount(let identifier): question = .userCount(identifier: Int32(identifier))
    case .window, .timeline, .valuesSeen, .sequence: question = nil
    }
    guard let question, let slot = plan.slot(ofKey: read.key) else { return nil }
    // A question about one is one about the same twice.
    var second = slot
    if read.secondKey >= 0 {
      guard let slot = plan.slot(ofKey: read.secondKey) else { return nil }
      second = slot
    }
    return SlotRead(
      question: question, slot: Int32(slot), secondSlot: Int32(second), register: read.register,
      place: read.place)
  }

  private mutating func addReads(_ reads: [ReadPlan]) -> Range<Int> {
    let start = plan.reads.count
    plan.reads += reads
    return start..<plan.reads.count
  }

  /// Whether the stages of the event type can wait for one another, see `EventPlan.isStaged`: keys
  /// are numbered before any, no text of an account is borrowed meanwhile, and nothing it decides
  /// is counted.
  func isStaged(_ event: borrowing EventPlan) -> Bool {
    func isSlot(_ key: Int) -> Bool { key < 0 || plan.keys[key].slot >= 0 }
    let feeds = event.feeds.allSatisfy { position in
      let feed = plan.feeds[position]
      let first = Int(feed.firstDistinct)
      let distincts = plan.distinctKeys[first..<first + Int(feed.distinctCount)]
      return feed.key.slot >= 0 && distincts.allSatisfy { $0.slot >= 0 }
    }
    let timelineFeeds = event.timelineFeeds.allSatisfy { position in
      let feed = plan.timelineFeeds[position]
      guard case .key(let value) = feed.value else { return isSlot(feed.key) }
      return isSlot(feed.key) && isSlot(value)
    }
    let groups = event.freshGroups.flatMap { plan.freshGroups[$0].reads }
    let reads = (Array(event.reads) + groups).allSatisfy { position in
      let read = plan.reads[position]
      guard isSlot(read.key) && isSlot(read.secondKey) else { return false }
      guard case .timeline(let timeline) = read.source,
        case .collect = plan.timelineReads[timeline].aggregate
      else { return true }
      return false
    }
    let loads = event.attributeLoads.allSatisfy { position in
      let load = plan.attributeLoads[position]
      return !plan.textAttributes.isText(entity: load.entity, load.attribute)
    }
    let isCounted = eventProgram.policy?.decisionEvent != nil
    return event.accountEvent == nil && !isCounted && feeds && timelineFeeds && reads && loads
  }

  /// Whether events of the type may enter list by list, see `EventPlan.entersByList`.
  func entersByList(_ event: borrowing EventPlan) -> Bool {
    let entered = Set(event.feeds.map { plan.feeds[$0].list })
    return event.listReads.allSatisfy { position in
      guard case .window(let list, _, _, _) = plan.reads[position].source else { return true }
      return !entered.contains(list)
    }
  }

  /// The longest runs of stored signals whose registers lie side by side as they do.
  private func runs(_ stored: [SignalRead]) -> [SignalRun] {
    var runs: [SignalRun] = []
    for (place, read) in stored.enumerated() {
      if let last = runs.last, Int(last.register) + last.count == Int(read.register) {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(SignalRun(place: place, register: read.register, count: 1))
      }
    }
    return runs
  }

  /// Whether a read asks for the key under which a feed enters the same list.
  private static func isFresh(_ read: ReadPlan, _ feed: FeedPlan) -> Bool {
    guard case .window(let list, _, _, _) = read.source else { return false }
    return list == feed.list && read.key == Int(feed.key.position)
  }

  /// Lays out those of a group whose aggregate has a column, those of one column side by side, for
  /// which the entries of a key are looked at once. Returns where they begin.
  private mutating func addFresh(
    _ group: [ReadPlan], column: (Aggregate) -> Int?
  ) -> Int32 {
    let start = plan.freshReads.count
    for read in group {
      guard case .window(let list, let window, let aggregate, let excludes) = read.source,
        let column = column(aggregate)
      else { continue }
      plan.freshReads.append(
        FreshRead(
          length: program.lists[list].windows[window], window: Int32(window),
          column: Int32(column), place: read.place, register: read.register,
          excludesCurrent: excludes))
    }
    plan.freshReads[start...].sort { ($0.column, $0.length) < ($1.column, $1.length) }
    return Int32(start)
  }

  private mutating func plan(_ read: SignalRead, place: Int32) throws(EngineError) -> ReadPlan {
    try require(program.signals.indices.contains(read.signal), "no signal \(read.signal)")
    let source = program.signals[read.signal]
    let space: Int
    let isFedHere: Bool
    switch source {
    case .window(let list, _, _, _):
      space = program.lists[list].keySpace
      isFedHere = eventProgram.feeds.contains { $0.list == list }
    case .timeline(let read):
      space = program.timelines[read.timeline].keySpace
      isFedHere = eventProgram.timelineFeeds.contains { $0.target == .timeline(read.timeline) }
    case .sequence(let read):
      space = program.sequences[read.sequence].keySpace
      isFedHere = eventProgram.timelineFeeds.contains {
        $0.target == .sequence(read.sequence, isSecond: true)
      }
    case .cycleLength(let link, _), .componentSize(let link, _):
      space = program.links[link].entity
      isFedHere = eventProgram.edges.contains(link)
    case .graph(let question):
      space = keySpace(of: question)
      isFedHere = question.link.map { eventProgram.edges.contains($0) } ?? false
      try require(read.keys.count == question.keyCount, "a question about other keys")
    }
    let isAboutTwo =
      if case .graph(let question) = source { question.keyCount == 2 } else { false }
    return ReadPlan(
      signal: read.signal, source: plainSource(source),
      key: try key(space, isAboutTwo ? [read.keys[0]] : read.keys),
      secondKey: isAboutTwo ? try key(space, [read.keys[1]]) : -1,
      register: try checked(read.register), place: place, isFedHere: isFedHere)
  }

  private mutating func plainSource(_ source: SignalSource) -> ReadSource {
    switch source {
    case .window(let list, let window, let aggregate, let excludingCurrent):
      return .window(
        list: list, window: window, aggregate: aggregate, excludingCurrent: excludingCurrent)
    case .cycleLength(let link, let maxHops): return .cycleLength(link: link, maxHops: maxHops)
    case .componentSize(let link, let maxNodes):
      return .componentSize(link: link, maxNodes: maxNodes)
    case .timeline(let read)
    where read.span == .lifetime && read.aggregate == .distinct && read.otherwise == nil:
      if let identifier = plan.linkedUses.identifier(ofTimeline: read.timeline) {
        return .userCount(identifier: identifier)
      }
      return .valuesSeen(timeline: read.timeline, excludingCurrent: read.excludingCurrent)
    case .timeline(let read):
      plan.timelineReads.append(read)
      return .timeline(plan.timelineReads.count - 1)
    case .sequence(let read):
      plan.sequenceReads.append(read)
      return .sequence(plan.sequenceReads.count - 1)
    case .graph(let question):
      plan.questions.append(question)
      plan.plainQuestions.append(PlainQuestion(question))
      return .graph(plan.questions.count - 1)
    }
  }

  /// The position of a key in the plan, the same for the same parts.
  mutating func key(
    _ space: Int, _ registers: [Register]
  ) throws(EngineError) -> Int {
    var parts: [KeyPart] = []
    var isReference = true
    switch program.keySpaces[space] {
    case .entity, .identifier:
      try require(registers.count == 1, "a reference is a key of one part")
      parts.append(referencePart(space, try checked(registers[0])))
    case .values(let types):
      isReference = false
      try require(registers.count == types.count, "a key has \(types.count) parts")
      for (register, type) in zip(registers, types) {
        parts.append(try part(type, try checked(register)))
      }
    }
    let identity = KeyIdentity(space: space, parts: parts)
    if let known = keyPositions[identity] { return known }
    let first = plan.keyParts.count
    plan.keyParts += parts
    plan.keys.append(
      KeyPlan(
        space: space, parts: first..<plan.keyParts.count, isReference: isReference,
        slot: isReference && parts[0].isSlot ? Int32(parts[0].register) : -1))
    keyPositions[identity] = plan.keys.count - 1
    return plan.keys.count - 1
  }

  private func part(_ type: ValueType, _ register: Register) throws(EngineError) -> KeyPart {
    switch type {
    case .reference(let name):
      if let entity = program.schema.entities.firstIndex(where: { $0.name == name }) {
        return referencePart(entity, register)
      }
      if let identifier = program.schema.identifiers.firstIndex(where: { $0.name == name }) {
        return referencePart(program.schema.entities.count + identifier, register)
      }
      return KeyPart(kind: .text, register: register, space: 0, isSlot: false)
    case .string, .bytes: return KeyPart(kind: .text, register: register, space: 0, isSlot: false)
    case .double: return KeyPart(kind: .double, register: register, space: 0, isSlot: false)
    case .bool, .int, .uint, .timestamp, .duration, .decimal, .enumeration:
      return KeyPart(kind: .word, register: register, space: 0, isSlot: false)
    case .list, .collected, .map: throw .program(detail: "a \(type) is no part of a key")
    }
  }

  private func referencePart(_ space: Int, _ register: Register) -> KeyPart {
    let isSlot = eventType.fields.contains { field in
      guard field.slot == Int(register) else { return false }
      return switch field.kind {
      case .plain: false
      case .entity(let entity): entity == space
      case .identifier(let identifier): program.schema.entities.count + identifier == space
      }
    }
    return KeyPart(kind: .reference, register: register, space: space, isSlot: isSlot)
  }
}
