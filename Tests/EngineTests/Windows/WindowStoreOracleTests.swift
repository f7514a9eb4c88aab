import Foundation
import Model
import Program
import Testing

@testable import Engine

/// A random stream of events over a random plan.
private struct Stream {
  var generator: SplitMix64
  let plan: EventListPlan
  var keys: Int
  let values: Int
  let hasHugeSums: Bool
  var lateOneIn: Int
  var longestStep: Int
  var clock: Int64

  init(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let lengths: [Int64] = [1, 5, 20, 60, 200, 1_000]
    let few = Array(lengths.shuffled(using: &generator).prefix(1 + generator.below(4)))
    // Now and then more than a word has bits for.
    let windows = seed % 16 == 9 ? (1...70 as ClosedRange<Int64>).map { 4 * $0 } : few
    plan = EventListPlan(
      event: 0, keySpace: 0, sumColumns: generator.below(3),
      distinctColumns: Array(repeating: 0, count: generator.below(3)), windows: windows,
      lateMicroseconds: [0, 3, 30, 300][generator.below(4)])
    keys = [1, 3, 12][generator.below(3)]
    values = [2, 20, 5_000][generator.below(3)]
    hasHugeSums = generator.once(in: 4)
    lateOneIn = [2, 5, 1_000][generator.below(3)]
    longestStep = [1, 3, 40][generator.below(3)]
    clock = [0, -5_000, 1_760_000_000_000_000][generator.below(3)]
    self.generator = generator
  }

  /// A key; small ones are hubs.
  mutating func key() -> UInt32 {
    UInt32(1 + min(generator.below(keys), generator.below(keys)))
  }

  /// The time of the next event, which moves the clock or is late, within `late` or far beyond.
  mutating func time() -> Int64 {
    if generator.once(in: lateOneIn) {
      let reach = generator.once(in: 4) ? 2_000 : 2 * plan.lateMicroseconds + 10
      return clock - Int64(generator.below(Int(reach)))
    }
    let isJump = generator.once(in: 300)
    clock += Int64(isJump ? generator.below(1_500) : generator.below(longestStep + 1))
    return clock
  }

  mutating func entry(at time: Int64) -> WindowOracle.Entry {
    let key = key()
    let sums = (0..<plan.sumColumns).map { _ in
      hasHugeSums
        ? Int64(bitPattern: generator.next()) : Int64(generator.below(2_001)) - 1_000
    }
    let distincts = plan.distinctColumns.map { _ in
      generator.once(in: 6) ? 0 : UInt32(1 + generator.below(values))
    }
    return WindowOracle.Entry(key: key, time: time, sums: sums, distincts: distincts)
  }

  /// All questions a group can ask of a list, by what is asked for and by length of window.
  var freshReads: (places: FreshPlaces, reads: [FreshRead]) {
    var reads: [FreshRead] = []
    func add(columns: Int) -> Int32 {
      let start = reads.count
      for window in plan.windows.indices.sorted(by: { plan.windows[$0] < plan.windows[$1] }) {
        for column in 0..<columns {
          for excludes in [false, true] {
            reads.append(
              FreshRead(
                length: plan.windows[window], window: Int32(window), column: Int32(column),
                place: Int32(reads.count), register: UInt16(reads.count),
                excludesCurrent: excludes))
          }
        }
      }
      return Int32(start)
    }
    let places = FreshPlaces(
      counts: add(columns: 1), sums: add(columns: plan.sumColumns),
      distincts: add(columns: plan.distinctColumns.count), end: Int32(reads.count))
    return (places, reads)
  }

  mutating func aggregate() -> Aggregate {
    let choice = generator.below(1 + plan.sumColumns + plan.distinctColumns.count)
    if choice == 0 { return .count }
    if choice <= plan.sumColumns { return .sum(column: choice - 1) }
    return .distinct(column: choice - 1 - plan.sumColumns)
  }
}

/// What the comparisons came upon, to show that the streams reach every case.
private struct Tally {
  var comparisons = 0
  var positive = 0
  var errors = 0
  var lateQuestions = 0
  var lateEntriesCounted = 0
  var excluded = 0
  var indexedQuestions = 0
  var hubQuestions = 0
  var becomingQuestions = 0
  var freshQuestions = 0
  var wrong: [String] = []
}

