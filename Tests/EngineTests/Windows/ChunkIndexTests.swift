import Testing

@testable import Engine

/// A chunk as the test knows it.
private struct Known {
  var time: Int64
  var chunk: UInt32
  var totals: [Int128]
}

@Suite struct `An index of chunks` {
  @Test func `knows the totals up to any moment`() {
    var generator = SplitMix64(seed: 7)
    var index = ChunkIndex(sumCount: 2)
    var root = ChunkRoot()
    var known: [Known] = []
    var sums = FixedArray<Int128>(repeating: 0, count: 5)
    var clock: Int64 = -1_000
    var greatestHeight: UInt32 = 0
    for number in 1...12_000 as ClosedRange<UInt32> {
      clock += Int64(generator.below(3))
      // Mostly in order, some in the middle, and at times one before all others.
      let isLate = generator.once(in: 4)
      let first = known.first?.time ?? clock
      let span = generator.once(in: 50) ? clock - first + 5 : min(clock - first, 500)
      let time = isLate ? clock - Int64(generator.below(Int(span) + 1)) : clock
      let totals = (0..<3).map { _ in Int128(Int64(bitPattern: generator.next())) }
      set(totals, &index)
      index.insert(number, at: time, into: &root)
      let place = known.firstIndex { ($0.time, $0.chunk) > (time, number) } ?? known.count
      known.insert(Known(time: time, chunk: number, totals: totals), at: place)
      if generator.once(in: 2) {
        let changed = known.count - 1 - min(generator.below(known.count), generator.below(300))
        set([1, -5, 7], &index)
        index.change(known[changed].chunk, at: known[changed].time, in: root)
        for column in 0..<3 { known[changed].totals[column] += [1, -5, 7][column] }
      }
      // For a while as many go as come.
      if number > 6_000 && number < 9_000 { removeFirst(&known, &index, &root) }
      greatestHeight = max(greatestHeight, root.height)
      guard number % 16 == 0 else { continue }
      let asked = generator.once(in: 2) ? known[generator.below(known.count)].time : clock
      let found = index.last(root, through: asked, &sums, at: 1)
      let counted = known.prefix { $0.time <= asked }
      #expect(known.contains { $0.chunk == found && $0.time == counted.last?.time })
      #expect(index.last(root, through: asked) == found)
      for column in 0..<3 {
        #expect(sums[1 + column] == counted.reduce(0) { $0 + $1.totals[column] })
      }
      #expect(sums[0] == 0 && sums[4] == 0)
    }
    #expect(greatestHeight == 2)
    #expect(index.last(root, through: known[0].time - 1, &sums, at: 1) == 0 && sums[1] == 0)
    while !known.isEmpty { removeFirst(&known, &index, &root) }
    #expect(root.block == 0 && index.liveBytes == 0)
  }

  private func set(_ totals: [Int128], _ index: inout ChunkIndex) {
    for column in totals.indices { index.delta[column] = totals[column] }
  }

  private func removeFirst(
    _ known: inout [Known], _ index: inout ChunkIndex, _ root: inout ChunkRoot
  ) {
    let gone = known.removeFirst()
    set(gone.totals.map { -$0 }, &index)
    index.remove(gone.chunk, at: gone.time, from: &root)
  }
}
