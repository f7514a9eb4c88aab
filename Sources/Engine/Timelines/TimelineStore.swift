internal import Model
internal import Program

/// The entries of one timeline, key by key.
///
/// A key has a tree of its entries; one with many also a `RankTrie` by value, or one by the time of
/// the previous occurrence, when its aggregates need it. What is asked over the whole life is kept
/// apart, in one accumulator per key. Entries that no later event can count are forgotten, which
/// never shows in an answer.
struct TimelineStore: ~Copyable {
  private let inPlace = InPlace()
  let plan: TimelinePlan
  var pool = TreePool<EntrySummary>()
  var tries = RankTrie()
  var occurrences: OccurrenceTable
  /// One record per key; key 0 is no key.
  var records: ReservedMemory
  var recordCount: UInt32 = 1
  var lifetimes: LifetimeStore
  /// The entry pushed last and its key; 0 before the first.
  var lastKey: UInt32 = 0
  var lastEntry = EntryKey.least
  var lastValue: Int64 = 0
  var latestClock = Int64.min
  /// Off only in tests, to show that forgetting never shows.
  let forgets: Bool
  private var nextIdleKey: UInt32 = 1

  /// Where things lie in a record.
  enum Record {
    static let tree = 0
    /// The trie by value, where timelines are ranked.
    static let rank = 8
    /// In its place where they are not: no entry is older than this `IdleTime`.
    static let oldest = rank
    static let previous = 12
    static let bytes = 16
  }

  /// Creates an empty store by itself.
  init(plan: TimelinePlan, keyCapacity: Int, forgets: Bool = true) {
    let records = KeyRecords(capacity: keyCapacity)
    self.init(plan: plan, in: records, keyCapacity: keyCapacity, forgets: forgets)
    if plan.hasLifetime { records.open() }
  }

  /// Creates an empty store of the keys of a space, whose records are opened before the first.
  init(
    plan: TimelinePlan, in space: KeyRecords, keyCapacity: Int = Reservation.keys,
    forgets: Bool = true
  ) {
    self.plan = plan
    self.forgets = forgets
    records = ReservedMemory(reservedBytes: (keyCapacity + 1) * Record.bytes)
    records.use(bytes: Record.bytes)
    occurrences = OccurrenceTable()
    lifetimes = LifetimeStore(
      in: plan.hasLifetime ? space : nil, countsDistinct: plan.countsDistinct,
      summarizes: plan.summarizesLifetime)
  }

  /// Bytes in use.
  var liveBytes: Int {
    records.usedBytes + pool.liveBytes + tries.liveBytes + occurrences.liveBytes
      + lifetimes.liveBytes
  }

  // MARK: Records

  @inline(__always)
  func root(_ key: UInt32) -> TreeRoot {
    guard key < recordCount else { return TreeRoot() }
    return records.load(Int(key) &* Record.bytes &+ Record.tree, as: TreeRoot.self)
  }

  @inline(__always)
  private mutating func setRoot(_ key: UInt32, _ root: TreeRoot) {
    records.store(root, at: Int(key) &* Record.bytes &+ Record.tree)
  }

  /// The trie of a key by value, 0 while it has few entries.
  @inline(__always)
  func rankTrie(_ key: UInt32) -> UInt32 {
    guard plan.isRanked && key < recordCount else { return 0 }
    return records.load(Int(key) &* Record.bytes &+ Record.rank, as: UInt32.self)
  }

  /// The trie of a key by time of the previous occurrence, 0 while it has few entries.
  @inline(__always)
  func previousTrie(_ key: UInt32) -> UInt32 {
    guard key < recordCount else { return 0 }
    return records.load(Int(key) &* Record.bytes &+ Record.previous, as: UInt32.self)
  }

  private mutating func setWord(_ key: UInt32, _ field: Int, _ word: UInt32) {
    records.store(word, at: Int(key) &* Record.bytes &+ field)
  }

  /// Where what is known of the whole life of a key lies.
  var lifetimeColumn: RecordColumn { plan.hasLifetime ? lifetimes.column : .none }

  /// Where it is looked up whether a key ever had a value.
  @inline(__always)
  func prefetchDistinct(_ key: UInt32, _ value: UInt32, _ list: inout PrefetchList) {
    if key != 0 && value != 0 && plan.hasLifetime { lifetimes.prefetchDistinct(key, value, &list) }
  }

  /// Where the occurrences of a value of a key are that a push looks up.
  @inline(__always)
  func prefetchPush(key: UInt32, value: UInt32, _ list: inout PrefetchList) {
    if previousTrie(key) != 0 { occurrences.prefetch(key: key, value: value, &list) }
  }

  // MARK: Push

