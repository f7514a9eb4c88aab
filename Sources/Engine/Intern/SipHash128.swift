/// SipHash-2-4 with 128 bits of output, over bytes that arrive piece by piece.
///
/// *Source*: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012), and the 128-bit
/// output of the authors' reference implementation.
struct SipHash128: Sendable {
  private var v0: UInt64
  private var v1: UInt64
  private var v2: UInt64
  private var v3: UInt64
  /// Bytes that do not fill a word yet, from the lowest.
  private var tail: UInt64
  private var length: UInt64

  /// Starts a hash under a secret.
  @inline(__always)
  init(_ secret: HashSecret) {
    v0 = 0x736F_6D65_7073_6575 ^ secret.first
    v1 = 0x646F_7261_6E64_6F6D ^ secret.second ^ 0xEE
    v2 = 0x6C79_6765_6E65_7261 ^ secret.first
    v3 = 0x7465_6462_7974_6573 ^ secret.second
    tail = 0
    length = 0
  }

  /// Adds one byte.
  @inline(__always)
  mutating func append(_ byte: UInt8) {
    append(low: UInt64(byte), bytes: 1)
  }

  /// Adds the eight bytes of a word, lowest first.
  @inline(__always)
  mutating func append(_ word: UInt64) {
    append(low: word, bytes: 8)
  }

  /// Adds bytes in order.
  mutating func append(_ bytes: Span<UInt8>) {
    var index = 0
    while index + 8 <= bytes.count {
      append(low: Self.word(bytes, at: index, count: 8), bytes: 8)
      index += 8
    }
    if index < bytes.count {
      let rest = bytes.count - index
      append(low: Self.word(bytes, at: index, count: rest), bytes: UInt64(rest))
    }
  }

  /// The hash of all bytes added.
  @inline(__always)
  consuming func finish() -> Key128 {
    compress(length << 56 | tail)
    v2 ^= 0xEE
    for _ in 0..<4 { round() }
    let low = v0 ^ v1 ^ v2 ^ v3
    v1 ^= 0xDD
    for _ in 0..<4 { round() }
    return Key128(low: low, high: v0 ^ v1 ^ v2 ^ v3)
  }

  /// Adds the lowest 1…8 bytes of `low`, whose other bits are zero.
  @inline(__always)
  private mutating func append(low: UInt64, bytes: UInt64) {
    let filled = length & 7
    length &+= bytes
    tail |= low &<< (filled &* 8)
    if filled + bytes >= 8 {
      compress(tail)
      // A shift by 64 gives 0 with the smart operator: nothing is left of an aligned word.
      tail = low >> ((8 - filled) * 8)
    }
  }

  @inline(__always)
  private static func word(_ bytes: Span<UInt8>, at start: Int, count: Int) -> UInt64 {
    var word: UInt64 = 0
    for offset in 0..<count {
      word |= UInt64(bytes[start &+ offset]) &<< UInt64(truncatingIfNeeded: offset &* 8)
    }
    return word
  }

  @inline(__always)
  private mutating func compress(_ word: UInt64) {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }

  @inline(__always)
  private mutating func round() {
    v0 = v0 &+ v1
    v1 = Self.rotated(v1, 13) ^ v0
    v0 = Self.rotated(v0, 32)
    v2 = v2 &+ v3
    v3 = Self.rotated(v3, 16) ^ v2
    v0 = v0 &+ v3
    v3 = Self.rotated(v3, 21) ^ v0
    v2 = v2 &+ v1
    v1 = Self.rotated(v1, 17) ^ v2
    v2 = Self.rotated(v2, 32)
  }

  @inline(__always)
  private static func rotated(_ word: UInt64, _ bits: UInt64) -> UInt64 {
    word &<< bits | word &>> (64 &- bits)
  }
}
