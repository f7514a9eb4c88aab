import Model
import Program
import Testing

@testable import Engine

@Suite struct `The shortest cycle` {
  @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
  func `agrees with every simple cycle tried and with the documented order`(seed: UInt64) {
    var stream = CycleStream(seed: seed)
    stream.run(events: 150)
    #expect(stream.comparisons > 4_500)
    #expect(stream.cyclesFound > 500, "seed \(seed) found few cycles")
    #expect(stream.truncations > 200, "seed \(seed) truncated little")
  }

  @Test func `goes through the edge just added when asked for one of its ends`() {
    var graph = GraphFixture.graph(links: [GraphFixture.events(isDirected: true)])
    // 1 ⇄ 2 is a cycle through 1, yet not through 1 → 3 → 4 → 1.
    let path: [(UInt32, UInt32)] = [(1, 2), (2, 1), (3, 4), (4, 1), (1, 3)]
    for (position, edge) in path.enumerated() {
      graph.addEdge(
        link: 0, from: edge.0, to: edge.1, time: Int64(position), sequence: UInt64(position),
        clock: Int64(position))
    }
    func length(_ account: UInt32, _ edge: (from: UInt32, to: UInt32)?) -> SignalValue {
      graph.cycleLength(link: 0, account: account, maxHops: 6, clock: 9, edge: edge)
    }
    func witness() -> [UInt32] { graph.cycleWitness() }
    #expect(length(1, (from: 1, to: 3)) == .exactly(3))
    #expect(witness() == [1, 3, 4])
    #expect(length(1, nil) == .exactly(2))
    #expect(witness().sorted() == [1, 2])
    #expect(length(2, (from: 1, to: 3)) == .exactly(2))
    #expect(length(0, (from: 1, to: 3)) == .exactly(0))
    #expect(length(77, nil) == .exactly(0))
    #expect(witness() == [])
  }

  @Test func `is found past a crowd at one end within the default budget`() {
    var graph = GraphFixture.graph(links: [GraphFixture.events(isDirected: true)])
    var sequence: UInt64 = 0
    func add(_ from: UInt32, _ to: UInt32) {
      graph.addEdge(
        link: 0, from: from, to: to, time: Int64(sequence), sequence: sequence,
        clock: Int64(sequence))
      sequence += 1
    }
    add(2, 3)
    for other in 10..<UInt32(20_010) { add(2, other) }
    add(3, 1)
    add(1, 2)
    let length = graph.cycleLength(
      link: 0, account: 1, maxHops: 6, clock: Int64(sequence), edge: (from: 1, to: 2))
    #expect(length == .exactly(3))
    // The search for all of it needs tables far beyond their first size.
    let none = graph.cycleLength(
      link: 0, account: 2, maxHops: 6, clock: Int64(sequence), edge: (from: 2, to: 10),
      budget: .max)
    #expect(none == .exactly(0))
  }

  @Test(arguments: [UInt32(0), 1_300, 2_499])
  func `is found between crowds at both ends without a budget`(bridge: UInt32) {
    var graph = GraphFixture.graph(links: [GraphFixture.events(isDirected: true)])
    var sequence: UInt64 = 0
    func add(_ from: UInt32, _ to: UInt32) {
      graph.addEdge(
        link: 0, from: from, to: to, time: Int64(sequence), sequence: sequence,
        clock: Int64(sequence))
      sequence += 1
    }
    // Ways of two edges out of 1 and into 1, of which one pair meets.
    for way in 0..<UInt32(2_500) {
      add(1, 10_000 + way)
      add(10_000 + way, 20_000 + way)
      add(30_000 + way, 40_000 + way)
      add(40_000 + way, 1)
    }
    add(20_000 + bridge, 30_000 + bridge)
    // The first search of a graph, so that its tables grow while it runs.
    let length = graph.cycleLength(
      link: 0, account: 1, maxHops: 6, clock: Int64(sequence), edge: nil, budget: .max)
    #expect(length == .exactly(5))
  }

