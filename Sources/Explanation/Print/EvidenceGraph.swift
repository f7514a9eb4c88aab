/// Accounts and values of evidence as a graph with a place for each.
struct EvidenceGraph {
  struct Node: Hashable {
    enum Kind: Hashable {
      case account
      /// A value of this identifier.
      case value(String)
    }

    var kind: Kind
    var name: String
  }

  struct Line: Hashable {
    var from: Int
    var to: Int
    /// The link of an edge, which has an arrow; nil for the use of a value.
    var link: String?
  }

  private(set) var nodes: [Node] = []
  private(set) var lines: [Line] = []
  /// Positions in `nodes` of values that join nobody.
  private(set) var hubs: Set<Int> = []
  /// By position in `nodes`.
  private(set) var labels: [Int: [String]] = [:]
  /// Whole points, from 0; the first node first.
  private(set) var places: [(x: Int, y: Int)] = []

  init(_ evidence: [ExplainedEvidence]) {
    for tie in evidence.flatMap(\.ties) {
      switch tie {
      case .edge(let link, let from, let to):
        add(Line(from: node(.account, from), to: node(.account, to), link: link))
      case .shared(let identifier, let value, let left, let right):
        let value = node(.value(identifier), value)
        for account in [left, right] {
          add(Line(from: node(.account, account), to: value, link: nil))
        }
      case .hub(let identifier, let value): hubs.insert(node(.value(identifier), value))
      case .label(let label, let account):
        let account = node(.account, account)
        if labels[account]?.contains(label) != true { labels[account, default: []].append(label) }
      }
    }
    places = EvidenceLayout.places(count: nodes.count, lines: lines.map { ($0.from, $0.to) })
  }

  private mutating func node(_ kind: Node.Kind, _ name: String) -> Int {
    let node = Node(kind: kind, name: name)
    if let known = nodes.firstIndex(of: node) { return known }
    nodes.append(node)
    return nodes.count - 1
  }

  private mutating func add(_ line: Line) {
    if !lines.contains(line) { lines.append(line) }
  }
}
