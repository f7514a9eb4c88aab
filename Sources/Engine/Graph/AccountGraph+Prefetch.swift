import Program

// Brings nearer what a use or an edge will touch; number 0 stands for none.
extension AccountGraph {
  /// The record of a value.
  @inline(__always)
  func prefetchValue(identifier: Int, value: UInt32, _ list: inout PrefetchList) {
    if value != 0 { identifiers[identifier].values.prefetch(Int(value), &list) }
  }

  /// The heads of an account that uses a value, and where it stands in its components.
  @inline(__always)
  func prefetchUser(identifier: Int, account: UInt32, _ list: inout PrefetchList) {
    let owner = identifiers[identifier].owner
    heads[owner].prefetch(account, &list)
    for link in links.indices where links[link].entity == owner {
      forests[link].prefetch(account, &list)
    }
  }

  /// The list of a value's accounts, or where the only one stands in its components.
  @inline(__always)
  func prefetchMembers(
    identifier: Int, value: UInt32, account: UInt32, _ list: inout PrefetchList
  ) {
    guard value != 0 && account != 0 else { return }
    let members = identifiers[identifier].record(of: value).accounts
    pool.prefetch(members, &list)
    guard members.only != 0 else { return }
    for position in identifiers[identifier].links.indices {
      forests[identifiers[identifier].links[position]].prefetch(members.only, &list)
    }
  }
}

extension AccountGraph {
  /// The lists of an account's values and what is counted of it, where a search for a label is.
  mutating func prefetchSearch(link: Int, label: Int, account: UInt32, _ list: inout PrefetchList) {
    guard account != 0, let search = nearby.search(link: link, label: label) else { return }
    nearby.prefetch(account, search: search, &list)
    heads[links[link].entity].prefetch(account, &list)
  }
}

extension AccountGraph {
  /// The heads of the lists on either side of both accounts of an edge, and their places in the
  /// tree and among the components of the link.
  mutating func prefetchEdge(
    link: Int, from: UInt32, to: UInt32, _ list: inout PrefetchList
  ) {
    guard from != 0 && to != 0 else { return }
    edges[link].prefetchHeads(of: from, &list)
    edges[link].prefetchHeads(of: to, &list)
    if needs.hasForest[link] {
      referrals[link].prefetch(from, &list)
      referrals[link].prefetch(to, &list)
    }
    forests[link].prefetch(from, &list)
    forests[link].prefetch(to, &list)
  }

  /// Where the search for the edge begins, the newest entries of those lists, and whoever came last
  /// by the same account.
  mutating func prefetchEdgeLists(
    link: Int, from: UInt32, to: UInt32, _ list: inout PrefetchList
  ) {
    guard from != 0 && to != 0 else { return }
    edges[link].prefetchIndex(from, to, &list)
    edges[link].prefetchNewest(of: from, &list)
    edges[link].prefetchNewest(of: to, &list)
    if needs.hasForest[link] { referrals[link].prefetchChild(of: from, &list) }
  }
}
