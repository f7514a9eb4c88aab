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

  /// What the event said, on one line.
  func fields(_ explanation: DecisionExplanation) -> String {
    explanation.fields.map { "\($0.name) \($0.value.text(in: language))" }.joined(separator: ", ")
  }

  /// What an outcome that every policy has means for the reward; nil for one of the policy's own.
  func meaning(ofOutcome outcome: String) -> String? {
    switch outcome {
    case "grant": say("The reward is paid.", "La recompensa se paga.")
    case "review":
      say("Somebody looks at it before it is paid.", "Alguien la revisa antes de pagarla.")
    case "hold": say("The reward waits.", "La recompensa queda en espera.")
    case "ineligible":
      say("It has no part in the program.", "No participa en el programa.")
    case "block": say("The reward is not paid.", "La recompensa no se paga.")
    default: nil
    }
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

  /// `max_accounts_per_device = 3`; nil where what was written is the value itself.
  func side(_ source: String?, _ value: ExplainedValue?) -> String? {
    guard let source, let value, !value.isWritten(as: source) else { return nil }
    return "\(source) = \(value.text(in: language))"
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

  /// What the customer is told, each text once, what weighed most first.
  func customerTexts(_ explanation: DecisionExplanation) -> [String] {
    var texts: [String] = []
    let fired = explanation.rules.enumerated().filter {
      $0.element.outcome == "fires" && $0.element.status != "shadow"
    }
    let heaviest = fired.sorted { ($1.element.points, $0.offset) < ($0.element.points, $1.offset) }
    for (_, rule) in heaviest {
      guard let customer = rule.customer?.text(in: language), !texts.contains(customer) else {
        continue
      }
      texts.append(customer)
    }
    return texts
  }
}
