internal import Expressions

/// The waterfall of a score: what each rule added, and where the bands begin.
struct ScoreDrawing {
  private static let left = 340
  private static let width = 550
  private static let rowHeight = 30
  private static let top = 44

  private let explanation: DecisionExplanation
  private let words: ExplanationWords
  private let most: Int
  /// What added something.
  private let steps: [ExplainedScore.Step]

  init(_ explanation: DecisionExplanation, _ words: ExplanationWords) {
    self.explanation = explanation
    self.words = words
    let score = explanation.score
    steps = score.steps.filter { $0.points > 0 }
    most = max(score.steps.map(\.total).max() ?? 0, score.bands.map(\.threshold).max() ?? 0, 100)
  }

  /// An SVG element.
  var svg: String {
    let score = explanation.score
    let rows = steps.count + 1
    let height = ScoreDrawing.top + rows * ScoreDrawing.rowHeight + 12
    let total = ScoreDrawing.left + ScoreDrawing.width + 90
    let title = words.say("Score by rule", "Puntaje por regla")
    var text = "<svg class=\"score\" viewBox=\"0 0 \(total) \(height)\" role=\"img\" "
    text += "aria-label=\"\(title)\"><title>\(title)</title>\n"
    text += bands(bottom: height - 8)
    var before = 0
    for (row, step) in steps.enumerated() {
      let rule = explanation.rules.first { $0.name == step.rule }
      text += bar(
        row, rule?.title.text(in: words.language) ?? step.rule, from: before, to: step.total,
        "+\(step.points)", style: "points")
      before = step.total
    }
    text += bar(
      steps.count, words.say("score", "puntaje"), from: 0, to: score.total, "\(score.total)",
      style: "total")
    return text + "</svg>\n"
  }

  private func x(_ points: Int) -> Int {
    ScoreDrawing.left + points * ScoreDrawing.width / most
  }

  private func bands(bottom: Int) -> String {
    var text = ""
    for (position, band) in explanation.score.bands.enumerated() {
      let x = x(band.threshold)
      // Labels of neighbours stand on two lines.
      let y = position % 2 == 0 ? 16 : 32
      text += "<line class=\"band\" x1=\"\(x)\" y1=\"\(y + 4)\" x2=\"\(x)\" y2=\"\(bottom)\"/>"
      text += "<text class=\"small\" x=\"\(x)\" y=\"\(y)\" text-anchor=\"middle\">"
      text += "\(MarkupText.escaped(band.outcome)) \(band.threshold)</text>\n"
    }
    return text
  }

  private func bar(
    _ row: Int, _ name: String, from start: Int, to end: Int, _ label: String, style: String
  ) -> String {
    let y = ScoreDrawing.top + row * ScoreDrawing.rowHeight
    let width = max(x(end) - x(start), 2)
    let short = MarkupText.escaped(MarkupText.shortened(name, to: 42))
    var text = "<text x=\"\(ScoreDrawing.left - 10)\" y=\"\(y + 16)\" text-anchor=\"end\">"
    text += "\(short)<title>\(MarkupText.escaped(name))</title></text>"
    text += "<rect class=\"\(style)\" x=\"\(x(start))\" y=\"\(y)\" width=\"\(width)\" "
    text += "height=\"22\" rx=\"3\"/>"
    text += "<text x=\"\(x(start) + width + 8)\" y=\"\(y + 16)\">\(label)</text>\n"
    return text
  }
}
