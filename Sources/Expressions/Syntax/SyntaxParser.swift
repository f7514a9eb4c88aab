internal import Model

/// Thrown to leave a construct whose finding is already recorded.
public struct ParseFailure: Error {
  /// Creates a failure.
  public init() {}
}

/// Walks the tokens of one file. Expressions are parsed here; a language with other constructs
/// extends it, so that both share one token stream.
public struct SyntaxParser {
  /// All tokens, the last one `endOfFile`.
  public let tokens: [Token]
  /// The file the tokens lie in.
  public let source: SourceFile
  /// The file's position in the source map.
  public let file: Int
  /// How expressions are written.
  public let dialect: ExpressionDialect
  /// What was wrong so far, the lexer's findings included.
  public var findings: [Diagnostic]
  /// Position of the token that is looked at.
  public private(set) var position = 0
  private(set) var depth = 0
  /// Parts of the expression being parsed. Chains like `a + a + …` nest without brackets, and
  /// whoever walks the tree recurses once per part.
  var nodes = 0

  /// Cuts the file into tokens and stands before the first.
  public init(source: SourceFile, file: Int, dialect: ExpressionDialect = .rules) {
    self.source = source
    self.file = file
    self.dialect = dialect
    (tokens, findings) = Lexer.tokens(of: source, file: file, dialect: dialect)
  }

  /// Cuts a part of a file, such as the hole of a text.
  public init(source: SourceFile, file: Int, range: Range<Int>) {
    self.source = source
    self.file = file
    dialect = .rules
    (tokens, findings) = Lexer.tokens(of: source, file: file, range: range)
  }

  // MARK: Looking

  /// The token that is looked at.
  public var current: Token { tokens[position] }

  /// The token `distance` further on, or the end of the file.
  public func peek(_ distance: Int = 1) -> Token {
    tokens[min(position + distance, tokens.count - 1)]
  }

  /// The text of a token.
  public func text(_ token: Token) -> String { source.text(token.start..<token.end) }

  /// The place of a token.
  public func span(_ token: Token) -> SourceSpan {
    SourceSpan(file: file, start: token.start, end: token.end)
  }

  /// The place from a token to the last one taken.
  public func span(from start: Token) -> SourceSpan {
    let end = position > 0 ? tokens[position - 1].end : start.end
    return SourceSpan(file: file, start: start.start, end: max(end, start.start))
  }

  /// Whether the current token is this sign.
  public func isAt(_ punctuation: Punctuation) -> Bool {
    current.kind == .punctuation(punctuation)
  }

  /// Whether the current token is this word.
  public func isAt(word: String) -> Bool {
    current.kind == .identifier && isText(current, word)
  }

  /// Whether the current token is a word that rule files write for a sign.
  func isAt(alias word: String) -> Bool { dialect == .rules && isAt(word: word) }

  /// Whether the token `distance` further on is this word.
  public func isWord(_ word: String, ahead distance: Int) -> Bool {
    let token = peek(distance)
    return token.kind == .identifier && isText(token, word)
  }

  /// Whether a token is written so; asked often, so no text is made.
  private func isText(_ token: Token, _ word: String) -> Bool {
    token.end - token.start == word.utf8.count
      && source.bytes[token.start..<token.end].elementsEqual(word.utf8)
  }

  // MARK: Taking

  /// Takes the current token; stays at the end of the file.
  @discardableResult
  public mutating func advance() -> Token {
    let token = current
    if position < tokens.count - 1 { position += 1 }
    return token
  }

  /// Takes the sign if it is there.
  public mutating func take(_ punctuation: Punctuation) -> Bool {
    guard isAt(punctuation) else { return false }
    advance()
    return true
  }

  /// Takes the word if it is there.
  public mutating func take(word: String) -> Bool {
    guard isAt(word: word) else { return false }
    advance()
    return true
  }

  /// Takes the sign or reports that `purpose` expects it.
  public mutating func expect(_ punctuation: Punctuation, _ purpose: Phrase) throws(ParseFailure) {
    guard !take(punctuation) else { return }
    throw unexpected(
      Phrase(
        "expected `\(punctuation.rawValue)` \(purpose.english)",
        es: "se esperaba `\(punctuation.rawValue)` \(purpose.spanish)"))
  }

  /// Takes the word or reports it.
  public mutating func expect(word: String) throws(ParseFailure) {
    guard !take(word: word) else { return }
    let start = SourceSpan(file: file, start: current.start, end: current.start)
    throw unexpected(
      Phrase("expected `\(word)`", es: "se esperaba `\(word)`"),
      edit: SourceEdit(span: start, replacement: "\(word) "))
  }

  /// Takes a name or reports that `purpose` expects one.
  public mutating func expectName(_ purpose: Phrase) throws(ParseFailure) -> NameSyntax {
    guard current.kind == .identifier else {
      throw unexpected(
        Phrase("expected \(purpose.english)", es: "se esperaba \(purpose.spanish)"))
    }
    let token = advance()
    return NameSyntax(text(token), span: span(token))
  }

