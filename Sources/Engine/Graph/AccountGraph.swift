import Model
import Program

/// The graph of accounts: who shares identifiers, who paid, referred or messaged whom.
///
/// Accounts and identifier values are dense numbers from 1 in their own spaces; 0 is a key never
/// seen. Only what some plan needs is kept. Every answer is a function of the calls so far and the
/// clock, the greatest event time up to and including the current event: dense numbers decide
/// nothing.
struct AccountGraph: ~Copyable {
  var identifiers: FixedArray<IdentifierStore>
  /// By entity, where the values of its accounts are listed.
  var heads: FixedArray<AccountHeads>
  var forests: FixedArray<ComponentForest>
  var edges: FixedArray<EdgeStore>
  var pool: AdjacencyPool
  var search: CycleSearch
  /// Components of windowed links.
  var windowed: FixedArray<WindowedForest>
  var labels: LabelStore
  var nearby: NearbyLabels
  var firstEdges: FixedArray<FirstEdges>
  var referrals: FixedArray<ReferralForest>
  var walk: GraphWalk
  /// Accounts a rebuild has reached, each component behind a 0.
  var rebuildQueue: ReservedArray<UInt32>
  /// The values whose accounts it has walked.
  var rebuiltValues: MarkTable
  /// Values that became hubs and are not counted yet.
  var newHubs: UInt64 = 0
  let links: [LinkPlan]
  let needs: GraphNeeds
  /// By link, where its edges lie: identifiers, none for an event link.
  let joined: [[Int]]
  /// Whether anything changes when time passes.
  private let hasWindows: Bool
  private var clock: Int64

  /// Makes an empty graph by itself.
  init(schema: Schema, links: [LinkPlan], questions: [GraphQuestion] = [], labels: Int = 0) {
    let accounts = (0..<max(schema.entities.count, 1)).map { _ in KeyRecords() }
    let values = schema.identifiers.map { _ in KeyRecords() }
    self.init(
      schema: schema, accounts: accounts, values: values, links: links, questions: questions,
      labels: labels)
    for space in accounts + values { space.open() }
  }

  /// Makes an empty graph that can answer these questions, beside sizes and cycles of links whose
  /// plans need components and adjacency, and how many accounts ever used a value of `counted`
  /// identifiers. Its accounts, by entity, and values, by identifier, have records that are opened
  /// before the first of them comes.
  ///
  /// *Traps* on a plan the compiler does not make: cycles or identifiers of another entity in a
  /// link over identifiers.
  init(
    schema: Schema, accounts: [KeyRecords], values: [KeyRecords], links: [LinkPlan],
    questions: [GraphQuestion], labels: Int, counted: Set<Int> = []
  ) {
    let needs = GraphNeeds(schema: schema, links: links, questions: questions)
    let (joined, linksOfIdentifier) = Self.ties(schema, links, needs)
    var lists = schema.entities.map { _ in 0 }
    if lists.isEmpty { lists = [0] }
    identifiers = FixedArray(count: schema.identifiers.count) { position in
      let owner = schema.identifiers[position].entity ?? 0
      let list = lists[owner]
      if needs.keepsUses[position] && !needs.timesUses[position] { lists[owner] += 1 }
      return IdentifierStore(
        schema.identifiers[position], in: values[position],
        links: linksOfIdentifier[position], list: list, isKept: needs.keepsUses[position],
        isTimed: needs.timesUses[position],
        notesEdges: linksOfIdentifier[position].contains { !needs.growthWindows[$0].isEmpty },
        countsUsers: counted.contains(position),
        useWindowMicroseconds: needs.useWindows[position])
    }
    heads = FixedArray(count: lists.count) {
      AccountHeads(width: lists[$0], in: $0 < accounts.count ? accounts[$0] : nil)
    }
    forests = FixedArray(count: links.count) { position in
      let isKept = needs.components[position] && links[position].windowMicroseconds == nil
      return ComponentForest(
        in: isKept ? accounts[links[position].entity] : nil,
        counters: needs.counters[position].count)
    }
    windowed = FixedArray(count: links.count) { position in
      let isKept = needs.components[position] && links[position].windowMicroseconds != nil
      return WindowedForest(
        stores: isKept ? max(joined[position].count, 1) : 0,
        counters: needs.counters[position].count)
    }
    edges = FixedArray(count: links.count) { position in
      guard case .event(_, _, _, let directed) = links[position].source, needs.edges[position]
      else { return EdgeStore.none }
      return EdgeStore(
        isDirected: directed, windowMicroseconds: links[position].windowMicroseconds,
        in: accounts[links[position].entity])
    }
    firstEdges = FixedArray(count: links.count) { FirstEdges(windows: needs.growthWindows[$0]) }
    referrals = FixedArray(count: links.count) { position in
      ReferralForest(
        in: needs.hasForest[position] ? accounts[links[position].entity] : nil,
        limits: needs.subtreeLimits[position], deepest: needs.depths[position])
    }
    self.labels = LabelStore(entities: schema.entities.count, labels: labels)
    nearby = NearbyLabels(
      searches: needs.nearbySearches,
      spaces: needs.nearbySearches.map { accounts[links[$0.link].entity] }, joined: joined,
      identifiers: schema.identifiers.count)
    pool = AdjacencyPool()
    search = CycleSearch()
    walk = GraphWalk()
    rebuildQueue = ReservedArray(capacity: 2 * Reservation.keys)
    rebuiltValues = MarkTable()
    clock = Int64.min
    hasWindows = links.indices.contains {
      needs.components[$0]
        && (links[$0].windowMicroseconds != nil || !needs.growthWindows[$0].isEmpty)
    }
    self.links = links
    self.needs = needs
    self.joined = joined
  }

