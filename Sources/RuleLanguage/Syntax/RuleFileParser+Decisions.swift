internal import Expressions

/// Reasons, rules, policies.
extension RuleFileParser {
  mutating func reason() throws(ParseFailure) -> ReasonSyntax {
    let name = try parser.expectName(Phrase("the reason's code", es: "el código del motivo"))
    var reason = ReasonSyntax(name: name, severity: nil, analyst: nil, customer: nil)
    reason.hasMistake = try body(of: "reason", clauses: ["severity", "analyst", "customer"]) {
      file, word throws(ParseFailure) in
      switch word {
      case "severity":
        reason.severity = try file.parser.expectName(Phrase("a severity", es: "una gravedad"))
      case "analyst": reason.analyst = try file.localized()
      default: reason.customer = try file.localized()
      }
    }
    return reason
  }

  static let ruleClauses = [
    "title", "on", "when", "exempt", "score", "force", "reason", "status", "active", "owner",
    "tags", "missing", "formerly",
  ]

  mutating func rule() throws(ParseFailure) -> RuleSyntax {
    let name = try parser.expectName(Phrase("the rule's name", es: "el nombre de la regla"))
    var rule = RuleSyntax(name: name, version: 1, span: name.span, tags: [])
    if parser.take(word: "version") {
      rule.version = Int(try parser.expectInt(Phrase("the version", es: "la versión")))
    }
    rule.hasMistake = try body(of: "rule", clauses: RuleFileParser.ruleClauses) {
      file, word throws(ParseFailure) in
      try file.ruleClause(word, into: &rule)
    }
    return rule
  }

  private mutating func ruleClause(
    _ word: String, into rule: inout RuleSyntax
  ) throws(ParseFailure) {
    switch word {
    case "title": rule.title = try localized()
    case "on": rule.event = try parser.expectName(Phrase("an event", es: "un evento"))
    case "when": rule.when = try parser.expression()
    case "exempt":
      try parser.expect(word: "when")
      rule.exempt = try parser.expression()
    case "score": rule.score = try parser.expression()
    case "force": rule.force = try outcome()
    case "reason": rule.reason = try parser.expectName(Phrase("a reason", es: "un motivo"))
    case "status": rule.status = try status()
    case "active":
      try parser.expect(word: "from")
      rule.activeFrom = try parser.expectString(Phrase("a time", es: "una fecha y hora"))
      if parser.take(word: "until") {
        rule.activeUntil = try parser.expectString(Phrase("a time", es: "una fecha y hora"))
      }
    case "owner":
      rule.owner = try parser.expectString(Phrase("the owner", es: "el responsable")).text
    case "tags": rule.tags = try tags()
    case "missing":
      rule.missing = try parser.expectName(
        Phrase("`skips`, `fires` or `errors`", es: "`skips`, `fires` o `errors`"))
    default: rule.formerly = try parser.expectName(Phrase("the old name", es: "el nombre anterior"))
    }
  }

  private mutating func tags() throws(ParseFailure) -> [String] {
    let opener = parser.current
    try parser.expect(.leftBracket, Phrase("to open the tags", es: "para abrir las etiquetas"))
    var tags: [String] = []
    while !parser.isAt(.rightBracket) {
      tags.append(try parser.expectString(Phrase("a tag", es: "una etiqueta")).text)
      if !parser.take(.comma) { break }
    }
    try parser.close(.rightBracket, opener)
    return tags
  }

  private mutating func status() throws(ParseFailure) -> StatusSyntax {
    if parser.take(word: "live") { return .live }
    if parser.take(word: "shadow") { return .shadow }
    if parser.take(word: "off") { return .off }
    guard parser.take(word: "canary") else {
      throw parser.unexpected(
        Phrase(
          "expected `live`, `shadow`, `canary n %` or `off`",
          es: "se esperaba `live`, `shadow`, `canary n %` u `off`"),
        of: ["live", "shadow", "canary", "off"])
    }
    let token = parser.current
    let share = try parser.expectInt(Phrase("the share", es: "la proporción"))
    try parser.expect(.percent, Phrase("after the share", es: "después de la proporción"))
    guard (0...100).contains(share) else {
      throw parser.fail(
        Diagnostic(
          .invalidLiteral,
          Phrase("a share is from 0 to 100 %", es: "una proporción va de 0 a 100 %"),
          at: parser.span(token)))
    }
    return .canary(Int(share))
  }

  /// `block`, `hold for 72h`, `review queue "…"`
  mutating func outcome() throws(ParseFailure) -> OutcomeSyntax {
    let name = try parser.expectName(
      Phrase("an outcome, like `hold`", es: "un resultado, como `hold`"))
    return try outcomeSuffix(OutcomeSyntax(name: name, hold: nil, queue: nil))
  }

  private mutating func outcomeSuffix(
    _ outcome: OutcomeSyntax
  ) throws(ParseFailure) -> OutcomeSyntax {
    var outcome = outcome
    if parser.take(word: "for") {
      outcome.hold = try duration(Phrase("how long to hold", es: "cuánto tiempo retener"))
    }
    if parser.take(word: "queue") {
      outcome.queue = try parser.expectString(Phrase("a queue", es: "una cola")).text
    }
    return outcome
  }

  static let policyClauses = [
    "on", "combine", "exempt", "decide", "otherwise", "on_error", "if_unavailable", "outcomes",
    "owner",
  ]

  mutating func policy() throws(ParseFailure) -> PolicySyntax {
    let name = try parser.expectName(Phrase("the policy's name", es: "el nombre de la política"))
    var policy = PolicySyntax(name: name, span: name.span, bands: [], outcomes: [])
    policy.hasMistake = try body(of: "policy", clauses: RuleFileParser.policyClauses) {
      file, word throws(ParseFailure) in
      try file.policyClause(word, into: &policy)
    }
    return policy
  }

  private mutating func policyClause(
    _ word: String, into policy: inout PolicySyntax
  ) throws(ParseFailure) {
    switch word {
    case "on": policy.event = try parser.expectName(Phrase("an event", es: "un evento"))
    case "combine":
      policy.combine = try parser.expectName(
        Phrase("`sum`, `max` or `noisy_or`", es: "`sum`, `max` o `noisy_or`"))
      if parser.take(word: "cap") {
        policy.cap = Int(try parser.expectInt(Phrase("the cap", es: "el tope")))
      }
    case "exempt":
      try parser.expect(word: "when")
      policy.exempt = try parser.expression()
    case "decide": policy.bands.append(try band())
    case "otherwise": policy.otherwise = try outcome()
    case "on_error": policy.onError = try outcome()
    case "if_unavailable": policy.ifUnavailable = try outcome()
    case "outcomes": policy.outcomes = try names(Phrase("an outcome", es: "un resultado"))
    default: policy.owner = try parser.expectString(Phrase("the owner", es: "el responsable")).text
    }
  }

  private mutating func band() throws(ParseFailure) -> BandSyntax {
    let start = parser.current
    let name = try parser.expectName(
      Phrase("an outcome, like `hold`", es: "un resultado, como `hold`"))
    try parser.expect(word: "at")
    let threshold = try parser.expectInt(Phrase("the least score", es: "el puntaje mínimo"))
    let outcome = try outcomeSuffix(OutcomeSyntax(name: name, hold: nil, queue: nil))
    return BandSyntax(
      outcome: outcome, threshold: Int(threshold), span: parser.span(from: start))
  }
}
