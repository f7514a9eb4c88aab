import Model
import Replay

/// What a rescoring found, for people.
enum RescoreText {
  static func text(_ report: RescoreReport) -> String {
    var text = "\(NumberText.counted(report.events, "event")), "
    text += "\(NumberText.counted(report.decisions, "decision"))\n"
    text += "as answered: \(report.liveDigest)\n"
    text += "made anew:   \(report.newDigest)\n"
    text += unreadable(report)
    if report.liveDigest == report.newDigest {
      return text + "the log replays to the same decisions, bit for bit\n"
    }
    let changed = report.moves.values.reduce(0) { $0 + $1.count }
    text += "\n\(NumberText.counted(changed, "decision")) would change"
    if report.changedWithin > 0 {
      text += "; \(NumberText.grouped(report.changedWithin)) more only in signals, rules or score"
    }
    text += "\n"
    for (move, tally) in sorted(report.moves) {
      let amounts = tally.amounts.sorted { $0.unit < $1.unit }
        .map { "\(NumberText.grouped($0.amount)) \($0.unit)" }.joined(separator: ", ")
      text += "  \(name(move.from)) → \(name(move.to))".padded(to: 30)
      text += " \(NumberText.grouped(tally.count))".padded(to: 12) + " \(amounts)\n"
    }
    if !report.examples.isEmpty {
      text += "\nfor example\n"
      for example in report.examples {
        text += "  event \(example.sequence), \(example.event)"
        text += example.id.map { " \($0)" } ?? ""
        text += ": \(name(example.move.from)) → \(name(example.move.to))\n"
      }
    }
    return text
  }

  private static func unreadable(_ report: RescoreReport) -> String {
    guard report.unreadableCount > 0 else { return "" }
    var text = "\n\(NumberText.grouped(report.unreadableCount)) events do not fit the new schema\n"
    for line in report.unreadable {
      let place = line.error.pointer.isEmpty ? "" : " at \(line.error.pointer)"
      text +=
        "  event \(line.sequence): \(line.error.code)\(place): \(line.error.detail)\n"
    }
    return text
  }

  private static func name(_ outcome: String?) -> String { outcome ?? "not decided" }

  private static func sorted(
    _ moves: [RescoreReport.Move: MoneyTally]
  ) -> [(RescoreReport.Move, MoneyTally)] {
    moves.sorted {
      ($1.value.count, name($0.key.from), name($0.key.to))
        < ($0.value.count, name($1.key.from), name($1.key.to))
    }.map { ($0.key, $0.value) }
  }
}

extension String {
  /// With spaces behind, to a width in characters.
  func padded(to width: Int) -> String { CommandLineHelp.padded(self, to: width) }
}
