internal import Model
internal import Program

/// For each key, the events of a first and of a second kind, and how many of the second kind follow
/// one of the first closely enough.
///
/// A second event belongs to the first event before it by order, and counts if that is at most
/// `within` older. So each first event carries as its value how many count because of it, and a
/// window's answer is a sum over the first events in it, mended at either end. A late event of
/// either kind changes one value or two.
struct SequenceStore: ~Copyable {
  private let inPlace = InPlace()
  let plan: SequencePlan
  private var pool = TreePool<EntrySummary>()
  private var records: ReservedMemory
  private var recordCount: UInt32 = 1
  private var latestClock = Int64.min
  private let forgets: Bool
  private var lastKey: UInt32 = 0
  private var lastSecond = EntryKey.least
  private var nextIdleKey: UInt32 = 1

  /// Creates an empty store.
  init(plan: SequencePlan, keyCapacity: Int = Reservation.keys, forgets: Bool = true) {
    self.plan = plan
    self.forgets = forgets
    records = ReservedMemory(reservedBytes: (keyCapacity + 1) * 16)
    records.use(bytes: 16)
  }

  /// Bytes in use.
  var liveBytes: Int { records.usedBytes + pool.liveBytes }

  private func firsts(_ key: UInt32) -> TreeRoot {
    key < recordCount ? records.load(Int(key) * 16, as: TreeRoot.self) : TreeRoot()
  }

  private func seconds(_ key: UInt32) -> TreeRoot {
    key < recordCount ? records.load(Int(key) * 16 + 8, as: TreeRoot.self) : TreeRoot()
  }

  private mutating func set(_ key: UInt32, firsts: TreeRoot, seconds: TreeRoot) {
    if key >= recordCount {
      records.use(bytes: (Int(key) + 1) * 16)
      recordCount = key + 1
    }
    records.store(firsts, at: Int(key) * 16)
    records.store(seconds, at: Int(key) * 16 + 8)
  }

  /// Enters an event as one side of the sequence; one that is both enters as the second first, for
  /// it does not follow itself.
  mutating func push(key: UInt32, time: Int64, order: UInt64, isSecond: Bool, clock: Int64) {
    precondition(key != 0 && order != 0, "key 0 is no key")
    accept(clock: clock, time: time)
    let entry = Entry(key: EntryKey(time: time, order: order), value: 0)
    if isSecond {
      lastKey = key
      lastSecond = entry.key
    }
    var firsts = firsts(key)
    var seconds = seconds(key)
    if forgets { forget(&firsts, &seconds, clock, atMost: 4) }
    let earlier = pool.neighbours(firsts, entry.key).earlier
    if isSecond {
      pool.insert(entry, into: &seconds)
    } else {
      pool.insert(entry, into: &firsts)
      weigh(entry.key, firsts, seconds)
    }
    if let earlier { weigh(earlier, firsts, seconds) }
    set(key, firsts: firsts, seconds: seconds)
  }

  private mutating func accept(clock: Int64, time: Int64) {
    precondition(time <= clock, "an event later than the clock")
    precondition(clock >= latestClock, "the clock went back")
    latestClock = clock
  }

  /// Counts anew what follows a first event.
  private mutating func weigh(_ key: EntryKey, _ firsts: TreeRoot, _ seconds: TreeRoot) {
    let reach = reach(key, firsts)
    let count = pool.rank(seconds, through: reach) - pool.rank(seconds, through: key)
    pool.setValue(Int64(count), of: key, in: firsts)
  }

  /// The greatest key that belongs to a first event.
  private func reach(_ key: EntryKey, _ firsts: TreeRoot) -> EntryKey {
    let (end, overflows) = key.time.addingReportingOverflow(plan.withinMicroseconds)
    let limit = EntryKey.end(of: overflows ? Int64.max : end)
    guard let later = pool.neighbours(firsts, key).later else { return limit }
    return min(limit, later)
  }

  /// How many second events of a window follow a first.
  ///
  /// *Complexity*: logarithmic in the events of the key.
  mutating func read(
    key: UInt32, microseconds: Int64, lag: Int64, at asked: Int64, clock: Int64,
    excludingLastPush: Bool
  ) -> SignalValue {
    accept(clock: clock, time: asked)
    let time = TimelineStore.difference(asked, lag)
    let countable = TimelineStore.difference(
      TimelineStore.difference(clock, microseconds + lag), plan.lateMicroseconds)
    let lower = EntryKey.end(of: max(TimelineStore.difference(time, microseconds), countable))
    let upper = EntryKey.end(of: time)
    guard lower < upper else { return .int(0) }
    let firsts = firsts(key)
    let seconds = seconds(key)
    var total = Int64(pool.summary(firsts, above: lower, through: upper).sum)
    // A first event before the window has seconds in it; the last one in it has some after it.
    if let before = pool.neighbours(firsts, EntryKey(time: lower.time, order: .max)).earlier {
      let end = min(reach(before, firsts), upper)
      let start = max(before, lower)
      if start < end {
        total += Int64(pool.rank(seconds, through: end) - pool.rank(seconds, through: start))
      }
    }
    let range = EntryRange(lower: lower, upper: upper)
    if let last = pool.last(firsts, range)?.key {
      let reach = reach(last, firsts)
      if upper < reach {
        total -= Int64(pool.rank(seconds, through: reach) - pool.rank(seconds, through: upper))
      }
    }
    if excludingLastPush && key == lastKey && range.contains(lastSecond)
      && isStored(lastSecond, seconds)
    {
      let before = pool.neighbours(firsts, lastSecond).earlier
      if let before, lastSecond <= reach(before, firsts) { total -= 1 }
    }
    return .int(total)
  }

  private func isStored(_ key: EntryKey, _ root: TreeRoot) -> Bool {
    pool.rank(root, through: key) > pool.rank(root, through: key.predecessor)
  }

  // MARK: Forgetting

  /// Forgets what it can of the next `count` keys in turn.
  mutating func forgetIdle(keys count: Int, clock: Int64) {
    guard forgets && recordCount > 1 else { return }
    for _ in 0..<count {
      if nextIdleKey >= recordCount { nextIdleKey = 1 }
      var firsts = firsts(nextIdleKey)
      var seconds = seconds(nextIdleKey)
      forget(&firsts, &seconds, clock, atMost: 8)
      set(nextIdleKey, firsts: firsts, seconds: seconds)
      nextIdleKey += 1
    }
  }

  private mutating func forget(
    _ firsts: inout TreeRoot, _ seconds: inout TreeRoot, _ clock: Int64, atMost limit: Int
  ) {
    let bound = TimelineStore.difference(
      TimelineStore.difference(clock, plan.spanMicroseconds), plan.lateMicroseconds)
    forget(&seconds, bound, atMost: limit)
    // A first event counts as long as a second one it may precede does.
    forget(
      &firsts, TimelineStore.difference(bound, plan.withinMicroseconds), atMost: limit)
  }

  private mutating func forget(_ root: inout TreeRoot, _ bound: Int64, atMost limit: Int) {
    for _ in 0..<limit {
      guard root.block != 0 else { return }
      let oldest = pool.entry(of: root, at: 0).key
      guard oldest.time <= bound else { return }
      _ = pool.remove(oldest, from: &root)
    }
  }
}

extension SequenceStore {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try pool.transfer(&archive)
    try archive.transfer(&records)
    try archive.transfer(&recordCount)
    try archive.transfer(&latestClock)
    try archive.transfer(&nextIdleKey)
    // What the current event put in is of no use to the next one.
    if archive.isReading { lastKey = 0 }
  }
}
