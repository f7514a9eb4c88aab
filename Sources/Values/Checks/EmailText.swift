/// The parts of e-mail addresses, as text; nothing is looked up.
public enum EmailText {
  /// Where the last `@` stands; nil when either side of it would be empty.
  public static func separator(_ text: Span<UInt8>) -> Int? {
    for index in stride(from: text.count - 1, through: 0, by: -1)
    where text[index] == UInt8(ascii: "@") {
      return index > 0 && index < text.count - 1 ? index : nil
    }
    return nil
  }

  /// Appends the one address of a mailbox: lower case, without the tag behind `+`; for Gmail also
  /// without dots, which it ignores, and at `gmail.com`. Returns whether there is one.
  public static func appendCanonical(
    _ text: Span<UInt8>, separator at: Int, to output: inout [UInt8]
  ) -> Bool {
    let domain = text.extracting((at + 1)...)
    let isGmail = isSame(domain, "gmail.com") || isSame(domain, "googlemail.com")
    let start = output.count
    for index in 0..<at {
      if text[index] == UInt8(ascii: "+") { break }
      if isGmail && text[index] == UInt8(ascii: ".") { continue }
      output.append(AsciiLetters.lower(text[index]))
    }
    guard output.count > start else { return false }
    output.append(UInt8(ascii: "@"))
    if isGmail {
      ValueText.append("gmail.com", to: &output)
    } else {
      for index in domain.indices { output.append(AsciiLetters.lower(domain[index])) }
    }
    return true
  }

  private static func isSame(_ text: Span<UInt8>, _ literal: StaticString) -> Bool {
    guard text.count == literal.utf8CodeUnitCount else { return false }
    return literal.withUTF8Buffer { buffer in
      text.indices.allSatisfy { index in
        // SAFETY: as many bytes as the text has.
        unsafe AsciiLetters.lower(text[index]) == buffer[index]
      }
    }
  }
}
