import Program

// Hubs: keys with many entries. Questions about an earlier moment, and entries that come late,
// would walk over a part of the chain that grows with the key. So a hub has an index of its chunks:
// for the count and for each summed column a tree with one entry per chunk but the last, by the
// time it begins at. Distinct values of a hub are also in a timeline, which answers for any moment.
extension WindowStore {
  /// With more entries than this a key is a hub. Few, so that becoming one takes no time.
  static var hubEntries: UInt32 { 64 }

  /// The hub's number, 0 for a key that is none.
  @inline(__always)
  func hub(_ state: UInt32) -> UInt32 {
    states.load(state, WindowLayout.stateIndexed, as: UInt32.self) >> 1
  }

  /// Whether totals of the hub can be had from its index.
  func hasTotals(_ hub: UInt32) -> Bool {
    hub != 0 && hubs.load(hub, layout.hubUnfit, as: UInt32.self) == 0
  }

  /// Makes a key a hub, whose entry at `position` has come just now.
  mutating func makeHub(_ state: UInt32, _ position: EntryPosition, clock: Int64) {
    let hub = hubs.allocate()
    hubs.clear(hub)
    let flags = states.load(state, WindowLayout.stateIndexed, as: UInt32.self)
    states.store(hub << 1 | flags & 1, state, WindowLayout.stateIndexed)
    let last = states.load(state, WindowLayout.stateLast, as: UInt32.self)
    var chunk = states.load(state, WindowLayout.stateFirst, as: UInt32.self)
    while chunk != 0 {
      if chunk != last { enter(hub, chunk) }
      if layout.distinctCount > 0 {
        for index in 0..<entryCount(chunk) {
          let place = EntryPosition(chunk: chunk, index: index)
          if place != position { pushValues(hub, place, clock) }
        }
      }
      chunk = next(chunk)
    }
    // The last pushed is the one that a question can leave out.
    if layout.distinctCount > 0 { pushValues(hub, position, clock) }
  }

  /// Gives a hub's index back, whose chain is empty.
  mutating func freeHub(_ state: UInt32) {
    let hub = hub(state)
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
    let key = indexKey(chunk)
    for column in 0...layout.sumCount {
      let total = chunkTotal(column == 0 ? nil : column - 1, chunk)
      let value = Int64(truncatingIfNeeded: total)
      // The sum of a few huge numbers fits no entry: such a hub is walked over instead.
      if Int128(value) != total { hubs.store(1 as UInt32, hub, layout.hubUnfit) }
      var root = tree(hub, column)
      index.insert(Entry(key: key, value: value), into: &root)
      hubs.store(root, hub, 8 * column)
    }
  }

  /// Takes a chunk out before it changes or goes away.
  mutating func leave(_ hub: UInt32, _ chunk: UInt32) {
    let key = indexKey(chunk)
    for column in 0...layout.sumCount {
      var root = tree(hub, column)
      let isFound = index.remove(key, from: &root)
      precondition(isFound, "a chunk that is not in its index")
      hubs.store(root, hub, 8 * column)
    }
  }

  private func tree(_ hub: UInt32, _ column: Int) -> TreeRoot {
    hubs.load(hub, 8 &* column, as: TreeRoot.self)
  }

  private func indexKey(_ chunk: UInt32) -> EntryKey {
    EntryKey(time: time(EntryPosition(chunk: chunk, index: 0)), order: UInt64(chunk))
  }

  /// The last chunk of the chain that begins at `time` or before; 0 when all begin later.
  func locate(_ state: UInt32, _ hub: UInt32, _ time: Int64) -> UInt32 {
    let chunks = tree(hub, 0)
    let rank = index.rank(chunks, through: .end(of: time))
    var chunk = states.load(state, WindowLayout.stateFirst, as: UInt32.self)
    if rank > 0 {
      chunk = UInt32(truncatingIfNeeded: index.entry(of: chunks, at: rank - 1).key.order)
    } else if chunk == 0 || self.time(EntryPosition(chunk: chunk, index: 0)) > time {
      return 0
    }
    // Chunks that begin at one moment stand in the index in any order.
    while next(chunk) != 0, self.time(EntryPosition(chunk: next(chunk), index: 0)) <= time {
      chunk = next(chunk)
    }
    return chunk
  }

  /// The sum of a column over the entries of a hub in (bound, time], or their number.
  func hubTotal(
    _ state: UInt32, _ hub: UInt32, _ column: Int?, _ bound: Int64, _ time: Int64
  ) -> Int128 {
    guard bound < time else { return 0 }
    let end = locate(state, hub, time)
    guard end != 0 else { return 0 }
    let start = locate(state, hub, bound)
    var total = chunkTotal(column, end, above: bound, through: time)
    if start == end { return total }
    if start != 0 { total += chunkTotal(column, start, above: bound, through: time) }
    let root = tree(hub, column.map { $0 + 1 } ?? 0)
    total += index.summary(root, above: .end(of: bound), through: .end(of: time)).sum
    // What begins in the window is all in it, but for the last chunk, which was counted apart.
    let isOpen = states.load(state, WindowLayout.stateLast, as: UInt32.self) == end
    return isOpen ? total : total - chunkTotal(column, end)
  }

  /// The sum of a column over the entries of a chunk in (bound, time], or their number.
  private func chunkTotal(
    _ column: Int?, _ chunk: UInt32, above bound: Int64 = .min, through time: Int64 = .max
  ) -> Int128 {
    var total: Int128 = 0
    for index in 0..<entryCount(chunk) {
      let position = EntryPosition(chunk: chunk, index: index)
      let entryTime = self.time(position)
      // No bound at all is below every time.
      if bound != .min && entryTime <= bound || entryTime > time { continue }
      total += column.map { Int128(sum($0, position)) } ?? 1
    }
    return total
  }
}
