import CColumns
import Program
import Testing

@testable import Engine

@Suite struct `Few entries` {
  /// A chunk with entries of one summed and one distinct column, as a list lays it out.
  private struct Chunk: ~Copyable {
    static let times = WindowLayout.chunkTimes
    static let sums = times + 8 * Int(columns_few_values)
    static let values = sums + 8 * Int(columns_few_values)
    var pool = BlockPool(blockBytes: 128, reservedBytes: 1 << 16)
    let number: UInt32

    init(_ random: inout SplitMix64) {
      number = pool.allocate()
      // What lies around the entries is whatever was there.
      for word in 0..<16 { pool.store(random.next(), number, 8 * word) }
    }

    mutating func set(_ index: Int, _ time: Int64, _ sum: Int64, _ value: UInt32) {
      pool.store(time, number, Self.times + 8 * index)
      pool.store(sum, number, Self.sums + 8 * index)
      pool.store(value, number, Self.values + 4 * index)
    }
  }

  @Test func `are counted, summed and told apart as one by one`() {
    var random = SplitMix64(seed: 23)
    var overflows = 0
    for _ in 0..<20_000 {
      var chunk = Chunk(&random)
      let end = 1 + random.below(Int(columns_few_values))
      let now: Int64 = 1_760_000_000_000_000
      let times = (0..<end).map { _ in now - Int64(random.below(50)) }.sorted()
      let isHuge = random.once(in: 3)
      let sums = (0..<end).map { _ in
        isHuge ? Int64(bitPattern: random.next()) : Int64(random.below(2_000)) - 1_000
      }
      let values = (0..<end).map { _ in UInt32(random.below(4)) }
      for index in 0..<end { chunk.set(index, times[index], sums[index], values[index]) }
      let fields = chunk.pool.block(chunk.number)
      let entries = fields.fewEntries(end, at: now)
      for length in [1, 7, 20, 49, 1_000] as [Int64] {
        let expected = times.count { now - $0 < length }
        #expect(entries.count(within: length) == expected)
      }
      for taken in 0...end {
        var totals = fields.fewTotals(Chunk.sums, end)
        let total = sums.suffix(taken).reduce(Int128(-5)) { $0 + Int128($1) }
        if let found = totals.ofLast(taken, less: 5) {
          #expect(Int128(found) == total)
        } else {
          overflows += 1
        }
        let all = fields.fewDistinct(Chunk.values + 4 * end, taken)
        #expect(all == Set(values.suffix(taken)).subtracting([0]).count)
      }
    }
    // Only what may leave 64 bits is not told.
    #expect((10_000..<60_000).contains(overflows))
  }

  @Test(arguments: [columns_128_bits, columns_256_bits].filter { columns_has($0) })
  func `of several chunks are told apart as one by one`(_ width: columns_width) {
    var random = SplitMix64(seed: 29)
    for _ in 0..<20_000 {
      let count = 1 + random.below(Int(columns_scanned))
      let different = 1 + random.below(30)
      let all = (0..<count).map { _ in UInt32(random.below(different)) }
      var scanned = ScannedValues()
      // From the last chunk to one that has more before.
      var end = count
      while end > 0 {
        var chunk = Chunk(&random)
        let taken = 1 + random.below(Int(columns_few_values))
        for index in 0..<taken where end - taken + index >= 0 {
          chunk.set(index, 0, 0, all[end - taken + index])
        }
        scanned.take(chunk.pool.block(chunk.number), Chunk.values + 4 * taken, endingAt: end)
        end -= taken
      }
      let most = scanned.distinct(count, by: width)
      #expect(most == Set(all).subtracting([0]).count)
      let others = scanned.distinct(count - 1, by: width)
      #expect(others == Set(all.dropLast()).subtracting([0]).count)
      #expect(others == scanned.distinct(count - 1))
    }
    #expect(WindowStore.scannedEntries == columns_scanned)
  }

  @Test func `are as many as a chunk has room for`() {
    for sums in 0...6 {
      for distincts in 0...12 {
        let layout = WindowLayout(
          plan: .init(
            event: 0, keySpace: 0, sumColumns: sums,
            distinctColumns: Array(repeating: 0, count: distincts), windows: [10],
            lateMicroseconds: 0))
        // What is read beside the entries lies in the chunk too.
        let most = Int(distincts > 0 ? columns_few_values : columns_few)
        #expect(layout.chunkEntries <= most)
        #expect(layout.time(Int(columns_few)) <= layout.chunkBytes)
        for column in 0..<sums { #expect(layout.sum(column, 0) >= 8 * Int(columns_few - 1)) }
      }
    }
  }
}
