import Program

/// Identifier links: accounts joined by values they share, cut at hubs.
extension AccountGraph {
  /// An account used values of identifiers: `numbers` has them by slot, 0 for none.
  ///
  /// The use that makes more than `maxDegree` distinct accounts makes the value a hub: it joins
  /// nobody from then on. A hub idle for longer than its retention is forgotten first.
  ///
  /// *Requires* that all uses are of the account, at most `UseGroup.mostUses`, and of identifiers
  /// and slots that are there, what `EnginePlanBuilder.addUses` looked for. *Complexity*, for each:
  /// the shorter of the value's and the account's lists; the use that makes a hub rebuilds one
  /// component.
  mutating func use(
    _ uses: Span<IdentifierUse>, of account: UInt32, _ numbers: Span<UInt32>, time: Int64,
    clock: Int64
  ) {
    if account == 0 { return }
    var left = beginUse(uses, of: account, numbers, time: time, clock: clock)
    while left != 0 {
      let use = uses[uses.count &- 1 &- left.trailingZeroBitCount]
      left &= left &- 1
      _ = useSlowly(
        identifier: use.identifier, value: numbers[use.slot], account: account, time: time,
        clock: clock)
    }
  }

  /// The first half of `use`: what most uses do. Gives a bit for each of the others, the lowest for
  /// the last use, of which `useSlowly` is the second half, and those of nobody are others, too. A
  /// use without a bit is one of no value, or links a value to the only account that it has and,
  /// where users are counted, ever had.
  @inline(__always)
  mutating func beginUse(
    _ uses: Span<IdentifierUse>, of account: UInt32, _ numbers: Span<UInt32>, time: Int64,
    clock: Int64
  ) -> UInt64 {
    precondition(time <= clock, "a use after the clock")
    if uses.isEmpty { return 0 }
    if account == 0 { return all(uses, numbers) }
    advance(to: clock)
    return useFirst(uses, of: account, numbers)
  }

  /// Makes those of some uses that link a value and an account and change nothing else; a bit for
  /// each of the others, the lowest for the last use. Most are the first of a value and of an
  /// account, and join nobody. Of a value without accounts nothing is counted.
  ///
  /// They may come before the others, which are of other identifiers: what those find of an account
  /// and a value is the same whether these links came before or after, and in which order others
  /// come.
  @inline(never)
  private mutating func useFirst(
    _ uses: Span<IdentifierUse>, of account: UInt32, _ numbers: Span<UInt32>
  ) -> UInt64 {
    let owner = identifiers[uses[0].identifier].owner
    guard heads[owner].has(account) && nearby.isFar(account) else { return all(uses, numbers) }
    let lists = heads[owner].lists(of: account)
    // SAFETY: used for as long as this access lasts.
    let stores = unsafe identifiers.address(0)
    var others: UInt64 = 0
    var place = 0
    while place < uses.count {
      // SAFETY: one of the uses, which name identifiers and slots that are there, as required.
      let use = unsafe uses[unchecked: place]
      assert(use.identifier < identifiers.count && use.slot < numbers.count, "no such use")
      let value = unsafe numbers[unchecked: use.slot]
      let store = unsafe stores + use.identifier
      let isOther: UInt64 =
        unsafe store.pointee.mayLinkFirst(value)
        ? store.pointee.linkFirst(value, account, lists) : value == 0 ? 0 : 1
      others = others &* 2 &+ isOther
      place &+= 1
    }
    return others
  }

  /// A bit for each use of a value, the lowest for the last.
  @inline(never)
  private func all(_ uses: Span<IdentifierUse>, _ numbers: Span<UInt32>) -> UInt64 {
    var all: UInt64 = 0
    for place in uses.indices { all = all << 1 | (numbers[uses[place].slot] == 0 ? 0 : 1) }
    return all
  }

  /// As `use` of one value, whatever there is to do; how many accounts ever used the value, this
  /// one among them, and any number where they are not counted. Account 0 uses nothing.
  @inline(never)
  mutating func useSlowly(
    identifier: Int, value: UInt32, account: UInt32, time: Int64, clock: Int64
  ) -> UInt32 {
    guard identifiers[identifier].isKept else { return 0 }
    if account == 0 { return userCount(identifier: identifier, value) }
    advance(to: clock)
    let record = identifiers[identifier].noteUse(value, time: time, clock: clock)
    if record.isHub { return identifiers[identifier].countUser(account, of: value) }
    if identifiers[identifier].isTimed {
      useTimed(identifier: identifier, value: value, account: account, time: time, clock: clock)
      return 0
    }
    let accounts = record.accounts
    var linked = pool.count(accounts)
    let owner = identifiers[identifier].owner
    // Somebody it joins already, before the account is among them; 0 where it joins nobody.
    var other: UInt32 = 0
    if !identifiers[identifier].areLinked(value, accounts, account, heads[owner], pool) {
      if !identifiers[identifier].links.isEmpty { other = pool.newest(accounts) }
      if let maxDegree = identifiers[identifier].maxDegree, Int(linked) >= maxDegree {
        makeHub(identifier: identifier, value: value)
        return identifiers[identifier].countUser(account, of: value)
      }
      // What marks it is no count.
      if accounts.isEmpty { identifiers[identifier].values[Int(value)].counts = ValueCounts() }
      noteLinked(
        identifier: identifier, value: value, isCounted: !record.counts.isZero, account: account)
      identifiers[identifier].link(value, accounts, account, &heads[owner], &pool)
      linked &+= 1
    }
    if identifiers[identifier].notesEdges {
      noteEdges(identifier: identifier, account: account, time: time, clock: clock)
    }
    if other != 0 {
      for position in identifiers[identifier].links.indices {
        forests[identifiers[identifier].links[position]].join(other, account)
      }
    }
    return identifiers[identifier].userCount(value, linked: linked, isHub: false)
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

  /// How many accounts ever used a value.
  ///
  /// *Requires* that the users of the identifier are counted, or it may be any number.
  @inline(__always)
  func userCount(identifier: Int, _ value: UInt32) -> UInt32 {
    let record = identifiers[identifier].record(of: value)
    return identifiers[identifier].userCount(
      value, linked: pool.count(record.accounts), isHub: record.isHub)
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
      identifiers[identifier].countUser(account, of: value)
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
