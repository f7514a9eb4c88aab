/// What bounds a search for a cycle.
struct SearchBounds {
  /// Only edges used after this time exist.
  let liveAfter: Int64
  /// The longest cycle of interest.
  let maxHops: Int
  /// Live adjacency entries that may still be examined.
  var budget: Int
}

/// Searches for shortest cycles, with the scratch they share, so that a search allocates nothing.
///
/// *Order*, which decides only what a budget cuts off: accounts in the order they were reached,
/// from each its neighbours by latest use, newest first. A cycle through an edge u → v is a path
/// from v to u, searched from both ends in turn, from v first; a turn examines one live entry or
/// passes the end of a level. So a search costs at most twice its cheaper side, whatever crowd
/// stands at the other end.
struct CycleSearch: ~Copyable {
  private let inPlace = InPlace()
  var table: VisitTable
  var forward: SearchSide
  var backward: SearchSide
  /// Where the two halves of the cycle found meet: positions of visits. The second lies on the
  /// forward side too when that side alone found the cycle.
  var meeting: (first: Int, second: Int)
  var found: Found

  /// What kind of cycle the last search found.
  enum Found {
    case nothing
    /// A self-edge of this account.
    case selfEdge(UInt32)
    /// A path from the start to the goal, closed by an edge or by both being the same account.
    case path(isClosedByEdge: Bool)
    /// Two branches of one search that an edge joins.
    case branches
  }

  init() {
    table = VisitTable()
    forward = SearchSide(side: .out)
    backward = SearchSide(side: .into)
    meeting = (0, 0)
    found = .nothing
  }

  /// The shortest cycle through a live edge.
  mutating func cycle(
    through edge: (from: UInt32, to: UInt32), in edges: borrowing EdgeStore,
    _ bounds: inout SearchBounds
  ) -> SignalValue {
    found = .nothing
    // From most accounts that just came no edge leads on.
    if edges.isDirected && edge.from != edge.to && edges.isEmpty(of: edge.to, .out) {
      return .int(0)
    }
    guard bounds.maxHops >= 1,
      edges.isLive(edge.from, edge.to, liveAfter: bounds.liveAfter)
    else { return .int(0) }
    if edge.from == edge.to { return foundSelfEdge(edge.from) }
    guard
      let length = path(
        from: edge.to, to: edge.from, limit: bounds.maxHops - 1,
        // An undirected edge is not walked back.
        isEdgeExcluded: !edges.isDirected, in: edges, &bounds)
    else { return .int(0, isTruncated: true) }
    guard length > 0 else { return .int(0) }
    found = .path(isClosedByEdge: true)
    return .int(Int64(length + 1))
  }

  /// The shortest cycle through an account.
  mutating func cycle(
    through account: UInt32, in edges: borrowing EdgeStore, _ bounds: inout SearchBounds
  ) -> SignalValue {
    found = .nothing
    guard bounds.maxHops >= 1, account != 0 else { return .int(0) }
    if edges.isLive(account, account, liveAfter: bounds.liveAfter) { return foundSelfEdge(account) }
    let length =
      edges.isDirected
      ? path(
        from: account, to: account, limit: bounds.maxHops, isEdgeExcluded: false, in: edges, &bounds
      )
      : joinedBranches(at: account, in: edges, &bounds)
    guard let length else { return .int(0, isTruncated: true) }
    guard length > 0 else { return .int(0) }
    found = edges.isDirected ? .path(isClosedByEdge: false) : .branches
    return .int(Int64(length))
  }

  private mutating func foundSelfEdge(_ account: UInt32) -> SignalValue {
    found = .selfEdge(account)
    return .int(1)
  }

  /// The accounts of the cycle found, each once.
  func witness() -> [UInt32] {
    switch found {
    case .nothing:
      return []
    case .selfEdge(let account):
      return [account]
    case .path(let isClosedByEdge):
      var path = [UInt32](chain(forward, to: meeting.first).reversed())
      let rest = chain(backward, to: meeting.second)
      path += path.last == rest.first ? rest.dropFirst() : rest[...]
      // The path ends where the closing edge begins, or where it began itself.
      let last = path.removeLast()
      return isClosedByEdge ? [last] + path : path
    case .branches:
      return chain(forward, to: meeting.first).reversed()
        + chain(forward, to: meeting.second).dropLast()
    }
  }

  /// Accounts from a visit back to the start.
  private func chain(_ side: borrowing SearchSide, to visit: Int) -> [UInt32] {
    var accounts = [side[visit].account]
    var visit = visit
    while visit != 0 {
      visit = Int(side[visit].parent)
      accounts.append(side[visit].account)
    }
    return accounts
  }
}
