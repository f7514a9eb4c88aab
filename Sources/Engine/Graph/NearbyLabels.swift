import Program

/// What is known of one value for one watch. A value has at most as many accounts as make no hub,
/// for which 16 bits are seen to be enough.
struct ValueCounts: BitwiseCopyable {
  /// Its accounts that carry the label.
  var labelled: UInt16 = 0
  /// Its accounts some value of which has an account that carries the label.
  var near: UInt16 = 0

  /// The greatest `max_degree` that can be counted.
  static let mostAccounts = Int(UInt16.max)

  /// What marks a value that nothing is counted of: see `IdentifierRecord.counts`.
  static let mark = ValueCounts(labelled: 1, near: 0)

  var isZero: Bool { labelled == 0 && near == 0 }
}

/// What is known of one account for one search. 8 bytes.
struct AccountCounts: BitwiseCopyable {
  /// `near`, and whether it carries the label itself.
  private var own = FlaggedCount()
  /// Its values some account of which has a value that makes an account near.
  var beyond: UInt32 = 0

  /// Its values some account of which carries the label.
  var near: UInt32 {
    @inline(__always) get { own.count }
    @inline(__always) set { own.count = newValue }
  }

  /// Whether it carries the label itself.
  var isLabelled: Bool {
    @inline(__always) get { own.isFlagged }
    @inline(__always) set { own.isFlagged = newValue }
  }

  /// Whether it neither carries the label nor has any such value.
  @inline(__always)
  var isZero: Bool { own.isZero && beyond == 0 }

  /// Whether it carries the label or is near.
  var isNearOrLabelled: Bool {
    @inline(__always) get { !own.isZero }
  }
}

/// Which accounts are one step from a labelled one and which are two, kept up to date as labels and
/// uses come and go, so that a search for the nearest label stops two steps before it.
///
/// Kept for links over identifiers that live for ever and whose values join a bounded number of
/// accounts; on the others a use can die without an event, or one label concern everybody.
struct NearbyLabels: ~Copyable {
  private let inPlace = InPlace()
  /// A label that is looked for over values of one identifier.
  struct Watch: BitwiseCopyable {
    var identifier: Int
    var label: Int
    /// The search it is part of.
    var search: Int
    /// Whether it is the first of its identifier, counted in the records of the values.
    var isInRecord: Bool
  }

  /// A link and a label that is looked for over it.
  struct Search: Equatable, BitwiseCopyable {
    var link: Int
    var label: Int
  }

  fileprivate let searches: FixedArray<Search>
  /// Search after search.
  let watches: FixedArray<Watch>
  /// By search, its part of `watches`.
  let ofSearch: FixedArray<Range<Int>>
  /// Positions in `watches`, identifier after identifier, and the part of each identifier.
  private let byIdentifier: FixedArray<Int>
  private let ofIdentifier: FixedArray<Range<Int>>
  /// By watch and value, for watches that are not counted in the records.
  private var values: FixedArray<ReservedArray<ValueCounts>>
  /// By search and account.
  private var accounts: FixedArray<KeyColumn<AccountCounts>>
  /// The number that was last found to be far, which an event asks for each of its values; 0 once
  /// any account is labelled or near, or is so no more.
  private var farAccount: UInt32 = 0

  /// Makes searches of accounts that are near to none, by search in the records of their space.
  init(searches: [Search], spaces: [KeyRecords], joined: [[Int]], identifiers: Int) {
    var watches: [Watch] = []
    var ranges: [Range<Int>] = []
    for (place, search) in searches.enumerated() {
      let start = watches.count
      for identifier in joined[search.link] {
        let isFirst = !watches.contains { $0.identifier == identifier }
        watches.append(
          Watch(
            identifier: identifier, label: search.label, search: place, isInRecord: isFirst))
      }
      ranges.append(start..<watches.count)
    }
    var byIdentifier: [Int] = []
    var identifierRanges: [Range<Int>] = []
    for identifier in 0..<identifiers {
      let start = byIdentifier.count
      byIdentifier += watches.indices.filter { watches[$0].identifier == identifier }
      identifierRanges.append(start..<byIdentifier.count)
    }
    self.searches = FixedArray(searches)
    self.watches = FixedArray(watches)
    ofSearch = FixedArray(count: ranges.count) { ranges[$0] }
    self.byIdentifier = FixedArray(byIdentifier)
    ofIdentifier = FixedArray(count: identifiers) { identifierRanges[$0] }
    values = FixedArray(count: watches.count) {
      ReservedArray(capacity: watches[$0].isInRecord ? 0 : Reservation.keys)
    }
    accounts = FixedArray(count: searches.count) { KeyColumn(in: spaces[$0]) }
  }

