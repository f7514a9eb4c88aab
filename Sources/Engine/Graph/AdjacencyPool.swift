/// Where an unordered list of distinct dense numbers begins: its first entry lies inline, because
/// most identifiers have one account and most accounts one value of each identifier. 8 bytes.
struct AdjacencyHead: BitwiseCopyable {
  /// The first entry; 0 when the list is empty.
  var first: UInt32 = 0
  /// The newest overflow chunk, as the pool names it; 0 when there is at most one entry.
  var chunk: UInt32 = 0

  /// Whether there are at least two entries.
  @inline(__always)
  var hasChunk: Bool { chunk != 0 }

  /// Whether there are more entries than `shortEntries`.
  @inline(__always)
  var isLong: Bool { chunk & Self.largeBit != 0 }

  /// Entries of a head and one small chunk.
  static let shortEntries = 4
  /// In the name of a large chunk beside its number.
  fileprivate static let largeBit: UInt32 = 1 << 31
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
/// Entry 0 lies in the head, entries 1 ... 3 in a chunk of 16 bytes, and each 14 after them in a
/// chunk of 64 bytes, which begins with the name of the next older one. So a list grows at its head
/// and the fill of every chunk follows from the length, which each chunk keeps as it was when it
/// was the newest.
struct AdjacencyPool: ~Copyable {
  private var small: BlockPool
  private var large: BlockPool

  /// Entries of a small chunk, and the number of the first entry that lies in a large one.
  private static let smallEntries: UInt32 = 3
  private static let firstLarge: UInt32 = 1 + smallEntries
  private static let largeEntries: UInt32 = 14
  private static let largeBit = AdjacencyHead.largeBit
  private static let olderOffset = 0
  private static let smallCountOffset = 0
  private static let largeCountOffset = 4

  init() {
    small = BlockPool(blockBytes: 16, reservedBytes: Reservation.poolBytes)
    large = BlockPool(blockBytes: 64, reservedBytes: Reservation.poolBytes)
  }

  /// Bytes of chunks in use.
  var liveBytes: Int { small.liveBytes + large.liveBytes }

  /// Number of entries.
  @inline(__always)
  func count(_ head: AdjacencyHead) -> UInt32 {
    guard head.hasChunk else { return head.first == 0 ? 0 : 1 }
    return Self.isLarge(head.chunk)
      ? large.load(Self.number(head.chunk), Self.largeCountOffset, as: UInt32.self)
      : small.load(head.chunk, Self.smallCountOffset, as: UInt32.self)
  }

  /// Adds a number that is not in the list.
  mutating func append(_ value: UInt32, to head: inout AdjacencyHead) {
    let index = count(head)
    if index == 0 {
      head.first = value
      return
    }
    if index == 1 {
      head.chunk = small.allocate()
    } else if Self.beginsLargeChunk(index) {
      let chunk = large.allocate()
      large.store(head.chunk, chunk, Self.olderOffset)
      head.chunk = chunk | Self.largeBit
    }
    store(value, head.chunk, index)
    setCount(index + 1, head.chunk)
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
    while head.first != 0 { _ = removeLast(from: &head) }
  }

  /// Brings the newest chunk of a list of at least two entries nearer.
  @inline(__always)
  func prefetchChunk(_ head: AdjacencyHead, _ list: inout PrefetchList) {
    if Self.isLarge(head.chunk) {
      large.prefetch(Self.number(head.chunk), &list)
    } else {
      small.prefetch(head.chunk, &list)
    }
  }

  /// A cursor before the newest entry.
  func cursor(over head: AdjacencyHead) -> AdjacencyCursor {
    AdjacencyCursor(left: count(head), chunk: head.chunk, first: head.first)
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
    let number = Self.number(chunk)
    if Self.beginsLargeChunk(index) {
      cursor.chunk = large.load(number, Self.olderOffset, as: UInt32.self)
    }
    return large.load(number, Self.offset(index), as: UInt32.self)
  }

  private mutating func removeLast(from head: inout AdjacencyHead) -> UInt32 {
    let index = count(head) - 1
    if index == 0 {
      let value = head.first
      head.first = 0
      return value
    }
    let chunk = head.chunk
    let number = Self.number(chunk)
    if index < Self.firstLarge {
      let value = small.load(chunk, Self.offset(index), as: UInt32.self)
      if index == 1 {
        small.free(chunk)
        head.chunk = 0
      } else {
        setCount(index, chunk)
      }
      return value
    }
    let value = large.load(number, Self.offset(index), as: UInt32.self)
    if Self.beginsLargeChunk(index) {
      head.chunk = large.load(number, Self.olderOffset, as: UInt32.self)
      large.free(number)
    } else {
      setCount(index, chunk)
    }
    return value
  }

  private mutating func store(_ value: UInt32, _ chunk: UInt32, _ index: UInt32) {
    if index < Self.firstLarge {
      small.store(value, chunk, Self.offset(index))
    } else {
      large.store(value, Self.number(chunk), Self.offset(index))
    }
  }

  private mutating func setCount(_ count: UInt32, _ chunk: UInt32) {
    if Self.isLarge(chunk) {
      large.store(count, Self.number(chunk), Self.largeCountOffset)
    } else {
      small.store(count, chunk, Self.smallCountOffset)
    }
  }

  private static func isLarge(_ chunk: UInt32) -> Bool { chunk & largeBit != 0 }

  private static func number(_ chunk: UInt32) -> UInt32 { chunk & ~largeBit }

  private static func beginsLargeChunk(_ index: UInt32) -> Bool {
    index >= firstLarge && (index - firstLarge) % largeEntries == 0
  }

  private static func offset(_ index: UInt32) -> Int {
    index < firstLarge ? Int(4 * index) : Int(8 + 4 * ((index - firstLarge) % largeEntries))
  }
}

extension AdjacencyPool {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try small.transfer(&archive)
    try large.transfer(&archive)
  }
}
