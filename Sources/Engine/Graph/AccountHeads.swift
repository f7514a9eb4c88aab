/// Where the values of each account of an entity are listed: the heads of all its identifiers side
/// by side, so that an event that names several touches one or two cache lines instead of as many
/// as it names.
struct AccountHeads: ~Copyable {
  private var heads: KeyColumn<AdjacencyHead>
  /// Heads of an account.
  private let width: Int
  /// As many values as no account has more of, of all identifiers together: those of the longest
  /// list there ever was, or of a short one, once for each.
  private(set) var mostOfAny: Int

  /// Makes the heads of the accounts of a space that have `width` lists each, all empty; without a
  /// space there are none.
  init(width: Int, in space: KeyRecords?) {
    heads = KeyColumn(width: width, in: space)
    self.width = width
    mostOfAny = width * AdjacencyHead.shortEntries
  }

  /// Bytes of accounts seen.
  var liveBytes: Int { heads.liveBytes }

  /// The head of a list of an account.
  @inline(__always)
  func head(of account: UInt32, _ list: Int) -> AdjacencyHead {
    Int(account) < heads.count ? heads[Int(account), list] : AdjacencyHead()
  }

  /// Whether an account has lists, empty ones as well.
  @inline(__always)
  func has(_ account: UInt32) -> Bool { Int(account) < heads.count }

  /// The heads of an account where they lie, list after list.
  ///
  /// *Traps* when it has none.
  @inline(__always) @_lifetime(borrow self)
  borrowing func lists(of account: UInt32) -> Fields { heads.record(Int(account)) }

  /// Changes the head of a list of an account.
  @inline(__always)
  mutating func setHead(of account: UInt32, _ list: Int, _ head: AdjacencyHead) {
    heads.use(count: Int(account) &+ 1)
    heads[Int(account), list] = head
  }

  /// Adds a value that is not in it to a list of an account.
  @inline(__always)
  mutating func append(
    _ value: UInt32, of account: UInt32, _ list: Int, _ pool: inout AdjacencyPool
  ) {
    heads.use(count: Int(account) &+ 1)
    var head = heads[Int(account), list]
    // Most accounts have one value.
    if head.start(value) {
      heads[Int(account), list] = head
    } else {
      noteLength(pool.append(value, to: &head))
      heads[Int(account), list] = head
    }
  }

  /// Notes how long a list has become.
  @inline(__always)
  mutating func noteLength(_ length: UInt32) {
    mostOfAny = max(mostOfAny, Int(length) &* width)
  }

  /// Finds anew how long lists are, after the state was replaced.
  mutating func measure(_ pool: borrowing AdjacencyPool) throws(SnapshotError) {
    for account in 0..<heads.count {
      for list in 0..<width where heads[account, list].isLong {
        guard pool.isThere(heads[account, list]) else { throw .damaged }
        noteLength(pool.count(heads[account, list]))
      }
    }
  }

  /// A number that the values of an account, of all identifiers together, do not exceed: exact
  /// enough for those with short lists.
  func mostValues(of account: UInt32) -> Int {
    guard Int(account) < heads.count else { return 0 }
    let isAnyLong = (0..<width).contains { heads[Int(account), $0].isLong }
    return isAnyLong ? Int.max : width * AdjacencyHead.shortEntries
  }

  /// Where the heads of an account lie.
  var column: RecordColumn { heads.column }
}
