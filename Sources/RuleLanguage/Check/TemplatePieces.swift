internal import Expressions

/// Cuts the token of a reason text into what is said as written and `{holes}`.
enum TemplatePieces {
  enum Piece {
    case text(String)
    /// Byte range in the file, without the braces.
    case hole(Range<Int>)
    /// Where an opening brace without its partner stands.
    case unclosed(Int)
  }

  static func pieces(of token: ArraySlice<UInt8>) -> [Piece] {
    var pieces: [Piece] = []
    var start = token.startIndex
    // Typographic quotes are an error already.
    if start < token.endIndex, token[start] >= 0x80 { return [] }
    // Prefix and quotes belong to the token, not the text.
    while start < token.endIndex, token[start] != UInt8(ascii: "\""),
      token[start] != UInt8(ascii: "'")
    {
      start += 1
    }
    guard start < token.endIndex else { return [] }
    let quote = token[start]
    let isRaw = token[token.startIndex..<start].contains { $0 | 0x20 == UInt8(ascii: "r") }
    var position = start + 1
    let end = token.endIndex - 1
    var literalStart = position
    func literal(to end: Int) {
      guard end > literalStart else { return }
      let prefix: [UInt8] = isRaw ? [UInt8(ascii: "r")] : []
      let bytes = prefix + [quote] + token[literalStart..<end] + [quote]
      // The whole token was read before, so its escapes are sound.
      if let text = StringLiteral.text(of: bytes) { pieces.append(.text(text)) }
    }
    while position < end {
      guard token[position] == UInt8(ascii: "{") else {
        position += 1
        continue
      }
      literal(to: position)
      guard let close = token[position..<end].firstIndex(of: UInt8(ascii: "}")) else {
        pieces.append(.unclosed(position))
        return pieces
      }
      pieces.append(.hole((position + 1)..<close))
      position = close + 1
      literalStart = position
    }
    literal(to: end)
    return pieces
  }
}