  @Test func `is truncated and 0 when the budget ends first`() {
    var graph = GraphFixture.graph(links: [GraphFixture.events(isDirected: true)])
    for (position, edge) in [(1, 2), (2, 3), (3, 4), (4, 1)].enumerated() {
      graph.addEdge(
        link: 0, from: UInt32(edge.0), to: UInt32(edge.1), time: Int64(position),
        sequence: UInt64(position), clock: Int64(position))
    }
    func length(_ budget: Int) -> SignalValue {
      graph.cycleLength(
        link: 0, account: 4, maxHops: 4, clock: 3, edge: (from: 4, to: 1), budget: budget)
    }
    func witness() -> [UInt32] { graph.cycleWitness() }
    #expect(length(2) == .int(0, isTruncated: true))
    #expect(witness() == [])
    #expect(length(3) == .exactly(4))
    #expect(witness() == [4, 1, 2, 3])
  }

  @Test func `ends with the life of its edges to the microsecond`() {
    var graph = GraphFixture.graph(links: [GraphFixture.events(isDirected: true, window: 10)])
    graph.addEdge(link: 0, from: 1, to: 2, time: 100, sequence: 0, clock: 100)
    graph.addEdge(link: 0, from: 2, to: 1, time: 105, sequence: 1, clock: 105)
    func length(_ clock: Int64) -> SignalValue {
      graph.cycleLength(link: 0, account: 1, maxHops: 2, clock: clock, edge: nil)
    }
    #expect(length(109) == .exactly(2))
    #expect(length(110) == .exactly(0))
  }

  @Test func `of an undirected link does not walk an edge back`() {
    var graph = GraphFixture.graph(links: [GraphFixture.events(isDirected: false)])
    graph.addEdge(link: 0, from: 1, to: 2, time: 1, sequence: 0, clock: 1)
    graph.addEdge(link: 0, from: 2, to: 1, time: 2, sequence: 1, clock: 2)
    func length(_ edge: (from: UInt32, to: UInt32)?) -> SignalValue {
      graph.cycleLength(link: 0, account: 1, maxHops: 6, clock: 9, edge: edge)
    }
    #expect(length((from: 2, to: 1)) == .exactly(0))
    #expect(length(nil) == .exactly(0))
    graph.addEdge(link: 0, from: 2, to: 3, time: 3, sequence: 2, clock: 3)
    graph.addEdge(link: 0, from: 3, to: 1, time: 4, sequence: 3, clock: 4)
    #expect(length((from: 3, to: 1)) == .exactly(3))
    #expect(length(nil) == .exactly(3))
    graph.addEdge(link: 0, from: 1, to: 1, time: 5, sequence: 4, clock: 5)
    #expect(length((from: 1, to: 1)) == .exactly(1))
  }

  @Test func `is kept apart for each link`() {
    var graph = GraphFixture.graph(links: [
      GraphFixture.events(isDirected: true), GraphFixture.events(isDirected: true),
    ])
    graph.addEdge(link: 0, from: 1, to: 2, time: 1, sequence: 0, clock: 1)
    graph.addEdge(link: 1, from: 2, to: 1, time: 2, sequence: 1, clock: 2)
    let length = graph.cycleLength(link: 1, account: 1, maxHops: 6, clock: 2, edge: nil)
    #expect(length == .exactly(0))
  }
}

/// A random stream over a few accounts, compared after every event.
private struct CycleStream {
  private static let windows: [Int64?] = [140, 100, nil]
  private static let directions = [true, false, true]

  let seed: UInt64
  var random: SplitMix64
  var oracles = [GraphOracle](repeating: GraphOracle(), count: 3)
  var clock: Int64 = 1_000
  var comparisons = 0
  var cyclesFound = 0
  var truncations = 0

  init(seed: UInt64) {
    self.seed = seed
    random = SplitMix64(seed: seed)
  }

