internal import Model
internal import Program

/// The different values a key ever had: how many, and the one that came first. Most keys never have
/// another, and need no place in a table.
struct ValuesSeen: BitwiseCopyable {
  private(set) var count: UInt32 = 0
  private var first: UInt32 = 0

  init() {}

  /// One value.
  init(only value: UInt32) { (count, first) = (1, value) }

  /// Whether a value is the one that came first.
  @inline(__always)
  func isFirst(_ value: UInt32) -> Bool { count > 0 && value == first }

  /// Enters a value; true if it is new. Those after the first are looked up in a table of the
  /// others of all keys.
  @inline(__always)
  mutating func enter(_ value: UInt32, of key: UInt32, _ others: inout PairTable) -> Bool {
    if count == 0 {
      first = value
    } else if value == first || !others.insert(key: key, value: value) {
      return false
    }
    count &+= 1
    return true
  }

  /// These with a value if it is the first, and how many are new. Unless it is the one that came
  /// first, another `isOther` and marks the key: then all are that come for it, until it is
  /// `unmarked`, for they count what is entered by then. So is any of more values than are told.
  @inline(__always)
  func enteringFirst(_ value: UInt32) -> (values: ValuesSeen, new: UInt32, other: UInt32) {
    // In numbers, for the compiler makes branches of conditions.
    let new = Self.bit(value) & (Self.bit(count) ^ 1)
    let isOther = Self.bit(value) & Self.bit(value ^ first)
    let isMany = (UInt64(Limits.distinctValues) &- UInt64(count)) &>> 63
    let other = isOther ^ new | UInt32(truncatingIfNeeded: isMany)
    var values = ValuesSeen()
    values.count = count &+ new | other &<< 31
    // The first of none is 0.
    values.first = count == 0 ? value : first
    return (values, new, other)
  }

  /// All bits unless a number is 0.
  @inline(__always)
  static func mask(_ number: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: (0 &- UInt64(number)) &>> 32)
  }

  /// 1 unless a number is 0.
  @inline(__always)
  private static func bit(_ number: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: (0 &- UInt64(number)) &>> 63)
  }

  /// These without the mark.
  var unmarked: ValuesSeen {
    var values = self
    values.count &= ~Self.mark
    return values
  }

  /// A bit that no number of values has.
  private static let mark: UInt32 = 1 << 31

  /// Whether it takes a look into the table to enter a value.
  @inline(__always)
  func looksUp(_ value: UInt32) -> Bool { count > 0 && value != first }
}

/// What is known of all entries of a key that ever arrived.
struct LifetimeRecord: BitwiseCopyable {
  var summary = EntrySummary.empty
  var first = Entry(key: .greatest, value: 0)
  var last = Entry(key: .least, value: 0)
  var values = ValuesSeen()
  private var padding: Int64 = 0

  init() {}

  /// Where nothing is known but the different values.
  init(_ values: ValuesSeen) { self.values = values }

  /// Whether no entry ever arrived.
  var isEmpty: Bool { summary.count == 0 && values.count == 0 }

  @inline(__always)
  mutating func add(_ entry: Entry) {
    summary.add(EntrySummary(entry.value))
    if entry.key < first.key { first = entry }
    if last.key < entry.key { last = entry }
  }
}

/// One accumulator per key over its whole life, and one of before the entry pushed last, which is
/// what `excluding current` asks for. Where only the number of distinct values is asked, a record
/// holds nothing else.
struct LifetimeStore: ~Copyable {
  private let inPlace = InPlace()
  private var records: KeyFields
  private let countsDistinct: Bool
  private let summarizes: Bool
  /// The values of keys after their first.
  private var others = PairTable(windowCount: 0)
  private var previous = LifetimeRecord()
  private var previousKey: UInt32 = 0

  /// Makes a store by itself.
  init(keyCapacity: Int, countsDistinct: Bool, summarizes: Bool) {
    let records = KeyRecords(capacity: keyCapacity)
    self.init(in: records, countsDistinct: countsDistinct, summarizes: summarizes)
    records.open()
  }

  /// Makes a store of the keys of a space, whose records are opened before the first; without a
  /// space one that is not used.
  ///
  /// *Traps* when nothing is to be kept of the keys of a space.
  init(in space: KeyRecords?, countsDistinct: Bool, summarizes: Bool) {
    precondition(space == nil || countsDistinct || summarizes, "there is nothing to keep")
    self.countsDistinct = countsDistinct
    self.summarizes = summarizes
    records = KeyFields(bytes: Self.recordBytes(summarizes: summarizes), in: space)
  }

  /// Bytes of the record of one key.
  static func recordBytes(summarizes: Bool) -> Int {
    summarizes ? MemoryLayout<LifetimeRecord>.stride : MemoryLayout<ValuesSeen>.stride
  }

