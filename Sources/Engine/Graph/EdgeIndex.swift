/// Finds an edge by its two accounts: linear probing over 8-byte slots {tag, edge}, verified in the
/// record of the edge.
///
/// The tag is the upper half of the hash, so a slot moves without a look at its edge.
struct EdgeIndex: ~Copyable {
  private let inPlace = InPlace()
  private var index: LineIndex
  /// Edges in the index.
  private(set) var count = 0

  private static let firstSlots = 64

  /// Makes an index of at most `capacity` edges.
  init(capacity: Int) {
    // It doubles when it is 60 % full.
    index = LineIndex(slots: Self.firstSlots, most: max(4 * capacity, Self.firstSlots))
  }

  /// Bytes of the index.
  var liveBytes: Int { index.liveBytes }

  /// The edge between two accounts; 0 for none.
  func find(_ from: UInt32, _ to: UInt32, _ records: borrowing ReservedArray<EdgeRecord>) -> UInt32
  {
    let place = place(Self.hash(from, to), from, to, records)
    return place >= 0 ? Self.edge(index[place]) : 0
  }

  /// Brings nearer where the search for an edge begins.
  @inline(__always)
  func prefetch(_ from: UInt32, _ to: UInt32, _ list: inout PrefetchList) {
    index.prefetch(index.home(LineIndex.tag(Self.hash(from, to))), &list)
  }

  /// Adds an edge that is not in the index and whose record is written.
  mutating func insert(_ edge: UInt32, _ records: borrowing ReservedArray<EdgeRecord>) {
    if index.isGrowing { index.grow() }
    // At 60 % full, counted before this insertion, runs stay short.
    if count * 2 > index.count { index.expectDouble() }
    if (count + 1) * 5 > 3 * index.count { index.double() }
    let record = records[Int(edge)]
    index.put(Self.slot(Self.hash(record.from, record.to), edge))
    count += 1
  }

  /// Removes an edge, whose record is still there.
  ///
  /// *Traps* when it is not in the index.
  mutating func remove(_ edge: UInt32, _ records: borrowing ReservedArray<EdgeRecord>) {
    let record = records[Int(edge)]
    let found = place(Self.hash(record.from, record.to), record.from, record.to, records)
    precondition(found >= 0, "no such edge in the index")
    count -= 1
    // Close the gap: whatever follows in the run moves back unless it would pass its own place.
    let mask = index.count - 1
    var hole = found
    var place = index.next(hole)
    while index[place] != 0 {
      let home = index.home(LineIndex.tag(index[place]))
      if (place &- home) & mask >= (place &- hole) & mask {
        index[hole] = index[place]
        hole = place
      }
      place = index.next(place)
    }
    index[hole] = 0
  }

  private func place(
    _ hash: UInt64, _ from: UInt32, _ to: UInt32, _ records: borrowing ReservedArray<EdgeRecord>
  ) -> Int {
    let tag = LineIndex.tag(hash)
    var place = index.first(tag, from: index.home(tag))
    while index[place] != 0 {
      if Self.holds(index[place], hash, from, to, records) { return place }
      place = index.first(tag, from: place &+ 1)
    }
    return -1
  }

  private static func slot(_ hash: UInt64, _ edge: UInt32) -> UInt64 {
    hash & ~0xFFFF_FFFF | UInt64(edge)
  }

  private static func holds(
    _ slot: UInt64, _ hash: UInt64, _ from: UInt32, _ to: UInt32,
    _ records: borrowing ReservedArray<EdgeRecord>
  ) -> Bool {
    guard slot >> 32 == hash >> 32 else { return false }
    let record = records[Int(edge(slot))]
    return record.from == from && record.to == to
  }

  private static func edge(_ slot: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: slot) }

  /// The finaliser of MurmurHash3, which spreads every input bit over place and tag.
  private static func hash(_ from: UInt32, _ to: UInt32) -> UInt64 {
    var hash = UInt64(from) << 32 | UInt64(to)
    hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
    hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
    return hash ^ hash >> 33
  }
}

extension EdgeIndex {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try index.transfer(&archive)
    try archive.transfer(&count)
  }
}
