import Explanation
import Expressions
import Scenarios

/// How the parts of conditions came out, as a page that stands alone: what no test has shown, and
/// the rule files with each part marked.
struct CoveragePage {
  /// A place in the rules that conditions share, with what all of them saw.
  private struct Spot {
    var span: SourceSpan
    var parts: [ConditionCoverage.Part]
  }

  private let coverage: ConditionCoverage
  private let language: Language
  private let spots: [Spot]

  init(_ coverage: ConditionCoverage, _ language: Language) {
    self.coverage = coverage
    self.language = language
    var places: [SourceSpan: Int] = [:]
    var spots: [Spot] = []
    for part in coverage.parts {
      if let place = places[part.span] {
        spots[place].parts.append(part)
      } else {
        places[part.span] = spots.count
        spots.append(Spot(span: part.span, parts: [part]))
      }
    }
    self.spots = spots
  }

  private func say(_ english: String, _ spanish: String) -> String {
    language == .english ? english : spanish
  }

  var html: String {
    let title = say("What the tests show", "Lo que muestran las pruebas")
    let seen = coverage.seen
    let sentence = say(
      "\(seen.count) of \(seen.of) outcomes of conditions were seen",
      "Se vieron \(seen.count) de \(seen.of) resultados de condiciones")
    var text = """
      <!DOCTYPE html>
      <html lang="\(language.rawValue)" xmlns="http://www.w3.org/1999/xhtml"><head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <title>\(title) · Sabueso</title>
      <style>
      \(PageStyle.sheet)\(CoveragePage.sheet)</style>
      </head><body><main>
      <h1>\(title)</h1>
      <p>\(sentence): <b>\(CoverageText.share(seen))</b></p>

      """
    text += gaps + legend
    for file in Set(spots.map(\.span.file)).sorted() { text += section(file) }
    return text + "</main></body></html>\n"
  }

  private static let sheet = """
    pre { overflow-x: auto; font: .85rem/1.6 ui-monospace, monospace; padding: .6rem 1rem;
      border: 1px solid var(--line); border-radius: .6rem; counter-reset: line; }
    pre .line::before { counter-increment: line; content: counter(line); display: inline-block;
      width: 3ch; margin-right: 2ch; text-align: right; color: var(--soft); user-select: none; }
    mark { color: inherit; border-radius: .2em; padding: .1em 0; border-bottom: 2px solid; }
    mark:target { outline: 2px solid var(--blue); outline-offset: 2px; }
    mark.all { background: #2da44e33; border-color: var(--good); }
    mark.some { background: #d4a72c44; border-bottom: 2px dashed var(--amber); }
    mark.none { background: #cf222e33; border-bottom: 3px double var(--bad); }
    a { color: var(--blue); }
    table.gaps td:first-child { white-space: nowrap; } ul { margin: 0; padding-left: 1.1rem; }
    table.gaps { margin: .6rem 0; } .ways { color: var(--amber); }

    """

  // MARK: What is not shown

  private var gaps: String {
    var rules: [String] = []
    for part in coverage.parts where rules.last != part.rule { rules.append(part.rule) }
    var rows = ""
    var complete = 0
    for rule in rules {
      let parts = coverage.parts.filter { $0.rule == rule }
      let open = parts.filter { !CoverageText.gaps(part: $0, language).isEmpty }
      guard !open.isEmpty else {
        complete += 1
        continue
      }
      let seen = parts.map(\.seen).reduce((0, 0)) { ($0.0 + $1.count, $0.1 + $1.of) }
      rows += "<tr><td><code>\(MarkupText.escaped(rule))</code></td>"
      rows += "<td class=\"number\">\(seen.0) / \(seen.1)</td><td><ul>"
      for part in open {
        let ways = CoverageText.gaps(part: part, language).joined(separator: ", ")
        rows += "<li><a href=\"#\(anchor(part.span))\"><code>"
        rows += "\(MarkupText.escaped(CoverageText.source(part, coverage)))</code></a>: "
        rows += "<span class=\"ways\">\(ways)</span></li>"
      }
      rows += "</ul></td></tr>\n"
    }
    let whole = say(
      "\(complete) of \(rules.count) rules were seen in every way they can come out.",
      "\(complete) de \(rules.count) reglas se vieron de todas las formas en que pueden resultar.")
    guard !rows.isEmpty else { return "<p>\(whole)</p>\n" }
    let heading = say("What no test shows", "Lo que ninguna prueba muestra")
    let columns = [say("rule", "regla"), say("seen", "visto"), say("not seen", "no visto")]
    return """
      <h2>\(heading)</h2>
      <p>\(whole)</p>
      <div class="wide"><table class="gaps"><thead><tr><th scope="col">\(columns[0])</th>\
      <th scope="col" class="number">\(columns[1])</th><th scope="col">\(columns[2])</th></tr></thead>
      <tbody>
      \(rows)</tbody></table></div>

      """
  }

  // MARK: The files

  private var legend: String {
    """
    <h2>\(say("The rules", "Las reglas"))</h2>
    <p class="note">\(say("Seen of a condition:", "De una condición se vieron:"))
    <mark class="all">\(say("every outcome", "todos los resultados"))</mark>
    <mark class="some">\(say("some", "algunos"))</mark>
    <mark class="none">\(say("none", "ninguno"))</mark>.
    \(say("Point at one for its counts.", "Apunta a una para ver sus cuentas."))</p>

    """
  }

  private func anchor(_ span: SourceSpan) -> String { "c\(span.file)-\(span.start)-\(span.end)" }

  private func section(_ file: Int) -> String {
    let source = coverage.sources.files[file]
    let inFile = spots.filter { $0.span.file == file }
      .sorted { ($0.span.start, -$0.span.end) < ($1.span.start, -$1.span.end) }
    var marked = ""
    var offset = 0
    // What a macro repeats overlaps, and is marked once.
    for spot in inFile where spot.span.start >= offset {
      marked += plain(source, offset..<spot.span.start) + opening(spot)
      marked += plain(source, spot.span.start..<spot.span.end) + "</mark>"
      offset = spot.span.end
    }
    marked += plain(source, offset..<source.bytes.count)
    if marked.hasSuffix("\n") { marked.removeLast() }
    let lines = marked.split(separator: "\n", omittingEmptySubsequences: false)
      .map { "<span class=\"line\"></span>\($0)" }
    return "<h2><code>\(MarkupText.escaped(source.path))</code></h2>\n"
      + "<pre tabindex=\"0\">\(lines.joined(separator: "\n"))</pre>\n"
  }

  private func opening(_ spot: Spot) -> String {
    let seen = spot.parts.map(\.seen).reduce((0, 0)) { ($0.0 + $1.count, $0.1 + $1.of) }
    let kind = seen.0 == seen.1 ? "all" : seen.0 == 0 ? "none" : "some"
    let titles = spot.parts.map { "\($0.rule): \(counts($0))" }.joined(separator: "; ")
    return "<mark class=\"\(kind)\" id=\"\(anchor(spot.span))\" "
      + "title=\"\(MarkupText.escaped(titles))\">"
  }

  private func plain(_ source: SourceFile, _ range: Range<Int>) -> String {
    MarkupText.escaped(source.text(range)).replacing("&#10;", with: "\n")
  }

  private func counts(_ part: ConditionCoverage.Part) -> String {
    var counts = [
      "\(say("true", "verdadera")) \(part.trueCount)",
      "\(say("false", "falsa")) \(part.falseCount)",
    ]
    if part.mayBeMissing { counts.append("\(say("missing", "faltan datos")) \(part.missingCount)") }
    return counts.joined(separator: ", ")
  }
}
