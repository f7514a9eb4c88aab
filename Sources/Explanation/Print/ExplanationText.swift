public import Expressions

/// An explanation as text for a terminal.
public enum ExplanationText {
  /// What was decided, why, what would change it, what was seen, and what the customer is told.
  public static func text(_ explanation: DecisionExplanation, in language: Language) -> String {
    let words = ExplanationWords(language: language)
    var text = "\(explanation.event) \(explanation.id), \(explanation.at)\n"
    text += words.fields(explanation) + "\n" + words.headline(explanation) + "\n"
    for sentence in explanation.flipSentences(in: language) { text += sentence + "\n" }
    text += "\n" + score(explanation, words)
    let loud = explanation.rules.filter { $0.outcome != "silent" }
    let quiet = explanation.rules.filter { $0.outcome == "silent" }
    text += rules(words.say("Rules that said something", "Reglas que dijeron algo"), loud, words)
    text += rules(words.say("Rules that were silent", "Reglas que no aplican"), quiet, words)
    text += signals(explanation, words) + evidence(explanation, words)
    text += customer(explanation, words)
    return text
  }

  private static func score(_ explanation: DecisionExplanation, _ words: ExplanationWords) -> String
  {
    var text = words.say("How the score came about", "Cómo se formó el puntaje")
    text += " (\(explanation.policy), \(explanation.score.combination)):\n"
    let width = explanation.score.steps.map(\.rule.count).max() ?? 0
    for step in explanation.score.steps {
      text += "  \(padded(step.rule, width))  +\(step.points)  → \(step.total)\n"
    }
    for line in words.consequences(explanation) { text += "  \(line)\n" }
    return text + "\n"
  }

  private static func rules(
    _ title: String, _ rules: [ExplainedRule], _ words: ExplanationWords
  ) -> String {
    guard !rules.isEmpty else { return "" }
    var text = title + ":\n"
    for rule in rules {
      text += "  \(rule.name): \(words.outcome(rule))\n"
      if let analyst = rule.analyst { text += "    \(analyst.text(in: words.language))\n" }
      for part in rule.parts { text += "    \(line(part, words))\n" }
    }
    return text + "\n"
  }

  private static func line(_ part: ExplainedPart, _ words: ExplanationWords) -> String {
    var notes: [String] = []
    notes += [words.side(part.left, part.leftValue), words.side(part.right, part.rightValue)]
      .compactMap { $0 }
    if let margin = part.margin {
      notes.append(words.say("margin ", "margen ") + margin.text(in: words.language))
    }
    let behind = notes.isEmpty ? "" : "   (\(notes.joined(separator: ", ")))"
    let exempts = part.exempts ? words.say("exemption: ", "exención: ") : ""
    return padded(words.truth(part.truth), 9) + exempts + part.source + behind
  }

  private static func signals(
    _ explanation: DecisionExplanation, _ words: ExplanationWords
  ) -> String {
    let told = explanation.signals.filter(\.isTold)
    let other = explanation.signals.filter { !$0.isTold }
    return signals(words.say("What these rules saw", "Lo que vieron estas reglas"), told, words)
      + signals(words.say("What else was seen", "Lo demás que se vio"), other, words)
  }

  private static func signals(
    _ heading: String, _ signals: [ExplainedSignal], _ words: ExplanationWords
  ) -> String {
    guard !signals.isEmpty else { return "" }
    let values = signals.map { $0.value.text(in: words.language) }
    let width = signals.map(\.name.count).max() ?? 0
    let valueWidth = values.map(\.count).max() ?? 0
    var text = heading + ":\n"
    for (signal, value) in zip(signals, values) {
      text += "  \(padded(signal.name, width))  "
      if let title = signal.title {
        text += "\(padded(value, valueWidth))  \(title.text(in: words.language))\n"
      } else {
        text += "\(value)\n"
      }
    }
    return text + "\n"
  }

  private static func evidence(
    _ explanation: DecisionExplanation, _ words: ExplanationWords
  ) -> String {
    guard !explanation.evidence.isEmpty else { return "" }
    var text = words.say("What shows it", "Lo que lo muestra") + ":\n"
    for evidence in explanation.evidence {
      text += "  \(evidence.signal)\n"
      for tie in evidence.ties { text += "    \(words.sentence(tie))\n" }
      if !evidence.isComplete { text += "    \(words.say("… and more", "… y más"))\n" }
    }
    return text + "\n"
  }

  private static func customer(
    _ explanation: DecisionExplanation, _ words: ExplanationWords
  ) -> String {
    let texts = words.customerTexts(explanation)
    guard !texts.isEmpty else { return "" }
    return words.say("What the customer is told", "Lo que se le dice al cliente") + ":\n"
      + texts.map { "  \($0)\n" }.joined()
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
