/// Text as JSON strings.
///
/// *Source*: RFC 8259, section 7: only what must be escaped is.
public enum JSONText {
  /// Appends a string in quotes. `text` must be UTF-8.
  public static func append(_ text: Span<UInt8>, to output: inout [UInt8]) {
    output.append(quote)
    var start = 0
    var position = 0
    while position < text.count {
      let byte = text[position]
      if byte < 0x20 || byte == quote || byte == backslash {
        output.append(text.extracting(start..<position))
        appendEscape(of: byte, to: &output)
        start = position + 1
      }
      position += 1
    }
    output.append(text.extracting(start..<position))
    output.append(quote)
  }

  /// Appends a string in quotes.
  public static func append(_ text: String, to output: inout [UInt8]) {
    append(Array(text.utf8).span, to: &output)
  }

  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")

  private static func appendEscape(of byte: UInt8, to output: inout [UInt8]) {
    output.append(backslash)
    switch byte {
    case quote, backslash: output.append(byte)
    case 0x08: output.append(UInt8(ascii: "b"))
    case 0x09: output.append(UInt8(ascii: "t"))
    case 0x0A: output.append(UInt8(ascii: "n"))
    case 0x0C: output.append(UInt8(ascii: "f"))
    case 0x0D: output.append(UInt8(ascii: "r"))
    default:
      output.append(contentsOf: "u00".utf8)
      output.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
      let digit = byte & 0xF
      output.append(digit < 10 ? 48 + digit : 87 + digit)
    }
  }
}
