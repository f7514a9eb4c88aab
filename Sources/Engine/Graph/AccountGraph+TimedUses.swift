import Program

/// Identifiers whose uses are kept with their times.
extension AccountGraph {
  /// A use of a value that is no hub.
  mutating func useTimed(
    identifier: Int, value: UInt32, account: UInt32, time: Int64, clock: Int64
  ) {
    let liveAfter = identifiers[identifier].uses.liveAfter(clock: clock)
    let isLinked = identifiers[identifier].uses.isLive(account, value, liveAfter: liveAfter)
    if !isLinked && time > liveAfter && identifiers[identifier].isFull(value, clock: clock) {
      makeTimedHub(identifier: identifier, value: value, clock: clock)
      return
    }
    // Whoever has used it last holds the rest together.
    var others = identifiers[identifier].uses.neighbours(of: value, .into)
    var other = identifiers[identifier].uses.next(&others, liveAfter: liveAfter)
    if other == account { other = identifiers[identifier].uses.next(&others, liveAfter: liveAfter) }
    if !isLinked {
      let counts = identifiers[identifier].record(of: value).counts
      noteLinked(
        identifier: identifier, value: value, isCounted: !counts.isZero, account: account)
    }
    let sequence = identifiers[identifier].nextUse
    identifiers[identifier].nextUse += 1
    let edge = identifiers[identifier].uses.add(
      from: account, to: value, time: time, sequence: sequence, clock: clock)
    for position in identifiers[identifier].links.indices {
      let link = identifiers[identifier].links[position]
      noteEdge(link: link, account: account, time: time, clock: clock)
      if links[link].windowMicroseconds == nil {
        if other != 0 { forests[link].join(other, account) }
      } else if edge != 0 && time > self.liveAfter(link: link, clock: clock) {
        windowed[link].offer(
          store: store(of: identifier, link: link), edge: edge, account: account, value: value,
          time: time)
      }
    }
  }

  /// Cuts a value from all its accounts and rebuilds what it held together.
  private mutating func makeTimedHub(identifier: Int, value: UInt32, clock: Int64) {
    newHubs += 1
    var record = identifiers[identifier].values[Int(value)]
    record.makeHub()
    identifiers[identifier].values[Int(value)] = record
    walk.seedCount = 0
    while true {
      var accounts = identifiers[identifier].uses.neighbours(of: value, .into)
      let account = identifiers[identifier].uses.next(&accounts, liveAfter: .min)
      if account == 0 { break }
      cutTimed(identifier: identifier, value: value, account: account)
      walk.addSeed(account)
    }
    for position in identifiers[identifier].links.indices {
      rebuildAroundSeeds(link: identifiers[identifier].links[position], clock: clock)
    }
  }

  /// Removes a timed use from its store and from the forests it holds together.
  mutating func cutTimed(identifier: Int, value: UInt32, account: UInt32) {
    let edge = identifiers[identifier].uses.edge(account, value)
    for position in identifiers[identifier].links.indices {
      let link = identifiers[identifier].links[position]
      if links[link].windowMicroseconds != nil {
        windowed[link].remove(store: store(of: identifier, link: link), edge: edge)
      }
    }
    identifiers[identifier].uses.remove(edge)
    noteCut(identifier: identifier, value: value, account: account)
  }

  /// Finds anew the components of the seeds, over edges with their times.
  mutating func rebuildAroundSeeds(link: Int, clock: Int64) {
    walk.begin()
    var budget = Int.max
    var end = 0
    var position = 0
    for seed in 0..<walk.seedCount {
      let account = walk.seeds[seed]
      if walk.visit(of: account) != 0 { continue }
      walk.reach(account, from: walk.count, depth: 0, branch: 0)
      append(0, toRebuildAt: &end)
      while position < walk.count {
        let member = walk[position].account
        append(member, toRebuildAt: &end)
        var cursor = neighbours(link: link, of: member, .either, clock: clock)
        while case .neighbour(let neighbour) = next(&cursor, budget: &budget) {
          if walk.visit(of: neighbour) == 0 {
            walk.reach(neighbour, from: position, depth: 0, branch: 0)
          }
        }
        position += 1
      }
    }
    if links[link].windowMicroseconds == nil {
      assignComponents(link: link, end: end)
    } else {
      for position in 0..<walk.count { offerEdges(link: link, of: walk[position].account, clock) }
    }
  }

  private mutating func append(_ account: UInt32, toRebuildAt end: inout Int) {
    rebuildQueue.use(count: end + 1)
    rebuildQueue[end] = account
    end += 1
  }

  /// Offers the live edges of an account to the forest of a windowed link.
  private mutating func offerEdges(link: Int, of account: UInt32, _ clock: Int64) {
    let liveAfter = liveAfter(link: link, clock: clock)
    guard !joined[link].isEmpty else {
      var cursor = edges[link].neighbours(of: account, .out)
      while true {
        let entry = edges[link].nextEntry(&cursor, liveAfter: liveAfter)
        if entry.neighbour == 0 { return }
        windowed[link].offer(
          store: 0, edge: edges[link].edge(account, entry.neighbour), from: account,
          to: entry.neighbour, time: entry.time)
      }
    }
    for (store, identifier) in joined[link].enumerated() {
      var cursor = identifiers[identifier].uses.neighbours(of: account, .out)
      while true {
        let entry = identifiers[identifier].uses.nextEntry(&cursor, liveAfter: liveAfter)
        if entry.neighbour == 0 { break }
        windowed[link].offer(
          store: store, edge: identifiers[identifier].uses.edge(account, entry.neighbour),
          account: account, value: entry.neighbour, time: entry.time)
      }
    }
  }

  /// The position of an identifier among those a link joins by.
  func store(of identifier: Int, link: Int) -> Int {
    guard let store = joined[link].firstIndex(of: identifier) else {
      preconditionFailure("this link does not join by the identifier")
    }
    return store
  }
}
