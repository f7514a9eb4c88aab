/// Where one tree of a `TreePool` begins.
///
/// *Shape*: 8 bytes, of which the first four are the block; all zeros are an empty tree. One word,
/// because it is handed on from step to step, and parts of one are taken apart each time.
struct TreeRoot: BitwiseCopyable {
  private var word: UInt64

  @inline(__always)
  init(block: UInt32 = 0, height: UInt8 = 0, isSmall: Bool = false, shift: UInt8 = 0) {
    word =
      UInt64(block) | UInt64(height) &<< 32 | (isSmall ? Self.small : 0) | UInt64(shift) &<< 48
  }

  private static let small: UInt64 = 1 << 40

  var block: UInt32 {
    @inline(__always) get { UInt32(truncatingIfNeeded: word) }
  }

  /// Levels above the leaves.
  var height: UInt8 {
    @inline(__always) get { UInt8(truncatingIfNeeded: word &>> 32) }
  }

  /// Whether the block is a small leaf.
  var isSmall: Bool {
    @inline(__always) get { word & Self.small != 0 }
  }

  /// From which bit of a value on its digit is counted, where digits are.
  var shift: UInt8 {
    @inline(__always) get { UInt8(truncatingIfNeeded: word &>> 48) }
  }
}
