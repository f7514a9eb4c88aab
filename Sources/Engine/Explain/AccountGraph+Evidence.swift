import Model
import Program

/// What makes answers true. Runs only when somebody asks, so it searches anew and may allocate.
extension AccountGraph {
  /// The ties that make the answer to a question true; none when there is nothing to show.
  ///
  /// `edge` is the edge the current event fed to the link of the question, as for the answer.
  mutating func evidence(
    _ question: GraphQuestion, _ key: UInt32, _ second: UInt32, clock: Int64,
    edge: (from: UInt32, to: UInt32)?, budget: Int
  ) -> TieList {
    guard key != 0 else { return TieList() }
    switch question {
    case .collapsedCycleLength(let link, let collapse, let maxHops):
      let length = collapsedCycleLength(
        link: link, collapse: collapse, account: key, maxHops: maxHops, clock: clock, edge: edge,
        budget: budget)
      guard length.payload > 0 else { return TieList() }
      let closing = edge.flatMap { key == $0.from || key == $0.to ? $0 : nil }
      return collapsedRing(link, collapse, account: key, closing, clock)
    case .componentCount(let link, let label):
      return reached(link, from: key, .label(label), clock, most: Limits.evidenceAccounts)
    case .componentGrowth(let link, let window):
      let position = needs.growthWindows[link].firstIndex(of: window) ?? 0
      return reached(link, from: key, .recent(position), clock, most: Limits.evidenceAccounts)
    case .sharesCluster(let link):
      guard key != second, second != 0, areTogether(link: link, key, second) else {
        return TieList()
      }
      return reached(link, from: key, .account(second), clock, most: 1)
    case .degree(let link):
      return reached(
        link, from: key, .everybody, clock, most: Limits.evidenceAccounts, maxHops: 1)
    case .common(let identifier): return common([identifier], key, second, clock)
    case .commonCount(let identifiers): return common(identifiers, key, second, clock)
    case .isHub(let identifier):
      guard isHub(identifier: identifier, value: key, clock: clock) else { return TieList() }
      return TieList(ties: [
        AccountTie(kind: .hub(identifier: identifier, value: key), entity: 0)
      ])
    case .depth(let link, let maxHops): return ancestors(link, of: key, most: maxHops)
    case .fanOut(let link): return descendants(link, of: key, levels: 1)
    case .subtreeSize(let link, let maxHops): return descendants(link, of: key, levels: maxHops)
    case .hopsTo(let link, let label, let maxHops):
      return reached(link, from: key, .label(label), clock, most: 1, maxHops: maxHops)
    }
  }

  /// The ties of the nearest members of a component.
  mutating func componentEvidence(link: Int, account: UInt32, clock: Int64) -> TieList {
    reached(link, from: account, .everybody, clock, most: Limits.evidenceAccounts)
  }

  /// The edges of the cycle that the last `cycleLength` found.
  func cycleEvidence(link: Int) -> TieList {
    let accounts = cycleWitness()
    let entity = links[link].entity
    return TieList(
      ties: accounts.indices.map { position in
        AccountTie(
          kind: .edge(link: link), entity: entity, from: accounts[position],
          to: accounts[(position + 1) % accounts.count])
      })
  }

  // MARK: Rings over clusters

  /// The ring that the last search over clusters found, clusters walked through from inside.
  private mutating func collapsedRing(
    _ link: Int, _ collapse: Int, account: UInt32, _ closing: (from: UInt32, to: UInt32)?,
    _ clock: Int64
  ) -> TieList {
    var found = TieList()
    if let meeting = walk.meeting {
      // Out over one branch, across, and back over the other.
      let out = walk.path(to: meeting.first)
      let back = walk.path(to: meeting.second)
      tie(out, link, collapse, clock, &found)
      tie(out.last?.account ?? 0, back.last?.account ?? 0, over: link, .along, clock, &found)
      tie(back.reversed(), link, collapse, clock, &found)
      if let first = out.first?.account, let last = back.first?.account, first != last {
        join(last, first, collapse, clock, &found)
      }
      return found
    }
    let path = walk.count == 0 ? [] : walk.path(to: walk.count - 1)
    guard let first = path.first?.account, let last = path.last?.account else { return found }
    let goal: UInt32
    if let closing {
      tie(closing.from, closing.to, over: link, .along, clock, &found)
      goal = closing.from
      if first != closing.to {
        // The edge stays inside one cluster.
        join(closing.to, goal, collapse, clock, &found)
        return found
      }
    } else {
      goal = account
    }
    tie(path, link, collapse, clock, &found)
    join(last, goal, collapse, clock, &found)
    return found
  }

