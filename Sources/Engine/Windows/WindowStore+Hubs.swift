// Hubs: keys with many entries. Questions about an earlier moment, and entries that come late,
// would walk over a part of the chain that grows with the key. So a hub has an index of all its
// chunks but the last. Distinct values of a hub are also in a timeline, which answers for any
// moment.
extension WindowStore {
  /// With more entries than this a key becomes a hub: few, for so many are walked over until then,
  /// and many, for most keys are never asked what only a hub can tell.
  static var hubEntries: UInt32 { 256 }

  /// Until all its entries are in the index, each that comes enters so many chunks: few events wait
  /// for all of them, see `approachHub(_:before:clock:)`.
  private static var enteredChunks: Int { 2 }

  /// The hub's number, 0 for a key that is none, or is still becoming one.
  @inline(__always)
  func hub(_ state: UInt32) -> UInt32 {
    let word = word(state)
    return word & Self.becomingBit == 0 ? word >> Self.numberShift : 0
  }

  @inline(__always)
  private func word(_ state: UInt32) -> UInt32 {
    states.load(state, WindowLayout.stateIndexed, as: UInt32.self)
  }

  private static let becomingBit: UInt32 = 2
  private static let numberShift: UInt32 = 2

  // What lies in the block of a hub: where its index begins, and the chunk that is entered next, 0
  // for the first of the chain. It takes whole words of eight bytes.
  private static let nextChunk = MemoryLayout<ChunkRoot>.size
  static let hubBytes = MemoryLayout<ChunkRoot>.size + 8

  /// The number of the hub that a key is becoming, 0 for any other key.
  @inline(__always)
  func coming(_ state: UInt32) -> UInt32 {
    let word = word(state)
    return word & Self.becomingBit == 0 ? 0 : word >> Self.numberShift
  }

  /// Brings a key with many entries, of which the newest has come just now, nearer to being a hub.
  @inline(never)
  mutating func approachHub(_ state: UInt32, clock: Int64) {
    if coming(state) == 0 {
      let hub = hubs.allocate()
      precondition(hub <= UInt32.max >> Self.numberShift, "a hub's number shares a word")
      hubs.clear(hub)
      let word = word(state)
      states.store(
        word | Self.becomingBit | hub << Self.numberShift, state, WindowLayout.stateIndexed)
    }
    enterNext(state, coming(state), atMost: Self.enteredChunks, clock)
  }

  /// The same before an entry of a time that does not go to the end of the chain. If it goes where
  /// entries are in the index already, the key becomes a hub at once.
  @inline(never)
  mutating func approachHub(_ state: UInt32, before time: Int64, clock: Int64) {
    if hub(state) != 0 { return }
    let entries = states.load(state, WindowLayout.stateEntries, as: UInt32.self)
    if entries > Self.hubEntries { approachHub(state, clock: clock) }
    let hub = coming(state)
    if hub == 0 { return }
    let chunk = hubs.load(hub, Self.nextChunk, as: UInt32.self)
    if chunk != 0 && time < firstTime(chunk) { enterNext(state, hub, atMost: .max, clock) }
  }

  /// Enters some chunks of a key that is becoming a hub. With the last one it is one.
  private mutating func enterNext(
    _ state: UInt32, _ hub: UInt32, atMost limit: Int, _ clock: Int64
  ) {
    var chunk = hubs.load(hub, Self.nextChunk, as: UInt32.self)
    if chunk == 0 { chunk = states.load(state, WindowLayout.stateFirst, as: UInt32.self) }
    var left = limit
    while left > 0 && chunk != 0 {
      if next(chunk) != 0 { enter(hub, chunk) }
      if layout.distinctCount > 0 {
        for index in 0..<entryCount(chunk) {
          pushValues(hub, EntryPosition(chunk: chunk, index: index), clock)
        }
      }
      chunk = next(chunk)
      left -= 1
    }
    hubs.store(chunk, hub, Self.nextChunk)
    if chunk == 0 {
      let word = word(state)
      states.store(word & ~Self.becomingBit, state, WindowLayout.stateIndexed)
    }
  }

  /// Takes the first chunk of a chain out of the index of its hub, if it is one, before it goes
  /// away.
  @inline(__always)
  mutating func leaveFirst(_ state: UInt32, _ chunk: UInt32) {
    let word = word(state)
    if word >> Self.numberShift != 0 { leaveFirst(state, chunk, word) }
  }

  private mutating func leaveFirst(_ state: UInt32, _ chunk: UInt32, _ word: UInt32) {
    let hub = word >> Self.numberShift
    let entered = hubs.load(hub, Self.nextChunk, as: UInt32.self)
    if word & Self.becomingBit != 0 && (entered == 0 || entered == chunk) {
      hubs.store(next(chunk), hub, Self.nextChunk)
    } else if next(chunk) != 0 {
      leave(hub, chunk)
    }
    forgetMoments()
  }

  /// Gives the index of a hub, or of a key that is becoming one, back; its chain is empty.
  mutating func freeHub(_ state: UInt32) {
    let hub = word(state) >> Self.numberShift
    if hub != 0 { hubs.free(hub) }
  }

  /// Enters the distinct values of an entry in their timelines, which go by numbers of hubs: those
  /// of an earlier hub of the number are older than any question.
  mutating func pushValues(_ hub: UInt32, _ position: EntryPosition, _ clock: Int64) {
    pushes += 1
    for column in 0..<layout.distinctCount {
      let value = distinct(column, position)
      guard value != 0 else { continue }
      timelines[column].push(
        key: hub, time: time(position), order: pushes, value: Int64(value), clock: clock)
    }
  }

  // MARK: Index

