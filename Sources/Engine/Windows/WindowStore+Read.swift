internal import Model
package import Program

extension WindowStore {
  /// An aggregate over the entries of a key in (time − W, time], without those that came too late.
  ///
  /// Key 0 was never seen. `excludingLastPush` leaves out the entry pushed last, which was pushed
  /// for this key. *Complexity*: amortised constant when moments come in order; a moment before an
  /// earlier one walks over the entries between the two.
  /// *Traps* when the clock runs backwards or the entry to exclude belongs to another key.
  package mutating func read(
    key: UInt32, window: Int, aggregate: Aggregate, at time: Int64, clock: Int64,
    excludingLastPush: Bool
  ) -> SignalValue {
    if isFresh(for: key, at: time, clock: clock) {
      return readFresh(window, aggregate, excludes: excludingLastPush)
    }
    accept(clock: clock, time: time)
    if key == 0 { return .int(0) }
    precondition(!excludingLastPush || key == lastKey, "the last entry belongs to another key")
    let bound = lowerBound(window: window, time: time, clock: clock)
    let excludes = excludingLastPush && lastPushTime > bound && lastPushTime <= time
    switch content(key) {
    case .empty:
      return .int(0)
    case .single(let single):
      if excludes || single <= bound || single > time { return .int(0) }
      return readSingle(key, aggregate)
    case .few(let chunk, _):
      return readFew(
        chunk, entries(chunk, above: bound, through: time), aggregate, excludes: excludes)
    case .state(let state, _):
      if bound > cursorBound(state, window) { advance(state, key, window, to: bound) }
      switch aggregate {
      case .count:
        let total = total(state, window, nil, bound, time)
        return .int(Int64(truncatingIfNeeded: total) - (excludes ? 1 : 0))
      case .sum(let column):
        let total = total(state, window, column, bound, time)
        return Self.sumValue(total - (excludes ? Int128(recordSum(0, column)) : 0))
      case .distinct(let column):
        let excluded = excludes ? recordDistinct(0, column) : 0
        return .distinct(
          distinct(state, key, window, column, bound, time, excluded: excluded))
      }
    }
  }

  /// Whether a question is about the key and the moment of the entry pushed last, and that entry is
  /// the newest of all.
  @inline(__always)
  func isFresh(for key: UInt32, at time: Int64, clock: Int64) -> Bool {
    isFresh && key == lastKey && time == freshTime && clock == freshTime
  }

  /// As `read`, where the question is fresh.
  @inline(__always)
  private func readFresh(_ window: Int, _ aggregate: Aggregate, excludes: Bool) -> SignalValue {
    if freshChunk != 0 {
      let bound = lowerBound(window: window, time: freshTime, clock: freshTime)
      return readFew(
        freshChunk, entries(freshChunk, above: bound, through: freshTime), aggregate,
        excludes: excludes)
    }
    let state = freshState
    if state == 0 { return excludes ? .int(0) : readSingle(0, aggregate) }
    switch aggregate {
    case .count:
      return .int(Int64(cursorCount(state, window)) &- (excludes ? 1 : 0))
    case .sum(let column):
      let total = cursorSum(state, window, column)
      return Self.sumValue(excludes ? total - Int128(recordSum(0, column)) : total)
    case .distinct(let column):
      return .distinct(freshDistinct(state, window, column, excludes: excludes))
    }
  }

  /// The value of the only entry of a key.
  private func readSingle(_ key: UInt32, _ aggregate: Aggregate) -> SignalValue {
    switch aggregate {
    case .count: .int(1)
    case .sum(let column): .int(recordSum(key, column))
    case .distinct(let column): .int(recordDistinct(key, column) == 0 ? 0 : 1)
    }
  }

  /// Whether what the cursor counts is exactly what is asked for.
  @inline(__always)
  private func isAtCursor(_ state: UInt32, _ window: Int, _ bound: Int64, _ time: Int64) -> Bool {
    bound == cursorBound(state, window)
      && states.load(state, WindowLayout.stateLastTime, as: Int64.self) <= time
  }

  /// The sum of a column over the entries in (bound, time], or their number without a column.
  @inline(__always)
  private mutating func total(
    _ state: UInt32, _ window: Int, _ column: Int?, _ bound: Int64, _ time: Int64
  ) -> Int128 {
    if isAtCursor(state, window, bound, time) { return cursorTotal(state, window, column) }
    let hub = hub(state)
    if hub != 0 { return hubTotal(state, hub, window, column, bound, time) }
    return walkedTotal(state, window, column, bound, time)
  }

  @inline(__always)
  private func cursorTotal(_ state: UInt32, _ window: Int, _ column: Int?) -> Int128 {
    guard let column else { return Int128(cursorCount(state, window)) }
    return cursorSum(state, window, column)
  }

  /// The total where the cursor counts something else: without what is newer than the question,
  /// with what the cursor has passed.
  private func walkedTotal(
    _ state: UInt32, _ window: Int, _ column: Int?, _ bound: Int64, _ time: Int64
  ) -> Int128 {
    var total: Int128 = 0
    if time >= cursorBound(state, window) {
      total = cursorTotal(state, window, column)
      var position = newest(state)
      while position.chunk != 0 && self.time(position) > time {
        total -= value(column, position)
        position = before(position)
      }
    }
    var position = beforeCursor(state, window)
    while position.chunk != 0 && self.time(position) > bound {
      if self.time(position) <= time { total += value(column, position) }
      position = before(position)
    }
    return total
  }

  @inline(__always)
  private func value(_ column: Int?, _ position: EntryPosition) -> Int128 {
    guard let column else { return 1 }
    return Int128(sum(column, position))
  }

  /// The distinct values in (bound, time], without one occurrence of `excluded` unless that is 0.
  @inline(__always)
  private mutating func distinct(
    _ state: UInt32, _ key: UInt32, _ window: Int, _ column: Int, _ bound: Int64, _ time: Int64,
    excluded: UInt32
  ) -> Int {
    guard isIndexed(state) else {
      return scannedDistinct(state, column, bound: bound, time: time, excluded: excluded)
    }
    guard isAtCursor(state, window, bound, time) else {
      let hub = hub(state)
      if hub != 0 {
        return timelines[column].distinct(
          hub, above: bound, through: time, excludingLastPush: excluded != 0)
      }
      return walkedDistinct(
        state, key, window, column, bound: bound, time: time, excluded: excluded)
    }
    return countedDistinct(state, key, window, column, excluded: excluded)
  }

  @inline(__always)
  static func sumValue(_ total: Int128) -> SignalValue {
    guard let sum = Int64(exactly: total) else { return .error(.overflow) }
    return .int(sum)
  }
}
