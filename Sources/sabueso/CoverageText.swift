import Explanation
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

  /// What no test has shown, and the share of what there is.
  static func table(_ coverage: ConditionCoverage, _ language: Language) -> String {
    var text = ""
    for part in coverage.parts {
      let missing = gaps.filter { $0.has(part) }.map { $0.word.text(in: language) }
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

  private static func source(
    _ part: ConditionCoverage.Part, _ coverage: ConditionCoverage
  ) -> String {
    coverage.sources.text(part.span).split(separator: "\n")
      .map { $0.trimmingPrefix { $0 == " " } }.joined(separator: " ")
  }

  // MARK: A page

  /// A page that stands alone, with the rule files and each part marked.
  static func page(_ coverage: ConditionCoverage, _ language: Language) -> String {
    let isEnglish = language == .english
    let title = isEnglish ? "What the tests show" : "Lo que muestran las pruebas"
    var text = """
      <!doctype html>
      <html lang="\(language.rawValue)"><head><meta charset="utf-8"><title>\(title)</title>
      <meta name="viewport" content="width=device-width, initial-scale=1"><style>
      :root { color-scheme: light dark; font-family: system-ui, sans-serif; }
      body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
      pre { overflow-x: auto; line-height: 1.5; padding: 1rem; border: 1px solid #8884; }
      mark { color: inherit; padding: .1em 0; border-radius: .2em; }
      .all { background: #2da44e44; } .some { background: #d4a72c66; } .none { background: #cf222e55; }
      td, th { text-align: left; padding: .2rem 1rem .2rem 0; }
      </style></head><body><h1>\(title)</h1>
      <p>\(table(coverage, language).split(separator: "\n").last ?? "")</p>
      <p><mark class="all">\(isEnglish ? "every outcome" : "todos los resultados")</mark>
      <mark class="some">\(isEnglish ? "some" : "algunos")</mark>
      <mark class="none">\(isEnglish ? "none" : "ninguno")</mark></p>

      """
    let files = Set(coverage.parts.map(\.span.file)).sorted()
    for file in files { text += section(file, coverage, language) }
    return text + "</body></html>\n"
  }

  private static func section(
    _ file: Int, _ coverage: ConditionCoverage, _ language: Language
  ) -> String {
    let source = coverage.sources.files[file]
    let parts = coverage.parts.filter { $0.span.file == file }
      .sorted { $0.span.start < $1.span.start }
    var text = "<h2>\(MarkupText.escaped(source.path))</h2>\n<pre>"
    var offset = 0
    for part in parts where part.span.start >= offset {
      text += plain(source, offset..<part.span.start)
      let seen = part.seen
      let kind = seen.count == seen.of ? "all" : seen.count == 0 ? "none" : "some"
      text += "<mark class=\"\(kind)\" title=\"\(counts(part, language))\">"
      text += plain(source, part.span.start..<part.span.end) + "</mark>"
      offset = part.span.end
    }
    return text + plain(source, offset..<source.bytes.count) + "</pre>\n"
  }

  private static func plain(_ source: SourceFile, _ range: Range<Int>) -> String {
    MarkupText.escaped(source.text(range)).replacing("&#10;", with: "\n")
  }

  private static func counts(_ part: ConditionCoverage.Part, _ language: Language) -> String {
    let words =
      language == .english ? ["true", "false", "missing"] : ["verdadera", "falsa", "faltan datos"]
    var counts = ["\(words[0]) \(part.trueCount)", "\(words[1]) \(part.falseCount)"]
    if part.mayBeMissing { counts.append("\(words[2]) \(part.missingCount)") }
    return counts.joined(separator: ", ")
  }
}
