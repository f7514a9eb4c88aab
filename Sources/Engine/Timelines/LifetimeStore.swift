internal import Program

/// What is known of all entries of a key that ever arrived.
struct LifetimeRecord: BitwiseCopyable {
  var summary = EntrySummary.empty
  var first = Entry(key: .greatest, value: 0)
  var last = Entry(key: .least, value: 0)
  var distinct: Int64 = 0
  private var padding: Int64 = 0

  init() {}

  @inline(__always)
  mutating func add(_ entry: Entry) {
    summary.add(EntrySummary(entry.value))
    if entry.key < first.key { first = entry }
    if last.key < entry.key { last = entry }
  }
}

/// One accumulator per key over its whole life, and one of before the entry pushed last, which is
/// what `excluding current` asks for.
struct LifetimeStore: ~Copyable {
  private var records: ReservedMemory
  private var recordCount: UInt32 = 1
  private let countsDistinct: Bool
  /// Distinct values seen; the table counts each in its one window.
  private var seen = PairTable(windowCount: 1)
  private var previous = LifetimeRecord()
  private var previousKey: UInt32 = 0

  init(keyCapacity: Int, countsDistinct: Bool) {
    self.countsDistinct = countsDistinct
    records = ReservedMemory(reservedBytes: (keyCapacity + 1) * Self.bytes)
    records.use(bytes: Self.bytes)
  }

  var liveBytes: Int { records.usedBytes + seen.liveBytes }

  mutating func push(key: UInt32, _ entry: Entry) {
    var record = record(key)
    if key >= recordCount {
      records.use(bytes: (Int(key) + 1) * Self.bytes)
      recordCount = key + 1
    }
    previous = record
    previousKey = key
    record.add(entry)
    if countsDistinct {
      let value = UInt32(truncatingIfNeeded: entry.value)
      if seen.count(key: key, value: value, window: 0) == 0 {
        _ = seen.add(key: key, value: value, window: 0)
        record.distinct += 1
      }
    }
    records.store(record, at: Int(key) * Self.bytes)
  }

  /// The accumulator of a key, without the entry pushed last when that is `excluded`.
  func read(_ key: UInt32, excludingLast: Bool) -> LifetimeRecord {
    excludingLast && key == previousKey ? previous : record(key)
  }

  @inline(__always)
  private func record(_ key: UInt32) -> LifetimeRecord {
    guard key < recordCount else { return LifetimeRecord() }
    let record = records.load(Int(key) * Self.bytes, as: LifetimeRecord.self)
    return record.summary.count == 0 ? LifetimeRecord() : record
  }

  private static let bytes = MemoryLayout<LifetimeRecord>.stride
}

extension LifetimeStore {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.transfer(&records)
    try archive.transfer(&recordCount)
    try seen.transfer(&archive)
    // What the current event put in is of no use to the next one.
    if archive.isReading { previousKey = 0 }
  }
}
