import Model

/// A text as one number to look for it by: its first seven bytes, the first highest, and its
/// length, 255 for all that are longer. Texts of up to seven bytes are equal when their keys are.
enum TextKey {
  /// The key of a text.
  static func of(_ text: Span<UInt8>) -> UInt64 {
    var key = UInt64(min(text.count, 255))
    for index in 0..<min(text.count, 7) { key |= UInt64(text[index]) << UInt64(56 - 8 * index) }
    return key
  }

  /// The key of a text inside another, which is one load where eight bytes follow its start.
  @inline(__always)
  static func of(_ reference: TextReference, in whole: Span<UInt8>) -> UInt64 {
    let (offset, count) = (reference.offset, reference.length)
    guard offset &+ 8 <= whole.count else {
      return of(whole.extracting(offset..<offset + count))
    }
    // SAFETY: the load is checked against the span, and any bytes make a number.
    let bytes = unsafe UInt64(
      bigEndian: whole.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    let dropped = UInt64.max &>> UInt64(8 &* min(count, 7))
    return bytes & ~dropped | UInt64(min(count, 255))
  }

  /// Whether the key tells the whole text.
  @inline(__always)
  static func isWhole(_ key: UInt64) -> Bool { key & 0xFF <= 7 }
}
