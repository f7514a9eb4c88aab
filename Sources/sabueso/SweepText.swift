import Engine
import Expressions
import Model
import Program
import Replay
import RuleLanguage

/// What a sweep found, for people.
struct SweepText {
  private static let barWidth = 16
  private let report: SweepReport
  private let language: Language
  private let reasons: SweepReasons

  static func text(
    _ report: SweepReport, _ program: RuleProgram, _ rules: CheckedRules, _ language: Language
  ) -> String {
    let text = SweepText(
      report: report, language: language, reasons: SweepReasons(program.catalog, language))
    return text.whole(titles: rules.params)
  }

  private func say(_ english: String, _ spanish: String) -> String {
    language == .english ? english : spanish
  }

  private func whole(titles params: [CheckedParam]) -> String {
    let (events, decisions) = (
      NumberText.grouped(report.events), NumberText.grouped(report.decisions)
    )
    var text = say(
      "\(events) events, \(decisions) decisions\n",
      "\(events) eventos, \(decisions) decisiones\n")
    text += unreadable()
    for curve in report.curves {
      let title = params.first { $0.name == curve.param.name }?.title
      text += "\n" + head(curve, title?.text(in: language))
      text += body(curve)
    }
    return text
  }

  private func unreadable() -> String {
    guard report.unreadableCount > 0 else { return "" }
    let count = NumberText.grouped(report.unreadableCount)
    var text = say(
      "\(count) more do not fit the schema of these rules\n",
      "\(count) más no caben en el esquema de estas reglas\n")
    for line in report.unreadable {
      let place = line.error.pointer.isEmpty ? "" : " at \(line.error.pointer)"
      text += "  event \(line.sequence): \(line.error.code)\(place): \(line.error.detail)\n"
    }
    return text
  }

  private func head(_ curve: SweepCurve, _ title: String?) -> String {
    let present = curve.param.values[curve.param.present]
    var text = "\(curve.param.name) = \(present)"
    if let title { text += "  \(title)" }
    return text + "\n  \(reasons.text(curve))\n"
  }

  // MARK: One param

  private func body(_ curve: SweepCurve) -> String {
    var text = ""
    var still: [String] = []
    for (number, policy) in report.policies.enumerated() {
      let parts = curve.points.map { $0.policies[number] }
      guard parts[0].outcomes.contains(where: { $0.count > 0 }) else { continue }
      if parts.contains(where: { $0.changed.count > 0 }) {
        text += table(curve, policy, parts)
      } else {
        still.append(policy.name)
      }
    }
    guard !still.isEmpty else { return text }
    let names = still.joined(separator: ", ")
    return text + "  "
      + say("no value changes a decision of \(names)\n", "ningún valor cambia \(names)\n")
  }

  private func table(
    _ curve: SweepCurve, _ policy: PolicyDescription, _ parts: [SweepPoint.Part]
  ) -> String {
    let outcomes = policy.outcomes.indices.filter { outcome in
      parts.contains { $0.outcomes[outcome].count > 0 }
    }
    let units = Self.units(parts)
    var rows = [
      ["", ""] + outcomes.map { policy.outcomes[$0] }
        + [say("change", "cambian"), say("accounts", "cuentas"), say("money", "dinero"), ""]
    ]
    let most = parts.map(\.changed.count).max() ?? 0
    for (value, part) in parts.enumerated() {
      let isPresent = value == curve.param.present
      rows.append(
        [isPresent ? "→" : " ", curve.param.values[value]]
          + outcomes.map { NumberText.grouped(part.outcomes[$0].count) }
          + (isPresent
            ? [say("now", "hoy"), "", "", ""]
            : [
              NumberText.grouped(part.changed.count), NumberText.grouped(part.accounts),
              Self.amounts(part.changed), Self.bar(part.changed.count, of: most),
            ]))
    }
    var text = "  \(policy.name)\n" + Self.laid(rows)
    for unit in units {
      var rows = [["", ""] + outcomes.map { policy.outcomes[$0] }]
      for (value, part) in parts.enumerated() {
        rows.append(
          [value == curve.param.present ? "→" : " ", curve.param.values[value]]
            + outcomes.map { Self.amount(part.outcomes[$0], unit) })
      }
      text += "  \(policy.name), \(say("\(unit) asked for", "\(unit) pedidos"))\n" + Self.laid(rows)
    }
    return text
  }

