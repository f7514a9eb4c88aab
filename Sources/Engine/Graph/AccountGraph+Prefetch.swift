// Brings nearer what a use or an edge will touch; number 0 stands for none.
extension AccountGraph {
  /// The records of a value and an account, and where the account stands in its components.
  @inline(__always)
  func prefetchUse(
    identifier: Int, value: UInt32, account: UInt32, _ list: inout PrefetchList
  ) {
    guard value != 0 && account != 0 else { return }
    identifiers[identifier].prefetch(value: value, account: account, &list)
    for position in identifiers[identifier].links.indices {
      forests[identifiers[identifier].links[position]].prefetch(account, &list)
    }
  }

  /// The list of a value's accounts, and where the first of them stands in its components.
  @inline(__always)
  func prefetchMembers(
    identifier: Int, value: UInt32, account: UInt32, _ list: inout PrefetchList
  ) {
    guard value != 0 && account != 0, Int(value) < identifiers[identifier].values.count
    else { return }
    let members = identifiers[identifier].values[Int(value)].accounts
    guard members.count > 0 else { return }
    pool.prefetch(members, &list)
    for position in identifiers[identifier].links.indices {
      forests[identifiers[identifier].links[position]].prefetch(members.first, &list)
    }
  }
}

extension AccountGraph {
  /// The lists of an account's values, where a search for a label is counted ahead.
  func prefetchLists(link: Int, label: Int, account: UInt32, _ list: inout PrefetchList) {
    guard account != 0, let search = nearby.search(link: link, label: label) else { return }
    nearby.prefetch(account, search: search, &list)
    for watch in nearby.ofSearch[search] {
      identifiers[nearby.watches[watch].identifier].prefetch(account: account, &list)
    }
  }

  /// What is counted for the first of those values, and where the others are listed.
  func prefetchCounts(link: Int, label: Int, account: UInt32, _ list: inout PrefetchList) {
    guard account != 0, let search = nearby.search(link: link, label: label) else { return }
    for watch in nearby.ofSearch[search] {
      let identifier = nearby.watches[watch].identifier
      guard Int(account) < identifiers[identifier].accounts.count else { continue }
      let head = identifiers[identifier].accounts[Int(account)]
      guard head.count > 0 else { continue }
      nearby.prefetch(value: head.first, watch: watch, &list)
      pool.prefetch(head, &list)
    }
  }
}

extension IdentifierStore {
  @inline(__always)
  func prefetch(account: UInt32, _ list: inout PrefetchList) {
    accounts.prefetch(Int(account), &list)
  }

  @inline(__always)
  func prefetch(value: UInt32, account: UInt32, _ list: inout PrefetchList) {
    values.prefetch(Int(value), &list)
    accounts.prefetch(Int(account), &list)
  }
}

extension AdjacencyPool {
  /// The newest chunk of a list.
  @inline(__always)
  func prefetch(_ head: AdjacencyHead, _ list: inout PrefetchList) {
    if head.count > 1 { prefetchChunk(head, &list) }
  }
}

extension EdgeStore {
  /// Where the search for an edge begins, and the heads of the lists on either side of both
  /// accounts.
  @inline(__always)
  func prefetch(from: UInt32, to: UInt32, _ list: inout PrefetchList) {
    guard from != 0 && to != 0 else { return }
    prefetchIndex(from, to, &list)
    prefetchHeads(of: from, &list)
    prefetchHeads(of: to, &list)
  }

  /// The newest chunks of those lists.
  // Mutating only because a store of this size is copied to be borrowed.
  @inline(__always)
  mutating func prefetchLists(from: UInt32, to: UInt32, _ list: inout PrefetchList) {
    guard from != 0 && to != 0 else { return }
    prefetchNewest(of: from, &list)
    prefetchNewest(of: to, &list)
  }
}
