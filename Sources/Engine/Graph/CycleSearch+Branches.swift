/// The shortest cycle through an account of an undirected link.
extension CycleSearch {
  /// Edges of the shortest live cycle through an account, 0 for none, nil when the budget ended
  /// before that was known.
  ///
  /// One search from the account, in which each account belongs to the branch of the neighbour it
  /// was reached by. A cycle through the start leaves by one branch and comes back by another, so
  /// the shortest one is two shortest ways in different branches and an edge between their ends: 2
  /// r + 1 edges when both ends are r from the start, 2 r + 2 when one is farther, which is known
  /// only when the level ends without the former.
  mutating func joinedBranches(
    at account: UInt32, in edges: borrowing EdgeStore, _ bounds: inout SearchBounds
  ) -> Int? {
    table.clear()
    forward.begin(at: account, edges)
    table.setVisit(table.place(of: account), .out, 1)
    var best = 0
    while 2 * forward.radius + 1 <= bounds.maxHops {
      switch forward.step(edges, liveAfter: bounds.liveAfter) {
      case .exhausted: return best
      case .levelDone: if best > 0 { return best }
      case .neighbour(let neighbour):
        guard bounds.budget > 0 else { return nil }
        bounds.budget -= 1
        guard let length = reachBranch(neighbour), length <= bounds.maxHops else { continue }
        if best == 0 || length < best {
          best = length
          meeting.first = forward.position
          meeting.second = Int(table.visit(table.place(of: neighbour), .out)) - 1
        }
        if length == 2 * forward.radius + 1 { return length }
      }
    }
    return best
  }

  /// Notes that the account being expanded reaches another; the length of the cycle if that was
  /// reached before by another branch.
  private mutating func reachBranch(_ account: UInt32) -> Int? {
    let place = table.place(of: account)
    let visit = Int(table.visit(place, .out))
    guard visit > 0 else {
      forward.reach(account)
      table.setVisit(place, .out, UInt32(forward.count))
      return nil
    }
    let here = forward[forward.position]
    let there = forward[visit - 1]
    guard there.depth > 0, there.branch != here.branch else { return nil }
    return Int(here.depth + there.depth) + 1
  }
}
