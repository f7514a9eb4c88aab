extension TextNormalizer {
  /// A postal address: `lower`, letters of ASCII and Latin-1 without accents, one space between
  /// words of letters and digits, nothing else; the words addresses abbreviate (`avenida`, `calle`,
  /// `colonia`, `departamento`, …) in their shortest form, and `número`, `No.` or `#` left out.
  ///
  /// What two people write of one house then tends to be one text; it is not a check that the house
  /// exists. Words keep their order.
  static func appendAddress(_ text: Span<UInt8>, to output: inout [UInt8]) {
    let start = output.count
    appendLower(text, to: &output)
    // Everything below shortens, so it is done in place.
    var write = start
    var word = start
    var read = start
    while read < output.count {
      let byte = output[read]
      read += 1
      if isWordByte(byte) {
        output[write] = byte
        write += 1
        continue
      }
      if byte == 0xC3, read < output.count, let letter = unaccented(output[read]) {
        read += 1
        output[write] = letter
        write += 1
        continue
      }
      if byte >= 0x80 && !isLatin1Mark(byte, output, &read) {
        output[write] = byte
        write += 1
        continue
      }
      endWord(&output, word, &write)
      word = write
    }
    endWord(&output, word, &write)
    if write > start && output[write - 1] == space { write -= 1 }
    output.removeLast(output.count - write)
  }

  private static let space = UInt8(ascii: " ")

  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte &- 48 < 10 || byte &- 97 < 26
  }

  /// Marks of U+0080 to U+00BF (`°`, `º`, a space that does not break) take two bytes.
  private static func isLatin1Mark(_ byte: UInt8, _ text: [UInt8], _ read: inout Int) -> Bool {
    guard byte == 0xC2, read < text.count else { return false }
    read += 1
    return true
  }

  /// The letter without accent of a small letter U+00E0 to U+00FF, by its second byte.
  private static func unaccented(_ second: UInt8) -> UInt8? {
    switch second {
    case 0xA0...0xA5: UInt8(ascii: "a")
    case 0xA7: UInt8(ascii: "c")
    case 0xA8...0xAB: UInt8(ascii: "e")
    case 0xAC...0xAF: UInt8(ascii: "i")
    case 0xB1: UInt8(ascii: "n")
    case 0xB2...0xB6: UInt8(ascii: "o")
    case 0xB9...0xBC: UInt8(ascii: "u")
    case 0xBD, 0xBF: UInt8(ascii: "y")
    default: nil
    }
  }

  /// Writes the short form of the word that ends here, and a space.
  private static func endWord(_ output: inout [UInt8], _ start: Int, _ write: inout Int) {
    guard write > start else { return }
    if let short = abbreviation(output[start..<write]) {
      write = start
      for byte in short.utf8 {
        output[write] = byte
        write += 1
      }
      if short.isEmpty { return }
    }
    guard write < output.count else { return }
    output[write] = space
    write += 1
  }

  private static func abbreviation(_ word: ArraySlice<UInt8>) -> String? {
    // Up to 15 bytes a string takes no memory of its own.
    guard word.count <= 15 else { return nil }
    switch String(decoding: word, as: UTF8.self) {
    case "avenida", "avda", "ave": return "av"
    case "calle": return "c"
    case "colonia": return "col"
    case "numero", "num", "no", "nro": return ""
    case "departamento", "depto", "dpto", "dept": return "dep"
    case "interior": return "int"
    case "exterior": return "ext"
    case "edificio": return "edif"
    case "boulevard", "bulevar", "blvd": return "blv"
    case "carretera": return "carr"
    case "privada": return "priv"
    case "fraccionamiento": return "fracc"
    case "manzana", "mza": return "mz"
    case "lote": return "lt"
    case "calzada": return "calz"
    case "cerrada": return "cda"
    case "piso": return "p"
    default: return nil
    }
  }
}
