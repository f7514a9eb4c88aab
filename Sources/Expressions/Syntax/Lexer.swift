/// Cuts a text into tokens. Never fails: what it cannot read becomes an `invalid` token and a
/// finding.
public struct Lexer {
  private let bytes: ArraySlice<UInt8>
  private let file: Int
  private let dialect: ExpressionDialect
  private var offset: Int
  private var tokens: [Token] = []
  private var findings: [Diagnostic] = []

  /// The tokens of a file, the last one `endOfFile`, and what was wrong with it.
  public static func tokens(
    of source: SourceFile, file: Int, range: Range<Int>? = nil,
    dialect: ExpressionDialect = .rules
  ) -> (tokens: [Token], findings: [Diagnostic]) {
    let end = range?.upperBound ?? source.bytes.count
    var lexer = Lexer(
      bytes: source.bytes[..<end], file: file, offset: range?.lowerBound ?? 0, dialect: dialect)
    lexer.run()
    return (lexer.tokens, lexer.findings)
  }

  private init(bytes: ArraySlice<UInt8>, file: Int, offset: Int, dialect: ExpressionDialect) {
    self.bytes = bytes
    self.dialect = dialect
    self.offset = offset
    self.file = file
  }

  private mutating func run() {
    while true {
      let triviaStart = offset
      let startsLine = skipTrivia() || tokens.isEmpty
      let start = offset
      let kind = start < bytes.endIndex ? next() : .endOfFile
      tokens.append(
        Token(
          kind: kind, triviaStart: triviaStart, start: start, end: offset, startsLine: startsLine))
      if kind == .endOfFile { return }
    }
  }

  /// Skips white space and comments; whether a line ended among them.
  private mutating func skipTrivia() -> Bool {
    var sawNewline = false
    while offset < bytes.endIndex {
      switch bytes[offset] {
      case UInt8(ascii: "\n"):
        sawNewline = true
        offset += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0C: offset += 1
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
        while offset < bytes.endIndex && bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
      default: return sawNewline
      }
    }
    return sawNewline
  }

  private func peek(_ distance: Int) -> UInt8? {
    offset + distance < bytes.endIndex ? bytes[offset + distance] : nil
  }

  private mutating func next() -> TokenKind {
    let byte = bytes[offset]
    if isDigit(byte) || byte == UInt8(ascii: ".") && isDigit(peek(1) ?? 0) { return number() }
    if let prefix = stringPrefixLength() { return string(prefix: prefix) }
    if isWordStart(byte) {
      while offset < bytes.endIndex && isWordPart(bytes[offset]) { offset += 1 }
      return .identifier
    }
    if byte == UInt8(ascii: "`"), dialect == .standard, let end = quotedNameEnd() {
      offset = end
      return .quotedIdentifier
    }
    return sign()
  }

  /// Where a name between back-ticks ends, if it is one: letters, digits, `_ . - /` and space.
  private func quotedNameEnd() -> Int? {
    var end = offset + 1
    while end < bytes.endIndex, bytes[end] != UInt8(ascii: "`") {
      let isSign = "-./ ".utf8.contains(bytes[end])
      guard isWordPart(bytes[end]) || isSign else { return nil }
      end += 1
    }
    return end < bytes.endIndex && end > offset + 1 ? end + 1 : nil
  }

  // MARK: Numbers

  private mutating func number() -> TokenKind {
    if dialect == .rules, let end = durationEnd() {
      offset = end
      return .duration
    }
    let start = offset
    if bytes[offset] == UInt8(ascii: "0"), let x = peek(1), x | 0x20 == UInt8(ascii: "x") {
      offset += 2
      while offset < bytes.endIndex && isHexDigit(bytes[offset]) { offset += 1 }
      return finishNumber(start, .int)
    }
    var kind = TokenKind.int
    skipDigits()
    if peek(0) == UInt8(ascii: "."), isDigit(peek(1) ?? 0) {
      kind = .double
      offset += 1
      skipDigits()
    }
    if let e = peek(0), e | 0x20 == UInt8(ascii: "e") {
      let sign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-") ? 1 : 0
      if isDigit(peek(1 + sign) ?? 0) {
        kind = .double
        offset += 1 + sign
        skipDigits()
      }
    }
    return finishNumber(start, kind)
  }

