internal import Model
package import Program

/// All windows over one event list: per key, the entries in order of (time, arrival) and one
/// running total per window.
///
/// A key with a single entry keeps it in its record, one with few in a chunk; what a chunk cannot
/// hold has a state with cursors and a chain of chunks. A cursor moves forward only and takes out
/// what it passes, so that events in order cost constant time; a question about an earlier moment
/// walks from the cursor and leaves it in place. Entries that no later event can count are
/// forgotten, which never shows in an answer.
package struct WindowStore: ~Copyable {
  private let inPlace = InPlace()
  let layout: WindowLayout
  /// Length of each window in microseconds.
  let windows: FixedArray<Int64>
  let longestWindow: Int64
  let late: Int64
  /// One record per key. Record 0 belongs to no key: it holds the entry pushed last.
  var records: KeyFields
  /// Keys from here on never had an entry.
  var keyEnd: UInt32 = 1
  var states: BlockPool
  var chunks: BlockPool
  /// For each distinct column, the counts of keys with many entries.
  var pairs: FixedArray<PairTable>
  /// Where the index of each hub begins, and what of a key that is becoming one is in it; and all
  /// indexes.
  var hubs: BlockPool
  var index: ChunkIndex
  /// For each distinct column, the values of hubs.
  var timelines: FixedArray<TimelineStore>
  /// Row by row the totals of a hub up to a moment: the first row for that of a question, the
  /// others for the beginning of each window.
  var sums: FixedArray<Int128>
  var knownMoments: FixedArray<KnownMoment>
  /// Entries of hubs so far.
  var pushes: UInt64 = 0
  /// Key of the entry pushed last; 0 before the first.
  var lastKey: UInt32
  /// Whether that entry is the newest of all and nothing has changed since: what a question for its
  /// key at its time asks for is then at hand.
  var isFresh: Bool
  /// The chunk of that key when it is all there is; 0 when there is more or none.
  var freshChunk: UInt32
  /// The state of that key, whose cursors all stand at that time; without it and a chunk the entry
  /// is alone.
  var freshState: UInt32
  /// The time of that entry.
  var freshTime: Int64
  /// The greatest clock seen.
  var latestClock: Int64
  /// Off only in tests, to show that forgetting never shows.
  var forgets: Bool
  /// Where the next sweep over idle keys goes on.
  var nextIdleKey: UInt32
  /// Keys the sweep is behind by.
  var owedKeys = 0

  /// Creates an empty store by itself.
  package init(plan: EventListPlan) {
    self.init(plan: plan, keyCapacity: Reservation.keys)
  }

  /// Creates an empty store by itself for dense keys up to `keyCapacity`.
  init(plan: EventListPlan, keyCapacity: Int, forgets: Bool = true) {
    let records = KeyRecords(capacity: keyCapacity)
    self.init(plan: plan, in: records, keyCapacity: keyCapacity, forgets: forgets)
    records.open()
  }

  /// Creates an empty store of the keys of a space, whose records are opened before the first.
  init(
    plan: EventListPlan, in space: KeyRecords, keyCapacity: Int = Reservation.keys,
    forgets: Bool = true
  ) {
    let layout = WindowLayout(plan: plan)
    self.layout = layout
    windows = FixedArray(count: plan.windows.count) { plan.windows[$0] }
    longestWindow = plan.windows.max() ?? 0
    late = plan.lateMicroseconds
    records = KeyFields(bytes: layout.recordBytes, in: space)
    states = BlockPool(blockBytes: layout.stateBytes, reservedBytes: Reservation.poolBytes)
    chunks = BlockPool(blockBytes: layout.chunkBytes, reservedBytes: Reservation.poolBytes)
    pairs = FixedArray(count: layout.distinctCount) { _ in
      PairTable(windowCount: layout.windowCount)
    }
    hubs = BlockPool(blockBytes: Self.hubBytes, reservedBytes: Reservation.poolBytes)
    let index = ChunkIndex(sumCount: layout.sumCount)
    sums = FixedArray(repeating: 0, count: (layout.windowCount + 1) * index.columnCount)
    knownMoments = FixedArray(repeating: KnownMoment(), count: layout.windowCount + 1)
    self.index = index
    var values = TimelinePlan(
      event: plan.event, keySpace: plan.keySpace, value: .key(0), lateMicroseconds: late)
    values.spanMicroseconds = longestWindow
    values.countsDistinct = true
    let timeline = values
    timelines = FixedArray(count: layout.distinctCount) { _ in
      TimelineStore(plan: timeline, keyCapacity: keyCapacity, forgets: forgets)
    }
    lastKey = 0
    isFresh = false
    freshChunk = 0
    freshState = 0
    freshTime = 0
    latestClock = Int64.min
    self.forgets = forgets
    nextIdleKey = 1
  }

  /// Bytes in use: records of all keys of the space, states, chunks and pairs.
  var liveBytes: Int {
    var bytes = records.liveBytes + states.liveBytes + chunks.liveBytes
    for column in pairs.indices { bytes += pairs[column].liveBytes }
    bytes += hubs.liveBytes + index.liveBytes
    for column in timelines.indices { bytes += timelines[column].liveBytes }
    return bytes
  }

  // MARK: Bounds

  /// Entries up to this time are outside the window: it is (time − W, time], without what came
  /// later than `late` allows.
  @inline(__always)
  func lowerBound(window: Int, time: Int64, clock: Int64) -> Int64 {
    let length = windows[window]
    return max(Self.difference(time, length), oldestCountable(length, clock))
  }

  /// Entries up to this time can no longer count in any window.
  @inline(__always)
  func forgettableBound(clock: Int64) -> Int64 {
    oldestCountable(longestWindow, clock)
  }

  @inline(__always)
  private func oldestCountable(_ length: Int64, _ clock: Int64) -> Int64 {
    Self.difference(Self.difference(clock, length), late)
  }

  /// A difference that stops at the least number: there is no earlier moment.
  @inline(__always)
  static func difference(_ left: Int64, _ right: Int64) -> Int64 {
    let (result, overflows) = left.subtractingReportingOverflow(right)
    return overflows ? Int64.min : result
  }

  /// Checks that time does not run backwards and remembers it.
  @inline(__always)
  mutating func accept(clock: Int64, time: Int64) {
    precondition(time <= clock, "an event later than the clock")
    precondition(clock >= latestClock, "the clock went back")
    latestClock = clock
  }

  // MARK: Records

  @inline(__always)
  func content(_ key: UInt32) -> RecordContent {
    guard key < records.count else { return .empty }
    return RecordContent(word: records.load(Int(key), 0, as: UInt64.self))
  }

  @inline(__always)
  mutating func setContent(_ content: RecordContent, _ key: UInt32) {
    records.store(content.word, Int(key), 0)
  }

  /// Time of the entry pushed last.
  var lastPushTime: Int64 {
    @inline(__always) get { records.load(0, 0, as: Int64.self) }
    @inline(__always) set { records.store(newValue, 0, 0) }
  }

  @inline(__always)
  func recordSum(_ key: UInt32, _ column: Int) -> Int64 {
    records.load(Int(key), layout.recordSum(column), as: Int64.self)
  }

  @inline(__always)
  func recordDistinct(_ key: UInt32, _ column: Int) -> UInt32 {
    records.load(Int(key), layout.recordDistinct(column), as: UInt32.self)
  }
}

