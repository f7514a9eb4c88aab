import CColumns

/// Short texts whose keys are hashed side by side.
///
/// Each step of a hash waits for the one before, and the texts of a batch do not wait for each
/// other: in the lanes of wide registers eight take little longer than one of them alone.
struct TextLanes: ~Copyable {
  private let secret: HashSecret
  /// Vector by vector of lanes, how many bytes there are of their texts, then their first words,
  /// their second ones, and so on.
  private var rows: FixedArray<UInt64>
  /// Of the vectors hashed last, the lower halves of the keys, then the upper ones.
  private var halves = FixedArray<UInt64>(repeating: 0, count: 2 * together)
  /// How many lanes there are: whole vectors of them.
  let count: Int

  /// How many texts are hashed side by side, and how many at a time at most: some vectors of them.
  static let vector = Int(columns_hashed_texts)
  static let together = vector * Int(columns_key_vectors)
  /// The longest text that finds room in a lane.
  static let mostBytes = Int(columns_key_bytes)
  /// The longest text that `columns_lay_short` lays out, and how many bytes it reads.
  static let mostShortBytes = 31
  static let shortRead = 32

  /// Makes at least so many lanes, with an empty text in each.
  init(_ secret: HashSecret, room: Int) {
    self.secret = secret
    count = max(1, (room + Self.vector - 1) / Self.vector) * Self.vector
    rows = FixedArray(repeating: 0, count: count / Self.vector * Int(columns_key_words))
  }

  /// Lays out a text.
  ///
  /// *Traps* when there is no such lane, or the text is too long.
  mutating func lay(_ text: Span<UInt8>, in lane: Int) {
    precondition(
      lane >= 0 && lane < count && text.count <= Self.mostBytes, "a text that finds no room")
    // SAFETY: a lane that is there, and a text that is not too long.
    unsafe text.withUnsafeBufferPointer { bytes in
      unsafe columns_lay_key(start + Self.place(of: lane), bytes.baseAddress, text.count)
    }
  }

  /// Where the first lane begins, for what changes lanes as long as it uses the address.
  @unsafe var start: UnsafeMutablePointer<UInt64> {
    // SAFETY: there is a lane at least.
    @inline(__always) get { unsafe rows.address(0) }
  }

  /// How far behind the first one a lane begins.
  @inline(__always)
  static func place(of lane: Int) -> Int {
    // The lanes of a vector lie side by side, and then follow its other rows.
    lane &+ (lane & ~(vector &- 1)) &* (Int(columns_key_rows) &- 1)
  }

  /// Hashes so many texts, at most `together`, in vectors of lanes from the first of one on.
  ///
  /// *Traps* when there are no such vectors.
  @inline(__always)
  mutating func hash(from lane: Int, count: Int) {
    let vectors = (count &+ Self.vector &- 1) / Self.vector
    precondition(
      lane >= 0 && lane & (Self.vector &- 1) == 0 && count >= 0 && count <= Self.together
        && lane &+ vectors &* Self.vector <= self.count, "no such lanes")
    // SAFETY: there are as many vectors of lanes, and room for their keys, and only this access has
    // them. Whoever lays texts out keeps them short enough.
    let halves = unsafe self.halves.address(0)
    unsafe columns_hash_keys(
      secret.first, secret.second, KeyHasher.firstWord(0), start + Self.place(of: lane), vectors,
      halves, halves + Self.together)
  }

  /// The key of a text hashed last, by how many were before it.
  ///
  /// *Requires* that there is one.
  @inline(__always)
  func key(_ position: Int) -> Key128 {
    assert(position >= 0 && position < Self.together, "a text that was not hashed")
    // SAFETY: there is such a text, as required.
    let half = unsafe halves.address(0) + position
    return unsafe Key128(low: half.pointee, high: half[Self.together])
  }
}