  private mutating func finishNumber(_ start: Int, _ kind: TokenKind) -> TokenKind {
    var kind = kind
    if kind == .int, let u = peek(0), u | 0x20 == UInt8(ascii: "u") {
      offset += 1
      kind = .uint
    }
    guard let byte = peek(0), isWordPart(byte) else { return kind }
    while offset < bytes.endIndex && isWordPart(bytes[offset]) { offset += 1 }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    let number = text.prefix { $0.isNumber }
    let meant =
      dialect == .rules
      ? DurationText.meant(String(number), String(text[number.endIndex...])) : nil
    report(
      .invalidLiteral,
      Phrase(
        "`\(text)` is neither a number nor a duration",
        es: "`\(text)` no es un número ni una duración"),
      start,
      help: meant.map { Phrase("write `\($0.text)`", es: "escribe `\($0.text)`") }
        ?? Phrase(
          "durations are written like `90s`, `5m`, `2h`, `30d`, `1h30m`",
          es: "las duraciones se escriben como `90s`, `5m`, `2h`, `30d`, `1h30m`"),
      edit: meant.flatMap { $0.isExact ? $0.text : nil })
    return .invalid
  }

  private mutating func skipDigits() {
    while offset < bytes.endIndex
      && (isDigit(bytes[offset])
        || dialect == .rules && bytes[offset] == UInt8(ascii: "_"))
    {
      offset += 1
    }
  }

  /// Where a duration that starts here ends, if one does.
  private func durationEnd() -> Int? {
    var end = offset
    while end < bytes.endIndex && isDigit(bytes[end]) {
      while end < bytes.endIndex && isDigit(bytes[end]) { end += 1 }
      guard let unit = DurationText.unit(at: end, in: bytes) else { return nil }
      end += unit.length
    }
    // `.5` starts with no digit, and is no duration.
    if end == offset { return nil }
    return end < bytes.endIndex && isWordPart(bytes[end]) ? nil : end
  }

  // MARK: Strings

  /// Length of `r`, `b`, `rb`, `br` before a quote, in any case; nil when no string starts here.
  private func stringPrefixLength() -> Int? {
    for length in 0...2 {
      guard let byte = peek(length) else { return nil }
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { return length }
      let lower = byte | 0x20
      if lower != UInt8(ascii: "r") && lower != UInt8(ascii: "b") { return nil }
      if length == 1, lower == bytes[offset] | 0x20 { return nil }
    }
    return nil
  }

  private mutating func string(prefix: Int) -> TokenKind {
    let start = offset
    let isRaw = bytes[start..<start + prefix].contains { $0 | 0x20 == UInt8(ascii: "r") }
    let isBytes = bytes[start..<start + prefix].contains { $0 | 0x20 == UInt8(ascii: "b") }
    let quote = bytes[start + prefix]
    offset = start + prefix
    let isTriple = peek(1) == quote && peek(2) == quote
    offset += isTriple ? 3 : 1
    while offset < bytes.endIndex {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\n") && !isTriple { break }
      if byte == UInt8(ascii: "\r") && !isTriple && dialect == .standard { break }
      if byte == UInt8(ascii: "\\") && !isRaw && offset + 1 < bytes.endIndex
        && (isTriple || bytes[offset + 1] != UInt8(ascii: "\n"))
      {
        offset += 2
      } else if byte == quote && (!isTriple || peek(1) == quote && peek(2) == quote) {
        offset += isTriple ? 3 : 1
        return isBytes ? .bytes : .string
      } else {
        offset += 1
      }
    }
    report(
      .unterminatedString, Phrase("this string is never closed", es: "esta cadena nunca se cierra"),
      start,
      help: Phrase(
        "add the closing `\(Character(Unicode.Scalar(quote)))`",
        es: "agrega el `\(Character(Unicode.Scalar(quote)))` de cierre"),
      edit: isTriple ? nil : closed(start, quote))
    return .invalid
  }

  /// A string that its line ends, with its quote.
  private func closed(_ start: Int, _ quote: UInt8) -> String {
    var text = bytes[start..<offset]
    while let last = text.last, last <= UInt8(ascii: " ") { text.removeLast() }
    return String(decoding: text + [quote], as: UTF8.self)
  }

  // MARK: Signs

