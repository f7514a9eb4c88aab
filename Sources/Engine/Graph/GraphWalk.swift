import Program

/// An account a walk has reached, and how.
struct WalkVisit {
  var account: UInt32
  /// Position of the visit it was reached from; its own for a start.
  var parent: UInt32
  /// Edges from the start; edges inside a cluster count for nothing.
  var depth: UInt32
  /// The edge by which the walk left the cluster it started in; 0 inside that cluster.
  var branch: UInt32
}

/// The scratch of walks over the graph, so that a walk allocates nothing.
struct GraphWalk: ~Copyable {
  private let inPlace = InPlace()
  private var visits: ReservedArray<WalkVisit>
  private(set) var count: Int
  var marks: MarkTable
  /// Accounts around which components are rebuilt.
  var seeds: ReservedArray<UInt32>
  var seedCount: Int
  /// Where two branches of a search over clusters met: positions of visits.
  var meeting: (first: Int, second: Int)?

  /// Space of accounts in `marks`; those of identifiers follow.
  static let accounts = 0

  init() {
    visits = ReservedArray(capacity: Reservation.keys)
    count = 0
    marks = MarkTable()
    seeds = ReservedArray(capacity: Reservation.keys)
    seedCount = 0
    meeting = nil
  }

  subscript(_ visit: Int) -> WalkVisit { visits[visit] }

  /// Starts anew.
  mutating func begin() {
    count = 0
    meeting = nil
    marks.clear()
  }

  /// The position of an account's visit plus one; 0 when it was not reached.
  func visit(of account: UInt32) -> Int { Int(marks.mark(space: Self.accounts, account)) }

  /// Notes that an account is reached.
  mutating func reach(_ account: UInt32, from parent: Int, depth: UInt32, branch: UInt32) {
    visits.use(count: count + 1)
    visits[count] = WalkVisit(
      account: account, parent: UInt32(parent), depth: depth, branch: branch)
    count += 1
    marks.set(space: Self.accounts, account, UInt32(count))
  }

  /// Notes that an account is reached, unless it was before.
  @inline(__always)
  mutating func reachOnce(_ account: UInt32, from parent: Int, depth: UInt32, branch: UInt32) {
    guard marks.mark(space: Self.accounts, account, asFirst: UInt32(count + 1)) == 0 else { return }
    visits.use(count: count + 1)
    visits[count] = WalkVisit(
      account: account, parent: UInt32(parent), depth: depth, branch: branch)
    count += 1
  }

  /// Whether the values of an identifier have led to this one already; notes that now they have.
  mutating func passes(identifier: Int, value: UInt32) -> Bool {
    marks.mark(space: identifier + 1, value, asFirst: 1) != 0
  }

  mutating func addSeed(_ account: UInt32) {
    seeds.use(count: seedCount + 1)
    seeds[seedCount] = account
    seedCount += 1
  }

  /// Visits from the start of the walk to one of them.
  func path(to visit: Int) -> [WalkVisit] {
    var path = [visits[visit]]
    var visit = visit
    while Int(visits[visit].parent) != visit {
      visit = Int(visits[visit].parent)
      path.append(visits[visit])
    }
    return path.reversed()
  }
}

/// A place among the neighbours of an account over one link.
struct NeighbourCursor {
  let link: Int
  let account: UInt32
  let liveAfter: Int64
  /// Event links: the next entry of each side, whose neighbour is 0 at the end.
  var outCursor = EdgeCursor()
  var intoCursor = EdgeCursor()
  var out = EdgeEntry()
  var into = EdgeEntry()
  /// Identifier links: the position among those joined, and the value whose accounts are given.
  var position = -1
  var isInValue = false
  /// The value that led to the neighbour given last.
  var value: UInt32 = 0
  /// Identifier links: the next value, the next account.
  var values = UseCursor()
  var accounts = UseCursor()
  /// Event links: whether the neighbour given last is where the edge comes from.
  var isAgainst = false
}

/// A place among the uses of an account or a value, kept with their times or without.
struct UseCursor {
  fileprivate var timed = EdgeCursor()
  fileprivate var plain = AdjacencyCursor()
}

/// Where a walk may go from an account.
enum WalkDirection {
  case along
  case either
}

extension AccountGraph {
  /// What comes next among neighbours.
  enum NeighbourStep {
    case neighbour(UInt32)
    case end
    case budgetEnded
  }

  /// The time after which an edge of a link must have been used to be live.
  @inline(__always)
  func liveAfter(link: Int, clock: Int64) -> Int64 {
    guard let window = links[link].windowMicroseconds else { return Int64.min }
    return clock - window
  }