@Suite struct `A window store` {
  /// `SABUESO_ORACLE_STREAMS` asks for more than the default.
  @Test func `agrees with the whole history on random streams`() {
    var tally = Tally()
    var streams: UInt64 = 72
    if let asked = ProcessInfo.processInfo.environment["SABUESO_ORACLE_STREAMS"] {
      streams = UInt64(asked) ?? streams
    }
    for seed in 1...streams {
      compare(Stream(seed: seed), seed: seed, events: 500, tally: &tally)
      if tally.wrong.count > 5 { break }
    }
    #expect(tally.wrong.isEmpty, "\(tally.wrong.prefix(5).joined(separator: "\n"))")
    #expect(tally.comparisons >= 100_000)
    print("window oracle: seeds 1 to \(streams), \(tally.comparisons) comparisons")
    // The streams must reach what they are for.
    #expect(tally.positive > tally.comparisons / 3)
    #expect(tally.errors > 500)
    #expect(tally.lateQuestions > 10_000)
    #expect(tally.lateEntriesCounted > 3_000)
    #expect(tally.excluded > 3_000)
    #expect(tally.indexedQuestions > 10_000)
    #expect(tally.hubQuestions > 500)
    #expect(tally.freshQuestions > 20_000)
  }

  @Test func `agrees with the whole history while keys become hubs`() {
    var tally = Tally()
    // Late entries, for some of which a key becomes a hub at once, come often, seldom and never;
    // and time goes slowly, so that there are many in a window, or so that some leave meanwhile.
    for (lateOneIn, longestStep) in [(9, 1), (60, 1), (.max, 1), (60, 2), (.max, 2)] {
      for seed in 100...107 as ClosedRange<UInt64> {
        var stream = Stream(seed: seed)
        stream.keys = 2
        stream.lateOneIn = lateOneIn
        stream.longestStep = longestStep
        compare(stream, seed: seed, events: 700, tally: &tally)
      }
    }
    #expect(tally.wrong.isEmpty, "\(tally.wrong.prefix(5).joined(separator: "\n"))")
    #expect(tally.becomingQuestions > 100)
    #expect(tally.hubQuestions > 1_000)
  }

  /// Feeds a stream to a store that forgets, one that does not, and the oracle.
  private func compare(_ start: Stream, seed: UInt64, events: Int, tally: inout Tally) {
    var stream = start
    let plan = stream.plan
    var oracle = WindowOracle(plan: plan)
    var store = WindowStore(plan: plan, keyCapacity: 64)
    var keeper = WindowStore(plan: plan, keyCapacity: 64, forgets: false)
    let fresh = stream.freshReads
    for number in 0..<events {
      let time = stream.time()
      let clock = stream.clock
      let entry = stream.entry(at: time)
      let isCounted = !stream.generator.once(in: 8)
      if isCounted {
        oracle.push(entry)
        store.push(
          key: entry.key, time: time, clock: clock, sums: entry.sums.span,
          distincts: entry.distincts.span)
        keeper.push(
          key: entry.key, time: time, clock: clock, sums: entry.sums.span,
          distincts: entry.distincts.span)
      }
      if isCounted && number % 8 == 0 && store.isFresh {
        compare(fresh.places, fresh.reads, store, oracle, entry, seed: seed, tally: &tally)
      }
      if stream.generator.once(in: 5) { store.forgetIdle(keys: 2, clock: clock) }
      for _ in 0..<3 {
        let key = stream.generator.once(in: 2) ? entry.key : stream.key()
        let window = stream.generator.below(plan.windows.count)
        let aggregate = stream.aggregate()
        let asked = stream.generator.once(in: 20) ? time - Int64(stream.generator.below(50)) : time
        let excludes = isCounted && key == entry.key && stream.generator.once(in: 2)
        let expected = oracle.read(
          key: key, window: window, aggregate: aggregate, at: asked, clock: clock,
          excludingLastPush: excludes)
        let found = store.read(
          key: key, window: window, aggregate: aggregate, at: asked, clock: clock,
          excludingLastPush: excludes)
        let kept = keeper.read(
          key: key, window: window, aggregate: aggregate, at: asked, clock: clock,
          excludingLastPush: excludes)
        if found != expected || kept != expected {
          tally.wrong.append(
            "seed \(seed): \(aggregate) of key \(key) at \(asked), clock \(clock), excluding "
              + "\(excludes): \(found) and \(kept) instead of \(expected)")
        }
        tally.comparisons += 2
        if expected.state == .present && expected.payload != 0 { tally.positive += 2 }
        if expected.state == .error { tally.errors += 2 }
        if asked < clock { tally.lateQuestions += 2 }
        if asked < clock && isCounted && key == entry.key && !excludes
          && asked > clock - plan.lateMicroseconds
        {
          tally.lateEntriesCounted += 2
        }
        if excludes { tally.excluded += 2 }
        if asked < clock && store.isHub(key) { tally.hubQuestions += 2 }
        if asked < clock && store.isBecomingHub(key) { tally.becomingQuestions += 2 }
        if case .distinct = aggregate, oracle.history[key]?.count ?? 0 > 16 {
          tally.indexedQuestions += 2
        }
      }
    }
  }

