import Model
import Program
import Testing

@testable import Engine

@Suite struct `A sequence store` {
  private struct Past {
    var key: UInt32
    var time: Int64
    var order: UInt64
    var isFirst: Bool
    var isSecond: Bool
  }

  private static let plan = SequencePlan(
    firstEvent: 0, secondEvent: 0, keySpace: 0, withinMicroseconds: 12, spanMicroseconds: 130,
    lateMicroseconds: 25)

  /// Every second event in the window with some first event earlier and near enough.
  private func count(
    _ history: [Past], key: UInt32, window: Int64, lag: Int64, at time: Int64, clock: Int64,
    excluding: UInt64?
  ) -> Int64 {
    let end = time - lag
    let mine = history.filter { $0.key == key }
    let seconds = mine.filter {
      $0.isSecond && $0.time > end - window && $0.time <= end && $0.order != excluding
        && $0.time > clock - window - lag - Self.plan.lateMicroseconds
    }
    let following = seconds.filter { second in
      mine.contains { first in
        first.isFirst && (first.time, first.order) < (second.time, second.order)
          && first.time >= second.time - Self.plan.withinMicroseconds
      }
    }
    return Int64(following.count)
  }

  @Test func `agrees with the whole history on random streams`() {
    var wrong: [String] = []
    var positive = 0
    var comparisons = 0
    for seed in 1...20 as ClosedRange<UInt64> {
      var generator = SplitMix64(seed: seed)
      var history: [Past] = []
      var store = SequenceStore(plan: Self.plan, keyCapacity: 16)
      var keeper = SequenceStore(plan: Self.plan, keyCapacity: 16, forgets: false)
      var clock: Int64 = 1_000
      let (keys, step) = (1 + generator.below(3), 1 + generator.below(6))
      for order in 1...400 as ClosedRange<UInt64> {
        let isLate = generator.once(in: 3)
        if !isLate { clock += Int64(generator.below(step)) }
        let time = isLate ? clock - Int64(generator.below(60)) : clock
        let kind = generator.below(5)
        let past = Past(
          key: UInt32(1 + generator.below(keys)), time: time, order: order,
          isFirst: kind < 2 || kind == 4, isSecond: kind >= 2)
        history.append(past)
        for isSecond in [true, false] where isSecond ? past.isSecond : past.isFirst {
          store.push(
            key: past.key, time: time, order: order, isSecond: isSecond, clock: clock)
          keeper.push(
            key: past.key, time: time, order: order, isSecond: isSecond, clock: clock)
        }
        if generator.once(in: 4) { store.forgetIdle(keys: 2, clock: clock) }
        for _ in 0..<2 {
          let window = [5, 40, 100][generator.below(3)] as Int64
          let lag = generator.once(in: 3) ? Int64(generator.below(30)) : 0
          let key = generator.once(in: 2) ? past.key : UInt32(1 + generator.below(keys))
          let excludes = past.isSecond && key == past.key && generator.once(in: 2)
          let expected = SignalValue.int(
            count(
              history, key: key, window: window, lag: lag, at: time, clock: clock,
              excluding: excludes ? order : nil))
          let found = store.read(
            key: key, microseconds: window, lag: lag, at: time, clock: clock,
            excludingLastPush: excludes)
          let kept = keeper.read(
            key: key, microseconds: window, lag: lag, at: time, clock: clock,
            excludingLastPush: excludes)
          comparisons += 2
          if expected != .int(0) { positive += 2 }
          if found != expected || kept != expected {
            wrong.append("seed \(seed), event \(order): \(found), \(kept), not \(expected)")
          }
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    #expect(comparisons == 32_000)
    #expect(positive > 10_000)
  }
}
