internal import Program

/// What is known of all entries of a key that ever arrived.
struct LifetimeRecord: BitwiseCopyable {
  var summary = EntrySummary.empty
  var first = Entry(key: .greatest, value: 0)
  var last = Entry(key: .least, value: 0)
  var distinct: Int64 = 0
  private var padding: Int64 = 0

  init() {}

  /// Where nothing is known but the number of distinct values.
  init(distinct: Int64) { self.distinct = distinct }

  /// Whether no entry ever arrived.
  var isEmpty: Bool { summary.count == 0 && distinct == 0 }

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
  private var records: ReservedMemory
  private var recordCount: UInt32 = 1
  private let countsDistinct: Bool
  private let summarizes: Bool
  private let bytes: Int
  /// Distinct values seen.
  private var seen = PairTable(windowCount: 0)
  private var previous = LifetimeRecord()
  private var previousDistinct: Int64 = 0
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
    summarizes ? MemoryLayout<LifetimeRecord>.stride : MemoryLayout<Int64>.stride
  }

  var liveBytes: Int { records.usedBytes + seen.liveBytes }

  mutating func push(key: UInt32, _ entry: Entry) {
    if key >= recordCount {
      records.use(bytes: (Int(key) + 1) * bytes)
      recordCount = key + 1
    }
    previousKey = key
    if summarizes {
      previous = record(key)
      var record = previous
      record.add(entry)
      if countsDistinct && isNew(key, entry.value) { record.distinct += 1 }
      records.store(record, at: Int(key) * bytes)
    } else {
      previousDistinct = distinct(key)
      if countsDistinct && isNew(key, entry.value) {
        records.store(previousDistinct + 1, at: Int(key) * bytes)
      }
    }
  }

  /// Whether a key had never had a value, which from now on it has had.
  private mutating func isNew(_ key: UInt32, _ value: Int64) -> Bool {
    seen.insert(key: key, value: UInt32(truncatingIfNeeded: value))
  }

  /// The record of a key.
  @inline(__always)
  func prefetchRecord(_ key: UInt32, _ list: inout PrefetchList) {
    records.prefetch(Int(key) &* bytes, &list)
  }

  /// Where it is looked up whether a key has had a value.
  @inline(__always)
  func prefetchDistinct(_ key: UInt32, _ value: UInt32, _ list: inout PrefetchList) {
    seen.prefetch(key: key, value: value, &list)
  }

  /// The accumulator of a key, without the entry pushed last when that is `excluded`.
  func read(_ key: UInt32, excludingLast: Bool) -> LifetimeRecord {
    let excludes = excludingLast && key == previousKey
    if summarizes { return excludes ? previous : record(key) }
    return LifetimeRecord(distinct: excludes ? previousDistinct : distinct(key))
  }

  @inline(__always)
  private func record(_ key: UInt32) -> LifetimeRecord {
    guard key < recordCount else { return LifetimeRecord() }
    let record = records.load(Int(key) * bytes, as: LifetimeRecord.self)
    return record.summary.count == 0 ? LifetimeRecord() : record
  }

  @inline(__always)
  private func distinct(_ key: UInt32) -> Int64 {
    key < recordCount ? records.load(Int(key) * bytes, as: Int64.self) : 0
  }
}

extension LifetimeStore {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(bytes)
    try archive.transfer(&records)
    try archive.transfer(&recordCount)
    try seen.transfer(&archive)
    // What the current event put in is of no use to the next one.
    if archive.isReading { previousKey = 0 }
  }
}
