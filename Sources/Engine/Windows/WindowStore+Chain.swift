/// A place in the chain of chunks of one key; chunk 0 is past either end.
struct EntryPosition: Equatable {
  var chunk: UInt32
  var index: Int
}

// The chain of chunks of one key, and the cursors into it.
extension WindowStore {
  @inline(__always)
  func time(_ position: EntryPosition) -> Int64 {
    chunks.load(position.chunk, layout.time(position.index), as: Int64.self)
  }

  @inline(__always)
  func sum(_ column: Int, _ position: EntryPosition) -> Int64 {
    chunks.load(position.chunk, layout.sum(column, position.index), as: Int64.self)
  }

  @inline(__always)
  func distinct(_ column: Int, _ position: EntryPosition) -> UInt32 {
    chunks.load(position.chunk, layout.distinct(column, position.index), as: UInt32.self)
  }

  @inline(__always)
  func entryCount(_ chunk: UInt32) -> Int {
    Int(chunks.load(chunk, WindowLayout.chunkCount, as: UInt32.self))
  }

  @inline(__always)
  mutating func setEntryCount(_ chunk: UInt32, _ count: Int) {
    chunks.store(UInt32(truncatingIfNeeded: count), chunk, WindowLayout.chunkCount)
  }

  @inline(__always)
  func next(_ chunk: UInt32) -> UInt32 {
    chunks.load(chunk, WindowLayout.chunkNext, as: UInt32.self)
  }

  @inline(__always)
  func previous(_ chunk: UInt32) -> UInt32 {
    chunks.load(chunk, WindowLayout.chunkPrevious, as: UInt32.self)
  }

  /// The place of the newest entry.
  @inline(__always)
  func newest(_ state: UInt32) -> EntryPosition {
    end(of: states.load(state, WindowLayout.stateLast, as: UInt32.self))
  }

  /// The place before another.
  @inline(__always)
  func before(_ position: EntryPosition) -> EntryPosition {
    if position.index > 0 {
      return EntryPosition(chunk: position.chunk, index: position.index &- 1)
    }
    return end(of: previous(position.chunk))
  }

  @inline(__always)
  private func end(of chunk: UInt32) -> EntryPosition {
    EntryPosition(chunk: chunk, index: chunk == 0 ? 0 : entryCount(chunk) &- 1)
  }

  // MARK: Cursors

  /// The first entry a cursor counts; chunk 0 when it counts none.
  @inline(__always)
  func cursorPosition(_ state: UInt32, _ window: Int) -> EntryPosition {
    cursorPosition(states.block(state), layout.cursor(window))
  }

  /// The same where state and cursor are at hand.
  @inline(__always)
  func cursorPosition(_ state: Fields, _ cursor: Int) -> EntryPosition {
    EntryPosition(
      chunk: state.load(cursor &+ WindowLayout.cursorChunk, as: UInt32.self),
      index: Int(state.load(cursor &+ WindowLayout.cursorIndex, as: UInt32.self)))
  }

  @inline(__always)
  mutating func setCursorPosition(_ state: UInt32, _ window: Int, _ position: EntryPosition) {
    setCursorPosition(states.block(state), layout.cursor(window), position)
  }

  /// The same where state and cursor are at hand.
  @inline(__always)
  func setCursorPosition(_ state: Fields, _ cursor: Int, _ position: EntryPosition) {
    state.store(position.chunk, cursor &+ WindowLayout.cursorChunk)
    state.store(
      UInt32(truncatingIfNeeded: position.index), cursor &+ WindowLayout.cursorIndex)
  }

  /// The newest entry a cursor no longer counts.
  func beforeCursor(_ state: UInt32, _ window: Int) -> EntryPosition {
    let position = cursorPosition(state, window)
    return position.chunk == 0 ? newest(state) : before(position)
  }

  @inline(__always)
  func cursorBound(_ state: UInt32, _ window: Int) -> Int64 {
    states.load(state, layout.cursor(window) &+ WindowLayout.cursorBound, as: Int64.self)
  }

  @inline(__always)
  func cursorCount(_ state: UInt32, _ window: Int) -> UInt32 {
    states.load(state, layout.cursor(window) &+ WindowLayout.cursorCount, as: UInt32.self)
  }

  @inline(__always)
  mutating func setCursorCount(_ state: UInt32, _ window: Int, _ count: UInt32) {
    states.store(count, state, layout.cursor(window) &+ WindowLayout.cursorCount)
  }

  @inline(__always)
  func cursorSum(_ state: UInt32, _ window: Int, _ column: Int) -> Int128 {
    states.load(state, layout.cursor(window) &+ layout.cursorSum(column), as: Int128.self)
  }

  @inline(__always)
  mutating func setCursorSum(_ state: UInt32, _ window: Int, _ column: Int, _ sum: Int128) {
    states.store(sum, state, layout.cursor(window) &+ layout.cursorSum(column))
  }

  @inline(__always)
  func cursorDistinct(_ state: UInt32, _ window: Int, _ column: Int) -> UInt32 {
    states.load(state, layout.cursor(window) &+ layout.cursorDistinct(column), as: UInt32.self)
  }

  @inline(__always)
  mutating func setCursorDistinct(
    _ state: UInt32, _ window: Int, _ column: Int, _ distinct: UInt32
  ) {
    states.store(distinct, state, layout.cursor(window) &+ layout.cursorDistinct(column))
  }

  /// Whether the distinct values of a key are counted in `pairs`.
  @inline(__always)
  func isIndexed(_ state: UInt32) -> Bool {
    states.load(state, WindowLayout.stateIndexed, as: UInt32.self) & 1 != 0
  }

  /// Moves a cursor past the entries up to `bound`, which is not below its own.
  @inline(__always)
  mutating func advance(_ state: UInt32, _ key: UInt32, _ window: Int, to bound: Int64) {
    states.store(bound, state, layout.cursor(window) &+ WindowLayout.cursorBound)
    let position = cursorPosition(state, window)
    if position.chunk != 0 && time(position) <= bound {
      expire(state, key, window, from: position, to: bound)
    }
  }

  private mutating func expire(
    _ state: UInt32, _ key: UInt32, _ window: Int, from start: EntryPosition, to bound: Int64
  ) {
    var position = start
    var count = cursorCount(state, window)
    let isIndexed = layout.distinctCount > 0 && isIndexed(state)
    while position.chunk != 0 && time(position) <= bound {
      count -= 1
      for column in 0..<layout.sumCount {
        let sum = cursorSum(state, window, column)
        setCursorSum(state, window, column, sum - Int128(self.sum(column, position)))
      }
      if isIndexed {
        for column in 0..<layout.distinctCount {
          uncount(distinct(column, position), state, key, window, column)
        }
      }
      position.index += 1
      if position.index == entryCount(position.chunk) {
        position = EntryPosition(chunk: next(position.chunk), index: 0)
      }
    }
    setCursorCount(state, window, count)
    setCursorPosition(state, window, position)
  }
}
