internal import Model
internal import Program

// Keys with few entries, which most are: one chunk holds them all, and a question looks through
// it. There is no state to keep, for a moment is as good as any other. What a full chunk cannot
// hold goes on in a chain with cursors, of which this chunk is the first.
extension WindowStore {
  /// Puts the lone entry of a key, which lies in its record, and the entry pushed last in a chunk.
  @inline(__always)
  mutating func makeFew(_ key: UInt32, _ single: Int64, _ time: Int64) -> UInt32 {
    let number = chunks.allocate()
    let chunk = chunks.block(number)
    let (record, pushed) = (records.record(Int(key)), records.record(0))
    if time < single {
      placeTwo(time, pushed, single, record, in: chunk)
    } else {
      placeTwo(single, record, time, pushed, in: chunk)
    }
    return number
  }

  /// Makes a chunk of two entries in their order, each with the record its columns lie in.
  @inline(__always)
  func placeTwo(
    _ firstTime: Int64, _ first: Fields, _ secondTime: Int64, _ second: Fields, in chunk: Fields
  ) {
    chunk.store(0 as UInt64, WindowLayout.chunkPrevious)
    chunk.store(2 as UInt32, WindowLayout.chunkCount)
    chunk.store(firstTime, layout.time(0))
    chunk.store(secondTime, layout.time(1))
    if layout.sumCount > 0 {
      let column = layout.recordSum(0)
      chunk.store(first.load(column, as: Int64.self), layout.sum(0, 0))
      chunk.store(second.load(column, as: Int64.self), layout.sum(0, 1))
    }
    if layout.distinctCount > 0 {
      let column = layout.recordDistinct(0)
      chunk.store(first.load(column, as: UInt32.self), layout.distinct(0, 0))
      chunk.store(second.load(column, as: UInt32.self), layout.distinct(0, 1))
    }
    // Most lists have no more.
    if max(layout.sumCount, layout.distinctCount) > 1 {
      placeOthers(columnsOf: first, in: chunk, at: 0)
      placeOthers(columnsOf: second, in: chunk, at: 1)
    }
  }

  /// Stores an entry, whose columns lie in a record, in a chunk.
  @inline(__always)
  func place(_ time: Int64, columnsOf record: Fields, in chunk: Fields, at index: Int) {
    chunk.store(time, layout.time(index))
    if layout.sumCount > 0 {
      chunk.store(record.load(layout.recordSum(0), as: Int64.self), layout.sum(0, index))
    }
    if layout.distinctCount > 0 {
      chunk.store(
        record.load(layout.recordDistinct(0), as: UInt32.self), layout.distinct(0, index))
    }
    // Most lists have no more.
    if max(layout.sumCount, layout.distinctCount) > 1 {
      placeOthers(columnsOf: record, in: chunk, at: index)
    }
  }

  /// Stores the columns after the first of each kind.
  @inline(never)
  private func placeOthers(columnsOf record: Fields, in chunk: Fields, at index: Int) {
    var column = 1
    while column < layout.sumCount {
      chunk.store(record.load(layout.recordSum(column), as: Int64.self), layout.sum(column, index))
      column &+= 1
    }
    column = 1
    while column < layout.distinctCount {
      chunk.store(
        record.load(layout.recordDistinct(column), as: UInt32.self),
        layout.distinct(column, index))
      column &+= 1
    }
  }

  /// Adds the entry pushed last to a chunk that is all its key has; gives whether there was room,
  /// which entries that no question can count make.
  @inline(__always)
  mutating func pushFew(_ number: UInt32, _ time: Int64, _ bound: Int64) -> Bool {
    var count = entryCount(number)
    if count == layout.chunkEntries {
      count = forgets ? forgetFew(number, bound) : count
      if count == layout.chunkEntries { return false }
    }
    var index = count
    if count > 0 && self.time(EntryPosition(chunk: number, index: count &- 1)) > time {
      index = makeRoom(in: number, count, time)
    }
    let chunk = chunks.block(number)
    chunk.store(UInt32(truncatingIfNeeded: count &+ 1), WindowLayout.chunkCount)
    place(time, columnsOf: records.record(0), in: chunk, at: index)
    return true
  }

