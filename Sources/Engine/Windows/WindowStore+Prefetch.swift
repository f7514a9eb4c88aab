// Brings nearer what a push and the reads after it will touch; key 0 stands for none.
extension WindowStore {
  /// Where the record of a key lies.
  var recordColumn: RecordColumn { records.column }

  @inline(__always)
  package func prefetchRecord(_ key: UInt32, _ list: inout PrefetchList) {
    if key != 0 { records.prefetch(Int(key), &list) }
  }

  /// The chunk or the state of a key; gives the state, 0 where there is none.
  @inline(__always) @discardableResult
  package func prefetchState(_ key: UInt32, _ list: inout PrefetchList) -> UInt32 {
    guard key != 0 else { return 0 }
    switch content(key) {
    case .few(let chunk, _):
      chunks.prefetch(chunk, &list)
      return 0
    case .state(let state, _):
      states.prefetch(state, &list)
      return state
    default: return 0
    }
  }

  /// What the state of a key leads to.
  @inline(__always)
  package func prefetchChunks(_ key: UInt32, _ list: inout PrefetchList) {
    guard key != 0, case .state(let state, _) = content(key) else { return }
    prefetchChunks(state: state, key: key, value: 0, &list)
  }

  /// The chunk a new entry goes to, those the cursors will pass, and where the value that comes is
  /// counted.
  @inline(__always)
  func prefetchChunks(
    state: UInt32, key: UInt32, value: UInt32, _ list: inout PrefetchList
  ) {
    let last = states.load(state, WindowLayout.stateLast, as: UInt32.self)
    if last != 0 { chunks.prefetch(last, &list) }
    for window in 0..<layout.windowCount {
      let chunk = cursorPosition(state, window).chunk
      if chunk != 0 && chunk != last { chunks.prefetch(chunk, &list) }
    }
    if layout.distinctCount > 0 && value != 0 && isIndexed(state) {
      pairs[0].prefetch(key: key, value: value, &list)
      let hub = hub(state)
      if hub != 0 { timelines[0].prefetchPush(key: hub, value: value, &list) }
    }
  }

  /// Where the values are counted that soon leave a window: of a key that was idle, those of
  /// several entries.
  @inline(__always)
  func prefetchLeaving(state: UInt32, key: UInt32, _ list: inout PrefetchList) {
    if layout.distinctCount == 0 || !isIndexed(state) { return }
    for window in 0..<layout.windowCount {
      let bound = Self.difference(latestClock, windows[window])
      var position = cursorPosition(state, window)
      var left = Self.leavingEntries
      while left > 0 && position.chunk != 0
        && time(position) &- Self.soonMicroseconds <= bound
      {
        for column in 0..<layout.distinctCount {
          let value = distinct(column, position)
          if value != 0 { pairs[column].prefetch(key: key, value: value, &list) }
        }
        position.index &+= 1
        if position.index == entryCount(position.chunk) {
          position = EntryPosition(chunk: next(position.chunk), index: 0)
        }
        left &-= 1
      }
      // Mostly one after a chunk that was walked through.
      if position.chunk != 0 && position.index == 0 { chunks.prefetch(position.chunk, &list) }
    }
  }

  /// So many entries of a window are looked at, at most.
  private static let leavingEntries = 8
  /// Entries that leave a window so much later may leave it in this batch.
  private static let soonMicroseconds: Int64 = 60_000_000
}