  /// Enters a chunk that is not the last of its chain.
  mutating func enter(_ hub: UInt32, _ chunk: UInt32) {
    setDelta(to: chunk, negative: false)
    var root = chunkRoot(hub)
    index.insert(chunk, at: firstTime(chunk), into: &root)
    hubs.store(root, hub, 0)
  }

  /// Takes a chunk out before it goes away.
  mutating func leave(_ hub: UInt32, _ chunk: UInt32) {
    setDelta(to: chunk, negative: true)
    var root = chunkRoot(hub)
    index.remove(chunk, at: firstTime(chunk), from: &root)
    hubs.store(root, hub, 0)
  }

  /// Counts an entry that was put into a chunk of the index.
  mutating func settle(_ hub: UInt32, _ position: EntryPosition) {
    let chunk = position.chunk
    guard position.index == 0 else {
      index.delta[0] = 1
      for column in 0..<layout.sumCount { index.delta[column &+ 1] = Int128(sum(column, position)) }
      index.change(chunk, at: firstTime(chunk), in: chunkRoot(hub))
      return
    }
    // The first of all: until now the chunk began with the entry that is its second.
    setDelta(to: chunk, negative: true)
    index.delta[0] += 1
    for column in 0..<layout.sumCount { index.delta[column &+ 1] += Int128(sum(column, position)) }
    var root = chunkRoot(hub)
    index.remove(chunk, at: time(EntryPosition(chunk: chunk, index: 1)), from: &root)
    hubs.store(root, hub, 0)
    enter(hub, chunk)
  }

  /// Takes what a chunk of the index gives to another out of its totals.
  mutating func give(_ hub: UInt32, _ chunk: UInt32, to second: UInt32) {
    setDelta(to: second, negative: true)
    index.change(chunk, at: firstTime(chunk), in: chunkRoot(hub))
  }

  private mutating func setDelta(to chunk: UInt32, negative: Bool) {
    let count = entryCount(chunk)
    index.delta[0] = Int128(negative ? -count : count)
    for column in 0..<layout.sumCount {
      var total: Int128 = 0
      for place in 0..<count {
        total &+= Int128(sum(column, EntryPosition(chunk: chunk, index: place)))
      }
      index.delta[column &+ 1] = negative ? -total : total
    }
  }

  @inline(__always)
  private func chunkRoot(_ hub: UInt32) -> ChunkRoot { hubs.load(hub, 0, as: ChunkRoot.self) }

  @inline(__always)
  private func firstTime(_ chunk: UInt32) -> Int64 { time(EntryPosition(chunk: chunk, index: 0)) }

  /// The last chunk of the chain that begins at `time` or before; 0 when all begin later.
  func locate(_ state: UInt32, _ hub: UInt32, _ time: Int64) -> UInt32 {
    lastChunk(state, from: index.last(chunkRoot(hub), through: time), through: time)
  }

  /// As `locate`, from a chunk that the index gave.
  private func lastChunk(_ state: UInt32, from known: UInt32, through time: Int64) -> UInt32 {
    var chunk = known
    if chunk == 0 {
      chunk = states.load(state, WindowLayout.stateFirst, as: UInt32.self)
      guard chunk != 0 && firstTime(chunk) <= time else { return 0 }
    }
    // Chunks that begin at one moment stand in the index in any order, and the last not at all.
    while next(chunk) != 0 && firstTime(next(chunk)) <= time { chunk = next(chunk) }
    return chunk
  }

  /// The sum of a column over the entries of a hub in (bound, time], or their number.
  mutating func hubTotal(
    _ state: UInt32, _ hub: UInt32, _ window: Int, _ column: Int?, _ bound: Int64, _ time: Int64
  ) -> Int128 {
    guard bound < time else { return 0 }
    let column = column.map { $0 &+ 1 } ?? 0
    let end = totals(state, hub, through: time, row: 0)
    let start = totals(state, hub, through: bound, row: window &+ 1)
    return sums[end &+ column] &- sums[start &+ column]
  }

  /// Where in `sums` the totals of a hub's entries up to `time` lie. Each row keeps what it was
  /// last asked for, because signals ask about the same moments.
  private mutating func totals(
    _ state: UInt32, _ hub: UInt32, through time: Int64, row: Int
  ) -> Int {
    let place = row &* index.columnCount
    let moment = KnownMoment(time: time, hub: hub)
    if knownMoments[row] == moment { return place }
    knownMoments[row] = moment
    let known = index.last(chunkRoot(hub), through: time, &sums, at: place)
    let chunk = lastChunk(state, from: known, through: time)
    guard chunk != 0 else { return place }
    // The last chunk is not in the index; what begins by then in any other is, to its end.
    let isOpen = next(chunk) == 0
    for place in 0..<entryCount(chunk) {
      let position = EntryPosition(chunk: chunk, index: place)
      if (self.time(position) <= time) == isOpen { add(position, row, negative: !isOpen) }
    }
    return place
  }

  @inline(__always)
  private mutating func add(_ position: EntryPosition, _ row: Int, negative: Bool) {
    let place = row &* index.columnCount
    sums[place] &+= negative ? -1 : 1
    for column in 0..<layout.sumCount {
      let value = Int128(sum(column, position))
      sums[place &+ column &+ 1] &+= negative ? -value : value
    }
  }

  /// Forgets what is known of moments, because some chain changes.
  @inline(__always)
  mutating func forgetMoments() {
    for row in knownMoments.indices { knownMoments[row] = KnownMoment() }
  }
}

/// A moment of a hub whose totals are known; none when the hub is 0.
struct KnownMoment: BitwiseCopyable, Equatable {
  var time: Int64 = 0
  var hub: UInt32 = 0
}
