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
  var forests: FixedArray<ComponentForest>
  var edges: FixedArray<EdgeStore>
  var pool: AdjacencyPool
  var search: CycleSearch
  /// Accounts a rebuild has reached, each component behind a 0.
  var rebuildQueue: ReservedArray<UInt32>
  /// Number of the last rebuild.
  var rebuilds: UInt32
  let links: [LinkPlan]

  /// Makes an empty graph.
  ///
  /// *Traps* on a plan the compiler does not make: windowed components, cycles or identifiers of
  /// another entity in a link over identifiers.
  init(schema: Schema, links: [LinkPlan]) {
    var linksOfIdentifier = [[Int]](repeating: [], count: schema.identifiers.count)
    for (position, link) in links.enumerated() {
      precondition(
        !link.needsComponents || link.windowMicroseconds == nil, "components over a window")
      guard case .identifiers(let joined) = link.source else { continue }
      precondition(!link.needsAdjacency, "cycles run over event links")
      for identifier in joined where link.needsComponents {
        precondition(schema.identifiers[identifier].entity == link.entity, "of another entity")
        linksOfIdentifier[identifier].append(position)
      }
    }
    identifiers = FixedArray(count: schema.identifiers.count) { position in
      IdentifierStore(
        maxDegree: schema.identifiers[position].maxDegree,
        retentionMicroseconds: schema.identifiers[position].retentionMicroseconds,
        links: linksOfIdentifier[position])
    }
    forests = FixedArray(count: links.count) { position in
      ComponentForest(capacity: links[position].needsComponents ? Reservation.keys : 0)
    }
    edges = FixedArray(count: links.count) { position in
      let link = links[position]
      guard case .event(_, _, _, let directed) = link.source, link.needsAdjacency else {
        return EdgeStore.none
      }
      return EdgeStore(isDirected: directed, windowMicroseconds: link.windowMicroseconds)
    }
    pool = AdjacencyPool()
    search = CycleSearch()
    rebuildQueue = ReservedArray(capacity: 2 * Reservation.keys)
    rebuilds = 0
    self.links = links
  }

  /// Bytes in use for accounts, identifiers and edges; scratch of searches excluded.
  var liveBytes: Int {
    var bytes = pool.liveBytes
    for position in identifiers.indices { bytes += identifiers[position].liveBytes }
    for position in forests.indices {
      bytes += forests[position].liveBytes + edges[position].liveBytes
    }
    return bytes
  }

  // MARK: Components

  /// Accounts in the component of `account`, itself included; truncated above `maxNodes`.
  ///
  /// *Traps* when the link's plan does not need components.
  mutating func componentSize(link: Int, account: UInt32, maxNodes: Int?) -> SignalValue {
    precondition(links[link].needsComponents, "no components of this link are kept")
    let size = account == 0 ? 1 : forests[link].size(of: account)
    guard let maxNodes, size > maxNodes else { return .int(Int64(size)) }
    return .int(Int64(maxNodes), isTruncated: true)
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
    if links[link].needsComponents { forests[link].join(from, to) }
    if links[link].needsAdjacency {
      edges[link].add(from: from, to: to, time: time, sequence: sequence, clock: clock)
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
  mutating func cycleLength(
    link: Int, account: UInt32, maxHops: Int, clock: Int64, edge: (from: UInt32, to: UInt32)?,
    budget: Int = Limits.traversalEdges
  ) -> SignalValue {
    precondition(links[link].needsAdjacency, "no adjacency of this link is kept")
    var bounds = SearchBounds(
      liveAfter: edges[link].liveAfter(clock: clock), maxHops: maxHops, budget: budget)
    return Self.cycle(&search, in: edges, link, account, edge, &bounds)
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
