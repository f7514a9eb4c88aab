/// Reads the value of string and bytes tokens: prefixes, quotes, escapes.
enum LiteralReader {
  /// Why an escape cannot be read, and where in the token.
  struct BadEscape: Error {
    var offset: Int
    var length: Int
  }

  /// The text of a string token; escapes name code points.
  static func string(_ token: ArraySlice<UInt8>) throws(BadEscape) -> String {
    let (body, isRaw) = unquoted(token)
    if isRaw { return String(decoding: body, as: UTF8.self) }
    var output: [UInt8] = []
    try unescape(body, tokenStart: token.startIndex) { value, isCodePoint in
      if isCodePoint, let scalar = Unicode.Scalar(value) {
        output.append(contentsOf: Array(String(Character(scalar)).utf8))
      } else {
        output.append(UInt8(truncatingIfNeeded: value))
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// The bytes of a bytes token; `\x` and octal escapes name bytes.
  static func bytes(_ token: ArraySlice<UInt8>) throws(BadEscape) -> [UInt8] {
    let (body, isRaw) = unquoted(token)
    if isRaw { return Array(body) }
    var output: [UInt8] = []
    try unescape(body, tokenStart: token.startIndex, escapesAreBytes: true) { value, isCodePoint in
      if isCodePoint, let scalar = Unicode.Scalar(value) {
        output.append(contentsOf: Array(String(Character(scalar)).utf8))
      } else {
        output.append(UInt8(truncatingIfNeeded: value))
      }
    }
    return output
  }

  private static func unquoted(_ token: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, isRaw: Bool) {
    if let opening = SmartQuotes.length(at: token.startIndex, in: token) {
      // Reported by the lexer; what stands between is taken as it is.
      var end = token.endIndex - 1
      while token[end] & 0xC0 == 0x80 { end -= 1 }
      return (token[(token.startIndex + opening)..<end], true)
    }
    var start = token.startIndex
    var isRaw = false
    while token[start] != UInt8(ascii: "\"") && token[start] != UInt8(ascii: "'") {
      if token[start] | 0x20 == UInt8(ascii: "r") { isRaw = true }
      start += 1
    }
    let quote = token[start]
    let isTriple =
      token.endIndex - start >= 6 && token[start + 1] == quote && token[start + 2] == quote
    let width = isTriple ? 3 : 1
    return (token[(start + width)..<(token.endIndex - width)], isRaw)
  }

  /// Calls `emit` with each raw byte (isCodePoint false) or escaped value.
  private static func unescape(
    _ body: ArraySlice<UInt8>, tokenStart: Int, escapesAreBytes: Bool = false,
    emit: (UInt32, _ isCodePoint: Bool) -> Void
  ) throws(BadEscape) {
    var index = body.startIndex
    while index < body.endIndex {
      guard body[index] == UInt8(ascii: "\\") else {
        emit(UInt32(body[index]), false)
        index += 1
        continue
      }
      let start = index
      index += 1
      guard index < body.endIndex else { throw BadEscape(offset: start - tokenStart, length: 1) }
      let letter = body[index]
      index += 1
      if let simple = simpleEscapes[letter] {
        emit(UInt32(simple), false)
        continue
      }
      let digits: (count: Int, radix: Int, isByte: Bool)? =
        switch letter {
        case UInt8(ascii: "x"), UInt8(ascii: "X"): (2, 16, escapesAreBytes)
        case UInt8(ascii: "u") where !escapesAreBytes: (4, 16, false)
        case UInt8(ascii: "U") where !escapesAreBytes: (8, 16, false)
        case UInt8(ascii: "0")...UInt8(ascii: "3"): (2, 8, escapesAreBytes)
        default: nil
        }
      guard let digits, index + digits.count <= body.endIndex else {
        throw BadEscape(offset: start - tokenStart, length: 2)
      }
      let from = digits.radix == 8 ? index - 1 : index
      let text = String(decoding: body[from..<(index + digits.count)], as: UTF8.self)
      guard let value = UInt32(text, radix: digits.radix),
        digits.isByte || Unicode.Scalar(value) != nil
      else { throw BadEscape(offset: start - tokenStart, length: digits.count + 2) }
      emit(value, !digits.isByte)
      index += digits.count
    }
  }

  private static let simpleEscapes: [UInt8: UInt8] = [
    UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10,
    UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11,
    UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "\""): UInt8(ascii: "\""),
    UInt8(ascii: "'"): UInt8(ascii: "'"), UInt8(ascii: "`"): UInt8(ascii: "`"),
    UInt8(ascii: "?"): UInt8(ascii: "?"),
  ]
}

/// String literals on their own, outside a token stream.
public enum StringLiteral {
  /// The text of a literal with prefix and quotes; nil when an escape cannot be read.
  public static func text(of literal: [UInt8]) -> String? {
    try? LiteralReader.string(literal[...])
  }
}
