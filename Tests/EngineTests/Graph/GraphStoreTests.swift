import Testing

@testable import Engine

@Suite struct `Adjacency lists` {
  @Test(arguments: [UInt64(21), 22]) func `hold what sets hold`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var pool = AdjacencyPool()
    var heads = [AdjacencyHead](repeating: AdjacencyHead(), count: 4)
    var sets = [Set<UInt32>](repeating: [], count: 4)
    for step in 0..<20_000 {
      let list = Int.random(in: 0..<4, using: &random)
      let value = UInt32.random(in: 1...60, using: &random)
      let isFound = pool.contains(value, in: heads[list])
      #expect(isFound == sets[list].contains(value), "seed \(seed) step \(step)")
      // Grows and shrinks by turns, so that lists become long and empty again.
      if sets[list].contains(value) {
        if (step / 500) % 2 == 1 {
          pool.remove(value, from: &heads[list])
          sets[list].remove(value)
        }
      } else if (step / 500) % 2 == 0 {
        pool.append(value, to: &heads[list])
        sets[list].insert(value)
      }
      #expect(Int(pool.count(heads[list])) == sets[list].count)
    }
    for list in 0..<4 {
      var cursor = pool.cursor(over: heads[list])
      var entries: [UInt32] = []
      while true {
        let entry = pool.next(&cursor)
        if entry == 0 { break }
        entries.append(entry)
      }
      #expect(entries.sorted() == sets[list].sorted(), "seed \(seed)")
      pool.clear(&heads[list])
    }
    #expect(pool.liveBytes == 0)
  }
}

@Suite struct `The lists of accounts` {
  private let records = KeyRecords(capacity: 10)

  @Test func `are known to be as long as the longest ever was, and found anew`() throws {
    var pool = AdjacencyPool()
    var heads = AccountHeads(width: 3, in: records)
    records.open()
    #expect(heads.mostOfAny == 3 * AdjacencyHead.shortEntries)
    var head = AdjacencyHead()
    for value: UInt32 in 1...40 {
      heads.noteLength(pool.append(value, to: &head))
      heads.setHead(of: 7, 2, head)
      #expect(heads.mostOfAny == 3 * max(Int(value), AdjacencyHead.shortEntries))
    }
    // One that came with the state, and was not noted.
    var unnoted = AdjacencyHead()
    for value: UInt32 in 1...50 { pool.append(value, to: &unnoted) }
    heads.setHead(of: 8, 0, unnoted)
    #expect(heads.mostOfAny == 120)
    try heads.measure(pool)
    #expect(heads.mostOfAny == 150)
    // A pool that has no such chunk is that of another state.
    #expect(throws: SnapshotError.damaged) { try heads.measure(AdjacencyPool()) }
  }
}

@Suite struct `The index of edges` {
  @Test(arguments: [UInt64(31), 32]) func `finds what a dictionary finds`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var records = ReservedArray<EdgeRecord>(capacity: 100_000)
    var index = EdgeIndex(capacity: 400_000)
    var expected: [UInt64: UInt32] = [:]
    var edges: [UInt32] = []
    records.use(count: 1)
    for step in 0..<40_000 {
      let from = UInt32.random(in: 1...250, using: &random)
      let to = UInt32.random(in: 1...250, using: &random)
      let key = UInt64(from) << 32 | UInt64(to)
      let found = index.find(from, to, records)
      #expect(found == expected[key] ?? 0, "seed \(seed) step \(step)")
      if found == 0 {
        let edge = UInt32(records.count)
        records.append(EdgeRecord(time: 0, from: from, to: to, fromChunk: 0, toChunk: 0))
        index.insert(edge, records)
        expected[key] = edge
        edges.append(edge)
      }
      // Removes during growth too, first fewer than it adds, then as many.
      if !edges.isEmpty && Int.random(in: 0..<(step < 30_000 ? 4 : 1), using: &random) == 0 {
        edges.swapAt(Int.random(in: edges.indices, using: &random), edges.count - 1)
        let edge = edges.removeLast()
        index.remove(edge, records)
        expected[UInt64(records[Int(edge)].from) << 32 | UInt64(records[Int(edge)].to)] = nil
      }
      #expect(index.count == expected.count)
    }
    for edge in edges {
      let found = index.find(records[Int(edge)].from, records[Int(edge)].to, records)
      #expect(found == edge)
    }
  }

  @Test func `finds what a dictionary finds in small tables whose last line often overflows`() {
    let seed: UInt64 = 34
    var random = SplitMix64(seed: seed)
    var records = ReservedArray<EdgeRecord>(capacity: 401)
    records.use(count: 1)
    for number: UInt32 in 1...400 {
      records.append(EdgeRecord(time: 0, from: 0, to: number % 9, fromChunk: 0, toChunk: 0))
    }
    var mistakes = 0
    for round: UInt32 in 1...40 {
      var index = EdgeIndex(capacity: 401)
      var isThere = [Bool](repeating: false, count: 401)
      for number in 1...400 { records[number].from = round << 16 | UInt32(number) }
      // Up to a fourth growth, some of which take many steps.
      for step in 0..<2_000 {
        let number = 1 + random.below(min(400, 30 + step / 4))
        let record = records[number]
        let found = index.find(record.from, record.to, records)
        if found != (isThere[number] ? UInt32(number) : 0) { mistakes += 1 }
        if index.find(record.to, record.from, records) != 0 { mistakes += 1 }
        if isThere[number] && !random.once(in: 3) { continue }
        if isThere[number] {
          index.remove(UInt32(number), records)
        } else {
          index.insert(UInt32(number), records)
        }
        isThere[number].toggle()
      }
      for number in 1...400 {
        let record = records[number]
        let found = index.find(record.from, record.to, records)
        if found != (isThere[number] ? UInt32(number) : 0) { mistakes += 1 }
      }
      if index.count != isThere.count(where: { $0 }) { mistakes += 1 }
    }
    #expect(mistakes == 0, "seed \(seed)")
  }

  @Test func `finds all while its largest tables move`() {
    // Enough for a table whose memory is given back in pieces as it empties.
    let count: UInt32 = 400_000
    var random = SplitMix64(seed: 33)
    var records = ReservedArray<EdgeRecord>(capacity: Int(count) + 1)
    var index = EdgeIndex(capacity: 400_000)
    var lost = 0
    records.use(count: 1)
    for edge in 1...count {
      records.append(EdgeRecord(time: 0, from: edge, to: 7, fromChunk: 0, toChunk: 0))
      index.insert(edge, records)
      let asked = UInt32.random(in: 1...edge, using: &random)
      if index.find(asked, 7, records) != asked { lost += 1 }
    }
    for edge in 1...count where index.find(edge, 7, records) != edge { lost += 1 }
    #expect(lost == 0)
    #expect(index.liveBytes == 8 << 20)
  }
}

