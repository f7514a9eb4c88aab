public import Expressions

/// Parses the blocks of one file. After a mistake it goes on at the next clause or block, so that
/// one run reports every mistake once.
public struct RuleFileParser {
  var parser: SyntaxParser
  /// Collects the canonical text: blocks but tests, tokens with one space between.
  private var canonical: [UInt8] = []
  /// The blocks read so far, and what stands between the braces of the one being read.
  private var items: [RuleTreeNode] = []
  private var children: [RuleTreeNode] = []

  /// Parses a file; the findings are the lexer's and the parser's.
  public static func parse(
    _ source: SourceFile, file: Int
  ) -> (syntax: RuleFileSyntax, findings: [Diagnostic]) {
    var parser = RuleFileParser(parser: SyntaxParser(source: source, file: file))
    let syntax = parser.file(file)
    let findings = parser.parser.findings.sorted { $0.primary.span.start < $1.primary.span.start }
    return (syntax, findings)
  }

  /// Parses a file for whoever wants its text back.
  static func parseTree(
    _ source: SourceFile, file: Int
  ) -> (tree: RuleTree?, findings: [Diagnostic]) {
    var parser = RuleFileParser(parser: SyntaxParser(source: source, file: file))
    _ = parser.file(file)
    guard parser.parser.findings.isEmpty else {
      return (nil, parser.parser.findings.sorted { $0.primary.span.start < $1.primary.span.start })
    }
    return (RuleTree(source: source, tokens: parser.parser.tokens, items: parser.items), [])
  }

  private init(parser: SyntaxParser) {
    self.parser = parser
  }

  static let blockWords = [
    "module", "import", "enum", "entity", "identifier", "event", "list", "param", "link", "signal",
    "let", "reason", "rule", "policy", "test",
  ]

  private mutating func file(_ file: Int) -> RuleFileSyntax {
    var syntax = RuleFileSyntax(
      file: file, module: nil, imports: [], blocks: [], brokenNames: [], canonicalText: "")
    var endOfBlock: Int?
    while parser.current.kind != .endOfFile {
      let start = parser.position
      let blocks = syntax.blocks.count
      let isTest = parser.isAt(word: "test")
      children = []
      do throws(ParseFailure) {
        try block(into: &syntax)
        if !isTest { record(from: start) }
        let word = parser.text(parser.tokens[start])
        items.append(node(.item(word), from: start, children: children))
        endOfBlock = syntax.blocks.count > blocks ? parser.position : nil
      } catch {
        let name = parser.tokens[min(start + 1, parser.tokens.count - 1)]
        if name.kind == .identifier { syntax.brokenNames.insert(parser.text(name)) }
        let isBlock = RuleFileParser.blockWords.contains(parser.text(parser.tokens[start]))
        if !isBlock, !parser.tokens[start].startsLine, endOfBlock == start {
          // What follows a block on its line belongs to it, so the block is not what is meant.
          syntax.blocks.popLast().map { _ = syntax.brokenNames.insert($0.name) }
        }
        skipToBlock(after: start)
      }
    }
    syntax.canonicalText = String(decoding: canonical, as: UTF8.self)
    return syntax
  }

  /// A node of the lossless tree that ends before the current token.
  private func node(
    _ kind: RuleTreeNode.Kind, from start: Int, children: [RuleTreeNode] = []
  ) -> RuleTreeNode {
    RuleTreeNode(kind: kind, tokens: start..<parser.position, children: children)
  }

  /// Notes a clause or field of the block being read.
  mutating func noteChild(_ kind: RuleTreeNode.Kind, from start: Int) {
    children.append(node(kind, from: start))
  }

  private mutating func record(from start: Int) {
    if !canonical.isEmpty { canonical.append(UInt8(ascii: "\n")) }
    for position in start..<parser.position {
      let token = parser.tokens[position]
      if position > start { canonical.append(UInt8(ascii: " ")) }
      canonical += parser.source.bytes[token.start..<token.end]
    }
  }

