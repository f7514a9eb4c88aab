/// The grammar of CEL expressions with the word aliases of rule files, by precedence, loosest
/// first.
extension SyntaxParser {
  /// Parses one expression; stops at the first token that cannot continue it.
  public mutating func expression() throws(ParseFailure) -> ExpressionSyntax {
    if depth == 0 { nodes = 0 }
    let parsed = try conditional()
    // What the lexer could not read may have gone on with the expression, so nothing is said of it.
    if current.kind == .invalid { throw ParseFailure() }
    guard isAt(.assign) else {
      // Brackets and conditionals add levels that no part counts.
      try countNode(over: parsed.levels - 1)
      return parsed
    }
    let sign = span(current)
    throw fail(
      Diagnostic(
        .assignmentForEquality,
        Phrase("`=` does not compare", es: "`=` no compara"), at: sign,
        label: Phrase("this gives a name a value", es: "esto le da un valor a un nombre"),
        help: Phrase("write `==` to compare", es: "escribe `==` para comparar"),
        edit: SourceEdit(span: sign, replacement: "==")))
  }

  private mutating func conditional() throws(ParseFailure) -> ExpressionSyntax {
    let condition = try disjunction()
    guard take(.question) else { return condition }
    let then = try nested { parser throws(ParseFailure) in try parser.disjunction() }
    try expect(
      .colon, Phrase("between the two values of `? :`", es: "entre los dos valores de `? :`"))
    let otherwise = try nested { parser throws(ParseFailure) in try parser.conditional() }
    return ExpressionSyntax(
      .conditional(condition, then: then, otherwise: otherwise),
      span: condition.span.joined(with: otherwise.span))
  }

  private mutating func disjunction() throws(ParseFailure) -> ExpressionSyntax {
    var left = try conjunction()
    while isAt(.or) || isAt(alias: "or") {
      advance()
      left = try binary(.or, left, try conjunction())
    }
    return left
  }

  private mutating func conjunction() throws(ParseFailure) -> ExpressionSyntax {
    var left = try negation()
    while isAt(.and) || isAt(alias: "and") {
      advance()
      left = try binary(.and, left, try negation())
    }
    return left
  }

  private mutating func negation() throws(ParseFailure) -> ExpressionSyntax {
    guard isAt(alias: "not") else { return try relation() }
    let start = advance()
    let operand = try nested { parser throws(ParseFailure) in try parser.negation() }
    return ExpressionSyntax(.unary(.not, operand), span: span(start).joined(with: operand.span))
  }

  private mutating func relation() throws(ParseFailure) -> ExpressionSyntax {
    var left = try sum()
    while true {
      if let comparison = comparison() {
        advance()
        left = try binary(comparison, left, try sum())
      } else if take(word: "in") {
        left = try binary(.isIn, left, try sum())
      } else if isAt(alias: "not") && isWord("in", ahead: 1) {
        advance()
        advance()
        left = try binary(.isNotIn, left, try sum())
      } else if isAt(alias: "is") {
        advance()
        let negated = take(word: "not")
        guard take(word: "missing") else { throw notMissing() }
        let end = tokens[position - 1]
        try countNode(over: left.levels)
        left = ExpressionSyntax(
          .isMissing(left, negated: negated), span: left.span.joined(with: span(end)))
      } else {
        return left
      }
    }
  }

  /// Something else than `missing` behind `is`: what other languages call it is replaced.
  private mutating func notMissing() -> ParseFailure {
    let isOtherWord =
      current.kind == .identifier && !current.startsLine
      && ["null", "nil", "none", "empty", "absent", "undefined"].contains(
        text(current).lowercased())
    let start = SourceSpan(file: file, start: current.start, end: current.start)
    return unexpected(
      Phrase("expected `missing`", es: "se esperaba `missing`"),
      help: isOtherWord ? Phrase("write `is missing`", es: "escribe `is missing`") : nil,
      edit: isOtherWord
        ? SourceEdit(span: span(current), replacement: "missing")
        : SourceEdit(span: start, replacement: "missing "))
  }

