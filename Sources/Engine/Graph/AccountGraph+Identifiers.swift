import Program

/// Identifier links: accounts joined by values they share, cut at hubs.
extension AccountGraph {
  /// An account used a value of an identifier (a position in `Schema.identifiers`).
  ///
  /// The use that makes more than `maxDegree` distinct accounts makes the value a hub: it joins
  /// nobody from then on. A hub idle for longer than its retention is forgotten first.
  ///
  /// *Complexity*: the shorter of the value's and the account's lists; the use that makes a hub
  /// rebuilds one component.
  @inline(__always)
  mutating func use(
    identifier: Int, value: UInt32, account: UInt32, time: Int64, clock: Int64
  ) {
    precondition(value != 0 && account != 0, "a use needs a value and an account")
    precondition(time <= clock, "a use after the clock")
    if !useFirst(identifier: identifier, value: value, account: account, clock: clock) {
      useSlowly(identifier: identifier, value: value, account: account, time: time, clock: clock)
    }
  }

  /// As `use`, for one that links a value and an account and changes nothing else; false for any
  /// other. Most are the first of a value and of an account, and join nobody. Of a value without
  /// accounts nothing is counted.
  @inline(__always)
  private mutating func useFirst(
    identifier: Int, value: UInt32, account: UInt32, clock: Int64
  ) -> Bool {
    guard identifiers[identifier].linksFirst else { return false }
    advance(to: clock)
    identifiers[identifier].values.use(count: Int(value) &+ 1)
    var record = identifiers[identifier].values[Int(value)]
    let owner = identifiers[identifier].owner
    let list = identifiers[identifier].list
    guard
      record.isUnused && heads[owner].head(of: account, list).isEmpty && nearby.isFar(account)
    else { return false }
    record.accounts = AdjacencyHead(only: account)
    identifiers[identifier].values[Int(value)] = record
    heads[owner].setHead(of: account, list, AdjacencyHead(only: value))
    return true
  }

  /// As `use`, whatever there is to do.
  @inline(never)
  private mutating func useSlowly(
    identifier: Int, value: UInt32, account: UInt32, time: Int64, clock: Int64
  ) {
    guard identifiers[identifier].isKept else { return }
    advance(to: clock)
    let record = identifiers[identifier].noteUse(value, time: time, clock: clock)
    if record.isHub { return }
    if identifiers[identifier].isTimed {
      useTimed(identifier: identifier, value: value, account: account, time: time, clock: clock)
      return
    }
    let accounts = record.accounts
    let owner = identifiers[identifier].owner
    // Somebody it joins already, before the account is among them.
    var other: UInt32 = 0
    if !identifiers[identifier].areLinked(value, account, heads[owner], pool) {
      other = pool.newest(accounts)
      if let maxDegree = identifiers[identifier].maxDegree,
        Int(pool.count(accounts)) >= maxDegree
      {
        makeHub(identifier: identifier, value: value)
        return
      }
      noteLinked(identifier: identifier, value: value, account: account)
      identifiers[identifier].link(value, account, &heads[owner], &pool)
    }
    if identifiers[identifier].notesEdges {
      noteEdges(identifier: identifier, account: account, time: time, clock: clock)
    }
    guard other != 0 else { return }
    for position in identifiers[identifier].links.indices {
      forests[identifiers[identifier].links[position]].join(other, account)
    }
  }

  /// Notes that an account has an edge of each link of an identifier.
  private mutating func noteEdges(
    identifier: Int, account: UInt32, time: Int64, clock: Int64
  ) {
    for position in identifiers[identifier].links.indices {
      let link = identifiers[identifier].links[position]
      noteEdge(link: link, account: account, time: time, clock: clock)
    }
  }

  /// Whether a value is a hub at a clock.
  ///
  /// *Traps* when nothing asks for this identifier, so that nothing is known of it.
  func isHub(identifier: Int, value: UInt32, clock: Int64) -> Bool {
    precondition(identifiers[identifier].isKept, "this identifier is not kept")
    return identifiers[identifier].isHub(value, clock: clock)
  }

  /// The list of an account's values of an identifier without times, hubs excluded.
  @inline(__always)
  func listOfValues(_ identifier: Int, of account: UInt32) -> AdjacencyHead {
    heads[identifiers[identifier].owner].head(of: account, identifiers[identifier].list)
  }

  /// Cuts a value from all its accounts and rebuilds what it held together.
  private mutating func makeHub(identifier: Int, value: UInt32) {
    newHubs += 1
    noteHub(identifier: identifier, value: value)
    var record = identifiers[identifier].values[Int(value)]
    let cut = record.accounts
    record.makeHub()
    identifiers[identifier].values[Int(value)] = record
    let owner = identifiers[identifier].owner
    var cursor = pool.cursor(over: cut)
    while true {
      let account = pool.next(&cursor)
      if account == 0 { break }
      identifiers[identifier].cut(value, from: account, &heads[owner], &pool)
    }
    // A value of a single account held nothing together.
    if cut.hasChunk {
      for position in identifiers[identifier].links.indices {
        rebuild(link: identifiers[identifier].links[position], around: cut)
      }
    }
    var freed = cut
    pool.clear(&freed)
  }

  /// Finds anew the components of accounts that were in one component until their common value was
  /// cut. Whatever was in it is still reached from one of them by the other values.
  mutating func rebuild(link: Int, around seeds: AdjacencyHead) {
    let joined = joined[link]
    rebuiltValues.clear()
    var end = 0
    var cursor = pool.cursor(over: seeds)
    while true {
      let seed = pool.next(&cursor)
      if seed == 0 { break }
      if forests[link].isReached(seed) { continue }
      rebuildQueue.use(count: end + 2)
      rebuildQueue[end] = 0
      rebuildQueue[end + 1] = seed
      forests[link].reach(seed)
      var position = end + 1
      end += 2
      while position < end {
        reachNeighbours(of: rebuildQueue[position], link: link, joined, &end)
        position += 1
      }
    }
    assignComponents(link: link, end: end)
  }

  /// Puts the accounts that share a value with `account` at the end of the rebuild queue.
  private mutating func reachNeighbours(
    of account: UInt32, link: Int, _ joined: [Int], _ end: inout Int
  ) {
    for identifier in joined {
      var values = pool.cursor(over: listOfValues(identifier, of: account))
      while true {
        let value = pool.next(&values)
        if value == 0 { break }
        // Each value is walked once, or a value of d accounts would cost d × d.
        if rebuiltValues.mark(space: identifier, value) != 0 { continue }
        rebuiltValues.set(space: identifier, value, 1)
        var accounts = pool.cursor(over: identifiers[identifier].record(of: value).accounts)
        while true {
          let neighbour = pool.next(&accounts)
          if neighbour == 0 { break }
          if forests[link].isReached(neighbour) { continue }
          forests[link].reach(neighbour)
          rebuildQueue.use(count: end + 1)
          rebuildQueue[end] = neighbour
          end += 1
        }
      }
    }
  }

  /// Gives the accounts of the rebuild queue their roots, the first of each component.
  mutating func assignComponents(link: Int, end: Int) {
    var position = 0
    while position < end {
      let root = rebuildQueue[position + 1]
      var last = position + 2
      while last < end && rebuildQueue[last] != 0 { last += 1 }
      forests[link].assignRoot(root, size: last - position - 1)
      for member in position + 2..<last {
        forests[link].assign(rebuildQueue[member], toRoot: root)
      }
      position = last
    }
  }
}