  var liveBytes: Int { records.liveBytes + others.liveBytes }

  mutating func push(key: UInt32, _ entry: Entry) {
    let value = UInt32(truncatingIfNeeded: entry.value)
    guard summarizes else {
      _ = pushSeen(key: key, value)
      return
    }
    records.use(count: Int(key) &+ 1)
    previousKey = key
    previous = record(key)
    var record = previous
    record.add(entry)
    if countsDistinct { _ = record.values.enter(value, of: key, &others) }
    records.store(record, Int(key), 0)
  }

  /// `push` where nothing but different values is kept; how many there were and are.
  @inline(__always)
  mutating func pushSeen(key: UInt32, _ value: UInt32) -> (before: UInt32, now: UInt32) {
    let values = records.reach(Int(key), 0, as: ValuesSeen.self)
    previousKey = key
    previous.values = values
    if values.count == 0 {
      records.store(ValuesSeen(only: value), Int(key), 0)
      return (0, 1)
    }
    if values.isFirst(value) { return (values.count, values.count) }
    return pushOther(key, value, values)
  }

  /// Enters a value of a key that has none, without a branch; how many there are and are new. Other
  /// values are left to `enterOther`, and so is whatever comes for a key of which one is: in the
  /// order of a run of values that was to be entered.
  ///
  /// *Requires* the rows of a store that keeps nothing but different values.
  @inline(__always)
  static func enterFirst(
    _ key: UInt32, _ value: UInt32, in rows: borrowing KeyRows
  ) -> (count: UInt32, new: UInt32, other: UInt32) {
    let record = rows.record(Int(key))
    let known = record.load(0, as: ValuesSeen.self)
    // Key 0 is none, and has no values.
    let entering = known.enteringFirst(value & ValuesSeen.mask(key))
    record.store(entering.values, 0)
    return (known.count &+ entering.new, entering.new, entering.other)
  }

  /// The records of keys that are in use by now.
  var rows: KeyRows {
    @inline(__always) @_lifetime(borrow self)
    borrowing get { records.rows }
  }

  /// Knows nothing of the entry pushed last.
  @inline(__always)
  mutating func forgetLast() { previousKey = 0 }

  /// Enters a value that `enterFirst` left; how many there were and are.
  @inline(__always)
  mutating func enterOther(_ key: UInt32, _ value: UInt32) -> (before: UInt32, now: UInt32) {
    var values = records.load(Int(key), 0, as: ValuesSeen.self).unmarked
    let before = values.count
    if value != 0 { _ = values.enter(value, of: key, &others) }
    records.store(values, Int(key), 0)
    return (before, values.count)
  }

  /// Enters a value that is not the first of its key.
  @inline(never)
  private mutating func pushOther(
    _ key: UInt32, _ value: UInt32, _ values: ValuesSeen
  ) -> (before: UInt32, now: UInt32) {
    var values = values
    let before = values.count
    if values.enter(value, of: key, &others) { records.store(values, Int(key), 0) }
    return (before, values.count)
  }

  /// How many values a key ever had, without that of the entry pushed last when that is `excluded`.
  @inline(__always)
  func valuesSeen(_ key: UInt32, excludingLast: Bool) -> Int {
    if excludingLast && key == previousKey { return Int(previous.values.count) }
    return Int((summarizes ? record(key).values : values(key)).count)
  }

  /// Where the record of a key lies.
  var column: RecordColumn { records.column }

  /// Where it is looked up whether a key has had a value.
  @inline(__always)
  func prefetchDistinct(_ key: UInt32, _ value: UInt32, _ list: inout PrefetchList) {
    if !summarizes && values(key).looksUp(value) {
      others.prefetch(key: key, value: value, &list)
    }
  }

  /// The accumulator of a key, without the entry pushed last when that is `excluded`.
  func read(_ key: UInt32, excludingLast: Bool) -> LifetimeRecord {
    let excludes = excludingLast && key == previousKey
    if summarizes { return excludes ? previous : record(key) }
    return LifetimeRecord(excludes ? previous.values : values(key))
  }

  @inline(__always)
  private func record(_ key: UInt32) -> LifetimeRecord {
    guard key < records.count else { return LifetimeRecord() }
    let record = records.load(Int(key), 0, as: LifetimeRecord.self)
    return record.summary.count == 0 ? LifetimeRecord() : record
  }

  @inline(__always)
  private func values(_ key: UInt32) -> ValuesSeen {
    key < records.count ? records.load(Int(key), 0, as: ValuesSeen.self) : ValuesSeen()
  }
}

extension LifetimeStore {
  /// The state as a snapshot carries it, but for the records of the space.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try others.transfer(&archive)
    // What the current event put in is of no use to the next one.
    if archive.isReading { previousKey = 0 }
  }
}
