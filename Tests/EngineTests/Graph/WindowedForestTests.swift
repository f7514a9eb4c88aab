import Model
import Program
import Testing

@testable import Engine

@Suite struct `A windowed component` {
  private static func graph(window: Int64) -> AccountGraph {
    GraphFixture.graph(
      identifiers: [GraphFixture.identifier("device")],
      links: [GraphFixture.sharing([0], window: window)])
  }

  @Test func `ends with the life of its uses to the microsecond`() {
    var graph = Self.graph(window: 10)
    func use(_ account: UInt32, _ time: Int64) {
      graph.use(identifier: 0, value: 1, account: account, time: time, clock: max(time, 100))
    }
    func size(_ account: UInt32, at clock: Int64) -> SignalValue {
      graph.advance(to: clock)
      return graph.componentSize(link: 0, account: account, maxNodes: nil)
    }
    use(1, 95)
    use(2, 98)
    use(3, 90)
    #expect(size(1, at: 100) == .exactly(2))
    #expect(size(3, at: 100) == .exactly(1))
    #expect(size(2, at: 104) == .exactly(2))
    #expect(size(2, at: 105) == .exactly(1))
  }

  @Test func `holds together by a newer way when an older one dies`() {
    var graph = Self.graph(window: 100)
    // 1 and 2 share value 1 early, value 2 late, and value 1 is refreshed by one of them alone.
    for (value, account, time) in [(1, 1, 10), (1, 2, 10), (2, 1, 50), (2, 2, 60), (1, 1, 70)] {
      graph.use(
        identifier: 0, value: UInt32(value), account: UInt32(account), time: Int64(time),
        clock: Int64(time))
    }
    func size(at clock: Int64) -> SignalValue {
      graph.advance(to: clock)
      return graph.componentSize(link: 0, account: 1, maxNodes: nil)
    }
    #expect(size(at: 149) == .exactly(2))
    #expect(size(at: 150) == .exactly(1))
  }

  @Test func `of a long chain falls apart from its old end`() {
    let count: UInt32 = 2_000
    var graph = Self.graph(window: 10_000)
    for account in 1...count {
      let time = Int64(account)
      graph.use(identifier: 0, value: account, account: account, time: time, clock: time)
      graph.use(identifier: 0, value: account, account: account + 1, time: time, clock: time)
    }
    for cut in [Int64(1), 500, 1_999] {
      graph.advance(to: 10_000 + cut)
      let size = graph.componentSize(link: 0, account: count, maxNodes: nil)
      #expect(size == .exactly(Int(count) + 1 - Int(cut)))
    }
  }
}

@Suite struct `What a walk found` {
  @Test func `names the accounts of a ring over clusters`() {
    var graph = AccountGraph(
      schema: Schema(
        entities: [Entity(name: "account", keyName: "id", keyIsPersonal: false, attributes: [])],
        identifiers: [GraphFixture.identifier("device")]),
      links: [GraphFixture.sharing([0]), GraphFixture.events(isDirected: true)],
      questions: [.collapsedCycleLength(link: 1, collapse: 0, maxHops: 4)])
    // 1 → 2 → 3, and 3 sits on the phone of 1.
    for account in [UInt32(1), 3] {
      graph.use(identifier: 0, value: 1, account: account, time: 1, clock: 1)
    }
    graph.addEdge(link: 1, from: 2, to: 3, time: 2, sequence: 1, clock: 2)
    graph.addEdge(link: 1, from: 1, to: 2, time: 3, sequence: 2, clock: 3)
    func length(_ budget: Int) -> SignalValue {
      graph.answer(
        .collapsedCycleLength(link: 1, collapse: 0, maxHops: 4), 1, 0, clock: 3,
        edge: (from: 1, to: 2), budget: budget)
    }
    #expect(length(.max) == .exactly(2))
    #expect(length(0) == .int(0, isTruncated: true))
  }

  @Test func `names the way to a label`() {
    var graph = AccountGraph(
      schema: Schema(
        entities: [Entity(name: "account", keyName: "id", keyIsPersonal: false, attributes: [])],
        identifiers: [GraphFixture.identifier("device")]),
      links: [GraphFixture.sharing([0])],
      questions: [.hopsTo(link: 0, label: 0, maxHops: 3)], labels: 1)
    for (value, account) in [(1, 1), (1, 2), (2, 2), (2, 3), (3, 3), (3, 4)] {
      graph.use(
        identifier: 0, value: UInt32(value), account: UInt32(account), time: 1, clock: 1)
    }
    graph.setLabel(entity: 0, account: 4, label: 0, isRemoved: false, time: 1)
    func hops() -> SignalValue {
      graph.answer(
        .hopsTo(link: 0, label: 0, maxHops: 3), 1, 0, clock: 1, edge: nil, budget: .max)
    }
    #expect(hops() == .exactly(3))
    let ties = graph.evidence(
      .hopsTo(link: 0, label: 0, maxHops: 3), 1, 0, clock: 1, edge: nil, budget: .max
    ).ties
    #expect(ties.filter { !$0.isLabel }.map { [$0.from, $0.to] } == [[1, 2], [2, 3], [3, 4]])
    graph.erase(entity: 0, account: 3, clock: 1)
    #expect(hops() == .exactly(4))
  }
}
