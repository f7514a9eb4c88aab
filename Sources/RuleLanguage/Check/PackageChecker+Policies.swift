internal import Expressions
internal import Model

/// Policies.
extension PackageChecker {
  /// One entry per declared policy; nil where it has a mistake.
  func checkPolicies() -> [CheckedPolicy?] {
    var governed: [Int: NameSyntax] = [:]
    return index.policies.all.map { declared in
      let checked = policy(declared)
      guard let checked else { return nil }
      if let first = governed[checked.event] {
        index.report(
          Diagnostic(
            .secondPolicy,
            Phrase(
              "`\(index.schema.events[checked.event].name)` has a policy already",
              es: "`\(index.schema.events[checked.event].name)` ya tiene una política"),
            at: declared.name.span,
            secondary: [DiagnosticLabel(first.span, Phrase("the first one", es: "la primera"))],
            help: Phrase(
              "an event has one policy; put the bands together",
              es: "un evento tiene una sola política; junta las bandas")))
      }
      governed[checked.event] = governed[checked.event] ?? declared.name
      return checked
    }
  }

  private func policy(_ declared: Declared<PolicySyntax>) -> CheckedPolicy? {
    let syntax = declared.syntax
    reportMissing(syntax)
    guard let eventName = syntax.event, let event = sentEvent(eventName, from: declared.file)
    else { return nil }
    var outcomes = OutcomeNames(
      names: syntax.outcomes.isEmpty
        ? PolicyDescription.standardOutcomes : syntax.outcomes.map(\.text))
    let combination = syntax.combine?.text ?? "sum"
    if let name = syntax.combine, !["sum", "max", "noisy_or"].contains(name.text) {
      index.report(
        Diagnostic(
          .unknownDeclaration,
          Phrase(
            "unknown way to combine `\(name.text)`",
            es: "forma de combinar desconocida `\(name.text)`"),
          at: name.span,
          help: Phrase("`sum`, `max` or `noisy_or`", es: "`sum`, `max` o `noisy_or`"),
          edit: nearest(name, among: ["sum", "max", "noisy_or"])))
    }
    let cap = syntax.cap ?? 100
    let environment = RuleEnvironment(index: index, file: declared.file, event: event.position)
    let exempt = syntax.exempt.flatMap { exempt in typed(environment) { $0.condition(exempt) } }
    let bands = syntax.bands.compactMap { band(&outcomes, $0, cap: cap) }
    let otherwise = syntax.otherwise.flatMap { outcome(&outcomes, $0) }
    let ifUnavailable = syntax.ifUnavailable.flatMap { outcome(&outcomes, $0) }
    guard let otherwise, let ifUnavailable else { return nil }
    let onError = syntax.onError.flatMap { outcome(&outcomes, $0) } ?? ifUnavailable
    return CheckedPolicy(
      name: declared.name.text, event: event.position, outcomes: outcomes.names,
      queues: outcomes.queues, combination: combination, cap: cap, exempt: exempt, bands: bands,
      otherwise: otherwise, onError: onError, ifUnavailable: ifUnavailable)
  }

  private func reportMissing(_ policy: PolicySyntax) {
    if policy.hasMistake { return }
    let wanted: [(isThere: Bool, clause: String, help: Phrase)] = [
      (
        policy.event != nil, "on",
        Phrase(
          "say which event it governs: `on referral`", es: "di qué evento gobierna: `on referral`")
      ),
      (
        policy.otherwise != nil, "otherwise",
        Phrase(
          "say what happens when no band is reached: `otherwise grant`",
          es: "di qué pasa si no se alcanza ninguna banda: `otherwise grant`")
      ),
      (
        policy.ifUnavailable != nil, "if_unavailable",
        Phrase(
          "say what the caller gets when no answer is ready in time: `if_unavailable hold`",
          es: "di qué recibe quien pregunta si no hay respuesta a tiempo: `if_unavailable hold`")
      ),
    ]
    for clause in wanted where !clause.isThere {
      missingClause(
        clause.clause, of: Phrase("policy", es: "esta política"), policy.name.span,
        help: clause.help)
    }
  }

  private func band(
    _ outcomes: inout OutcomeNames, _ band: BandSyntax, cap: Int
  ) -> (threshold: Int, outcome: CheckedOutcome)? {
    guard let outcome = outcome(&outcomes, band.outcome) else { return nil }
    if band.threshold > cap || band.threshold > 100 {
      index.report(
        Diagnostic(
          .unreachableBand,
          Phrase(
            "no score reaches \(band.threshold)", es: "ningún puntaje llega a \(band.threshold)"),
          at: band.span,
          note: Phrase(
            "scores are capped at \(min(cap, 100))",
            es: "los puntajes tienen un tope de \(min(cap, 100))")))
    }
    return (band.threshold, outcome)
  }

  /// The position of an outcome and its queue among the policy's.
  func outcome(_ outcomes: inout OutcomeNames, _ syntax: OutcomeSyntax) -> CheckedOutcome? {
    guard let position = outcomes.names.firstIndex(of: syntax.name.text) else {
      let near = Suggestion.nearest(to: syntax.name.text, among: outcomes.names)
      let known = outcomes.names.joined(separator: ", ")
      index.report(
        Diagnostic(
          .unknownDeclaration,
          Phrase(
            "unknown outcome `\(syntax.name.text)`",
            es: "no existe el resultado `\(syntax.name.text)`"),
          at: syntax.name.span,
          note: Phrase("from mild to hard: \(known)", es: "de suave a duro: \(known)"),
          help: near.map { Phrase("did you mean `\($0)`?", es: "¿quisiste decir `\($0)`?") },
          edit: near.map { SourceEdit(span: syntax.name.span, replacement: $0) }))
      return nil
    }
    return CheckedOutcome(
      outcome: position, holdMicroseconds: syntax.hold?.microseconds,
      queue: syntax.queue.map { outcomes.queue($0) })
  }
}

/// The outcomes and queues of one policy while it is checked.
struct OutcomeNames {
  var names: [String]
  private(set) var queues: [String] = []

  init(names: [String]) {
    self.names = names
  }

  init(_ policy: CheckedPolicy) {
    names = policy.outcomes
    queues = policy.queues
  }

  mutating func queue(_ name: String) -> Int {
    if let known = queues.firstIndex(of: name) { return known }
    queues.append(name)
    return queues.count - 1
  }
}
