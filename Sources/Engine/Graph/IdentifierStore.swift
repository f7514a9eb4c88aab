import Model

/// What is known of one value of an identifier. 8 bytes.
struct IdentifierRecord: BitwiseCopyable {
  /// The accounts linked to it, or what stands for a hub. The first of the record, which
  /// `linkFirst` writes by itself.
  private var head = AdjacencyHead()
  /// What is counted of it for the first label that is looked for over it. Of a value without
  /// accounts nothing is, and any other number marks one whose accounts were erased but count on:
  /// `linkFirst` must not take the next for its first.
  var counts = ValueCounts()

  /// The accounts linked to it; their number is its degree. None for a hub.
  var accounts: AdjacencyHead {
    @inline(__always) get { isHub ? AdjacencyHead() : head }
    @inline(__always) set { head = newValue }
  }

  /// Whether it joins nobody because too many accounts used it.
  @inline(__always)
  var isHub: Bool { head.isHub }

  /// Takes all accounts from it and has it join nobody any more.
  mutating func makeHub() { head = .hub }
}

/// The values of one identifier and the accounts they join, both ways, shared by all its links.
struct IdentifierStore: ~Copyable {
  private let inPlace = InPlace()
  /// Values by dense number.
  var values: KeyColumn<IdentifierRecord>
  /// By value the greatest time it was used at, with all bits of `Int64.min` turned so that 0 is
  /// never; since a hub was forgotten, if it was one.
  private var lastUses: KeyColumn<Int64>
  /// More distinct accounts than this make a hub; nil for no limit.
  let maxDegree: Int?
  /// Microseconds a hub is remembered after its last use; nil for ever.
  let retentionMicroseconds: Int64?
  /// The entity whose accounts it joins.
  let entity: Int?
  /// The same, where its accounts are looked up; an identifier that is kept has one.
  let owner: Int
  /// Whether the first use of a value by an account that has none links them and does nothing else:
  /// it makes no hub yet, and no time is kept.
  let linksFirst: Bool
  /// Which of the lists of an account names its values, in the heads of the entity's accounts.
  let list: Int
  /// Positions of the links whose components it joins accounts in.
  let links: [Int]
  /// Whether one of them counts new members.
  let notesEdges: Bool
  /// Whether anything is kept.
  let isKept: Bool
  /// Whether it is told how many accounts ever used a value; then `unlinked` has those that are not
  /// linked to it.
  let countsUsers: Bool
  private var unlinked: UnlinkedUsers
  /// Whether uses are kept with their times, in `uses` and not in the lists of accounts and values.
  let isTimed: Bool
  /// Uses with their times, from accounts to values.
  var uses: EdgeStore
  /// Number of the next use.
  var nextUse: UInt64

  /// Makes an empty store of the values of a space, whose records are opened before the first.
  init(
    _ identifier: Identifier, in space: KeyRecords, links: [Int], list: Int, isKept: Bool,
    isTimed: Bool, notesEdges: Bool, countsUsers: Bool, useWindowMicroseconds: Int64?
  ) {
    precondition(
      !countsUsers || isKept && !isTimed && identifier.retentionMicroseconds == nil,
      "users that are not known for ever are not counted")
    values = KeyColumn(in: isKept ? space : nil)
    lastUses = KeyColumn(in: isKept && identifier.retentionMicroseconds != nil ? space : nil)
    self.list = list
    uses = isTimed ? .uses(windowMicroseconds: useWindowMicroseconds) : .none
    nextUse = 0
    maxDegree = identifier.maxDegree
    retentionMicroseconds = identifier.retentionMicroseconds
    entity = identifier.entity
    owner = identifier.entity ?? 0
    linksFirst =
      isKept && !isTimed && !notesEdges && identifier.maxDegree != 0
      && identifier.retentionMicroseconds == nil
    self.notesEdges = notesEdges
    self.countsUsers = countsUsers
    unlinked = UnlinkedUsers()
    self.links = links
    self.isKept = isKept
    self.isTimed = isTimed
  }

  /// Bytes of values, timed uses and users that are not linked, without the lists of untimed ones.
  var liveBytes: Int {
    values.liveBytes + lastUses.liveBytes + (isTimed ? uses.liveBytes : 0)
      + unlinked.liveBytes
  }

