/// One edge of an event link. 24 bytes.
struct EdgeRecord {
  /// The greatest time it was used at.
  var time: Int64
  /// Its first account, or the smaller of both when undirected; 0 for a free record.
  var from: UInt32
  /// Its second account; for a free record the next free one.
  var to: UInt32
  /// The chunk in the list of `from` that names `to`; 0 when the edge is all there is of the list,
  /// and for a self-edge, which is in no list.
  var fromChunk: UInt32
  /// The chunk in the list of `to` that names `from`, in the same way.
  var toChunk: UInt32
}

/// The side of an account that an edge lies on. An undirected link has one list for both.
enum EdgeSide: Int {
  case out = 0
  case into = 1
}

/// The edges of one event link with their latest use, and the neighbours of every account.
///
/// An edge is live while its latest use is in (T − W, T]. The clock T never goes back, so a dead
/// edge lives again only by a new use, which would move it anyway: forgetting one changes no
/// answer.
///
/// An edge is found by the list of its second account while that has no chunks, and by the index
/// from then on: whoever was referred, or paid, but once costs no place in the index.
struct EdgeStore: ~Copyable {
  private let inPlace = InPlace()
  private var records: ReservedArray<EdgeRecord>
  private var index: EdgeIndex
  /// Edges held, dead ones that are not yet forgotten included.
  private(set) var count: Int
  private var lists: EdgeLists
  private var firstFree: UInt32
  /// The record that is looked at next for being dead.
  private var sweep: Int
  private var nextSequence: UInt64
  let isDirected: Bool
  /// Whether the two ends of an edge are numbers of different spaces, so that equal ones are no
  /// self-edge.
  private let isBipartite: Bool
  private let windowMicroseconds: Int64?

  /// Records looked at for each edge added: with 4, dead ones never exceed a third of the live.
  private static let recordsSweptPerEdge = 4

  /// Makes a store without edges between the accounts of a space, whose records are opened before
  /// the first comes, or of none that anything else is known of.
  init(isDirected: Bool, windowMicroseconds: Int64?, in space: KeyRecords? = nil) {
    self.init(
      isDirected: isDirected, windowMicroseconds: windowMicroseconds, in: space,
      edges: Reservation.keys)
  }

  /// Makes a store of uses, from accounts to values.
  static func uses(windowMicroseconds: Int64?) -> EdgeStore {
    EdgeStore(
      isDirected: true, windowMicroseconds: windowMicroseconds, edges: Reservation.keys,
      isBipartite: true)
  }

  /// A store for a link that needs no adjacency: nothing may be added.
  static var none: EdgeStore { EdgeStore(isDirected: true, windowMicroseconds: nil, edges: 0) }

  private init(
    isDirected: Bool, windowMicroseconds: Int64?, in space: KeyRecords? = nil, edges: Int,
    isBipartite: Bool = false
  ) {
    self.isBipartite = isBipartite
    records = ReservedArray(capacity: edges)
    index = EdgeIndex(capacity: edges)
    count = 0
    lists = EdgeLists(
      in: space, isPaired: isDirected, capacity: edges == 0 ? 0 : Reservation.keys,
      chunkBytes: edges == 0 ? 0 : Reservation.poolBytes)
    firstFree = 0
    sweep = 1
    nextSequence = 0
    self.isDirected = isDirected
    self.windowMicroseconds = windowMicroseconds
  }

  /// Bytes of edges and lists.
  var liveBytes: Int { records.liveBytes + index.liveBytes + lists.liveBytes }

  /// The time after which an edge must have been used to be live.
  func liveAfter(clock: Int64) -> Int64 {
    guard let windowMicroseconds else { return Int64.min }
    return clock - windowMicroseconds
  }

  /// Whether an edge was used after `liveAfter`.
  func isLive(_ from: UInt32, _ to: UInt32, liveAfter: Int64) -> Bool {
    let edge = find(from, to)
    return edge != 0 && records[Int(edge)].time > liveAfter
  }

  /// A cursor before the newest neighbour of an account.
  @inline(__always)
  func neighbours(of account: UInt32, _ side: EdgeSide) -> EdgeCursor {
    let list = list(account, side)
    let only = lists.only(list: list)
    guard only != 0 else { return lists.cursor(list: list) }
    return EdgeCursor(
      only: only, isOfFirst: isDirected ? side == .out : records[Int(only)].from == account)
  }

  /// Whether the list of an account is empty, dead edges counted.
  @inline(__always)
  func isEmpty(of account: UInt32, _ side: EdgeSide) -> Bool {
    lists.isEmpty(list: list(account, side))
  }

