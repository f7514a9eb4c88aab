import Expressions

/// A decision in the words of one language.
struct DecisionText {
  private let decision: DecisionLine
  private let language: Language

  init(_ decision: DecisionLine, language: Language) {
    self.decision = decision
    self.language = language
  }

  /// What was decided, why, what was looked at, and what the customer is told.
  var text: String {
    var text = headline
    text += "\n"
    text += section(
      say("Why", "Por qué"),
      decision.rules.filter { $0.outcome == "fires" && $0.status != "shadow" })
    text += section(
      say("On trial, not counted", "A prueba, no cuentan"),
      decision.rules.filter { $0.outcome == "fires" && $0.status == "shadow" })
    text += section(
      say("Could not be judged: data is missing", "No se pudo evaluar: faltan datos"),
      decision.rules.filter { $0.outcome == "unknown" })
    text += section(
      say("Failed", "Fallaron"), decision.rules.filter { $0.outcome == "error" })
    text += signals
    text += evidence
    text += customer
    return text
  }

  private var headline: String {
    var text = "\(decision.event) \(decision.id), \(decision.at)\n"
    text += "\(decision.decision.uppercased()), \(say("score", "puntaje")) \(decision.score)"
    if let until = decision.holdUntil { text += ", \(say("until", "hasta")) \(until)" }
    if let queue = decision.queue { text += ", \(say("queue", "cola")) \(queue)" }
    if decision.exempt == true { text += ", \(say("exempt", "exento"))" }
    return text + "\n"
  }

  private func section(_ title: String, _ rules: [DecisionLine.Rule]) -> String {
    guard !rules.isEmpty else { return "" }
    var text = "\(title):\n"
    for rule in rules {
      let points = rule.outcome == "fires" ? " (+\(rule.score))" : ""
      text += "  \(rule.name)\(points)\n"
      if let analyst = rule.analyst { text += "    \(say(analyst.en, analyst.es))\n" }
    }
    return text + "\n"
  }

  private var signals: String {
    guard let signals = decision.signals, !signals.isEmpty else { return "" }
    let width = signals.keys.map(\.count).max() ?? 0
    var text = "\(say("What was seen", "Lo que se vio")):\n"
    for (name, value) in signals.sorted(by: { $0.key < $1.key }) {
      text += "  \(name.padded(to: width))  \(value.text ?? "–")\n"
    }
    return text + "\n"
  }

  private var evidence: String {
    guard let evidence = decision.evidence, !evidence.isEmpty else { return "" }
    var text = "\(say("What shows it", "Lo que lo muestra")):\n"
    for (name, shown) in evidence.sorted(by: { $0.key < $1.key }) {
      text += "  \(name)\n"
      for tie in shown.ties { text += "    \(sentence(tie))\n" }
      if !shown.complete { text += "    \(say("… and more", "… y más"))\n" }
    }
    if text.contains("#") {
      text += say(
        "  # stands for somebody or something this event does not name.\n",
        "  # es alguien o algo que este evento no nombra.\n")
    }
    return text + "\n"
  }

  private func sentence(_ tie: DecisionLine.Tie) -> String {
    if let from = tie.from, let to = tie.to, let link = tie.link {
      return "\(from.text) → \(to.text)  \(link)"
    }
    let identifier = tie.identifier ?? ""
    let value = tie.value?.text ?? ""
    if let between = tie.between, between.count == 2 {
      return say(
        "\(between[0].text) and \(between[1].text) share \(identifier) \(value)",
        "\(between[0].text) y \(between[1].text) comparten \(identifier) \(value)")
    }
    if let account = tie.account, let label = tie.label {
      return say(
        "\(account.text) carries the label \(label)", "\(account.text) lleva la marca \(label)")
    }
    return say(
      "so many accounts use \(identifier) \(value) that it joins nobody",
      "tantas cuentas usan \(identifier) \(value) que no une a nadie")
  }

  private var customer: String {
    var texts: [String] = []
    for rule in decision.rules where rule.outcome == "fires" && rule.status == "live" {
      guard let customer = rule.customer else { continue }
      let text = say(customer.en, customer.es)
      if !texts.contains(text) { texts.append(text) }
    }
    guard !texts.isEmpty else { return "" }
    return "\(say("What the customer is told", "Lo que se le dice al cliente")):\n"
      + texts.map { "  \($0)\n" }.joined()
  }

  private func say(_ english: String, _ spanish: String) -> String {
    language == .english ? english : spanish
  }
}
