internal import Model
internal import Program
internal import Values

extension TimelineStore {
  /// An aggregate over a window of a key, asked at `time`.
  ///
  /// Key 0 was never seen. `excludingLastPush` leaves out the entry pushed last, which was pushed
  /// for this key. Values that are collected go to the end of `collected`, and the answer names
  /// their place. *Complexity*: logarithmic in the entries of the key; `mode` of a key whose
  /// values are all equally frequent looks at each of them.
  /// *Traps* when the clock runs backwards.
  mutating func read(
    _ read: TimelineRead, key: UInt32, at time: Int64, clock: Int64, excludingLastPush: Bool,
    zones: borrowing [TimeZoneTable], collecting collected: inout [UInt64]
  ) -> SignalValue {
    accept(clock: clock, time: time)
    precondition(!excludingLastPush || key == lastKey, "the last entry belongs to another key")
    let time = Self.difference(time, read.lagMicroseconds)
    let value: SignalValue
    let isEmpty: Bool
    if read.span == .lifetime {
      let record = lifetimes.read(key, excludingLast: excludingLastPush)
      value = lifetime(read.aggregate, record)
      isEmpty = record.isEmpty
    } else {
      let start = start(read.span, time, zones)
      let range = range(
        read, key, time, start, clock, excluded: excludingLastPush ? lastEntry : nil)
      value =
        if case .collect(let most) = read.aggregate {
          collect(key, range, most, into: &collected)
        } else {
          answer(read.aggregate, key, range, time, length: length(read.span, start, time))
        }
      isEmpty = read.otherwise != nil && pool.count(root(key), range) == 0
    }
    guard let otherwise = read.otherwise, isEmpty || value.state == .missing else { return value }
    return SignalValue(payload: otherwise, state: .present, isTruncated: false)
  }

  /// How many values a key ever had, without that of the entry pushed last, which is one of its
  /// own, when that is excluded.
  @inline(__always)
  func valuesSeen(_ key: UInt32, excludingLastPush: Bool) -> SignalValue {
    precondition(!excludingLastPush || key == lastKey, "the last entry belongs to another key")
    return .distinct(lifetimes.valuesSeen(key, excludingLast: excludingLastPush))
  }

  // MARK: Windows

  /// Entries up to here are before the window.
  @inline(__always)
  private func start(
    _ span: WindowSpan, _ time: Int64, _ zones: borrowing [TimeZoneTable]
  ) -> Int64 {
    switch span {
    case .sliding(let microseconds): Self.difference(time, microseconds)
    case .calendar(let unit, let zone):
      Self.difference(zones[zone].start(of: unit, holding: time), 1)
    case .last, .lifetime: Int64.min
    }
  }

  private func range(
    _ read: TimelineRead, _ key: UInt32, _ time: Int64, _ start: Int64, _ clock: Int64,
    excluded: EntryKey?
  ) -> EntryRange {
    if case .last(let entries) = read.span {
      let root = root(key)
      let count = pool.count(root)
      let lower =
        count > entries ? pool.entry(of: root, at: count - entries - 1).key : EntryKey.least
      return EntryRange(
        lower: lower, upper: .greatest, excluded: excluded, excludedValue: lastValue)
    }
    let longest = (read.span.longestMicroseconds ?? 0) + read.lagMicroseconds
    let countable = Self.difference(Self.difference(clock, longest), plan.lateMicroseconds)
    return EntryRange(
      lower: .end(of: max(start, countable)), upper: .end(of: time), excluded: excluded,
      excludedValue: lastValue)
  }

  /// Microseconds of the window, for a rate.
  private func length(_ span: WindowSpan, _ start: Int64, _ time: Int64) -> Int64 {
    switch span {
    case .sliding(let microseconds): microseconds
    // From the unit's first instant, which is one after `start`.
    case .calendar: time - start - 1
    case .last, .lifetime: 0
    }
  }

  // MARK: Answers

