/// Where an unordered list of distinct dense numbers begins. Most identifiers have one account and
/// most accounts one value of each identifier, which the head names itself. 4 bytes.
struct AdjacencyHead: BitwiseCopyable {
  /// The only entry, the newest chunk with `chunkBit`, or 0 for an empty list.
  fileprivate var word: UInt32 = 0

  /// An empty list.
  init() {}

  /// A list of one entry.
  @inline(__always)
  init(only entry: UInt32) { word = entry }

  /// No list, but what stands for that of a value with too many accounts: no chunk has its number.
  static var hub: AdjacencyHead { AdjacencyHead(only: UInt32.max) }

  @inline(__always)
  var isHub: Bool { word == UInt32.max }

  @inline(__always)
  var isEmpty: Bool { word == 0 }

  /// Enters a value and an account, each in the list of the other, if both lists are empty and
  /// `other` is 0; 1 if it does not, and 0 if it does or the value is 0, which is none.
  ///
  /// Which of these it is, is as good as random: in numbers, so that no branch depends on it.
  @inline(__always)
  static func link(
    _ value: UInt32, _ account: UInt32, _ users: inout AdjacencyHead, _ used: inout AdjacencyHead,
    unless other: UInt32
  ) -> UInt64 {
    let isSome = isNotZero(value)
    let areTaken = isNotZero(users.word | used.word | other)
    // All bits where they are empty, and where there is a value.
    let areEmpty = UInt32(truncatingIfNeeded: areTaken &- 1)
    let some = UInt32(truncatingIfNeeded: 0 &- isSome)
    users.word |= account & some & areEmpty
    used.word |= value & areEmpty
    return isSome & areTaken
  }

  /// 0 for zero, and 1 for any other number.
  @inline(__always)
  private static func isNotZero(_ word: UInt32) -> UInt64 {
    (UInt64(word) &+ UInt64(UInt32.max)) >> 32
  }

  /// Makes a number all there is of the list, if it is empty.
  @inline(__always)
  mutating func start(_ entry: UInt32) -> Bool {
    if word != 0 { return false }
    word = entry
    return true
  }

  /// Whether there are at least two entries.
  @inline(__always)
  var hasChunk: Bool { word & Self.chunkBit != 0 }

  /// The entry of a list that has but one; 0 for any other.
  @inline(__always)
  var only: UInt32 { hasChunk ? 0 : word }

  /// Whether there are more entries than `shortEntries`.
  @inline(__always)
  var isLong: Bool { word & Self.largeBit != 0 }

  /// Entries of a small chunk.
  static let shortEntries = 3
  /// What tells the name of a chunk from an entry, and that of a large chunk from a small one.
  fileprivate static let chunkBit: UInt32 = 1 << 31
  fileprivate static let largeBit: UInt32 = 1 << 30
}

/// A place in a list, walked from the newest entry to the first.
struct AdjacencyCursor {
  /// Entries not yet given.
  fileprivate var left: UInt32 = 0
  /// The chunk of the next entry, or the entry, as a head names them.
  fileprivate var word: UInt32 = 0

  /// A cursor over an empty list.
  init() {}

  fileprivate init(left: UInt32, word: UInt32) {
    self.left = left
    self.word = word
  }
}

/// The chunks of many adjacency lists.
///
/// An only entry lies in the head, up to three in a chunk of 16 bytes, and each 14 after them in a
/// chunk of 64 bytes, which begins with the name of the next older one. So a list grows at its head
/// and the fill of every chunk follows from the length, which each chunk keeps as it was when it
/// was the newest.
struct AdjacencyPool: ~Copyable {
  private let inPlace = InPlace()
  private var small: BlockPool
  private var large: BlockPool

  /// Entries of a small chunk, and the number of the first entry that lies in a large one.
  private static let firstLarge = UInt32(AdjacencyHead.shortEntries)
  private static let largeEntries: UInt32 = 14
  private static let smallCountOffset = 0
  private static let olderOffset = 0
  private static let largeCountOffset = 4
  private static let firstLargeOffset = 8

  init() {
    small = BlockPool(blockBytes: 16, reservedBytes: Reservation.poolBytes)
    large = BlockPool(blockBytes: 64, reservedBytes: Reservation.poolBytes)
  }

  /// Bytes of chunks in use.
  var liveBytes: Int { small.liveBytes + large.liveBytes }

  /// Number of entries.
  @inline(__always)
  func count(_ head: AdjacencyHead) -> UInt32 {
    guard head.hasChunk else { return head.isEmpty ? 0 : 1 }
    return head.isLong
      ? large.load(Self.number(head.word), Self.largeCountOffset, as: UInt32.self)
      : small.load(Self.number(head.word), Self.smallCountOffset, as: UInt32.self)
  }

  /// Whether the chunks of a list can be looked at.
  func isThere(_ head: AdjacencyHead) -> Bool {
    if !head.hasChunk { return true }
    return head.isLong
      ? large.holds(Self.number(head.word)) : small.holds(Self.number(head.word))
  }

  /// The entry that was added last, or took the place of one that was removed; 0 for none.
  @inline(__always)
  func newest(_ head: AdjacencyHead) -> UInt32 {
    head.hasChunk ? load(head.word, count(head) - 1) : head.word
  }

  /// Adds a number that is not in the list; how many there are then.
  @discardableResult
  mutating func append(_ value: UInt32, to head: inout AdjacencyHead) -> UInt32 {
    if head.start(value) { return 1 }
    if !head.hasChunk { return beginSmall(value, &head) }
    let count = extend(value, head)
    return count == 0 ? beginLarge(value, &head) : count
  }