@Suite struct `The edges of a link` {
  @Test(arguments: [true, false]) func `lie newest first under refreshes and late uses`(
    isDirected: Bool
  ) {
    let seed: UInt64 = 41
    var random = SplitMix64(seed: seed)
    var store = EdgeStore(isDirected: isDirected, windowMicroseconds: 600)
    var oracle = GraphOracle()
    var clock: Int64 = 0
    for sequence in 0..<900 {
      clock += Int64.random(in: 0...2, using: &random)
      let isLate = Int.random(in: 0..<3, using: &random) == 0
      let time = isLate ? clock - Int64.random(in: 0...700, using: &random) : clock
      // Two accounts with long lists, the others with short ones.
      let from = UInt32.random(in: 1...2, using: &random)
      let to = UInt32.random(in: 1...70, using: &random)
      let isForward = Bool.random(using: &random)
      let edge = GraphOracle.Edge(
        from: isForward ? from : to, to: isForward ? to : from, time: time)
      store.add(
        from: edge.from, to: edge.to, time: time, sequence: UInt64(sequence), clock: clock)
      oracle.edges.append(edge)
      guard sequence % 9 == 0 else { continue }
      let live = oracle.live(isDirected: isDirected, window: 600, clock: clock)
      for account in [1, 2, 3, edge.from, edge.to] {
        #expect(
          neighbours(store, account, .out, clock) == live.out[account] ?? [],
          "seed \(seed) sequence \(sequence)")
        if isDirected {
          #expect(
            neighbours(store, account, .into, clock) == live.into[account] ?? [],
            "seed \(seed) sequence \(sequence)")
        }
      }
    }
  }

  private func neighbours(
    _ store: borrowing EdgeStore, _ account: UInt32, _ side: EdgeSide, _ clock: Int64
  ) -> [UInt32] {
    var cursor = store.neighbours(of: account, side)
    var accounts: [UInt32] = []
    while true {
      let neighbour = store.next(&cursor, liveAfter: store.liveAfter(clock: clock))
      if neighbour == 0 { return accounts }
      accounts.append(neighbour)
    }
  }

  @Test func `are forgotten when dead, so that memory follows the window`() {
    var store = EdgeStore(isDirected: true, windowMicroseconds: 1_000)
    var mostBytes = 0
    for event in 0..<UInt32(60_000) {
      // Never the same two accounts in order, over a few hundred accounts.
      let from = 1 + event % 251
      let to = 1 + event / 251
      store.add(
        from: from, to: to, time: Int64(event), sequence: UInt64(event), clock: Int64(event))
      #expect(store.count <= 1_400)
      if event == 5_000 { mostBytes = store.liveBytes }
    }
    #expect(store.liveBytes <= mostBytes + mostBytes / 4)
  }
}