  private func answer(
    _ aggregate: TimelineAggregate, _ key: UInt32, _ range: EntryRange, _ time: Int64,
    length: Int64
  ) -> SignalValue {
    let root = root(key)
    switch aggregate {
    case .count: return .int(Int64(pool.count(root, range)))
    case .rate:
      guard length > 0 else { return .missing }
      return .double(Double(pool.count(root, range)) * 3_600_000_000 / Double(length))
    case .timeSinceLast:
      guard let last = pool.last(root, range) else { return .missing }
      return .exact(Int128(time) - Int128(last.key.time))
    case .first: return pool.first(root, range).map { decoded($0.value) } ?? .missing
    case .last: return pool.last(root, range).map { decoded($0.value) } ?? .missing
    case .percentile(let millionths): return percentile(key, root, range, millionths)
    case .mode: return mode(key, root, range)
    case .distinct: return .distinct(distinct(key, root, range))
    case .sum, .average, .least, .greatest, .variance, .deviation, .ratio:
      return summarized(aggregate, pool.summary(root, range))
    case .collect: preconditionFailure("what is collected needs a place")
    }
  }

  /// The latest values of a range, newest first.
  private func collect(
    _ key: UInt32, _ range: EntryRange, _ most: Int, into collected: inout [UInt64]
  ) -> SignalValue {
    let root = root(key)
    let offset = collected.count
    let kind = plan.value ?? .int
    var left = min(most, pool.count(root, range))
    var rank = pool.rank(root, through: range.upper)
    while left > 0 {
      rank -= 1
      let entry = pool.entry(of: root, at: rank)
      if entry.key == range.excluded { continue }
      collected.append(TimelineCoding.payload(entry.value, kind))
      left -= 1
    }
    guard collected.count > offset else { return .missing }
    let place = CollectedReference(offset: offset, count: collected.count - offset)
    return SignalValue(payload: place.bits, state: .present, isTruncated: false)
  }

  private func lifetime(_ aggregate: TimelineAggregate, _ record: LifetimeRecord) -> SignalValue {
    let isEmpty = record.summary.count == 0
    switch aggregate {
    case .count: return .int(record.summary.count)
    case .first: return isEmpty ? .missing : decoded(record.first.value)
    case .last: return isEmpty ? .missing : decoded(record.last.value)
    case .distinct: return .distinct(Int(record.values.count))
    case .sum, .average, .least, .greatest, .variance, .deviation, .ratio:
      return summarized(aggregate, record.summary)
    case .percentile, .mode, .rate, .timeSinceLast, .collect:
      preconditionFailure("the plan has no such aggregate over a lifetime")
    }
  }

  private func summarized(
    _ aggregate: TimelineAggregate, _ summary: EntrySummary
  ) -> SignalValue {
    let count = summary.count
    if aggregate == .sum { return .exact(summary.sum) }
    guard count > 0 else { return .missing }
    switch aggregate {
    case .average:
      return .exact(ExactArithmetic.dividedHalfEven(summary.sum, by: Int128(count)))
    case .least: return decoded(summary.least)
    case .greatest: return decoded(summary.greatest)
    case .ratio: return .double(Double(Int64(summary.sum)) / Double(count))
    case .variance(let scale): return variance(summary, scale)
    case .deviation(let scale):
      let variance = variance(summary, scale)
      guard variance.state == .present else { return variance }
      return .double(Double(bitPattern: variance.payload).squareRoot())
    default: preconditionFailure("not from a summary")
    }
  }

  /// (n·Σx² − (Σx)²) ÷ (n(n−1)), from exact moments; an error when one leaves 128 bits.
  private func variance(_ summary: EntrySummary, _ scale: Int) -> SignalValue {
    let count = Int128(summary.count)
    guard count > 1 else { return .missing }
    let (scaled, scaledOverflows) = summary.squares.multipliedReportingOverflow(by: count)
    let (square, squareOverflows) = summary.sum.multipliedReportingOverflow(by: summary.sum)
    if summary.squares == Int128.max || scaledOverflows || squareOverflows {
      return .error(.overflow)
    }
    let divisor = Double(count * (count - 1))
    var unit = 1.0
    for _ in 0..<2 * scale { unit *= 10 }
    return .double(Double(scaled - square) / divisor / unit)
  }

  private func percentile(
    _ key: UInt32, _ root: TreeRoot, _ range: EntryRange, _ millionths: Int
  ) -> SignalValue {
    let count = pool.count(root, range)
    guard count > 0 else { return .missing }
    let rank = max(1, (Int128(count) * Int128(millionths) + 999_999) / 1_000_000)
    let index = min(Int(rank), count) - 1
    let trie = rankTrie(key)
    if trie != 0 { return decoded(tries.select(trie, index, range)) }
    var values = SmallValues()
    pool.forEach(root, range) { values.append($0.value) }
    return decoded(values.sorted(at: index))
  }

