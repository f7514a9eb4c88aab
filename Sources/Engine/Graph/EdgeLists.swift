/// Where an entry lies after a change of a list, and which others changed their chunk with it.
struct EdgePlacement {
  /// The chunk of the entry that was inserted; 0 after a removal.
  var chunk: UInt32 = 0
  /// Neighbours whose entries moved, 0 for none.
  var moved: (UInt32, UInt32) = (0, 0)
  /// Where they moved to.
  var movedTo: UInt32 = 0
}

/// A place in a list, walked from the newest entry on.
struct EdgeCursor {
  fileprivate var chunk: UInt32 = 0
  /// Entries of the chunk not yet given.
  fileprivate var left: UInt32 = 0
  /// The edge that is all there is of the list; 0 when it has chunks, or at the end.
  var only: UInt32 = 0
  /// Whether the list is that of the only edge's first account.
  private(set) var isOfFirst = false

  /// A cursor at the end.
  @inline(__always)
  init() {}

  /// A cursor before the only edge of a list.
  @inline(__always)
  init(only: UInt32, isOfFirst: Bool) {
    self.only = only
    self.isOfFirst = isOfFirst
  }

  @inline(__always)
  fileprivate init(chunk: UInt32, left: UInt32) {
    self.chunk = chunk
    self.left = left
  }
}

/// An entry of a list.
struct EdgeEntry {
  /// 0 for none.
  var neighbour: UInt32 = 0
  var time: Int64 = 0
}

/// A list of an account: the first of it, or the second where there are two.
struct EdgeList: BitwiseCopyable {
  var account: Int
  var place: Int
}

/// Neighbours of accounts, each once, in order of their latest use.
///
/// The head of a list that never had two entries names the edge itself, whose record says the rest:
/// most lists stay so and take no memory beside it. Any other is a chain of 64-byte chunks from
/// newest to oldest; inside a chunk the oldest entry comes first, so that a new one is put at the
/// end. A removal makes one of neighbouring chunks that hold together less than a chunk does, so
/// that refreshes leave no chain of single entries. Who asks remembers the chunk of each entry.
struct EdgeLists: ~Copyable {
  private let inPlace = InPlace()
  /// The newest chunk, `onlyBit` and the number of the only edge, or 0 for an empty list.
  private var heads: KeyColumn<UInt32>
  /// The records that hold them, where they are of these lists alone.
  private let own: KeyRecords?
  private var chunks: BlockPool

  private static let onlyBit: UInt32 = 1 << 31
  private static let chunkEntries: UInt32 = 4
  private static let newerOffset = 0
  private static let olderOffset = 4
  private static let countOffset = 8
  private static let timesOffset = 16
  private static let neighboursOffset = 48

  /// Makes empty lists, one or a pair of each account, whose heads lie in the records of a space,
  /// which are opened before the first account comes, or by themselves.
  init(in space: KeyRecords?, isPaired: Bool, capacity: Int, chunkBytes: Int) {
    let isAlone = space == nil && capacity > 0
    let records = isAlone ? KeyRecords(capacity: capacity) : space
    heads = KeyColumn(width: isPaired ? 2 : 1, in: records)
    if isAlone { records?.open() }
    own = isAlone ? records : nil
    chunks = BlockPool(blockBytes: 64, reservedBytes: chunkBytes)
  }

  /// Bytes of the lists.
  var liveBytes: Int { heads.liveBytes + chunks.liveBytes }

  /// Where the heads of an account lie.
  var headColumn: RecordColumn { heads.column }

  /// The head of a list; that of an empty one where there is none.
  @inline(__always)
  private func head(_ list: EdgeList) -> UInt32 {
    list.account < heads.count ? heads[list.account, list.place] : 0
  }

  @inline(__always)
  private mutating func setHead(_ list: EdgeList, _ head: UInt32) {
    heads.use(count: list.account &+ 1)
    heads[list.account, list.place] = head
  }

