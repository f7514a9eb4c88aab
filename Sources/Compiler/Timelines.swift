internal import Expressions
internal import Model
internal import Program
internal import RuleLanguage

/// Finds which windows can share one timeline: those of one event type, key, filter and value.
struct Timelines {
  private(set) var plans: [TimelinePlan] = []
  private(set) var sources: [Source] = []
  private(set) var sequences: [SequencePlan] = []
  private(set) var sequenceSources: [(first: Source, second: Source)] = []

  /// What enters, over the event that feeds it.
  struct Source: Equatable {
    var event: Int
    var filter: TypedExpression?
    var keys: [TypedExpression]
    var value: TypedExpression?
    var kind: TimelineValue?
  }

  /// The position of the timeline a window reads, which then keeps what the window needs.
  mutating func timeline(
    for window: CheckedTimeline, span: WindowSpan, kind: TimelineValue?, keySpace: Int,
    lateMicroseconds: Int64
  ) -> Int {
    let source = Source(
      event: window.event, filter: window.filter?.unplaced, keys: window.keys.map(\.unplaced),
      value: window.value?.unplaced, kind: kind)
    let position: Int
    if let known = sources.firstIndex(of: source) {
      position = known
    } else {
      position = plans.count
      sources.append(source)
      plans.append(
        TimelinePlan(
          event: window.event, keySpace: keySpace, value: kind, lateMicroseconds: lateMicroseconds))
    }
    switch span {
    case .lifetime:
      plans[position].hasLifetime = true
      if window.function != "distinct" { plans[position].summarizesLifetime = true }
    case .last(let entries):
      plans[position].lastEntries = max(plans[position].lastEntries, entries)
    case .sliding, .calendar:
      let reach = (span.longestMicroseconds ?? 0) + window.lagMicroseconds
      plans[position].spanMicroseconds = max(plans[position].spanMicroseconds ?? 0, reach)
    }
    switch window.function {
    case "percentile", "mode": plans[position].isRanked = true
    case "distinct": plans[position].countsDistinct = true
    default: break
    }
    return position
  }

  mutating func sequence(
    for sequence: CheckedSequence, keySpace: Int, lateMicroseconds: Int64
  ) -> Int {
    func source(_ side: CheckedSequence.Side) -> Source {
      Source(
        event: side.event, filter: side.filter?.unplaced, keys: side.keys.map(\.unplaced),
        value: nil, kind: nil)
    }
    let (first, second) = (source(sequence.first), source(sequence.second))
    let reach = sequence.microseconds + sequence.lagMicroseconds
    for position in sequences.indices
    where sequenceSources[position].first == first && sequenceSources[position].second == second
      && sequences[position].withinMicroseconds == sequence.withinMicroseconds
    {
      sequences[position].spanMicroseconds = max(sequences[position].spanMicroseconds, reach)
      return position
    }
    sequenceSources.append((first, second))
    sequences.append(
      SequencePlan(
        firstEvent: sequence.first.event, secondEvent: sequence.second.event, keySpace: keySpace,
        withinMicroseconds: sequence.withinMicroseconds, spanMicroseconds: reach,
        lateMicroseconds: lateMicroseconds))
    return sequences.count - 1
  }
}

extension PackageCompiler {
  /// What a signal over any window reads.
  mutating func timelineSource(_ window: CheckedTimeline) -> SignalSource {
    let span: WindowSpan
    switch window.span {
    case .sliding(let microseconds): span = .sliding(microseconds: microseconds)
    case .last(let entries): span = .last(entries)
    case .lifetime: span = .lifetime
    case .calendar(let unit, let zone):
      guard let position = Self.units.firstIndex(of: unit),
        let unit = CalendarUnit(rawValue: UInt8(position))
      else { preconditionFailure("the checker knows the units") }
      span = .calendar(unit, zone: zone)
    }
    var kind: TimelineValue?
    if let value = window.value {
      switch value.type {
      case _ where window.function == "distinct": kind = .key(keySpace(of: [value.type]))
      case .uint: kind = .uint
      case .double: kind = .double
      default: kind = .int
      }
    }
    let timeline = timelines.timeline(
      for: window, span: span, kind: kind, keySpace: keySpace(of: window.keys.map(\.type)),
      lateMicroseconds: rules.schema.events[window.event].lateMicroseconds)
    return .timeline(
      TimelineRead(
        timeline: timeline, span: span, lagMicroseconds: window.lagMicroseconds,
        aggregate: aggregate(window), excludingCurrent: window.excludesCurrent,
        otherwise: window.otherwise.map { constants.load($0).payload }))
  }

  private static let units = ["hour", "day", "week", "month", "quarter", "year"]

  private func aggregate(_ window: CheckedTimeline) -> TimelineAggregate {
    var scale = 0
    if case .decimal(let digits, _)? = window.value?.type { scale = digits }
    switch window.function {
    case "count": return .count
    case "sum": return .sum
    case "avg": return .average
    case "min": return .least
    case "max": return .greatest
    case "first": return .first
    case "last": return .last
    case "variance": return .variance(scale: scale)
    case "stddev": return .deviation(scale: scale)
    case "percentile": return .percentile(millionths: window.millionths)
    case "mode": return .mode
    case "distinct": return .distinct
    case "ratio": return .ratio
    case "rate": return .rate
    case "time_since_last": return .timeSinceLast
    case "collect": return .collect(window.most)
    default: preconditionFailure("the checker knows the aggregates")
    }
  }

  mutating func sequenceSource(_ sequence: CheckedSequence) -> SignalSource {
    let position = timelines.sequence(
      for: sequence, keySpace: keySpace(of: sequence.second.keys.map(\.type)),
      lateMicroseconds: rules.schema.events[sequence.second.event].lateMicroseconds)
    return .sequence(
      SequenceRead(
        sequence: position, microseconds: sequence.microseconds,
        lagMicroseconds: sequence.lagMicroseconds, excludingCurrent: sequence.excludesCurrent,
        otherwise: sequence.otherwise.map { constants.load($0).payload }))
  }
}

extension EventProgramBuilder {
  /// Timelines and sequences the event enters.
  mutating func timelineFeeds() -> [TimelineFeed] {
    var feeds: [TimelineFeed] = []
    for (position, source) in compiler.timelines.sources.enumerated() where source.event == event {
      feeds.append(feed(.timeline(position), source))
    }
    for (position, source) in compiler.timelines.sequenceSources.enumerated() {
      if source.second.event == event {
        feeds.append(feed(.sequence(position, isSecond: true), source.second))
      }
      if source.first.event == event {
        feeds.append(feed(.sequence(position, isSecond: false), source.first))
      }
    }
    return feeds
  }

  private mutating func feed(
    _ target: TimelineFeed.Target, _ source: Timelines.Source
  ) -> TimelineFeed {
    TimelineFeed(
      target: target, filter: source.filter.map { emit($0) }, keys: source.keys.map { emit($0) },
      value: source.value.map { emit($0) })
  }
}
