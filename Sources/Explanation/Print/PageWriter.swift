internal import Expressions

/// The sections of the page.
struct PageWriter {
  private let explanation: DecisionExplanation
  private let words: ExplanationWords

  init(_ explanation: DecisionExplanation, _ language: Language) {
    self.explanation = explanation
    words = ExplanationWords(language: language)
  }

  private func escaped(_ text: String) -> String { MarkupText.escaped(text) }

  var title: String {
    escaped("\(explanation.id): \(explanation.outcome) · Sabueso")
  }

  var header: String {
    let kind = explanation.outcome == explanation.score.otherwise ? "mild" : "strict"
    var text = "<header><p class=\"what\">\(escaped(explanation.event)) "
    text += "<b>\(escaped(explanation.id))</b> · "
    text += "<time datetime=\"\(explanation.at)\">\(explanation.at)</time></p>\n"
    text += "<p class=\"what\">\(escaped(words.fields(explanation)))</p>\n"
    text += "<h1><span class=\"badge \(kind)\">"
    text += "\(escaped(explanation.outcome))</span> "
    text += "\(words.say("score", "puntaje")) \(explanation.score.total)"
    text += "<small> / \(explanation.score.cap)</small></h1>\n"
    if let meaning = words.meaning(ofOutcome: explanation.outcome) {
      text += "<p class=\"lead\">\(meaning)</p>\n"
    }
    var facts: [String] = []
    if let until = explanation.holdUntil { facts.append("\(words.say("until", "hasta")) \(until)") }
    if let queue = explanation.queue { facts.append("\(words.say("queue", "cola")) \(queue)") }
    if explanation.score.isExempt { facts.append(words.say("exempt", "exento")) }
    if !facts.isEmpty { text += "<p>\(escaped(facts.joined(separator: " · ")))</p>\n" }
    return text + "</header>\n"
  }

  var flips: String {
    var text = section(words.say("What would change it", "Qué lo cambiaría"))
    for sentence in explanation.flipSentences(in: words.language) {
      text += "<p class=\"flip\">\(escaped(sentence))</p>\n"
    }
    if !explanation.flips.isEmpty {
      let note = words.say(
        "Everything else as it was; the smallest change found in each direction.",
        "Lo demás como estaba; el menor cambio encontrado en cada sentido.")
      text += "<p class=\"note\">\(note)</p>\n"
    }
    return text + "</section>\n"
  }

  var customer: String {
    let texts = words.customerTexts(explanation)
    guard !texts.isEmpty else { return "" }
    var text = "<section class=\"customer\"><h2>"
    text += "\(words.say("What the customer is told", "Lo que se le dice al cliente"))</h2>\n"
    for told in texts { text += "<blockquote>\(escaped(told))</blockquote>\n" }
    return text + "</section>\n"
  }

  var score: String {
    var text = section(words.say("How the score came about", "Cómo se formó el puntaje"))
    text += "<div class=\"wide\">\(ScoreDrawing(explanation, words).svg)</div>\n"
    text += "<p>"
    text += words.consequences(explanation).map(escaped).joined(separator: " ")
    return text + "</p></section>\n"
  }

  var conditions: String {
    let loud = explanation.rules.filter { $0.outcome != "silent" }
    let quiet = explanation.rules.filter { $0.outcome == "silent" }
    var text = section(words.say("Rules and their conditions", "Reglas y sus condiciones"))
    if loud.isEmpty {
      text += "<p>\(words.say("No rule said anything.", "Ninguna regla dijo nada."))</p>\n"
    } else {
      text += table(loud)
    }
    if !quiet.isEmpty {
      let title = words.say(
        "\(quiet.count) more that said nothing, with what they looked at",
        "\(quiet.count) más que no \(quiet.count == 1 ? "aplica" : "aplican"), con lo que miraron")
      text += "<details><summary>\(title)</summary>\n\(table(quiet))</details>\n"
    }
    return text + "</section>\n"
  }