  /// The only edge of a list, or its newest chunk and the address of that, which fills a line; the
  /// number is 0 for none.
  @inline(__always)
  func newest(list: EdgeList) -> (number: UInt32, isOnly: Bool, address: UInt) {
    let head = head(list)
    let number = head & ~Self.onlyBit
    return (number, head != number, chunks.address(number))
  }

  @inline(__always)
  func isEmpty(list: EdgeList) -> Bool { head(list) == 0 }

  /// Whether a list has chunks.
  @inline(__always)
  func hasChunks(list: EdgeList) -> Bool {
    let head = head(list)
    return head != 0 && head & Self.onlyBit == 0
  }

  /// The edge that a list without chunks consists of; 0 for any other list.
  @inline(__always)
  func only(list: EdgeList) -> UInt32 {
    let head = head(list)
    return head & Self.onlyBit != 0 ? head & ~Self.onlyBit : 0
  }

  /// Makes an edge all there is of a list, if it is empty.
  @inline(__always)
  mutating func startOnly(list: EdgeList, edge: UInt32) -> Bool {
    if head(list) != 0 { return false }
    setHead(list, Self.onlyBit | edge)
    return true
  }

  /// Takes the only edge out of its list.
  mutating func removeOnly(list: EdgeList) { setHead(list, 0) }

  /// Puts the only edge of a list into a chunk, which it returns, with the entry that comes next.
  mutating func makeChunk(list: EdgeList, _ only: EdgeEntry, and next: EdgeEntry) -> UInt32 {
    let chunk = chunks.allocate()
    setHead(list, chunk)
    let fields = chunks.block(chunk)
    fields.store(UInt64(0), Self.newerOffset)
    fields.store(2 as UInt32, Self.countOffset)
    let isLater = next.time >= only.time
    fields.store(isLater ? only.time : next.time, Self.timesOffset)
    fields.store(isLater ? next.time : only.time, Self.timesOffset + 8)
    fields.store(isLater ? only.neighbour : next.neighbour, Self.neighboursOffset)
    fields.store(isLater ? next.neighbour : only.neighbour, Self.neighboursOffset + 4)
    return chunk
  }

  /// Puts a neighbour at the end of the newest chunk of a list and gives the chunk, if the list has
  /// chunks, the newest has room, and no entry is later; 0 if not.
  @inline(__always)
  mutating func append(list: EdgeList, neighbour: UInt32, time: Int64) -> UInt32 {
    let chunk = head(list)
    if chunk == 0 || chunk & Self.onlyBit != 0 { return 0 }
    let fields = chunks.block(chunk)
    let count = fields.load(Self.countOffset, as: UInt32.self)
    // One that is empty or full: as one number less.
    if count &- 1 >= Self.chunkEntries &- 1 { return 0 }
    let last = Self.timesOffset &+ Int(8 &* (count &- 1))
    if fields.load(last, as: Int64.self) > time { return 0 }
    fields.store(time, last &+ 8)
    fields.store(neighbour, Self.neighboursOffset &+ Int(4 &* count))
    fields.store(count &+ 1, Self.countOffset)
    return chunk
  }

  /// A cursor before the newest entry of a list that is empty or has chunks.
  @inline(__always)
  func cursor(list: EdgeList) -> EdgeCursor {
    guard hasChunks(list: list) else { return EdgeCursor() }
    return EdgeCursor(chunk: head(list), left: count(head(list)))
  }

  /// The next entry in the chunks of a list whose latest use is after `liveAfter`; its neighbour is
  /// 0 when there is none.
  @inline(__always)
  func nextEntry(_ cursor: inout EdgeCursor, liveAfter: Int64) -> EdgeEntry {
    if cursor.left == 0 {
      guard cursor.chunk != 0 else { return EdgeEntry() }
      cursor.chunk = older(cursor.chunk)
      guard cursor.chunk != 0 else { return EdgeEntry() }
      cursor.left = count(cursor.chunk)
    }
    cursor.left -= 1
    let time = time(cursor.chunk, cursor.left)
    guard time > liveAfter else {
      cursor = EdgeCursor()
      return EdgeEntry()
    }
    return EdgeEntry(neighbour: neighbour(cursor.chunk, cursor.left), time: time)
  }

