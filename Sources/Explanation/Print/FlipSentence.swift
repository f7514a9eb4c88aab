public import Expressions

extension DecisionExplanation {
  /// What would have altered the outcome, in sentences.
  public func flipSentences(in language: Language) -> [String] {
    if flips.isEmpty {
      return [
        Phrase(
          "No change that alters the outcome was found.",
          es: "No se encontró ningún cambio que altere el resultado."
        ).text(in: language)
      ]
    }
    return flips.map { flip in
      language == .english
        ? "It would be \(flip.outcome) instead of \(outcome) if " + flip.conditions(in: language)
        : "Sería \(flip.outcome) en lugar de \(outcome) si " + flip.conditions(in: language)
    }
  }
}

extension ExplainedFlip {
  fileprivate func conditions(in language: Language) -> String {
    if changes.count == 1 {
      return "\(changes[0].wish(in: language)); \(changes[0].fact(in: language))."
    }
    let and = language == .english ? " and " : " y "
    return changes.map { "\($0.wish(in: language)) (\($0.fact(in: language)))" }
      .joined(separator: and) + "."
  }
}

extension ExplainedFlip.Change {
  fileprivate func wish(in language: Language) -> String {
    let target = target?.text(in: language) ?? ""
    let phrase =
      switch goal {
      case .atMost: Phrase("were at most \(target)", es: "fuera como máximo \(target)")
      case .atLeast: Phrase("were at least \(target)", es: "fuera al menos \(target)")
      case .less: Phrase("were less than \(target)", es: "fuera menor que \(target)")
      case .greater: Phrase("were greater than \(target)", es: "fuera mayor que \(target)")
      case .exactly: Phrase("were \(target)", es: "fuera \(target)")
      case .other: Phrase("were other than \(target)", es: "fuera distinto de \(target)")
      case .inList: Phrase("were in \(target)", es: "estuviera en \(target)")
      case .notInList: Phrase("were not in \(target)", es: "no estuviera en \(target)")
      case .holds: Phrase("were so", es: "se cumpliera")
      case .fails: Phrase("were not so", es: "no se cumpliera")
      }
    let isPart = goal == .holds || goal == .fails
    return (isPart ? "`\(subject)`" : name(in: language)) + " " + phrase.text(in: language)
  }

  /// The title in quotes, the name in rule files behind it.
  private func name(in language: Language) -> String {
    guard let title else { return subject }
    let text = title.text(in: language)
    return language == .english ? "“\(text)” (\(subject))" : "«\(text)» (\(subject))"
  }

  fileprivate func fact(in language: Language) -> String {
    if case .missing = seen { return language == .english ? "it is missing" : "falta el dato" }
    if goal == .holds || goal == .fails {
      let phrase =
        goal == .holds
        ? Phrase("it is not", es: "no se cumple") : Phrase("it is", es: "se cumple")
      return phrase.text(in: language)
    }
    let text = seen.text(in: language)
    return language == .english ? "it is \(text)" : "es \(text)"
  }
}

extension ExplainedValue {
  /// The value for people.
  public func text(in language: Language) -> String {
    switch self {
    case .missing: language == .english ? "missing" : "sin dato"
    case .error: "error"
    case .bool(true): language == .english ? "true" : "cierto"
    case .bool(false): language == .english ? "false" : "falso"
    case .number(let number, let isBound, let unit):
      (isBound ? "≥ " : "") + number + (unit.isEmpty ? "" : " \(unit)")
    case .text(let text): text
    }
  }

  /// Whether a text of the rules is this value itself, written out.
  func isWritten(as source: String) -> Bool {
    switch self {
    case .missing, .error: false
    case .bool(let truth): source == "\(truth)"
    case .number(let number, _, _): source == number
    case .text(let text): source == text || source.hasPrefix("\"") || source.hasPrefix("r\"")
    }
  }
}
