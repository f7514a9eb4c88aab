import Model
import Program

extension EnginePlanBuilder {
  /// Lays out what an event type enters in timelines and sequences: where only the different
  /// values of a key are asked for, and the others.
  mutating func addTimelineFeeds(to layout: inout EventPlan) throws(EngineError) {
    let (start, firstSeen) = (plan.timelineFeeds.count, plan.seenFeeds.count)
    // An event that is both sides of a sequence does not follow itself.
    let ordered =
      eventProgram.timelineFeeds.filter { !Self.isFirst($0.target) }
      + eventProgram.timelineFeeds.filter { Self.isFirst($0.target) }
    for feed in ordered {
      let space: Int
      let event: Int
      var value = TimelineValuePlan.none
      switch feed.target {
      case .timeline(let timeline):
        try require(program.timelines.indices.contains(timeline), "no timeline \(timeline)")
        (space, event) = (program.timelines[timeline].keySpace, program.timelines[timeline].event)
        value = try self.value(feed, program.timelines[timeline].value)
      case .sequence(let sequence, let isSecond):
        try require(program.sequences.indices.contains(sequence), "no sequence \(sequence)")
        let plan = program.sequences[sequence]
        (space, event) = (plan.keySpace, isSecond ? plan.secondEvent : plan.firstEvent)
      }
      try require(event == type, "\(eventType.name) feeds a timeline of another event")
      let feed = TimelineFeedPlan(
        target: feed.target, filter: try checked(feed.filter), key: try key(space, feed.keys),
        value: value)
      // Checked like the others, and left to the graph.
      if case .timeline(let timeline) = feed.target,
        plan.linkedUses.identifier(ofTimeline: timeline) != nil
      {
        continue
      }
      if let seen = seenFeed(feed) {
        plan.seenFeeds.append(seen)
      } else {
        plan.timelineFeeds.append(feed)
      }
    }
    layout.timelineFeeds = start..<plan.timelineFeeds.count
    layout.seenFeeds = firstSeen..<plan.seenFeeds.count
  }

  private func seenFeed(_ feed: TimelineFeedPlan) -> SeenFeed? {
    guard case .timeline(let timeline) = feed.target, feed.filter == nil,
      TimelineStore.keepsOnlyValues(program.timelines[timeline]),
      // What it did is told by timeline.
      eventProgram.timelineFeeds.count(where: { $0.target == feed.target }) == 1,
      case .key(let value) = feed.value, let slot = plan.slot(ofKey: feed.key),
      let valueSlot = plan.slot(ofKey: value)
    else { return nil }
    return SeenFeed(timeline: Int32(timeline), slot: Int32(slot), valueSlot: Int32(valueSlot))
  }

  /// The read of the timeline that a feed enters, for the same key.
  func seenRead(_ read: ReadPlan, _ feed: SeenFeed) -> SeenRead? {
    guard case .valuesSeen(let timeline, let excludes) = read.source,
      let slot = plan.slot(ofKey: read.key), feed.timeline == timeline, feed.slot == slot
    else { return nil }
    return SeenRead(register: read.register, excludesCurrent: excludes, place: read.place)
  }

  private static func isFirst(_ target: TimelineFeed.Target) -> Bool {
    if case .sequence(_, isSecond: false) = target { return true }
    return false
  }

  private mutating func value(
    _ feed: TimelineFeed, _ kind: TimelineValue?
  ) throws(EngineError) -> TimelineValuePlan {
    try require((kind == nil) == (feed.value == nil), "\(eventType.name): a timeline without value")
    guard let kind, let register = try checked(feed.value) else { return .none }
    if case .key(let space) = kind { return .key(try key(space, [register])) }
    return .register(register, kind)
  }

  // MARK: Checks

  func checkTimelines() throws(EngineError) {
    let spaces = program.keySpaces.indices
    for timeline in program.timelines {
      var isKey = false
      if case .key(let space)? = timeline.value {
        try require(spaces.contains(space), "a timeline of keys of no space")
        isKey = true
      }
      try require(
        spaces.contains(timeline.keySpace), "a timeline names a key space that does not exist")
      try require(!timeline.countsDistinct || isKey, "distinct values must be keys")
      try require(
        !timeline.hasLifetime || timeline.countsDistinct || timeline.summarizesLifetime,
        "a timeline keeps nothing of the whole life")
    }
    for sequence in program.sequences {
      try require(
        spaces.contains(sequence.keySpace), "a sequence names a key space that does not exist")
    }
  }

  func checkListFiles() throws(EngineError) {
    for list in program.listFiles {
      try require(
        program.constants.textSets.indices.contains(list.textSet)
          && program.constants.textSets[list.textSet].isEmpty
          && program.listFiles.count { $0.textSet == list.textSet } == 1,
        "list \(list.name) has no set of its own")
    }
  }

  func check(_ read: TimelineRead) throws(EngineError) {
    try require(program.timelines.indices.contains(read.timeline), "a signal without its timeline")
    let timeline = program.timelines[read.timeline]
    switch read.span {
    case .lifetime:
      let isKept =
        timeline.hasLifetime && (read.aggregate == .distinct || timeline.summarizesLifetime)
      try require(isKept, "a lifetime that is not kept")
    case .last(let entries):
      try require(entries <= timeline.lastEntries, "more last entries than are kept")
    case .sliding, .calendar:
      let reach = (read.span.longestMicroseconds ?? 0) + read.lagMicroseconds
      try require(reach <= timeline.spanMicroseconds ?? -1, "a window longer than is kept")
      if case .calendar(_, let zone) = read.span {
        try require(program.zones.indices.contains(zone), "a calendar without its zone")
      }
    }
    var isKey = false
    if case .key? = timeline.value { isKey = true }
    switch read.aggregate {
    case .count: break
    case .rate, .timeSinceLast:
      try require(read.span != .lifetime, "no such aggregate over a lifetime")
    case .percentile, .mode:
      try require(
        timeline.isRanked && !isKey && read.span != .lifetime, "an order that is not kept")
    case .distinct: try require(timeline.countsDistinct, "distinct values that are not counted")
    case .sum, .average, .variance, .deviation, .ratio:
      try require(timeline.value == .int, "only whole numbers are added")
    case .least, .greatest, .first, .last:
      try require(timeline.value != nil && !isKey, "a value that is not kept")
    case .collect(let most):
      try require(
        timeline.value != nil && !isKey && read.span != .lifetime
          && (1...Limits.collectedValues).contains(most), "values that are not kept")
    }
  }
}
