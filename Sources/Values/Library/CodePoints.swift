/// Walking UTF-8 by code points, without making anything of it.
enum CodePoints {
  /// Where the code point with this number starts; the end for one more than there are; nil beyond.
  static func offset(of number: Int64, in text: Span<UInt8>) -> Int? {
    guard number >= 0, number <= Int64(text.count) else { return nil }
    var offset = 0
    var left = number
    while left > 0 {
      guard offset < text.count else { return nil }
      offset = next(offset, in: text)
      left -= 1
    }
    return offset
  }

  /// Code points before a byte.
  static func number(before offset: Int, in text: Span<UInt8>) -> Int64 {
    var number: Int64 = 0
    for index in 0..<offset where isStart(text[index]) { number += 1 }
    return number
  }

  /// Where the next code point starts.
  static func next(_ offset: Int, in text: Span<UInt8>) -> Int {
    var next = offset + 1
    while next < text.count && !isStart(text[next]) { next += 1 }
    return next
  }

  /// Where the code point before this one starts.
  static func previous(_ offset: Int, in text: Span<UInt8>) -> Int {
    var previous = offset - 1
    while previous > 0 && !isStart(text[previous]) { previous -= 1 }
    return previous
  }

  /// The code point at a byte; the replacement character for what is none.
  static func scalar(at offset: Int, in text: Span<UInt8>) -> Unicode.Scalar {
    let first = UInt32(text[offset])
    let end = next(offset, in: text)
    if first < 0x80 { return Unicode.Scalar(UInt8(first)) }
    var value = first & (end - offset == 2 ? 0x1F : end - offset == 3 ? 0x0F : 0x07)
    for index in offset + 1..<end { value = value << 6 | UInt32(text[index] & 0x3F) }
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }

  private static func isStart(_ byte: UInt8) -> Bool { byte & 0xC0 != 0x80 }
}
