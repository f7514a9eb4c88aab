import Model

/// What is known of one value of an identifier. 12 bytes.
struct IdentifierRecord: BitwiseCopyable {
  /// The accounts linked to it; their number is its degree. Empty for a hub.
  var accounts = AdjacencyHead()
  private var bits: UInt32 = 0
  /// What is counted of it for the first label that is looked for over it.
  var counts = ValueCounts()

  private static let hubBit: UInt32 = 1 << 31
  private static let usedBit: UInt32 = 1 << 30

  /// Whether it joins nobody because too many accounts used it.
  var isHub: Bool {
    get { bits & Self.hubBit != 0 }
    set { bits = newValue ? bits | Self.hubBit : bits & ~Self.hubBit }
  }

  /// Whether it is known when it was used last.
  var isUsed: Bool {
    get { bits & Self.usedBit != 0 }
    set { bits = newValue ? bits | Self.usedBit : bits & ~Self.usedBit }
  }

  /// The last rebuild that walked its accounts.
  var rebuild: UInt32 {
    get { bits & (Self.usedBit - 1) }
    set { bits = (bits & ~(Self.usedBit - 1)) | (newValue & (Self.usedBit - 1)) }
  }
}

/// The values of one identifier and the accounts they join, both ways, shared by all its links.
struct IdentifierStore: ~Copyable {
  /// Values by dense number.
  var values: ReservedArray<IdentifierRecord>
  /// By value the greatest time it was used at; kept when hubs are forgotten.
  private var lastUses: ReservedArray<Int64>
  /// More distinct accounts than this make a hub; nil for no limit.
  let maxDegree: Int?
  /// Microseconds a hub is remembered after its last use; nil for ever.
  let retentionMicroseconds: Int64?
  /// The entity whose accounts it joins.
  let entity: Int?
  /// The same, where its accounts are looked up; an identifier that is kept has one.
  var owner: Int { entity ?? 0 }
  /// Which of the lists of an account names its values, in the heads of the entity's accounts.
  let list: Int
  /// Positions of the links whose components it joins accounts in.
  let links: [Int]
  /// Whether anything is kept.
  let isKept: Bool
  /// Whether uses are kept with their times, in `uses` and not in the lists of accounts and values.
  let isTimed: Bool
  /// Uses with their times, from accounts to values.
  var uses: EdgeStore
  /// Number of the next use.
  var nextUse: UInt64

  init(
    _ identifier: Identifier, links: [Int], list: Int, isKept: Bool, isTimed: Bool,
    useWindowMicroseconds: Int64?
  ) {
    values = ReservedArray(capacity: isKept ? Reservation.keys : 0)
    lastUses = ReservedArray(
      capacity: isKept && identifier.retentionMicroseconds != nil ? Reservation.keys : 0)
    self.list = list
    uses = isTimed ? .uses(windowMicroseconds: useWindowMicroseconds) : .none
    nextUse = 0
    maxDegree = identifier.maxDegree
    retentionMicroseconds = identifier.retentionMicroseconds
    entity = identifier.entity
    self.links = links
    self.isKept = isKept
    self.isTimed = isTimed
  }

  /// Bytes of values and timed uses, without the lists of untimed ones.
  var liveBytes: Int { values.liveBytes + lastUses.liveBytes + (isTimed ? uses.liveBytes : 0) }

  /// What is known of a value.
  @inline(__always)
  func record(of value: UInt32) -> IdentifierRecord {
    Int(value) < values.count ? values[Int(value)] : IdentifierRecord()
  }

  /// Notes a use of a value at a time, at a clock; what is known of it then. A hub idle for longer
  /// than its retention is forgotten first.
  @inline(__always)
  mutating func noteUse(_ value: UInt32, time: Int64, clock: Int64) -> IdentifierRecord {
    values.use(count: Int(value) + 1)
    guard retentionMicroseconds != nil else { return values[Int(value)] }
    if values[Int(value)].isHub && !isHub(value, clock: clock) {
      values[Int(value)] = IdentifierRecord()
    }
    lastUses.use(count: Int(value) + 1)
    let isUsed = values[Int(value)].isUsed
    lastUses[Int(value)] = isUsed ? max(lastUses[Int(value)], time) : time
    values[Int(value)].isUsed = true
    return values[Int(value)]
  }

  /// Whether so many accounts have live uses of a value, counted in `uses`.
  func isFull(_ value: UInt32, clock: Int64) -> Bool {
    guard let maxDegree else { return false }
    let liveAfter = uses.liveAfter(clock: clock)
    var cursor = uses.neighbours(of: value, .into)
    var count = 0
    while count < maxDegree {
      if uses.next(&cursor, liveAfter: liveAfter) == 0 { return false }
      count += 1
    }
    return true
  }

  /// The time after which an identifier must have been used to be live by its own retention.
  func liveAfter(clock: Int64) -> Int64 {
    guard let retentionMicroseconds else { return Int64.min }
    return clock - retentionMicroseconds
  }

  /// Whether a value is remembered to be a hub at a clock.
  func isHub(_ value: UInt32, clock: Int64) -> Bool {
    guard record(of: value).isHub else { return false }
    guard let retentionMicroseconds else { return true }
    return clock - lastUses[Int(value)] <= retentionMicroseconds
  }

  /// Whether a value and an account are linked, found in the shorter of their two lists.
  @inline(__always)
  func areLinked(
    _ value: UInt32, _ account: UInt32, _ heads: borrowing AccountHeads,
    _ pool: borrowing AdjacencyPool
  ) -> Bool {
    let accounts = values[Int(value)].accounts
    if !accounts.hasChunk { return accounts.only == account }
    let values = heads.head(of: account, list)
    if !values.hasChunk { return values.only == value }
    return pool.count(accounts) <= pool.count(values)
      ? pool.contains(account, in: accounts) : pool.contains(value, in: values)
  }

  /// Links a value and an account that are not linked.
  mutating func link(
    _ value: UInt32, _ account: UInt32, _ heads: inout AccountHeads, _ pool: inout AdjacencyPool
  ) {
    var accounts = values[Int(value)].accounts
    pool.append(account, to: &accounts)
    values[Int(value)].accounts = accounts
    var head = heads.head(of: account, list)
    pool.append(value, to: &head)
    heads.setHead(of: account, list, head)
  }

  /// Removes a value from the list of an account that it is linked to.
  mutating func cut(
    _ value: UInt32, from account: UInt32, _ heads: inout AccountHeads,
    _ pool: inout AdjacencyPool
  ) {
    var head = heads.head(of: account, list)
    pool.remove(value, from: &head)
    heads.setHead(of: account, list, head)
  }
}

extension IdentifierStore {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try values.transfer(&archive)
    try lastUses.transfer(&archive)
    try uses.transfer(&archive)
    try archive.transfer(&nextUse)
  }
}