  /// Asks what a group does of the entry pushed last, which is the newest of all.
  private func compare(
    _ places: FreshPlaces, _ reads: [FreshRead], _ store: borrowing WindowStore,
    _ oracle: borrowing WindowOracle, _ entry: WindowOracle.Entry, seed: UInt64,
    tally: inout Tally
  ) {
    var payloads = FixedArray<UInt64>(repeating: 77, count: reads.count)
    var states = FixedArray<UInt8>(repeating: 77, count: reads.count)
    var truncated: [TruncatedRead] = []
    let registers = Registers(&payloads, &states, at: 0..<reads.count)
    store.readFresh(FreshReads(places, of: reads.span), lane: 3, registers, &truncated)
    for (place, read) in reads.enumerated() {
      let aggregate = places.aggregate(of: read, at: place)
      let expected = oracle.read(read, aggregate, of: entry)
      let found = registers.value(read.register)
      if found != (expected.payload, expected.state.rawValue) {
        tally.wrong.append(
          "seed \(seed): \(read) of \(aggregate) at \(entry.time): \(found) instead of \(expected)")
      }
      tally.freshQuestions += 1
    }
    if !truncated.isEmpty { tally.wrong.append("seed \(seed): nothing is truncated") }
  }

  @Test func `agrees with the whole history on runs of the newest entries`() {
    var tally = Tally()
    for seed in 1...60 as ClosedRange<UInt64> {
      var stream = Stream(seed: seed)
      var oracle = WindowOracle(plan: stream.plan)
      var store = WindowStore(plan: stream.plan, keyCapacity: 64)
      // As those of keys are that have a number.
      store.records.use(count: 64)
      for _ in 0..<40 {
        let time = stream.time()
        let entry = stream.entry(at: time)
        oracle.push(entry)
        store.push(
          key: entry.key, time: time, clock: stream.clock, sums: entry.sums.span,
          distincts: entry.distincts.span)
        compareRun(&stream, &oracle, &store, seed: seed, tally: &tally)
      }
    }
    #expect(tally.wrong.isEmpty, "\(tally.wrong.prefix(5).joined(separator: "\n"))")
    #expect(tally.freshQuestions > 100_000 && tally.errors > 500)
  }

