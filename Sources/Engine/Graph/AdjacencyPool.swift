/// Where an unordered list of distinct dense numbers begins: its first entry lies inline, because
/// most identifiers have one account and most accounts one value of each identifier.
struct AdjacencyHead {
  /// The first entry; 0 when the list is empty.
  var first: UInt32 = 0
  /// Number of entries.
  var count: UInt32 = 0
  /// The newest overflow chunk; 0 for none.
  var chunk: UInt32 = 0
}

/// A place in a list, walked from the newest entry to the first.
struct AdjacencyCursor {
  /// Entries not yet given.
  fileprivate var left: UInt32
  fileprivate var chunk: UInt32
  fileprivate let first: UInt32

  /// A cursor over an empty list.
  init() { self.init(left: 0, chunk: 0, first: 0) }

  fileprivate init(left: UInt32, chunk: UInt32, first: UInt32) {
    self.left = left
    self.chunk = chunk
    self.first = first
  }
}

/// The overflow of many adjacency lists.
///
/// Entry 0 lies in the head, entries 1 ... 3 in a chunk of 16 bytes, and each 15 after them in a
/// chunk of 64 bytes. A chunk begins with the number of the next older one, so a list grows at its
/// head and the fill of every chunk follows from the length alone.
struct AdjacencyPool: ~Copyable {
  private var small: BlockPool
  private var large: BlockPool

  /// Entries of a small chunk, and the number of the first entry that lies in a large one.
  private static let smallEntries: UInt32 = 3
  private static let firstLarge: UInt32 = 1 + smallEntries
  private static let largeEntries: UInt32 = 15

  init() {
    small = BlockPool(blockBytes: 16, reservedBytes: Reservation.poolBytes)
    large = BlockPool(blockBytes: 64, reservedBytes: Reservation.poolBytes)
  }

  /// Bytes of chunks in use.
  var liveBytes: Int { small.liveBytes + large.liveBytes }

  /// Adds a number that is not in the list.
  mutating func append(_ value: UInt32, to head: inout AdjacencyHead) {
    let index = head.count
    head.count += 1
    if index == 0 {
      head.first = value
      return
    }
    if index == 1 {
      head.chunk = small.allocate()
      small.store(UInt32(0), head.chunk, 0)
    } else if Self.beginsLargeChunk(index) {
      let chunk = large.allocate()
      large.store(head.chunk, chunk, 0)
      head.chunk = chunk
    }
    store(value, head.chunk, index)
  }

  /// Whether the list holds a number.
  ///
  /// *Complexity*: linear in the list.
  func contains(_ value: UInt32, in head: AdjacencyHead) -> Bool {
    var cursor = cursor(over: head)
    while true {
      let entry = next(&cursor)
      if entry == value { return true }
      if entry == 0 { return false }
    }
  }

  /// Removes a number; the list's last entry takes its place.
  ///
  /// *Traps* when the list does not hold it.
  mutating func remove(_ value: UInt32, from head: inout AdjacencyHead) {
    var cursor = cursor(over: head)
    var chunk = cursor.chunk
    while true {
      let entry = next(&cursor)
      precondition(entry != 0, "no such entry in the adjacency list")
      if entry == value { break }
      chunk = cursor.chunk
    }
    let hole = cursor.left
    let last = removeLast(from: &head)
    guard last != value else { return }
    if hole == 0 { head.first = last } else { store(last, chunk, hole) }
  }

  /// Empties a list and frees its chunks.
  mutating func clear(_ head: inout AdjacencyHead) {
    while head.count > 0 { _ = removeLast(from: &head) }
  }

  /// Brings the newest chunk of a list of at least two entries nearer.
  @inline(__always)
  func prefetchChunk(_ head: AdjacencyHead, _ list: inout PrefetchList) {
    if head.count <= Self.firstLarge {
      small.prefetch(head.chunk, &list)
    } else {
      large.prefetch(head.chunk, &list)
    }
  }

  /// A cursor before the newest entry.
  func cursor(over head: AdjacencyHead) -> AdjacencyCursor {
    AdjacencyCursor(left: head.count, chunk: head.chunk, first: head.first)
  }

  /// The next older entry; 0 at the end.
  func next(_ cursor: inout AdjacencyCursor) -> UInt32 {
    guard cursor.left > 0 else { return 0 }
    cursor.left -= 1
    let index = cursor.left
    if index == 0 { return cursor.first }
    let chunk = cursor.chunk
    if index < Self.firstLarge {
      return small.load(chunk, Self.offset(index), as: UInt32.self)
    }
    if Self.beginsLargeChunk(index) { cursor.chunk = large.load(chunk, 0, as: UInt32.self) }
    return large.load(chunk, Self.offset(index), as: UInt32.self)
  }

  private mutating func removeLast(from head: inout AdjacencyHead) -> UInt32 {
    head.count -= 1
    let index = head.count
    if index == 0 {
      let value = head.first
      head.first = 0
      return value
    }
    let chunk = head.chunk
    if index < Self.firstLarge {
      let value = small.load(chunk, Self.offset(index), as: UInt32.self)
      if index == 1 {
        small.free(chunk)
        head.chunk = 0
      }
      return value
    }
    let value = large.load(chunk, Self.offset(index), as: UInt32.self)
    if Self.beginsLargeChunk(index) {
      head.chunk = large.load(chunk, 0, as: UInt32.self)
      large.free(chunk)
    }
    return value
  }

  private mutating func store(_ value: UInt32, _ chunk: UInt32, _ index: UInt32) {
    if index < Self.firstLarge {
      small.store(value, chunk, Self.offset(index))
    } else {
      large.store(value, chunk, Self.offset(index))
    }
  }

  private static func beginsLargeChunk(_ index: UInt32) -> Bool {
    index >= firstLarge && (index - firstLarge) % largeEntries == 0
  }

  private static func offset(_ index: UInt32) -> Int {
    index < firstLarge ? Int(4 * index) : Int(4 + 4 * ((index - firstLarge) % largeEntries))
  }
}

extension AdjacencyPool {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try small.transfer(&archive)
    try large.transfer(&archive)
  }
}
