/// Cycles over clusters: accounts that are one component of an undirected link count as one.
///
/// A walk reaches a cluster whole, by the edges that hold it together, before it goes on; those
/// cost budget and no hops.
extension AccountGraph {
  /// What a search over clusters looks for.
  private struct ClusterSearch {
    let link: Int
    let collapse: Int
    let clock: Int64
    /// An account of the cluster that ends the cycle.
    let goal: UInt32
    /// The undirected edge that is not walked back.
    let excluded: (from: UInt32, to: UInt32)?
    /// The most edges of the way.
    let limit: Int
    /// Whether the way ends where it began, and leaves and returns by different branches.
    let isByBranches: Bool
    let isThroughAccount: Bool
    var budget: Int
    /// A cycle by branches that a shorter one may still beat, in the level being walked.
    var held = 0
  }

  private enum Finding {
    case goesOn
    case found(Int)
    case budgetEnded
  }

  /// Edges of the shortest cycle over clusters, at most `maxHops`; 0 for none.
  mutating func collapsedCycleLength(
    link: Int, collapse: Int, account: UInt32, maxHops: Int, clock: Int64,
    edge: (from: UInt32, to: UInt32)?, budget: Int
  ) -> SignalValue {
    walk.begin()
    guard maxHops >= 1, account != 0 else { return .int(0) }
    let isDirected = edges[link].isDirected
    if let edge, account == edge.from || account == edge.to {
      let liveAfter = liveAfter(link: link, clock: clock)
      guard edges[link].isLive(edge.from, edge.to, liveAfter: liveAfter) else { return .int(0) }
      if areTogether(link: collapse, edge.from, edge.to) {
        walk.reach(edge.from, from: 0, depth: 0, branch: 0)
        return .int(1)
      }
      let search = ClusterSearch(
        link: link, collapse: collapse, clock: clock, goal: edge.from,
        excluded: isDirected ? nil : edge, limit: maxHops - 1, isByBranches: false,
        isThroughAccount: false, budget: budget)
      return length(search, from: edge.to, added: 1)
    }
    let search = ClusterSearch(
      link: link, collapse: collapse, clock: clock, goal: account, excluded: nil, limit: maxHops,
      isByBranches: !isDirected, isThroughAccount: true, budget: budget)
    return length(search, from: account, added: 0)
  }

  private mutating func length(
    _ initial: ClusterSearch, from start: UInt32, added: Int
  ) -> SignalValue {
    var search = initial
    guard reach(start, from: 0, depth: 0, branch: 0, &search) else {
      return .int(0, isTruncated: true)
    }
    var position = 0
    var level: UInt32 = 0
    while position < walk.count {
      let depth = walk[position].depth
      if depth > level && search.held > 0 { break }
      level = depth
      // By branches both ways meet, so each goes half of the cycle.
      if search.isByBranches
        ? 2 * Int(depth) >= search.limit && depth > 0
        : Int(depth) >= search.limit
      {
        break
      }
      switch expand(position, &search) {
      case .goesOn: position += 1
      case .found(let length): return .int(Int64(length + added))
      case .budgetEnded: return .int(0, isTruncated: true)
      }
    }
    return .int(search.held > 0 && search.held <= search.limit ? Int64(search.held) : 0)
  }

  /// Goes on from one account over its edges.
  private mutating func expand(_ position: Int, _ search: inout ClusterSearch) -> Finding {
    let visit = walk[position]
    let liveAfter = liveAfter(link: search.link, clock: search.clock)
    if search.isThroughAccount && visit.depth == 0
      && edges[search.link].isLive(visit.account, visit.account, liveAfter: liveAfter)
    {
      walk.meeting = (position, position)
      return .found(1)
    }
    var cursor = edges[search.link].neighbours(of: visit.account, .out)
    while true {
      let neighbour = edges[search.link].next(&cursor, liveAfter: liveAfter)
      if neighbour == 0 { return .goesOn }
      if search.budget == 0 { return .budgetEnded }
      search.budget -= 1
      if let excluded = search.excluded, excluded.to == visit.account, excluded.from == neighbour {
        continue
      }
      let finding =
        search.isByBranches
        ? meetBranch(neighbour, visit, position, &search)
        : meetGoal(neighbour, visit, position, &search)
      if case .goesOn = finding { continue }
      return finding
    }
  }

