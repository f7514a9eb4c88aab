extension SyntaxParser {
  /// The text of a string token.
  public mutating func stringValue(_ token: Token) throws(ParseFailure) -> String {
    do throws(LiteralReader.BadEscape) {
      return try LiteralReader.string(source.bytes[token.start..<token.end])
    } catch {
      throw badEscape(error, token)
    }
  }

  /// The bytes of a bytes token.
  mutating func bytesValue(_ token: Token) throws(ParseFailure) -> [UInt8] {
    do throws(LiteralReader.BadEscape) {
      return try LiteralReader.bytes(source.bytes[token.start..<token.end])
    } catch {
      throw badEscape(error, token)
    }
  }

  private mutating func badEscape(
    _ escape: LiteralReader.BadEscape, _ token: Token
  ) -> ParseFailure {
    let start = token.start + escape.offset
    let span = SourceSpan(file: file, start: start, end: min(start + escape.length, token.end))
    return fail(
      Diagnostic(
        .invalidLiteral,
        Phrase("this escape cannot be read", es: "esta secuencia de escape no se puede leer"),
        at: span,
        help: Phrase(
          "write `\\\\` for a backslash, or put `r` before the quote: r\"\\d+\"",
          es: "escribe `\\\\` para una diagonal inversa, o pon `r` antes de la comilla: r\"\\d+\""))
    )
  }

  /// Microseconds of a duration token.
  mutating func durationValue(_ token: Token) throws(ParseFailure) -> Int64 {
    guard let microseconds = DurationText.microseconds(of: text(token)) else {
      throw outOfRange(token)
    }
    return microseconds
  }

  /// The number of an int token, decimal or hexadecimal.
  mutating func intValue(_ token: Token, negative: Bool) throws(ParseFailure) -> Int64 {
    guard let magnitude = UnsignedText.value(of: text(token)),
      let value = negative
        ? Int64(exactly: -Int128(magnitude)) : Int64(exactly: magnitude)
    else { throw outOfRange(token) }
    return value
  }

  mutating func uintValue(_ token: Token) throws(ParseFailure) -> UInt64 {
    guard let value = UnsignedText.value(of: String(text(token).dropLast())) else {
      throw outOfRange(token)
    }
    return value
  }

  mutating func outOfRange(_ token: Token) -> ParseFailure {
    fail(
      Diagnostic(
        .invalidLiteral,
        Phrase("`\(text(token))` does not fit 64 bits", es: "`\(text(token))` no cabe en 64 bits"),
        at: span(token)))
  }
}

/// Whole numbers as written: decimal or `0x` hexadecimal.
enum UnsignedText {
  static func value(of text: String) -> UInt64? {
    if text.hasPrefix("0x") || text.hasPrefix("0X") { return UInt64(text.dropFirst(2), radix: 16) }
    // Nearly no number is written with `_`.
    return text.utf8.contains(UInt8(ascii: "_"))
      ? UInt64(text.replacing("_", with: "")) : UInt64(text)
  }
}
