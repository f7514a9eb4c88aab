internal import Model
internal import Program

// Keys with few entries, which most are: one chunk holds them all, and a question looks through
// it. There is no state to keep, for a moment is as good as any other. What a full chunk cannot
// hold goes on in a chain with cursors, of which this chunk is the first.
extension WindowStore {
  /// Puts the lone entry of a key, which lies in its record, and the entry pushed last in a chunk.
  @inline(__always)
  mutating func makeFew(_ key: UInt32, _ single: Int64, _ time: Int64) -> UInt32 {
    let chunk = chunks.allocate()
    chunks.store(0 as UInt64, chunk, WindowLayout.chunkPrevious)
    setEntryCount(chunk, 2)
    let isLate = time < single
    place(single, columnsOf: key, at: EntryPosition(chunk: chunk, index: isLate ? 1 : 0))
    place(time, columnsOf: 0, at: EntryPosition(chunk: chunk, index: isLate ? 0 : 1))
    return chunk
  }

  /// Adds the entry pushed last to a chunk that is all its key has; gives whether there was room,
  /// which entries that no question can count make.
  @inline(__always)
  mutating func pushFew(_ chunk: UInt32, _ time: Int64, _ bound: Int64) -> Bool {
    var count = entryCount(chunk)
    if count == layout.chunkEntries {
      count = forgets ? forgetFew(chunk, bound) : count
      if count == layout.chunkEntries { return false }
    }
    var index = count
    while index > 0 && self.time(EntryPosition(chunk: chunk, index: index &- 1)) > time {
      index &-= 1
    }
    if index < count {
      moveEntries(from: chunk, index, to: chunk, index + 1, count: count - index)
    }
    setEntryCount(chunk, count &+ 1)
    place(time, columnsOf: 0, at: EntryPosition(chunk: chunk, index: index))
    return true
  }

  /// Lets go of the entries of a full chunk that no question can count; gives how many stay.
  private mutating func forgetFew(_ chunk: UInt32, _ bound: Int64) -> Int {
    let count = entryCount(chunk)
    var old = 0
    while old < count && time(EntryPosition(chunk: chunk, index: old)) <= bound { old += 1 }
    guard old > 0 else { return count }
    moveEntries(from: chunk, old, to: chunk, 0, count: count - old)
    setEntryCount(chunk, count - old)
    return count - old
  }

  /// A state whose chain is this chunk, and whose cursors count all that is in it.
  @inline(never)
  mutating func makeState(from chunk: UInt32) -> UInt32 {
    let state = makeState()
    let count = entryCount(chunk)
    states.store(chunk, state, WindowLayout.stateFirst)
    states.store(chunk, state, WindowLayout.stateLast)
    states.store(
      time(EntryPosition(chunk: chunk, index: count - 1)), state, WindowLayout.stateLastTime)
    states.store(UInt32(count), state, WindowLayout.stateEntries)
    for window in 0..<layout.windowCount {
      setCursorCount(state, window, UInt32(count))
      setCursorPosition(state, window, EntryPosition(chunk: chunk, index: 0))
    }
    for column in 0..<layout.sumCount {
      var total: Int128 = 0
      for index in 0..<count {
        total += Int128(sum(column, EntryPosition(chunk: chunk, index: index)))
      }
      for window in 0..<layout.windowCount { setCursorSum(state, window, column, total) }
    }
    return state
  }

  /// An aggregate over some entries of a lone chunk, without the entry pushed last, which is one of
  /// them, when it `excludes` that.
  @inline(__always)
  func readFew(
    _ chunk: UInt32, _ entries: Range<Int>, _ aggregate: Aggregate, excludes: Bool
  ) -> SignalValue {
    switch aggregate {
    case .count:
      return .int(Int64(entries.count) &- (excludes ? 1 : 0))
    case .sum(let column):
      var total: Int128 = excludes ? -Int128(recordSum(0, column)) : 0
      for index in entries {
        total &+= Int128(sum(column, EntryPosition(chunk: chunk, index: index)))
      }
      return Self.sumValue(total)
    case .distinct(let column):
      let excluded = excludes ? recordDistinct(0, column) : 0
      return .distinct(fewDistinct(chunk, entries, column, excluded: excluded))
    }
  }

  /// Distinct values among some entries of a lone chunk: one is counted where it comes first.
  @inline(__always)
  func fewDistinct(
    _ chunk: UInt32, _ entries: Range<Int>, _ column: Int, excluded: UInt32
  ) -> Int {
    var found = 0
    var excludedCount = 0
    var bits = ValueBits()
    for index in entries {
      let value = distinct(column, EntryPosition(chunk: chunk, index: index))
      if value == 0 { continue }
      if value == excluded { excludedCount &+= 1 }
      if bits.insert(value) && isAmong(value, chunk, entries.lowerBound..<index, column) {
        continue
      }
      found &+= 1
    }
    return excludedCount == 1 ? found &- 1 : found
  }

  @inline(__always)
  private func isAmong(
    _ value: UInt32, _ chunk: UInt32, _ entries: Range<Int>, _ column: Int
  ) -> Bool {
    for index in entries
    where distinct(column, EntryPosition(chunk: chunk, index: index)) == value {
      return true
    }
    return false
  }

  /// Which entries of a chunk lie in (bound, time].
  @inline(__always)
  func entries(_ chunk: UInt32, above bound: Int64, through time: Int64) -> Range<Int> {
    var end = entryCount(chunk)
    while end > 0 && self.time(EntryPosition(chunk: chunk, index: end &- 1)) > time { end &-= 1 }
    var start = end
    while start > 0 && self.time(EntryPosition(chunk: chunk, index: start &- 1)) > bound {
      start &-= 1
    }
    return start..<end
  }
}