  private mutating func meetGoal(
    _ neighbour: UInt32, _ visit: WalkVisit, _ position: Int, _ search: inout ClusterSearch
  ) -> Finding {
    if areTogether(link: search.collapse, neighbour, search.goal) {
      walk.reach(neighbour, from: position, depth: visit.depth + 1, branch: 0)
      return .found(Int(visit.depth) + 1)
    }
    if walk.visit(of: neighbour) != 0 { return .goesOn }
    return reach(neighbour, from: position, depth: visit.depth + 1, branch: 0, &search)
      ? .goesOn : .budgetEnded
  }

  /// In an undirected link a cycle leaves the cluster by one edge and comes back by another.
  private mutating func meetBranch(
    _ neighbour: UInt32, _ visit: WalkVisit, _ position: Int, _ search: inout ClusterSearch
  ) -> Finding {
    let known = walk.visit(of: neighbour)
    if known == 0 {
      let branch = visit.depth == 0 ? UInt32(walk.count) : visit.branch
      return reach(neighbour, from: position, depth: visit.depth + 1, branch: branch, &search)
        ? .goesOn : .budgetEnded
    }
    let other = walk[known - 1]
    if other.depth == 0 {
      guard visit.depth == 0 else { return .goesOn }
      walk.meeting = (position, known - 1)
      return .found(1)
    }
    if visit.depth > 0 && other.branch == visit.branch { return .goesOn }
    let length = Int(visit.depth + other.depth) + 1
    if length > search.limit { return .goesOn }
    if search.held == 0 || length < search.held || other.depth == visit.depth {
      search.held = length
      walk.meeting = (position, known - 1)
    }
    if other.depth == visit.depth { return .found(length) }
    return .goesOn
  }

  /// Reaches an account and the whole of its cluster; false when the budget ended.
  private mutating func reach(
    _ account: UInt32, from parent: Int, depth: UInt32, branch: UInt32,
    _ search: inout ClusterSearch
  ) -> Bool {
    var position = walk.count
    walk.reach(account, from: parent, depth: depth, branch: branch)
    while position < walk.count {
      let isWhole =
        joined[search.collapse].isEmpty
        ? reachByEdges(position, depth, branch, &search)
        : reachByValues(position, depth, branch, &search)
      if !isWhole { return false }
      position += 1
    }
    return true
  }

  /// Reaches those next to an account of a cluster; false when the budget ended.
  private mutating func reachByEdges(
    _ position: Int, _ depth: UInt32, _ branch: UInt32, _ search: inout ClusterSearch
  ) -> Bool {
    var cursor = neighbours(
      link: search.collapse, of: walk[position].account, .either, clock: search.clock)
    while true {
      switch next(&cursor, budget: &search.budget) {
      case .end: return true
      case .budgetEnded: return false
      case .neighbour(let neighbour):
        walk.reachOnce(neighbour, from: position, depth: depth, branch: branch)
      }
    }
  }

  /// The same over identifiers, in the order `next` gives, without a cursor over all of them: most
  /// accounts have a value or two, which are nobody else's.
  private mutating func reachByValues(
    _ position: Int, _ depth: UInt32, _ branch: UInt32, _ search: inout ClusterSearch
  ) -> Bool {
    let account = walk[position].account
    let liveAfter = liveAfter(link: search.collapse, clock: search.clock)
    for place in joined[search.collapse].indices {
      let identifier = joined[search.collapse][place]
      var values = values(of: account, identifier: identifier)
      while true {
        let value = nextUse(&values, identifier: identifier, liveAfter: liveAfter)
        if value == 0 { break }
        if search.budget == 0 { return false }
        search.budget -= 1
        if walk.passes(identifier: identifier, value: value) { continue }
        var accounts = accounts(of: value, identifier: identifier)
        while true {
          let neighbour = nextUse(&accounts, identifier: identifier, liveAfter: liveAfter)
          if neighbour == 0 { break }
          if search.budget == 0 { return false }
          search.budget -= 1
          if neighbour == account { continue }
          walk.reachOnce(neighbour, from: position, depth: depth, branch: branch)
        }
      }
    }
    return true
  }
}