  /// Gives the list's newest entry a later time, if it is this neighbour's.
  mutating func refreshNewest(list: EdgeList, chunk: UInt32, neighbour: UInt32, time: Int64) -> Bool
  {
    guard head(list) == chunk else { return false }
    let last = count(chunk) - 1
    guard self.neighbour(chunk, last) == neighbour else { return false }
    setTime(chunk, last, time)
    return true
  }

  /// Puts a neighbour before all entries of a list with chunks that are not later than it.
  ///
  /// *Complexity*: the chunks of later entries, none when the time is the latest.
  mutating func insert(list: EdgeList, neighbour: UInt32, time: Int64) -> EdgePlacement {
    var chunk = head(list)
    while self.time(chunk, 0) > time, older(chunk) != 0 { chunk = older(chunk) }
    let count = count(chunk)
    var index = count
    while index > 0 && self.time(chunk, index - 1) > time { index -= 1 }
    if count < Self.chunkEntries {
      insert(chunk, index, neighbour, time)
      return EdgePlacement(chunk: chunk)
    }
    let newer = newer(chunk)
    if index == count {
      if newer != 0 && self.count(newer) < Self.chunkEntries {
        insert(newer, 0, neighbour, time)
        return EdgePlacement(chunk: newer)
      }
      return EdgePlacement(chunk: single(list, newer: newer, older: chunk, neighbour, time))
    }
    return split(list, chunk, at: index, neighbour, time)
  }

  /// Removes a neighbour's entry from the chunk it lies in.
  ///
  /// *Traps* when the chunk does not hold it.
  mutating func remove(list: EdgeList, chunk: UInt32, neighbour: UInt32) -> EdgePlacement {
    let count = count(chunk)
    var index: UInt32 = 0
    while self.neighbour(chunk, index) != neighbour {
      index += 1
      precondition(index < count, "no such neighbour in the chunk")
    }
    removeEntry(chunk, index)
    if count == 1 {
      unlink(list, chunk)
      return EdgePlacement()
    }
    let newer = newer(chunk)
    if newer != 0 && self.count(newer) + count - 1 < Self.chunkEntries {
      return merge(list, newer: newer, older: chunk)
    }
    let older = older(chunk)
    if older != 0 && self.count(older) + count - 1 < Self.chunkEntries {
      return merge(list, newer: chunk, older: older)
    }
    return EdgePlacement()
  }

  // MARK: Chunks of a list

  /// Makes a chunk of one entry between two others.
  private mutating func single(
    _ list: EdgeList, newer: UInt32, older: UInt32, _ neighbour: UInt32, _ time: Int64
  ) -> UInt32 {
    let chunk = chunks.allocate()
    chunks.store(newer, chunk, Self.newerOffset)
    chunks.store(older, chunk, Self.olderOffset)
    chunks.store(UInt32(0), chunk, Self.countOffset)
    connect(list, newer: newer, to: chunk)
    if older != 0 { chunks.store(chunk, older, Self.newerOffset) }
    insert(chunk, 0, neighbour, time)
    return chunk
  }

  /// Puts the newer half of a full chunk in a chunk of its own, then inserts where it belongs.
  private mutating func split(
    _ list: EdgeList, _ chunk: UInt32, at index: UInt32, _ neighbour: UInt32, _ time: Int64
  ) -> EdgePlacement {
    let third = (self.neighbour(chunk, 2), self.time(chunk, 2))
    let fourth = (self.neighbour(chunk, 3), self.time(chunk, 3))
    chunks.store(UInt32(2), chunk, Self.countOffset)
    let half = single(list, newer: newer(chunk), older: chunk, third.0, third.1)
    insert(half, 1, fourth.0, fourth.1)
    let target = index <= 2 ? chunk : half
    insert(target, index <= 2 ? index : index - 2, neighbour, time)
    return EdgePlacement(chunk: target, moved: (third.0, fourth.0), movedTo: half)
  }