  /// Where a search is counted; nil when it must be walked to its end.
  @inline(__always)
  func search(link: Int, label: Int) -> Int? {
    for place in searches.indices
    where searches[place].link == link && searches[place].label == label {
      return place
    }
    return nil
  }

  /// Where the watches of an identifier stand; `watch(at:)` says which they are.
  @inline(__always)
  func places(of identifier: Int) -> Range<Int> { ofIdentifier[identifier] }

  @inline(__always)
  func watch(at place: Int) -> Int { byIdentifier[place] }

  /// Whether no account of this number, of whatever entity, carries a label or is near in any
  /// search.
  @inline(__always)
  mutating func isFar(_ account: UInt32) -> Bool {
    if account == farAccount { return true }
    for search in accounts.indices
    where counts(of: account, search: search).isNearOrLabelled {
      return false
    }
    farAccount = account
    return true
  }

  /// Whether an account is the one that was last found to be far, and no watch of an identifier
  /// counts but in the records of its values: then of a value without counts there is nothing to
  /// note.
  @inline(__always)
  func notesNothing(of account: UInt32, identifier: Int) -> Bool {
    account == farAccount && ofIdentifier[identifier].count <= 1
  }

  /// Whether a value of an account, itself without the label, has an account that carries it.
  @inline(__always)
  func isNear(_ account: UInt32, search: Int) -> Bool {
    counts(of: account, search: search).near != 0
  }

  /// What is known of an account for a search.
  @inline(__always)
  func counts(of account: UInt32, search: Int) -> AccountCounts {
    Int(account) < accounts[search].count ? accounts[search][Int(account)] : AccountCounts()
  }

  /// Steps from an account to the nearest label, at most one more than `most`, which is at most 2.
  @inline(__always)
  func steps(from account: UInt32, search: Int, most: Int) -> Int {
    let counts = counts(of: account, search: search)
    // Mostly no label is anywhere near.
    if counts.isZero { return most &+ 1 }
    // From the farthest to the nearest: each is a choice, and no branch depends on it.
    let farther = counts.beyond > 0 ? 2 : 3
    let near = counts.near > 0 ? 1 : farther
    return min(counts.isLabelled ? 0 : near, most &+ 1)
  }

  fileprivate func counts(_ value: UInt32, watch: Int) -> ValueCounts {
    Int(value) < values[watch].count ? values[watch][Int(value)] : ValueCounts()
  }

  /// Where what is known of an account for a search lies.
  func column(search: Int) -> RecordColumn { accounts[search].column }

  fileprivate mutating func set(_ value: UInt32, watch: Int, _ counts: ValueCounts) {
    values[watch].use(count: Int(value) + 1)
    values[watch][Int(value)] = counts
  }

  /// Notes that an account carries the label of a search now, or no more.
  fileprivate mutating func setLabelled(_ account: UInt32, search: Int, _ isLabelled: Bool) {
    farAccount = 0
    accounts[search].use(count: Int(account) + 1)
    accounts[search][Int(account)].isLabelled = isLabelled
  }

  /// Returns whether the account has come near or is near no more.
  fileprivate mutating func changeNear(_ account: UInt32, search: Int, by change: Int) -> Bool {
    farAccount = 0
    accounts[search].use(count: Int(account) + 1)
    let before = accounts[search][Int(account)].near
    let after = UInt32(Int(before) + change)
    accounts[search][Int(account)].near = after
    return before == 0 || after == 0
  }

  fileprivate mutating func changeBeyond(_ account: UInt32, search: Int, by change: Int) {
    accounts[search].use(count: Int(account) + 1)
    let before = accounts[search][Int(account)].beyond
    accounts[search][Int(account)].beyond = UInt32(Int(before) + change)
  }

  var liveBytes: Int {
    var bytes = 0
    for watch in values.indices { bytes += values[watch].liveBytes }
    for search in accounts.indices { bytes += accounts[search].liveBytes }
    return bytes
  }

