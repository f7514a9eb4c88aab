/// A count below 2³¹ and a flag. 4 bytes.
struct FlaggedCount: BitwiseCopyable {
  /// Twice the count, and 1 with the flag.
  private var word: UInt32

  /// None, with a flag or without.
  @inline(__always)
  init(isFlagged: Bool = false) { word = isFlagged ? 1 : 0 }

  var count: UInt32 {
    @inline(__always) get { word >> 1 }
    @inline(__always) set { word = newValue << 1 | word & 1 }
  }

  var isFlagged: Bool {
    @inline(__always) get { word & 1 != 0 }
    @inline(__always) set { word = word & ~1 | (newValue ? 1 : 0) }
  }

  /// Whether there is neither a count nor the flag.
  var isZero: Bool {
    @inline(__always) get { word == 0 }
  }
}
