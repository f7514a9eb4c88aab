extension TextNormalizer {
  /// The range of `text` without white space at either end.
  static func trimmed(_ text: Span<UInt8>) -> Range<Int> {
    var start = 0
    var end = text.count
    while start < end {
      let length = spaceLength(text, at: start, before: end)
      if length == 0 { break }
      start += length
    }
    while end > start {
      // A white space takes one to three bytes; find one that ends exactly here.
      guard
        let length = (1...3).first(where: {
          end - $0 >= start
            && spaceLength(text, at: end - $0, before: end) == $0
        })
      else { break }
      end -= length
    }
    return start..<end
  }

  /// Whether there is white space between other characters.
  static func hasInnerSpace(_ text: Span<UInt8>) -> Bool {
    let range = trimmed(text)
    for position in range where spaceLength(text, at: position, before: range.upperBound) > 0 {
      return true
    }
    return false
  }

  /// Bytes of the white space character at `position`; 0 when there is another one.
  private static func spaceLength(_ text: Span<UInt8>, at position: Int, before end: Int) -> Int {
    let first = text[position]
    if first == 0x20 || (0x09...0x0D).contains(first) { return 1 }
    if first == 0xC2 && position + 1 < end {
      return text[position + 1] == 0x85 || text[position + 1] == 0xA0 ? 2 : 0
    }
    guard (0xE1...0xE3).contains(first), position + 2 < end else { return 0 }
    switch (first, text[position + 1], text[position + 2]) {
    case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9),
      (0xE2, 0x80, 0xAF), (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
      return 3
    default: return 0
    }
  }

  /// Appends the trimmed text in small letters.
  static func appendLower(_ text: Span<UInt8>, to output: inout [UInt8]) {
    let range = trimmed(text)
    var position = range.lowerBound
    while position < range.upperBound {
      let byte = text[position]
      position += 1
      if byte < 0x80 {
        output.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        continue
      }
      guard (0xC3...0xC5).contains(byte), position < range.upperBound,
        text[position] & 0xC0 == 0x80
      else {
        output.append(byte)
        continue
      }
      let scalar = UInt32(byte & 0x1F) << 6 | UInt32(text[position] & 0x3F)
      position += 1
      let lower = lowercased(scalar)
      if lower < 0x80 {
        output.append(UInt8(lower))
      } else {
        output.append(0xC0 | UInt8(lower >> 6))
        output.append(0x80 | UInt8(lower & 0x3F))
      }
    }
  }

  /// Unicode simple lower case of U+00C0…U+017F.
  private static func lowercased(_ scalar: UInt32) -> UInt32 {
    switch scalar {
    case 0xC0...0xD6, 0xD8...0xDE: scalar + 32
    case 0x130: 0x69
    case 0x178: 0xFF
    case 0x100...0x12E, 0x132...0x136, 0x14A...0x176: scalar | 1
    case 0x139...0x147, 0x179...0x17D: scalar + (scalar & 1)
    default: scalar
    }
  }
}
