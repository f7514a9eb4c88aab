import Values

/// Bytes as text.
///
/// *Source*: RFC 4648, section 4, with padding and nothing else tolerated.
enum Base64 {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")

  static func append(_ bytes: Span<UInt8>, to output: inout TextBuffer) {
    var position = 0
    while position < bytes.count {
      let count = min(3, bytes.count - position)
      var group: UInt32 = 0
      for offset in 0..<3 {
        group = group << 8 | (offset < count ? UInt32(bytes[position + offset]) : 0)
      }
      for offset in 0..<4 {
        let digit = digits[Int(group >> UInt32(18 - 6 * offset) & 63)]
        output.append(offset <= count ? digit : padding)
      }
      position += 3
    }
  }

  /// Appends the bytes the text stands for; false, and possibly some bytes, when it is not Base64.
  static func decode(_ text: Span<UInt8>, to output: inout [UInt8]) -> Bool {
    guard text.count % 4 == 0 else { return false }
    for start in stride(from: 0, to: text.count, by: 4) {
      var group: UInt32 = 0
      var count = 0
      for offset in 0..<4 {
        let byte = text[start + offset]
        if byte == padding, start + 4 == text.count, offset >= 2 {
          group <<= 6
          continue
        }
        guard count == offset, let value = value(of: byte) else { return false }
        group = group << 6 | value
        count += 1
      }
      // The bits padding leaves over must be 0, so that one value has one text.
      guard count == 4 || group & (count == 2 ? 0xFFFF : 0xFF) == 0 else { return false }
      for offset in 0..<count - 1 {
        output.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * offset)))
      }
    }
    return true
  }

  private static func value(of byte: UInt8) -> UInt32? {
    switch byte {
    case 65...90: UInt32(byte) - 65
    case 97...122: UInt32(byte) - 71
    case 48...57: UInt32(byte) + 4
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
