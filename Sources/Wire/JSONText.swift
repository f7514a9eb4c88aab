internal import Model
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
    appendContents(text, to: &output)
    output.append(quote)
  }

  /// Appends what stands between the quotes of a string.
  @inlinable
  static func appendContents(
    _ text: Span<UInt8>, to output: inout some TextOutput & ~Copyable
  ) {
    if isPlain(text) { output.append(text) } else { appendEscaped(text, to: &output) }
  }

  /// Appends a string in quotes.
  public static func append(_ text: String, to output: inout some TextOutput & ~Copyable) {
    append(Array(text.utf8).span, to: &output)
  }

  /// Whether nothing must be escaped; looks at eight bytes at a time.
  @usableFromInline
  static func isPlain(_ text: Span<UInt8>) -> Bool {
    guard text.count >= 8 else {
      var escapes: UInt8 = 0
      for index in text.indices { escapes |= mustBeEscaped(text[index]) ? 1 : 0 }
      return escapes == 0
    }
    // The last word may overlap the one before.
    let last = text.count &- 8
    var escapes = escaped(in: text, at: last)
    var start = 0
    while start < last {
      escapes |= escaped(in: text, at: start)
      start &+= 8
    }
    return escapes & highBits == 0
  }

  /// Bits of which the highest of a byte is set when one of eight bytes must be escaped; perhaps of
  /// the bytes behind it too, and of none when no byte must be.
  @inline(__always)
  private static func escaped(in text: Span<UInt8>, at start: Int) -> UInt64 {
    // SAFETY: the caller found eight bytes from `start` on, and any bits are an integer.
    let word = unsafe UInt64(
      littleEndian: text.bytes.unsafeLoadUnaligned(
        fromUncheckedByteOffset: start, as: UInt64.self))
    let quotes = word ^ 0x2222_2222_2222_2222
    let backslashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
    // A byte below n, which is below 128, borrows when n is taken from it; others with a high bit
    // are left out.
    return (word &- 0x2020_2020_2020_2020) & ~word
      | (quotes &- lowBits) & ~quotes
      | (backslashes &- lowBits) & ~backslashes
  }

  private static var lowBits: UInt64 { 0x0101_0101_0101_0101 }
  private static var highBits: UInt64 { 0x8080_8080_8080_8080 }

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

extension Event {
  /// Appends the id as it stands between the quotes of a string.
  @inline(__always)
  func appendId(to output: inout TextBuffer) {
    let text = text.span
    let (start, count) = (id.offset, id.length)
    if isIdPlain && start &+ count <= text.count &- TextBuffer.padding {
      output.append(count, from: start, of: text)
    } else {
      JSONText.appendContents(text.extracting(start..<start + count), to: &output)
    }
  }

  /// Appends the time of what was decided on the event: mostly its own, and mostly as the sender
  /// wrote it.
  @inline(__always)
  func appendTime(_ time: Timestamp, to output: inout TextBuffer) {
    let text = text.span
    let start = Int(printedTime)
    if start > 0 && time == self.time
      && start &+ TimestampText.shortCount <= text.count &- TextBuffer.padding
    {
      output.append(TimestampText.shortCount, from: start, of: text)
    } else {
      TimestampText.append(time, to: &output)
    }
  }
}
