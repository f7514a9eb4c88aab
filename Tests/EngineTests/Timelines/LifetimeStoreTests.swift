import Model
import Program
import Testing

@testable import Engine

@Suite struct `A lifetime store` {
  @Test func `counts distinct values in a few bytes as it does beside everything else`() {
    var slim = LifetimeStore(keyCapacity: 50, countsDistinct: true, summarizes: false)
    var full = LifetimeStore(keyCapacity: 50, countsDistinct: true, summarizes: true)
    var oracle: [UInt32: Set<Int64>] = [:]
    var random = SplitMix64(seed: 7)
    for order in 1...4_000 as ClosedRange<UInt64> {
      let key = UInt32(1 + random.below(50))
      let entry = Entry(
        key: EntryKey(time: Int64(order), order: order), value: Int64(1 + random.below(60)))
      let before = UInt32(oracle[key, default: []].count)
      slim.push(key: key, entry)
      full.push(key: key, entry)
      oracle[key, default: []].insert(entry.value)
      #expect(slim.read(key, excludingLast: true).values.count == before)
      #expect(full.read(key, excludingLast: true).values.count == before)
      let other = UInt32(1 + random.below(50))
      let expected = UInt32(oracle[other, default: []].count)
      #expect(slim.read(other, excludingLast: false).values.count == expected)
      #expect(slim.read(other, excludingLast: false).isEmpty == (expected == 0))
      #expect(full.read(other, excludingLast: false).values.count == expected)
    }
    #expect(slim.liveBytes + 50 * 100 < full.liveBytes)
  }

  @Test func `enters runs of values as one by one`() {
    var single = LifetimeStore(keyCapacity: 200, countsDistinct: true, summarizes: false)
    var run = LifetimeStore(keyCapacity: 200, countsDistinct: true, summarizes: false)
    var random = SplitMix64(seed: 11)
    var later = 0
    // Records of all are in use, as those of keys that have a number are.
    _ = single.pushSeen(key: 199, 1)
    _ = run.pushSeen(key: 199, 1)
    for _ in 0..<2_000 {
      let keys = (0..<64).map { _ in
        random.once(in: 8) ? 0 : UInt32(1 + random.below(random.once(in: 2) ? 6 : 199))
      }
      let values = keys.map { _ in UInt32(random.below(9)) }
      var found: [(before: UInt32, now: UInt32)?] = []
      for (key, value) in zip(keys, values) {
        let seen = LifetimeStore.enterFirst(key, value, in: run.rows)
        found.append(seen.other == 0 ? (seen.count - seen.new, seen.count) : nil)
      }
      for lane in keys.indices where found[lane] == nil {
        found[lane] = run.enterOther(keys[lane], values[lane])
        later += 1
      }
      for lane in keys.indices {
        let (key, value) = (keys[lane], values[lane])
        let count = UInt32(single.valuesSeen(key, excludingLast: false))
        let expected =
          key == 0 || value == 0 ? (before: count, now: count) : single.pushSeen(key: key, value)
        #expect(found[lane]?.before == expected.before && found[lane]?.now == expected.now)
      }
    }
    #expect((50_000..<110_000).contains(later))
  }

  @Test func `enters runs of values of a key with more than are told as one by one`() {
    var single = LifetimeStore(keyCapacity: 2, countsDistinct: true, summarizes: false)
    var run = LifetimeStore(keyCapacity: 2, countsDistinct: true, summarizes: false)
    for value in 1...UInt32(Limits.distinctValues + 3) {
      _ = run.pushSeen(key: 1, value)
      _ = single.pushSeen(key: 1, value)
      if value < Limits.distinctValues - 1 { continue }
      // The first value again, one that is known, and one that is new.
      for again in [1, 2, value + 10_000] {
        let first = LifetimeStore.enterFirst(1, again, in: run.rows)
        let isLeft = first.other != 0
        #expect(isLeft || again == 1)
        // Of so many the number is not all there is to say, so none is answered in place.
        #expect(isLeft || first.count <= Limits.distinctValues)
        let found = isLeft ? run.enterOther(1, again).now : first.count
        #expect(found == single.pushSeen(key: 1, again).now)
      }
    }
    #expect(single.valuesSeen(1, excludingLast: false) > Limits.distinctValues)
  }
}