  private func mode(_ key: UInt32, _ root: TreeRoot, _ range: EntryRange) -> SignalValue {
    let trie = rankTrie(key)
    if trie != 0 { return tries.mode(trie, range).map { decoded($0.value) } ?? .missing }
    guard root.block != 0 else { return .missing }
    var best = Frequency(count: 0, last: .least, value: 0)
    pool.search(root, range, &best)
    return best.count > 0 ? decoded(best.value) : .missing
  }

  // MARK: Distinct

  /// Distinct values of a key in (bound, time].
  func distinct(
    _ key: UInt32, above bound: Int64, through time: Int64, excludingLastPush: Bool
  ) -> Int {
    precondition(!excludingLastPush || key == lastKey, "the last entry belongs to another key")
    let range = EntryRange(
      lower: .end(of: bound), upper: .end(of: time), excluded: excludingLastPush ? lastEntry : nil)
    guard range.lower < range.upper else { return 0 }
    return distinct(key, root(key), range)
  }

  private func distinct(_ key: UInt32, _ root: TreeRoot, _ range: EntryRange) -> Int {
    let trie = previousTrie(key)
    guard trie != 0 else {
      var values = SmallValues()
      pool.forEach(root, range) { values.append($0.value) }
      return values.distinct
    }
    // A value counts where it occurs first: there its previous occurrence is before the range.
    var whole = range
    whole.excluded = nil
    var distinct = 0
    if whole.lower.order == .max || whole.lower == .least {
      distinct = tries.count(trie, through: whole.lower.time, whole)
    } else {
      distinct = tries.count(trie, through: whole.lower.time - 1, whole)
      distinct += firstAfterTies(key, root, whole)
    }
    guard let excluded = range.excluded, whole.contains(excluded),
      let value = value(root, at: excluded)
    else { return distinct }
    let occurrences = occurrences.root(key: key, value: value)
    return pool.count(occurrences, range) == 0 ? distinct - 1 : distinct
  }

  /// Values whose previous occurrence is of the very moment the range begins in, but not in it.
  private func firstAfterTies(_ key: UInt32, _ root: TreeRoot, _ range: EntryRange) -> Int {
    var found = 0
    let moment = EntryRange(
      lower: EntryKey(time: range.lower.time, order: 0), upper: range.lower)
    pool.forEach(root, moment) { entry in
      let occurrences = occurrences.root(key: key, value: entry.value)
      if let later = pool.neighbours(occurrences, entry.key).later, range.contains(later) {
        found += 1
      }
    }
    return found
  }

  private func value(_ root: TreeRoot, at key: EntryKey) -> Int64? {
    let rank = pool.rank(root, through: key)
    guard rank > 0 else { return nil }
    let entry = pool.entry(of: root, at: rank - 1)
    return entry.key == key ? entry.value : nil
  }

  // MARK: Values

  /// A stored value as a payload.
  private func decoded(_ value: Int64) -> SignalValue {
    SignalValue(
      payload: TimelineCoding.payload(value, plan.value ?? .int), state: .present,
      isTruncated: false)
  }
}

/// How payloads become Int64 values in the same order, and back.
enum TimelineCoding {
  /// The value of a payload.
  @inline(__always)
  static func value(_ payload: UInt64, _ kind: TimelineValue) -> Int64 {
    switch kind {
    case .int, .key: return Int64(bitPattern: payload)
    case .uint: return Int64(bitPattern: payload ^ 1 << 63)
    case .double:
      let bits = Double(bitPattern: payload) == 0 ? 0 : Int64(bitPattern: payload)
      return bits < 0 ? bits ^ Int64.max : bits
    }
  }

  /// The payload of a value.
  @inline(__always)
  static func payload(_ value: Int64, _ kind: TimelineValue) -> UInt64 {
    switch kind {
    case .int, .key: return UInt64(bitPattern: value)
    case .uint: return UInt64(bitPattern: value) ^ 1 << 63
    case .double: return UInt64(bitPattern: value < 0 ? value ^ Int64.max : value)
    }
  }
}
