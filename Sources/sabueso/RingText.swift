import Expressions
import Model
import Replay

/// Rings in the words of one language.
enum RingText {
  /// One line a ring.
  static func table(_ rings: [Ring], limit: Int, _ language: Language) -> String {
    guard !rings.isEmpty else {
      return language == .english ? "there are no rings\n" : "no hay anillos\n"
    }
    let shown = rings.prefix(limit)
    let names = shown.map(\.name.shown)
    let width = max(names.map(\.count).max() ?? 0, 8)
    let head =
      language == .english
      ? ("ring of", "accounts", "asked for", "shares", "decided")
      : ("anillo de", "cuentas", "pedido", "comparten", "decidido")
    var text = "\(head.0.padded(to: width))  \(head.1)  \(right(head.2, 18))  "
    text += "\(head.3.padded(to: 26))  \(head.4)\n"
    for (name, ring) in zip(names, shown) {
      text += "\(name.padded(to: width))  \(right(NumberText.grouped(ring.accounts.count), 8))"
      text += "  \(right(money(ring), 18))  \(kinds(ring).padded(to: 26))  \(outcomes(ring))\n"
    }
    if rings.count > limit {
      let more = NumberText.grouped(rings.count - limit)
      text += language == .english ? "… and \(more) more\n" : "… y \(more) más\n"
    }
    return text
  }

  /// Who shares what with whom, who brought whom, what it asked for.
  static func story(_ ring: Ring, _ language: Language) -> String {
    func say(_ english: String, _ spanish: String) -> String {
      language == .english ? english : spanish
    }
    let count = NumberText.grouped(ring.accounts.count)
    var text = say(
      "Ring of \(ring.name.shown): \(count) accounts that lead back to each other",
      "Anillo de \(ring.name.shown): \(count) cuentas que llevan unas a otras")
    text += "\n"
    if ring.asked.count > 0 {
      let decisions = NumberText.counted(ring.asked.count, "decision")
      text += say(
        "Asked for \(money(ring)) in \(decisions): \(outcomes(ring))",
        "Pidieron \(money(ring)) en \(NumberText.grouped(ring.asked.count)) decisiones: "
          + outcomes(ring))
      text += "\n"
    }
    if !ring.shares.isEmpty {
      text += "\n\(say("What they share", "Lo que comparten")):\n"
      for share in ring.shares {
        let users = share.accounts.map { ring.accounts[$0].name.shown }
        text += "  \(share.identifier) \(share.value.shown): \(users.joined(separator: ", "))\n"
      }
    }
    for link in links(ring) {
      text += "\n\(link):\n"
      for edge in ring.edges where edge.link == link {
        let arrow = edge.isDirected ? "→" : "—"
        text += "  \(ring.accounts[edge.from].name.shown) \(arrow) "
        text += "\(ring.accounts[edge.to].name.shown)\n"
      }
    }
    let labelled = ring.accounts.filter { !$0.labels.isEmpty }
    if !labelled.isEmpty {
      text += "\n\(say("Labels", "Marcas")):\n"
      for account in labelled {
        text += "  \(account.name.shown): \(account.labels.joined(separator: ", "))\n"
      }
    }
    if !ring.isComplete { text += "\n\(say("Not all is shown.", "No se muestra todo."))\n" }
    return text + "\n"
  }

  private static func links(_ ring: Ring) -> [String] {
    ring.edges.map(\.link).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// `device 2, payout 1, referred 3`
  private static func kinds(_ ring: Ring) -> String {
    var counts: [(name: String, count: Int)] = []
    for name in ring.shares.map(\.identifier) + ring.edges.map(\.link) {
      if let place = counts.firstIndex(where: { $0.name == name }) {
        counts[place].count += 1
      } else {
        counts.append((name, 1))
      }
    }
    return counts.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
  }

  private static func money(_ ring: Ring) -> String {
    let amounts = ring.asked.amounts.sorted { $0.unit < $1.unit }
    if amounts.isEmpty { return "–" }
    return amounts.map { "\(NumberText.grouped($0.amount)) \($0.unit)" }.joined(separator: ", ")
  }

  private static func outcomes(_ ring: Ring) -> String {
    ring.outcomes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.key) \(NumberText.grouped($0.value))" }.joined(separator: ", ")
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
