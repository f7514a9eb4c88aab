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
      text +=
        "  \(right(money(ring.dearest?.asked), 18))  \(kinds(ring).padded(to: 26))  \(outcomes(ring))\n"
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
    let name = ring.name.shown
    var text = say(
      "A ring of \(count) accounts, each leading back to every other; \(name) was seen first",
      "Un anillo de \(count) cuentas que llevan unas a otras; \(name) se vio primero")
    text += "\n"
    for decided in ring.decided {
      let count = NumberText.grouped(decided.asked.count)
      let money = decided.asked.amounts.isEmpty ? "" : " \(money(decided.asked))"
      text += say(
        "\nDecided by \(decided.policy): \(count)\(money.isEmpty ? "" : ", asking for\(money)")",
        "\nDecidido por \(decided.policy): \(count)\(money.isEmpty ? "" : ", por\(money)")")
      text += "\n" + outcomeLines(decided)
    }
    if !ring.shares.isEmpty {
      text += "\n\(say("What they share", "Lo que comparten")):\n"
      for share in ring.shares {
        let users = share.accounts.map { ring.accounts[$0].name.shown }
        let of = say("\(users.count) of \(count)", "\(users.count) de \(count)")
        text += "  \(share.identifier) \(share.value.shown), \(of): "
        text += "\(users.joined(separator: ", "))\n"
      }
    }
    for link in links(ring) {
      let isDirected = ring.edges.contains { $0.link == link && $0.isDirected }
      text += "\n" + (isDirected ? say("\(link) (from → to)", "\(link) (de → a)") : link) + ":\n"
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

  private static func money(_ tally: MoneyTally?) -> String {
    let amounts = (tally?.amounts ?? []).sorted { $0.unit < $1.unit }
    if amounts.isEmpty { return "–" }
    return amounts.map { "\(NumberText.grouped($0.amount)) \($0.unit)" }.joined(separator: ", ")
  }

  /// What one policy decided, most often first.
  private static func ranked(_ decided: Ring.Decided) -> [(name: String, tally: MoneyTally)] {
    decided.outcomes.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
      .map { ($0.key, $0.value) }
  }

  /// `reward_grant: block 7, grant 2 · loan_outcome: keep 3`
  private static func outcomes(_ ring: Ring) -> String {
    ring.decided.map { decided in
      "\(decided.policy): "
        + ranked(decided).map { "\($0.name) \(NumberText.grouped($0.tally.count))" }
        .joined(separator: ", ")
    }.joined(separator: " · ")
  }

  /// One line an outcome: how often, and how much was asked for.
  private static func outcomeLines(_ decided: Ring.Decided) -> String {
    let lines = ranked(decided)
    let width = lines.map(\.name.count).max() ?? 0
    let counts = lines.map { NumberText.grouped($0.tally.count) }
    let digits = counts.map(\.count).max() ?? 0
    return zip(lines, counts).map { line, count in
      let asked = line.tally.amounts.isEmpty ? "" : "  \(money(line.tally))"
      return "  \(line.name.padded(to: width))  \(right(count, digits))\(asked)\n"
    }.joined()
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
