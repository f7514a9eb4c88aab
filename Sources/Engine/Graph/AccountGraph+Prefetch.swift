// Brings nearer what a use or an edge will touch; number 0 stands for none.
extension AccountGraph {
  /// The records of a value and an account, and where the account stands in its components.
  @inline(__always)
  func prefetchUse(identifier: Int, value: UInt32, account: UInt32) {
    guard value != 0 && account != 0 else { return }
    identifiers[identifier].prefetch(value: value, account: account)
    for position in identifiers[identifier].links.indices {
      forests[identifiers[identifier].links[position]].prefetch(account)
    }
  }

  /// The list of a value's accounts, and where the first of them stands in its components.
  @inline(__always)
  func prefetchMembers(identifier: Int, value: UInt32, account: UInt32) {
    guard value != 0 && account != 0, Int(value) < identifiers[identifier].values.count
    else { return }
    let members = identifiers[identifier].values[Int(value)].accounts
    guard members.count > 0 else { return }
    pool.prefetch(members)
    for position in identifiers[identifier].links.indices {
      forests[identifiers[identifier].links[position]].prefetch(members.first)
    }
  }
}

extension IdentifierStore {
  @inline(__always)
  func prefetch(value: UInt32, account: UInt32) {
    values.prefetch(Int(value))
    accounts.prefetch(Int(account))
  }
}

extension AdjacencyPool {
  /// The newest chunk of a list.
  @inline(__always)
  func prefetch(_ head: AdjacencyHead) {
    if head.count > 1 { prefetchChunk(head) }
  }
}

extension EdgeStore {
  /// Where the search for an edge begins, and the heads of the lists on either side of both
  /// accounts.
  @inline(__always)
  func prefetch(from: UInt32, to: UInt32) {
    guard from != 0 && to != 0 else { return }
    prefetchIndex(from, to)
    prefetchHeads(of: from)
    prefetchHeads(of: to)
  }

  /// The newest chunks of those lists.
  // Mutating only because a store of this size is copied to be borrowed.
  @inline(__always)
  mutating func prefetchLists(from: UInt32, to: UInt32) {
    guard from != 0 && to != 0 else { return }
    prefetchNewest(of: from)
    prefetchNewest(of: to)
  }
}
