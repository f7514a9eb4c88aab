import Expressions
import Scenarios

/// How the parts of conditions came out, for people.
enum CoverageText {
  private static let gaps: [(has: @Sendable (ConditionCoverage.Part) -> Bool, word: Phrase)] = [
    ({ $0.trueCount == 0 }, Phrase("never true", es: "nunca verdadera")),
    ({ $0.falseCount == 0 }, Phrase("never false", es: "nunca falsa")),
    (
      { $0.mayBeMissing && $0.missingCount == 0 },
      Phrase("never missing", es: "nunca con datos faltantes")
    ),
  ]

  /// The ways a part can come out that no test has shown.
  static func gaps(part: ConditionCoverage.Part, _ language: Language) -> [String] {
    gaps.filter { $0.has(part) }.map { $0.word.text(in: language) }
  }

  /// What no test has shown, and the share of what there is.
  static func table(_ coverage: ConditionCoverage, _ language: Language) -> String {
    var text = ""
    for part in coverage.parts {
      let missing = gaps(part: part, language)
      if missing.isEmpty { continue }
      text += "\(place(part, coverage)): \(source(part, coverage))\n"
      text += "  \(part.rule): \(missing.joined(separator: ", "))\n"
    }
    let seen = coverage.seen
    let words =
      language == .english
      ? "outcomes of conditions seen" : "resultados de condiciones vistos"
    return text + "\(words): \(seen.count) / \(seen.of) (\(share(seen)))\n"
  }

  /// `92.3 %`
  static func share(_ part: (count: Int, of: Int)) -> String {
    guard part.of > 0 else { return "100 %" }
    let tenths = part.count * 1_000 / part.of
    return "\(tenths / 10).\(tenths % 10) %"
  }

  private static func place(
    _ part: ConditionCoverage.Part, _ coverage: ConditionCoverage
  ) -> String {
    let source = coverage.sources.files[part.span.file]
    let (line, column) = source.position(of: part.span.start)
    return "\(source.path):\(line):\(column)"
  }

  /// A part as written, on one line.
  static func source(
    _ part: ConditionCoverage.Part, _ coverage: ConditionCoverage
  ) -> String {
    coverage.sources.text(part.span).split(separator: "\n")
      .map { $0.trimmingPrefix { $0 == " " } }.joined(separator: " ")
  }
}
