// Distinct counts. A key with few entries is scanned at each question; one with many has a count
// per (value, window) in `pairs`, so that a late entry, expiry and exclusion are all exact.
extension WindowStore {
  /// Up to this many entries scanning two or three chunks is cheaper than a table.
  static var scannedEntries: UInt32 { 16 }

  /// Adds the value of an entry to the windows of an indexed key whose cursors have not passed its
  /// time.
  @inline(__always)
  mutating func count(
    _ value: UInt32, _ state: UInt32, _ key: UInt32, _ time: Int64, _ column: Int
  ) {
    if value == 0 { return }
    var place: PairMap.Place?
    for window in 0..<layout.windowCount where time > cursorBound(state, window) {
      let found = place ?? pairs[column].reach(key: key, value: value)
      place = found
      if pairs[column].add(at: found, window: window) {
        setCursorDistinct(state, window, column, cursorDistinct(state, window, column) + 1)
      }
    }
  }

  /// Adds the value of the newest entry to all windows of an indexed key.
  @inline(__always)
  mutating func countNewest(
    _ value: UInt32, _ state: UInt32, _ key: UInt32, _ column: Int
  ) {
    if value == 0 { return }
    let place = pairs[column].reach(key: key, value: value)
    var window = 0
    var cursor = layout.cursor(0) &+ layout.cursorDistinct(column)
    while window < layout.windowCount {
      // Whether it is known there cannot be told ahead.
      let new: UInt32 = pairs[column].add(at: place, window: window) ? 1 : 0
      states.store(states.load(state, cursor, as: UInt32.self) &+ new, state, cursor)
      cursor &+= layout.cursorBytes
      window &+= 1
    }
  }

  /// Takes a value out of a window of an indexed key.
  @inline(__always)
  mutating func uncount(
    _ value: UInt32, _ state: UInt32, _ key: UInt32, _ window: Int, _ column: Int
  ) {
    if value != 0 && pairs[column].remove(key: key, value: value, window: window) {
      setCursorDistinct(state, window, column, cursorDistinct(state, window, column) - 1)
    }
  }

  /// Starts counting the values of a key that has become large.
  mutating func index(_ state: UInt32, _ key: UInt32) {
    let word = states.load(state, WindowLayout.stateIndexed, as: UInt32.self)
    states.store(word | 1, state, WindowLayout.stateIndexed)
    // Nobody has looked there for any of them yet.
    var position = newest(state)
    while position.chunk != 0 {
      for column in 0..<layout.distinctCount {
        pairs[column].prefetch(key: key, value: distinct(column, position))
      }
      position = before(position)
    }
    position = newest(state)
    while position.chunk != 0 {
      for column in 0..<layout.distinctCount {
        count(distinct(column, position), state, key, time(position), column)
      }
      position = before(position)
    }
  }

  /// Distinct values that the cursor of an indexed key counts.
  @inline(__always)
  func countedDistinct(
    _ state: UInt32, _ key: UInt32, _ window: Int, _ column: Int, excluded: UInt32
  ) -> Int {
    let distinct = Int(cursorDistinct(state, window, column))
    if excluded != 0 && pairs[column].count(key: key, value: excluded, window: window) == 1 {
      return distinct - 1
    }
    return distinct
  }

  /// Distinct values among the few entries in (bound, time]: one is counted where it comes last.
  @inline(__always)
  func scannedDistinct(
    _ state: UInt32, _ column: Int, bound: Int64, time: Int64, excluded: UInt32
  ) -> Int {
    var found = 0
    var excludedCount = 0
    var bits = ValueBits()
    let values = layout.distinct(column, 0)
    var number = states.load(state, WindowLayout.stateLast, as: UInt32.self)
    scan: while number != 0 {
      let chunk = chunks.block(number)
      var index = Int(chunk.load(WindowLayout.chunkCount, as: UInt32.self))
      while index > 0 {
        index &-= 1
        let entryTime = chunk.load(layout.time(index), as: Int64.self)
        if entryTime <= bound { break scan }
        let value = chunk.load(values &+ 4 &* index, as: UInt32.self)
        if value == 0 || entryTime > time { continue }
        if value == excluded { excludedCount &+= 1 }
        if bits.insert(value) {
          let place = EntryPosition(chunk: number, index: index)
          if comesLater(value, than: place, state, column, time) { continue }
        }
        found &+= 1
      }
      number = chunk.load(WindowLayout.chunkPrevious, as: UInt32.self)
    }
    return excludedCount == 1 ? found &- 1 : found
  }