  /// The state as a snapshot carries it, but for the records of the space.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    farAccount = 0
    try archive.expect(values.count)
    for watch in values.indices { try values[watch].transfer(&archive) }
  }
}

extension AccountGraph {
  /// What is known of a value for a watch.
  @inline(__always)
  private func counts(of value: UInt32, watch: Int) -> ValueCounts {
    let watched = nearby.watches[watch]
    return watched.isInRecord
      ? identifiers[watched.identifier].record(of: value).counts
      : nearby.counts(value, watch: watch)
  }

  /// *Requires* that the value was used.
  private mutating func setCounts(of value: UInt32, watch: Int, _ counts: ValueCounts) {
    let watched = nearby.watches[watch]
    if watched.isInRecord {
      identifiers[watched.identifier].values[Int(value)].counts = counts
    } else {
      nearby.set(value, watch: watch, counts)
    }
  }

  /// One more account of a value is near, or one less.
  private mutating func changeValue(_ value: UInt32, watch: Int, by change: Int) {
    var counts = counts(of: value, watch: watch)
    let before = counts.near
    counts.near = UInt16(Int(before) + change)
    setCounts(of: value, watch: watch, counts)
    if before == 0 || counts.near == 0 { changeBeyond(accountsOf: value, watch, by: change) }
  }

  /// All accounts of a value have one value more that an account is near by, or one less.
  private mutating func changeBeyond(accountsOf value: UInt32, _ watch: Int, by change: Int) {
    let watched = nearby.watches[watch]
    var accounts = accounts(of: value, identifier: watched.identifier)
    while true {
      let account = nextUse(&accounts, identifier: watched.identifier, liveAfter: .min)
      if account == 0 { return }
      nearby.changeBeyond(account, search: watched.search, by: change)
    }
  }

  /// Notes that a value, which has counts in its record or not, and an account are about to be
  /// linked.
  @inline(__always)
  mutating func noteLinked(identifier: Int, value: UInt32, isCounted: Bool, account: UInt32) {
    if !isCounted && nearby.notesNothing(of: account, identifier: identifier) { return }
    noteLinkedNear(identifier: identifier, value: value, account: account)
  }

  /// The same where there may be something to note.
  @inline(never)
  private mutating func noteLinkedNear(identifier: Int, value: UInt32, account: UInt32) {
    for place in nearby.places(of: identifier) {
      let watch = nearby.watch(at: place)
      // Mostly no label is anywhere near.
      if counts(of: value, watch: watch).isZero
        && !nearby.counts(of: account, search: nearby.watches[watch].search).isNearOrLabelled
      {
        continue
      }
      noteLinked(watch, identifier: identifier, value, account)
    }
  }

  @inline(never)
  private mutating func noteLinked(
    _ watch: Int, identifier: Int, _ value: UInt32, _ account: UInt32
  ) {
    var counts = counts(of: value, watch: watch)
    if carriesWatched(watch, account) {
      counts.labelled += 1
      setCounts(of: value, watch: watch, counts)
      if counts.labelled == 1 { changeAccounts(of: value, identifier, watch, by: 1) }
    }
    if counts.labelled > 0 { changeNear(account, watch, by: 1) }
    let search = nearby.watches[watch].search
    if nearby.isNear(account, search: search) { changeValue(value, watch: watch, by: 1) }
    if self.counts(of: value, watch: watch).near > 0 {
      nearby.changeBeyond(account, search: search, by: 1)
    }
  }

  /// Notes that a value and an account are linked no more.
  mutating func noteCut(identifier: Int, value: UInt32, account: UInt32) {
    for place in nearby.places(of: identifier) {
      let watch = nearby.watch(at: place)
      let search = nearby.watches[watch].search
      if self.counts(of: value, watch: watch).near > 0 {
        nearby.changeBeyond(account, search: search, by: -1)
      }
      if nearby.isNear(account, search: search) { changeValue(value, watch: watch, by: -1) }
      var counts = counts(of: value, watch: watch)
      guard counts.labelled > 0 else { continue }
      changeNear(account, watch, by: -1)
      guard carriesWatched(watch, account) else { continue }
      counts.labelled -= 1
      setCounts(of: value, watch: watch, counts)
      if counts.labelled == 0 { changeAccounts(of: value, identifier, watch, by: -1) }
    }
  }

