/// Where one tree of a `TreePool` begins.
///
/// *Shape*: 8 bytes; all zeros are an empty tree.
struct TreeRoot: BitwiseCopyable {
  var block: UInt32 = 0
  /// Levels above the leaves.
  var height: UInt8 = 0
  /// Whether the block is a small leaf.
  var isSmall: Bool = false
  /// From which bit of a value on its digit is counted, where digits are.
  var shift: UInt8 = 0
  private var padding: UInt8 = 0

  @inline(__always)
  init(block: UInt32 = 0, height: UInt8 = 0, isSmall: Bool = false, shift: UInt8 = 0) {
    self.block = block
    self.height = height
    self.isSmall = isSmall
    self.shift = shift
  }
}