  /// A cursor before the neighbours of an account.
  func neighbours(
    link: Int, of account: UInt32, _ direction: WalkDirection, clock: Int64
  ) -> NeighbourCursor {
    var cursor = NeighbourCursor(
      link: link, account: account, liveAfter: liveAfter(link: link, clock: clock))
    guard joined[link].isEmpty else { return cursor }
    cursor.outCursor = edges[link].neighbours(of: account, .out)
    cursor.out = edges[link].nextEntry(&cursor.outCursor, liveAfter: cursor.liveAfter)
    if direction == .either && edges[link].isDirected {
      cursor.intoCursor = edges[link].neighbours(of: account, .into)
      cursor.into = edges[link].nextEntry(&cursor.intoCursor, liveAfter: cursor.liveAfter)
    }
    return cursor
  }

  /// The next neighbour. A neighbour may come again, by another edge or value; a value leads to its
  /// accounts once in a walk.
  ///
  /// *Order*: over an event link by latest use, newest first, along before against; over
  /// identifiers in the order the link names them, values and then accounts newest first. Each live
  /// entry examined takes one from the budget.
  mutating func next(_ cursor: inout NeighbourCursor, budget: inout Int) -> NeighbourStep {
    joined[cursor.link].isEmpty
      ? nextByEdge(&cursor, &budget) : nextByValue(&cursor, &budget)
  }

  private func nextByEdge(
    _ cursor: inout NeighbourCursor, _ budget: inout Int
  ) -> NeighbourStep {
    if cursor.out.neighbour == 0 && cursor.into.neighbour == 0 { return .end }
    if budget == 0 { return .budgetEnded }
    budget -= 1
    let link = cursor.link
    cursor.isAgainst = false
    if cursor.into.neighbour == 0
      || cursor.out.neighbour != 0 && cursor.out.time >= cursor.into.time
    {
      let neighbour = cursor.out.neighbour
      cursor.out = edges[link].nextEntry(&cursor.outCursor, liveAfter: cursor.liveAfter)
      return .neighbour(neighbour)
    }
    cursor.isAgainst = true
    let neighbour = cursor.into.neighbour
    cursor.into = edges[link].nextEntry(&cursor.intoCursor, liveAfter: cursor.liveAfter)
    return .neighbour(neighbour)
  }

  private mutating func nextByValue(
    _ cursor: inout NeighbourCursor, _ budget: inout Int
  ) -> NeighbourStep {
    let link = cursor.link
    while true {
      if cursor.isInValue {
        let account = nextUse(
          &cursor.accounts, identifier: joined[link][cursor.position], liveAfter: cursor.liveAfter)
        if account == 0 {
          cursor.isInValue = false
          continue
        }
        if budget == 0 { return .budgetEnded }
        budget -= 1
        if account == cursor.account { continue }
        return .neighbour(account)
      }
      cursor.value =
        cursor.position < 0
        ? 0
        : nextUse(
          &cursor.values, identifier: joined[link][cursor.position], liveAfter: cursor.liveAfter)
      if cursor.value == 0 {
        cursor.position += 1
        if cursor.position == joined[link].count { return .end }
        cursor.values = values(of: cursor.account, identifier: joined[link][cursor.position])
        continue
      }
      if budget == 0 { return .budgetEnded }
      budget -= 1
      let identifier = joined[link][cursor.position]
      if walk.passes(identifier: identifier, value: cursor.value) { continue }
      cursor.accounts = accounts(of: cursor.value, identifier: identifier)
      cursor.isInValue = true
    }
  }

  /// A cursor over the values of an account.
  @inline(__always)
  func values(of account: UInt32, identifier: Int) -> UseCursor {
    var cursor = UseCursor()
    if identifiers[identifier].isTimed {
      cursor.timed = identifiers[identifier].uses.neighbours(of: account, .out)
    } else {
      cursor.plain = pool.cursor(over: listOfValues(identifier, of: account))
    }
    return cursor
  }

  /// A cursor over the accounts of a value.
  @inline(__always)
  func accounts(of value: UInt32, identifier: Int) -> UseCursor {
    var cursor = UseCursor()
    if identifiers[identifier].isTimed {
      cursor.timed = identifiers[identifier].uses.neighbours(of: value, .into)
    } else {
      cursor.plain = pool.cursor(over: identifiers[identifier].record(of: value).accounts)
    }
    return cursor
  }

  /// The next value or account of a cursor; 0 at its end.
  @inline(__always)
  func nextUse(_ cursor: inout UseCursor, identifier: Int, liveAfter: Int64) -> UInt32 {
    identifiers[identifier].isTimed
      ? identifiers[identifier].uses.next(&cursor.timed, liveAfter: liveAfter)
      : pool.next(&cursor.plain)
  }
}
