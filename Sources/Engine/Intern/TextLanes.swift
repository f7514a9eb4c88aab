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
  /// Of the vector hashed last, the lower halves of the keys, then the upper ones.
  private var halves = FixedArray<UInt64>(repeating: 0, count: 2 * vector)
  /// How many lanes there are: whole vectors of them.
  let count: Int

  /// How many texts are hashed at a time.
  static let vector = Int(columns_hashed_texts)
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

  /// Hashes the texts in a vector of lanes, from the first of them on.
  ///
  /// *Traps* when there is no such vector.
  @inline(__always)
  mutating func hash(from lane: Int) {
    precondition(
      lane >= 0 && lane & (Self.vector &- 1) == 0 && lane < count, "no such lanes")
    // SAFETY: there are whole vectors of lanes, and only this access has them. Whoever lays texts
    // out keeps them short enough.
    let halves = unsafe self.halves.address(0)
    unsafe columns_hash_keys(
      secret.first, secret.second, KeyHasher.firstWord(0), start + Self.place(of: lane), halves,
      halves + Self.vector)
  }

  /// The key of a text in the vector that was hashed last.
  @inline(__always)
  func key(_ position: Int) -> Key128 {
    // SAFETY: a position in a vector, whichever number it is.
    let half = unsafe halves.address(0) + (position & (Self.vector &- 1))
    return unsafe Key128(low: half.pointee, high: half[Self.vector])
  }
}
