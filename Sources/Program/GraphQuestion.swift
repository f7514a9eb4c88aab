/// What a signal asks of the graph of accounts, beyond the cycles and sizes of `SignalSource`.
///
/// Links, identifiers and labels are positions in `RuleProgram.links`, `Schema.identifiers` and
/// `RuleProgram.labels`.
public enum GraphQuestion: Hashable, Sendable {
  /// `cycle_length(L, of: x, max_hops: n, collapse: K)`
  case collapsedCycleLength(link: Int, collapse: Int, maxHops: Int)
  /// `component_count(L, of: x, label: "…")`
  case componentCount(link: Int, label: Int)
  /// `component_growth(L, of: x, over: D)`
  case componentGrowth(link: Int, microseconds: Int64)
  /// `shares_cluster(L, a, b)`, a bool.
  case sharesCluster(link: Int)
  /// `degree(L, of: x)`
  case degree(link: Int)
  /// `common(a, b, "device")`, a bool.
  case common(identifier: Int)
  /// `common_count(a, b, ["device", "phone"])`
  case commonCount(identifiers: [Int])
  /// `is_hub(device)`, a bool; its key is an identifier.
  case isHub(identifier: Int)
  /// `depth(L, of: x, max_hops: n)`
  case depth(link: Int, maxHops: Int)
  /// `fan_out(L, of: x)`
  case fanOut(link: Int)
  /// `subtree_size(L, of: x, max_hops: n)`
  case subtreeSize(link: Int, maxHops: Int)
  /// `hops_to(L, of: x, label: "…", max_hops: n)`
  case hopsTo(link: Int, label: Int, maxHops: Int)
}

extension GraphQuestion {
  /// The link it is asked of; nil when it is asked of identifiers.
  public var link: Int? {
    switch self {
    case .collapsedCycleLength(let link, _, _), .componentCount(let link, _),
      .componentGrowth(let link, _), .sharesCluster(let link), .degree(let link),
      .depth(let link, _), .fanOut(let link), .subtreeSize(let link, _), .hopsTo(let link, _, _):
      link
    case .common, .commonCount, .isHub: nil
    }
  }

  /// The identifiers it is asked of itself, not through a link.
  public var identifiers: [Int] {
    switch self {
    case .common(let identifier), .isHub(let identifier): [identifier]
    case .commonCount(let identifiers): identifiers
    default: []
    }
  }

  /// The links whose components must be kept for it.
  public var componentLink: Int? {
    switch self {
    case .collapsedCycleLength(_, let collapse, _): collapse
    case .componentCount(let link, _), .componentGrowth(let link, _), .sharesCluster(let link): link
    default: nil
    }
  }

  /// The links that a traversal walks for it, neighbour by neighbour.
  public var walkedLinks: [Int] {
    switch self {
    case .collapsedCycleLength(let link, let collapse, _): [link, collapse]
    case .degree(let link), .hopsTo(let link, _, _): [link]
    default: []
    }
  }

  /// Keys it is asked with: two accounts, or one account or identifier.
  public var keyCount: Int {
    switch self {
    case .sharesCluster, .common, .commonCount: 2
    default: 1
    }
  }
}

/// What a built-in event says of an account: slots of the event.
public enum AccountEvent: Hashable, Sendable {
  /// A label is given, or taken away when the bool in `removedSlot` is true. The entity is a case
  /// number that is a position in `Schema.entities`.
  case label(entitySlot: Int, keySlot: Int, labelSlot: Int, removedSlot: Int)
  /// The account is removed.
  case erase(entitySlot: Int, keySlot: Int)
}
