/// Hashes the parts of a key, so that different tuples never give the same bytes.
///
/// Each part starts with a word for its kind and text carries its length in it, so `("ab", "c")`
/// and `("a", "bc")` differ. A key with a missing part enters nowhere, so there is no way to add
/// one.
struct KeyHasher: Sendable {
  private var hash: SipHash128

  /// Starts a key under a secret.
  @inline(__always)
  init(_ secret: HashSecret) {
    hash = SipHash128(secret)
  }

  /// The kind of a part.
  private enum Part: UInt64 {
    case text = 0x0100_0000_0000_0000
    case word = 0x0200_0000_0000_0000
    case reference = 0x0300_0000_0000_0000
  }

  /// Adds a text or bytes value.
  @inline(__always)
  mutating func append(text: Span<UInt8>) {
    hash.append(Self.firstWord(text.count))
    hash.append(text)
  }

  /// What is hashed before a text of so many bytes.
  @inline(__always)
  static func firstWord(_ count: Int) -> UInt64 {
    Part.text.rawValue | UInt64(truncatingIfNeeded: count)
  }

  /// The key of one text alone.
  @inline(__always)
  static func key(of text: Span<UInt8>, _ secret: HashSecret) -> Key128 {
    SipHash128.hash(secret, firstWord(text.count), text)
  }

  /// Adds the payload of a value that is not text.
  @inline(__always)
  mutating func append(word: UInt64) {
    hash.append(Part.word.rawValue)
    hash.append(word)
  }

  /// Adds a reference by its dense number.
  @inline(__always)
  mutating func append(reference: UInt32) {
    hash.append(Part.reference.rawValue)
    hash.append(UInt64(reference))
  }

  /// The key.
  @inline(__always)
  consuming func finish() -> Key128 {
    hash.finish()
  }
}