  private func comparison() -> BinaryOperator? {
    guard case .punctuation(let punctuation) = current.kind else { return nil }
    return switch punctuation {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    default: nil
    }
  }

  private mutating func sum() throws(ParseFailure) -> ExpressionSyntax {
    var left = try product()
    while isAt(.plus) || isAt(.minus) {
      let operation: BinaryOperator = isAt(.plus) ? .add : .subtract
      advance()
      left = try binary(operation, left, try product())
    }
    return left
  }

  private mutating func product() throws(ParseFailure) -> ExpressionSyntax {
    var left = try unary()
    while true {
      let operation: BinaryOperator
      if isAt(.star) {
        operation = .multiply
      } else if isAt(.slash) {
        operation = .divide
      } else if isAt(.percent) {
        operation = .remainder
      } else {
        return left
      }
      advance()
      left = try binary(operation, left, try unary())
    }
  }

  private mutating func unary() throws(ParseFailure) -> ExpressionSyntax {
    if isAt(.minus), peek().kind == .int {
      let start = advance()
      let number = advance()
      let value = try intValue(number, negative: true)
      return try suffixes(
        ExpressionSyntax(
          .literal(.int(value)), span: span(start).joined(with: span(number))))
    }
    if isAt(.minus) || isAt(.not) {
      let operation: UnaryOperator = isAt(.minus) ? .negate : .not
      let start = advance()
      let operand = try nested { parser throws(ParseFailure) in try parser.unary() }
      return ExpressionSyntax(
        .unary(operation, operand), span: span(start).joined(with: operand.span))
    }
    return try suffixes(try primary())
  }

  private mutating func suffixes(_ base: ExpressionSyntax) throws(ParseFailure) -> ExpressionSyntax
  {
    var result = base
    while true {
      try countNode(over: result.levels)
      if dialect == .standard {
        guard let next = try standardSuffix(result) else { return result }
        result = next
        continue
      }
      if take(.dot) {
        let name = try expectName(Phrase("a name after `.`", es: "un nombre después de `.`"))
        if isAt(.leftParenthesis) {
          let arguments = try arguments()
          result = ExpressionSyntax(
            .method(result, name, arguments), span: result.span.joined(with: lastSpan))
        } else {
          result = ExpressionSyntax(
            .member(result, name), span: result.span.joined(with: name.span))
        }
      } else if isAt(.leftBracket), !current.startsLine {
        let opener = advance()
        let index = try nested { parser throws(ParseFailure) in try parser.expression() }
        try close(.rightBracket, opener)
        result = ExpressionSyntax(
          .index(result, index), span: result.span.joined(with: lastSpan))
      } else {
        return result
      }
    }
  }

  private mutating func primary() throws(ParseFailure) -> ExpressionSyntax {
    let token = current
    switch token.kind {
    case .identifier: return try nameOrCall()
    case .int:
      return literal(.int(try intValue(advance(), negative: false)), token)
    case .uint:
      return literal(.uint(try uintValue(advance())), token)
    case .double:
      guard let value = Double(text(token).replacing("_", with: "")), value.isFinite else {
        throw outOfRange(token)
      }
      advance()
      return literal(.double(value, text: text(token)), token)
    case .duration: return literal(.duration(try durationValue(advance())), token)
    case .string: return literal(.string(try stringValue(advance())), token)
    case .bytes: return literal(.bytes(try bytesValue(advance())), token)
    case .punctuation(.leftParenthesis):
      advance()
      var inner = try nested { parser throws(ParseFailure) in try parser.expression() }
      try close(.rightParenthesis, token)
      inner.span = span(from: token)
      return inner
    case .punctuation(.dot) where dialect == .standard: return try rootName()
    case .punctuation(.leftBracket): return try list()
    case .punctuation(.leftBrace): return try map()
    default: throw unexpected(Phrase("expected a value", es: "se esperaba un valor"))
    }
  }

