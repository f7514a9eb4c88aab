import Program

/// Labels and erasure: what people and the law say of an account.
extension AccountGraph {
  /// A label was given to an account or taken away, called in order of sequence.
  mutating func setLabel(
    entity: Int, account: UInt32, label: Int, isRemoved: Bool, time: Int64
  ) {
    let change = labels.set(
      entity: entity, account: account, label: label, isRemoved: isRemoved, time: time)
    if change != 0 { count(label, change, entity: entity, account: account) }
  }

  private mutating func count(_ label: Int, _ change: Int32, entity: Int, account: UInt32) {
    noteLabel(label, entity: entity, account: account, change: Int(change))
    for link in links.indices
    where links[link].entity == entity && needs.counters[link].contains(.label(label)) {
      addToCounter(
        change, link: link, account: account, needs.counter(.label(label), of: link))
    }
  }

  /// Removes an account with its labels, edges and uses; its key is a new account from now on. Hubs
  /// stay hubs.
  ///
  /// *Complexity*: rebuilds the components the account held together.
  mutating func erase(entity: Int, account: UInt32, clock: Int64) {
    guard account != 0 else { return }
    advance(to: clock)
    for label in 0..<labels.labels
    where labels.carries(entity: entity, account: account, label: label) {
      count(label, -1, entity: entity, account: account)
    }
    labels.erase(entity: entity, account: account)
    walk.seedCount = 0
    for identifier in identifiers.indices
    where identifiers[identifier].isKept && identifiers[identifier].entity == entity {
      if identifiers[identifier].isTimed {
        eraseTimedUses(identifier: identifier, account: account)
      } else {
        erasePlainUses(identifier: identifier, account: account)
      }
    }
    for link in links.indices where links[link].entity == entity {
      forgetFirstEdge(link: link, account: account, clock: clock)
      if needs.hasForest[link] { referrals[link].erase(account) }
      if joined[link].isEmpty && needs.edges[link] { eraseEdges(link: link, account: account) }
    }
    for link in links.indices where links[link].entity == entity && needs.components[link] {
      rebuildWithout(account, link: link, clock: clock)
    }
  }

  private mutating func forgetFirstEdge(link: Int, account: UInt32, clock: Int64) {
    firstEdges[link].erase(account)
    for window in needs.growthWindows[link].indices {
      let change = firstEdges[link].settle(account, window: window, clock: clock)
      if change != 0 {
        addToCounter(
          change, link: link, account: account, needs.counter(.growth(window), of: link))
      }
    }
  }

  private mutating func eraseTimedUses(identifier: Int, account: UInt32) {
    while true {
      var values = identifiers[identifier].uses.neighbours(of: account, .out)
      let value = identifiers[identifier].uses.next(&values, liveAfter: .min)
      if value == 0 { return }
      cutTimed(identifier: identifier, value: value, account: account)
      var others = identifiers[identifier].uses.neighbours(of: value, .into)
      while true {
        let other = identifiers[identifier].uses.next(&others, liveAfter: .min)
        if other == 0 { break }
        walk.addSeed(other)
      }
    }
  }

  private mutating func erasePlainUses(identifier: Int, account: UInt32) {
    let owner = identifiers[identifier].owner
    while true {
      var cursor = pool.cursor(over: listOfValues(identifier, of: account))
      let value = pool.next(&cursor)
      if value == 0 { return }
      identifiers[identifier].cut(value, from: account, &heads[owner], &pool)
      var record = identifiers[identifier].values[Int(value)]
      pool.remove(account, from: &record.accounts)
      identifiers[identifier].values[Int(value)] = record
      noteCut(identifier: identifier, value: value, account: account)
      identifiers[identifier].countErased(account, of: value)
      var others = pool.cursor(over: record.accounts)
      while true {
        let other = pool.next(&others)
        if other == 0 { break }
        walk.addSeed(other)
      }
    }
  }

  private mutating func eraseEdges(link: Int, account: UInt32) {
    for side in [EdgeSide.out, .into] {
      while true {
        var cursor = edges[link].neighbours(of: account, side)
        let other = edges[link].next(&cursor, liveAfter: .min)
        if other == 0 { break }
        let edge =
          side == .out ? edges[link].edge(account, other) : edges[link].edge(other, account)
        if needs.components[link] && links[link].windowMicroseconds != nil {
          windowed[link].remove(store: 0, edge: edge)
        }
        edges[link].remove(edge)
        walk.addSeed(other)
      }
    }
    let itself = edges[link].edge(account, account)
    if itself != 0 { edges[link].remove(itself) }
  }

  /// Finds anew the components of a link around the seeds, with the erased account alone.
  private mutating func rebuildWithout(_ account: UInt32, link: Int, clock: Int64) {
    if links[link].windowMicroseconds == nil {
      forests[link].assignRoot(account, size: 1)
    }
    let isPlain = !joined[link].isEmpty && !joined[link].contains { identifiers[$0].isTimed }
    guard isPlain else {
      rebuildAroundSeeds(link: link, clock: clock)
      return
    }
    var seeds = AdjacencyHead()
    for seed in 0..<walk.seedCount { pool.append(walk.seeds[seed], to: &seeds) }
    rebuild(link: link, around: seeds)
    pool.clear(&seeds)
  }
}
