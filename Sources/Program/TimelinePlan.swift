/// How a value enters a timeline, whose values are Int64 in their order.
public enum TimelineValue: Hashable, Sendable {
  /// Int64 payloads: int, decimal, timestamp, duration, bool, enumeration.
  case int
  /// UInt64 payloads.
  case uint
  /// Doubles in their total order; −0 is 0.
  case double
  /// The dense number in a key space, a position in `RuleProgram.keySpaces`.
  case key(Int)
}

/// The events of one type, key and filter in order of (time, arrival), each with a value: what
/// windows read that a running total cannot answer.
public struct TimelinePlan: Hashable, Sendable {
  /// The event type that feeds it, a position in `Schema.events`.
  public var event: Int
  /// Position in `RuleProgram.keySpaces`.
  public var keySpace: Int
  /// The value of an entry, without which it is not one; nil for events alone.
  public var value: TimelineValue?
  /// Microseconds of the longest window over event time with its lag; nil when there is none.
  public var spanMicroseconds: Int64?
  /// Entries of the longest `last N`; 0 when there is none.
  public var lastEntries: Int
  /// Whether something is asked over the whole life.
  public var hasLifetime: Bool
  /// Whether that is more than how many distinct values there are.
  public var summarizesLifetime: Bool
  /// Whether order of value is asked: percentile, mode.
  public var isRanked: Bool
  /// Whether distinct values are counted; the value is then a key.
  public var countsDistinct: Bool
  /// Microseconds an entry may be late and still count, from its event type.
  public var lateMicroseconds: Int64

  /// Creates a plan without windows.
  public init(event: Int, keySpace: Int, value: TimelineValue?, lateMicroseconds: Int64) {
    self.event = event
    self.keySpace = keySpace
    self.value = value
    self.lateMicroseconds = lateMicroseconds
    spanMicroseconds = nil
    lastEntries = 0
    hasLifetime = false
    summarizesLifetime = false
    isRanked = false
    countsDistinct = false
  }
}

/// A unit of the calendar.
public enum CalendarUnit: UInt8, Hashable, Sendable, CaseIterable {
  case hour, day, week, month, quarter, year

  /// No unit is longer, whatever the zone does: what a window over it keeps.
  public var longestMicroseconds: Int64 {
    let hour: Int64 = 3_600_000_000
    switch self {
    case .hour: return 2 * hour
    case .day: return 2 * 24 * hour
    case .week: return 8 * 24 * hour
    case .month: return 32 * 24 * hour
    case .quarter: return 93 * 24 * hour
    case .year: return 367 * 24 * hour
    }
  }
}

/// Which entries a window holds.
public enum WindowSpan: Hashable, Sendable {
  /// Those in (t − W, t].
  case sliding(microseconds: Int64)
  /// The N greatest by (time, arrival) that have arrived.
  case last(Int)
  /// Those from the start of t's unit on; `zone` is a position in `RuleProgram.zones`.
  case calendar(CalendarUnit, zone: Int)
  /// All that have arrived.
  case lifetime

  /// Microseconds the window reaches back at most; nil when it does not go by time.
  public var longestMicroseconds: Int64? {
    switch self {
    case .sliding(let microseconds): microseconds
    case .calendar(let unit, _): unit.longestMicroseconds
    case .last, .lifetime: nil
    }
  }
}

/// What is computed over the entries of a window.
public enum TimelineAggregate: Hashable, Sendable {
  case count
  /// Exact; outside Int64 is an error.
  case sum
  /// Sum ÷ count, halves to even.
  case average
  case least
  case greatest
  case first
  case last
  /// Sample variance of values × 10^`scale`, a double; missing below two.
  case variance(scale: Int)
  /// Its square root.
  case deviation(scale: Int)
  /// Nearest rank: the value at ⌈p·n⌉ with p in millionths.
  case percentile(millionths: Int)
  /// The most frequent; of several, the one that occurred last.
  case mode
  /// Distinct values, up to `Limits.distinctValues`, then truncated.
  case distinct
  /// Share of entries whose value is 1, a double.
  case ratio
  /// Entries per hour of the window, a double.
  case rate
  /// Microseconds since the latest other event.
  case timeSinceLast
  /// The latest values, newest first, at most so many.
  case collect(Int)
}

