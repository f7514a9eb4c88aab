extension WindowStore {
  /// Adds an entry to the list of a key, after all entries of its time or before.
  ///
  /// Its columns are those prepared before. `clock` is the greatest event time so far, this one
  /// included.
  /// *Complexity*: constant for an entry that is the newest of its key; a late one walks back over
  /// the newer chunks, some three hundred entries at most, or looks its place up, see `hubEntries`.
  /// *Traps* when the clock runs backwards.
  @inline(__always)
  package mutating func push(key: UInt32, time: Int64, clock: Int64) {
    precondition(key != 0, "key 0 is no key")
    accept(clock: clock, time: time)
    lastKey = key
    isFresh = false
    let bound = forgettableBound(clock: clock)
    if forgets && time <= bound {
      lastPushTime = time
      return
    }
    // Keys are fewer than what 32 bits hold, see `Reservation`.
    keyEnd = max(keyEnd, key &+ 1)
    records.use(count: Int(key) &+ 1)
    // Most keys have no other entry.
    let (isFirst, word) = placeFirst(key, time)
    if isFirst {
      refreshLone(time, clock)
    } else {
      pushNext(key, word, time, clock, bound)
    }
  }

  /// Adds the entry of a run that is the newest of all to a key that has some, see `beginNewest`.
  @inline(__always)
  mutating func enterNewest(_ key: UInt32, at time: Int64) {
    lastKey = key
    isFresh = false
    lastPushTime = time
    let word = records.load(Int(key), 0, as: UInt64.self)
    pushNext(key, word, time, time, forgettableBound(clock: time))
  }

  /// The same of a key that has a state.
  @inline(__always)
  mutating func enterNewest(_ key: UInt32, in state: UInt32, at time: Int64) {
    lastKey = key
    forgetFull(state, key, forgettableBound(clock: time))
    insert(state, key, time, time)
  }

  /// Adds an entry to a key whose record says that it has none.
  @inline(never)
  private mutating func pushFirst(_ key: UInt32, _ time: Int64, _ clock: Int64) {
    if placeFirst(key, time).isFirst {
      refreshLone(time, clock)
    } else {
      pushState(key, time, clock)
    }
  }

  /// Stores the entry pushed last in the record of a key that has none, which its first word says,
  /// if there is room for its time; gives whether it did.
  @inline(__always)
  private mutating func placeFirst(_ key: UInt32, _ time: Int64) -> (isFirst: Bool, word: UInt64) {
    let pushed = records.record(0)
    let record = records.record(Int(key))
    pushed.store(time, 0)
    let word = record.load(0, as: UInt64.self)
    guard word == RecordContent.empty.word, RecordContent.inlineTimes.contains(time) else {
      return (false, word)
    }
    // Few words: a call that copies any number of them takes longer.
    let end = layout.recordBytes
    var offset = 8
    while offset < end {
      record.store(pushed.load(offset, as: UInt64.self), offset)
      offset &+= 8
    }
    record.store(RecordContent.single(time).word, 0)
    return (true, word)
  }

  /// Adds an entry to a key that has some.
  @inline(never)
  private mutating func pushNext(
    _ key: UInt32, _ word: UInt64, _ time: Int64, _ clock: Int64, _ bound: Int64
  ) {
    switch RecordContent(word: word) {
    case .empty:
      pushState(key, time, clock)
    case .single(let single) where forgets && single <= bound:
      setContent(.empty, key)
      pushFirst(key, time, clock)
    case .single(let single):
      let chunk = makeFew(key, single, time)
      setContent(.few(chunk, idle: IdleTime(max(single, time))), key)
      refresh(few: chunk, time, clock)
    case .few(let chunk, let idle):
      if pushFew(chunk, time, bound) {
        refresh(few: chunk, time, clock)
      } else {
        let state = makeState(from: chunk)
        setContent(.state(state, idle: idle), key)
        insert(state, key, time, clock)
        if time == clock { refresh(state, time) }
      }
    case .state(let state, _):
      forgetFull(state, key, bound)
      insert(state, key, time, clock)
      if time == clock { refresh(state, time) }
    }
  }

  /// Remembers that the entry pushed last is alone.
  @inline(__always)
  private mutating func refreshLone(_ time: Int64, _ clock: Int64) {
    isFresh = time == clock
    freshChunk = 0
    freshState = 0
    freshTime = time
  }

  /// Remembers that the entry pushed last lies in a chunk that is all its key has.
  @inline(__always)
  private mutating func refresh(few chunk: UInt32, _ time: Int64, _ clock: Int64) {
    isFresh = time == clock
    freshChunk = chunk
    freshTime = time
  }

  /// Remembers that the entry pushed last, the newest of all, lies in the chain of a state, whose
  /// cursors `countNewest` brought there.
  @inline(__always)
  private mutating func refresh(_ state: UInt32, _ time: Int64) {
    isFresh = true
    freshChunk = 0
    freshState = state
    freshTime = time
  }

  /// Sets a summed column of the entry that is pushed next. It waits in record 0, from where it is
  /// stored and where `excludingLastPush` finds it.
  ///
  /// *Traps* when there is no such column.
  @inline(__always)
  package mutating func prepare(sum column: Int, _ value: Int64) {
    precondition(column < layout.sumCount, "no such column")
    records.store(value, 0, layout.recordSum(column))
  }

  /// Sets a distinct column of the entry that is pushed next; 0 is missing.
  ///
  /// *Traps* when there is no such column.
  @inline(__always)
  mutating func prepare(distinct column: Int, _ value: UInt32) {
    precondition(column < layout.distinctCount, "no such column")
    records.store(value, 0, layout.recordDistinct(column))
  }

  /// The only entry of a key has a time that its record cannot hold.
  @inline(never)
  private mutating func pushState(_ key: UInt32, _ time: Int64, _ clock: Int64) {
    let state = makeState()
    setContent(.state(state, idle: IdleTime(time)), key)
    insert(state, key, time, clock)
  }

  mutating func makeState() -> UInt32 {
    let state = states.allocate()
    states.clear(state)
    states.store(Int64.min, state, WindowLayout.stateLastTime)
    for window in 0..<layout.windowCount {
      states.store(Int64.min, state, layout.cursor(window) + WindowLayout.cursorBound)
    }
    return state
  }

  /// Stores the entry pushed last in the chain of a state, and counts it in every window.
  private mutating func insert(_ state: UInt32, _ key: UInt32, _ time: Int64, _ clock: Int64) {
    let isNewest = time >= states.load(state, WindowLayout.stateLastTime, as: Int64.self)
    if !isNewest { approachHub(state, before: time, clock: clock) }
    let hub = hub(state)
    let position = isNewest ? appendPlace(state, hub) : middlePlace(state, hub, time)
    let entries = place(time, in: state, at: position, isNewest: isNewest)
    // No window holds the first moment there is.
    let isNewestOfAll = time == clock && time != Int64.min
    if isNewestOfAll {
      countNewest(state, key, time, at: position)
    } else {
      count(state, time, at: position, isNewest: isNewest)
    }
    if layout.distinctCount > 0 {
      if !isIndexed(state) {
        if entries > Self.scannedEntries { index(state, key) }
      } else if isNewestOfAll {
        countNewestValues(state, key)
      } else {
        countValues(state, key, time)
      }
    }
    if hub != 0 {
      let isLast = position.chunk == states.load(state, WindowLayout.stateLast, as: UInt32.self)
      if !isLast { settle(hub, position) }
      forgetMoments()
      if layout.distinctCount > 0 { pushValues(hub, position, clock) }
    } else if isNewest && entries > Self.hubEntries {
      approachHub(state, clock: clock)
    }
  }

  /// Stores the entry pushed last at its place, and notes it in its state; how many there are then.
  @inline(__always)
  private func place(
    _ time: Int64, in number: UInt32, at position: EntryPosition, isNewest: Bool
  ) -> UInt32 {
    let chunk = chunks.block(position.chunk)
    place(time, columnsOf: records.record(0), in: chunk, at: position.index)
    let state = states.block(number)
    if isNewest { state.store(time, WindowLayout.stateLastTime) }
    let entries = state.load(WindowLayout.stateEntries, as: UInt32.self) + 1
    state.store(entries, WindowLayout.stateEntries)
    return entries
  }

  /// Adds a stored entry, the one pushed last, to the totals of every window whose cursor has not
  /// passed its time.
  @inline(__always)
  private mutating func count(
    _ number: UInt32, _ time: Int64, at position: EntryPosition, isNewest: Bool
  ) {
    let state = states.block(number)
    let pushed = records.record(0)
    let layout = layout
    let end = layout.cursor(layout.windowCount)
    var cursor = layout.cursor(0)
    while cursor < end {
      if time > state.load(cursor &+ WindowLayout.cursorBound, as: Int64.self) {
        add(pushed, to: state, cursor, layout)
        let first = cursorPosition(state, cursor)
        if first.chunk == 0 || !isNewest && self.time(first) > time {
          setCursorPosition(state, cursor, position)
        }
      }
      cursor &+= layout.cursorBytes
    }
  }

  /// Adds a stored entry, the one pushed last and the newest of all, to the totals of every window,
  /// and brings every cursor to its moment: the questions that follow find their answers ready.
  @inline(__always)
  private mutating func countNewest(
    _ number: UInt32, _ key: UInt32, _ time: Int64, at position: EntryPosition
  ) {
    var behind = BitPlaces(bringNewest(number, time, at: position))
    while let first = behind.next() {
      for window in stride(from: first, to: layout.windowCount, by: UInt64.bitWidth) {
        advance(number, key, window, to: cursorBound(number, window))
      }
    }
  }

  /// The same, but leaves the entries in that a cursor should have passed. Gives a bit for each
  /// window with some; every so many windows share theirs.
  @inline(__always)
  private func bringNewest(_ number: UInt32, _ time: Int64, at position: EntryPosition) -> UInt64 {
    let state = states.block(number)
    let pushed = records.record(0)
    let layout = layout
    var behind: UInt64 = 0
    var cursor = layout.cursor(0)
    for window in windows.indices {
      let before = state.load(cursor &+ WindowLayout.cursorBound, as: Int64.self)
      let bound = max(Self.difference(time, windows[window]), before)
      state.store(bound, cursor &+ WindowLayout.cursorBound)
      add(pushed, to: state, cursor, layout)
      // Whether it counted any cannot be told ahead. The new one is not behind.
      var first = cursorPosition(state, cursor)
      let isNone = first.chunk == 0
      first = EntryPosition(
        chunk: isNone ? position.chunk : first.chunk, index: isNone ? position.index : first.index)
      setCursorPosition(state, cursor, first)
      behind |= (self.time(first) <= bound ? 1 : 0) &<< UInt64(truncatingIfNeeded: window)
      cursor &+= layout.cursorBytes
    }
    return behind
  }

  /// Adds an entry, whose columns lie in a record, to what a cursor counts.
  @inline(__always)
  private func add(
    _ pushed: Fields, to state: Fields, _ cursor: Int, _ layout: WindowLayout
  ) {
    let count = state.load(cursor &+ WindowLayout.cursorCount, as: UInt32.self)
    state.store(count + 1, cursor &+ WindowLayout.cursorCount)
    var column = 0
    while column < layout.sumCount {
      let place = cursor &+ layout.cursorSum(column)
      let value = pushed.load(layout.recordSum(column), as: Int64.self)
      state.store(state.load(place, as: Int128.self) + Int128(value), place)
      column &+= 1
    }
  }

  /// Counts the values of the same in the same windows of an indexed key.
  private mutating func countValues(_ state: UInt32, _ key: UInt32, _ time: Int64) {
    for column in 0..<layout.distinctCount {
      count(recordDistinct(0, column), state, key, time, column)
    }
  }

  /// The same of the newest entry of all, which no cursor has passed.
  @inline(never)
  private mutating func countNewestValues(_ state: UInt32, _ key: UInt32) {
    for column in 0..<layout.distinctCount {
      countNewest(recordDistinct(0, column), state, key, column)
    }
  }

  // MARK: Places

  /// A free place after the newest entry.
  @inline(__always)
  private mutating func appendPlace(_ state: UInt32, _ hub: UInt32) -> EntryPosition {
    let last = states.load(state, WindowLayout.stateLast, as: UInt32.self)
    let count = last == 0 ? 0 : entryCount(last)
    if last != 0 && count < layout.chunkEntries {
      setEntryCount(last, count + 1)
      return EntryPosition(chunk: last, index: count)
    }
    let chunk = insertChunk(state, after: last)
    setEntryCount(chunk, 1)
    if hub != 0 && last != 0 { enter(hub, last) }
    return EntryPosition(chunk: chunk, index: 0)
  }

  /// A place made free after the last entry that is not newer than `time`. The chain is not empty.
  private mutating func middlePlace(
    _ state: UInt32, _ hub: UInt32, _ time: Int64
  ) -> EntryPosition {
    let last = states.load(state, WindowLayout.stateLast, as: UInt32.self)
    var chunk = last
    if hub != 0 {
      chunk = locate(state, hub, time)
      if chunk == 0 { chunk = states.load(state, WindowLayout.stateFirst, as: UInt32.self) }
    } else {
      while self.time(EntryPosition(chunk: chunk, index: 0)) > time && previous(chunk) != 0 {
        chunk = previous(chunk)
      }
    }
    var index = chunks.block(chunk).firstEntry(above: time, before: entryCount(chunk))
    if entryCount(chunk) == layout.chunkEntries {
      let kept = layout.chunkEntries / 2
      let second = split(state, chunk, at: kept)
      if hub != 0 { enterSplit(hub, chunk, second) }
      if index > kept {
        chunk = second
        index -= kept
      }
    }
    let count = entryCount(chunk)
    moveEntries(from: chunk, index, to: chunk, index + 1, count: count - index)
    setEntryCount(chunk, count + 1)
    for window in 0..<layout.windowCount {
      var position = cursorPosition(state, window)
      if position.chunk == chunk && position.index >= index {
        position.index += 1
        setCursorPosition(state, window, position)
      }
    }
    return EntryPosition(chunk: chunk, index: index)
  }

  /// Moves the entries from `kept` on to a new chunk behind; gives that chunk.
  private mutating func split(_ state: UInt32, _ chunk: UInt32, at kept: Int) -> UInt32 {
    let second = insertChunk(state, after: chunk)
    let moved = entryCount(chunk) - kept
    moveEntries(from: chunk, kept, to: second, 0, count: moved)
    setEntryCount(chunk, kept)
    setEntryCount(second, moved)
    for window in 0..<layout.windowCount {
      let position = cursorPosition(state, window)
      if position.chunk == chunk && position.index >= kept {
        setCursorPosition(
          state, window, EntryPosition(chunk: second, index: position.index - kept))
      }
    }
    return second
  }

  /// Tells the index of a split chunk: the last of a chain is not in it.
  private mutating func enterSplit(_ hub: UInt32, _ chunk: UInt32, _ second: UInt32) {
    if next(second) == 0 {
      enter(hub, chunk)
    } else {
      give(hub, chunk, to: second)
      enter(hub, second)
    }
  }

  mutating func moveEntries(
    from source: UInt32, _ start: Int, to destination: UInt32, _ target: Int, count: Int
  ) {
    chunks.move(
      from: source, layout.time(start), to: destination, layout.time(target), bytes: 8 * count)
    for column in 0..<layout.sumCount {
      chunks.move(
        from: source, layout.sum(column, start), to: destination, layout.sum(column, target),
        bytes: 8 * count)
    }
    for column in 0..<layout.distinctCount {
      chunks.move(
        from: source, layout.distinct(column, start), to: destination,
        layout.distinct(column, target), bytes: 4 * count)
    }
  }

  /// Links an empty chunk behind another, or as the first when `after` is 0.
  private mutating func insertChunk(_ state: UInt32, after: UInt32) -> UInt32 {
    let chunk = chunks.allocate()
    let following = after == 0 ? 0 : next(after)
    chunks.store(after, chunk, WindowLayout.chunkPrevious)
    chunks.store(following, chunk, WindowLayout.chunkNext)
    setEntryCount(chunk, 0)
    if after == 0 {
      states.store(chunk, state, WindowLayout.stateFirst)
    } else {
      chunks.store(chunk, after, WindowLayout.chunkNext)
    }
    if following == 0 {
      states.store(chunk, state, WindowLayout.stateLast)
    } else {
      chunks.store(chunk, following, WindowLayout.chunkPrevious)
    }
    return chunk
  }
}