  /// Distinct values among the last `count` entries of a key that is not indexed, without the very
  /// last of them.
  ///
  /// Which they are cannot be told ahead, so they are laid side by side and compared all at once.
  @inline(__always)
  func lastDistinct(_ state: UInt32, _ column: Int, _ count: Int, leavingOut last: Int) -> Int {
    var values = ScannedValues()
    var number = states.load(state, WindowLayout.stateLast, as: UInt32.self)
    var end = count
    while end > 0 {
      let chunk = chunks.block(number)
      let entries = Int(chunk.load(WindowLayout.chunkCount, as: UInt32.self))
      values.take(chunk, layout.distinct(column, entries), endingAt: end)
      number = chunk.load(WindowLayout.chunkPrevious, as: UInt32.self)
      end &-= entries
    }
    return values.distinct(count &- last)
  }

  /// Whether a value occurs behind a place in the chain, up to `time`.
  @inline(never)
  private func comesLater(
    _ value: UInt32, than place: EntryPosition, _ state: UInt32, _ column: Int, _ time: Int64
  ) -> Bool {
    var position = newest(state)
    while position != place {
      if distinct(column, position) == value && self.time(position) <= time { return true }
      position = before(position)
    }
    return false
  }

  /// Distinct values of an indexed key in (bound, time], where the cursor counts something else.
  ///
  /// Lends the counts to the question: takes out what is newer, puts in what the cursor has passed,
  /// and undoes both. If the question ends before the cursor begins, nothing of what the cursor
  /// counts is asked for, and key 0, which is no key, starts from none.
  mutating func walkedDistinct(
    _ state: UInt32, _ key: UInt32, _ window: Int, _ column: Int, bound: Int64, time: Int64,
    excluded: UInt32
  ) -> Int {
    let overlaps = time >= cursorBound(state, window)
    let lender = overlaps ? key : 0
    let passed = beforeCursor(state, window)
    let newest = newest(state)
    var distinct = 0
    if overlaps {
      distinct = Int(cursorDistinct(state, window, column))
      distinct += recount(lender, window, column, newest, time, Int64.max, adding: false)
    }
    distinct += recount(lender, window, column, passed, bound, time, adding: true)
    if excluded != 0 && pairs[column].count(key: lender, value: excluded, window: window) == 1 {
      distinct -= 1
    }
    _ = recount(lender, window, column, passed, bound, time, adding: false)
    if overlaps {
      _ = recount(lender, window, column, newest, time, Int64.max, adding: true)
    }
    return distinct
  }

  /// Walks back over the entries newer than `bound` and counts or uncounts those up to `time`;
  /// gives the change of the number of distinct values.
  private mutating func recount(
    _ lender: UInt32, _ window: Int, _ column: Int, _ start: EntryPosition, _ bound: Int64,
    _ time: Int64, adding: Bool
  ) -> Int {
    var change = 0
    var position = start
    while position.chunk != 0 && self.time(position) > bound {
      let value = self.time(position) <= time ? distinct(column, position) : 0
      position = before(position)
      if value == 0 { continue }
      if adding {
        if pairs[column].add(key: lender, value: value, window: window) { change += 1 }
      } else {
        if pairs[column].remove(key: lender, value: value, window: window) { change -= 1 }
      }
    }
    return change
  }
}

/// A bit for each value of a few, which some others share: most need no look at those before.
struct ValueBits {
  private var bits: UInt64 = 0

  /// Notes a value; whether it, or one that shares its bit, was noted before.
  @inline(__always)
  mutating func insert(_ value: UInt32) -> Bool {
    let bit = 1 as UInt64 &<< UInt64(value)
    let isKnown = bits & bit != 0
    bits |= bit
    return isKnown
  }
}
