internal import Expressions
internal import Model
internal import Values

/// Rules and the texts of their reasons.
extension PackageChecker {
  /// One entry per declared rule; nil where it has a mistake. `policies` gain the queues rules
  /// name.
  func checkRules(_ policies: [CheckedPolicy?]) -> [CheckedRule?] {
    var texts = ReasonTexts()
    return index.rules.all.map { rule($0, policies, &texts) }
  }

  /// The texts of reasons by event and reason: they read alike in every rule on an event.
  private typealias ReasonTexts = [[Int]: CheckedTexts?]

  private func rule(
    _ declared: Declared<RuleSyntax>, _ policies: [CheckedPolicy?], _ known: inout ReasonTexts
  ) -> CheckedRule? {
    let syntax = declared.syntax
    let hasClauses = hasRequiredClauses(syntax)
    let event = syntax.event.flatMap { sentEvent($0, from: declared.file) }
    let reason = syntax.reason.flatMap {
      find($0, in: index.reasons, from: declared.file, kind: Phrase("reason", es: "el motivo"))
    }
    let missing = self.missing(syntax.missing)
    let activeFrom = syntax.activeFrom.flatMap(timestamp)
    let activeUntil = syntax.activeUntil.flatMap(timestamp)
    guard let event else { return nil }
    let environment = RuleEnvironment(index: index, file: declared.file, event: event.position)
    let condition = syntax.when.flatMap { when in typed(environment) { $0.condition(when) } }
    let exempt = syntax.exempt.flatMap { exempt in typed(environment) { $0.condition(exempt) } }
    let score = syntax.score.flatMap { self.score($0, environment) }
    if missing == .fires, let score { refuseMissing(score) }
    let force = syntax.force.flatMap { self.force($0, event: event.position, policies) }
    let texts = reason.flatMap { self.texts($0, environment, &known) }
    guard hasClauses, let condition, let reason, let texts, let status = syntax.status,
      (syntax.exempt == nil) == (exempt == nil), (syntax.score == nil) == (score == nil)
    else { return nil }
    return CheckedRule(
      name: declared.name.text, span: declared.name.span, version: syntax.version,
      titleEnglish: syntax.title?.english?.text ?? declared.name.text,
      titleSpanish: syntax.title?.spanish?.text ?? declared.name.text, event: event.position,
      when: condition, exempt: exempt, score: score, force: force, reason: reason.position,
      texts: texts, status: status.status, activeFrom: activeFrom, activeUntil: activeUntil,
      missing: missing)
  }

  private func refuseMissing(_ score: TypedExpression) {
    guard score.mayBeMissing else { return }
    index.report(
      Diagnostic(
        .scoreRange,
        Phrase(
          "this score can be missing, but the rule fires when data is missing",
          es: "este puntaje puede faltar, pero la regla se dispara cuando faltan datos"),
        at: score.span, help: Phrase("write `default(…, 0)`", es: "escribe `default(…, 0)`")))
  }

  private func hasRequiredClauses(_ rule: RuleSyntax) -> Bool {
    // What could not be read may be the clause that seems missing.
    if rule.hasMistake { return false }
    let wanted: [(isThere: Bool, clause: String, help: Phrase)] = [
      (
        rule.event != nil, "on",
        Phrase(
          "say which event it looks at: `on referral`", es: "di qué evento mira: `on referral`")
      ),
      (
        rule.when != nil, "when",
        Phrase(
          "say when it fires: `when refs_1h > 5`", es: "di cuándo se dispara: `when refs_1h > 5`")
      ),
      (
        rule.reason != nil, "reason",
        Phrase(
          "name the reason people are told: `reason VELOCITY`",
          es: "nombra el motivo que se le dice a la gente: `reason VELOCITY`")
      ),
      (
        rule.status != nil, "status",
        Phrase(
          "write `status shadow` to try it out, `status live` to count it",
          es: "escribe `status shadow` para probarla, `status live` para que cuente")
      ),
      (
        rule.owner != nil, "owner",
        Phrase(
          "name who answers for it: `owner \"fraude-mx\"`",
          es: "di quién responde por ella: `owner \"fraude-mx\"`")
      ),
    ]
    for clause in wanted where !clause.isThere {
      missingClause(
        clause.clause, of: Phrase("rule", es: "esta regla"), rule.name.span, help: clause.help)
    }
    return wanted.allSatisfy(\.isThere)
  }

