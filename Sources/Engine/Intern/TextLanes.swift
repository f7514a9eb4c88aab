import CColumns

/// Up to eight short texts whose keys are hashed side by side.
///
/// Each step of a hash waits for the one before, and the texts of an event do not wait for each
/// other: in the lanes of wide registers they take little longer than one of them alone.
struct TextLanes: ~Copyable {
  private let secret: HashSecret
  /// What is hashed of the texts: the first words of all of them, then the second ones, and so on;
  /// then what each is called, and how many words there are of it; then the lower halves of the
  /// keys of those hashed last, then the upper ones.
  private var words = FixedArray<UInt64>(repeating: 0, count: firstHalf + 2 * lanes)
  /// Texts that wait, and bytes of the longest of them.
  private(set) var count = 0
  private(set) var longest = 0

  static let lanes = Int(columns_hashed_texts)
  /// One before the text, those it fills, and one with what is left and the length.
  private static let mostWords = 8
  private static let firstName = mostWords * lanes
  private static let firstCount = firstName + lanes
  private static let firstHalf = firstCount + lanes
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
    // SAFETY: a lane that is there, and a text that is not too long.
    unsafe text.withUnsafeBufferPointer { bytes in
      unsafe Self.lay(bytes.baseAddress, text.count, name: name, in: start + lane)
    }
    count = lane &+ 1
    longest = max(longest, text.count)
  }

  /// Where the first lane begins, for what changes these lanes as long as it uses the address, and
  /// says by `took` what it laid out.
  @unsafe var start: UnsafeMutablePointer<UInt64> {
    // SAFETY: there are always words.
    @inline(__always) get { unsafe words.address(0) }
  }

  /// Lays a text out in a lane that begins at an address, as `append` does.
  ///
  /// *Requires* that the lane is there, the bytes, too, and no more of them than `mostBytes`.
  @inline(__always)
  @unsafe static func lay(
    _ bytes: UnsafePointer<UInt8>?, _ count: Int, name: Int, in lane: UnsafeMutablePointer<UInt64>
  ) {
    assert(count <= mostBytes, "a text that finds no room")
    // SAFETY: the words of a lane are as many further one from the other as there are lanes, and a
    // text that is no longer has no more of them than there is room for.
    unsafe columns_lay_text(lane, KeyHasher.firstWord(count), bytes, count)
    unsafe lane[firstName] = UInt64(truncatingIfNeeded: name)
    unsafe lane[firstCount] = UInt64(truncatingIfNeeded: wordCount(count))
  }

  /// How many words there are of a text of so many bytes.
  @inline(__always)
  private static func wordCount(_ bytes: Int) -> Int { bytes &>> 3 &+ 2 }

  /// Notes how many texts wait, once the next lanes were laid out, and how long the longest is.
  ///
  /// *Traps* when there are not so many lanes, or a text is too long.
  @inline(__always)
  mutating func took(count: Int, longest: Int) {
    precondition(count <= Self.lanes && longest <= Self.mostBytes, "a text that finds no room")
    self.count = count
    self.longest = longest
  }

  /// Hashes the texts and makes room for others; their keys stay until the next ones are hashed.
  @inline(__always)
  mutating func hash() {
    // SAFETY: words, counts and both halves of the hashes are there for all lanes, and only this
    // access has them. No count has the highest bit, so they are the same numbers with a sign.
    let words = unsafe self.words.address(0)
    unsafe columns_hash_texts(
      secret.first, secret.second, words,
      UnsafeRawPointer(words + Self.firstCount).assumingMemoryBound(to: Int64.self),
      Self.wordCount(longest), count, words + Self.firstHalf, words + Self.firstHalf + Self.lanes)
    count = 0
    longest = 0
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
