/// A question about the graph of accounts beyond cycles and sizes. Links are positions in
/// `CheckedRules.links`, identifiers in `Schema.identifiers`.
public enum CheckedGraph: Hashable, Sendable {
  /// `cycle_length(L, of: x, max_hops: n, collapse: K)`
  case collapsedCycleLength(link: Int, collapse: Int, maxHops: Int)
  /// `component_count(L, of: x, label: "…")`
  case componentCount(link: Int, label: String)
  /// `component_growth(L, of: x, over: D)`
  case componentGrowth(link: Int, microseconds: Int64)
  /// `shares_cluster(L, a, b)`
  case sharesCluster(link: Int)
  /// `degree(L, of: x)`
  case degree(link: Int)
  /// `common(a, b, "device")`
  case common(identifier: Int)
  /// `common_count(a, b, ["device", "phone"])`
  case commonCount(identifiers: [Int])
  /// `is_hub(device)`
  case isHub(identifier: Int)
  /// `depth(L, of: x, max_hops: n)`
  case depth(link: Int, maxHops: Int)
  /// `fan_out(L, of: x)`
  case fanOut(link: Int)
  /// `subtree_size(L, of: x, max_hops: n)`
  case subtreeSize(link: Int, maxHops: Int)
  /// `hops_to(L, of: x, label: "…", max_hops: n)`
  case hopsTo(link: Int, label: String, maxHops: Int)

  /// The link it is asked of; nil when it is asked of identifiers.
  var link: Int? {
    switch self {
    case .collapsedCycleLength(let link, _, _), .componentCount(let link, _),
      .componentGrowth(let link, _), .sharesCluster(let link), .degree(let link),
      .depth(let link, _), .fanOut(let link), .subtreeSize(let link, _), .hopsTo(let link, _, _):
      link
    case .common, .commonCount, .isHub: nil
    }
  }

  /// The label it looks for.
  public var label: String? {
    switch self {
    case .componentCount(_, let label), .hopsTo(_, let label, _): label
    default: nil
    }
  }
}