  private mutating func block(into syntax: inout RuleFileSyntax) throws(ParseFailure) {
    let word = parser.current.kind == .identifier ? parser.text(parser.current) : ""
    guard RuleFileParser.blockWords.contains(word) else { throw unknownBlock(word) }
    parser.advance()
    switch word {
    case "module": syntax.module = try module()
    case "import": syntax.imports.append(try importLine())
    case "enum": syntax.blocks.append(.enumeration(try enumeration()))
    case "entity": syntax.blocks.append(.entity(try entity()))
    case "identifier": syntax.blocks.append(.identifier(try identifier()))
    case "event": syntax.blocks.append(.event(try event()))
    case "list": syntax.blocks.append(.list(try list()))
    case "param": syntax.blocks.append(.param(try param()))
    case "link": syntax.blocks.append(.link(try link()))
    case "signal": syntax.blocks.append(.signal(try signal()))
    // A let that asks the graph needs state, so it is a signal by another word.
    case "let" where asksGraph: syntax.blocks.append(.signal(try signal()))
    case "let": syntax.blocks.append(.derived(try derived()))
    case "reason": syntax.blocks.append(.reason(try reason()))
    case "rule": syntax.blocks.append(.rule(try rule()))
    case "policy": syntax.blocks.append(.policy(try policy()))
    default: syntax.blocks.append(.test(try test()))
    }
  }

  private mutating func unknownBlock(_ word: String) -> ParseFailure {
    if parser.position > 0, parser.tokens[parser.position - 1].kind == .int,
      !parser.current.startsLine
    {
      return parser.unexpected(
        Phrase("expected the end of the line", es: "se esperaba el fin de la línea"),
        help: Phrase(
          "durations are written like `90s`, `5m`, `2h`, `30d`, `1h30m`",
          es: "las duraciones se escriben como `90s`, `5m`, `2h`, `30d`, `1h30m`"))
    }
    return parser.unexpected(
      Phrase(
        "expected a block, like `signal` or `rule`",
        es: "se esperaba un bloque, como `signal` o `rule`"), of: RuleFileParser.blockWords)
  }

  /// Goes to the next line that starts a block; always past where the failed block began.
  private mutating func skipToBlock(after start: Int) {
    if parser.position == start { parser.advance() }
    while parser.current.kind != .endOfFile {
      let token = parser.current
      if token.startsLine, token.kind == .identifier,
        RuleFileParser.blockWords.contains(parser.text(token)),
        parser.peek().kind == .identifier || parser.peek().kind == .string,
        isFlushLeft(token)
      {
        return
      }
      parser.advance()
    }
  }

  /// Whether nothing stands before the token on its line: clauses inside blocks are indented.
  private func isFlushLeft(_ token: Token) -> Bool {
    token.start == 0 || parser.source.bytes[token.start - 1] == UInt8(ascii: "\n")
  }

  // MARK: Module and imports

  private mutating func module() throws(ParseFailure) -> ModuleSyntax {
    var name = try parser.expectName(Phrase("the module's name", es: "el nombre del módulo"))
    while parser.take(.dot) {
      let part = try parser.expectName(Phrase("a name after `.`", es: "un nombre después de `.`"))
      name = NameSyntax("\(name.text).\(part.text)", span: name.span.joined(with: part.span))
    }
    var version = ""
    if parser.take(word: "version") {
      version = try parser.expectString(Phrase("the version", es: "la versión")).text
    }
    return ModuleSyntax(name: name, version: version)
  }

  private mutating func importLine() throws(ParseFailure) -> ImportSyntax {
    let path = try parser.expectString(
      Phrase("the file to import", es: "el archivo que se importa"))
    var alias: NameSyntax?
    if parser.take(word: "as") {
      alias = try parser.expectName(Phrase("a name after `as`", es: "un nombre después de `as`"))
    }
    return ImportSyntax(path: path.text, span: path.span, alias: alias)
  }

  // MARK: Shared parts