  /// By link the identifiers it runs over, and by identifier the links whose components it joins
  /// accounts in.
  private static func ties(
    _ schema: Schema, _ links: [LinkPlan], _ needs: GraphNeeds
  ) -> (joined: [[Int]], linksOfIdentifier: [[Int]]) {
    var linksOfIdentifier = [[Int]](repeating: [], count: schema.identifiers.count)
    var joined: [[Int]] = []
    for (position, link) in links.enumerated() {
      guard case .identifiers(let identifiers) = link.source else {
        joined.append([])
        continue
      }
      joined.append(identifiers)
      precondition(!link.needsAdjacency, "cycles run over event links")
      for identifier in identifiers where needs.components[position] {
        precondition(schema.identifiers[identifier].entity == link.entity, "of another entity")
        linksOfIdentifier[identifier].append(position)
      }
    }
    return (joined, linksOfIdentifier)
  }

  /// Entities of the schema, whose key spaces come before those of identifiers.
  var entityCount: Int { labels.entities }

  /// Bytes in use for accounts, identifiers and edges; scratch of searches excluded.
  var liveBytes: Int {
    var bytes = pool.liveBytes + labels.liveBytes + nearby.liveBytes
    for position in identifiers.indices { bytes += identifiers[position].liveBytes }
    for entity in heads.indices { bytes += heads[entity].liveBytes }
    for position in forests.indices {
      bytes += forests[position].liveBytes + edges[position].liveBytes
      bytes += windowed[position].liveBytes + firstEdges[position].liveBytes
      bytes += referrals[position].liveBytes
    }
    return bytes
  }

  /// Lets time pass: edges die, and accounts are no longer new.
  @inline(__always)
  mutating func advance(to clock: Int64) {
    if hasWindows && clock > self.clock { expire(at: clock) }
  }

  @inline(never)
  private mutating func expire(at clock: Int64) {
    self.clock = clock
    for link in links.indices where needs.components[link] {
      if let window = links[link].windowMicroseconds {
        windowed[link].expire(deadline: clock - window)
      }
      for window in needs.growthWindows[link].indices {
        let counter = needs.counter(.growth(window), of: link)
        while true {
          let account = firstEdges[link].leave(window: window, clock: clock)
          if account == 0 { break }
          addToCounter(-1, link: link, account: account, counter)
        }
      }
    }
  }

  // MARK: Components

  /// Accounts in the component of `account`, itself included; truncated above `maxNodes`.
  ///
  /// *Traps* when the link's plan does not need components.
  mutating func componentSize(link: Int, account: UInt32, maxNodes: Int?) -> SignalValue {
    precondition(needs.components[link], "no components of this link are kept")
    let size = account == 0 ? 1 : componentSize(link: link, account: account)
    guard let maxNodes, size > maxNodes else { return .int(Int64(size)) }
    return .int(Int64(maxNodes), isTruncated: true)
  }

  /// Accounts in the component of an account.
  mutating func componentSize(link: Int, account: UInt32) -> Int {
    links[link].windowMicroseconds == nil
      ? forests[link].size(of: account) : windowed[link].size(of: account)
  }

  /// Whether two accounts are in one component of a link.
  mutating func areTogether(link: Int, _ left: UInt32, _ right: UInt32) -> Bool {
    links[link].windowMicroseconds == nil
      ? forests[link].areTogether(left, right) : windowed[link].areTogether(left, right)
  }

  /// The sum of a counter over the component of an account; nil for an account never joined.
  mutating func componentSum(link: Int, account: UInt32, _ counter: Int) -> Int? {
    links[link].windowMicroseconds == nil
      ? forests[link].sum(of: account, counter: counter)
      : windowed[link].sum(of: account, counter: counter)
  }

  mutating func addToCounter(_ weight: Int32, link: Int, account: UInt32, _ counter: Int) {
    if links[link].windowMicroseconds == nil {
      forests[link].add(weight, to: account, counter: counter)
    } else {
      windowed[link].add(weight, to: account, counter: counter)
    }
  }