  /// Puts a number into the newest chunk of a list, if that has room; how many there are then, 0 if
  /// it has none.
  @inline(__always)
  private borrowing func extend(_ value: UInt32, _ head: AdjacencyHead) -> UInt32 {
    if head.isLong {
      let chunk = large.block(Self.number(head.word))
      let count = chunk.load(Self.largeCountOffset, as: UInt32.self)
      let offset = Self.offset(count)
      if offset == Self.firstLargeOffset { return 0 }
      chunk.store(value, offset)
      chunk.store(count &+ 1, Self.largeCountOffset)
      return count &+ 1
    }
    let chunk = small.block(Self.number(head.word))
    let count = chunk.load(Self.smallCountOffset, as: UInt32.self)
    if count == Self.firstLarge { return 0 }
    chunk.store(value, Self.offset(count))
    chunk.store(count &+ 1, Self.smallCountOffset)
    return count &+ 1
  }

  /// Puts the only entry of a list into a chunk, with another one.
  @inline(__always)
  private mutating func beginSmall(_ value: UInt32, _ head: inout AdjacencyHead) -> UInt32 {
    let number = small.allocate()
    let chunk = small.block(number)
    chunk.store(2 as UInt32, Self.smallCountOffset)
    chunk.store(head.word, Self.offset(0))
    chunk.store(value, Self.offset(1))
    head.word = number | AdjacencyHead.chunkBit
    return 2
  }

  /// Begins a large chunk for another entry of a list whose newest chunk is full.
  private mutating func beginLarge(_ value: UInt32, _ head: inout AdjacencyHead) -> UInt32 {
    let count = count(head)
    let number = large.allocate()
    let chunk = large.block(number)
    chunk.store(head.word, Self.olderOffset)
    chunk.store(count + 1, Self.largeCountOffset)
    chunk.store(value, Self.firstLargeOffset)
    head.word = number | AdjacencyHead.chunkBit | AdjacencyHead.largeBit
    return count + 1
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
    var chunk = cursor.word
    while true {
      let entry = next(&cursor)
      precondition(entry != 0, "no such entry in the adjacency list")
      if entry == value { break }
      chunk = cursor.word
    }
    let hole = cursor.left
    let last = removeLast(from: &head)
    guard last != value else { return }
    if head.hasChunk { store(last, chunk, hole) } else { head.word = last }
  }

  /// Empties a list and frees its chunks.
  mutating func clear(_ head: inout AdjacencyHead) {
    while !head.isEmpty { _ = removeLast(from: &head) }
  }

  /// Brings the newest chunk of a list nearer, if it has one.
  @inline(__always)
  func prefetch(_ head: AdjacencyHead, _ list: inout PrefetchList) {
    let number = Self.number(head.word)
    // In one line, whichever it is. In numbers, so that no branch depends on it.
    list.add(head.isLong ? large.address(number) : small.address(number), if: head.hasChunk)
  }

  /// A cursor before the newest entry.
  @inline(__always)
  func cursor(over head: AdjacencyHead) -> AdjacencyCursor {
    AdjacencyCursor(left: count(head), word: head.word)
  }

  /// The next older entry; 0 at the end.
  @inline(__always)
  func next(_ cursor: inout AdjacencyCursor) -> UInt32 {
    guard cursor.left > 0 else { return 0 }
    cursor.left -= 1
    let word = cursor.word
    guard word & AdjacencyHead.chunkBit != 0 else { return word }
    if Self.beginsLargeChunk(cursor.left) {
      cursor.word = large.load(Self.number(word), Self.olderOffset, as: UInt32.self)
    }
    return load(word, cursor.left)
  }

  private mutating func removeLast(from head: inout AdjacencyHead) -> UInt32 {
    let word = head.word
    guard head.hasChunk else {
      head.word = 0
      return word
    }
    let index = count(head) - 1
    let value = load(word, index)
    if index == 1 {
      head.word = load(word, 0)
      small.free(Self.number(word))
    } else if Self.beginsLargeChunk(index) {
      head.word = large.load(Self.number(word), Self.olderOffset, as: UInt32.self)
      large.free(Self.number(word))
    } else {
      setCount(index, word)
    }
    return value
  }

  @inline(__always)
  private func load(_ chunk: UInt32, _ index: UInt32) -> UInt32 {
    index < Self.firstLarge
      ? small.load(Self.number(chunk), Self.offset(index), as: UInt32.self)
      : large.load(Self.number(chunk), Self.offset(index), as: UInt32.self)
  }

  @inline(__always)
  private mutating func store(_ value: UInt32, _ chunk: UInt32, _ index: UInt32) {
    if index < Self.firstLarge {
      small.store(value, Self.number(chunk), Self.offset(index))
    } else {
      large.store(value, Self.number(chunk), Self.offset(index))
    }
  }

  @inline(__always)
  private mutating func setCount(_ count: UInt32, _ chunk: UInt32) {
    if chunk & AdjacencyHead.largeBit != 0 {
      large.store(count, Self.number(chunk), Self.largeCountOffset)
    } else {
      small.store(count, Self.number(chunk), Self.smallCountOffset)
    }
  }

  @inline(__always)
  private static func number(_ chunk: UInt32) -> UInt32 {
    chunk & ~(AdjacencyHead.chunkBit | AdjacencyHead.largeBit)
  }

  @inline(__always)
  private static func beginsLargeChunk(_ index: UInt32) -> Bool {
    index >= firstLarge && (index - firstLarge) % largeEntries == 0
  }

  @inline(__always)
  private static func offset(_ index: UInt32) -> Int {
    index < firstLarge
      ? Int(4 &+ 4 &* index)
      : firstLargeOffset &+ Int(4 &* ((index &- firstLarge) % largeEntries))
  }
}

extension AdjacencyPool {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try small.transfer(&archive)
    try large.transfer(&archive)
  }
}
