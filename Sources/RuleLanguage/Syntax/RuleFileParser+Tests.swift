internal import Expressions

/// Test blocks.
extension RuleFileParser {
  mutating func test() throws(ParseFailure) -> TestSyntax {
    let title = try parser.expectString(
      Phrase("a sentence that names the test", es: "una frase que nombre la prueba"))
    var steps: [TestStepSyntax] = []
    let clauses = ["starting", "given", "with", "at", "repeat", "expect"]
    let hasMistake = try body(of: "test", clauses: clauses) { file, word throws(ParseFailure) in
      steps.append(try file.step(word))
    }
    return TestSyntax(
      title: title.text, titleSpan: title.span, steps: steps, hasMistake: hasMistake)
  }

  private mutating func step(_ word: String) throws(ParseFailure) -> TestStepSyntax {
    switch word {
    case "starting":
      let time = try parser.expectString(Phrase("a time", es: "una fecha y hora"))
      return .starting(text: time.text, span: time.span)
    case "given": return .given(try recordValue())
    case "with":
      let name = try parser.expectName(Phrase("a list or param", es: "una lista o parámetro"))
      try parser.expect(.assign, Phrase("and the value", es: "y el valor"))
      return .with(name, try parser.expression())
    case "at":
      let time = try duration(Phrase("the time since the start", es: "el tiempo desde el inicio"))
      return .at(time, try recordValue())
    case "repeat": return try repetition()
    default:
      let start = parser.current
      let expectation = try expectation()
      return .expect(expectation, span: parser.span(from: start))
    }
  }

  private mutating func repetition() throws(ParseFailure) -> TestStepSyntax {
    let token = parser.current
    let count = try parser.expectInt(Phrase("how often", es: "cuántas veces"))
    guard (1...100_000).contains(count) else {
      throw parser.fail(
        Diagnostic(
          .invalidLiteral,
          Phrase("a test repeats 1 to 100000 times", es: "una prueba repite de 1 a 100000 veces"),
          at: parser.span(token)))
    }
    try parser.expect(word: "as")
    let variable = try parser.expectName(Phrase("the counter's name", es: "el nombre del contador"))
    try parser.expect(word: "every")
    let step = try duration(Phrase("the time between events", es: "el tiempo entre eventos"))
    return .repeated(Int(count), variable: variable, every: step, try recordValue())
  }

  /// `referral{ referral_id: "r1", reward: 250 }`
  private mutating func recordValue() throws(ParseFailure) -> RecordSyntax {
    let type = try parser.expectName(Phrase("an event or entity", es: "un evento o entidad"))
    let opener = parser.current
    try parser.expect(.leftBrace, Phrase("to open its fields", es: "para abrir sus campos"))
    var fields: [(name: NameSyntax, value: ExpressionSyntax)] = []
    while !parser.isAt(.rightBrace) {
      guard !startsNextBlock() else { throw unclosed(opener) }
      let name = try parser.expectName(Phrase("a field", es: "un campo"))
      try parser.expect(.colon, Phrase("and a value", es: "y un valor"))
      fields.append((name, try parser.expression()))
      if !parser.take(.comma) { break }
    }
    try parser.close(.rightBrace, opener)
    return RecordSyntax(type: type, fields: fields)
  }

  private mutating func expectation() throws(ParseFailure) -> ExpectationSyntax {
    if parser.take(word: "signal") {
      let name = try parser.expectName(Phrase("a signal", es: "una señal"))
      if parser.take(word: "is") {
        let isMissing = !parser.take(word: "not")
        try parser.expect(word: "missing")
        return .signalMissing(name, isMissing: isMissing)
      }
      return .signal(name, try comparison(), try parser.expression())
    }
    if parser.take(word: "rule") {
      let name = try parser.expectName(Phrase("a rule", es: "una regla"))
      for outcome in ["fires", "silent", "unknown", "error"] where parser.take(word: outcome) {
        return .rule(name, outcome: outcome)
      }
      throw parser.unexpected(
        Phrase(
          "expected `fires`, `silent`, `unknown` or `error`",
          es: "se esperaba `fires`, `silent`, `unknown` o `error`"),
        of: ["fires", "silent", "unknown", "error"])
    }
    if parser.take(word: "score") { return .score(try comparison(), try parser.expression()) }
    if parser.take(word: "decision") {
      return .decision(try parser.expectName(Phrase("an outcome", es: "un resultado")))
    }
    if parser.take(word: "reasons") { return .reasons(try reasonCodes()) }
    throw parser.unexpected(
      Phrase(
        "expected `signal`, `rule`, `score`, `decision` or `reasons`",
        es: "se esperaba `signal`, `rule`, `score`, `decision` o `reasons`"),
      of: ["signal", "rule", "score", "decision", "reasons"])
  }

  private mutating func comparison() throws(ParseFailure) -> BinaryOperator {
    let signs: [(Punctuation, BinaryOperator)] = [
      (.equal, .equal), (.notEqual, .notEqual), (.less, .less), (.lessOrEqual, .lessOrEqual),
      (.greater, .greater), (.greaterOrEqual, .greaterOrEqual),
    ]
    for (sign, operation) in signs where parser.take(sign) { return operation }
    throw parser.unexpected(
      Phrase("expected a comparison, like `==`", es: "se esperaba una comparación, como `==`"))
  }

  private mutating func reasonCodes() throws(ParseFailure) -> [NameSyntax] {
    let opener = parser.current
    try parser.expect(.leftBracket, Phrase("to open the codes", es: "para abrir los códigos"))
    var codes: [NameSyntax] = []
    while !parser.isAt(.rightBracket) {
      let code = try parser.expectString(Phrase("a reason code", es: "un código de motivo"))
      codes.append(NameSyntax(code.text, span: code.span))
      if !parser.take(.comma) { break }
    }
    try parser.close(.rightBracket, opener)
    return codes
  }
}