  private func table(_ rules: [ExplainedRule]) -> String {
    let columns = [
      words.say("came out", "resultó"), words.say("condition", "condición"),
      words.say("value", "valor"), words.say("threshold", "umbral"),
      words.say("margin", "margen"),
    ]
    var text = "<div class=\"wide\"><table class=\"parts\"><thead><tr>"
    for (position, column) in columns.enumerated() {
      let kind = position == 2 || position == 4 ? " class=\"number\"" : ""
      text += "<th scope=\"col\"\(kind)>\(column)</th>"
    }
    text += "</tr></thead>\n"
    for rule in rules {
      text += "<tbody class=\"\(rule.outcome)\"><tr><th scope=\"rowgroup\" colspan=\"5\">"
      text += "<span class=\"points\">\(escaped(words.outcome(rule)))</span> "
      text += "\(escaped(rule.title.text(in: words.language))) "
      text += "<code>\(escaped(rule.name))</code>"
      if rule.status != "live" { text += " <small>\(rule.status)</small>" }
      if let analyst = rule.analyst {
        text += "<p>\(escaped(analyst.text(in: words.language)))</p>"
      }
      text += "</th></tr>\n" + rule.parts.map(row).joined() + "</tbody>\n"
    }
    return text + "</table></div>\n"
  }

  private func row(_ part: ExplainedPart) -> String {
    let exempts = part.exempts ? words.say("exemption: ", "exención: ") : ""
    let left = part.leftValue.map { $0.text(in: words.language) } ?? ""
    let margin = part.margin.map { $0.text(in: words.language) } ?? ""
    let kind = part.truth.text(in: .english)
    return "<tr><td class=\"truth \(kind)\">\(words.truth(part.truth))</td>"
      + "<td>\(exempts)\(named(part.source, part.leftTitle))</td>"
      + "<td class=\"number\">\(escaped(left))</td>"
      + "<td>\(threshold(part))</td>"
      + "<td class=\"number\">\(escaped(margin))</td></tr>\n"
  }

  /// What is written in the rules, under what people call it.
  private func named(_ source: String, _ title: Phrase?) -> String {
    let code = "<code>\(escaped(source))</code>"
    guard let title else { return code }
    return "\(escaped(title.text(in: words.language)))<br/>\(code)"
  }

  private func threshold(_ part: ExplainedPart) -> String {
    guard let right = part.right else { return "" }
    guard let value = part.rightValue else { return named(right, part.rightTitle) }
    let text = "<b>\(escaped(value.text(in: words.language)))</b>"
    return value.isWritten(as: right) ? text : text + " " + named(right, part.rightTitle)
  }

  var evidence: String {
    let drawing = EvidenceDrawing(explanation, words)
    guard !drawing.isEmpty else { return "" }
    var text = section(words.say("What ties people together", "Lo que une a las personas"))
    let legend = words.say(
      "Accounts are round, values they share square.",
      "Las cuentas son redondas; los valores que comparten, cuadrados.")
    text += "<p class=\"note\">\(legend)</p>\n"
    text += "<div class=\"wide\">\(drawing.svg)</div>\n"
    for evidence in explanation.evidence {
      text += "<details><summary><code>\(escaped(evidence.signal))</code></summary><ul>\n"
      for tie in evidence.ties { text += "<li>\(escaped(words.sentence(tie)))</li>\n" }
      if !evidence.isComplete { text += "<li>\(words.say("… and more", "… y más"))</li>\n" }
      text += "</ul></details>\n"
    }
    return text + "</section>\n"
  }

  var signals: String {
    guard !explanation.signals.isEmpty else { return "" }
    let told = explanation.signals.filter(\.isTold)
    let other = explanation.signals.filter { !$0.isTold }
    var text = section(words.say("What was seen", "Lo que se vio")) + table(told)
    if !other.isEmpty {
      let title = words.say(
        "\(other.count) more that the rules above did not look at",
        "\(other.count) más que las reglas de arriba no miraron")
      text += "<details><summary>\(title)</summary>\n\(table(other))</details>\n"
    }
    return text + "</section>\n"
  }

  private func table(_ signals: [ExplainedSignal]) -> String {
    guard !signals.isEmpty else { return "" }
    var text = "<table class=\"signals\">\n"
    for signal in signals {
      text += "<tr><th scope=\"row\">\(named(signal.name, signal.title))</th>"
      text += "<td class=\"number\">\(escaped(signal.value.text(in: words.language)))</td></tr>\n"
    }
    return text + "</table>\n"
  }

  var footer: String {
    "<footer>\(words.say("policy", "política")) <code>\(escaped(explanation.policy))</code> · "
      + "\(words.say("rules", "reglas")) <code>\(explanation.packageHash.prefix(12))</code></footer>\n"
  }

  private func section(_ title: String) -> String { "<section><h2>\(title)</h2>\n" }
}
