import CColumns

/// Up to eight bodies of events that are hashed side by side.
///
/// Each step of a hash waits for the one before, and bodies do not wait for each other: in the
/// lanes of wide registers they take little longer than one of them alone.
struct BodyLanes: ~Copyable {
  private let secret: HashSecret
  /// What is hashed of the bodies: the first words of all of them, then the second ones, and so on;
  /// then the lower halves of the digests of those hashed last, then the upper ones.
  private var words = FixedArray<UInt64>(repeating: 0, count: firstHalf + 2 * lanes)
  /// By body, how many words there are of it.
  private var counts = FixedArray<Int64>(repeating: 0, count: lanes)
  /// By body, what it is called.
  private var names = FixedArray<Int>(repeating: 0, count: lanes)
  /// Words of the longest body.
  private var most = 0
  /// Bodies that wait.
  private(set) var count = 0

  /// How far the words of a body lie one from the other.
  static let lanes = Int(columns_hashed_texts)
  /// The most words of a body that finds room here, and one with how many bytes these are.
  static let mostWords = 96
  private static let firstHalf = (mostWords + 1) * lanes

  init(_ secret: HashSecret) { self.secret = secret }

  /// Where the words of the next body go, each `lanes` behind the one before: there is room for
  /// `mostWords`.
  ///
  /// *Traps* when all lanes are full.
  @unsafe var next: UnsafeMutablePointer<UInt64> {
    @inline(__always) mutating get {
      precondition(count < Self.lanes, "full lanes are hashed before another body comes")
      // SAFETY: a lane that is there.
      return unsafe words.address(0) + count
    }
  }

  /// Keeps the body whose words are at `next`, until its turn.
  ///
  /// *Traps* when it has no words, or more than there is room for.
  @inline(__always)
  mutating func keep(words wordCount: Int, name: Int) {
    precondition(wordCount > 0 && wordCount <= Self.mostWords, "a body that finds no room")
    let lane = count
    // The bytes of a body are whole words, so that none is left for the last one.
    words[wordCount &* Self.lanes &+ lane] = UInt64(truncatingIfNeeded: wordCount) &<< 59
    counts[lane] = Int64(truncatingIfNeeded: wordCount &+ 1)
    names[lane] = name
    most = max(most, wordCount &+ 1)
    count = lane &+ 1
  }

  /// Whether bodies must be hashed before another one is kept.
  var isFull: Bool { count == Self.lanes }

  /// Hashes the bodies and makes room for others; returns how many there were.
  mutating func hash() -> Int {
    let hashed = count
    if hashed == 0 { return 0 }
    // SAFETY: words, counts and both halves of the digests are there for all lanes, and only this
    // access has them. No body has more words than `most`.
    let words = unsafe self.words.address(0)
    unsafe columns_hash_texts(
      secret.first, secret.second, words, counts.address(0), most, hashed, words + Self.firstHalf,
      words + Self.firstHalf + Self.lanes)
    most = 0
    count = 0
    return hashed
  }

  /// The digest of a body that was hashed last, by its position.
  func digest(_ position: Int) -> BodyDigest {
    precondition(position >= 0 && position < Self.lanes, "no such body")
    let place = Self.firstHalf &+ position
    return BodyDigest(low: words[place], high: words[place &+ Self.lanes])
  }

  /// What a body that was hashed last is called, by its position.
  func name(_ position: Int) -> Int { names[position] }
}
