import Testing

@testable import Engine

/// Trees of two levels above their leaves, which take more entries than the streams of other tests.
@Suite struct `A large tree` {
  private static let streams: [(seed: UInt64, lateOneIn: Int, latest: Int)] = [
    (1, 2, 12), (2, 5, 12), (3, 40, 12), (4, 400, 12), (5, 3, 8_000), (6, 100_000, 12),
  ]

  @Test(arguments: `A large tree`.streams)
  func `is what its entries are`(seed: UInt64, lateOneIn: Int, latest: Int) {
    var random = SplitMix64(seed: seed)
    var pool = TreePool<EntrySummary>()
    var digits = TreePool<DigitCounts>()
    var root = TreeRoot()
    var other = TreeRoot(shift: 4)
    var all: [Entry] = []
    var clock: Int64 = 0
    var wrong = 0
    var heights: Set<UInt8> = []
    for order in 1...6_000 as ClosedRange<UInt64> {
      clock += Int64(random.below(3))
      let late = random.once(in: lateOneIn) ? Int64(random.below(latest)) : 0
      let entry = Entry(
        key: EntryKey(time: clock - late, order: order), value: Int64(random.below(1_000)))
      pool.insert(entry, into: &root)
      digits.insert(entry, into: &other)
      let place = all.lastIndex { $0.key < entry.key }.map { $0 + 1 } ?? 0
      all.insert(entry, at: place)
      if random.once(in: 9) {
        let index = random.once(in: 2) ? 0 : random.below(all.count)
        let key = all[index].key
        if !pool.remove(key, from: &root) { wrong += 1 }
        if !digits.remove(key, from: &other) { wrong += 1 }
        all.remove(at: index)
      }
      heights.insert(root.height)
      if order % 41 != 0 { continue }
      if pool.count(root) != all.count || digits.count(other) != all.count { wrong += 1 }
      if all.isEmpty { continue }
      if pool.newest(root).key != all[all.count - 1].key { wrong += 1 }
      if pool.oldest(root).key != all[0].key { wrong += 1 }
      for limit in [0, 1, 31, 32, 33, 1_000, all.count - 1, all.count] {
        if pool.isLarger(root, than: limit) != (all.count > limit) { wrong += 1 }
      }
      for _ in 0..<6 {
        let first = random.below(all.count)
        let last = first + random.below(all.count - first)
        let lower = first == 0 ? EntryKey.least : all[first - 1].key
        let found = pool.summary(root, above: lower, through: all[last].key)
        let part = all[first...last].map(\.value)
        if found.count != Int64(part.count) || found.sum != Int128(part.reduce(0, +))
          || found.least != part.min() || found.greatest != part.max()
        {
          wrong += 1
        }
        if pool.rank(root, through: all[last].key) != last + 1 { wrong += 1 }
        if pool.entry(of: root, at: first).key != all[first].key { wrong += 1 }
        let counted = digits.summary(other, above: lower, through: all[last].key)
        if counted.count != Int64(part.count) { wrong += 1 }
        var expected = DigitCounts()
        for value in part { expected.add(DigitCounts(value, shift: 4)) }
        for digit in 0..<16 where expected[digit] != counted[digit] { wrong += 1 }
      }
    }
    #expect(wrong == 0)
    #expect(heights.contains(2), "\(heights)")
  }
}
