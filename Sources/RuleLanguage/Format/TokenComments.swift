internal import Expressions

/// The comments in the white space before a token.
struct TokenComments {
  struct Comment {
    var text: String
    /// Whether an empty line stands before it.
    var followsBlank: Bool
  }

  /// On the line of the token before.
  private(set) var trailing: String?
  /// On lines of their own.
  private(set) var own: [Comment] = []
  /// Whether an empty line stands directly before the token.
  private(set) var followsBlank = false

  var isEmpty: Bool { trailing == nil && own.isEmpty }

  /// Whether an empty line sets the token and its comments apart from what comes before.
  var startsParagraph: Bool { own.first?.followsBlank ?? followsBlank }

  init(before token: Token, in source: SourceFile) {
    let bytes = source.bytes
    var offset = token.triviaStart
    var newlines = 0
    while offset < token.start {
      if bytes[offset] == UInt8(ascii: "/") {
        let start = offset
        while offset < token.start, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
        var end = offset
        while end > start, bytes[end - 1] <= UInt8(ascii: " ") { end -= 1 }
        let text = source.text(start..<end)
        if newlines == 0, token.triviaStart > 0 {
          trailing = text
        } else {
          own.append(Comment(text: text, followsBlank: newlines > 1))
        }
        newlines = 0
      } else {
        if bytes[offset] == UInt8(ascii: "\n") { newlines += 1 }
        offset += 1
      }
    }
    followsBlank = newlines > 1
  }
}
