import Glibc
import Model
import Program
import Testing

@testable import Engine

@Suite struct `Every question about the graph` {
  /// One stream by default; `SABUESO_GRAPH_STREAMS=10` asks ten times as much.
  private static var seeds: [UInt64] {
    // SAFETY: getenv returns nil or a valid C string, copied at once.
    let asked = unsafe getenv("SABUESO_GRAPH_STREAMS").flatMap { unsafe Int(String(cString: $0)) }
    return (0..<(asked ?? 1)).map { 400 + UInt64($0) }
  }

  @Test(arguments: seeds)
  func `has the answer of a graph walked anew`(seed: UInt64) {
    var stream = QuestionStream(seed: seed)
    stream.run(events: 700)
    #expect(stream.comparisons >= 80_000, "seed \(seed): \(stream.comparisons)")
    #expect(stream.differences.isEmpty, "seed \(seed): \(stream.differences.prefix(5))")
    #expect(stream.hubs > 3 && stream.forgotten > 0 && stream.erasures > 3, "seed \(seed)")
    #expect(stream.ties > 10_000, "seed \(seed): \(stream.ties)")
    #expect(stream.truncations > 100, "seed \(seed): \(stream.truncations)")
    for question in QuestionStream.questions {
      // A question whose answer never changes compares nothing.
      #expect(stream.answers[question, default: []].count > 1, "\(question)")
    }
  }
}

/// A random stream of uses, edges, labels and erasures, with all questions after each.
struct QuestionStream: ~Copyable {
  static let links = [
    GraphFixture.sharing([0, 1], window: nil), GraphFixture.sharing([1, 2], window: 80),
    GraphFixture.sharing([0], window: 50), GraphFixture.events(isDirected: true, window: 70),
    GraphFixture.events(isDirected: false, window: 60), GraphFixture.events(isDirected: true),
    GraphFixture.sharing([3], window: nil),
  ]
  static let maxDegrees: [Int?] = [3, 3, nil, 4]
  static let retentions: [Int64?] = [60, nil, 90, 100]
  static let questions: [GraphQuestion] =
    (0..<7).flatMap {
      [
        .componentCount(link: $0, label: 0), .componentGrowth(link: $0, microseconds: 40),
        .sharesCluster(link: $0),
      ]
    }
    + (0..<6).flatMap {
      [
        .degree(link: $0), .hopsTo(link: $0, label: 0, maxHops: 2),
        .hopsTo(link: $0, label: 1, maxHops: 3), .componentCount(link: $0, label: 1),
      ]
    }
    + (0...3).map { .hopsTo(link: 6, label: 0, maxHops: $0) }
    + [
      .common(identifier: 0), .common(identifier: 2), .commonCount(identifiers: [0, 1, 2]),
      .isHub(identifier: 0), .isHub(identifier: 1), .isHub(identifier: 3),
      .depth(link: 3, maxHops: 3), .fanOut(link: 3), .subtreeSize(link: 3, maxHops: 1),
      .subtreeSize(link: 3, maxHops: 4), .depth(link: 5, maxHops: 1),
      .collapsedCycleLength(link: 3, collapse: 1, maxHops: 4),
      .collapsedCycleLength(link: 3, collapse: 2, maxHops: 3),
      .collapsedCycleLength(link: 4, collapse: 2, maxHops: 3),
      .collapsedCycleLength(link: 5, collapse: 2, maxHops: 3),
    ]

