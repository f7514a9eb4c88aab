import Model
import Program
import Testing

@testable import Engine

/// Keys that get so many entries that they become hubs.
@Suite struct `A key with many entries` {
  private static let plan = EventListPlan(
    event: 0, keySpace: 0, sumColumns: 0, distinctColumns: [0], windows: [1_000],
    lateMicroseconds: 1_000)

  /// Pushes an entry with a value; how many entries went into timelines of hubs.
  private func push(
    _ value: UInt32, at time: Int64, clock: Int64, to store: inout WindowStore
  ) -> UInt64 {
    let (before, sums, distincts): (UInt64, [Int64], [UInt32]) = (store.pushes, [], [value])
    store.push(key: 1, time: time, clock: clock, sums: sums.span, distincts: distincts.span)
    return store.pushes - before
  }

  /// Expects so many different values at an earlier moment.
  private func expect(
    _ store: inout WindowStore, at time: Int64, clock: Int64, _ count: Int64,
    at location: SourceLocation = #_sourceLocation
  ) {
    let found = store.read(
      key: 1, window: 0, aggregate: .distinct(column: 0), at: time, clock: clock,
      excludingLastPush: false)
    #expect(found == .int(count), sourceLocation: location)
  }

  /// A store in which the key has more entries than a hub must, one each microsecond from 0 on, but
  /// not all of them are in the index.
  private func becoming() throws -> WindowStore {
    var store = WindowStore(plan: Self.plan, keyCapacity: 64)
    var clock: Int64 = -1
    while store.state(of: 1) != .becoming {
      clock += 1
      _ = push(UInt32(1 + clock), at: clock, clock: clock, to: &store)
      try #require(clock < 1_000, "it never begins to become a hub")
    }
    return store
  }

  @Test func `becomes a hub bit by bit`() throws {
    var store = try becoming()
    var clock = store.latestClock
    let most = UInt64(2 * store.layout.chunkEntries)
    var entered: UInt64 = 0
    while store.state(of: 1) == .becoming {
      clock += 1
      // Now and then one comes late, but not so late that it goes among what is entered.
      let late: Int64 = clock % 5 == 0 ? 3 : 0
      let pushed = push(UInt32(1 + clock), at: clock - late, clock: clock, to: &store)
      #expect(pushed <= most)
      entered += pushed
      expect(&store, at: 200, clock: clock, 201)
    }
    #expect(store.state(of: 1) == .hub)
    #expect(entered > 256)
    expect(&store, at: 200, clock: clock, 201)
    // From now on each entry goes in as it comes.
    clock += 1
    let pushed = push(UInt32(1 + clock), at: clock, clock: clock, to: &store)
    #expect(pushed == 1)
  }

  @Test func `becomes a hub at once for an entry among those that are entered`() throws {
    var store = try becoming()
    var clock = store.latestClock
    clock += 1
    let pushed = push(9_999, at: 1, clock: clock, to: &store)
    #expect(pushed > 200)
    #expect(store.state(of: 1) == .hub)
    expect(&store, at: 1, clock: clock, 3)
    expect(&store, at: 200, clock: clock, 202)
  }

  @Test func `is none any more when all its entries are forgotten meanwhile`() throws {
    for byItself in [false, true] {
      var store = try becoming()
      var clock = store.latestClock
      clock += 100_000
      // Its own next entry frees some chunks, and visits to idle keys all of them.
      if byItself { _ = push(7, at: clock, clock: clock, to: &store) }
      if !byItself {
        // More chunks than go at one visit.
        for _ in 0..<2 { store.forgetIdle(keys: 64, clock: clock) }
        #expect(store.state(of: 1) == .none)
        #expect(store.hubs.liveBlocks == 0)
      }
      // Another becomes one of its number.
      let start = clock + 1
      for _ in 0..<400 {
        clock += 1
        _ = push(UInt32(clock - start + 20_000), at: clock, clock: clock, to: &store)
      }
      #expect(store.state(of: 1) == .hub)
      let before: Int64 = byItself ? 1 : 0
      expect(&store, at: start + 99, clock: clock, 100 + before)
      expect(&store, at: clock - 1, clock: clock, 399 + before)
    }
  }

  @Test func `goes on becoming a hub in a copy of the state`() throws {
    let records = (KeyRecords(capacity: 64), KeyRecords(capacity: 64))
    var store = WindowStore(plan: Self.plan, in: records.0, keyCapacity: 64)
    var copy = WindowStore(plan: Self.plan, in: records.1, keyCapacity: 64)
    records.0.open()
    records.1.open()
    var clock: Int64 = 0
    for _ in 0..<262 {
      clock += 1
      _ = push(UInt32(clock), at: clock, clock: clock, to: &store)
    }
    #expect(store.state(of: 1) == .becoming)
    var reading = carrying(
      try carriedOut {
        try records.0.transfer(&$0)
        try store.transfer(&$0)
      })
    try records.1.transfer(&reading)
    try copy.transfer(&reading)
    let isBecoming = copy.state(of: 1) == .becoming
    #expect(isBecoming)
    for _ in 0..<100 {
      clock += 1
      let pushed = push(UInt32(clock), at: clock, clock: clock, to: &store)
      let pushedToCopy = push(UInt32(clock), at: clock, clock: clock, to: &copy)
      #expect(pushedToCopy == pushed)
      let moment = clock - 50
      expect(&copy, at: moment, clock: clock, moment)
      expect(&store, at: moment, clock: clock, moment)
    }
    #expect(copy.state(of: 1) == .hub)
  }
}

private enum HubState { case none, becoming, hub }

extension WindowStore {
  fileprivate func state(of key: UInt32) -> HubState {
    guard case .state(let state, _) = content(key) else { return .none }
    return hub(state) != 0 ? .hub : coming(state) != 0 ? .becoming : .none
  }
}