  /// The next neighbour over an edge used after `liveAfter`; 0 when there is none.
  @inline(__always)
  func next(_ cursor: inout EdgeCursor, liveAfter: Int64) -> UInt32 {
    nextEntry(&cursor, liveAfter: liveAfter).neighbour
  }

  /// The edge between two accounts, dead or alive; 0 for none.
  func edge(_ from: UInt32, _ to: UInt32) -> UInt32 { find(from, to) }

  /// The latest use of an edge.
  func time(ofEdge edge: UInt32) -> Int64 { records[Int(edge)].time }

  /// The next entry over an edge used after `liveAfter`, whose neighbour is 0 when there is none.
  @inline(__always)
  func nextEntry(_ cursor: inout EdgeCursor, liveAfter: Int64) -> EdgeEntry {
    guard cursor.only != 0 else { return lists.nextEntry(&cursor, liveAfter: liveAfter) }
    let record = records[Int(cursor.only)]
    cursor.only = 0
    guard record.time > liveAfter else { return EdgeEntry() }
    return EdgeEntry(neighbour: cursor.isOfFirst ? record.to : record.from, time: record.time)
  }

  /// Removes an edge before its time.
  mutating func remove(_ edge: UInt32) {
    precondition(records[Int(edge)].from != 0, "no such edge")
    forget(edge)
  }

  /// Notes a use of an edge at its own time; the edge, 0 when the use is too old for it to be kept.
  @discardableResult
  mutating func add(
    from: UInt32, to: UInt32, time: Int64, sequence: UInt64, clock: Int64
  ) -> UInt32 {
    precondition(sequence >= nextSequence, "sequences do not grow")
    nextSequence = sequence + 1
    let liveAfter = liveAfter(clock: clock)
    // Before the use: what is forgotten was dead before it.
    forgetSome(liveAfter: liveAfter)
    var edge = isFirst(from, to) ? 0 : find(from, to)
    if edge != 0 {
      refresh(edge, time: time)
    } else if time > liveAfter {
      edge = insert(from, to, time: time)
    }
    return edge
  }

  // MARK: Prefetching

  @inline(__always)
  func prefetchIndex(_ from: UInt32, _ to: UInt32, _ list: inout PrefetchList) {
    let isOrdered = isDirected || from <= to
    let (first, second) = isOrdered ? (from, to) : (to, from)
    // With a second edge a list gets a chunk, and its edges are in the index from then on.
    if isLoop(first, second) || !lists.isEmpty(list: self.list(second, .into)) {
      index.prefetch(first, second, &list)
    }
  }

  /// Where the head of an account lies, or both side by side.
  var headColumn: RecordColumn { lists.headColumn }

  @inline(__always)
  func prefetchNewest(of account: UInt32, _ list: inout PrefetchList) {
    prefetchNewest(of: account, .out, &list)
    if isDirected { prefetchNewest(of: account, .into, &list) }
  }

  /// The newest entry of one list of an account; an undirected link has no other.
  @inline(__always)
  func prefetchNewest(
    of account: UInt32, _ side: EdgeSide, _ list: inout PrefetchList
  ) {
    let newest = lists.newest(list: self.list(account, side))
    let start = newest.isOnly ? records.address(Int(newest.number)) : newest.address
    list.add(start, if: newest.number != 0)
    // A record may end in the next line.
    let end = start &+ UInt(MemoryLayout<EdgeRecord>.size &- 1)
    list.add(end, if: newest.isOnly && start >> 6 != end >> 6)
  }

  /// The edge that is all an account has to it; 0 when it has none or more.
  @inline(__always)
  func onlyEdge(to account: UInt32) -> UInt32 { lists.only(list: list(account, .into)) }

  /// Where an edge goes in the index once its account has another one.
  @inline(__always)
  func prefetchMoved(_ edge: UInt32, _ list: inout PrefetchList) {
    let record = records[Int(edge)]
    index.prefetch(record.from, record.to, &list)
  }

  // MARK: Finding

  /// Whether no edge leads to an account yet, and so none from another: most just came.
  @inline(__always)
  private func isFirst(_ first: UInt32, _ second: UInt32) -> Bool {
    let to = isDirected || first <= second ? second : first
    return !isLoop(first, second) && lists.isEmpty(list: list(to, .into))
  }

  private func find(_ first: UInt32, _ second: UInt32) -> UInt32 {
    let (from, to) = isDirected || first <= second ? (first, second) : (second, first)
    if isIndexed(from, to) { return index.find(from, to, records) }
    let only = lists.only(list: list(to, .into))
    guard only != 0 else { return 0 }
    let record = records[Int(only)]
    return record.from == from && record.to == to ? only : 0
  }

