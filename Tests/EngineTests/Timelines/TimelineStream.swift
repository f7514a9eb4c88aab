import Program
import Values

@testable import Engine

/// A random plan, the windows asked over it, and a random stream of entries.
struct TimelineStream {
  var generator: SplitMix64
  var plan: TimelinePlan
  let zone: TimeZoneTable
  let scale: Int64
  let lengths: [Int64]
  let lasts: [Int]
  let keys: Int
  let values: Int
  let hasHugeValues: Bool
  /// Whether values are 0 and 1 alone, which a ratio is of.
  let hasCases: Bool
  let lateOneIn: Int
  let longestStep: Int
  var clock: Int64

  static let hour: Int64 = 3_600_000_000
  /// Some days before the end of 1970.
  static let start = 24 * hour * 350

  init(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    // Half of the streams go by hours, for the calendar, the others by microseconds, for ties.
    let scale = seed % 2 == 0 ? Self.hour / 4 : 1
    self.scale = scale
    let kinds: [TimelineValue?] = [nil, .int, .int, .int, .uint, .double, .key(0)]
    let kind = kinds[generator.below(kinds.count)]
    plan = TimelinePlan(
      event: 0, keySpace: 0, value: kind,
      lateMicroseconds: [0, 3, 30, 300][generator.below(4)] * scale)
    lengths = [1, 7, 60, 500].map { $0 * scale }
    lasts = [[1, 5], [30], [200]][generator.below(3)]
    plan.lastEntries = lasts[lasts.count - 1]
    plan.hasLifetime = true
    plan.summarizesLifetime = true
    plan.isRanked = kind != nil
    if case .key = kind { plan.countsDistinct = true }
    // The longest window, month or lag that is asked below.
    let longest = max(
      500 * scale, scale > 1 ? CalendarUnit.month.longestMicroseconds : 0)
    plan.spanMicroseconds = longest + 60 * scale
    let start = Self.start / 1_000_000
    let transitions: [Int64] = [30 * 3_600, 90 * 3_600 + 1_800, 400 * 3_600]
    zone = TimeZoneTable(
      name: "Test", transitions: transitions.map { $0 + start },
      offsets: [-21_600, -18_000, -23_400, 7_200])
    keys = [1, 3, 12][generator.below(3)]
    values = [2, 20, 5_000][generator.below(3)]
    hasCases = kind == .int && generator.once(in: 3)
    hasHugeValues = !hasCases && generator.once(in: 5)
    lateOneIn = [2, 5, 1_000][generator.below(3)]
    longestStep = [1, 3, 12][generator.below(3)]
    clock = scale > 1 ? Self.start : [0, 1_760_000_000_000_000][generator.below(2)]
    self.generator = generator
  }

  /// A key; small ones are hubs.
  mutating func key() -> UInt32 {
    UInt32(1 + min(generator.below(keys), generator.below(keys)))
  }

  /// The time of the next event, which moves the clock or is late, within `late` or far beyond.
  mutating func time() -> Int64 {
    if generator.once(in: lateOneIn) {
      let late = Int(plan.lateMicroseconds / scale)
      let reach = generator.once(in: 4) ? 900 : 2 * late + 10
      return clock - Int64(generator.below(reach)) * scale
    }
    let isJump = generator.once(in: 300)
    clock += Int64(isJump ? generator.below(700) : generator.below(longestStep + 1)) * scale
    return clock
  }

  /// A payload of the plan's kind.
  mutating func payload() -> UInt64 {
    switch plan.value {
    case nil: return 0
    case .key: return UInt64(1 + generator.below(values))
    case .uint: return hasHugeValues ? generator.next() : UInt64(generator.below(values))
    case .double: return (Double(generator.below(2 * values) - values) / 4 + 0).bitPattern
    case .int:
      if hasCases { return UInt64(generator.below(2)) }
      if hasHugeValues { return generator.next() }
      return UInt64(bitPattern: Int64(generator.below(2 * values) - values / 2))
    }
  }

  mutating func read() -> TimelineRead {
    let aggregate = aggregate()
    var spans: [WindowSpan] = [.sliding(microseconds: lengths[generator.below(lengths.count)])]
    if scale > 1 {
      let units: [CalendarUnit] = [.hour, .day, .week, .month]
      spans += [.calendar(units[generator.below(generator.once(in: 8) ? 4 : 3)], zone: 0)]
    }
    if aggregate != .rate { spans.append(.last(lasts[generator.below(lasts.count)])) }
    switch aggregate {
    case .rate, .mode, .percentile, .timeSinceLast, .collect: break
    default: spans.append(.lifetime)
    }
    let span = spans[generator.below(spans.count)]
    let hasLag = span.longestMicroseconds != nil && generator.once(in: 4)
    return TimelineRead(
      timeline: 0, span: span, lagMicroseconds: hasLag ? Int64(generator.below(60)) * scale : 0,
      aggregate: aggregate, excludingCurrent: generator.once(in: 2) || aggregate == .timeSinceLast,
      otherwise: !aggregate.isCollecting && generator.once(in: 4) ? 77 : nil)
  }

  private mutating func aggregate() -> TimelineAggregate {
    var choices: [TimelineAggregate] = [.count, .rate, .timeSinceLast]
    if plan.value != nil {
      let share = [1, 500_000, 950_000, 999_000, 1_000_000][generator.below(5)]
      choices += [.least, .greatest, .first, .last, .mode, .percentile(millionths: share)]
    }
    if plan.value == .int {
      choices += [.sum, .average, .variance(scale: 2), .deviation(scale: 0)]
      if hasCases { choices += [.ratio, .ratio, .ratio] }
    }
    switch plan.value {
    case nil, .key: break
    default: choices += [.collect([1, 5, 100][generator.below(3)])]
    }
    if case .key = plan.value { choices += [.distinct, .distinct, .distinct] }
    return choices[generator.below(choices.count)]
  }
}

extension TimelineAggregate {
  /// Whether it gives a list.
  var isCollecting: Bool { if case .collect = self { true } else { false } }
}
