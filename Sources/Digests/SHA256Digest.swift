/// The 32 bytes of a SHA-256.
public struct SHA256Digest: Hashable, Sendable {
  /// The digest as four 64-bit numbers, the first byte the most significant of the first.
  private var words: (UInt64, UInt64, UInt64, UInt64)

  /// The number of bytes of every digest.
  public static let byteCount = 32

  /// Reads a digest from its bytes.
  ///
  /// *Traps* when there are not exactly 32.
  public init(bytes: Span<UInt8>) {
    precondition(bytes.count == SHA256Digest.byteCount, "a SHA-256 has 32 bytes")
    func word(_ start: Int) -> UInt64 {
      var word: UInt64 = 0
      for index in start..<start + 8 { word = word << 8 | UInt64(bytes[index]) }
      return word
    }
    words = (word(0), word(8), word(16), word(24))
  }

  /// Appends the 32 bytes.
  public func append(to output: inout [UInt8]) {
    for word in [words.0, words.1, words.2, words.3] {
      for shift in stride(from: 56, through: 0, by: -8) {
        output.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
  }

  /// The digest as 64 lower-case hexadecimal digits.
  public var hex: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }

  /// Equal digests have equal bytes.
  public static func == (left: SHA256Digest, right: SHA256Digest) -> Bool {
    left.words == right.words
  }

  /// Feeds the first 8 bytes, which are as good as all of them.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
  }
}

extension SHA256Digest: CustomStringConvertible {
  /// The 64 hexadecimal digits.
  public var description: String { hex }
}
