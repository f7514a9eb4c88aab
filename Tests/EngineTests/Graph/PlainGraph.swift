import Program

@testable import Engine

/// The graph kept as plain sets and walked anew for every question: slow, and obviously right.
struct PlainGraph {
  struct Pair: Hashable {
    var first: UInt32
    var second: UInt32
  }

  struct Hub {
    var isHub = false
    var lastUse: Int64
  }

  let links: [LinkPlan]
  let maxDegrees: [Int?]
  let retentions: [Int64?]
  /// Microseconds that uses of each identifier count toward its degree.
  let useWindows: [Int64?]
  /// By identifier the latest use of each account and value.
  var uses: [[Pair: Int64]]
  var hubs: [[UInt32: Hub]]
  /// By link the latest use of each edge.
  var edges: [[Pair: Int64]]
  var labels: [UInt32: [Int: (time: Int64, isCarried: Bool)]] = [:]
  var firstEdges: [[UInt32: Int64]]
  var parents: [[UInt32: UInt32]]
  var seen: [Set<UInt32>]
  var clock = Int64.min

  init(
    links: [LinkPlan], maxDegrees: [Int?], retentions: [Int64?], useWindows: [Int64?]
  ) {
    self.links = links
    self.maxDegrees = maxDegrees
    self.retentions = retentions
    self.useWindows = useWindows
    uses = maxDegrees.map { _ in [:] }
    hubs = maxDegrees.map { _ in [:] }
    edges = links.map { _ in [:] }
    firstEdges = links.map { _ in [:] }
    parents = links.map { _ in [:] }
    seen = links.map { _ in [] }
  }

  // MARK: Changes

  mutating func use(_ identifier: Int, _ value: UInt32, _ account: UInt32, time: Int64) {
    if isHub(identifier, value) == false, hubs[identifier][value]?.isHub == true {
      hubs[identifier][value] = nil
    }
    var hub = hubs[identifier][value] ?? Hub(lastUse: time)
    hub.lastUse = max(hub.lastUse, time)
    defer { hubs[identifier][value] = hub }
    if hub.isHub { return }
    let cutoff = useWindows[identifier].map { clock - $0 } ?? .min
    let linked = uses[identifier].filter { $0.key.second == value && $0.value > cutoff }
    let pair = Pair(first: account, second: value)
    if linked[pair] == nil, time > cutoff, let most = maxDegrees[identifier],
      linked.count >= most
    {
      hub.isHub = true
      uses[identifier] = uses[identifier].filter { $0.key.second != value }
      return
    }
    uses[identifier][pair] = max(uses[identifier][pair] ?? time, time)
    for (link, plan) in links.enumerated() {
      if case .identifiers(let joined) = plan.source, joined.contains(identifier) {
        firstEdges[link][account] = min(firstEdges[link][account] ?? time, time)
      }
    }
  }

  mutating func addEdge(_ link: Int, _ from: UInt32, _ to: UInt32, time: Int64) {
    let pair =
      isDirected(link)
      ? Pair(first: from, second: to)
      : Pair(first: min(from, to), second: max(from, to))
    edges[link][pair] = max(edges[link][pair] ?? time, time)
    guard from != to else { return }
    for account in [from, to] {
      firstEdges[link][account] = min(firstEdges[link][account] ?? time, time)
    }
    if !seen[link].contains(to) { parents[link][to] = from }
    seen[link].formUnion([from, to])
  }

  mutating func setLabel(_ account: UInt32, _ label: Int, isRemoved: Bool, time: Int64) {
    if let before = labels[account]?[label], before.time > time { return }
    labels[account, default: [:]][label] = (time, !isRemoved)
  }

  mutating func erase(_ account: UInt32) {
    for identifier in uses.indices {
      uses[identifier] = uses[identifier].filter { $0.key.first != account }
    }
    for link in links.indices {
      edges[link] = edges[link].filter { $0.key.first != account && $0.key.second != account }
      firstEdges[link][account] = nil
      parents[link] = parents[link].filter { $0.key != account && $0.value != account }
      seen[link].remove(account)
    }
    labels[account] = nil
  }

  // MARK: What is live

  func isDirected(_ link: Int) -> Bool {
    if case .event(_, _, _, let directed) = links[link].source { directed } else { false }
  }

  func isHub(_ identifier: Int, _ value: UInt32) -> Bool {
    guard let hub = hubs[identifier][value], hub.isHub else { return false }
    guard let retention = retentions[identifier] else { return true }
    return clock - hub.lastUse <= retention
  }

  func liveEdges(_ link: Int) -> Set<Pair> {
    let cutoff = links[link].windowMicroseconds.map { clock - $0 } ?? .min
    return Set(edges[link].filter { $0.value > cutoff }.keys)
  }

