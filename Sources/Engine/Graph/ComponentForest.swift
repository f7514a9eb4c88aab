/// Components of one link over lifetime: union by size with path halving, one word per account.
///
/// A word is 0 for an account that is alone, so that untouched memory is right; the top bit marks a
/// root, whose other bits are the size of its component; any other word is the parent.
struct ComponentForest: ~Copyable {
  private var words: ReservedArray<UInt32>

  private static let rootBit: UInt32 = 1 << 31
  /// A root of size 0, which no account otherwise is: reached by the rebuild that is under way.
  private static let reached: UInt32 = rootBit

  /// Makes a forest of single accounts.
  init(capacity: Int) {
    words = ReservedArray(capacity: capacity)
  }

  /// Bytes of accounts seen.
  var liveBytes: Int { words.liveBytes }

  /// Joins the components of two accounts.
  mutating func join(_ left: UInt32, _ right: UInt32) {
    words.use(count: Int(max(left, right)) + 1)
    let leftRoot = root(of: left)
    let rightRoot = root(of: right)
    guard leftRoot != rightRoot else { return }
    let leftSize = sizeAtRoot(leftRoot)
    let rightSize = sizeAtRoot(rightRoot)
    let (parent, child) = leftSize >= rightSize ? (leftRoot, rightRoot) : (rightRoot, leftRoot)
    words[Int(child)] = parent
    words[Int(parent)] = Self.rootBit | (leftSize + rightSize)
  }

  /// Accounts in the component of an account, itself included; 1 for one that was never joined.
  mutating func size(of account: UInt32) -> Int {
    guard Int(account) < words.count else { return 1 }
    return Int(sizeAtRoot(root(of: account)))
  }

  /// Brings the word of an account nearer.
  @inline(__always)
  func prefetch(_ account: UInt32) { words.prefetch(Int(account)) }

  private func sizeAtRoot(_ root: UInt32) -> UInt32 {
    max(words[Int(root)] & ~Self.rootBit, 1)
  }

  private mutating func root(of account: UInt32) -> UInt32 {
    var node = account
    while true {
      let parent = words[Int(node)]
      if Self.isRoot(parent) { return node }
      let grandparent = words[Int(parent)]
      if Self.isRoot(grandparent) { return parent }
      words[Int(node)] = grandparent
      node = grandparent
    }
  }

  private static func isRoot(_ word: UInt32) -> Bool { word == 0 || word & rootBit != 0 }

  // MARK: Rebuilding one component

  /// Whether the rebuild under way has reached an account.
  func isReached(_ account: UInt32) -> Bool { words[Int(account)] == Self.reached }

  /// Notes that the rebuild under way has reached an account. Every member of the old component
  /// must be reached, and assigned afterwards, before anything else is asked.
  mutating func reach(_ account: UInt32) {
    words.use(count: Int(account) + 1)
    words[Int(account)] = Self.reached
  }

  /// Makes an account the root of a rebuilt component.
  mutating func assignRoot(_ account: UInt32, size: Int) {
    words[Int(account)] = size == 1 ? 0 : Self.rootBit | UInt32(size)
  }

  /// Puts an account under the root of a rebuilt component.
  mutating func assign(_ account: UInt32, toRoot root: UInt32) {
    words[Int(account)] = root
  }
}
