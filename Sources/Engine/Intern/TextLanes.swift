import CColumns

/// Up to eight short texts whose keys are hashed side by side.
///
/// Each step of a hash waits for the one before, and the texts of an event do not wait for each
/// other: in the lanes of wide registers they take little longer than one of them alone.
struct TextLanes: ~Copyable {
  private let secret: HashSecret
  /// What is hashed of the texts: the first words of all of them, then the second ones, and so on.
  private var words = FixedArray<UInt64>(repeating: 0, count: mostWords * lanes)
  /// By text, how many words there are of it.
  private var counts = FixedArray<Int64>(repeating: 0, count: lanes)
  /// The lower halves of the keys of the texts hashed last, then the upper ones.
  private var halves = FixedArray<UInt64>(repeating: 0, count: 2 * lanes)
  /// Words of the longest text.
  private var most = 0
  /// Texts that wait.
  private(set) var count = 0

  static let lanes = Int(columns_hashed_texts)
  /// One before the text, those it fills, and one with what is left and the length.
  private static let mostWords = 8
  /// The longest text that finds room here.
  static let mostBytes = (mostWords - 1) * 8 - 1

  init(_ secret: HashSecret) { self.secret = secret }

  /// Whether there is no room for another text.
  var isFull: Bool { count == Self.lanes }

  /// Adds a text.
  ///
  /// *Traps* when there is no room for it.
  @inline(__always)
  mutating func append(_ text: Span<UInt8>) {
    precondition(count < Self.lanes, "a text that finds no room")
    var place = count
    words[place] = KeyHasher.firstWord(text)
    var index = 0
    while index &+ 8 <= text.count {
      place &+= Self.lanes
      words[place] = SipHash128.word(text, at: index)
      index &+= 8
    }
    let rest = text.count &- index
    let last = rest > 0 ? SipHash128.lastWord(text, rest) : 0
    place &+= Self.lanes
    words[place] = UInt64(truncatingIfNeeded: text.count &+ 8) &<< 56 | last
    // The next word of a text is as many further as there are lanes.
    let wordCount = place / Self.lanes &+ 1
    counts[count] = Int64(truncatingIfNeeded: wordCount)
    most = max(most, wordCount)
    count &+= 1
  }

  /// Hashes the texts and makes room for others; their keys stay until the next ones are hashed.
  @inline(__always)
  mutating func hash() {
    // SAFETY: words, counts and both halves of the hashes are there for all lanes, and only this
    // access has them.
    unsafe columns_hash_texts(
      secret.first, secret.second, words.address(0), counts.address(0), most, count,
      halves.address(0), halves.address(Self.lanes))
    most = 0
    count = 0
  }

  /// The key of a text that was hashed, by its position.
  @inline(__always)
  func key(_ position: Int) -> Key128 {
    Key128(low: halves[position], high: halves[position &+ Self.lanes])
  }
}
