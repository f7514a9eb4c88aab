import Program

/// A question to the graph that is a few numbers: most events ask several, and each time one that
/// may hold an array is copied takes longer than its answer.
enum PlainQuestion: BitwiseCopyable, Sendable {
  case cycleLength(link: Int32, maxHops: Int)
  /// Without a greatest number of accounts, of as many as there can be.
  case componentSize(link: Int32, maxNodes: Int)
  case componentCount(link: Int32, label: Int32)
  case componentGrowth(link: Int32, microseconds: Int64)
  case sharesCluster(link: Int32)
  case degree(link: Int32)
  case common(identifier: Int32)
  case isHub(identifier: Int32)
  case depth(link: Int32, maxHops: Int)
  case fanOut(link: Int32)
  case subtreeSize(link: Int32, maxHops: Int)
  case hopsTo(link: Int32, label: Int32, maxHops: Int)
  /// How many accounts ever used a value, which a lifetime of an identifier asks: see `LinkedUses`.
  case userCount(identifier: Int32)

  // What some of them are once a graph has looked up what it can, see `AccountGraph.resolved`.

  /// The size of a component that is kept for ever.
  case lifetimeSize(link: Int32, maxNodes: Int)
  /// Whether two accounts are in one component that is kept for ever.
  case lifetimeTogether(link: Int32)
  /// At most two steps to a label that is counted ahead, over values without times; `owner` is the
  /// entity of the accounts.
  case hopsToNear(link: Int32, search: Int32, owner: Int32, maxHops: Int32)

  /// The same question; nil when it names a list, or asks what edge the event made.
  init?(_ question: GraphQuestion) {
    switch question {
    case .collapsedCycleLength, .commonCount: return nil
    case .componentCount(let link, let label):
      self = .componentCount(link: Int32(link), label: Int32(label))
    case .componentGrowth(let link, let microseconds):
      self = .componentGrowth(link: Int32(link), microseconds: microseconds)
    case .sharesCluster(let link): self = .sharesCluster(link: Int32(link))
    case .degree(let link): self = .degree(link: Int32(link))
    case .common(let identifier): self = .common(identifier: Int32(identifier))
    case .isHub(let identifier): self = .isHub(identifier: Int32(identifier))
    case .depth(let link, let maxHops):
      self = .depth(link: Int32(link), maxHops: maxHops)
    case .fanOut(let link): self = .fanOut(link: Int32(link))
    case .subtreeSize(let link, let maxHops):
      self = .subtreeSize(link: Int32(link), maxHops: maxHops)
    case .hopsTo(let link, let label, let maxHops):
      self = .hopsTo(link: Int32(link), label: Int32(label), maxHops: maxHops)
    }
  }
}