  private static func units(_ parts: [SweepPoint.Part]) -> [String] {
    Set(parts.flatMap(\.outcomes).flatMap(\.amounts).map(\.unit)).sorted()
  }

  private static func amount(_ tally: MoneyTally, _ unit: String) -> String {
    tally.amounts.first { $0.unit == unit }.map { NumberText.grouped($0.amount) } ?? "0"
  }

  private static func amounts(_ tally: MoneyTally) -> String {
    tally.amounts.sorted { $0.unit < $1.unit }
      .map { "\(NumberText.grouped($0.amount)) \($0.unit)" }.joined(separator: ", ")
  }

  private static func bar(_ count: Int, of most: Int) -> String {
    guard count > 0 else { return "" }
    return String(repeating: "█", count: max(1, count * barWidth / most))
  }

  /// Columns to the right but for the first and the bar.
  private static func laid(_ rows: [[String]]) -> String {
    var widths = [Int](repeating: 0, count: rows[0].count)
    for row in rows {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        cell.hasPrefix("█")
          ? cell : String(repeating: " ", count: widths[column] - cell.count) + cell
      }
      var line = "  " + cells.joined(separator: "  ")
      while line.hasSuffix(" ") { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}

/// How the values of params were told, in words.
struct SweepReasons {
  private let catalog: DecisionCatalog
  private let language: Language

  init(_ catalog: DecisionCatalog, _ language: Language) {
    self.catalog = catalog
    self.language = language
  }

  func text(_ curve: SweepCurve) -> String {
    guard let reason = reason(curve) else {
      return language == .english
        ? "told by one replay of all values" : "un solo recorrido para todos los valores"
    }
    return language == .english
      ? "told by a replay of each value: \(reason)" : "un recorrido por cada valor: \(reason)"
  }

  /// Why each value took a replay; nil where one told all.
  func reason(_ curve: SweepCurve) -> String? {
    let reason: Phrase
    switch curve.way {
    case .columns: return nil
    case .replays(let refusal): reason = self.reason(refusal)
    case .unanswered:
      reason = Phrase(
        "the log has no answers that signals count",
        es: "al registro le faltan respuestas que las señales cuentan")
    }
    return language == .english ? reason.english : reason.spanish
  }

  private func reason(_ refusal: SweepRefusal) -> Phrase {
    switch refusal {
    case .settled:
      Phrase(
        "it is part of a list, a set or another param",
        es: "forma parte de una lista, un conjunto u otro parámetro")
    case .shapesSignals(let event):
      Phrase(
        "it shapes what signals count on \(catalog.eventNames[event])",
        es: "define lo que las señales cuentan en \(catalog.eventNames[event])")
    case .share(let rule):
      Phrase(
        "rule \(catalog.rules[rule].name) counts on a share of events",
        es: "la regla \(catalog.rules[rule].name) cuenta en una parte de los eventos")
    case .period(let rule):
      Phrase(
        "rule \(catalog.rules[rule].name) holds for a time",
        es: "la regla \(catalog.rules[rule].name) rige por un tiempo")
    case .collected(let event):
      Phrase(
        "it looks through collected values on \(catalog.eventNames[event])",
        es: "recorre valores reunidos en \(catalog.eventNames[event])")
    case .list(let event):
      Phrase(
        "it is looked up in a list from a file on \(catalog.eventNames[event])",
        es: "se busca en una lista de archivo en \(catalog.eventNames[event])")
    }
  }
}
