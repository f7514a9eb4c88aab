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

extension IdentifierStore {
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