  private func score(
    _ expression: ExpressionSyntax, _ environment: RuleEnvironment
  ) -> TypedExpression? {
    guard let typed = typed(environment, { $0.check(expression, hint: .int) }) else { return nil }
    guard typed.type == .int else {
      index.report(
        Diagnostic(
          .scoreRange,
          Phrase(
            "a score is a whole number, this is \(typed.type)",
            es: "un puntaje es un número entero, esto es \(typed.type)"),
          at: expression.span))
      return nil
    }
    if case .constant(.int(let value)) = typed.kind, !(0...100).contains(value) {
      index.report(
        Diagnostic(
          .scoreRange,
          Phrase(
            "a score is from 0 to 100, this is \(value)",
            es: "un puntaje va de 0 a 100, este es \(value)"),
          at: expression.span))
      return nil
    }
    return typed
  }

  private func force(
    _ syntax: OutcomeSyntax, event: Int, _ policies: [CheckedPolicy?]
  ) -> CheckedOutcome? {
    guard let policy = policies.compactMap({ $0 }).first(where: { $0.event == event }) else {
      return nil
    }
    var outcomes = OutcomeNames(policy)
    let known = outcomes.queues.count
    let outcome = outcome(&outcomes, syntax)
    guard outcomes.queues.count == known else {
      let names = policy.queues.isEmpty ? "–" : policy.queues.joined(separator: ", ")
      index.report(
        Diagnostic(
          .unknownDeclaration,
          Phrase(
            "the policy has no queue `\(syntax.queue ?? "")`",
            es: "la política no tiene la cola `\(syntax.queue ?? "")`"),
          at: syntax.name.span, note: Phrase("its queues: \(names)", es: "sus colas: \(names)")))
      return nil
    }
    return outcome.map { completed($0, by: policy) }
  }

  /// A forced outcome that says neither how long nor which queue takes both from the policy's first
  /// band of that outcome: `force hold` holds as long as the policy does.
  private func completed(_ outcome: CheckedOutcome, by policy: CheckedPolicy) -> CheckedOutcome {
    guard outcome.holdMicroseconds == nil, outcome.queue == nil,
      let band = policy.bands.first(where: { $0.outcome.outcome == outcome.outcome })
    else { return outcome }
    return band.outcome
  }

  private func missing(_ name: NameSyntax?) -> MissingClause {
    guard let name else { return .skips }
    guard let clause = MissingClause(rawValue: name.text) else {
      index.report(
        Diagnostic(
          .unknownDeclaration,
          Phrase(
            "unknown way to treat missing data `\(name.text)`",
            es: "forma desconocida de tratar datos faltantes `\(name.text)`"),
          at: name.span,
          help: Phrase("`skips`, `fires` or `errors`", es: "`skips`, `fires` o `errors`"),
          edit: nearest(name, among: ["skips", "fires", "errors"])))
      return .skips
    }
    return clause
  }

  func timestamp(_ written: (text: String, span: SourceSpan)) -> Timestamp? {
    if let time = try? TimestampText.parse(Array(written.text.utf8).span) { return time }
    index.report(
      Diagnostic(
        .invalidLiteral, Phrase("this is not a time", es: "esto no es una fecha y hora"),
        at: written.span,
        help: Phrase(
          "write it like \"2026-01-31T09:00:00-06:00\"",
          es: "escríbela como \"2026-01-31T09:00:00-06:00\"")))
    return nil
  }

  // MARK: Texts

  /// Every reason is told to two audiences in two languages, whether a rule uses it or not.
  func checkReasons() {
    for reason in index.reasons.all where !reason.syntax.hasMistake {
      for place in TextPlace.allCases where place.text(of: reason.syntax) == nil {
        missingClause(
          place.rawValue, of: Phrase("reason", es: "este motivo"), reason.name.span,
          help: Phrase(
            "people read reasons in English and Spanish",
            es: "la gente lee los motivos en inglés y en español"))
      }
    }
  }

  /// The texts of a reason on the event of a rule that uses it.
  private func texts(
    _ reason: Declared<ReasonSyntax>, _ environment: RuleEnvironment, _ known: inout ReasonTexts
  ) -> CheckedTexts? {
    let place = [environment.event ?? 0, reason.position]
    if let texts = known[place] { return texts }
    let texts = self.texts(reason, on: environment.event)
    known[place] = .some(texts)
    return texts
  }

