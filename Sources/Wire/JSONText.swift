public import Values

/// Text as JSON strings.
///
/// *Source*: RFC 8259, section 7: only what must be escaped is.
public enum JSONText {
  /// Appends a string in quotes. `text` must be UTF-8.
  @inlinable
  public static func append(
    _ text: Span<UInt8>, to output: inout some TextOutput & ~Copyable
  ) {
    output.append(quote)
    if isPlain(text) { output.append(text) } else { appendEscaped(text, to: &output) }
    output.append(quote)
  }

  /// Appends a string in quotes.
  public static func append(_ text: String, to output: inout some TextOutput & ~Copyable) {
    append(Array(text.utf8).span, to: &output)
  }

  /// Whether nothing must be escaped. Looks at all bytes without leaving early, several at a time.
  @usableFromInline
  static func isPlain(_ text: Span<UInt8>) -> Bool {
    var escapes: UInt8 = 0
    for index in text.indices { escapes |= mustBeEscaped(text[index]) ? 1 : 0 }
    return escapes == 0
  }

  @usableFromInline
  static func appendEscaped(
    _ text: Span<UInt8>, to output: inout some TextOutput & ~Copyable
  ) {
    var start = 0
    for position in text.indices where mustBeEscaped(text[position]) {
      output.append(text.extracting(start..<position))
      appendEscape(of: text[position], to: &output)
      start = position + 1
    }
    output.append(text.extracting(start..<text.count))
  }

  private static func mustBeEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == quote || byte == backslash
  }

  @usableFromInline static var quote: UInt8 { UInt8(ascii: "\"") }
  private static let backslash = UInt8(ascii: "\\")

  private static func appendEscape(
    of byte: UInt8, to output: inout some TextOutput & ~Copyable
  ) {
    output.append(backslash)
    switch byte {
    case quote, backslash: output.append(byte)
    case 0x08: output.append(UInt8(ascii: "b"))
    case 0x09: output.append(UInt8(ascii: "t"))
    case 0x0A: output.append(UInt8(ascii: "n"))
    case 0x0C: output.append(UInt8(ascii: "f"))
    case 0x0D: output.append(UInt8(ascii: "r"))
    default:
      ValueText.append("u00", to: &output)
      output.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
      let digit = byte & 0xF
      output.append(digit < 10 ? 48 + digit : 87 + digit)
    }
  }
}