  mutating func run(events: Int) {
    let accounts = UInt32.random(in: 6...10, using: &random)
    var graph = GraphFixture.graph(
      links: (0..<3).map {
        GraphFixture.events(isDirected: Self.directions[$0], window: Self.windows[$0])
      })
    for sequence in 0..<events {
      // Half of the events share their time with the one before: sequence decides.
      clock += Int64.random(in: 0...3, using: &random) / 2 * Int64.random(in: 0...9, using: &random)
      let isLate = Int.random(in: 0..<4, using: &random) == 0
      let time = isLate ? clock - Int64.random(in: 0...170, using: &random) : clock
      let link = sequence % 3
      // The link that never forgets is kept sparse, or every answer in it would be 2.
      let crowd = link == 2 ? 6 * accounts : accounts
      let from = UInt32.random(in: 1...crowd, using: &random)
      let isSelf = Int.random(in: 0..<15, using: &random) == 0
      let to = isSelf ? from : UInt32.random(in: 1...crowd, using: &random)
      graph.addEdge(
        link: link, from: from, to: to, time: time, sequence: UInt64(sequence), clock: clock)
      oracles[link].edges.append(.init(from: from, to: to, time: time))
      for asked in 0..<3 {
        let live = oracles[asked].live(
          isDirected: Self.directions[asked], window: Self.windows[asked], clock: clock)
        if asked == link {
          compare(&graph, asked, live, account: from, edge: (from: from, to: to))
          compare(&graph, asked, live, account: to, edge: (from: from, to: to))
        }
        for account in 1...accounts where asked != link || (account != from && account != to) {
          compare(
            &graph, asked, live, account: account, edge: asked == link ? (from: from, to: to) : nil)
        }
      }
    }
  }

  private mutating func compare(
    _ graph: inout AccountGraph, _ link: Int, _ live: LiveGraph, account: UInt32,
    edge: (from: UInt32, to: UInt32)?
  ) {
    let maxHops = Int.random(in: 0...6, using: &random)
    let isThroughEdge = edge.map { $0.from == account || $0.to == account } ?? false
    let expected: Int
    if let edge, isThroughEdge {
      expected = live.shortestCycle(throughEdge: edge, maxHops: maxHops)
    } else {
      expected = live.shortestCycle(throughAccount: account, maxHops: maxHops)
    }
    let exact = graph.cycleLength(
      link: link, account: account, maxHops: maxHops, clock: clock, edge: edge, budget: .max)
    comparisons += 1
    if expected > 0 { cyclesFound += 1 }
    #expect(exact == .exactly(expected), "seed \(seed) clock \(clock) link \(link)")
    checkWitness(graph.cycleWitness(), expected, live, account, isThroughEdge ? edge : nil)

    let budget = Int.random(in: 0...14, using: &random)
    let bounded = graph.cycleLength(
      link: link, account: account, maxHops: maxHops, clock: clock, edge: edge, budget: budget)
    let answer: LiveGraph.Answer
    if let edge, isThroughEdge {
      answer = live.boundedCycle(throughEdge: edge, maxHops: maxHops, budget: budget)
    } else {
      answer = live.boundedCycle(throughAccount: account, maxHops: maxHops, budget: budget)
    }
    comparisons += 1
    if answer.isTruncated { truncations += 1 }
    #expect(
      bounded == .int(Int64(answer.length), isTruncated: answer.isTruncated),
      "seed \(seed) clock \(clock) link \(link) budget \(budget)")
    #expect(answer.isTruncated ? answer.length == 0 : answer.length == expected)
  }

  private func checkWitness(
    _ witness: [UInt32], _ length: Int, _ live: LiveGraph, _ account: UInt32,
    _ edge: (from: UInt32, to: UInt32)?
  ) {
    #expect(witness.count == length)
    #expect(Set(witness).count == length, "a simple cycle")
    guard length > 0 else { return }
    for (position, from) in witness.enumerated() {
      #expect(live.isLive(from, witness[(position + 1) % length]))
    }
    if let edge {
      #expect(witness[0] == edge.from && witness[1 % length] == edge.to)
    } else {
      #expect(witness[0] == account)
    }
  }
}