  /// Enters some entries as a run, of which each is the newest of all, and asks what a group asks.
  private func compareRun(
    _ stream: inout Stream, _ oracle: inout WindowOracle, _ store: inout WindowStore,
    seed: UInt64, tally: inout Tally
  ) {
    // A run begins in any lane, and ends in the last one at most.
    let first = stream.generator.below(64)
    let count = 1 + stream.generator.below(64 - first)
    let (places, reads) = stream.freshReads
    var moments: [Moment] = []
    var entries: [WindowOracle.Entry] = []
    for _ in 0..<count {
      stream.clock += Int64(stream.generator.below(stream.longestStep + 1))
      moments.append(Moment(time: stream.clock, clock: stream.clock))
      var entry = stream.entry(at: stream.clock)
      if stream.generator.once(in: 9) { entry.key = 0 }
      entries.append(entry)
    }
    let width = reads.count
    var payloads = FixedArray<UInt64>(repeating: 77, count: (first + count) * width)
    var states = FixedArray<UInt8>(repeating: 77, count: (first + count) * width)
    let unused = Array(repeating: Moment(), count: first)
    let lanes = Array(repeating: stream.entry(at: 0), count: first) + entries
    enter(
      lanes, from: first, FixedArray(unused + moments), FreshReads(places, of: reads.span),
      &payloads, &states, width: width, &store)
    for (lane, entry) in lanes.enumerated().dropFirst(first) where entry.key != 0 {
      oracle.push(entry)
      for (place, read) in reads.enumerated() {
        let expected = oracle.read(read, places.aggregate(of: read, at: place), of: entry)
        let found = (payloads[lane * width + place], states[lane * width + place])
        if found != (expected.payload, expected.state.rawValue) {
          tally.wrong.append("seed \(seed): \(read) of \(entry): \(found), not \(expected)")
        }
        tally.freshQuestions += 1
        if expected.state == .error { tally.errors += 1 }
      }
    }
  }

  private func enter(
    _ entries: [WindowOracle.Entry], from first: Int, _ moments: borrowing FixedArray<Moment>,
    _ reads: borrowing FreshReads, _ payloads: inout FixedArray<UInt64>,
    _ states: inout FixedArray<UInt8>, width: Int, _ store: inout WindowStore
  ) {
    let numbers = FixedArray(entries.map(\.key))
    let keys = SlotNumbers(numbers, slot: 0, slotsPerLane: 1, first..<entries.count)
    var truncated: [TruncatedRead] = []
    let isCounted = store.countsNewest(at: moments[first].time)
    #expect(isCounted)
    let distincts = FixedArray(entries.map { $0.distincts.first ?? 0 })
    let values = SlotNumbers(distincts, slot: 0, slotsPerLane: 1, first..<entries.count)
    let run = store.beginNewest(keys, values, first..<entries.count, at: moments)
    var firsts = BitPlaces(run.firsts)
    while let lane = firsts.next() {
      store.prepare(entries[lane], of: entries[lane].key, hasFirstValue: true)
      WindowStore.readLone(
        store.records.record(Int(entries[lane].key)), store.layout, reads,
        Registers(&payloads, &states, at: lane * width..<(lane + 1) * width))
    }
    var later = run.others
    var seconds = BitPlaces(run.seconds)
    while let lane = seconds.next() {
      store.prepare(entries[lane], of: 0)
      if let age = store.enterSecond(entries[lane].key, at: entries[lane].time) {
        store.readTwo(
          store.records.record(Int(entries[lane].key)), before: age, reads,
          Registers(&payloads, &states, at: lane * width..<(lane + 1) * width))
      } else {
        later |= 1 << UInt64(lane)
      }
    }
    var fews = BitPlaces(run.fews)
    while let lane = fews.next() {
      let entry = entries[lane]
      store.prepare(entry, of: 0)
      let registers = Registers(&payloads, &states, at: lane * width..<(lane + 1) * width)
      let chunk = store.enterFew(entry.key, at: entry.time)
      if chunk != 0 {
        store.readFew(chunk, at: entry.time, reads, registers)
      } else {
        store.enterAndRead(entry.key, at: entry.time, reads, lane: lane, registers, &truncated)
      }
    }
    var others = BitPlaces(later)
    while let lane = others.next() {
      store.prepare(entries[lane], of: 0)
      store.enterMany(
        entries[lane].key, at: entries[lane].time, reads, lane: lane,
        Registers(&payloads, &states, at: lane * width..<(lane + 1) * width), &truncated)
    }
    store.endNewest(run, clock: moments[entries.count - 1].clock)
  }

