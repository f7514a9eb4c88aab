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
}
