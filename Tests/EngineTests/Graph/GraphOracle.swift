import Program

/// The graph recomputed from its whole history at every question: slow and plain.
struct GraphOracle {
  struct Use {
    var identifier: Int
    var value: UInt32
    var account: UInt32
    var time: Int64
    var clock: Int64
  }

  struct Edge {
    var from: UInt32
    var to: UInt32
    var time: Int64
  }

  struct Pair: Hashable {
    var from: UInt32
    var to: UInt32
  }

  struct Value: Hashable {
    var identifier: Int
    var value: UInt32
  }

  struct ValueState {
    var accounts: Set<UInt32> = []
    var isHub = false
    var lastUse: Int64?
  }

  var uses: [Use] = []
  /// Edges of one link in order of sequence.
  var edges: [Edge] = []
  let maxDegrees: [Int?]
  let retentions: [Int64?]

  init(maxDegrees: [Int?] = [], retentions: [Int64?] = []) {
    self.maxDegrees = maxDegrees
    self.retentions = retentions
  }

  // MARK: Components

  func values() -> [Value: ValueState] {
    var values: [Value: ValueState] = [:]
    for use in uses {
      var state = values[Value(identifier: use.identifier, value: use.value)] ?? ValueState()
      if state.isHub, let retention = retentions[use.identifier], let lastUse = state.lastUse,
        use.clock - lastUse > retention
      {
        state = ValueState()
      }
      state.lastUse = max(state.lastUse ?? use.time, use.time)
      if !state.isHub {
        state.accounts.insert(use.account)
        if let maxDegree = maxDegrees[use.identifier], state.accounts.count > maxDegree {
          state.isHub = true
          state.accounts = []
        }
      }
      values[Value(identifier: use.identifier, value: use.value)] = state
    }
    return values
  }

  func isHub(_ value: Value, clock: Int64) -> Bool {
    guard let state = values()[value], state.isHub else { return false }
    guard let retention = retentions[value.identifier], let lastUse = state.lastUse else {
      return true
    }
    return clock - lastUse <= retention
  }

  /// Groups of accounts that share values of these identifiers.
  func componentSize(of account: UInt32, _ identifiers: [Int]) -> Int {
    let groups = values().filter { identifiers.contains($0.key.identifier) }.map(\.value.accounts)
    return closure(of: account, groups)
  }

  /// Accounts joined by the edges, whatever their age.
  func componentSize(of account: UInt32) -> Int {
    closure(of: account, edges.map { [$0.from, $0.to] })
  }

  private func closure(of account: UInt32, _ groups: [Set<UInt32>]) -> Int {
    var members: Set<UInt32> = [account]
    while true {
      let before = members.count
      for group in groups where !group.isDisjoint(with: members) { members.formUnion(group) }
      if members.count == before { return before }
    }
  }

  // MARK: Live edges

  /// Neighbours out of and into each account over live edges, newest first.
  func live(isDirected: Bool, window: Int64?, clock: Int64) -> LiveGraph {
    var latest: [Pair: (time: Int64, sequence: Int)] = [:]
    for (sequence, edge) in edges.enumerated() {
      let pair =
        isDirected
        ? Pair(from: edge.from, to: edge.to)
        : Pair(from: min(edge.from, edge.to), to: max(edge.from, edge.to))
      if let before = latest[pair], before > (edge.time, sequence) { continue }
      latest[pair] = (edge.time, sequence)
    }
    var graph = LiveGraph(isDirected: isDirected)
    for (pair, use) in latest.sorted(by: { $0.value > $1.value }) {
      if let window, use.time <= clock - window { continue }
      graph.pairs.insert(pair)
      if pair.from == pair.to { continue }
      graph.out[pair.from, default: []].append(pair.to)
      graph.into[pair.to, default: []].append(pair.from)
      if !isDirected {
        // One list for both sides; the order of uses is kept because pairs come newest first.
        graph.out[pair.to, default: []].append(pair.from)
        graph.into[pair.from, default: []].append(pair.to)
      }
    }
    return graph
  }
}

/// The live edges at one moment.
struct LiveGraph {
  let isDirected: Bool
  var pairs: Set<GraphOracle.Pair> = []
  var out: [UInt32: [UInt32]] = [:]
  var into: [UInt32: [UInt32]] = [:]

  init(isDirected: Bool) { self.isDirected = isDirected }

  func isLive(_ from: UInt32, _ to: UInt32) -> Bool {
    isDirected || from <= to
      ? pairs.contains(GraphOracle.Pair(from: from, to: to))
      : pairs.contains(GraphOracle.Pair(from: to, to: from))
  }

  // MARK: Every simple cycle tried

  /// The shortest simple cycle of at most `maxHops` edges through an edge, 0 for none.
  func shortestCycle(throughEdge edge: (from: UInt32, to: UInt32), maxHops: Int) -> Int {
    guard maxHops >= 1, isLive(edge.from, edge.to) else { return 0 }
    if edge.from == edge.to { return 1 }
    let leastHops = isDirected ? 2 : 3
    for length in stride(from: leastHops, through: maxHops, by: 1)
    where hasPath(from: edge.to, to: edge.from, hops: length - 1, [edge.to]) {
      return length
    }
    return 0
  }

  /// The shortest simple cycle of at most `maxHops` edges through an account, 0 for none.
  func shortestCycle(throughAccount account: UInt32, maxHops: Int) -> Int {
    guard maxHops >= 1 else { return 0 }
    if isLive(account, account) { return 1 }
    let leastHops = isDirected ? 2 : 3
    for length in stride(from: leastHops, through: maxHops, by: 1)
    where hasPath(from: account, to: account, hops: length, [account]) {
      return length
    }
    return 0
  }

  /// Whether a simple path of exactly so many edges exists; the ends may be one account.
  private func hasPath(from: UInt32, to: UInt32, hops: Int, _ visited: Set<UInt32>) -> Bool {
    for next in out[from] ?? [] {
      if hops == 1 {
        if next == to { return true }
      } else if !visited.contains(next), next != to,
        hasPath(from: next, to: to, hops: hops - 1, visited.union([next]))
      {
        return true
      }
    }
    return false
  }
}
