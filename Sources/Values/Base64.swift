/// Bytes as text of 64 letters.
///
/// *Source*: RFC 4648, section 4; reading forgives missing padding.
public enum Base64 {
  private static let letters = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static let values: [UInt8?] = {
    var values = [UInt8?](repeating: nil, count: 256)
    for (value, letter) in letters.enumerated() { values[Int(letter)] = UInt8(value) }
    return values
  }()

  /// The text of bytes, padded with `=`.
  public static func encode(_ bytes: [UInt8]) -> String {
    var output: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let rest = min(3, bytes.count - index)
      var group: UInt32 = 0
      for offset in 0..<3 {
        group = group << 8 | (offset < rest ? UInt32(bytes[index + offset]) : 0)
      }
      for position in 0..<4 {
        let letter = letters[Int(group >> UInt32(18 - 6 * position) & 63)]
        output.append(position <= rest ? letter : UInt8(ascii: "="))
      }
      index += 3
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// The bytes of a text; nil when it is none.
  public static func decode(_ text: String) -> [UInt8]? {
    var letters = Array(text.utf8)
    if letters.count % 4 == 0 {
      for _ in 0..<2 where letters.last == UInt8(ascii: "=") { letters.removeLast() }
    }
    guard letters.count % 4 != 1 else { return nil }
    var output: [UInt8] = []
    var group: UInt32 = 0
    var bits = 0
    for letter in letters {
      guard let value = values[Int(letter)] else { return nil }
      group = group << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        output.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
      }
    }
    // What is left over must be zero, or two texts would mean the same bytes.
    return group & (1 << UInt32(bits) - 1) == 0 ? output : nil
  }
}
