/// Hashes the parts of a key, so that different tuples never give the same bytes.
///
/// Each part starts with a byte for its kind and text carries its length, so `("ab", "c")` and
/// `("a", "bc")` differ. A key with a missing part enters nowhere, so there is no way to add one.
struct KeyHasher: Sendable {
  private var hash: SipHash128

  /// Starts a key under a secret.
  @inline(__always)
  init(_ secret: HashSecret) {
    hash = SipHash128(secret)
  }

  /// The kind of a part.
  private enum Part: UInt8 {
    case text = 1
    case word = 2
    case reference = 3
  }

  /// Adds a text or bytes value.
  @inline(__always)
  mutating func append(text: Span<UInt8>) {
    hash.append(Part.text.rawValue)
    hash.append(UInt64(text.count))
    hash.append(text)
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
