/// SipHash-1-3 with 128 bits of output, over bytes that arrive piece by piece.
///
/// One round per word and three at the end are what hash tables of Rust, Python and Swift use: who
/// does not know the secret cannot find inputs that collide, and nothing is signed with it.
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

  /// The hash of a word and then bytes, as appending one after the other gives.
  @inline(__always)
  static func hash(_ secret: HashSecret, _ first: UInt64, _ bytes: Span<UInt8>) -> Key128 {
    var hash = SipHash128(secret)
    hash.compress(first)
    var index = 0
    while index &+ 8 <= bytes.count {
      hash.compress(word(bytes, at: index))
      index &+= 8
    }
    let rest = bytes.count &- index
    if rest > 0 { hash.tail = lastWord(bytes, rest) }
    hash.length = UInt64(truncatingIfNeeded: bytes.count &+ 8)
    return hash.finish()
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
  @inline(__always)
  mutating func append(_ bytes: Span<UInt8>) {
    var index = 0
    if length & 7 == 0 {
      // Nothing is left over from before, so whole words go in as they lie.
      while index &+ 8 <= bytes.count {
        compress(Self.word(bytes, at: index))
        index &+= 8
      }
      length &+= UInt64(truncatingIfNeeded: index)
    }
    while index &+ 8 <= bytes.count {
      append(low: Self.word(bytes, at: index), bytes: 8)
      index &+= 8
    }
    let rest = bytes.count &- index
    if rest > 0 {
      append(low: Self.lastWord(bytes, rest), bytes: UInt64(truncatingIfNeeded: rest))
    }
  }

  /// Adds a word where only whole words were added before.
  @inline(__always)
  mutating func append(aligned word: UInt64) {
    compress(word)
    length &+= 8
  }

  /// Adds how many bytes there are, they, and zeros up to a whole word, where only whole words were
  /// added before.
  @inline(__always)
  mutating func append(aligned bytes: Span<UInt8>) {
    append(aligned: UInt64(truncatingIfNeeded: bytes.count))
    var index = 0
    while index &+ 8 <= bytes.count {
      append(aligned: Self.word(bytes, at: index))
      index &+= 8
    }
    let rest = bytes.count &- index
    if rest > 0 { append(aligned: Self.lastWord(bytes, rest)) }
  }

  /// The hash of all bytes added.
  @inline(__always)
  consuming func finish() -> Key128 {
    compress(length << 56 | tail)
    v2 ^= 0xEE
    for _ in 0..<3 { round() }
    let low = v0 ^ v1 ^ v2 ^ v3
    v1 ^= 0xDD
    for _ in 0..<3 { round() }
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

  /// Eight bytes, the first lowest.
  @inline(__always)
  static func word(_ bytes: Span<UInt8>, at start: Int) -> UInt64 {
    // SAFETY: the callers found eight bytes from `start` on; any bits are an integer.
    UInt64(
      littleEndian: unsafe bytes.bytes.unsafeLoadUnaligned(
        fromUncheckedByteOffset: start, as: UInt64.self))
  }

  /// The last 1…7 bytes, the first lowest.
  @inline(__always)
  static func lastWord(_ bytes: Span<UInt8>, _ count: Int) -> UInt64 {
    if bytes.count >= 8 {
      let unused = UInt64(truncatingIfNeeded: 64 &- 8 &* count)
      return word(bytes, at: bytes.count &- 8) &>> unused
    }
    var word: UInt64 = 0
    for offset in 0..<count {
      let shift = UInt64(truncatingIfNeeded: offset &* 8)
      word |= UInt64(bytes[bytes.count &- count &+ offset]) &<< shift
    }
    return word
  }

  @inline(__always)
  private mutating func compress(_ word: UInt64) {
    v3 ^= word
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