  private mutating func sign() -> TokenKind {
    if let second = peek(1), let punctuation = Punctuation(bytes[offset], second) {
      offset += 2
      return .punctuation(punctuation)
    }
    if let punctuation = Punctuation(bytes[offset]) {
      offset += 1
      return .punctuation(punctuation)
    }
    return invalidCharacter(offset)
  }

  private mutating func invalidCharacter(_ start: Int) -> TokenKind {
    offset += 1
    while offset < bytes.endIndex && bytes[offset] & 0xC0 == 0x80 { offset += 1 }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if SmartQuotes.all.contains(text) {
      return smartQuotes(start)
    } else {
      report(
        .invalidCharacter,
        Phrase("`\(text)` has no meaning here", es: "`\(text)` no significa nada aquí"), start,
        help: Lexer.advice[text],
        edit: dialect == .rules ? Lexer.meant[text] : nil)
    }
    return .invalid
  }

  /// What people mean by signs of other languages.
  private static let advice: [String: Phrase] = [
    "#": Phrase("a comment starts with `//`", es: "un comentario empieza con `//`"),
    "&": Phrase("write `and`", es: "escribe `and`"),
    "|": Phrase("write `or`", es: "escribe `or`"),
    "≥": Phrase("write `>=`", es: "escribe `>=`"),
    "≤": Phrase("write `<=`", es: "escribe `<=`"),
    "≠": Phrase("write `!=`", es: "escribe `!=`"),
    "–": Phrase("write a plain `-`", es: "escribe un `-` sencillo"),
    "—": Phrase("write a plain `-`", es: "escribe un `-` sencillo"),
  ]

  /// What is written in their place.
  private static let meant: [String: String] = [
    "&": "and", "|": "or", "≥": ">=", "≤": "<=", "≠": "!=", "–": "-", "—": "-", "#": "//",
  ]

  /// A text between typographic quotes is read as the string that is meant, so that nothing else is
  /// said of it; a quote on its own is not.
  private mutating func smartQuotes(_ start: Int) -> TokenKind {
    let quote = String(decoding: bytes[start..<offset], as: UTF8.self)
    var end = offset
    while end < bytes.endIndex, bytes[end] != UInt8(ascii: "\n") {
      if let length = SmartQuotes.length(at: end, in: bytes) {
        let inner = String(decoding: bytes[offset..<end], as: UTF8.self)
        offset = end + length
        reportQuotes(quote, start, replacement: "\"\(inner)\"")
        return .string
      }
      end += 1
    }
    reportQuotes(quote, start, replacement: "\"")
    return .invalid
  }

  private mutating func reportQuotes(_ quote: String, _ start: Int, replacement: String) {
    let span = SourceSpan(file: file, start: start, end: offset)
    findings.append(
      Diagnostic(
        .smartQuotes,
        Phrase("typographic quote `\(quote)`", es: "comilla tipográfica `\(quote)`"), at: span,
        label: Phrase("a word processor put this here", es: "la puso un procesador de texto"),
        help: Phrase("write straight quotes: `\"…\"`", es: "escribe comillas rectas: `\"…\"`"),
        edit: SourceEdit(span: span, replacement: replacement)))
  }

  private mutating func report(
    _ code: DiagnosticCode, _ title: Phrase, _ start: Int, help: Phrase? = nil,
    edit replacement: String? = nil
  ) {
    let span = SourceSpan(file: file, start: start, end: offset)
    findings.append(
      Diagnostic(
        code, title, at: span, help: help,
        edit: replacement.map { SourceEdit(span: span, replacement: $0) }))
  }
}

/// The quotes word processors put in place of `"` and `'`.
enum SmartQuotes {
  static let all: [String] = ["“", "”", "„", "«", "»", "‘", "’"]

  /// Bytes of the quote that stands at an offset; nil when none does.
  static func length(at offset: Int, in bytes: ArraySlice<UInt8>) -> Int? {
    all.first { bytes[offset...].starts(with: $0.utf8) }?.utf8.count
  }
}

func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

func isHexDigit(_ byte: UInt8) -> Bool {
  isDigit(byte) || byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f")
}

func isWordStart(_ byte: UInt8) -> Bool {
  byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") || byte == UInt8(ascii: "_")
}

func isWordPart(_ byte: UInt8) -> Bool { isWordStart(byte) || isDigit(byte) }
