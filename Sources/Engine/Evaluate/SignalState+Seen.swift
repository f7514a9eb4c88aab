import Model
import Program

/// Entering a value of one slot under the key of another, where nothing is asked but how many
/// values a key ever had.
struct SeenFeed: BitwiseCopyable, Sendable {
  var timeline: Int32
  var slot: Int32
  var valueSlot: Int32
}

/// Asking that for the key of a slot.
struct SeenRead: BitwiseCopyable, Sendable {
  var timeline: Int32
  var slot: Int32
  var signal: Int32
  /// Its place among the stored signals of the decision; negative when it is not stored.
  var place: Int32
  var register: Register
  /// Whether the value of the event itself is left out.
  var excludesCurrent: Bool
}

extension SeenRead {
  /// The read in short; nil for any that asks for something else, or for a key of code.
  init?(_ read: ReadPlan, _ plan: borrowing EnginePlan) {
    guard case .valuesSeen(let timeline, let excludes) = read.source,
      let slot = plan.slot(ofKey: read.key)
    else { return nil }
    self.init(
      timeline: Int32(timeline), slot: Int32(slot), signal: Int32(read.signal),
      place: Int32(read.place), register: read.register,
      excludesCurrent: excludes && read.isFedHere)
  }
}

extension SeenFeed {
  /// The feed in short; nil for any that a filter or code has a say in, or that enters more.
  init?(_ feed: TimelineFeedPlan, _ timelines: [TimelinePlan], _ plan: borrowing EnginePlan) {
    guard case .timeline(let timeline) = feed.target, case .key(let value) = feed.value,
      feed.filter == nil, timelines[timeline].keepsOnlySeen,
      let slot = plan.slot(ofKey: feed.key), let valueSlot = plan.slot(ofKey: value)
    else { return nil }
    self.init(timeline: Int32(timeline), slot: Int32(slot), valueSlot: Int32(valueSlot))
  }
}

extension TimelinePlan {
  /// Whether nothing is kept but how many values a key ever had.
  fileprivate var keepsOnlySeen: Bool {
    hasLifetime && !summarizesLifetime && countsDistinct && spanMicroseconds == nil
      && lastEntries == 0
  }
}

extension SignalState {
  /// Enters the values of the event that are only counted.
  mutating func feedSeen(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, time: Int64, clock: Int64,
    _ keys: borrowing KeySpaces
  ) {
    let numbers = keys.numbers
    let feeds = plan.seenFeeds.span
    for position in layout.seenFeeds {
      let feed = feeds[position]
      let timeline = Int(feed.timeline)
      let key = numbers[Int(feed.slot)]
      let value = numbers[Int(feed.valueSlot)]
      let isEntry = key != 0 && value != 0
      enteredTimelines[timeline] = isEntry ? key : 0
      if isEntry { timelines[timeline].pushSeen(key: key, value: value, time: time, clock: clock) }
    }
  }

  /// Answers how many values keys ever had, into registers and results.
  @_lifetime(results: copy results)
  mutating func readSeen(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, clock: Int64,
    _ registers: borrowing Registers, _ keys: borrowing KeySpaces,
    _ statistics: inout EngineStatistics, into results: inout MutableSpan<SignalResult>
  ) {
    let numbers = keys.numbers
    let reads = plan.seenReads.span
    for position in layout.seenReads {
      let read = reads[position]
      let timeline = Int(read.timeline)
      let key = numbers[Int(read.slot)]
      let value =
        key == 0
        ? .missing
        : timelines[timeline].valuesSeen(
          key, clock: clock,
          excludingLastPush: read.excludesCurrent && enteredTimelines[timeline] == key)
      registers.set(read.register, value.payload, state: value.state.rawValue)
      guard read.place >= 0 else { continue }
      if value.isTruncated { statistics.truncatedSignals += 1 }
      results[Int(read.place)] = SignalResult(
        signal: Int(read.signal), payload: value.payload, state: value.state,
        isTruncated: value.isTruncated)
    }
  }
}