  /// Ties the accounts of a path: by the link where it goes a level deeper or comes back from one,
  /// else by what holds a cluster together.
  private mutating func tie(
    _ path: [WalkVisit], _ link: Int, _ collapse: Int, _ clock: Int64, _ found: inout TieList
  ) {
    for (from, to) in zip(path, path.dropFirst()) {
      if from.depth == to.depth {
        tie(from.account, to.account, over: collapse, .either, clock, &found)
      } else {
        tie(from.account, to.account, over: link, .along, clock, &found)
      }
    }
  }

  /// Adds the newest tie of a link between two neighbours.
  private mutating func tie(
    _ from: UInt32, _ to: UInt32, over link: Int, _ direction: WalkDirection, _ clock: Int64,
    _ found: inout TieList
  ) {
    walk.begin()
    var budget = Limits.evidenceEdges
    var cursor = neighbours(link: link, of: from, direction, clock: clock)
    if from == to {
      found.ties.append(
        AccountTie(kind: .edge(link: link), entity: links[link].entity, from: from, to: to))
      return
    }
    while true {
      switch next(&cursor, budget: &budget) {
      case .end, .budgetEnded:
        found.isComplete = false
        return
      case .neighbour(let neighbour):
        if neighbour == to { return found.ties.append(tie(cursor, to: neighbour)) }
      }
    }
  }

  /// Adds the way between two accounts of one cluster.
  private mutating func join(
    _ from: UInt32, _ to: UInt32, _ link: Int, _ clock: Int64, _ found: inout TieList
  ) {
    guard from != to else { return }
    let way = reached(link, from: from, .account(to), clock, most: 1)
    found.ties += way.ties
    found.isComplete = found.isComplete && way.isComplete
  }

  // MARK: Walks

  /// Whom a walk looks for.
  private enum Goal {
    case everybody
    case account(UInt32)
    case label(Int)
    /// Members whose first edge lies in a window of growth.
    case recent(Int)
  }

  private func isGoal(_ goal: Goal, _ link: Int, _ account: UInt32, _ clock: Int64) -> Bool {
    switch goal {
    case .everybody: true
    case .account(let wanted): account == wanted
    case .label(let label):
      labels.carries(entity: links[link].entity, account: account, label: label)
    case .recent(let window):
      firstEdges[link].time(of: account).map {
        $0 > clock - needs.growthWindows[link][window]
      } ?? false
    }
  }

  /// The ways from an account to the nearest accounts that are looked for.
  private mutating func reached(
    _ link: Int, from start: UInt32, _ goal: Goal, _ clock: Int64, most: Int, maxHops: Int = .max
  ) -> TieList {
    var found = TieList()
    var ways: [AccountTie] = [AccountTie(kind: .edge(link: link), entity: links[link].entity)]
    var goals: [Int] = []
    walk.begin()
    walk.reach(start, from: 0, depth: 0, branch: 0)
    if case .everybody = goal {} else if isGoal(goal, link, start, clock) { goals.append(0) }
    var budget = Limits.evidenceEdges
    var position = 0
    search: while position < walk.count && (most > 1 || goals.isEmpty) {
      let visit = walk[position]
      if Int(visit.depth) >= maxHops { break }
      var cursor = neighbours(link: link, of: visit.account, .either, clock: clock)
      steps: while true {
        switch next(&cursor, budget: &budget) {
        case .end: break steps
        case .budgetEnded:
          found.isComplete = false
          break search
        case .neighbour(let neighbour):
          if walk.visit(of: neighbour) != 0 { continue }
          if goals.count == most {
            found.isComplete = false
            break search
          }
          walk.reach(neighbour, from: position, depth: visit.depth + 1, branch: 0)
          ways.append(tie(cursor, to: neighbour))
          if isGoal(goal, link, neighbour, clock) { goals.append(walk.count - 1) }
          // Who looks for one account has found all there is to say.
          if most == 1 && goals.count == 1 { break search }
        }
      }
      position += 1
    }
    addWays(to: goals, ways, &found)
    if case .label(let label) = goal {
      found.ties += goals.map {
        AccountTie(kind: .label(label), entity: links[link].entity, from: walk[$0].account)
      }
    }
    return found
  }