  /// Neighbours of every account, in either direction.
  func neighbours(_ link: Int) -> [UInt32: Set<UInt32>] {
    var neighbours: [UInt32: Set<UInt32>] = [:]
    func join(_ left: UInt32, _ right: UInt32) {
      guard left != right else { return }
      neighbours[left, default: []].insert(right)
      neighbours[right, default: []].insert(left)
    }
    if case .identifiers(let joined) = links[link].source {
      let cutoff = links[link].windowMicroseconds.map { clock - $0 } ?? .min
      for identifier in joined {
        let live = uses[identifier].filter { $0.value > cutoff }.keys
        for left in live {
          for right in live where left.second == right.second {
            join(left.first, right.first)
          }
        }
      }
    } else {
      for pair in liveEdges(link) { join(pair.first, pair.second) }
    }
    return neighbours
  }

  func carries(_ account: UInt32, _ label: Int) -> Bool {
    labels[account]?[label]?.isCarried ?? false
  }

  // MARK: Answers

  func levels(_ neighbours: [UInt32: Set<UInt32>], from account: UInt32) -> [Set<UInt32>] {
    var levels: [Set<UInt32>] = [[account]]
    var reached: Set<UInt32> = [account]
    while let last = levels.last, !last.isEmpty {
      let next = last.reduce(into: Set<UInt32>()) { $0.formUnion(neighbours[$1] ?? []) }
        .subtracting(reached)
      reached.formUnion(next)
      levels.append(next)
    }
    return levels
  }

  func component(_ neighbours: [UInt32: Set<UInt32>], of account: UInt32) -> Set<UInt32> {
    levels(neighbours, from: account).reduce(into: []) { $0.formUnion($1) }
  }

  func hopsTo(
    _ neighbours: [UInt32: Set<UInt32>], _ account: UInt32, label: Int, maxHops: Int
  ) -> Int {
    let levels = levels(neighbours, from: account)
    let hit = levels.firstIndex { $0.contains { carries($0, label) } } ?? maxHops + 1
    return min(hit, maxHops + 1)
  }

  func commonCount(_ asked: [Int], _ left: UInt32, _ right: UInt32) -> Int {
    asked.map { identifier in
      let cutoff = retentions[identifier].map { clock - $0 } ?? .min
      let live = uses[identifier].filter { $0.value > cutoff }.keys
      let ofLeft = Set(live.filter { $0.first == left }.map(\.second))
      return ofLeft.intersection(live.filter { $0.first == right }.map(\.second)).count
    }.reduce(0, +)
  }

  func depth(_ link: Int, of account: UInt32) -> Int {
    var depth = 0
    var account = account
    while let parent = parents[link][account] {
      depth += 1
      account = parent
    }
    return depth
  }

  func fanOut(_ link: Int, of account: UInt32) -> Int {
    parents[link].values.filter { $0 == account }.count
  }

  /// Accounts by how many levels below this one they are.
  func subtree(_ link: Int, of account: UInt32) -> [Int] {
    var counts: [Int] = []
    var level: Set<UInt32> = [account]
    while !level.isEmpty {
      counts.append(level.count)
      level = Set(parents[link].filter { level.contains($0.value) }.keys)
    }
    return counts
  }

  // MARK: Cycles over clusters, every simple one tried

  func shortestCycle(
    _ link: Int, clusters: [UInt32: Set<UInt32>], of account: UInt32, edge: Pair?, maxHops: Int
  ) -> Int {
    let live = liveEdges(link)
    var numbers: [UInt32: UInt32] = [:]
    func cluster(_ account: UInt32) -> UInt32 {
      if let known = numbers[account] { return known }
      let members = component(clusters, of: account)
      let least = members.min() ?? account
      for member in members { numbers[member] = least }
      return least
    }
    var ways: [UInt32: [(to: UInt32, edge: Pair)]] = [:]
    for pair in live {
      ways[cluster(pair.first), default: []].append((cluster(pair.second), pair))
      if !isDirected(link) {
        ways[cluster(pair.second), default: []].append((cluster(pair.first), pair))
      }
    }
    func hasWay(
      _ from: UInt32, _ to: UInt32, _ hops: Int, _ visited: Set<UInt32>, _ used: Set<Pair>
    ) -> Bool {
      for way in ways[from] ?? [] where !used.contains(way.edge) {
        let nowUsed = isDirected(link) ? [] : used.union([way.edge])
        if hops == 1 {
          if way.to == to { return true }
        } else if way.to != to && !visited.contains(way.to)
          && hasWay(way.to, to, hops - 1, visited.union([way.to]), nowUsed)
        {
          return true
        }
      }
      return false
    }
    if let edge, edge.first == account || edge.second == account {
      let stored =
        isDirected(link)
        ? edge
        : Pair(first: min(edge.first, edge.second), second: max(edge.first, edge.second))
      guard live.contains(stored) else { return 0 }
      let from = cluster(edge.second)
      let to = cluster(edge.first)
      if from == to { return 1 }
      let used: Set<Pair> = isDirected(link) ? [] : [stored]
      for length in stride(from: 2, through: maxHops, by: 1)
      where hasWay(from, to, length - 1, [from], used) {
        return length
      }
      return 0
    }
    let home = cluster(account)
    for length in stride(from: 1, through: maxHops, by: 1)
    where hasWay(home, home, length, [home], []) {
      return length
    }
    return 0
  }
}