  /// Takes a string and gives its text, or reports that `purpose` expects one.
  public mutating func expectString(
    _ purpose: Phrase
  ) throws(ParseFailure) -> (text: String, span: SourceSpan) {
    guard current.kind == .string else {
      throw unexpected(
        Phrase(
          "expected \(purpose.english) in quotes",
          es: "se esperaba \(purpose.spanish) entre comillas"),
        help: current.kind == .identifier
          ? Phrase("write `\"\(text(current))\"`", es: "escribe `\"\(text(current))\"`") : nil,
        edit: current.kind == .identifier && !current.startsLine
          ? SourceEdit(span: span(current), replacement: "\"\(text(current))\"") : nil)
    }
    let token = advance()
    return (try stringValue(token), span(token))
  }

  /// Takes a duration and gives its microseconds.
  public mutating func expectDuration(_ purpose: Phrase) throws(ParseFailure) -> Int64 {
    guard current.kind == .duration else {
      let isCounted = current.kind == .int && peek().kind == .identifier && !peek().startsLine
      let meant = isCounted ? DurationText.meant(text(current), text(peek())) : nil
      throw unexpected(
        Phrase(
          "expected \(purpose.english), like `90s` or `30d`",
          es: "se esperaba \(purpose.spanish), como `90s` o `30d`"),
        help: meant.map { Phrase("write `\($0.text)`", es: "escribe `\($0.text)`") },
        edit: meant.flatMap { meant in
          meant.isExact
            ? SourceEdit(span: span(current).joined(with: span(peek())), replacement: meant.text)
            : nil
        })
    }
    return try durationValue(advance())
  }

  /// Takes a whole number.
  public mutating func expectInt(_ purpose: Phrase) throws(ParseFailure) -> Int64 {
    guard current.kind == .int else {
      throw unexpected(
        Phrase(
          "expected \(purpose.english), a whole number",
          es: "se esperaba \(purpose.spanish), un número entero"))
    }
    return try intValue(advance(), negative: false)
  }

  // MARK: Reporting

  /// Records that the current token does not belong here.
  public mutating func unexpected(
    _ expectation: Phrase, help: Phrase? = nil, edit: SourceEdit? = nil
  ) -> ParseFailure {
    let token = current
    // The lexer has already said what is wrong with an invalid token.
    if token.kind == .invalid { return ParseFailure() }
    let found =
      token.kind == .endOfFile
      ? Phrase("the end of the file", es: "el fin del archivo")
      : Phrase("`\(text(token))`", es: "`\(text(token))`")
    findings.append(
      Diagnostic(
        .unexpectedToken,
        Phrase("unexpected \(found.english)", es: "\(found.spanish) no va aquí"),
        at: span(token), label: expectation, help: help, edit: edit))
    return ParseFailure()
  }

  /// Records that another word was expected; where the one that stands there is near to one of
  /// them, that one is the way out.
  public mutating func unexpected(
    _ expectation: Phrase, of words: [String]
  ) -> ParseFailure {
    let near =
      current.kind == .identifier ? Suggestion.nearest(to: text(current), among: words) : nil
    return unexpected(
      expectation,
      help: near.map { Phrase("did you mean `\($0)`?", es: "¿quisiste decir `\($0)`?") },
      edit: near.map { SourceEdit(span: span(current), replacement: $0) })
  }

  /// Records a finding and gives the failure to throw.
  public mutating func fail(_ diagnostic: Diagnostic) -> ParseFailure {
    findings.append(diagnostic)
    return ParseFailure()
  }

  /// Runs `body` one level deeper, refusing what is nested too deep.
  public mutating func nested<Result>(
    _ body: (inout SyntaxParser) throws(ParseFailure) -> Result
  ) throws(ParseFailure) -> Result {
    guard depth < Limits.nesting else {
      throw fail(
        Diagnostic(
          .nestingTooDeep,
          Phrase(
            "nested more than \(Limits.nesting) levels deep",
            es: "anidado a más de \(Limits.nesting) niveles"), at: span(current),
          help: Phrase(
            "name a part with `let` and use the name",
            es: "dale nombre a una parte con `let` y usa el nombre")))
    }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  /// Counts a part of the expression that stands over `levels` others, refusing one that is too
  /// long or too deep to walk.
  mutating func countNode(over levels: Int) throws(ParseFailure) {
    nodes += 1
    let help = Phrase(
      "use a list with `in`, or name parts with `let`",
      es: "usa una lista con `in`, o dale nombre a las partes con `let`")
    guard nodes <= Limits.expressionParts else {
      throw fail(
        Diagnostic(
          .expressionTooLong,
          Phrase(
            "an expression of more than \(Limits.expressionParts) parts",
            es: "una expresión de más de \(Limits.expressionParts) partes"), at: span(current),
          help: help))
    }
    guard levels < Limits.expressionLevels else {
      throw fail(
        Diagnostic(
          .nestingTooDeep,
          Phrase(
            "an expression of more than \(Limits.expressionLevels) levels",
            es: "una expresión de más de \(Limits.expressionLevels) niveles"), at: span(current),
          note: Phrase("each `or`, `and`, `+` adds one", es: "cada `or`, `and`, `+` agrega uno"),
          help: help))
    }
  }

  /// Skips to the matching closing bracket of an opener just taken, or to the end of the file.
  public mutating func skipBalanced() {
    var open = 1
    while current.kind != .endOfFile {
      switch current.kind {
      case .punctuation(.leftBrace), .punctuation(.leftBracket), .punctuation(.leftParenthesis):
        open += 1
      case .punctuation(.rightBrace), .punctuation(.rightBracket), .punctuation(.rightParenthesis):
        open -= 1
      default: break
      }
      advance()
      if open == 0 { return }
    }
  }
}
