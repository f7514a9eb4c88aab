internal import Expressions

/// Words that all forms of an explanation share.
struct ExplanationWords {
  let language: Language

  func say(_ english: String, _ spanish: String) -> String {
    language == .english ? english : spanish
  }

  func headline(_ explanation: DecisionExplanation) -> String {
    var text = "\(explanation.outcome.uppercased()), \(say("score", "puntaje")) "
    text += "\(explanation.score.total)"
    if let until = explanation.holdUntil { text += ", \(say("until", "hasta")) \(until)" }
    if let queue = explanation.queue { text += ", \(say("queue", "cola")) \(queue)" }
    if explanation.score.isExempt { text += ", \(say("exempt", "exento"))" }
    return text
  }

  func outcome(_ rule: ExplainedRule) -> String {
    switch rule.outcome {
    case "fires":
      "+\(rule.points)"
        + (rule.counted ? "" : say(", not counted", ", no cuenta"))
        + (rule.forces.map { say(", at least ", ", al menos ") + $0 } ?? "")
    case "unknown": say("data is missing", "faltan datos")
    case "error": say("failed", "falló")
    default: say("silent", "no aplica")
    }
  }

  func truth(_ value: ExplainedValue) -> String {
    switch value {
    case .bool(true): say("true", "cierto")
    case .bool(false): say("false", "falso")
    case .error: "error"
    default: say("missing", "sin dato")
    }
  }

  /// `max_accounts_per_device = 3`, or just what was written when that is the value.
  func side(_ source: String?, _ value: ExplainedValue?) -> String {
    guard let source else { return "" }
    guard let value else { return source }
    let text = value.text(in: language)
    return text == source || "\"\(text)\"" == source ? source : "\(source) = \(text)"
  }

  /// How the score led to the outcome, a sentence each.
  func consequences(_ explanation: DecisionExplanation) -> [String] {
    let score = explanation.score
    var lines: [String] = []
    if let last = score.steps.last, last.total > score.cap {
      lines.append(
        say("No score is above \(score.cap).", "Ningún puntaje pasa de \(score.cap)."))
    }
    if score.isExempt, let exemption = score.exemption {
      lines.append(
        say(
          "The policy exempts it from bands and forced outcomes: `\(exemption)` holds.",
          "La política lo exime de rangos y resultados forzados: se cumple `\(exemption)`."))
    } else if let band = score.bands.last(where: \.isReached) {
      lines.append(
        say(
          "\(score.total) reaches \(band.threshold): \(band.outcome).",
          "\(score.total) alcanza \(band.threshold): \(band.outcome)."))
    } else {
      lines.append(
        say(
          "\(score.total) reaches no band: \(score.otherwise).",
          "\(score.total) no alcanza ningún rango: \(score.otherwise)."))
    }
    for force in score.forces where !score.isExempt {
      lines.append(
        force.failed
          ? say(
            "\(force.rule) failed, so it is at least \(force.outcome).",
            "\(force.rule) falló, así que es al menos \(force.outcome).")
          : say(
            "\(force.rule) demands at least \(force.outcome).",
            "\(force.rule) exige al menos \(force.outcome)."))
    }
    return lines
  }

  func sentence(_ tie: ExplainedEvidence.Tie) -> String {
    switch tie {
    case .edge(let link, let from, let to): "\(from) → \(to)  \(link)"
    case .shared(let identifier, let value, let left, let right):
      say(
        "\(left) and \(right) share \(identifier) \(value)",
        "\(left) y \(right) comparten \(identifier) \(value)")
    case .hub(let identifier, let value):
      say(
        "so many accounts use \(identifier) \(value) that it joins nobody",
        "tantas cuentas usan \(identifier) \(value) que no une a nadie")
    case .label(let label, let account):
      say("\(account) carries the label \(label)", "\(account) lleva la marca \(label)")
    }
  }

  /// What the customer is told, each text once.
  func customerTexts(_ explanation: DecisionExplanation) -> [String] {
    var texts: [String] = []
    for rule in explanation.rules where rule.outcome == "fires" && rule.status != "shadow" {
      guard let customer = rule.customer?.text(in: language), !texts.contains(customer) else {
        continue
      }
      texts.append(customer)
    }
    return texts
  }
}