  /// Notes that a value is about to lose all its accounts at once.
  mutating func noteHub(identifier: Int, value: UInt32) {
    for place in nearby.places(of: identifier) {
      let watch = nearby.watch(at: place)
      let counts = counts(of: value, watch: watch)
      guard !counts.isZero else { continue }
      if counts.labelled > 0 { changeAccounts(of: value, identifier, watch, by: -1) }
      // Some may still be near by their other values.
      if self.counts(of: value, watch: watch).near > 0 {
        changeBeyond(accountsOf: value, watch, by: -1)
      }
      setCounts(of: value, watch: watch, ValueCounts())
    }
  }

  /// Notes that an account carries a label now, or no more.
  mutating func noteLabel(_ label: Int, entity: Int, account: UInt32, change: Int) {
    for search in nearby.searches.indices where nearby.searches[search].label == label {
      guard links[nearby.searches[search].link].entity == entity else { continue }
      nearby.setLabelled(account, search: search, change > 0)
    }
    for watch in nearby.watches.indices where nearby.watches[watch].label == label {
      let identifier = nearby.watches[watch].identifier
      guard identifiers[identifier].entity == entity else { continue }
      var values = values(of: account, identifier: identifier)
      while true {
        let value = nextUse(&values, identifier: identifier, liveAfter: .min)
        if value == 0 { break }
        var counts = counts(of: value, watch: watch)
        let before = counts.labelled
        counts.labelled = UInt16(Int(before) + change)
        setCounts(of: value, watch: watch, counts)
        if before == 0 || counts.labelled == 0 {
          changeAccounts(of: value, identifier, watch, by: change)
        }
      }
    }
  }

  @inline(__always)
  private func carriesWatched(_ watch: Int, _ account: UInt32) -> Bool {
    nearby.counts(of: account, search: nearby.watches[watch].search).isLabelled
  }

  /// One more value of all accounts of a value, or one less, has one that carries the label.
  private mutating func changeAccounts(
    of value: UInt32, _ identifier: Int, _ watch: Int, by change: Int
  ) {
    var accounts = accounts(of: value, identifier: identifier)
    while true {
      let account = nextUse(&accounts, identifier: identifier, liveAfter: .min)
      if account == 0 { return }
      changeNear(account, watch, by: change)
    }
  }

  /// One more value of an account, or one less, has an account that carries the label.
  private mutating func changeNear(_ account: UInt32, _ watch: Int, by change: Int) {
    let search = nearby.watches[watch].search
    guard nearby.changeNear(account, search: search, by: change) else { return }
    for watch in nearby.ofSearch[search] {
      let identifier = nearby.watches[watch].identifier
      var values = values(of: account, identifier: identifier)
      while true {
        let value = nextUse(&values, identifier: identifier, liveAfter: .min)
        if value == 0 { break }
        changeValue(value, watch: watch, by: change)
      }
    }
  }

  /// Whether an account is two steps from a labelled one; nil when the budget ends before all its
  /// values, of which each takes one from it.
  ///
  /// *Requires* that it is not nearer.
  mutating func isTwoAway(_ account: UInt32, search: Int, budget: inout Int) -> Bool? {
    for watch in nearby.ofSearch[search] {
      let identifier = nearby.watches[watch].identifier
      let values = valueCount(of: account, identifier: identifier)
      if budget < values { return nil }
      budget -= values
    }
    return nearby.counts(of: account, search: search).beyond > 0
  }

  private mutating func valueCount(of account: UInt32, identifier: Int) -> Int {
    guard identifiers[identifier].isTimed else {
      return Int(pool.count(listOfValues(identifier, of: account)))
    }
    var values = values(of: account, identifier: identifier)
    var count = 0
    while nextUse(&values, identifier: identifier, liveAfter: .min) != 0 { count += 1 }
    return count
  }

  /// What the values of an account that a search looks at do not exceed in number.
  @inline(__always)
  func mostValues(of account: UInt32, search: Int) -> Int {
    if isTimed(search: search) { return Int.max }
    let first = nearby.watches[nearby.ofSearch[search].lowerBound].identifier
    return heads[identifiers[first].owner].mostValues(of: account)
  }

  /// Whether the values that a search looks at are kept with times.
  func isTimed(search: Int) -> Bool {
    // Identifiers of one link are all kept with times or all without.
    let first = nearby.watches[nearby.ofSearch[search].lowerBound].identifier
    return identifiers[first].isTimed
  }
}