  private mutating func nameOrCall() throws(ParseFailure) -> ExpressionSyntax {
    let token = current
    let name = text(token)
    if name == "not" {
      // Where a sum or comparison wants an operand, `not` would reach too far.
      throw unexpected(
        Phrase("expected a value", es: "se esperaba un valor"),
        help: Phrase("put it in brackets: `(not …)`", es: "ponlo entre paréntesis: `(not …)`"))
    }
    if ["and", "or", "in", "is"].contains(name) {
      throw unexpected(Phrase("expected a value", es: "se esperaba un valor"))
    }
    advance()
    switch name {
    case "true", "false": return literal(.bool(name == "true"), token)
    case "null": return literal(.null, token)
    default: try refuseReserved(token)
    }
    guard isAt(.leftParenthesis) else { return ExpressionSyntax(.name(name), span: span(token)) }
    let arguments = try arguments()
    return ExpressionSyntax(
      .call(NameSyntax(name, span: span(token)), arguments), span: span(from: token))
  }

  /// `( a, b )`
  public mutating func arguments() throws(ParseFailure) -> [ExpressionSyntax] {
    let opener = advance()
    return try elements(until: .rightParenthesis, opener)
  }

  private mutating func list() throws(ParseFailure) -> ExpressionSyntax {
    let opener = advance()
    let elements = try elements(until: .rightBracket, opener, mayBeOptional: true)
    return ExpressionSyntax(.list(elements), span: span(from: opener))
  }

  private mutating func elements(
    until closer: Punctuation, _ opener: Token, mayBeOptional: Bool = false
  ) throws(ParseFailure) -> [ExpressionSyntax] {
    var elements: [ExpressionSyntax] = []
    while !isAt(closer) {
      let mark = current
      let isOptional = mayBeOptional && dialect == .standard && take(.question)
      let element = try nested { parser throws(ParseFailure) in try parser.expression() }
      elements.append(
        isOptional
          ? ExpressionSyntax(.optionalElement(element), span: span(from: mark)) : element)
      guard take(.comma) else { break }
      // Arguments end in an argument in CEL; rule files forgive the comma.
      if dialect == .standard && closer == .rightParenthesis && isAt(closer) {
        throw unexpected(Phrase("expected a value", es: "se esperaba un valor"))
      }
    }
    try close(closer, opener)
    return elements
  }

  private mutating func map() throws(ParseFailure) -> ExpressionSyntax {
    let opener = advance()
    var entries: [MapEntrySyntax] = []
    while !isAt(.rightBrace) {
      let isOptional = dialect == .standard && take(.question)
      let key = try nested { parser throws(ParseFailure) in try parser.expression() }
      try expect(.colon, Phrase("between key and value", es: "entre la clave y el valor"))
      let value = try nested { parser throws(ParseFailure) in try parser.expression() }
      entries.append(MapEntrySyntax(key: key, value: value, isOptional: isOptional))
      if !take(.comma) { break }
    }
    try close(.rightBrace, opener)
    return ExpressionSyntax(.map(entries), span: span(from: opener))
  }

  /// Takes the closing bracket or reports the opener.
  public mutating func close(_ closer: Punctuation, _ opener: Token) throws(ParseFailure) {
    if take(closer) { return }
    if current.kind == .invalid { throw ParseFailure() }
    throw fail(
      Diagnostic(
        .unclosedBracket,
        Phrase("`\(text(opener))` is not closed", es: "`\(text(opener))` no se cierra"),
        at: span(current),
        label: Phrase("expected `\(closer.rawValue)`", es: "se esperaba `\(closer.rawValue)`"),
        secondary: [DiagnosticLabel(span(opener), Phrase("opened here", es: "se abrió aquí"))]))
  }

  var lastSpan: SourceSpan { span(tokens[position - 1]) }

  private func literal(_ value: LiteralSyntax, _ token: Token) -> ExpressionSyntax {
    ExpressionSyntax(.literal(value), span: span(token))
  }

  private mutating func binary(
    _ operation: BinaryOperator, _ left: ExpressionSyntax, _ right: ExpressionSyntax
  ) throws(ParseFailure) -> ExpressionSyntax {
    try countNode(over: max(left.levels, right.levels))
    return ExpressionSyntax(
      .binary(operation, left, right), span: left.span.joined(with: right.span))
  }
}