  /// Adds the ties on the ways to some visits, each once, in the order of the walk.
  private func addWays(to goals: [Int], _ ways: [AccountTie], _ found: inout TieList) {
    var isNeeded = [Bool](repeating: false, count: walk.count)
    for goal in goals {
      var position = goal
      while position != 0 && !isNeeded[position] {
        isNeeded[position] = true
        position = Int(walk[position].parent)
      }
    }
    for position in isNeeded.indices where isNeeded[position] { found.ties.append(ways[position]) }
  }

  /// How the neighbour that a cursor gave last is tied to the account it stands at.
  func tie(_ cursor: NeighbourCursor, to neighbour: UInt32) -> AccountTie {
    let entity = links[cursor.link].entity
    guard joined[cursor.link].isEmpty else {
      return AccountTie(
        kind: .shared(
          identifier: joined[cursor.link][cursor.position], value: cursor.value),
        entity: entity, from: cursor.account, to: neighbour)
    }
    return AccountTie(
      kind: .edge(link: cursor.link), entity: entity,
      from: cursor.isAgainst ? neighbour : cursor.account,
      to: cursor.isAgainst ? cursor.account : neighbour)
  }

  // MARK: Values and trees

  private func common(
    _ asked: [Int], _ left: UInt32, _ right: UInt32, _ clock: Int64
  ) -> TieList {
    var found = TieList()
    guard right != 0 else { return found }
    var budget = Limits.evidenceEdges
    for identifier in asked {
      let liveAfter = identifiers[identifier].liveAfter(clock: clock)
      var values = identifiers[identifier].uses.neighbours(of: left, .out)
      while true {
        let value = identifiers[identifier].uses.next(&values, liveAfter: liveAfter)
        if value == 0 { break }
        guard budget > 0, found.ties.count < Limits.evidenceAccounts else {
          found.isComplete = false
          return found
        }
        budget -= 1
        guard identifiers[identifier].uses.isLive(right, value, liveAfter: liveAfter) else {
          continue
        }
        found.ties.append(
          AccountTie(
            kind: .shared(identifier: identifier, value: value),
            entity: identifiers[identifier].owner, from: left, to: right))
      }
    }
    return found
  }

  private func ancestors(_ link: Int, of account: UInt32, most: Int) -> TieList {
    var found = TieList()
    var child = account
    while referrals[link].parent(of: child) != 0 {
      if found.ties.count == min(most, Limits.evidenceAccounts) {
        found.isComplete = false
        break
      }
      let parent = referrals[link].parent(of: child)
      found.ties.append(
        AccountTie(kind: .edge(link: link), entity: links[link].entity, from: parent, to: child))
      child = parent
    }
    found.ties.reverse()
    return found
  }

  private func descendants(_ link: Int, of account: UInt32, levels: Int) -> TieList {
    var found = TieList()
    var level = [account]
    var depth = 0
    while !level.isEmpty && depth < levels {
      var next: [UInt32] = []
      for parent in level {
        var child = referrals[link].newestChild(of: parent)
        while child != 0 {
          guard found.ties.count < Limits.evidenceAccounts else {
            found.isComplete = false
            return found
          }
          found.ties.append(
            AccountTie(
              kind: .edge(link: link), entity: links[link].entity, from: parent, to: child))
          next.append(child)
          child = referrals[link].olderSibling(of: child)
        }
      }
      level = next
      depth += 1
    }
    return found
  }
}