  /// Makes one of two neighbouring chunks that together hold at most three entries: at least one of
  /// them has a single entry, which moves.
  private mutating func merge(_ list: EdgeList, newer: UInt32, older: UInt32) -> EdgePlacement {
    let olderMoves = count(older) == 1
    let (source, target) = olderMoves ? (older, newer) : (newer, older)
    let moving = neighbour(source, 0)
    insert(target, olderMoves ? 0 : count(target), moving, time(source, 0))
    unlink(list, source)
    return EdgePlacement(moved: (moving, 0), movedTo: target)
  }

  private mutating func unlink(_ list: EdgeList, _ chunk: UInt32) {
    let newer = newer(chunk)
    let older = older(chunk)
    connect(list, newer: newer, to: older)
    if older != 0 { chunks.store(newer, older, Self.newerOffset) }
    chunks.free(chunk)
  }

  private mutating func connect(_ list: EdgeList, newer: UInt32, to chunk: UInt32) {
    if newer == 0 { setHead(list, chunk) } else { chunks.store(chunk, newer, Self.olderOffset) }
  }

  // MARK: Entries of a chunk

  private mutating func insert(
    _ chunk: UInt32, _ index: UInt32, _ neighbour: UInt32, _ time: Int64
  ) {
    let count = count(chunk)
    var place = count
    while place > index {
      copyEntry(chunk, from: place - 1, to: place)
      place -= 1
    }
    setTime(chunk, index, time)
    chunks.store(neighbour, chunk, Self.neighboursOffset + Int(4 * index))
    chunks.store(count + 1, chunk, Self.countOffset)
  }

  private mutating func removeEntry(_ chunk: UInt32, _ index: UInt32) {
    let count = count(chunk)
    var place = index
    while place + 1 < count {
      copyEntry(chunk, from: place + 1, to: place)
      place += 1
    }
    chunks.store(count - 1, chunk, Self.countOffset)
  }

  private mutating func copyEntry(_ chunk: UInt32, from source: UInt32, to target: UInt32) {
    setTime(chunk, target, time(chunk, source))
    chunks.store(neighbour(chunk, source), chunk, Self.neighboursOffset + Int(4 * target))
  }

  @inline(__always)
  private func newer(_ chunk: UInt32) -> UInt32 {
    chunks.load(chunk, Self.newerOffset, as: UInt32.self)
  }

  @inline(__always)
  private func older(_ chunk: UInt32) -> UInt32 {
    chunks.load(chunk, Self.olderOffset, as: UInt32.self)
  }

  @inline(__always)
  private func count(_ chunk: UInt32) -> UInt32 {
    chunks.load(chunk, Self.countOffset, as: UInt32.self)
  }

  @inline(__always)
  private func time(_ chunk: UInt32, _ index: UInt32) -> Int64 {
    chunks.load(chunk, Self.timesOffset + Int(8 * index), as: Int64.self)
  }

  @inline(__always)
  private mutating func setTime(_ chunk: UInt32, _ index: UInt32, _ time: Int64) {
    chunks.store(time, chunk, Self.timesOffset + Int(8 * index))
  }

  @inline(__always)
  private func neighbour(_ chunk: UInt32, _ index: UInt32) -> UInt32 {
    chunks.load(chunk, Self.neighboursOffset + Int(4 * index), as: UInt32.self)
  }
}

extension EdgeLists {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    if let own { try own.transfer(&archive) }
    try chunks.transfer(&archive)
  }
}