  @Test func `takes less memory when it forgets`() {
    let plan = EventListPlan(
      event: 0, keySpace: 0, sumColumns: 1, distinctColumns: [0], windows: [100, 10],
      lateMicroseconds: 10)
    var store = WindowStore(plan: plan, keyCapacity: 64)
    var keeper = WindowStore(plan: plan, keyCapacity: 64, forgets: false)
    for number in 0..<5_000 {
      let distincts = [UInt32(1 + number)]
      for key in 1...2 as ClosedRange<UInt32> {
        store.push(
          key: key, time: Int64(number), clock: Int64(number), sums: [1].span,
          distincts: distincts.span)
        keeper.push(
          key: key, time: Int64(number), clock: Int64(number), sums: [1].span,
          distincts: distincts.span)
      }
    }
    #expect(store.liveBytes < 200_000)
    #expect(keeper.liveBytes > 1_000_000)
    store.forgetIdle(keys: 64, clock: 10_000)
    #expect(store.chunks.liveBlocks == 0)
    #expect(store.states.liveBlocks == 0)
    #expect(store.pairs[0].pairCount == 0)
    #expect(store.hubs.liveBlocks == 0)
    #expect(store.index.liveBytes == 0)
  }

  @Test func `gives what idle hubs took back, few chunks at a time`() {
    let plan = EventListPlan(
      event: 0, keySpace: 0, sumColumns: 0, distinctColumns: [0], windows: [10_000],
      lateMicroseconds: 0)
    var store = WindowStore(plan: plan, keyCapacity: 1_024)
    func push(_ key: UInt32, _ value: UInt32, at time: Int64) {
      let (sums, distincts): ([Int64], [UInt32]) = ([], [value])
      store.push(key: key, time: time, clock: time, sums: sums.span, distincts: distincts.span)
    }
    for number in 0..<4_000 {
      push(UInt32(1 + number % 2 * 500), UInt32(1 + number), at: Int64(number))
    }
    #expect(store.isHub(1) && store.isHub(501))
    let chunks = store.chunks.liveBlocks
    // Long after them others come, each once, which pay for the visits.
    var mostFreed = 0
    for number in 0..<8_192 {
      let before = store.chunks.liveBlocks
      let time = 100_000 + Int64(number)
      push(UInt32(2 + number % 400), 1, at: time)
      store.payIdle(clock: time)
      mostFreed = max(mostFreed, before - store.chunks.liveBlocks)
    }
    #expect(chunks > 10 * WindowStore.freedChunks)
    #expect(mostFreed > WindowStore.freedChunks / 2 && mostFreed <= WindowStore.freedChunks)
    #expect(!store.isHub(1) && !store.isHub(501))
    #expect(store.hubs.liveBlocks == 0)
    #expect(store.index.liveBytes == 0)
    let isEmpty = store.timelines[0].pool.isEmpty
    #expect(isEmpty)
  }
}

extension WindowStore {
  fileprivate func isHub(_ key: UInt32) -> Bool {
    if case .state(let state, _) = content(key) { return hub(state) != 0 }
    return false
  }

  fileprivate func isBecomingHub(_ key: UInt32) -> Bool {
    if case .state(let state, _) = content(key) { return coming(state) != 0 }
    return false
  }

  /// Sets the columns of an entry in the record of a key.
  fileprivate mutating func prepare(
    _ entry: WindowOracle.Entry, of key: UInt32, hasFirstValue: Bool = false
  ) {
    for (column, sum) in entry.sums.enumerated() {
      records.store(sum, Int(key), layout.recordSum(column))
    }
    for (column, value) in entry.distincts.enumerated().dropFirst(hasFirstValue ? 1 : 0) {
      records.store(value, Int(key), layout.recordDistinct(column))
    }
  }
}

extension FreshPlaces {
  /// What the read at a place of a group asks for.
  fileprivate func aggregate(of read: FreshRead, at place: Int) -> Aggregate {
    let column = Int(read.column)
    if place < sums { return .count }
    return place < distincts ? .sum(column: column) : .distinct(column: column)
  }
}

extension WindowOracle {
  /// What a read says right after an entry, the newest of all.
  fileprivate func read(_ read: FreshRead, _ aggregate: Aggregate, of entry: Entry) -> SignalValue {
    self.read(
      key: entry.key, window: Int(read.window), aggregate: aggregate, at: entry.time,
      clock: entry.time, excludingLastPush: read.excludesCurrent)
  }
}
