import Program

// What a use, an edge or a question will touch.
extension AccountGraph {
  /// The records of values.
  func valueColumns(identifier: Int) -> [RecordColumn] { identifiers[identifier].columns }

  /// Of an account that uses a value: the heads of its lists, where it stands in its components,
  /// and what is counted of it where labels are looked for.
  func userColumns(identifier: Int) -> [RecordColumn] {
    guard identifiers[identifier].isKept else { return [] }
    let owner = identifiers[identifier].owner
    var columns = [heads[owner].column]
    for link in links.indices where links[link].entity == owner {
      columns.append(forests[link].column)
    }
    for place in nearby.places(of: identifier) {
      columns.append(nearby.column(search: nearby.watches[nearby.watch(at: place)].search))
    }
    return columns
  }

  /// Where an account stands in its component of a link.
  func memberColumn(link: Int) -> RecordColumn { forests[link].column }

  /// Of an account a question is about: what is counted of it where labels are looked for, with the
  /// heads of its lists, or its place in the tree of a link.
  func columns(askedBy question: GraphQuestion) -> [RecordColumn] {
    switch question {
    case .hopsTo(let link, let label, _):
      guard let search = nearby.search(link: link, label: label) else { return [] }
      return [nearby.column(search: search), heads[links[link].entity].column]
    case .depth(let link, _), .fanOut(let link), .subtreeSize(let link, _):
      return referrals[link].columns
    default: return []
    }
  }

  /// The root of the component of an account, or one nearer to it.
  @inline(__always)
  func prefetchRoot(link: Int, _ account: UInt32, _ list: inout PrefetchList) {
    forests[link].prefetchRoot(of: account, &list)
  }

  /// Of either account of an edge: the heads of its lists, and its places in the tree and among the
  /// components of the link.
  func edgeColumns(link: Int) -> [RecordColumn] {
    var columns = [forests[link].column]
    if needs.edges[link] { columns.append(edges[link].headColumn) }
    if needs.hasForest[link] { columns += referrals[link].columns }
    return columns
  }

  /// Whether accounts are joined by the values of an identifier.
  @inline(__always)
  func joins(identifier: Int) -> Bool { !identifiers[identifier].links.isEmpty }

  /// Whether it is told how many accounts ever used a value of an identifier.
  @inline(__always)
  func countsUsers(identifier: Int) -> Bool { identifiers[identifier].countsUsers }

  /// Where an account that uses a value is looked up, if the value is a hub.
  @inline(__always)
  func prefetchUser(
    identifier: Int, value: UInt32, _ account: UInt32, _ list: inout PrefetchList
  ) {
    identifiers[identifier].prefetchUser(account, of: value, &list)
  }

  /// The list of the accounts of a value, and where it begins.
  @inline(__always)
  func prefetchAccounts(
    identifier: Int, value: UInt32, _ list: inout PrefetchList
  ) -> AdjacencyHead {
    let accounts = identifiers[identifier].record(of: value).accounts
    pool.prefetch(accounts, &list)
    return accounts
  }

  /// Where the only one of some accounts of a value stands in its components, if an account that
  /// uses the value is joined with it: whether it is with any of them.
  @inline(never)
  borrowing func prefetchMember(
    identifier: Int, value: UInt32, of accounts: AdjacencyHead, joining account: UInt32,
    _ list: inout PrefetchList
  ) -> Bool {
    if accounts.only == account || listOfValues(identifier, of: account).only == value {
      return false
    }
    if !accounts.hasChunk { prefetchMember(identifier: identifier, accounts.only, &list) }
    return true
  }

  /// Where the one of some accounts of a value that others are joined with stands in its
  /// components, once the list is there; its root if it is the only one, which was asked for.
  @inline(__always)
  func prefetchMember(
    identifier: Int, of accounts: AdjacencyHead, _ list: inout PrefetchList
  ) {
    if accounts.hasChunk {
      prefetchMember(identifier: identifier, pool.newest(accounts), &list)
    } else {
      prefetchMemberRoot(identifier: identifier, of: accounts, &list)
    }
  }

  /// The root of that one, or one nearer to it.
  @inline(__always)
  func prefetchMemberRoot(
    identifier: Int, of accounts: AdjacencyHead, _ list: inout PrefetchList
  ) {
    let account = pool.newest(accounts)
    for position in identifiers[identifier].links.indices {
      forests[identifiers[identifier].links[position]].prefetchRoot(of: account, &list)
    }
  }

  @inline(__always)
  private func prefetchMember(
    identifier: Int, _ account: UInt32, _ list: inout PrefetchList
  ) {
    for position in identifiers[identifier].links.indices {
      forests[identifiers[identifier].links[position]].prefetch(account, &list)
    }
  }

  /// For an edge from an account: the newest entries of its lists, and whoever came last by it,
  /// where the event names the account it leads to. Who looks for a cycle goes against edges only
  /// where one leads on from there, which is seldom.
  @inline(__always)
  mutating func prefetchSource(
    link: Int, from: UInt32, to: UInt32, _ list: inout PrefetchList
  ) {
    guard to != 0 else { return }
    edges[link].prefetchNewest(of: from, .out, &list)
    let leadsOn = !edges[link].isEmpty(of: to, .out)
    if edges[link].isDirected && (leadsOn || needs.isWalked[link]) {
      edges[link].prefetchNewest(of: from, .into, &list)
    }
    if needs.hasForest[link] { referrals[link].prefetchChild(of: from, &list) }
  }

  /// For an edge to an account: where the search for it begins, and the newest entries of the lists
  /// of the account, where the event names the account it comes from. Gives the edge that is no
  /// longer the only one to the account then, see `EdgeStore.prefetchMoved`; 0 for none.
  @inline(__always)
  mutating func prefetchTarget(
    link: Int, from: UInt32, to: UInt32, _ list: inout PrefetchList
  ) -> UInt32 {
    guard from != 0 else { return 0 }
    edges[link].prefetchIndex(from, to, &list)
    edges[link].prefetchNewest(of: to, &list)
    return edges[link].onlyEdge(to: to)
  }
}
