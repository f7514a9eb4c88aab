import Model
import Program
import Testing

@testable import Engine

@Suite struct `A component` {
  @Test(arguments: [UInt64(11), 12, 13, 14])
  func `agrees with the closure of its whole history`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let maxDegrees: [Int?] = [2, 5, nil]
    let retentions: [Int64?] = [60, nil, 90]
    var graph = GraphFixture.graph(
      identifiers: (0..<3).map {
        GraphFixture.identifier(
          "i\($0)", maxDegree: maxDegrees[$0], retentionMicroseconds: retentions[$0])
      },
      links: [
        GraphFixture.sharing([0, 1]), GraphFixture.sharing([1, 2]),
        GraphFixture.events(isDirected: true, needsComponents: true),
      ])
    var oracle = GraphOracle(maxDegrees: maxDegrees, retentions: retentions)
    var clock: Int64 = 500
    var cuts = 0
    var forgotten = 0
    var wasHub: Set<GraphOracle.Value> = []
    for sequence in 0..<160 {
      clock += Int64.random(in: 0...6, using: &random)
      if Int.random(in: 0..<40, using: &random) == 0 { clock += 100 }
      let isLate = Int.random(in: 0..<4, using: &random) == 0
      let time = isLate ? clock - Int64.random(in: 0...80, using: &random) : clock
      let identifier = Int.random(in: 0..<3, using: &random)
      let used = GraphOracle.Value(
        identifier: identifier,
        value: UInt32.random(in: 1...(identifier == 2 ? 30 : 9), using: &random))
      let account = UInt32.random(in: 1...24, using: &random)
      graph.use(
        identifier: identifier, value: used.value, account: account, time: time, clock: clock)
      oracle.uses.append(
        .init(
          identifier: identifier, value: used.value, account: account, time: time, clock: clock))
      if sequence % 3 == 0 {
        let other = UInt32.random(in: 1...24, using: &random)
        graph.addEdge(
          link: 2, from: account, to: other, time: time, sequence: UInt64(sequence), clock: clock)
        oracle.edges.append(.init(from: account, to: other, time: time))
      }
      let isHub = oracle.isHub(used, clock: clock)
      let found = graph.isHub(identifier: identifier, value: used.value, clock: clock)
      #expect(found == isHub, "seed \(seed) sequence \(sequence)")
      if isHub {
        if wasHub.insert(used).inserted { cuts += 1 }
      } else if wasHub.remove(used) != nil {
        forgotten += 1
      }
      for account in UInt32(1)...24 where account % 3 == UInt32(sequence % 3) {
        compare(&graph, oracle, account, "seed \(seed) sequence \(sequence) account \(account)")
      }
    }
    #expect(cuts > 5 && forgotten > 0, "seed \(seed): \(cuts) cuts, \(forgotten) forgotten")
  }

  private func compare(
    _ graph: inout AccountGraph, _ oracle: GraphOracle, _ account: UInt32, _ comment: Comment
  ) {
    let expected = [
      oracle.componentSize(of: account, [0, 1]), oracle.componentSize(of: account, [1, 2]),
      oracle.componentSize(of: account),
    ]
    for link in 0..<3 {
      let size = graph.componentSize(link: link, account: account, maxNodes: nil)
      #expect(size == .exactly(expected[link]), comment)
      let capped = graph.componentSize(link: link, account: account, maxNodes: 4)
      #expect(
        capped == .int(Int64(min(expected[link], 4)), isTruncated: expected[link] > 4), comment)
    }
  }

  @Test func `of an account never seen is itself`() {
    var graph = GraphFixture.graph(
      identifiers: [GraphFixture.identifier("device")], links: [GraphFixture.sharing([0])])
    let sizes = [0, 1_000].map { graph.componentSize(link: 0, account: $0, maxNodes: 5) }
    #expect(sizes == [.exactly(1), .exactly(1)])
  }

  @Test func `falls apart at the event that makes a hub and stays joined elsewhere`() {
    var graph = GraphFixture.graph(
      identifiers: [
        GraphFixture.identifier("device", maxDegree: 3, retentionMicroseconds: 100),
        GraphFixture.identifier("phone"),
      ], links: [GraphFixture.sharing([0, 1])])
    func size(_ account: UInt32) -> SignalValue {
      graph.componentSize(link: 0, account: account, maxNodes: nil)
    }
    func isHub(_ clock: Int64) -> Bool { graph.isHub(identifier: 0, value: 7, clock: clock) }
    for account in UInt32(1)...3 {
      graph.use(identifier: 0, value: 7, account: account, time: 10, clock: 10)
    }
    for account in UInt32(2)...3 {
      graph.use(identifier: 1, value: 1, account: account, time: 11, clock: 11)
    }
    #expect(size(1) == .exactly(3))
    #expect(!isHub(11))
    #expect(graph.newHubs == 0)
    graph.use(identifier: 0, value: 7, account: 4, time: 12, clock: 12)
    #expect([1, 2, 3, 4].map(size) == [1, 2, 2, 1].map(SignalValue.exactly))
    #expect(isHub(112))
    #expect(!isHub(113))
    // Idle for exactly its retention it is a hub still, and this use keeps it one.
    graph.use(identifier: 0, value: 7, account: 1, time: 112, clock: 112)
    #expect(isHub(212))
    #expect(graph.newHubs == 1)
    // Longer idle it is a new identifier.
    graph.use(identifier: 0, value: 7, account: 1, time: 213, clock: 213)
    graph.use(identifier: 0, value: 7, account: 4, time: 213, clock: 213)
    #expect(size(1) == .exactly(2))
    #expect(!isHub(213))
  }

  @Test func `of a large ring held by one value is rebuilt whole`() {
    let count: UInt32 = 3_000
    var graph = GraphFixture.graph(
      identifiers: [
        GraphFixture.identifier("device", maxDegree: 500), GraphFixture.identifier("phone"),
      ], links: [GraphFixture.sharing([0, 1])])
    // Chains of six accounts by phone; one device joins the first account of each chain.
    for account in 1...count {
      if account % 6 != 0 {
        graph.use(identifier: 1, value: account, account: account, time: 1, clock: 1)
        graph.use(identifier: 1, value: account, account: account + 1, time: 1, clock: 1)
      }
    }
    for account in stride(from: 1, through: count, by: 6) {
      graph.use(identifier: 0, value: 1, account: account, time: 2, clock: 2)
    }
    func size(_ account: UInt32) -> SignalValue {
      graph.componentSize(link: 0, account: account, maxNodes: nil)
    }
    #expect(size(3) == .exactly(3_000))
    graph.use(identifier: 0, value: 1, account: count + 50, time: 3, clock: 3)
    for account in 1...count {
      #expect(size(account) == .exactly(6))
    }
  }
}