  /// Adds an entry to the timeline of a key. `order` grows with every event.
  ///
  /// *Complexity*: logarithmic in the entries of the key.
  /// *Traps* when the clock runs backwards.
  mutating func push(key: UInt32, time: Int64, order: UInt64, value: Int64, clock: Int64) {
    precondition(key != 0 && order != 0, "key 0 is no key")
    accept(clock: clock, time: time)
    let entry = Entry(key: EntryKey(time: time, order: order), value: value)
    lastKey = key
    lastEntry = entry.key
    lastValue = value
    if plan.hasLifetime { lifetimes.push(key: key, entry) }
    guard plan.spanMicroseconds != nil || plan.lastEntries > 0 else { return }
    if key >= recordCount {
      records.use(bytes: (Int(key) + 1) * Record.bytes)
      recordCount = key + 1
    }
    if forgets {
      let bound = forgettableBound(clock)
      if plan.lastEntries == 0 && time <= bound { return }
      forget(key, bound, atMost: 4)
    }
    var root = root(key)
    if isOlder(time, key) { setOldest(key, time) }
    pool.insert(entry, into: &root)
    setRoot(key, root)
    guard plan.isRanked || plan.countsDistinct else { return }
    index(key, entry, root)
  }

  /// Whether a timeline of this plan keeps nothing but the different values of each key.
  static func keepsOnlyValues(_ plan: TimelinePlan) -> Bool {
    plan.hasLifetime && !plan.summarizesLifetime && plan.countsDistinct
      && plan.spanMicroseconds == nil && plan.lastEntries == 0
  }

  /// `push` of a value where nothing else is kept; how many different ones there were and are.
  @inline(__always)
  mutating func pushSeen(
    key: UInt32, time: Int64, value: UInt32, clock: Int64
  ) -> (before: UInt32, now: UInt32) {
    precondition(key != 0, "key 0 is no key")
    accept(clock: clock, time: time)
    lastKey = key
    return lifetimes.pushSeen(key: key, value)
  }

  /// Where the first half of `pushSeen` for a run of entries works: see `LifetimeStore.enterFirst`.
  var valueRows: KeyRows {
    @inline(__always) @_lifetime(borrow self)
    borrowing get { lifetimes.rows }
  }

  /// The second half, for those that it left.
  @inline(__always)
  mutating func enterOther(key: UInt32, value: UInt32) -> (before: UInt32, now: UInt32) {
    lifetimes.enterOther(key, value)
  }

  /// Ends such a run: nothing is known of its last entry.
  @inline(__always)
  mutating func endFirsts(at moment: Moment) {
    accept(clock: moment.clock, time: moment.time)
    lifetimes.forgetLast()
  }

