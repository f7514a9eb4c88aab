import Foundation
import Model
import Program
import Testing

@testable import Engine

/// What the comparisons came upon, to show that the streams reach every case.
private struct Tally {
  var comparisons = 0
  var kinds: [String: Int] = [:]
  var present = 0
  var errors = 0
  var late = 0
  var excluded = 0
  var hubs = 0
  var wrong: [String] = []
}

@Suite struct `A timeline store` {
  /// `SABUESO_ORACLE_STREAMS` asks for more than the default.
  @Test func `agrees with the whole history on random streams`() {
    var tally = Tally()
    var streams: UInt64 = 60
    if let asked = ProcessInfo.processInfo.environment["SABUESO_ORACLE_STREAMS"] {
      streams = UInt64(asked) ?? streams
    }
    for seed in 1...streams {
      compare(seed: seed, events: 420, tally: &tally)
      if tally.wrong.count > 5 { break }
    }
    #expect(tally.wrong.isEmpty, "\(tally.wrong.prefix(5).joined(separator: "\n"))")
    #expect(tally.comparisons >= 100_000)
    print("timeline oracle: seeds 1 to \(streams), \(tally.comparisons) comparisons")
    // The streams must reach what they are for.
    #expect(tally.kinds.count >= 40, "\(tally.kinds.keys.sorted())")
    #expect(tally.kinds.values.allSatisfy { $0 > 3 }, "\(tally.kinds)")
    #expect(tally.present > tally.comparisons / 2)
    #expect(tally.errors > 100)
    #expect(tally.late > 10_000)
    #expect(tally.excluded > 10_000)
    #expect(tally.hubs > 10_000)
  }

  /// Feeds one stream to a store that forgets, one that does not, and the oracle.
  private func compare(seed: UInt64, events: Int, tally: inout Tally) {
    var stream = TimelineStream(seed: seed)
    let plan = stream.plan
    let zones = [stream.zone]
    var oracle = TimelineOracle(plan: plan, zone: stream.zone)
    var store = TimelineStore(plan: plan, keyCapacity: 64)
    var keeper = TimelineStore(plan: plan, keyCapacity: 64, forgets: false)
    for order in 1...UInt64(events) {
      let time = stream.time()
      let clock = stream.clock
      let key = stream.key()
      let payload = stream.payload()
      let isCounted = !stream.generator.once(in: 8)
      if isCounted {
        oracle.push(.init(time: time, order: order, payload: payload), key: key)
        let value = TimelineCoding.value(payload, plan.value ?? .int)
        store.push(key: key, time: time, order: order, value: value, clock: clock)
        keeper.push(key: key, time: time, order: order, value: value, clock: clock)
      }
      if stream.generator.once(in: 5) { store.forgetIdle(keys: 2, clock: clock) }
      for _ in 0..<3 {
        let asked = stream.generator.once(in: 2) ? key : stream.key()
        let read = stream.read()
        let moment =
          stream.generator.once(in: 20)
          ? time - Int64(stream.generator.below(50)) * stream.scale : time
        let excludes = read.excludingCurrent && isCounted && asked == key
        let expected = oracle.read(
          read, key: asked, at: moment, clock: clock, excluding: excludes ? order : nil)
        let found = store.read(
          read, key: asked, at: moment, clock: clock, excludingLastPush: excludes, zones: zones)
        let kept = keeper.read(
          read, key: asked, at: moment, clock: clock, excludingLastPush: excludes, zones: zones)
        if found != expected || kept != expected {
          tally.wrong.append(
            "seed \(seed), event \(order): \(read) of key \(asked) at \(moment), clock \(clock), "
              + "excluding \(excludes): \(found) and \(kept) instead of \(expected)")
          return
        }
        tally.comparisons += 2
        tally.kinds[Self.name(read), default: 0] += 1
        if expected.state == .present && expected.payload != 0 { tally.present += 2 }
        if expected.state == .error { tally.errors += 2 }
        if moment < clock { tally.late += 2 }
        if excludes { tally.excluded += 2 }
        if oracle.history[asked]?.count ?? 0 > RankTrie.bagEntries { tally.hubs += 2 }
      }
    }
  }

  /// Aggregate × kind of window.
  private static func name(_ read: TimelineRead) -> String {
    let span =
      switch read.span {
      case .sliding: "over"
      case .last: "last"
      case .calendar(let unit, _): "calendar \(unit)"
      case .lifetime: "lifetime"
      }
    let aggregate = "\(read.aggregate)".prefix { $0 != "(" }
    return "\(aggregate) \(span)"
  }

  @Test func `gives memory back when it forgets`() {
    var plan = TimelinePlan(event: 0, keySpace: 0, value: .key(0), lateMicroseconds: 10)
    plan.spanMicroseconds = 100
    plan.isRanked = true
    plan.countsDistinct = true
    var store = TimelineStore(plan: plan, keyCapacity: 64)
    var keeper = TimelineStore(plan: plan, keyCapacity: 64, forgets: false)
    for number in 1...5_000 as ClosedRange<Int64> {
      for key in 1...2 as ClosedRange<UInt32> {
        store.push(
          key: key, time: number, order: UInt64(2 * number) + UInt64(key), value: number,
          clock: number)
        keeper.push(
          key: key, time: number, order: UInt64(2 * number) + UInt64(key), value: number,
          clock: number)
      }
    }
    #expect(store.liveBytes < keeper.liveBytes / 10)
    for _ in 0..<100 { store.forgetIdle(keys: 64, clock: 10_000) }
    let isEmpty = store.pool.isEmpty
    #expect(isEmpty)
    let pairs = store.occurrences.pairCount
    #expect(pairs == 0)
    let nodes = store.tries.nodes.liveBlocks
    #expect(nodes == 0)
  }
}
