import FraudWorld
import Model

/// An evaluation, for people.
enum EvaluationText {
  static func text(_ report: EvaluationReport) -> String {
    var text = ""
    for policy in report.policies { text += part(policy) + rules(report, policy) }
    text += "\n\(NumberText.counted(report.compared, "decision")) compared with the truth"
    if report.unknown > 0 {
      text += ", \(NumberText.grouped(report.unknown)) the truth does not know"
    }
    if report.undecided > 0 {
      text += ", \(NumberText.counted(report.undecided, "truth")) without a decision"
    }
    return text + "\n"
  }

  // MARK: A policy

  private static func part(_ policy: EvaluationReport.PolicyPart) -> String {
    var text = "\n\(policy.name): stopped is \(policy.stopsFrom) or harder\n\n"
    var table = TextTable(["", "decisions", "stopped", "", "", "MXN", "MXN stopped", "", ""])
    for isHonest in [false, true] {
      for line in policy.stories where line.isHonest == isHonest {
        table.add(row(line.story, line.stopped))
      }
      table.add([])
    }
    text += table.text
    text += totals(policy)
    text += outcomes(policy)
    return text
  }

  private static func row(_ name: String, _ share: EvaluationReport.Share) -> [String] {
    [
      name, NumberText.grouped(share.count), NumberText.grouped(share.hits),
      percent(share.interval), range(share.interval), money(share.cents), money(share.hitCents),
      percent(share.moneyInterval), range(share.moneyInterval),
    ]
  }

  private static func totals(_ policy: EvaluationReport.PolicyPart) -> String {
    var table = TextTable(["", "", "of", "", "", "MXN", "of MXN", "", ""])
    for (name, share) in [("precision", policy.precision), ("recall", policy.recall)] {
      table.add([
        name, NumberText.grouped(share.hits), NumberText.grouped(share.count),
        percent(share.interval), range(share.interval), money(share.hitCents), money(share.cents),
        percent(share.moneyInterval), range(share.moneyInterval),
      ])
    }
    var text = table.text
    text += "\nMXN saved: \(money(policy.recall.hitCents)) stopped"
    if policy.reclaimedCents > 0 {
      let caught = policy.recall.hitCents + policy.reclaimedCents
      text += " and \(money(policy.reclaimedCents)) taken back later, together "
      text += "\(percent(Double(caught) / Double(max(1, policy.recall.cents)))) of the fraud"
    }
    let kept = policy.precision.cents - policy.precision.hitCents
    text += "; \(money(kept)) kept from honest people"
    if policy.wronglyReclaimedCents > 0 {
      text += ", \(money(policy.wronglyReclaimedCents)) wrongly taken back"
    }
    text += "\nhonest people harmed: "
    text += "\(NumberText.grouped(policy.honestRefused.hits)) of "
    text += "\(NumberText.grouped(policy.honestRefused.count)) refused for good "
    text += "(\(percent(policy.honestRefused.interval)) \(range(policy.honestRefused.interval))), "
    text += "\(NumberText.grouped(policy.honestStopped.hits)) stopped at least once "
    text += "(\(percent(policy.honestStopped.interval)) \(range(policy.honestStopped.interval)))\n"
    return text
  }

  private static func outcomes(_ policy: EvaluationReport.PolicyPart) -> String {
    var table = TextTable([""] + policy.outcomes)
    for line in policy.stories {
      table.add([line.story] + line.outcomes.map(NumberText.grouped))
    }
    return "\n" + table.text
  }

  private static func rules(
    _ report: EvaluationReport, _ policy: EvaluationReport.PolicyPart
  ) -> String {
    var table = TextTable(["rule", "fired", "on fraud", "", "", "alone", "MXN stopped"])
    for rule in report.rules where rule.policy == policy.name {
      let shadow = rule.status == .live ? "" : " (not live)"
      table.add([
        rule.name + shadow, NumberText.grouped(rule.precision.count),
        NumberText.grouped(rule.precision.hits), percent(rule.precision.interval),
        range(rule.precision.interval), NumberText.grouped(rule.alone), money(rule.stoppedCents),
      ])
    }
    return "\n" + table.text
  }

  // MARK: Numbers

  private static func percent(_ interval: Interval?) -> String {
    interval.map { percent($0.share) } ?? ""
  }

  private static func range(_ interval: Interval?) -> String {
    interval.map { "[\(percent($0.low, unit: ""))–\(percent($0.high, unit: ""))]" } ?? ""
  }

  private static func percent(_ share: Double, unit: String = " %") -> String {
    let hundredths = Int((share * 10_000).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)\(unit)"
  }

  private static func money(_ cents: Int64) -> String {
    NumberText.grouped(Int((cents + 50) / 100))
  }
}

/// Columns of text: the first to the left, the others to the right.
struct TextTable {
  private var rows: [[String]]

  init(_ header: [String]) { rows = [header] }

  mutating func add(_ row: [String]) { rows.append(row) }

  var text: String {
    let columns = rows[0].indices
    let widths = columns.map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    var text = ""
    for row in rows {
      var line = ""
      for (column, cell) in row.enumerated() {
        let gap = String(repeating: " ", count: widths[column] - cell.count)
        line += column == 0 ? "  \(cell)\(gap)" : "  \(gap)\(cell)"
      }
      while line.last == " " { line.removeLast() }
      text += line + "\n"
    }
    return text
  }
}