  /// Notes that an account has an edge of a link, for what counts new members.
  mutating func noteEdge(link: Int, account: UInt32, time: Int64, clock: Int64) {
    guard !needs.growthWindows[link].isEmpty,
      firstEdges[link].note(account, time: time)
    else { return }
    for window in needs.growthWindows[link].indices {
      let change = firstEdges[link].settle(account, window: window, clock: clock)
      if change != 0 {
        addToCounter(
          change, link: link, account: account, needs.counter(.growth(window), of: link))
      }
    }
  }

  // MARK: Event links

  /// An event of a link: `from` → `to`, or between both when the link is undirected.
  ///
  /// *Traps* when `time` is after `clock`, or when `sequence` does not grow from call to call of
  /// the link: a tie in time is ordered by it.
  mutating func addEdge(
    link: Int, from: UInt32, to: UInt32, time: Int64, sequence: UInt64, clock: Int64
  ) {
    precondition(from != 0 && to != 0, "an edge needs two accounts")
    precondition(time <= clock, "an event after the clock")
    advance(to: clock)
    if needs.hasForest[link] { referrals[link].add(from: from, to: to) }
    guard needs.edges[link] else { return }
    let edge = edges[link].add(from: from, to: to, time: time, sequence: sequence, clock: clock)
    guard from != to, needs.components[link] else { return }
    noteEdge(link: link, account: from, time: time, clock: clock)
    noteEdge(link: link, account: to, time: time, clock: clock)
    if links[link].windowMicroseconds == nil {
      forests[link].join(from, to)
    } else if edge != 0 && time > edges[link].liveAfter(clock: clock) {
      windowed[link].offer(store: 0, edge: edge, from: from, to: to, time: time)
    }
  }

  /// Edges of the shortest simple cycle of live edges, at most `maxHops`; 0 for none.
  ///
  /// `edge` is the edge that the current event fed to this link, added already. When `account` is
  /// one of its ends the cycle goes through that edge, and there is none if the edge is dead;
  /// otherwise it goes through the account. `budget` bounds the live adjacency entries examined;
  /// when it ends before every shorter length is excluded the answer is 0, truncated.
  ///
  /// *Traps* when the link's plan does not need adjacency.
  @inline(never)
  mutating func cycleLength(
    link: Int, account: UInt32, maxHops: Int, clock: Int64, edge: (from: UInt32, to: UInt32)?,
    budget: Int = Limits.traversalEdges
  ) -> SignalValue {
    precondition(links[link].needsAdjacency, "no adjacency of this link is kept")
    var bounds = SearchBounds(
      liveAfter: edges[link].liveAfter(clock: clock), maxHops: maxHops, budget: budget)
    return Self.cycle(&search, in: edges, link, account, edge, &bounds)
  }

  /// Whether no edge leads on from where an edge ends that the event made, so that no cycle goes
  /// through it, and `account` is one of its ends. From most accounts that just came none does.
  @inline(__always)
  func leadsNowhere(
    link: Int, _ edge: (from: UInt32, to: UInt32), for account: UInt32
  ) -> Bool {
    edges[link].isDirected && edge.from != edge.to
      && (account == edge.from || account == edge.to) && edges[link].isEmpty(of: edge.to, .out)
  }

  // Borrowing an element of `edges` counts as reading all of self, which must not overlap a change
  // of `search`; passed apart they do not.
  private static func cycle(
    _ search: inout CycleSearch, in edges: borrowing FixedArray<EdgeStore>, _ link: Int,
    _ account: UInt32, _ edge: (from: UInt32, to: UInt32)?, _ bounds: inout SearchBounds
  ) -> SignalValue {
    if let edge, account == edge.from || account == edge.to {
      return search.cycle(through: edge, in: edges[link], &bounds)
    }
    return search.cycle(through: account, in: edges[link], &bounds)
  }

  /// The accounts of the cycle that the last `cycleLength` found, in its direction, each once;
  /// empty when it found none. A cycle through an edge begins with the account the edge leaves.
  ///
  /// Valid until the next call of `cycleLength`.
  func cycleWitness() -> [UInt32] { search.witness() }
}

extension AccountGraph {
  /// The state as a snapshot carries it; scratch of searches and rebuilds is none of it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(identifiers.count)
    for place in identifiers.indices { try identifiers[place].transfer(&archive) }
    try archive.expect(links.count)
    for link in links.indices {
      try forests[link].transfer(&archive)
      try edges[link].transfer(&archive)
      try windowed[link].transfer(&archive)
      try firstEdges[link].transfer(&archive)
      try referrals[link].transfer(&archive)
    }
    try labels.transfer(&archive)
    try nearby.transfer(&archive)
    try pool.transfer(&archive)
    if archive.isReading { for entity in heads.indices { try heads[entity].measure(pool) } }
    try archive.transfer(&clock)
  }
}
