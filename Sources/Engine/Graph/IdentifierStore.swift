import Model

/// What is known of one value of an identifier. 24 bytes, so that a use touches one cache line.
struct IdentifierRecord {
  /// The greatest time it was used at.
  var lastUse: Int64 = 0
  /// The accounts linked to it; their number is its degree. Empty for a hub.
  var accounts = AdjacencyHead()
  private var bits: UInt32 = 0

  private static let hubBit: UInt32 = 1 << 31
  private static let usedBit: UInt32 = 1 << 30

  /// Whether it joins nobody because too many accounts used it.
  var isHub: Bool {
    get { bits & Self.hubBit != 0 }
    set { bits = newValue ? bits | Self.hubBit : bits & ~Self.hubBit }
  }

  /// The last rebuild that walked its accounts.
  var rebuild: UInt32 {
    get { bits & (Self.usedBit - 1) }
    set { bits = (bits & ~(Self.usedBit - 1)) | (newValue & (Self.usedBit - 1)) }
  }

  /// Notes a use at a time.
  mutating func use(time: Int64) {
    lastUse = bits & Self.usedBit == 0 ? time : max(lastUse, time)
    bits |= Self.usedBit
  }
}

/// The values of one identifier and the accounts they join, both ways, shared by all its links.
struct IdentifierStore: ~Copyable {
  /// Values by dense number.
  var values: ReservedArray<IdentifierRecord>
  /// For each account the values linked to it, hubs excluded.
  var accounts: ReservedArray<AdjacencyHead>
  /// More distinct accounts than this make a hub; nil for no limit.
  let maxDegree: Int?
  /// Microseconds a hub is remembered after its last use; nil for ever.
  let retentionMicroseconds: Int64?
  /// The entity whose accounts it joins.
  let entity: Int?
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
    _ identifier: Identifier, links: [Int], isKept: Bool, isTimed: Bool,
    useWindowMicroseconds: Int64?
  ) {
    values = ReservedArray(capacity: isKept ? Reservation.keys : 0)
    accounts = ReservedArray(capacity: isKept && !isTimed ? Reservation.keys : 0)
    uses = isTimed ? .uses(windowMicroseconds: useWindowMicroseconds) : .none
    nextUse = 0
    maxDegree = identifier.maxDegree
    retentionMicroseconds = identifier.retentionMicroseconds
    entity = identifier.entity
    self.links = links
    self.isKept = isKept
    self.isTimed = isTimed
  }

  /// Bytes of values, accounts and timed uses, without the chunks of untimed ones.
  var liveBytes: Int { values.liveBytes + accounts.liveBytes + (isTimed ? uses.liveBytes : 0) }

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
  func isHub(_ record: IdentifierRecord, clock: Int64) -> Bool {
    guard record.isHub else { return false }
    guard let retentionMicroseconds else { return true }
    return clock - record.lastUse <= retentionMicroseconds
  }

  /// Whether a value and an account are linked, found in the shorter of their two lists.
  func areLinked(_ value: UInt32, _ account: UInt32, _ pool: borrowing AdjacencyPool) -> Bool {
    let accountsOfValue = values[Int(value)].accounts
    let valuesOfAccount = accounts[Int(account)]
    return accountsOfValue.count <= valuesOfAccount.count
      ? pool.contains(account, in: accountsOfValue)
      : pool.contains(value, in: valuesOfAccount)
  }

  /// Links a value and an account that are not linked.
  mutating func link(_ value: UInt32, _ account: UInt32, _ pool: inout AdjacencyPool) {
    var record = values[Int(value)]
    pool.append(account, to: &record.accounts)
    values[Int(value)] = record
    var head = accounts[Int(account)]
    pool.append(value, to: &head)
    accounts[Int(account)] = head
  }

  /// Removes a value from the list of an account that it is linked to.
  mutating func cut(_ value: UInt32, from account: UInt32, _ pool: inout AdjacencyPool) {
    var head = accounts[Int(account)]
    pool.remove(value, from: &head)
    accounts[Int(account)] = head
  }
}

extension IdentifierStore {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try values.transfer(&archive)
    try accounts.transfer(&archive)
    try uses.transfer(&archive)
    try archive.transfer(&nextUse)
  }
}