/// A window over a timeline.
public struct TimelineRead: Hashable, Sendable {
  /// Position in `RuleProgram.timelines`.
  public var timeline: Int
  /// The window.
  public var span: WindowSpan
  /// `ending D ago`: microseconds taken from the time it is asked at.
  public var lagMicroseconds: Int64
  /// What is computed.
  public var aggregate: TimelineAggregate
  /// Whether the scored event is left out.
  public var excludingCurrent: Bool
  /// The payload when there is nothing to compute from.
  public var otherwise: UInt64?

  /// Creates a read.
  public init(
    timeline: Int, span: WindowSpan, lagMicroseconds: Int64 = 0, aggregate: TimelineAggregate,
    excludingCurrent: Bool = false, otherwise: UInt64? = nil
  ) {
    self.timeline = timeline
    self.span = span
    self.lagMicroseconds = lagMicroseconds
    self.aggregate = aggregate
    self.excludingCurrent = excludingCurrent
    self.otherwise = otherwise
  }
}

/// A list of events that follow others: those of `second` with one of `first` of the same key
/// earlier, and at most `withinMicroseconds` before.
public struct SequencePlan: Hashable, Sendable {
  /// Position in `Schema.events`.
  public var firstEvent: Int
  /// Position in `Schema.events`.
  public var secondEvent: Int
  /// Position in `RuleProgram.keySpaces`.
  public var keySpace: Int
  /// The most that may lie between the two.
  public var withinMicroseconds: Int64
  /// Microseconds of the longest window with its lag.
  public var spanMicroseconds: Int64
  /// Microseconds the second event may be late.
  public var lateMicroseconds: Int64

  /// Creates a plan.
  public init(
    firstEvent: Int, secondEvent: Int, keySpace: Int, withinMicroseconds: Int64,
    spanMicroseconds: Int64, lateMicroseconds: Int64
  ) {
    self.firstEvent = firstEvent
    self.secondEvent = secondEvent
    self.keySpace = keySpace
    self.withinMicroseconds = withinMicroseconds
    self.spanMicroseconds = spanMicroseconds
    self.lateMicroseconds = lateMicroseconds
  }
}

/// A sliding window over a sequence.
public struct SequenceRead: Hashable, Sendable {
  /// Position in `RuleProgram.sequences`.
  public var sequence: Int
  /// The window's length.
  public var microseconds: Int64
  /// `ending D ago`.
  public var lagMicroseconds: Int64
  /// Whether the scored event is left out.
  public var excludingCurrent: Bool
  /// The payload when there is none.
  public var otherwise: UInt64?

  /// Creates a read.
  public init(
    sequence: Int, microseconds: Int64, lagMicroseconds: Int64 = 0,
    excludingCurrent: Bool = false, otherwise: UInt64? = nil
  ) {
    self.sequence = sequence
    self.microseconds = microseconds
    self.lagMicroseconds = lagMicroseconds
    self.excludingCurrent = excludingCurrent
    self.otherwise = otherwise
  }
}

/// Enters the event in a timeline or as one side of a sequence.
public struct TimelineFeed: Hashable, Sendable {
  /// What it enters.
  public enum Target: Hashable, Sendable {
    /// A position in `RuleProgram.timelines`.
    case timeline(Int)
    /// A position in `RuleProgram.sequences`.
    case sequence(Int, isSecond: Bool)
  }

  /// What it enters.
  public var target: Target
  /// A bool register; nil for every event.
  public var filter: Register?
  /// One register per part of the key space.
  public var keys: [Register]
  /// The value; missing or error is no entry.
  public var value: Register?

  /// Creates a feed.
  public init(target: Target, filter: Register?, keys: [Register], value: Register?) {
    self.target = target
    self.filter = filter
    self.keys = keys
    self.value = value
  }
}
