import Model

/// A text as one number to look for it by: its first seven bytes, the first highest, and its
/// length, 255 for all that are longer. Texts of up to seven bytes are equal when their keys are.
enum TextKey {
  /// The longest text that its key tells whole.
  static let wholeLength = 7

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
    guard offset &+ 8 <= whole.count else { return atEnd(offset, count, whole) }
    // SAFETY: the load is checked against the span, and any bytes make a number.
    let bytes = unsafe UInt64(
      bigEndian: whole.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    return key(bytes, count)
  }

  /// The key of a text that begins less than eight bytes before the end of another: the last eight
  /// are read, and those before it shifted out.
  @inline(never)
  private static func atEnd(_ offset: Int, _ count: Int, _ whole: Span<UInt8>) -> UInt64 {
    guard whole.count >= 8 && offset &+ count <= whole.count else {
      return of(whole.extracting(offset..<offset + count))
    }
    // SAFETY: there are eight bytes, and any bytes make a number.
    let bytes = unsafe UInt64(
      bigEndian: whole.bytes.unsafeLoadUnaligned(
        fromByteOffset: whole.count &- 8, as: UInt64.self))
    return key(bytes << UInt64(8 &* (offset &+ 8 &- whole.count)), count)
  }

  /// The key of a text of `count` bytes that the highest of these begin with.
  @inline(__always)
  private static func key(_ bytes: UInt64, _ count: Int) -> UInt64 {
    if count <= wholeLength {
      return bytes & ~(UInt64.max &>> UInt64(truncatingIfNeeded: 8 &* count))
        | UInt64(truncatingIfNeeded: count)
    }
    return bytes & ~0xFF | UInt64(min(count, 255))
  }

  /// Whether the key tells the whole text.
  @inline(__always)
  static func isWhole(_ key: UInt64) -> Bool { key & 0xFF <= wholeLength }
}
