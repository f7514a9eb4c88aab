public import Model

/// Makes raw identifiers comparable.
///
/// A value that comes out empty stands for a missing identifier. Every normaliser gives its own
/// result again when applied twice.
public enum TextNormalizer {
  /// Appends `text`, made comparable by `normalizer`, and returns how many bytes were appended.
  ///
  /// - `none`: as sent.
  /// - `trim`: without white space (the Unicode property) at either end.
  /// - `lower`: `trim`, then small letters for the capitals of ASCII and of the blocks Latin-1 and
  ///   Latin Extended-A, by Unicode simple case mapping; every other character stays.
  /// - `digits`: the ASCII digits alone.
  /// - `e164`: a phone number; see `appendPhone`.
  /// - `email`: an address; see `appendEmail`.
  /// - `address`: a postal address; see `appendAddress`.
  ///
  /// Bytes that are not UTF-8 are kept as they are. *Complexity*: linear in `text`.
  public static func append(
    _ text: Span<UInt8>, normalizedBy normalizer: Normalizer, to output: inout [UInt8]
  ) -> Int {
    let start = output.count
    switch normalizer {
    case .none: append(text, 0..<text.count, to: &output)
    case .trim: append(text, trimmed(text), to: &output)
    case .lower: appendLower(text, to: &output)
    case .digits: appendDigits(text, to: &output)
    case .e164: appendPhone(text, to: &output)
    case .email: appendEmail(text, to: &output)
    case .address: appendAddress(text, to: &output)
    }
    return output.count - start
  }

  /// Whether a text is seen at a glance to be what `normalizer` would make of it.
  ///
  /// Most identifiers come as they should, and need not be copied. False only means that `append`
  /// has to tell.
  @inlinable
  @inline(__always)
  public static func isPlainlyNormal(
    _ text: Span<UInt8>, for normalizer: Normalizer
  ) -> Bool {
    switch normalizer {
    case .none: true
    case .trim: hasVisibleEnds(text)
    case .lower: hasVisibleEnds(text) && isPlainlyLower(text)
    case .digits: isPlainlyDigits(text)
    case .e164, .email, .address: false
    }
  }

  /// Whether no character has another case. White space in the middle stays.
  @usableFromInline
  static func isPlainlyLower(_ text: Span<UInt8>) -> Bool {
    for position in text.indices where text[position] >= 0x80 || isCapital(text[position]) {
      return false
    }
    return true
  }

  @usableFromInline
  static func isPlainlyDigits(_ text: Span<UInt8>) -> Bool {
    for position in text.indices where !isDigit(text[position]) { return false }
    return true
  }

  /// Whether a text begins and ends with ASCII that is no white space.
  @inlinable
  @inline(__always)
  static func hasVisibleEnds(_ text: Span<UInt8>) -> Bool {
    text.count > 0 && isVisibleASCII(text[0]) && isVisibleASCII(text[text.count - 1])
  }

  /// Whether a byte is an ASCII character that is no white space.
  @inlinable
  @inline(__always)
  public static func isVisibleASCII(_ byte: UInt8) -> Bool { byte &- 0x21 < 0x7F - 0x21 }

  static func isCapital(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }

  private static func append(_ text: Span<UInt8>, _ range: Range<Int>, to output: inout [UInt8]) {
    for position in range { output.append(text[position]) }
  }

  private static func appendDigits(_ text: Span<UInt8>, to output: inout [UInt8]) {
    for position in text.indices where isDigit(text[position]) { output.append(text[position]) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

  /// A phone number as `+` and digits.
  ///
  /// Everything but digits goes. A `+` before the first digit, or leading zeros `00`, mark an
  /// international number. Without that mark ten digits are a Mexican number and get `+52`; so do
  /// twelve that begin with 52 and thirteen that begin with 521. The 1 that Mexican mobiles once
  /// had after the country code (`+521` and ten digits) goes. Any other number without a mark stays
  /// bare digits, for its country is unknown.
  private static func appendPhone(_ text: Span<UInt8>, to output: inout [UInt8]) {
    var isInternational = false
    for position in text.indices {
      if isDigit(text[position]) { break }
      if text[position] == UInt8(ascii: "+") { isInternational = true }
    }
    let start = output.count
    appendDigits(text, to: &output)
    if !isInternational && output.count - start >= 2 && output[start] == 48
      && output[start + 1] == 48
    {
      isInternational = true
      output.removeSubrange(start..<start + 2)
    }
    let count = output.count - start
    if count == 0 { return }
    if !isInternational && count == 10 {
      output.insert(
        contentsOf: [UInt8(ascii: "+"), UInt8(ascii: "5"), UInt8(ascii: "2")], at: start)
      return
    }
    let isMexican = count > 2 && output[start] == 53 && output[start + 1] == 50
    let isOldMobile = isMexican && count == 13 && output[start + 2] == 49
    if isOldMobile { output.remove(at: start + 2) }
    if isInternational || isOldMobile || isMexican && count == 12 {
      output.insert(UInt8(ascii: "+"), at: start)
    }
  }

  /// An address: `lower`, then, before the last `@`, without the first `+` and what follows it, and
  /// at gmail.com (or googlemail.com, which becomes gmail.com) without dots. A local part that
  /// would come out empty stays as it is, so that no two people are joined by nothing; so does a
  /// text with white space inside, which is no address.
  private static func appendEmail(_ text: Span<UInt8>, to output: inout [UInt8]) {
    let start = output.count
    appendLower(text, to: &output)
    guard let at = output[start...].lastIndex(of: UInt8(ascii: "@")), !hasInnerSpace(text) else {
      return
    }
    let isGoogle = ends(output, after: at, with: "googlemail.com")
    let isGmail = isGoogle || ends(output, after: at, with: "gmail.com")
    var kept = 0
    for position in start..<at {
      let byte = output[position]
      if byte == UInt8(ascii: "+") { break }
      if isGmail && byte == UInt8(ascii: ".") { continue }
      kept += 1
    }
    if kept > 0 {
      compactLocalPart(&output, start: start, at: at, dropsDots: isGmail)
    }
    if isGoogle {
      output.removeLast("googlemail.com".utf8.count)
      ValueText.append("gmail.com", to: &output)
    }
  }

  private static func compactLocalPart(
    _ output: inout [UInt8], start: Int, at: Int, dropsDots: Bool
  ) {
    var write = start
    for position in start..<at {
      let byte = output[position]
      if byte == UInt8(ascii: "+") { break }
      if dropsDots && byte == UInt8(ascii: ".") { continue }
      output[write] = byte
      write += 1
    }
    output.removeSubrange(write..<at)
  }

  private static func ends(_ bytes: [UInt8], after at: Int, with domain: StaticString) -> Bool {
    guard bytes.count - at - 1 == domain.utf8CodeUnitCount else { return false }
    return domain.withUTF8Buffer { buffer in
      // SAFETY: the buffer of a static string lives as long as the program; indices stay below
      // count.
      for index in 0..<buffer.count where unsafe buffer[index] != bytes[at + 1 + index] {
        return false
      }
      return true
    }
  }
}
