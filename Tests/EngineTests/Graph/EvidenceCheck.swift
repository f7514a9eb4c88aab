import Program

@testable import Engine

/// Whether evidence is true in the plain graph, tie by tie, and shows the answer it stands beside.
struct EvidenceCheck {
  let plain: PlainGraph
  let question: GraphQuestion
  let key: UInt32
  let other: UInt32
  let value: Int

  /// What is wrong with it; nil when it shows the value.
  func fault(_ evidence: TieList) -> String? {
    if !evidence.isComplete { return "incomplete in a graph of sixteen" }
    for tie in evidence.ties where !isTrue(tie) { return "\(tie) is not so" }
    return shows(evidence.ties) ? nil : "\(evidence.ties) does not show \(value)"
  }

  private func isTrue(_ tie: AccountTie) -> Bool {
    switch tie.kind {
    case .edge(let link):
      switch question {
      case .depth, .fanOut, .subtreeSize: return plain.parents[link][tie.to] == tie.from
      default: break
      }
      let live = plain.liveEdges(link)
      return live.contains(.init(first: tie.from, second: tie.to))
        || !plain.isDirected(link) && live.contains(.init(first: tie.to, second: tie.from))
    case .shared(let identifier, let value):
      let links = [question.link, question.componentLink].compactMap(\.self).filter {
        if case .identifiers = plain.links[$0].source { true } else { false }
      }
      let window =
        links.isEmpty
        ? plain.retentions[identifier] : plain.links[links[links.count - 1]].windowMicroseconds
      let cutoff = window.map { plain.clock - $0 } ?? .min
      return [tie.from, tie.to].allSatisfy {
        (plain.uses[identifier][.init(first: $0, second: value)] ?? .min) > cutoff
      }
    case .hub(let identifier, let value): return plain.isHub(identifier, value)
    case .label(let label): return plain.carries(tie.from, label)
    }
  }

  private func shows(_ ties: [AccountTie]) -> Bool {
    let between = ties.filter { !$0.isLabel }
    let accounts = Set(between.flatMap { [$0.from, $0.to] }).union([key])
    switch question {
    case .collapsedCycleLength(let link, _, _):
      guard value > 0 else { return ties.isEmpty }
      return isWalk(between, closed: true)
        && ties.filter { $0.kind == .edge(link: link) }.count == value
    case .componentCount:
      let labelled = Set(ties.filter(\.isLabel).map(\.from))
      return labelled.count == value && labelled.isSubset(of: accounts) && isTree(between)
    case .componentGrowth(let link, let window):
      let recent = accounts.filter {
        (plain.firstEdges[link][$0] ?? .min) > plain.clock - window
      }
      return recent.count == value && isTree(between)
    case .sharesCluster:
      guard value > 0, key != other else { return ties.isEmpty }
      return isWalk(between, closed: false) && accounts.contains(other)
    case .degree: return accounts.count - 1 == value && ties.count == value
    case .common: return value > 0 ? !ties.isEmpty : ties.isEmpty
    case .commonCount: return ties.count == value
    case .isHub: return ties.count == value
    case .depth, .fanOut: return ties.count == value
    case .subtreeSize: return ties.count + 1 == value
    case .hopsTo(_, _, let maxHops):
      guard value <= maxHops else { return ties.isEmpty }
      return between.count == value && ties.count == value + 1 && isWalk(between, closed: false)
    }
  }

  /// Whether ties lead on from one to the next, edges of directed links along their arrow.
  private func isWalk(_ ties: [AccountTie], closed: Bool) -> Bool {
    guard let first = ties.first else { return true }
    return [first.from, first.to].contains { start in
      var account = start
      for tie in ties {
        if tie.from == account {
          account = tie.to
        } else if tie.to == account && !(closed && isArrow(tie)) {
          account = tie.from
        } else {
          return false
        }
      }
      return closed ? account == start : start == key
    }
  }

  private func isArrow(_ tie: AccountTie) -> Bool {
    if case .edge(let link) = tie.kind { plain.isDirected(link) } else { false }
  }

  /// Whether each tie hangs on what came before it, the key first.
  private func isTree(_ ties: [AccountTie]) -> Bool {
    var reached: Set<UInt32> = [key]
    for tie in ties {
      guard reached.contains(tie.from) != reached.contains(tie.to) else { return false }
      reached.formUnion([tie.from, tie.to])
    }
    return true
  }
}

extension AccountTie {
  var isLabel: Bool {
    if case .label = kind { true } else { false }
  }
}
