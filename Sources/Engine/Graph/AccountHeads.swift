/// Where the values of each account of an entity are listed: the heads of all its identifiers side
/// by side, so that an event that names several touches one or two cache lines instead of as many
/// as it names.
struct AccountHeads: ~Copyable {
  private var heads: ReservedArray<AdjacencyHead>
  /// Heads of an account.
  private let width: Int

  /// Makes the heads of accounts that have `width` lists each, all empty.
  init(width: Int) {
    heads = ReservedArray(capacity: width * Reservation.keys)
    self.width = width
  }

  /// Bytes of accounts seen.
  var liveBytes: Int { heads.liveBytes }

  /// The head of a list of an account.
  @inline(__always)
  func head(of account: UInt32, _ list: Int) -> AdjacencyHead {
    let place = Int(account) &* width &+ list
    return place < heads.count ? heads[place] : AdjacencyHead()
  }

  /// Changes the head of a list of an account.
  @inline(__always)
  mutating func setHead(of account: UInt32, _ list: Int, _ head: AdjacencyHead) {
    heads.use(count: (Int(account) + 1) * width)
    heads[Int(account) &* width &+ list] = head
  }

  /// A number that the values of an account, of all identifiers together, do not exceed: exact
  /// enough for those with short lists.
  @inline(__always)
  func mostValues(of account: UInt32) -> Int {
    let start = Int(account) &* width
    guard start &+ width <= heads.count else { return 0 }
    let run = heads.span(start, count: width)
    var isLong = false
    for list in run.indices { isLong = run[list].isLong || isLong }
    return isLong ? Int.max : width &* AdjacencyHead.shortEntries
  }

  /// Where the heads of an account lie, cache line by cache line.
  var columns: [RecordColumn] {
    guard width > 0, heads.column.start != 0 else { return [] }
    let bytes = MemoryLayout<AdjacencyHead>.stride
    // A line holds sixteen, and begins wherever it does.
    let places = Array(stride(from: 0, to: width - 1, by: 16)) + [width - 1]
    return places.map {
      RecordColumn(start: heads.column.start + UInt($0 * bytes), stride: width * bytes)
    }
  }

  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try heads.transfer(&archive)
  }
}
