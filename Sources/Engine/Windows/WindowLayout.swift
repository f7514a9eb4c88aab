internal import CColumns
internal import Program

/// Where things lie in the records, chunks and states of one event list.
///
/// *Shape of a record*, one per key: a word, the summed columns (8 bytes each), the distinct
/// columns (4 bytes each). *Of a chunk*: links and count in 16 bytes, then the times, then column
/// after column.
/// *Of a state*: the list in 24 bytes, then one cursor per window.
struct WindowLayout: Sendable {
  let windowCount: Int
  let sumCount: Int
  let distinctCount: Int
  /// Bytes of the record of one key, which holds a lone entry by itself.
  let recordBytes: Int
  /// Bytes of a chunk, a multiple of a cache line.
  let chunkBytes: Int
  /// Entries that fit a chunk.
  let chunkEntries: Int
  /// Bytes of the state of a key with more entries than a chunk: whole cache lines where that
  /// takes little more, for a state that straddles them is one more line to wait for.
  let stateBytes: Int
  let cursorBytes: Int
  /// Where the distinct columns of a record begin, and those of a chunk.
  private let recordDistincts: Int
  private let chunkDistincts: Int

  init(plan: EventListPlan) {
    windowCount = plan.windows.count
    sumCount = plan.sumColumns
    distinctCount = plan.distinctColumns.count
    let entryBytes = 8 + 8 * sumCount + 4 * distinctCount
    recordDistincts = 8 + 8 * sumCount
    recordBytes = Self.roundedUp(entryBytes, to: 8)
    chunkBytes = Self.roundedUp(Self.chunkTimes + Self.leastEntries * entryBytes, to: 64)
    chunkEntries = (chunkBytes - Self.chunkTimes) / entryBytes
    precondition(
      chunkEntries <= Int(distinctCount > 0 ? columns_few_values : columns_few),
      "more entries than are looked at together")
    chunkDistincts = Self.chunkTimes + 8 * chunkEntries * (sumCount + 1)
    cursorBytes = Self.roundedUp(20 + 4 * distinctCount, to: 8) + 16 * sumCount
    let bytes = Self.stateHeader + windowCount * cursorBytes
    let lines = Self.roundedUp(bytes, to: 64)
    stateBytes = 3 * (lines - bytes) <= bytes ? lines : bytes
  }

  // MARK: Record

  @inline(__always)
  func recordSum(_ column: Int) -> Int { 8 &+ 8 &* column }
  @inline(__always)
  func recordDistinct(_ column: Int) -> Int { recordDistincts &+ 4 &* column }

  // MARK: Chunk

  static let chunkPrevious = 0
  static let chunkNext = 4
  static let chunkCount = 8
  /// Where the times begin.
  static let chunkTimes = 16
  /// With fewer entries than this the links would outweigh them.
  private static let leastEntries = 3

  @inline(__always)
  func time(_ index: Int) -> Int { Self.chunkTimes &+ 8 &* index }
  @inline(__always)
  func sum(_ column: Int, _ index: Int) -> Int {
    Self.chunkTimes &+ 8 &* (chunkEntries &* (column &+ 1) &+ index)
  }
  @inline(__always)
  func distinct(_ column: Int, _ index: Int) -> Int {
    chunkDistincts &+ 4 &* (chunkEntries &* column &+ index)
  }

  // MARK: State

  static let stateFirst = 0
  static let stateLast = 4
  static let stateLastTime = 8
  static let stateEntries = 16
  /// Bit 0: whether distinct values are counted in `pairs`; bit 1: whether the key is becoming a
  /// hub; above them the number of the hub.
  static let stateIndexed = 20
  private static let stateHeader = 24

  // MARK: Cursor

  @inline(__always)
  func cursor(_ window: Int) -> Int { Self.stateHeader &+ window &* cursorBytes }

  /// Inside a cursor: every entry before it has at most this time, every other a greater one.
  static let cursorBound = 0
  /// Chunk of the first entry counted; 0 when none is.
  static let cursorChunk = 8
  static let cursorIndex = 12
  static let cursorCount = 16
  @inline(__always)
  func cursorDistinct(_ column: Int) -> Int { 20 &+ 4 &* column }
  @inline(__always)
  func cursorSum(_ column: Int) -> Int { cursorBytes &- 16 &* (sumCount &- column) }

  private static func roundedUp(_ bytes: Int, to multiple: Int) -> Int {
    (bytes + multiple - 1) / multiple * multiple
  }
}
