/// Comparisons of UTF-8 byte by byte, which is also the order of its code points.
enum TextComparison {
  static func isEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    left.count == right.count && matches(right, in: left, at: 0)
  }

  /// Whether `left` is before `right`.
  static func isLess(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    let shared = min(left.count, right.count)
    for index in 0..<shared where left[index] != right[index] {
      return left[index] < right[index]
    }
    return left.count < right.count
  }

  static func starts(_ text: Span<UInt8>, with part: Span<UInt8>) -> Bool {
    part.count <= text.count && matches(part, in: text, at: 0)
  }

  static func ends(_ text: Span<UInt8>, with part: Span<UInt8>) -> Bool {
    part.count <= text.count && matches(part, in: text, at: text.count - part.count)
  }

  /// Code points of UTF-8.
  static func codePoints(_ text: Span<UInt8>) -> Int64 {
    var count: Int64 = 0
    for index in text.indices where text[index] & 0xC0 != 0x80 { count += 1 }
    return count
  }

  private static func matches(_ part: Span<UInt8>, in text: Span<UInt8>, at start: Int) -> Bool {
    for index in part.indices where text[start + index] != part[index] { return false }
    return true
  }
}
