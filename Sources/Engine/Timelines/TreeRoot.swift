/// Where one tree of a `TreePool` begins.
///
/// *Shape*: 8 bytes; all zeros are an empty tree.
struct TreeRoot: BitwiseCopyable {
  var block: UInt32 = 0
  /// Levels above the leaves.
  var height: UInt8 = 0
  /// Whether the block is a small leaf.
  var isSmall: Bool = false
  private var padding: UInt16 = 0

  @inline(__always)
  init(block: UInt32 = 0, height: UInt8 = 0, isSmall: Bool = false) {
    self.block = block
    self.height = height
    self.isSmall = isSmall
  }
}