  mutating func type(depth: Int = 0) throws(ParseFailure) -> TypeSyntax {
    guard depth < 4 else {
      throw parser.unexpected(
        Phrase("types nest at most 4 deep", es: "los tipos se anidan a lo más 4 niveles"))
    }
    let name = try parser.expectName(Phrase("a type", es: "un tipo"))
    var type = TypeSyntax(name: name, arguments: [], scale: nil, isOptional: false)
    if parser.isAt(.leftParenthesis) {
      let opener = parser.advance()
      if parser.current.kind == .int {
        type.scale = Int(try parser.expectInt(Phrase("digits", es: "dígitos")))
      } else {
        repeat {
          type.arguments.append(try self.type(depth: depth + 1))
        } while parser.take(.comma)
      }
      try parser.close(.rightParenthesis, opener)
    }
    type.isOptional = parser.take(.question)
    return type
  }

  mutating func duration(_ purpose: Phrase) throws(ParseFailure) -> DurationSyntax {
    let token = parser.current
    let microseconds = try parser.expectDuration(purpose)
    return DurationSyntax(microseconds: microseconds, span: parser.span(token))
  }

  /// `en "…" es "…"` in any order.
  mutating func localized() throws(ParseFailure) -> LocalizedSyntax {
    var text = LocalizedSyntax()
    while parser.current.kind == .identifier, parser.peek().kind == .string {
      if parser.take(word: "en") {
        text.english = try parser.expectString(Phrase("text", es: "texto"))
      } else if parser.take(word: "es") {
        text.spanish = try parser.expectString(Phrase("text", es: "texto"))
      } else {
        break
      }
    }
    if parser.isAt(word: "en") || parser.isAt(word: "es"), parser.peek().kind == .invalid {
      // The lexer has already said what is wrong with the text.
      throw ParseFailure()
    }
    if text.english == nil && text.spanish == nil {
      throw parser.unexpected(
        Phrase("expected `en \"…\"` and `es \"…\"`", es: "se esperaba `en \"…\"` y `es \"…\"`"))
    }
    return text
  }

  /// `{ clause clause … }`: calls `clause` with each clause's word until the block closes. A clause
  /// with a mistake is skipped and the next one is read; whether there was one.
  mutating func body(
    of kind: String, clauses: [String],
    _ clause: (inout RuleFileParser, _ word: String) throws(ParseFailure) -> Void
  ) throws(ParseFailure) -> Bool {
    var hasMistake = false
    let opener = parser.current
    guard parser.take(.leftBrace) else { throw unopened(kind) }
    var seen: [(word: String, token: Token)] = []
    while !parser.isAt(.rightBrace) {
      guard parser.current.kind != .endOfFile, !startsNextBlock() else {
        throw unclosed(opener)
      }
      let token = parser.current
      let start = parser.position
      do throws(ParseFailure) {
        let word = token.kind == .identifier ? parser.text(token) : ""
        guard clauses.contains(word) else { throw unknownClause(word, of: kind, clauses) }
        if let first = seen.first(where: { $0.word == word }) {
          guard RuleFileParser.repeatable.contains(word) else {
            throw repeated(word, first: first.token)
          }
        } else {
          seen.append((word, token))
        }
        parser.advance()
        try clause(&self, word)
        noteChild(.clause(word), from: start)
      } catch {
        hasMistake = true
        skipToClause(clauses)
      }
    }
    parser.advance()
    return hasMistake
  }

  /// Clauses that may stand more than once in a block.
  private static let repeatable: Set<String> = [
    "decide", "expect", "given", "with", "at", "repeat", "exempt",
  ]

  /// Whether a new block starts here although the last one was not closed.
  func startsNextBlock() -> Bool {
    let token = parser.current
    return token.startsLine && token.kind == .identifier && isFlushLeft(token)
      && RuleFileParser.blockWords.contains(parser.text(token))
  }

  private mutating func unopened(_ kind: String) -> ParseFailure {
    let end = parser.tokens[max(parser.position - 1, 0)].end
    return parser.unexpected(
      Phrase(
        "expected `{` to open the \(kind)", es: "se esperaba `{` para abrir el bloque \(kind)"),
      help: Phrase(
        "write `{` behind its name, and `}` at its end",
        es: "escribe `{` después de su nombre, y `}` al final"),
      edit: parser.current.startsLine
        ? SourceEdit(span: SourceSpan(file: parser.file, start: end, end: end), replacement: " {")
        : nil)
  }

