// Forgetting: only entries whose time is at most T − W − late for the longest W, which no question
// can count any more, so that when they go never shows.
extension WindowStore {
  /// Pays what pushes owe to idle keys, which have none that would forget for them: as many are
  /// looked at as can be new. They are visited some at a time, and then the next are asked for.
  @inline(__always)
  package mutating func payIdle(pushes: Int = 1, clock: Int64) {
    owedKeys &+= pushes
    while owedKeys >= Self.visitedKeys {
      owedKeys &-= Self.visitedKeys
      forgetIdle(keys: Self.visitedKeys, clock: clock)
    }
  }

  static let visitedKeys = 64
  /// So many chunks of long chains are freed at a visit: the next one begins where they ended.
  static let freedChunks = 64
  /// Of so many keys visited one at most is a new hub: it takes more entries to become one. And
  /// so many entries of a hub go at a visit, which must not take long.
  private static var keysPerHub: UInt32 { 64 }

  /// Forgets what it can of the next `count` keys in turn.
  ///
  /// *Complexity*: one record per key, few chunks, and of one hub in 64 keys as many entries.
  @inline(never)
  mutating func forgetIdle(keys count: Int, clock: Int64) {
    precondition(clock >= latestClock, "the clock went back")
    latestClock = clock
    guard forgets && keyEnd > 1 else { return }
    let bound = forgettableBound(clock: clock)
    let limits = RecordContent.Limits(bound)
    var key = nextIdleKey
    var isBegunAgain = false
    var left = UInt32(truncatingIfNeeded: count)
    var chunksLeft = Self.freedChunks
    while left > 0 && chunksLeft > 0 {
      if key >= keyEnd {
        key = 1
        isBegunAgain = true
      }
      let some = key..<key &+ min(left, keyEnd &- key, Self.keysTogether)
      left &-= UInt32(truncatingIfNeeded: some.count)
      key = forgetIdle(some, clock, bound, limits, &chunksLeft)
    }
    // Also where there are few keys some may be hubs. As many of their entries go as may have come
    // since the last visit.
    let hubs =
      isBegunAgain ? 1 : Int(key / Self.keysPerHub) - Int(nextIdleKey / Self.keysPerHub)
    if hubs > 0 {
      let limit = isBegunAgain ? count : Int(Self.keysPerHub)
      for column in timelines.indices {
        timelines[column].forgetIdle(keys: hubs, atMost: limit, clock: clock)
      }
    }
    nextIdleKey = key
    records.prefetch(Int(key)..<Int(key) &+ count)
  }

  private static let keysTogether = UInt32(UInt64.bitWidth)

  /// Forgets what it can of some keys, as many as a word has bits at most; gives the one after the
  /// last it came to.
  @inline(__always)
  private mutating func forgetIdle(
    _ keys: Range<UInt32>, _ clock: Int64, _ bound: Int64, _ limits: RecordContent.Limits,
    _ chunksLeft: inout Int
  ) -> UInt32 {
    let idle = idleKeys(keys, limits)
    // What they lead to is far away, and near when it is looked at if all is asked for at once.
    var asked = BitPlaces(idle)
    while let place = asked.next() {
      prefetchContent(keys.lowerBound &+ UInt32(truncatingIfNeeded: place))
    }
    var left = BitPlaces(idle)
    while let place = left.next() {
      let key = keys.lowerBound &+ UInt32(truncatingIfNeeded: place)
      // A key is not idle whose entry has come just now.
      if !isFresh(for: key, at: clock, clock: clock) { forget(key, bound, &chunksLeft) }
      if chunksLeft == 0 { return key }
    }
    return keys.upperBound
  }

