/// The shortest path between two accounts, searched from both ends at once.
extension CycleSearch {
  private enum Turn {
    case goesOn
    case exhausted
    case budgetEnded
  }

  /// Edges of the shortest live path of at most `limit` edges, 0 for none, nil when the budget
  /// ended before that was known. A path from an account to itself has at least one edge.
  ///
  /// Once the forward side has passed f levels and the backward side g, every path of at most f + g
  /// edges has been met: its account f edges from the start was reached from both ends. So a
  /// meeting of length at most f + g + 1 is the shortest.
  mutating func path(
    from start: UInt32, to goal: UInt32, limit: Int, isEdgeExcluded: Bool,
    in edges: borrowing EdgeStore, _ bounds: inout SearchBounds
  ) -> Int? {
    table.clear()
    forward.begin(at: start, edges)
    backward.begin(at: goal, edges)
    table.setVisit(table.place(of: start), .out, 1)
    table.setVisit(table.place(of: goal), .into, 1)
    var best = Int.max
    var side = EdgeSide.out
    while forward.radius + backward.radius < limit {
      let turn =
        side == .out
        ? forwardTurn(goal, isEdgeExcluded, &best, in: edges, &bounds)
        : backwardTurn(start, isEdgeExcluded, &best, in: edges, &bounds)
      switch turn {
      case .budgetEnded: return nil
      case .exhausted: return best <= limit ? best : 0
      case .goesOn: break
      }
      if best <= forward.radius + backward.radius + 1 { return best <= limit ? best : 0 }
      side = side == .out ? .into : .out
    }
    return 0
  }

  private mutating func forwardTurn(
    _ goal: UInt32, _ isEdgeExcluded: Bool, _ best: inout Int, in edges: borrowing EdgeStore,
    _ bounds: inout SearchBounds
  ) -> Turn {
    switch forward.step(edges, liveAfter: bounds.liveAfter) {
    case .levelDone: return .goesOn
    case .exhausted: return .exhausted
    case .neighbour(let neighbour):
      guard bounds.budget > 0 else { return .budgetEnded }
      bounds.budget -= 1
      if isEdgeExcluded && forward.position == 0 && neighbour == goal { return .goesOn }
      if let met = Self.reach(neighbour, goal, &table, &forward, backward), met.length < best {
        best = met.length
        meeting = (met.mine, met.other)
      }
      return .goesOn
    }
  }

  private mutating func backwardTurn(
    _ start: UInt32, _ isEdgeExcluded: Bool, _ best: inout Int, in edges: borrowing EdgeStore,
    _ bounds: inout SearchBounds
  ) -> Turn {
    switch backward.step(edges, liveAfter: bounds.liveAfter) {
    case .levelDone: return .goesOn
    case .exhausted: return .exhausted
    case .neighbour(let neighbour):
      guard bounds.budget > 0 else { return .budgetEnded }
      bounds.budget -= 1
      if isEdgeExcluded && backward.position == 0 && neighbour == start { return .goesOn }
      if let met = Self.reach(neighbour, start, &table, &backward, forward), met.length < best {
        best = met.length
        meeting = (met.other, met.mine)
      }
      return .goesOn
    }
  }

  /// Notes that one side has reached an account; the length of the path if the other had before.
  private static func reach(
    _ account: UInt32, _ otherStart: UInt32, _ table: inout VisitTable, _ mine: inout SearchSide,
    _ other: borrowing SearchSide
  ) -> (length: Int, mine: Int, other: Int)? {
    // The other end of the path is never gone on from. It is told apart by its number, because in a
    // search for a cycle through one account both ends are that account.
    if account == otherStart {
      return (Int(mine[mine.position].depth) + 1, mine.position, 0)
    }
    let place = table.place(of: account)
    guard table.visit(place, mine.side) == 0 else { return nil }
    mine.reach(account)
    table.setVisit(place, mine.side, UInt32(mine.count))
    let visit = Int(table.visit(place, other.side))
    guard visit > 0 else { return nil }
    let depths = mine[mine.count - 1].depth + other[visit - 1].depth
    return (Int(depths), mine.count - 1, visit - 1)
  }
}
