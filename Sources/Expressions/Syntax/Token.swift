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

extension Punctuation {
  /// The sign a byte is by itself.
  init?(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "("): self = .leftParenthesis
    case UInt8(ascii: ")"): self = .rightParenthesis
    case UInt8(ascii: "["): self = .leftBracket
    case UInt8(ascii: "]"): self = .rightBracket
    case UInt8(ascii: "{"): self = .leftBrace
    case UInt8(ascii: "}"): self = .rightBrace
    case UInt8(ascii: ","): self = .comma
    case UInt8(ascii: ":"): self = .colon
    case UInt8(ascii: ";"): self = .semicolon
    case UInt8(ascii: "."): self = .dot
    case UInt8(ascii: "?"): self = .question
    case UInt8(ascii: "+"): self = .plus
    case UInt8(ascii: "-"): self = .minus
    case UInt8(ascii: "*"): self = .star
    case UInt8(ascii: "/"): self = .slash
    case UInt8(ascii: "%"): self = .percent
    case UInt8(ascii: "!"): self = .not
    case UInt8(ascii: "="): self = .assign
    case UInt8(ascii: "<"): self = .less
    case UInt8(ascii: ">"): self = .greater
    default: return nil
    }
  }

  /// The sign two bytes are together.
  init?(_ first: UInt8, _ second: UInt8) {
    switch (first, second) {
    case (UInt8(ascii: "="), UInt8(ascii: "=")): self = .equal
    case (UInt8(ascii: "!"), UInt8(ascii: "=")): self = .notEqual
    case (UInt8(ascii: "<"), UInt8(ascii: "=")): self = .lessOrEqual
    case (UInt8(ascii: ">"), UInt8(ascii: "=")): self = .greaterOrEqual
    case (UInt8(ascii: "&"), UInt8(ascii: "&")): self = .and
    case (UInt8(ascii: "|"), UInt8(ascii: "|")): self = .or
    default: return nil
    }
  }
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