/// What the first word of a key's record says.
enum RecordContent {
  /// No entry.
  case empty
  /// One entry, of this time; its columns are in the record.
  case single(Int64)
  /// The chunk of its few entries, and from when on they may be something to forget.
  case few(UInt32, idle: IdleTime)
  /// The number of its state, and from when on there may be something to forget.
  case state(UInt32, idle: IdleTime)

  /// Times a word can hold beside its kind: 73,000 years around 1970. An entry beyond gets a state.
  static let inlineTimes: Range<Int64> = -(1 << 61)..<(1 << 61)

  @inline(__always)
  init(word: UInt64) {
    switch word & 3 {
    case 0: self = .empty
    case 1: self = .single(Int64(word >> 2) - (1 << 61))
    default:
      let number = UInt32(truncatingIfNeeded: word >> 2)
      let idle = IdleTime(bits: UInt32(truncatingIfNeeded: word >> 34))
      self = word & 1 == 0 ? .state(number, idle: idle) : .few(number, idle: idle)
    }
  }

  @inline(__always)
  var word: UInt64 {
    switch self {
    case .empty: 0
    case .single(let time): Self.singleWord(time)
    case .state(let state, let idle): UInt64(idle.bits) << 34 | UInt64(state) << 2 | 2
    case .few(let chunk, let idle): UInt64(idle.bits) << 34 | UInt64(chunk) << 2 | 3
    }
  }