  /// A bit for each key that there may be something to forget of: mostly there is none, and which
  /// ones it is of cannot be told ahead.
  @inline(__always)
  private func idleKeys(_ keys: Range<UInt32>, _ limits: RecordContent.Limits) -> UInt64 {
    let rows = records.rows
    precondition(Int(keys.upperBound) <= rows.count, "number of no record")
    // A key comes in at the top.
    var idle: UInt64 = 0
    var key = keys.lowerBound
    while key < keys.upperBound {
      let isIdle = limits.reach(rows.record(Int(key)).load(0, as: UInt64.self))
      idle = idle &>> 1 | (isIdle ? 1 as UInt64 : 0) &<< 63
      key &+= 1
    }
    return BitPlaces.settled(idle, in: 0..<keys.count)
  }

  /// Brings nearer the chunk or the state of a key.
  @inline(__always)
  private func prefetchContent(_ key: UInt32) {
    switch content(key) {
    case .few(let chunk, _): chunks.prefetch(chunk)
    case .state(let state, _): states.prefetch(state)
    default: break
    }
  }

  @inline(never)
  private mutating func forget(_ key: UInt32, _ bound: Int64, _ chunksLeft: inout Int) {
    switch content(key) {
    case .empty:
      break
    case .single(let time):
      if time <= bound { setContent(.empty, key) }
    case .few(let chunk, _):
      let newest = time(EntryPosition(chunk: chunk, index: entryCount(chunk) - 1))
      guard newest <= bound else { return setContent(.few(chunk, idle: IdleTime(newest)), key) }
      chunks.free(chunk)
      setContent(.empty, key)
    case .state(let state, _):
      chunksLeft &-= forgetChunks(state, key, bound, atMost: chunksLeft)
      let first = states.load(state, WindowLayout.stateFirst, as: UInt32.self)
      guard first != 0 else {
        freeHub(state)
        states.free(state)
        setContent(.empty, key)
        return
      }
      // A late entry may split the first chunk; what is in it then waits longer than it must.
      let newest = time(EntryPosition(chunk: first, index: entryCount(first) - 1))
      setContent(.state(state, idle: IdleTime(newest)), key)
    }
  }

  /// Before a full chain takes another chunk, frees some at its old end: more than one, so that it
  /// shrinks, but few, so that no push takes long.
  @inline(__always)
  mutating func forgetFull(_ state: UInt32, _ key: UInt32, _ bound: Int64) {
    guard forgets else { return }
    let last = states.load(state, WindowLayout.stateLast, as: UInt32.self)
    if last != 0 && entryCount(last) == layout.chunkEntries {
      forgetChunks(state, key, bound, atMost: 4)
    }
  }

  /// Frees chunks of which all entries can be forgotten, the oldest first; gives how many.
  @discardableResult
  private mutating func forgetChunks(
    _ state: UInt32, _ key: UInt32, _ bound: Int64, atMost limit: Int
  ) -> Int {
    var freed = 0
    while freed < limit {
      let chunk = states.load(state, WindowLayout.stateFirst, as: UInt32.self)
      guard chunk != 0 else { break }
      let count = entryCount(chunk)
      guard time(EntryPosition(chunk: chunk, index: count - 1)) <= bound else { break }
      for window in 0..<layout.windowCount where cursorPosition(state, window).chunk == chunk {
        advance(state, key, window, to: bound)
      }
      leaveFirst(state, chunk)
      unlinkFirst(state, chunk)
      // The last chunk is in no index.
      let entries = states.load(state, WindowLayout.stateEntries, as: UInt32.self)
      states.store(entries - UInt32(count), state, WindowLayout.stateEntries)
      chunks.free(chunk)
      freed += 1
    }
    return freed
  }

  private mutating func unlinkFirst(_ state: UInt32, _ chunk: UInt32) {
    let following = next(chunk)
    states.store(following, state, WindowLayout.stateFirst)
    if following == 0 {
      states.store(0 as UInt32, state, WindowLayout.stateLast)
      states.store(Int64.min, state, WindowLayout.stateLastTime)
    } else {
      chunks.store(0 as UInt32, following, WindowLayout.chunkPrevious)
    }
  }
}
