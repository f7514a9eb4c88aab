/// Where the values of each account of an entity are listed: the heads of all its identifiers side
/// by side, so that an event that names several touches one or two cache lines instead of as many
/// as it names.
struct AccountHeads: ~Copyable {
  private var heads: KeyColumn<AdjacencyHead>
  /// Heads of an account.
  private let width: Int

  /// Makes the heads of the accounts of a space that have `width` lists each, all empty; without a
  /// space there are none.
  init(width: Int, in space: KeyRecords?) {
    heads = KeyColumn(width: width, in: space)
    self.width = width
  }

  /// Bytes of accounts seen.
  var liveBytes: Int { heads.liveBytes }

  /// The head of a list of an account.
  @inline(__always)
  func head(of account: UInt32, _ list: Int) -> AdjacencyHead {
    Int(account) < heads.count ? heads[Int(account), list] : AdjacencyHead()
  }

  /// Changes the head of a list of an account.
  @inline(__always)
  mutating func setHead(of account: UInt32, _ list: Int, _ head: AdjacencyHead) {
    heads.use(count: Int(account) &+ 1)
    heads[Int(account), list] = head
  }

  /// A number that the values of an account, of all identifiers together, do not exceed: exact
  /// enough for those with short lists.
  @inline(__always)
  func mostValues(of account: UInt32) -> Int {
    guard Int(account) < heads.count else { return 0 }
    return AdjacencyHead.isAnyLong(heads.span(Int(account), count: width))
      ? Int.max : width &* AdjacencyHead.shortEntries
  }

  /// Where the heads of an account lie.
  var column: RecordColumn { heads.column }
}