  /// Moves the entries of a chunk that are newer than a late one, for which it has room; gives the
  /// place of that.
  @inline(never)
  private mutating func makeRoom(in number: UInt32, _ count: Int, _ time: Int64) -> Int {
    let index = chunks.block(number).firstEntry(above: time, before: count)
    moveEntries(from: number, index, to: number, index + 1, count: count - index)
    return index
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
    _ number: UInt32, _ entries: Range<Int>, _ aggregate: Aggregate, excludes: Bool
  ) -> SignalValue {
    let chunk = chunks.block(number)
    let (start, end) = (entries.lowerBound, entries.upperBound)
    switch aggregate {
    case .count:
      return .int(Int64(entries.count) &- (excludes ? 1 : 0))
    case .sum(let column):
      let total = chunk.total(
        layout.sum(column, 0), start, end, less: excludes ? recordSum(0, column) : 0)
      return total.map { .int($0) } ?? .error(.overflow)
    case .distinct(let column):
      let excluded = excludes ? recordDistinct(0, column) : 0
      return .distinct(
        chunk.distinctValues(layout.distinct(column, 0), start, end, excluded: excluded))
    }
  }

  /// Which entries of a chunk lie in (bound, time].
  @inline(__always)
  func entries(_ chunk: UInt32, above bound: Int64, through time: Int64) -> Range<Int> {
    let all = chunks.block(chunk)
    let end = all.firstEntry(above: time, before: entryCount(chunk))
    return all.firstEntry(above: bound, before: end)..<end
  }
}

extension Fields {
  /// Where the entries of a chunk begin that are newer than `bound`, among those before `end`.
  @inline(__always)
  func firstEntry(above bound: Int64, before end: Int) -> Int {
    var start = end
    while start != 0 && load(WindowLayout.chunkTimes &+ 8 &* (start &- 1), as: Int64.self) > bound {
      start &-= 1
    }
    return start
  }

  /// The sum of a column, which begins at `sums`, over the entries of a chunk from `start` to
  /// before `end`, without `less`; nil when it leaves 64 bits.
  @inline(__always)
  func total(_ sums: Int, _ start: Int, _ end: Int, less: Int64) -> Int64? {
    var total: Int64 = 0
    var index = start
    while index < end {
      let sum = load(sums &+ 8 &* index, as: Int64.self)
      let (next, overflows) = total.addingReportingOverflow(sum)
      if overflows { return wideTotal(sums, start, end, less: less) }
      total = next
      index &+= 1
    }
    let (rest, overflows) = total.subtractingReportingOverflow(less)
    return overflows ? wideTotal(sums, start, end, less: less) : rest
  }

  /// The same where it may leave 64 bits on the way.
  @inline(never)
  func wideTotal(_ sums: Int, _ start: Int, _ end: Int, less: Int64) -> Int64? {
    var total = -Int128(less)
    for index in start..<end { total &+= Int128(load(sums &+ 8 &* index, as: Int64.self)) }
    return Int64(exactly: total)
  }

  /// Distinct values of a column, which begins at `values`, among such entries, without one
  /// occurrence of `excluded` unless that is 0: one is counted where it comes first.
  @inline(__always)
  func distinctValues(_ values: Int, _ start: Int, _ end: Int, excluded: UInt32) -> Int {
    var found = 0
    var excludedCount = 0
    var bits = ValueBits()
    var place = values &+ 4 &* start
    let last = values &+ 4 &* end
    while place < last {
      let value = load(place, as: UInt32.self)
      place &+= 4
      if value == 0 { continue }
      if value == excluded { excludedCount &+= 1 }
      if bits.insert(value) && isAmong(value, values &+ 4 &* start, place &- 4) { continue }
      found &+= 1
    }
    return excludedCount == 1 ? found &- 1 : found
  }

  /// Whether a value lies between two places.
  @inline(__always)
  private func isAmong(_ value: UInt32, _ start: Int, _ end: Int) -> Bool {
    var place = start
    while place < end {
      if load(place, as: UInt32.self) == value { return true }
      place &+= 4
    }
    return false
  }
}