  /// How many different values a key ever had.
  func countSeen(_ key: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: lifetimes.valuesSeen(key, excludingLast: false))
  }

  @inline(__always)
  mutating func accept(clock: Int64, time: Int64) {
    precondition(time <= clock, "an event later than the clock")
    precondition(clock >= latestClock, "the clock went back")
    latestClock = clock
  }

  /// Enters an entry in the tries of its key, or all entries when it has become one of many.
  private mutating func index(_ key: UInt32, _ entry: Entry, _ root: TreeRoot) {
    let isIndexed = plan.isRanked ? rankTrie(key) != 0 : previousTrie(key) != 0
    if isIndexed {
      enter(key, entry)
    } else if pool.isLarger(root, than: RankTrie.bagEntries) {
      for index in 0..<pool.count(root) { enter(key, pool.entry(of: root, at: index)) }
    }
  }

  private mutating func enter(_ key: UInt32, _ entry: Entry) {
    if plan.isRanked {
      setWord(key, Record.rank, tries.insert(entry, rankTrie(key)))
    }
    guard plan.countsDistinct else { return }
    var trie = previousTrie(key)
    let place = occurrences.find(key: key, value: entry.value)
    var root = occurrences.root(place)
    let (earlier, later) = pool.neighbours(root, entry.key)
    pool.insert(Entry(key: entry.key, value: 0), into: &root)
    occurrences.set(root, place, key: key, value: entry.value)
    trie = tries.insert(
      Entry(key: entry.key, value: earlier?.time ?? Int64.min), trie)
    if let later {
      trie = tries.remove(Entry(key: later, value: earlier?.time ?? Int64.min), trie)
      trie = tries.insert(Entry(key: later, value: entry.key.time), trie)
    }
    setWord(key, Record.previous, trie)
  }

  /// Takes out of the tries what `enter` put there.
  private mutating func leave(_ key: UInt32, _ entry: Entry) {
    if plan.isRanked && rankTrie(key) != 0 {
      setWord(key, Record.rank, tries.remove(entry, rankTrie(key)))
    }
    guard plan.countsDistinct, previousTrie(key) != 0 else { return }
    var trie = previousTrie(key)
    let place = occurrences.find(key: key, value: entry.value)
    var root = occurrences.root(place)
    let isFound = pool.remove(entry.key, from: &root)
    precondition(isFound, "an entry without its occurrence")
    occurrences.set(root, place, key: key, value: entry.value)
    let (earlier, later) = pool.neighbours(root, entry.key)
    trie = tries.remove(
      Entry(key: entry.key, value: earlier?.time ?? Int64.min), trie)
    if let later {
      trie = tries.remove(Entry(key: later, value: entry.key.time), trie)
      trie = tries.insert(Entry(key: later, value: earlier?.time ?? Int64.min), trie)
    }
    setWord(key, Record.previous, trie)
  }

  // MARK: Forgetting

  /// Entries up to this time can no longer count in any window over time.
  @inline(__always)
  func forgettableBound(_ clock: Int64) -> Int64 {
    guard let span = plan.spanMicroseconds else { return Int64.max }
    return Self.difference(Self.difference(clock, span), plan.lateMicroseconds)
  }

  /// Forgets what it can of the next `count` keys in turn, of each so many entries at most: idle
  /// keys have no push that would do it.
  mutating func forgetIdle(keys count: Int, atMost limit: Int = 8, clock: Int64) {
    precondition(clock >= latestClock, "the clock went back")
    latestClock = clock
    guard forgets && recordCount > 1 else { return }
    let bound = forgettableBound(clock)
    for _ in 0..<count {
      if nextIdleKey >= recordCount { nextIdleKey = 1 }
      forget(nextIdleKey, bound, atMost: limit)
      nextIdleKey += 1
    }
    prefetchIdle(count, bound)
  }

  /// Brings nearer what forgetting asks of the keys that come next, step by step from one visit to
  /// the next: records, then of those that may have old entries the way to these, then these.
  @inline(__always)
  private func prefetchIdle(_ count: Int, _ bound: Int64) {
    let next = Int(nextIdleKey)
    for number in next..<next &+ count {
      let key = UInt32(truncatingIfNeeded: number)
      let following = UInt32(truncatingIfNeeded: number &+ count)
      if key < recordCount && !isOlder(bound, key) { pool.prefetchOldest(root(key)) }
      if following < recordCount && !isOlder(bound, following) {
        pool.prefetchWay(root(following))
      }
    }
    records.prefetch((next &+ 2 &* count) &* Record.bytes)
  }

  /// Takes away some of the oldest entries of a key: more than one, so that it shrinks, but few, so
  /// that no push takes long.
  private mutating func forget(_ key: UInt32, _ bound: Int64, atMost limit: Int) {
    var root = root(key)
    // Mostly there is nothing, which the record tells or the oldest entry by itself.
    guard root.block != 0, !isOlder(bound, key) else { return }
    let oldest = pool.oldest(root).key.time
    guard oldest <= bound else { return setOldest(key, oldest) }
    var count = pool.count(root)
    var left = limit
    while left > 0 && count > plan.lastEntries {
      let oldest = pool.entry(of: root, at: 0)
      guard oldest.key.time <= bound else { break }
      leave(key, oldest)
      _ = pool.remove(oldest.key, from: &root)
      count -= 1
      left -= 1
    }
    setRoot(key, root)
  }

  /// Whether a time is older than all entries of a key, as far as its record tells.
  @inline(__always)
  private func isOlder(_ time: Int64, _ key: UInt32) -> Bool {
    !plan.isRanked && IdleTime(time).bits < oldestBits(key)
  }

  @inline(__always)
  private func oldestBits(_ key: UInt32) -> UInt32 {
    records.load(Int(key) &* Record.bytes &+ Record.oldest, as: UInt32.self)
  }

  /// Notes that no entry of a key is older.
  @inline(__always)
  private mutating func setOldest(_ key: UInt32, _ time: Int64) {
    if !plan.isRanked { setWord(key, Record.oldest, IdleTime(time).bits) }
  }

  /// A difference that stops at the least number: there is no earlier moment.
  @inline(__always)
  static func difference(_ left: Int64, _ right: Int64) -> Int64 {
    let (result, overflows) = left.subtractingReportingOverflow(right)
    return overflows ? Int64.min : result
  }
}

extension TreePool {
  /// The keys before and after one, which itself may be there or not.
  func neighbours(_ root: TreeRoot, _ key: EntryKey) -> (earlier: EntryKey?, later: EntryKey?) {
    guard root.block != 0 else { return (nil, nil) }
    // Mostly the key comes after all others.
    let newest = newest(root).key
    if newest < key { return (newest, nil) }
    let before = rank(root, through: key.predecessor)
    let through = rank(root, through: key)
    return (
      before > 0 ? entry(of: root, at: before - 1).key : nil,
      through < count(root) ? entry(of: root, at: through).key : nil
    )
  }
}

extension TimelineStore {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try pool.transfer(&archive)
    try tries.transfer(&archive)
    try occurrences.transfer(&archive)
    try lifetimes.transfer(&archive)
    try archive.transfer(&records)
    try archive.transfer(&recordCount)
    try archive.transfer(&latestClock)
    try archive.transfer(&nextIdleKey)
    // What the current event put in is of no use to the next one.
    if archive.isReading { lastKey = 0 }
  }
}
