/// Check digits of cards, bank accounts and Mexican identities. Upper-case ASCII without spaces is
/// what they are written in; anything else is not valid.
public enum CheckDigits {
  /// Whether digits end in their Luhn digit.
  ///
  /// *Shape*: 2…32 digits. *Source*: ISO/IEC 7812-1, annex B.
  public static func isLuhnValid(_ text: Span<UInt8>) -> Bool {
    guard (2...32).contains(text.count) else { return false }
    var sum = 0
    for position in text.indices {
      let digit = Int(text[position]) - 48
      guard (0...9).contains(digit) else { return false }
      let doubled = (text.count - position) % 2 == 0 ? digit * 2 : digit
      sum += doubled > 9 ? doubled - 9 : doubled
    }
    return sum % 10 == 0
  }

  /// Whether 18 digits are a CLABE, the account number of Mexican banks.
  ///
  /// *Source*: Asociación de Bancos de México, "Estandarización de la CLABE": weights 3, 7, 1, each
  /// product modulo 10.
  public static func isClabeValid(_ text: Span<UInt8>) -> Bool {
    guard text.count == 18 else { return false }
    let weights = [3, 7, 1]
    var sum = 0
    for position in 0..<18 {
      let digit = Int(text[position]) - 48
      guard (0...9).contains(digit) else { return false }
      if position < 17 { sum += digit * weights[position % 3] % 10 }
    }
    return (10 - sum % 10) % 10 == Int(text[17]) - 48
  }

  /// The three digits of the bank of a valid CLABE.
  public static func clabeBank(_ text: Span<UInt8>) -> String? {
    guard isClabeValid(text) else { return nil }
    return (0..<3).reduce(into: "") { $0.append(Character(Unicode.Scalar(text[$1]))) }
  }

  /// Whether 18 characters are a CURP, the population registry key of Mexico: shape, date of birth,
  /// sex, state and check digit.
  ///
  /// *Source*: Secretaría de Gobernación, "Instructivo normativo para la asignación de la CURP".
  public static func isCurpValid(_ text: Span<UInt8>) -> Bool {
    guard text.count == 18, (0..<4).allSatisfy({ isLetter(text[$0]) }),
      isDate(text, at: 4),
      [UInt8(ascii: "H"), UInt8(ascii: "M"), UInt8(ascii: "X")]
        .contains(text[10]),
      states.contains(String(decoding: [text[11], text[12]], as: UTF8.self)),
      (13..<16).allSatisfy({ isConsonant(text[$0]) }),
      isLetter(text[16]) || isDigit(text[16]), isDigit(text[17])
    else { return false }
    var sum = 0
    for position in 0..<17 {
      guard let value = curpValue(text[position]) else { return false }
      sum += value * (18 - position)
    }
    return (10 - sum % 10) % 10 == Int(text[17]) - 48
  }

  /// Whether 12 characters (a company) or 13 (a person) are an RFC, the tax key of Mexico: shape,
  /// date and check digit. The generic keys of the tax office, which have none, are not valid.
  ///
  /// *Source*: Servicio de Administración Tributaria, "Procedimiento para obtener el dígito
  /// verificador del RFC", annexes II and III. In UTF-8 `Ñ` is two bytes and counts as one
  /// character.
  public static func isRfcValid(_ text: Span<UInt8>) -> Bool {
    guard let (bytes, count) = rfcCharacters(text), count >= 12 else { return false }
    let characters = bytes.span.extracting(0..<count)
    let nameLength = count - 9
    for position in characters.indices {
      let character = characters[position]
      let isName = position < nameLength
      let isDate = position >= nameLength && position < nameLength + 6
      if isName && isDigit(character) || isDate && !isDigit(character) { return false }
      if !isName && !isDate && (character == UInt8(ascii: "&") || character == enye) {
        return false
      }
    }
    guard isDate(characters, at: nameLength) else { return false }
    // A company's key counts as if a space stood before it.
    var sum = characters.count == 12 ? 37 * 13 : 0
    for position in 0..<characters.count - 1 {
      guard let value = rfcValue(characters[position]) else { return false }
      sum += value * (characters.count - position)
    }
    let rest = 11 - sum % 11
    let last = characters[characters.count - 1]
    return switch rest {
    case 11: last == UInt8(ascii: "0")
    case 10: last == UInt8(ascii: "A")
    default: last == UInt8(48 + rest)
    }
  }

  // MARK: Characters

  /// Stands for `Ñ`, which is no byte of ASCII.
  private static let enye: UInt8 = 0xD1

  private static let states: Set<String> = [
    "AS", "BC", "BS", "CC", "CL", "CM", "CS", "CH", "DF", "DG", "GT", "GR", "HG", "JC", "MC", "MN",
    "MS", "NT", "NL", "OC", "PL", "QT", "QR", "SP", "SL", "SR", "TC", "TS", "TL", "VZ", "YN", "ZS",
    "NE",
  ]

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

  private static func isLetter(_ byte: UInt8) -> Bool { byte &- 65 < 26 }

  private static func isConsonant(_ byte: UInt8) -> Bool {
    isLetter(byte) && !"AEIOU".utf8.contains(byte)
  }

  /// `yymmdd`; 29 February passes in any century that could have it.
  private static func isDate(_ text: Span<UInt8>, at start: Int) -> Bool {
    guard let year = twoDigits(text, at: start), let month = twoDigits(text, at: start + 2),
      let day = twoDigits(text, at: start + 4)
    else { return false }
    return (1...12).contains(month) && day >= 1
      && day <= CivilDate.days(in: month, of: 2_000 + year)
  }

  private static func twoDigits(_ text: Span<UInt8>, at start: Int) -> Int? {
    let (tens, ones) = (text[start], text[start + 1])
    guard isDigit(tens), isDigit(ones) else { return nil }
    return Int(tens - 48) * 10 + Int(ones - 48)
  }

  /// Digits 0…9, A…N 10…23, Ñ 24, O…Z 25…36.
  private static func curpValue(_ byte: UInt8) -> Int? {
    if isDigit(byte) { return Int(byte) - 48 }
    guard isLetter(byte) else { return nil }
    return Int(byte) - 55 + (byte > UInt8(ascii: "N") ? 1 : 0)
  }

  /// Digits 0…9, A…N 10…23, & 24, O…Z 25…36, Ñ 38.
  private static func rfcValue(_ byte: UInt8) -> Int? {
    if byte == UInt8(ascii: "&") { return 24 }
    return byte == enye ? 38 : curpValue(byte)
  }

  /// Up to 13 characters that an RFC may have, `Ñ` as one; nil when there are others or more.
  private static func rfcCharacters(
    _ text: Span<UInt8>
  ) -> (bytes: InlineArray<13, UInt8>, count: Int)? {
    var characters = InlineArray<13, UInt8>(repeating: 0)
    var count = 0
    var position = 0
    while position < text.count {
      var byte = text[position]
      position += 1
      if byte == 0xC3 && position < text.count && text[position] == 0x91 {
        byte = enye
        position += 1
      } else if !isDigit(byte) && !isLetter(byte) && byte != UInt8(ascii: "&") {
        return nil
      }
      guard count < characters.count else { return nil }
      characters[count] = byte
      count += 1
    }
    return (characters, count)
  }
}
