internal import Model

/// What only the standard dialect has: leading dots, messages, optional access, quoted names.
extension SyntaxParser {
  /// Words that are no identifiers.
  static let reservedWords: Set<String> = [
    "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
    "loop", "package", "namespace", "return", "var", "void", "while",
  ]

  /// Words that are not even selectors.
  static let words: Set<String> = ["true", "false", "null", "in"]

  /// Refuses a reserved word in place of a name.
  mutating func refuseReserved(_ token: Token) throws(ParseFailure) {
    guard dialect == .standard, SyntaxParser.reservedWords.contains(text(token)) else { return }
    throw reserved(token)
  }

  private mutating func reserved(_ token: Token) -> ParseFailure {
    fail(
      Diagnostic(
        .unexpectedToken,
        Phrase("`\(text(token))` is a reserved word", es: "`\(text(token))` es palabra reservada"),
        at: span(token)))
  }

  /// `.name` or `.name(…)`: a name that is looked up outside the container.
  mutating func rootName() throws(ParseFailure) -> ExpressionSyntax {
    let dot = advance()
    let name = try expectName(Phrase("a name after `.`", es: "un nombre después de `.`"))
    let token = tokens[position - 1]
    if SyntaxParser.words.contains(name.text) { throw reserved(token) }
    try refuseReserved(token)
    let rooted = NameSyntax("." + name.text, span: span(from: dot))
    guard isAt(.leftParenthesis) else {
      return ExpressionSyntax(.name(rooted.text), span: rooted.span)
    }
    let arguments = try arguments()
    return ExpressionSyntax(.call(rooted, arguments), span: span(from: dot))
  }

  /// The expression continued by `.name`, `.?name`, `[i]`, `[?i]` or `{…}`; nil when nothing
  /// follows.
  mutating func standardSuffix(
    _ base: ExpressionSyntax
  ) throws(ParseFailure) -> ExpressionSyntax? {
    if take(.dot) { return try selection(base) }
    if isAt(.leftBracket) {
      let opener = advance()
      let isOptional = take(.question)
      let index = try nested { parser throws(ParseFailure) in try parser.expression() }
      try close(.rightBracket, opener)
      return ExpressionSyntax(
        isOptional ? .optionalIndex(base, index) : .index(base, index),
        span: base.span.joined(with: lastSpan))
    }
    guard isAt(.leftBrace), let name = SyntaxParser.qualifiedName(base) else { return nil }
    return try message(NameSyntax(name, span: base.span))
  }

  private mutating func selection(
    _ base: ExpressionSyntax
  ) throws(ParseFailure) -> ExpressionSyntax {
    let isOptional = take(.question)
    let name = try selector()
    if !isOptional && isAt(.leftParenthesis) && tokens[position - 1].kind == .identifier {
      let arguments = try arguments()
      return ExpressionSyntax(
        .method(base, name, arguments), span: base.span.joined(with: lastSpan))
    }
    return ExpressionSyntax(
      isOptional ? .optionalMember(base, name) : .member(base, name),
      span: base.span.joined(with: name.span))
  }

  private mutating func selector() throws(ParseFailure) -> NameSyntax {
    if current.kind == .quotedIdentifier {
      let token = advance()
      return NameSyntax(String(text(token).dropFirst().dropLast()), span: span(token))
    }
    let name = try expectName(Phrase("a name after `.`", es: "un nombre después de `.`"))
    if SyntaxParser.words.contains(name.text) { throw reserved(tokens[position - 1]) }
    return name
  }

  private mutating func message(_ name: NameSyntax) throws(ParseFailure) -> ExpressionSyntax {
    let opener = advance()
    var fields: [FieldSyntax] = []
    while !isAt(.rightBrace) {
      let isOptional = take(.question)
      let field = try selector()
      try expect(.colon, Phrase("between field and value", es: "entre el campo y el valor"))
      let value = try nested { parser throws(ParseFailure) in try parser.expression() }
      fields.append(FieldSyntax(name: field, value: value, isOptional: isOptional))
      if !take(.comma) { break }
    }
    try close(.rightBrace, opener)
    return ExpressionSyntax(
      .message(name, fields), span: name.span.joined(with: lastSpan))
  }

  /// `a.b.c` as one text; nil for anything else.
  static func qualifiedName(_ expression: ExpressionSyntax) -> String? {
    switch expression.kind {
    case .name(let name): name
    case .member(let base, let name): qualifiedName(base).map { "\($0).\(name.text)" }
    default: nil
    }
  }
}