  /// Which of the four a word is: none, one entry, a state, few entries.
  @inline(__always)
  static func kind(_ word: UInt64) -> UInt64 { word & 3 }

  /// The word of one entry of a time.
  @inline(__always)
  static func singleWord(_ time: Int64) -> UInt64 {
    assert(inlineTimes.contains(time), "a time that a word does not hold")
    return UInt64(bitPattern: time &+ (1 << 61)) << 2 | 1
  }

  /// The greatest words that say there may be something to forget of a key: mostly there is not.
  struct Limits {
    private let ofSingle: UInt64
    /// The bits in which that of keys with more entries differs.
    private let turned: UInt64

    /// Where entries up to `bound` can be forgotten.
    init(_ bound: Int64) {
      let times = RecordContent.inlineTimes
      let newest = min(bound, times.upperBound - 1)
      ofSingle = newest < times.lowerBound ? 0 : RecordContent.single(newest).word
      turned = ofSingle ^ RecordContent.few(.max, idle: IdleTime(bound)).word
    }

    /// Whether the word of a key is up to its limit. That of none is 0, and 1 less the greatest of
    /// all. Which kind it is cannot be told ahead, so there is no branch on it.
    @inline(__always)
    func reach(_ word: UInt64) -> Bool {
      // All bits where the second one of the kind is set.
      let hasMore = UInt64(bitPattern: Int64(bitPattern: word &<< 62) &>> 63)
      return word &- 1 < ofSingle ^ (turned & hasMore)
    }
  }
}

extension WindowStore {
  /// The state as a snapshot carries it, but for the records of the space.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(layout.recordBytes)
    try archive.transfer(&keyEnd)
    if keyEnd < 1 || keyEnd > max(records.count, 1) { throw .damaged }
    try states.transfer(&archive)
    try chunks.transfer(&archive)
    try archive.expect(pairs.count)
    for place in pairs.indices { try pairs[place].transfer(&archive) }
    try hubs.transfer(&archive)
    try index.transfer(&archive)
    try archive.expect(timelines.count)
    for place in timelines.indices { try timelines[place].transfer(&archive) }
    try archive.transfer(&pushes)
    try archive.transfer(&lastKey)
    try archive.transfer(&latestClock)
    try archive.transfer(&forgets)
    try archive.transfer(&nextIdleKey)
    try archive.transfer(&owedKeys)
    if archive.isReading && !(0..<Self.visitedKeys).contains(owedKeys) { throw .damaged }
    // What is known of the last entry alone is found out anew.
    if archive.isReading {
      freshChunk = 0
      freshState = 0
      forgetMoments()
    }
  }
}

/// A time in 30 bits, rounded down to 4½ minutes: what a sweep over all keys must know of one
/// without a look at its state.
struct IdleTime: Equatable {
  let bits: UInt32

  /// Units around 1970; the least and the greatest stand for all before and after, 4,500 years.
  private static let middle: Int64 = 1 << 29
  private static let unitBits: Int64 = 28

  @inline(__always)
  init(bits: UInt32) { self.bits = bits }

  @inline(__always)
  init(_ time: Int64) {
    bits = UInt32(min(max((time >> Self.unitBits) + Self.middle, 0), 2 * Self.middle - 1))
  }
}
