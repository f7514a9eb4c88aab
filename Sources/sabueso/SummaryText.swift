import Engine
import Model
import Replay

/// The summary of a run, for people.
enum SummaryText {
  private static let barWidth = 30

  static func text(_ summary: ScoreSummary, seconds: Double, memory: EngineMemory) -> String {
    var text = "\n"
    for (policy, tallies) in zip(summary.catalog.policies, summary.outcomes) {
      text += outcomes(policy, tallies)
    }
    text += rules(summary)
    let rate = seconds > 0 ? Int(Double(summary.events) / seconds) : 0
    text += "\n\(NumberText.counted(summary.events, "event")) in \(rounded(seconds)) s"
    text += " (\(NumberText.grouped(rate))/s)"
    if summary.repeated > 0 {
      text += ", \(NumberText.counted(summary.repeated, "repeat")) answered again"
    }
    if summary.statistics.lateBeyond > 0 {
      text +=
        ", \(NumberText.grouped(Int(summary.statistics.lateBeyond))) later than their windows wait"
    }
    if summary.statistics.truncatedSignals > 0 {
      text += ", \(NumberText.grouped(Int(summary.statistics.truncatedSignals))) bounded signals"
    }
    text += "; state \(megabytes(memory.total)) MB\n"
    return text
  }

  private static func outcomes(
    _ policy: PolicyDescription, _ tallies: [MoneyTally]
  ) -> String {
    let total = tallies.reduce(0) { $0 + $1.count }
    guard total > 0 else { return "" }
    var text = "\(policy.name): \(NumberText.counted(total, "decision"))\n"
    let name = policy.outcomes.map(\.count).max() ?? 0
    for (outcome, tally) in zip(policy.outcomes, tallies) where tally.count > 0 {
      let filled = max(1, tally.count * barWidth / total)
      let bar = String(repeating: "█", count: filled)
      let amounts = tally.amounts.sorted { $0.unit < $1.unit }
        .map { "\(NumberText.grouped($0.amount)) \($0.unit)" }.joined(separator: ", ")
      text += "  \(CommandLineHelp.padded(outcome, to: name)) "
      text += CommandLineHelp.padded(bar, to: barWidth)
      text +=
        " \(right(NumberText.grouped(tally.count), 9))  \(right(share(tally.count, total), 7))"
      text += "  \(right(amounts, 18))\n"
    }
    return text
  }

  private static func rules(_ summary: ScoreSummary) -> String {
    let (fired, undecided) = (summary.fired, summary.undecided)
    let rows = summary.catalog.rules.indices.map { rule in
      (summary.catalog.rules[rule], fired[rule], undecided[rule])
    }
    guard rows.contains(where: { $0.1 > 0 || $0.2 > 0 }) else { return "" }
    let width = rows.map { $0.0.name.count }.max() ?? 0
    var text = "\nrules\(String(repeating: " ", count: max(0, width - 3)))     fired   no data\n"
    for (rule, fired, undecided) in rows.sorted(by: { $0.1 > $1.1 }) {
      text += "  \(CommandLineHelp.padded(rule.name, to: width))"
      text += " \(right(NumberText.grouped(fired), 9)) \(right(NumberText.grouped(undecided), 9))"
      text += "  \(rule.titleEnglish)\n"
    }
    return text
  }

  private static func share(_ count: Int, _ total: Int) -> String {
    let tenths = (count * 1_000 + total / 2) / total
    return "\(tenths / 10).\(tenths % 10) %"
  }

  private static func rounded(_ seconds: Double) -> String {
    let hundredths = Int((seconds * 100).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }

  private static func megabytes(_ bytes: Int) -> Int { (bytes + (1 << 20) - 1) >> 20 }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