  private func texts(_ reason: Declared<ReasonSyntax>, on event: Int?) -> CheckedTexts? {
    // Names are looked up where the reason stands.
    let holes = RuleEnvironment(index: index, file: reason.file, event: event)
    let parts = TextPlace.allCases.map { place in
      place.text(of: reason.syntax).flatMap {
        template($0, holes, isForCustomer: place.isForCustomer)
      }
    }
    guard let analystEnglish = parts[0], let analystSpanish = parts[1],
      let customerEnglish = parts[2], let customerSpanish = parts[3]
    else { return nil }
    return CheckedTexts(
      analystEnglish: analystEnglish, analystSpanish: analystSpanish,
      customerEnglish: customerEnglish, customerSpanish: customerSpanish)
  }

  /// Cuts `Device {device} brought …` into literal pieces and typed holes.
  private func template(
    _ text: (text: String, span: SourceSpan), _ environment: RuleEnvironment, isForCustomer: Bool
  ) -> [CheckedPart]? {
    let source = index.package.sources.files[text.span.file]
    var parts: [CheckedPart] = []
    var literal = ""
    var isSound = true
    for piece in TemplatePieces.pieces(of: source.bytes[text.span.start..<text.span.end]) {
      switch piece {
      case .text(let piece): literal += piece
      case .hole(let range):
        if !literal.isEmpty { parts.append(.literal(literal)) }
        literal = ""
        let span = SourceSpan(file: text.span.file, start: range.lowerBound, end: range.upperBound)
        guard let hole = hole(span, environment, isForCustomer: isForCustomer) else {
          isSound = false
          continue
        }
        parts.append(.hole(hole))
      case .unclosed(let offset):
        index.report(
          Diagnostic(
            .templateHole, Phrase("`{` is not closed", es: "`{` no se cierra"),
            at: SourceSpan(file: text.span.file, start: offset, end: offset + 1),
            help: Phrase("write `{name}`", es: "escribe `{nombre}`")))
        isSound = false
      }
    }
    if !literal.isEmpty { parts.append(.literal(literal)) }
    return isSound ? parts : nil
  }

  private func hole(
    _ span: SourceSpan, _ environment: RuleEnvironment, isForCustomer: Bool
  ) -> TypedExpression? {
    var parser = SyntaxParser(
      source: index.package.sources.files[span.file], file: span.file, range: span.start..<span.end)
    guard let expression = try? parser.expression(), parser.current.kind == .endOfFile else {
      parser.findings.forEach(index.report)
      if parser.findings.isEmpty {
        index.report(
          Diagnostic(
            .templateHole,
            Phrase("this hole is not one expression", es: "este hueco no es una sola expresión"),
            at: span))
      }
      return nil
    }
    var checker = ExpressionChecker(environment: environment)
    guard let typed = checker.check(expression) else {
      for finding in checker.findings {
        var finding = finding
        if finding.code == .unknownName { finding.code = .templateHole }
        index.report(finding)
      }
      return nil
    }
    guard index.isRunnable(typed) else { return nil }
    if isForCustomer, let personal = index.personalName(in: typed) {
      index.report(
        Diagnostic(
          .templateHole,
          Phrase(
            "`\(personal)` is personal data and cannot be told to a customer",
            es: "`\(personal)` es un dato personal y no se le puede decir al cliente"),
          at: span))
      return nil
    }
    return typed
  }
}

/// The four texts of a reason, by the clauses that hold them.
private enum TextPlace: String, CaseIterable {
  case analystEnglish = "analyst en"
  case analystSpanish = "analyst es"
  case customerEnglish = "customer en"
  case customerSpanish = "customer es"

  var isForCustomer: Bool { self == .customerEnglish || self == .customerSpanish }

  func text(of reason: ReasonSyntax) -> (text: String, span: SourceSpan)? {
    switch self {
    case .analystEnglish: reason.analyst?.english
    case .analystSpanish: reason.analyst?.spanish
    case .customerEnglish: reason.customer?.english
    case .customerSpanish: reason.customer?.spanish
    }
  }
}

extension StatusSyntax {
  var status: RuleStatus {
    switch self {
    case .live: .live
    case .shadow: .shadow
    case .off: .off
    case .canary(let share): .canary(share)
    }
  }
}
