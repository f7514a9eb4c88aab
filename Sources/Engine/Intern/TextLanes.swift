import CColumns

/// Up to eight short texts whose keys are hashed side by side.
///
/// Each step of a hash waits for the one before, and the texts of an event do not wait for each
/// other: in the lanes of wide registers they take little longer than one of them alone.
struct TextLanes: ~Copyable {
  private let secret: HashSecret
  /// What is hashed of the texts: the first words of all of them, then the second ones, and so on;
  /// then what each is called; then the lower halves of the keys of those hashed last, then the
  /// upper ones.
  private var words = FixedArray<UInt64>(repeating: 0, count: firstHalf + 2 * lanes)
  /// By text, how many words there are of it.
  private var counts = FixedArray<Int64>(repeating: 0, count: lanes)
  /// Words of the longest text.
  private var most = 0
  /// Texts that wait.
  private(set) var count = 0

  static let lanes = Int(columns_hashed_texts)
  /// One before the text, those it fills, and one with what is left and the length.
  private static let mostWords = 8
  private static let firstName = mostWords * lanes
  private static let firstHalf = firstName + lanes
  /// The longest text that finds room here.
  static let mostBytes = (mostWords - 1) * 8 - 1

  init(_ secret: HashSecret) { self.secret = secret }

  /// Whether there is no room for another text.
  var isFull: Bool { count == Self.lanes }

  /// Adds a text, which the caller knows by a name.
  ///
  /// *Traps* when there is no room for it, or it is too long.
  @inline(__always)
  mutating func append(_ text: Span<UInt8>, name: Int) {
    let lane = count
    precondition(lane < Self.lanes && text.count <= Self.mostBytes, "a text that finds no room")
    // SAFETY: a lane that is there. Its words are as many further one from the other as there are
    // lanes, and a text that is no longer has no more of them than there is room for.
    let words = unsafe self.words.address(0) + lane
    unsafe text.withUnsafeBufferPointer { bytes in
      unsafe columns_lay_text(words, KeyHasher.firstWord(text), bytes.baseAddress, bytes.count)
    }
    unsafe words[Self.firstName] = UInt64(truncatingIfNeeded: name)
    let wordCount = text.count &>> 3 &+ 2
    unsafe counts.address(0)[lane] = Int64(truncatingIfNeeded: wordCount)
    most = max(most, wordCount)
    count = lane &+ 1
  }

  /// Hashes the texts and makes room for others; their keys stay until the next ones are hashed.
  @inline(__always)
  mutating func hash() {
    // SAFETY: words, counts and both halves of the hashes are there for all lanes, and only this
    // access has them.
    let words = unsafe self.words.address(0)
    unsafe columns_hash_texts(
      secret.first, secret.second, words, counts.address(0), most, count, words + Self.firstHalf,
      words + Self.firstHalf + Self.lanes)
    most = 0
    count = 0
  }

  /// The key of a text that was hashed, by its position.
  @inline(__always)
  func key(_ position: Int) -> Key128 {
    // SAFETY: both halves of a lane, see `place`.
    let half = unsafe place(Self.firstHalf, position)
    return unsafe Key128(low: half.pointee, high: half[Self.lanes])
  }

  /// What a text is called, by its position.
  @inline(__always)
  func name(_ position: Int) -> Int {
    // SAFETY: see `place`.
    Int(truncatingIfNeeded: unsafe place(Self.firstName, position).pointee)
  }

  @inline(__always)
  private func place(_ first: Int, _ position: Int) -> UnsafeMutablePointer<UInt64> {
    precondition(UInt(bitPattern: position) < UInt(bitPattern: Self.lanes), "no such text")
    // SAFETY: names and halves are there for all lanes.
    return unsafe words.address(0) + first + position
  }
}