  /// Whether the edge between two accounts is in the index, if there is one.
  @inline(__always)
  private func isIndexed(_ from: UInt32, _ to: UInt32) -> Bool {
    isLoop(from, to) || lists.hasChunks(list: list(to, .into))
  }

  /// Whether an edge leads from an account to itself and so is in no list.
  @inline(__always)
  private func isLoop(_ from: UInt32, _ to: UInt32) -> Bool { from == to && !isBipartite }

  @inline(__always)
  private func list(_ account: UInt32, _ side: EdgeSide) -> EdgeList {
    EdgeList(account: Int(account), place: isDirected ? side.rawValue : 0)
  }

  // MARK: Changing edges

  private mutating func insert(_ first: UInt32, _ second: UInt32, time: Int64) -> UInt32 {
    let (from, to) = isDirected || first <= second ? (first, second) : (second, first)
    let edge = takeRecord()
    records[Int(edge)] = EdgeRecord(time: time, from: from, to: to, fromChunk: 0, toChunk: 0)
    count += 1
    guard !isLoop(from, to) else {
      index.insert(edge, records)
      return edge
    }
    // Most accounts have no other edge on a side.
    if !lists.startOnly(list: list(from, .out), edge: edge) {
      append(edge, .out, owner: from, neighbour: to, time: time)
    }
    if lists.startOnly(list: list(to, .into), edge: edge) { return edge }
    append(edge, .into, owner: to, neighbour: from, time: time)
    index.insert(edge, records)
    return edge
  }

  /// As `insertChunked`, sooner where the edge is the latest of a list that has chunks, and the
  /// newest of them has room.
  @inline(__always)
  private mutating func append(
    _ edge: UInt32, _ side: EdgeSide, owner: UInt32, neighbour: UInt32, time: Int64
  ) {
    let chunk = lists.append(list: list(owner, side), neighbour: neighbour, time: time)
    if chunk != 0 {
      setChunk(edge, side, chunk)
    } else {
      insertChunked(edge, side, owner: owner, neighbour: neighbour, time: time)
    }
  }

  private mutating func refresh(_ edge: UInt32, time: Int64) {
    let record = records[Int(edge)]
    // On a tie the later sequence is the later use.
    guard time >= record.time else { return }
    records[Int(edge)].time = time
    guard !isLoop(record.from, record.to) else { return }
    refreshEntry(edge, .out, time)
    refreshEntry(edge, .into, time)
  }

  private mutating func refreshEntry(_ edge: UInt32, _ side: EdgeSide, _ time: Int64) {
    let record = records[Int(edge)]
    let (owner, neighbour) = ends(record, side)
    let chunk = side == .out ? record.fromChunk : record.toChunk
    if chunk == 0
      || lists.refreshNewest(
        list: list(owner, side), chunk: chunk, neighbour: neighbour, time: time)
    {
      return
    }
    removeEntry(edge, side)
    insertEntry(edge, side)
  }

  private mutating func insertEntry(_ edge: UInt32, _ side: EdgeSide) {
    let record = records[Int(edge)]
    let (owner, neighbour) = ends(record, side)
    if lists.startOnly(list: list(owner, side), edge: edge) {
      setChunk(edge, side, 0)
    } else {
      insertChunked(edge, side, owner: owner, neighbour: neighbour, time: record.time)
    }
  }

  /// Enters an edge in a list that is not empty, and has chunks from then on.
  private mutating func insertChunked(
    _ edge: UInt32, _ side: EdgeSide, owner: UInt32, neighbour: UInt32, time: Int64
  ) {
    let list = list(owner, side)
    let only = lists.only(list: list)
    if only != 0 {
      let chunk = makeChunk(list, owner, side, ofOnly: only, neighbour, time)
      return setChunk(edge, side, chunk)
    }
    let placement = lists.insert(list: list, neighbour: neighbour, time: time)
    setChunk(edge, side, placement.chunk)
    follow(placement, owner, side)
  }

  /// Gives a list its first chunk, of its only edge and another entry, and that edge a place in the
  /// index if it is found there now.
  private mutating func makeChunk(
    _ list: EdgeList, _ owner: UInt32, _ side: EdgeSide, ofOnly edge: UInt32,
    _ neighbour: UInt32, _ time: Int64
  ) -> UInt32 {
    let record = records[Int(edge)]
    let isOfSecond = isDirected ? side == .into : record.to == owner
    let only = EdgeEntry(
      neighbour: isOfSecond ? record.from : record.to, time: record.time)
    let chunk = lists.makeChunk(
      list: list, only, and: EdgeEntry(neighbour: neighbour, time: time))
    setChunk(edge, isOfSecond ? .into : .out, chunk)
    if isOfSecond { index.insert(edge, records) }
    return chunk
  }

