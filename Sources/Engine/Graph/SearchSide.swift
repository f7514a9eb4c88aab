/// An account a search has reached.
struct SearchVisit {
  var account: UInt32
  /// Position of the visit it was reached from; its own for the first.
  var parent: UInt32
  /// Edges from the start.
  var depth: UInt32
  /// The neighbour of the start on the way to it; 0 for the start itself.
  var branch: UInt32
}

/// A search in level order from one account, along or against the edges.
struct SearchSide: ~Copyable {
  private let inPlace = InPlace()
  /// What the search meets next.
  enum Step {
    /// A live entry that leads to this account.
    case neighbour(UInt32)
    /// The last entry of a level was passed; the next level begins.
    case levelDone
    /// No account is left to go on from.
    case exhausted
  }

  private var visits: ReservedArray<SearchVisit>
  private(set) var count: Int
  /// The visit that is being expanded.
  private(set) var position: Int
  private var levelEnd: Int
  /// Levels expanded completely: every account at most this far has been reached.
  private(set) var radius: Int
  private var cursor: EdgeCursor
  let side: EdgeSide

  init(side: EdgeSide) {
    visits = ReservedArray(capacity: Reservation.keys)
    count = 0
    position = 0
    levelEnd = 0
    radius = 0
    cursor = EdgeCursor()
    self.side = side
  }

  subscript(_ visit: Int) -> SearchVisit {
    @inline(__always) get { visits[visit] }
  }

  /// Starts anew.
  mutating func begin(at account: UInt32, _ edges: borrowing EdgeStore) {
    count = 0
    add(SearchVisit(account: account, parent: 0, depth: 0, branch: 0))
    position = 0
    levelEnd = 1
    radius = 0
    cursor = edges.neighbours(of: account, side)
  }

  /// Notes that an account is reached from the visit being expanded.
  @inline(__always)
  mutating func reach(_ account: UInt32) {
    let from = visits[position]
    add(
      SearchVisit(
        account: account, parent: UInt32(position), depth: from.depth + 1,
        branch: position == 0 ? account : from.branch))
  }

  /// Goes to the next live entry or over the end of a level.
  mutating func step(_ edges: borrowing EdgeStore, liveAfter: Int64) -> Step {
    while true {
      let neighbour = edges.next(&cursor, liveAfter: liveAfter)
      if neighbour != 0 { return .neighbour(neighbour) }
      position += 1
      if position < levelEnd {
        cursor = edges.neighbours(of: visits[position].account, side)
        continue
      }
      radius += 1
      guard position < count else { return .exhausted }
      levelEnd = count
      cursor = edges.neighbours(of: visits[position].account, side)
      return .levelDone
    }
  }

  private mutating func add(_ visit: SearchVisit) {
    visits.use(count: count + 1)
    visits[count] = visit
    count += 1
  }
}