  private var random: SplitMix64
  private var graph: AccountGraph
  private var plain: PlainGraph
  private var wasHub: Set<PlainGraph.Pair> = []
  private(set) var comparisons = 0
  private(set) var differences: [String] = []
  private(set) var hubs = 0
  private(set) var forgotten = 0
  private(set) var erasures = 0
  private(set) var truncations = 0
  private(set) var ties = 0
  private(set) var answers: [GraphQuestion: Set<UInt64>] = [:]

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    graph = AccountGraph(
      schema: Schema(
        entities: [Entity(name: "account", keyName: "id", keyIsPersonal: false, attributes: [])],
        identifiers: Self.maxDegrees.indices.map {
          GraphFixture.identifier(
            "i\($0)", maxDegree: Self.maxDegrees[$0], retentionMicroseconds: Self.retentions[$0])
        }), links: Self.links, questions: Self.questions, labels: 2)
    plain = PlainGraph(
      links: Self.links, maxDegrees: Self.maxDegrees, retentions: Self.retentions,
      useWindows: [nil, nil, 90, nil])
  }

  mutating func run(events: Int) {
    var clock: Int64 = 1_000
    for sequence in 0..<events {
      clock += Int64(random.below(7))
      if random.once(in: 30) { clock += 130 }
      let time = random.once(in: 4) ? clock - Int64(random.below(120)) : clock
      plain.clock = clock
      let account = UInt32(random.below(16) + 1)
      var edge: (from: UInt32, to: UInt32)?
      switch random.below(20) {
      case 0:
        graph.erase(entity: 0, account: account, clock: clock)
        plain.erase(account)
        erasures += 1
      case 1, 2, 3:
        let label = random.below(2)
        let isRemoved = random.once(in: 3)
        graph.setLabel(
          entity: 0, account: account, label: label, isRemoved: isRemoved, time: time)
        plain.setLabel(account, label, isRemoved: isRemoved, time: time)
      case 4...9:
        let to = random.once(in: 20) ? account : UInt32(random.below(16) + 1)
        edge = (account, to)
        for link in 3...5 {
          graph.addEdge(
            link: link, from: account, to: to, time: time, sequence: UInt64(sequence),
            clock: clock)
          plain.addEdge(link, account, to, time: time)
        }
      default: use(account, time: time, clock: clock)
      }
      ask(clock: clock, edge: edge, sequence: sequence)
    }
  }

  private mutating func use(_ account: UInt32, time: Int64, clock: Int64) {
    let identifier = random.below(4)
    let value = UInt32(random.below(identifier == 2 ? 12 : 4) + 1)
    graph.use(
      identifier: identifier, value: value, account: account, time: time, clock: clock)
    plain.use(identifier, value, account, time: time)
    let place = PlainGraph.Pair(first: UInt32(identifier), second: value)
    if plain.isHub(identifier, value) {
      if wasHub.insert(place).inserted { hubs += 1 }
    } else if wasHub.remove(place) != nil {
      forgotten += 1
    }
  }

  private mutating func ask(
    clock: Int64, edge: (from: UInt32, to: UInt32)?, sequence: Int
  ) {
    let neighbours = Self.links.indices.map { plain.neighbours($0) }
    let left = edge.map { random.once(in: 2) ? $0.from : $0.to } ?? UInt32(random.below(17) + 1)
    let right = UInt32(random.below(16) + 1)
    graph.advance(to: clock)
    for link in Self.links.indices {
      let size = graph.componentSize(link: link, account: left, maxNodes: nil)
      let members = plain.component(neighbours[link], of: left)
      compare(size, PlainAnswer(members.count), "size \(link)", sequence)
      let shown = graph.componentEvidence(link: link, account: left, clock: clock).ties
      if Set(shown.flatMap { [$0.from, $0.to] }).union([left]) != members
        || shown.count != members.count - 1
      {
        differences.append("\(sequence): \(shown) does not show \(members) of \(link)")
      }
    }
    for question in Self.questions {
      var key = left
      if case .isHub = question { key = UInt32(random.below(4) + 1) }
      let exact = answer(question, key, right, neighbours, edge)
      let value = graph.answer(
        question, key, right, clock: clock, edge: edge, budget: .max)
      compare(value, exact, "\(question) of \(key) \(right)", sequence)
      answers[question, default: []].insert(value.payload)
      if !value.isTruncated {
        let evidence = graph.evidence(
          question, key, right, clock: clock, edge: edge, budget: .max)
        ties += evidence.ties.count
        let check = EvidenceCheck(
          plain: plain, question: question, key: key, other: right,
          value: Int(Int64(bitPattern: value.payload)))
        if let fault = check.fault(evidence) {
          differences.append("\(sequence): \(question) of \(key) \(right): \(fault)")
        }
      }
      let budget = random.below(12)
      let bounded = graph.answer(
        question, key, right, clock: clock, edge: edge, budget: budget)
      compare(bounded, exact, "\(question) of \(key) \(right) within \(budget)", sequence)
      if bounded.isTruncated { truncations += 1 }
    }
  }

  /// A value, and what a truncated one may say instead of it.
  struct PlainAnswer {
    var value: Int
    var isTruncated = false
    var bound: ClosedRange<Int>

    init(_ value: Int) {
      self.value = value
      bound = value...value
    }

    init(_ value: Int, truncated bound: ClosedRange<Int>) {
      self.value = value
      self.bound = bound
    }
  }

  private mutating func compare(
    _ found: SignalValue, _ exact: PlainAnswer, _ what: @autoclosure () -> String, _ sequence: Int
  ) {
    comparisons += 1
    let value = Int(Int64(bitPattern: found.payload))
    let isRight =
      found.isTruncated && !exact.isTruncated
      ? exact.bound.contains(value) && exact.bound.count > 1
      : value == exact.value && found.isTruncated == exact.isTruncated
    if !isRight { differences.append("\(sequence): \(what()) is \(found), not \(exact)") }
  }

  private func answer(
    _ question: GraphQuestion, _ key: UInt32, _ other: UInt32,
    _ neighbours: [[UInt32: Set<UInt32>]], _ edge: (from: UInt32, to: UInt32)?
  ) -> PlainAnswer {
    switch question {
    case .collapsedCycleLength(let link, let collapse, let maxHops):
      let length = plain.shortestCycle(
        link, clusters: neighbours[collapse], of: key,
        edge: edge.map { .init(first: $0.from, second: $0.to) }, maxHops: maxHops)
      return PlainAnswer(length, truncated: 0...max(length, 1))
    case .componentCount(let link, let label):
      let members = plain.component(neighbours[link], of: key)
      return PlainAnswer(members.filter { plain.carries($0, label) }.count)
    case .componentGrowth(let link, let window):
      let members = plain.component(neighbours[link], of: key)
      return PlainAnswer(
        members.filter { (plain.firstEdges[link][$0] ?? .min) > plain.clock - window }.count)
    case .sharesCluster(let link):
      return PlainAnswer(plain.component(neighbours[link], of: key).contains(other) ? 1 : 0)
    case .degree(let link):
      let degree = neighbours[link][key]?.count ?? 0
      return PlainAnswer(degree, truncated: 0...max(degree, 1))
    case .common(let identifier):
      let count = plain.commonCount([identifier], key, other)
      return PlainAnswer(count > 0 ? 1 : 0, truncated: 0...1)
    case .commonCount(let identifiers):
      let count = plain.commonCount(identifiers, key, other)
      return PlainAnswer(count, truncated: 0...max(count, 1))
    case .isHub(let identifier): return PlainAnswer(plain.isHub(identifier, key) ? 1 : 0)
    case .depth(let link, let maxHops):
      let depth = plain.depth(link, of: key)
      return capped(min(depth, maxHops), depth > maxHops)
    case .fanOut(let link): return PlainAnswer(plain.fanOut(link, of: key))
    case .subtreeSize(let link, let maxHops):
      let counts = plain.subtree(link, of: key)
      return capped(counts.prefix(maxHops + 1).reduce(0, +), counts.count > maxHops + 1)
    case .hopsTo(let link, let label, let maxHops):
      let hops = plain.hopsTo(neighbours[link], key, label: label, maxHops: maxHops)
      return PlainAnswer(hops, truncated: hops == 0 ? 0...0 : maxHops...maxHops + 1)
    }
  }

  private func capped(_ value: Int, _ isTruncated: Bool) -> PlainAnswer {
    var answer = PlainAnswer(value)
    answer.isTruncated = isTruncated
    return answer
  }
}