  private mutating func removeEntry(_ edge: UInt32, _ side: EdgeSide) {
    let record = records[Int(edge)]
    let (owner, neighbour) = ends(record, side)
    let list = list(owner, side)
    let chunk = side == .out ? record.fromChunk : record.toChunk
    if chunk == 0 { return lists.removeOnly(list: list) }
    follow(lists.remove(list: list, chunk: chunk, neighbour: neighbour), owner, side)
  }

  private func ends(_ record: EdgeRecord, _ side: EdgeSide) -> (owner: UInt32, neighbour: UInt32) {
    side == .out ? (record.from, record.to) : (record.to, record.from)
  }

  private mutating func setChunk(_ edge: UInt32, _ side: EdgeSide, _ chunk: UInt32) {
    if side == .out {
      records[Int(edge)].fromChunk = chunk
    } else {
      records[Int(edge)].toChunk = chunk
    }
  }

  /// Tells the edges of entries that moved where they are now.
  @inline(__always)
  private mutating func follow(_ placement: EdgePlacement, _ owner: UInt32, _ side: EdgeSide) {
    if placement.movedTo == 0 { return }
    follow(placement.moved.0, placement.movedTo, owner, side)
    follow(placement.moved.1, placement.movedTo, owner, side)
  }

  private mutating func follow(
    _ neighbour: UInt32, _ chunk: UInt32, _ owner: UInt32, _ side: EdgeSide
  ) {
    guard neighbour != 0 else { return }
    let edge =
      isDirected && side == .into ? find(neighbour, owner) : find(owner, neighbour)
    // In the one list of an undirected link the owner may be either end of the edge.
    let end: EdgeSide =
      isDirected ? side : (records[Int(edge)].from == owner ? .out : .into)
    setChunk(edge, end, chunk)
  }

  // MARK: Records

  @inline(__always)
  private mutating func takeRecord() -> UInt32 {
    if firstFree != 0 {
      let edge = firstFree
      firstFree = records[Int(edge)].to
      return edge
    }
    // Record 0 stands for no edge.
    let edge = max(records.count, 1)
    records.use(count: edge &+ 1)
    records.prefetch(edge &+ 1)
    return UInt32(edge)
  }

  /// Forgets the dead among the next few records. Mostly there are none.
  @inline(__always)
  private mutating func forgetSome(liveAfter: Int64) {
    if windowMicroseconds == nil { return }
    let end = sweep &+ Self.recordsSweptPerEdge
    guard end <= records.count else { return forgetDead(liveAfter: liveAfter) }
    var oldest = Int64.max
    var place = sweep
    while place < end {
      // SAFETY: below `end`, which is not beyond those in use, and `sweep` is a number of one.
      oldest = min(oldest, unsafe records[unchecked: place].time)
      place &+= 1
    }
    if oldest <= liveAfter { return forgetDead(liveAfter: liveAfter) }
    // The next ones lie in two lines at most.
    records.prefetch(end)
    records.prefetch(end &+ Self.recordsSweptPerEdge &- 1)
    sweep = end
  }

  /// As `forgetSome`, wherever they lie and whatever they are.
  @inline(never)
  private mutating func forgetDead(liveAfter: Int64) {
    guard records.count > 1 else { return }
    let end = records.count
    var place = sweep
    for _ in 0..<Self.recordsSweptPerEdge {
      if place >= end { place = 1 }
      // Free ones have no time.
      if records[place].time <= liveAfter && records[place].from != 0 { forget(UInt32(place)) }
      records.prefetch(place &+ Self.recordsSweptPerEdge)
      place &+= 1
    }
    sweep = place
  }

  @inline(never)
  private mutating func forget(_ edge: UInt32) {
    let record = records[Int(edge)]
    if isIndexed(record.from, record.to) { index.remove(edge, records) }
    if !isLoop(record.from, record.to) {
      removeEntry(edge, .out)
      removeEntry(edge, .into)
    }
    count -= 1
    records[Int(edge)] = EdgeRecord(time: 0, from: 0, to: firstFree, fromChunk: 0, toChunk: 0)
    firstFree = edge
  }
}

extension EdgeStore {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try records.transfer(&archive)
    try index.transfer(&archive)
    try lists.transfer(&archive)
    try archive.transfer(&count)
    try archive.transfer(&firstFree)
    try archive.transfer(&sweep)
    if !(1...max(records.count, 1)).contains(sweep) { throw .damaged }
    try archive.transfer(&nextSequence)
  }
}
