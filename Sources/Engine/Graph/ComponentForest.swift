/// Components of one link over lifetime: union by size with path halving, one word per account.
///
/// A word is 0 for an account that is alone, so that untouched memory is right; the top bit marks a
/// root, whose other bits are the size of its component; any other word is the parent.
struct ComponentForest: ~Copyable {
  private let inPlace = InPlace()
  private var words: KeyColumn<UInt32>
  /// By account, `counters` weights of its own, then as many sums, which hold at a root.
  private var sums: KeyColumn<Int32>
  private let counters: Int

  private static let rootBit: UInt32 = 1 << 31
  /// A root of size 0, which no account otherwise is: reached by the rebuild that is under way.
  private static let reached: UInt32 = rootBit

  /// Makes a forest of the accounts of a space, each by itself; without a space none.
  init(in space: KeyRecords?, counters: Int = 0) {
    words = KeyColumn(in: space)
    sums = KeyColumn(width: 2 * counters, in: space)
    self.counters = counters
  }

  /// Bytes of accounts seen.
  var liveBytes: Int { words.liveBytes + sums.liveBytes }

  private mutating func use(_ account: UInt32) { words.use(count: Int(account) + 1) }

  /// Joins the components of two accounts.
  mutating func join(_ left: UInt32, _ right: UInt32) {
    use(max(left, right))
    let leftRoot = root(of: left)
    let rightRoot = root(of: right)
    guard leftRoot != rightRoot else { return }
    let leftSize = sizeAtRoot(leftRoot)
    let rightSize = sizeAtRoot(rightRoot)
    let (parent, child) = leftSize >= rightSize ? (leftRoot, rightRoot) : (rightRoot, leftRoot)
    words[Int(child)] = parent
    words[Int(parent)] = Self.rootBit | (leftSize + rightSize)
    for counter in 0..<counters {
      sums[Int(parent), counters + counter] += sums[Int(child), counters + counter]
    }
  }

  /// Whether two accounts are in one component.
  @inline(__always)
  mutating func areTogether(_ left: UInt32, _ right: UInt32) -> Bool {
    if left == right { return true }
    guard Int(max(left, right)) < words.count else { return false }
    return root(of: left) == root(of: right)
  }

  /// Adds to a counter of an account.
  mutating func add(_ weight: Int32, to account: UInt32, counter: Int) {
    use(account)
    let root = root(of: account)
    sums[Int(account), counter] += weight
    sums[Int(root), counters + counter] += weight
  }

  /// The sum of a counter over the component of an account; nil for one that has no record.
  mutating func sum(of account: UInt32, counter: Int) -> Int? {
    guard Int(account) < words.count else { return nil }
    return Int(sums[Int(root(of: account)), counters + counter])
  }

  /// Accounts in the component of an account, itself included; 1 for one that was never joined.
  @inline(__always)
  mutating func size(of account: UInt32) -> Int {
    guard Int(account) < words.count else { return 1 }
    let word = words[Int(account)]
    // A root says it itself.
    return Int(Self.isRoot(word) ? Self.size(word) : sizeAtRoot(climb(from: account)))
  }

  /// Where the word of an account lies.
  var column: RecordColumn { words.column }

  /// Brings the word of an account nearer.
  @inline(__always)
  func prefetch(_ account: UInt32, _ list: inout PrefetchList) {
    words.prefetch(Int(account), &list)
  }

  /// Brings the word above that of an account nearer, mostly of its root.
  @inline(__always)
  func prefetchRoot(of account: UInt32, _ list: inout PrefetchList) {
    guard Int(account) < words.count else { return }
    let parent = words[Int(account)]
    // A parent is a positive number, see above; no branch depends on whether it is one.
    list.add(words.address(Int(parent)), if: Int32(bitPattern: parent) > 0)
  }

  @inline(__always)
  private func sizeAtRoot(_ root: UInt32) -> UInt32 { Self.size(words[Int(root)]) }

  /// The size of a component by the word of its root.
  @inline(__always)
  private static func size(_ word: UInt32) -> UInt32 { max(word & ~rootBit, 1) }

  /// Most accounts are alone or a root themselves.
  @inline(__always)
  private mutating func root(of account: UInt32) -> UInt32 {
    Self.isRoot(words[Int(account)]) ? account : climb(from: account)
  }

  private mutating func climb(from account: UInt32) -> UInt32 {
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

  @inline(__always)
  private static func isRoot(_ word: UInt32) -> Bool { word == 0 || word & rootBit != 0 }

  // MARK: Rebuilding one component

  /// Whether the rebuild under way has reached an account.
  func isReached(_ account: UInt32) -> Bool {
    Int(account) < words.count && words[Int(account)] == Self.reached
  }

  /// Notes that the rebuild under way has reached an account. Every member of the old component
  /// must be reached, and assigned afterwards, before anything else is asked.
  mutating func reach(_ account: UInt32) {
    use(account)
    words[Int(account)] = Self.reached
  }

  /// Makes an account the root of a rebuilt component.
  mutating func assignRoot(_ account: UInt32, size: Int) {
    use(account)
    words[Int(account)] = size == 1 ? 0 : Self.rootBit | UInt32(size)
    for counter in 0..<counters {
      sums[Int(account), counters + counter] = sums[Int(account), counter]
    }
  }

  /// Puts an account under the root of a rebuilt component, which was assigned before.
  mutating func assign(_ account: UInt32, toRoot root: UInt32) {
    words[Int(account)] = root
    for counter in 0..<counters {
      sums[Int(root), counters + counter] += sums[Int(account), counter]
    }
  }
}

extension ComponentForest {
  /// The state as a snapshot carries it, but for the records of the space.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(counters)
  }
}
