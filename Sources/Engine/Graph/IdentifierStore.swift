/// What is known of one value of an identifier. 24 bytes, so that a use touches one cache line.
struct IdentifierRecord {
  /// The greatest time it was used at.
  var lastUse: Int64 = 0
  /// The accounts linked to it; their number is its degree. Empty for a hub.
  var accounts = AdjacencyHead()
  private var bits: UInt32 = 0

  private static let hubBit: UInt32 = 1 << 31

  /// Whether it joins nobody because too many accounts used it.
  var isHub: Bool {
    get { bits & Self.hubBit != 0 }
    set { bits = newValue ? bits | Self.hubBit : bits & ~Self.hubBit }
  }

  /// The last rebuild that walked its accounts.
  var rebuild: UInt32 {
    get { bits & ~Self.hubBit }
    set { bits = (bits & Self.hubBit) | (newValue & ~Self.hubBit) }
  }

  /// Whether nobody uses it, so far as is remembered.
  var isUnused: Bool { !isHub && accounts.count == 0 }
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
  /// Positions of the links that it joins accounts in; with none, nothing is kept.
  let links: [Int]

  init(maxDegree: Int?, retentionMicroseconds: Int64?, links: [Int]) {
    values = ReservedArray(capacity: links.isEmpty ? 0 : Reservation.keys)
    accounts = ReservedArray(capacity: links.isEmpty ? 0 : Reservation.keys)
    self.maxDegree = maxDegree
    self.retentionMicroseconds = retentionMicroseconds
    self.links = links
  }

  /// Bytes of values and accounts seen, without their overflow chunks.
  var liveBytes: Int { values.liveBytes + accounts.liveBytes }

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
