/// What a token is. Words are identifiers; which of them are keywords depends on the place.
public enum TokenKind: Hashable, Sendable {
  case identifier
  /// `` `a-b` `` after a dot, in the standard dialect.
  case quotedIdentifier
  case int
  case uint
  case double
  /// `90s`, `1h30m`, `400d`
  case duration
  case string
  case bytes
  case punctuation(Punctuation)
  case endOfFile
  /// Something the lexer reported; parsers step over it.
  case invalid
}

/// Signs.
public enum Punctuation: String, Sendable {
  case leftParenthesis = "("
  case rightParenthesis = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case leftBrace = "{"
  case rightBrace = "}"
  case comma = ","
  case colon = ":"
  case semicolon = ";"
  case dot = "."
  case question = "?"
  case plus = "+"
  case minus = "-"
  case star = "*"
  case slash = "/"
  case percent = "%"
  case not = "!"
  case assign = "="
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case and = "&&"
  case or = "||"
}

/// A token with the white space and comments before it: all tokens together are the file.
public struct Token: Hashable, Sendable {
  /// What it is.
  public var kind: TokenKind
  /// First byte of the white space and comments before it.
  public var triviaStart: Int
  /// First byte.
  public var start: Int
  /// One past the last byte.
  public var end: Int
  /// Whether it is the first token on its line.
  public var startsLine: Bool

  /// Creates a token.
  public init(kind: TokenKind, triviaStart: Int, start: Int, end: Int, startsLine: Bool) {
    self.kind = kind
    self.triviaStart = triviaStart
    self.start = start
    self.end = end
    self.startsLine = startsLine
  }
}
