/// Components of one windowed link: a maximum spanning forest by the latest use of each edge.
///
/// Nodes are accounts, values of identifiers, and the edges in the forest. An edge that would close
/// a cycle takes the place of the oldest edge on it, or stays out when it is the oldest itself. So
/// what is outside is never newer than what it would replace: an edge that dies takes nothing with
/// it that another live edge could hold, and no replacement is searched for.
struct WindowedForest: ~Copyable {
  private let inPlace = InPlace()
  /// An edge: the store it lies in, its number there, and its two ends.
  private struct Edge {
    var store: UInt32
    var edge: UInt32
    var first: UInt32
    var second: UInt32
  }

  private var forest: LinkCutForest
  /// The edges in the forest by a time they were used at, which need not be the latest.
  private var queue: TimeQueue
  private var accounts: ReservedArray<UInt32>
  /// By store the nodes of its values.
  private var values: FixedArray<ReservedArray<UInt32>>
  /// By store the nodes of its edges that are in the forest.
  private var inForest: FixedArray<ReservedArray<UInt32>>
  private var edges: ReservedArray<Edge>

  /// Makes a forest over `stores` edge stores that keeps `counters` sums beside the size.
  init(stores: Int, counters: Int) {
    let capacity = stores == 0 ? 0 : Reservation.keys
    forest = LinkCutForest(capacity: 4 * capacity, counters: counters + 1)
    queue = TimeQueue(capacity: 4 * capacity)
    accounts = ReservedArray(capacity: capacity)
    values = FixedArray(count: stores) { _ in ReservedArray(capacity: Reservation.keys) }
    inForest = FixedArray(count: stores) { _ in ReservedArray(capacity: Reservation.keys) }
    edges = ReservedArray(capacity: 4 * capacity)
  }

  /// Bytes in use.
  var liveBytes: Int {
    var bytes = forest.liveBytes + queue.liveBytes + accounts.liveBytes + edges.liveBytes
    for store in values.indices { bytes += values[store].liveBytes + inForest[store].liveBytes }
    return bytes
  }

  // MARK: Answers

  /// Accounts in the component of an account, itself included.
  mutating func size(of account: UInt32) -> Int {
    let node = known(account)
    return node == 0 ? 1 : Int(forest.sum(of: node, counter: 0))
  }

  /// The sum of a counter over the component of an account; nil for one never seen.
  mutating func sum(of account: UInt32, counter: Int) -> Int? {
    let node = known(account)
    return node == 0 ? nil : Int(forest.sum(of: node, counter: counter + 1))
  }

  /// Whether two accounts are in one component.
  mutating func areTogether(_ left: UInt32, _ right: UInt32) -> Bool {
    if left == right { return true }
    let first = known(left)
    let second = known(right)
    return first != 0 && second != 0 && forest.areConnected(first, second)
  }

  // MARK: Changes

  /// Adds to a counter of an account.
  mutating func add(_ weight: Int32, to account: UInt32, counter: Int) {
    forest.add(weight, to: node(ofAccount: account), counter: counter + 1)
  }

  /// An edge of a store between an account and a value was used.
  mutating func offer(
    store: Int, edge: UInt32, account: UInt32, value: UInt32, time: Int64
  ) {
    values[store].use(count: Int(value) + 1)
    if values[store][Int(value)] == 0 { values[store][Int(value)] = forest.add(time: .max) }
    offer(
      store: store, edge: edge, node(ofAccount: account), values[store][Int(value)], time: time)
  }

  /// An edge of a store between two accounts was used.
  mutating func offer(store: Int, edge: UInt32, from: UInt32, to: UInt32, time: Int64) {
    offer(store: store, edge: edge, node(ofAccount: from), node(ofAccount: to), time: time)
  }

  /// Removes an edge that is gone before its time. What it held together must be offered anew.
  mutating func remove(store: Int, edge: UInt32) {
    guard Int(edge) < inForest[store].count, inForest[store][Int(edge)] != 0 else { return }
    remove(inForest[store][Int(edge)])
  }

  /// Removes the edges that were last used at `deadline` or before.
  mutating func expire(deadline: Int64) {
    while let oldest = queue.first, oldest.time <= deadline {
      let latest = forest.time(of: oldest.number)
      if latest > deadline { queue.set(oldest.number, time: latest) } else { remove(oldest.number) }
    }
  }

  private mutating func offer(
    store: Int, edge: UInt32, _ first: UInt32, _ second: UInt32, time: Int64
  ) {
    inForest[store].use(count: Int(edge) + 1)
    let present = inForest[store][Int(edge)]
    if present != 0 {
      guard time > forest.time(of: present) else { return }
      // In the queue it keeps the time it had: whoever is first there is asked.
      forest.delay(present, to: time)
      return
    }
    if first == second { return }
    if forest.areConnected(first, second) {
      let oldest = forest.leastOnPath(first, second)
      if forest.time(of: oldest) >= time { return }
      remove(oldest)
    }
    let node = forest.add(time: time)
    edges.use(count: Int(node) + 1)
    edges[Int(node)] = Edge(store: UInt32(store), edge: edge, first: first, second: second)
    inForest[store][Int(edge)] = node
    queue.set(node, time: time)
    // Mostly one of both is new.
    let (above, below) =
      forest.isRoot(first) && !forest.isRoot(second)
      ? (second, first) : (first, second)
    forest.link(node, to: above)
    forest.link(below, to: node)
  }

  private mutating func remove(_ node: UInt32) {
    let edge = edges[Int(node)]
    forest.take(node, between: edge.first, and: edge.second)
    forest.remove(node)
    queue.remove(node)
    inForest[Int(edge.store)][Int(edge.edge)] = 0
  }

  private func known(_ account: UInt32) -> UInt32 {
    Int(account) < accounts.count ? accounts[Int(account)] : 0
  }

  private mutating func node(ofAccount account: UInt32) -> UInt32 {
    accounts.use(count: Int(account) + 1)
    let known = accounts[Int(account)]
    if known != 0 { return known }
    let node = forest.add(time: .max)
    forest.add(1, to: node, counter: 0)
    accounts[Int(account)] = node
    return node
  }
}

extension WindowedForest {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try forest.transfer(&archive)
    try queue.transfer(&archive)
    try accounts.transfer(&archive)
    try edges.transfer(&archive)
    try archive.expect(values.count)
    for place in values.indices { try values[place].transfer(&archive) }
    try archive.expect(inForest.count)
    for place in inForest.indices { try inForest[place].transfer(&archive) }
  }
}