  /// Where what an event that uses a value looks at lies.
  var columns: [RecordColumn] { [values.column, lastUses.column] }

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
    lastUses.use(count: Int(value) + 1)
    if values[Int(value)].isHub && !isHub(value, clock: clock) {
      values[Int(value)] = IdentifierRecord()
      lastUses[Int(value)] = 0
    }
    lastUses[Int(value)] = max(lastUses[Int(value)] ^ Int64.min, time) ^ Int64.min
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
    return clock - (lastUses[Int(value)] ^ Int64.min) <= retentionMicroseconds
  }

  /// Whether a value, whose accounts these are, and an account are linked, found in the shorter of
  /// their two lists.
  @inline(__always)
  func areLinked(
    _ value: UInt32, _ accounts: AdjacencyHead, _ account: UInt32,
    _ heads: borrowing AccountHeads, _ pool: borrowing AdjacencyPool
  ) -> Bool {
    if !accounts.hasChunk { return accounts.only == account }
    let values = heads.head(of: account, list)
    if !values.hasChunk { return values.only == value }
    return pool.count(accounts) <= pool.count(values)
      ? pool.contains(account, in: accounts) : pool.contains(value, in: values)
  }

  /// Whether the first use of a value, or of none, may do nothing but to link it.
  @inline(__always)
  func mayLinkFirst(_ value: UInt32) -> Bool { linksFirst && Int(value) < values.count }

  /// Links a value and the account with these lists if neither is linked to any and the value has
  /// no mark; 1 if there is more to do, and 0 if not. A value 0 is none.
  ///
  /// *Requires* `mayLinkFirst`.
  @inline(__always)
  borrowing func linkFirst(
    _ value: UInt32, _ account: UInt32, _ lists: borrowing Fields
  ) -> UInt64 {
    let record = values.record(Int(value))
    let place = list &* MemoryLayout<AdjacencyHead>.stride
    var users = record.load(0, as: AdjacencyHead.self)
    var used = lists.load(place, as: AdjacencyHead.self)
    let mark = record.load(MemoryLayout<AdjacencyHead>.size, as: UInt32.self)
    let isOther = AdjacencyHead.link(value, account, &users, &used, unless: mark)
    record.store(users, 0)
    lists.store(used, place)
    return isOther
  }

  /// Links a value, whose accounts these are, and an account that are not linked.
  @inline(__always)
  mutating func link(
    _ value: UInt32, _ accounts: AdjacencyHead, _ account: UInt32, _ heads: inout AccountHeads,
    _ pool: inout AdjacencyPool
  ) {
    if countsUsers { unlinked.remove(account, of: value) }
    var accounts = accounts
    pool.append(account, to: &accounts)
    values[Int(value)].accounts = accounts
    heads.append(value, of: account, list, &pool)
  }

  /// How many accounts ever used a value, which may be a hub, when so many are linked to it.
  ///
  /// *Requires* `countsUsers`, or it may be any number.
  @inline(__always)
  func userCount(_ value: UInt32, linked: UInt32, isHub: Bool) -> UInt32 {
    isHub || unlinked.hasErased ? linked &+ unlinked.count(of: value) : linked
  }

  /// Counts an account that uses a hub, or was linked to a value that becomes one; how many ever
  /// used the value.
  ///
  /// *Requires* `countsUsers`, or it does nothing.
  @discardableResult
  mutating func countUser(_ account: UInt32, of value: UInt32) -> UInt32 {
    countsUsers ? unlinked.add(account, of: value) : 0
  }

  /// Goes on counting an account that is linked to a value no more, because it was erased.
  mutating func countErased(_ account: UInt32, of value: UInt32) {
    guard countsUsers else { return }
    unlinked.addErased(account, of: value)
    if values[Int(value)].accounts.isEmpty { values[Int(value)].counts = .mark }
  }

  /// Where an account that uses a hub is looked up.
  @inline(__always)
  func prefetchUser(_ account: UInt32, of value: UInt32, _ list: inout PrefetchList) {
    if record(of: value).isHub { unlinked.prefetch(account, of: value, &list) }
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
  /// The state as a snapshot carries it, but for the records of the space.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try uses.transfer(&archive)
    try archive.transfer(&nextUse)
    guard countsUsers else { return }
    try unlinked.transfer(&archive)
  }
}