  mutating func unclosed(_ opener: Token) -> ParseFailure {
    parser.fail(
      Diagnostic(
        .unclosedBracket, Phrase("this block is never closed", es: "este bloque nunca se cierra"),
        at: parser.span(opener), label: Phrase("opened here", es: "se abrió aquí"),
        secondary: [
          DiagnosticLabel(
            parser.span(parser.current),
            Phrase("expected `}` before this", es: "se esperaba `}` antes de esto"))
        ], help: Phrase("close it with `}`", es: "ciérralo con `}`"),
        edit: closing(opener)))
  }

  /// The brace behind the last token, on a line of its own; nil where nothing stands in the block.
  private func closing(_ opener: Token) -> SourceEdit? {
    let last = parser.tokens[max(parser.position - 1, 0)]
    guard last.end > opener.end else { return nil }
    let place = SourceSpan(file: parser.file, start: last.end, end: last.end)
    return SourceEdit(span: place, replacement: "\n}")
  }

  private mutating func unknownClause(
    _ word: String, of kind: String, _ clauses: [String]
  ) -> ParseFailure {
    guard !word.isEmpty else {
      return parser.unexpected(
        Phrase("expected a clause of the \(kind)", es: "se esperaba una cláusula de \(kind)"))
    }
    let near = Suggestion.nearest(to: word, among: clauses)
    if near == nil, isBehindNumber { return unitBehindNumber(word) }
    let known = clauses.joined(separator: ", ")
    let span = parser.span(parser.current)
    return parser.fail(
      Diagnostic(
        .unknownClause,
        Phrase(
          "a \(kind) has no clause `\(word)`",
          es: "un bloque \(kind) no tiene la cláusula `\(word)`"),
        at: span, note: Phrase("it may have: \(known)", es: "puede tener: \(known)"),
        help: near.map { Phrase("did you mean `\($0)`?", es: "¿quisiste decir `\($0)`?") },
        edit: near.map { SourceEdit(span: span, replacement: $0) }))
  }

  /// Whether a number stands before the current token on its line.
  private var isBehindNumber: Bool {
    guard !parser.current.startsLine, parser.position > 0 else { return false }
    switch parser.tokens[parser.position - 1].kind {
    case .int, .double: return true
    default: return false
    }
  }

  /// `1000 MXN`: the field has the unit, the number has none.
  private mutating func unitBehindNumber(_ word: String) -> ParseFailure {
    let number = parser.tokens[parser.position - 1]
    let place = SourceSpan(file: parser.file, start: number.end, end: parser.current.end)
    let text = parser.text(number)
    let isCurrency = word.utf8.count == 3 && word.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    return parser.unexpected(
      Phrase("expected the end of the condition", es: "se esperaba el fin de la condición"),
      help: isCurrency
        ? Phrase(
          "the field has the unit: write `\(text)` alone",
          es: "la unidad la tiene el campo: escribe solo `\(text)`") : nil,
      edit: isCurrency ? SourceEdit(span: place, replacement: "") : nil)
  }

  private mutating func repeated(_ word: String, first: Token) -> ParseFailure {
    parser.fail(
      Diagnostic(
        .repeatedClause, Phrase("`\(word)` stands twice", es: "`\(word)` aparece dos veces"),
        at: parser.span(parser.current),
        secondary: [
          DiagnosticLabel(parser.span(first), Phrase("first here", es: "primero aquí"))
        ], help: Phrase("keep one of them", es: "deja solo una")))
  }

  private mutating func skipToClause(_ clauses: [String]) {
    var depth = 0
    parser.advance()
    while parser.current.kind != .endOfFile, !startsNextBlock() {
      let token = parser.current
      if depth == 0 {
        if parser.isAt(.rightBrace) { return }
        if token.startsLine, token.kind == .identifier, clauses.contains(parser.text(token)) {
          return
        }
      }
      if parser.isAt(.leftBrace) { depth += 1 }
      if parser.isAt(.rightBrace) { depth -= 1 }
      parser.advance()
    }
  }
}
