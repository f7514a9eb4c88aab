internal import Program

/// The different values a key ever had: how many, and the one that came first. Most keys never have
/// another, and need no place in a table.
struct ValuesSeen: BitwiseCopyable {
  var count: UInt32 = 0
  private var first: UInt32 = 0

  /// Enters a value; true if it is new. Those after the first are looked up in a table of the
  /// others of all keys.
  @inline(__always)
  mutating func enter(_ value: UInt32, of key: UInt32, _ others: inout PairTable) -> Bool {
    if count == 0 {
      first = value
    } else if value == first || !others.insert(key: key, value: value) {
      return false
    }
    count += 1
    return true
  }

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
  private var records: ReservedMemory
  private var recordCount: UInt32 = 1
  private let countsDistinct: Bool
  private let summarizes: Bool
  private let bytes: Int
  /// The values of keys after their first.
  private var others = PairTable(windowCount: 0)
  private var previous = LifetimeRecord()
  private var previousKey: UInt32 = 0

  init(keyCapacity: Int, countsDistinct: Bool, summarizes: Bool) {
    self.countsDistinct = countsDistinct
    self.summarizes = summarizes
    bytes = Self.recordBytes(summarizes: summarizes)
    records = ReservedMemory(reservedBytes: (keyCapacity + 1) * bytes)
    records.use(bytes: bytes)
  }

  /// Bytes of the record of one key.
  static func recordBytes(summarizes: Bool) -> Int {
    summarizes ? MemoryLayout<LifetimeRecord>.stride : MemoryLayout<ValuesSeen>.stride
  }

  var liveBytes: Int { records.usedBytes + others.liveBytes }

  mutating func push(key: UInt32, _ entry: Entry) {
    let value = UInt32(truncatingIfNeeded: entry.value)
    guard summarizes else { return pushSeen(key: key, value) }
    reach(key)
    previousKey = key
    previous = record(key)
    var record = previous
    record.add(entry)
    if countsDistinct { _ = record.values.enter(value, of: key, &others) }
    records.store(record, at: Int(key) * bytes)
  }

  /// `push` where nothing but different values is kept.
  @inline(__always)
  mutating func pushSeen(key: UInt32, _ value: UInt32) {
    reach(key)
    previousKey = key
    var values = values(key)
    previous.values = values
    if countsDistinct && values.enter(value, of: key, &others) {
      records.store(values, at: Int(key) &* bytes)
    }
  }

  /// Makes sure that there is a record of a key.
  @inline(__always)
  private mutating func reach(_ key: UInt32) {
    guard key >= recordCount else { return }
    records.use(bytes: (Int(key) + 1) * bytes)
    recordCount = key + 1
  }

  /// How many values a key ever had, without that of the entry pushed last when that is `excluded`.
  @inline(__always)
  func valuesSeen(_ key: UInt32, excludingLast: Bool) -> Int {
    if excludingLast && key == previousKey { return Int(previous.values.count) }
    return Int((summarizes ? record(key).values : values(key)).count)
  }

  /// Where the record of a key lies.
  var column: RecordColumn { RecordColumn(start: records.address, stride: bytes) }

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
    guard key < recordCount else { return LifetimeRecord() }
    let record = records.load(Int(key) * bytes, as: LifetimeRecord.self)
    return record.summary.count == 0 ? LifetimeRecord() : record
  }

  @inline(__always)
  private func values(_ key: UInt32) -> ValuesSeen {
    key < recordCount ? records.load(Int(key) &* bytes, as: ValuesSeen.self) : ValuesSeen()
  }
}

extension LifetimeStore {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(bytes)
    try archive.transfer(&records)
    try archive.transfer(&recordCount)
    try others.transfer(&archive)
    // What the current event put in is of no use to the next one.
    if archive.isReading { previousKey = 0 }
  }
}
