/// Many ordered trees of entries in shared blocks, each node knowing the summary of what is below
/// it.
///
/// A B+ tree: an entry in order goes to the end of the last leaf; one that is late, or a question
/// about any range, goes down from the root. Nothing is ever rebuilt, so no operation takes long
/// however many entries a tree has. A tree of a few entries is one small leaf.
/// *Complexity*: logarithmic in the entries of the tree, to base 32.
struct TreePool<Summary: TreeSummary>: ~Copyable {
  var leaves: BlockPool
  var smallLeaves: BlockPool
  var inners: BlockPool

  init() {
    leaves = BlockPool(
      blockBytes: TreeLayout.leafBytes, reservedBytes: Reservation.poolBytes)
    smallLeaves = BlockPool(
      blockBytes: TreeLayout.smallBytes, reservedBytes: Reservation.poolBytes)
    inners = BlockPool(
      blockBytes: TreeLayout.innerBytes, reservedBytes: Reservation.poolBytes)
  }

  /// Bytes in use.
  var liveBytes: Int { leaves.liveBytes + smallLeaves.liveBytes + inners.liveBytes }

  /// Whether no tree holds an entry.
  var isEmpty: Bool {
    leaves.liveBlocks == 0 && smallLeaves.liveBlocks == 0 && inners.liveBlocks == 0
  }

  // MARK: Nodes

  @inline(__always)
  func size(_ node: TreeRoot) -> Int {
    let size: UInt32
    if node.height > 0 {
      size = inners.load(node.block, TreeLayout.count, as: UInt32.self)
    } else if node.isSmall {
      size = smallLeaves.load(node.block, TreeLayout.count, as: UInt32.self)
    } else {
      size = leaves.load(node.block, TreeLayout.count, as: UInt32.self)
    }
    return Int(size)
  }

  @inline(__always)
  mutating func setSize(_ node: TreeRoot, _ size: Int) {
    let size = UInt32(truncatingIfNeeded: size)
    if node.height > 0 {
      inners.store(size, node.block, TreeLayout.count)
    } else if node.isSmall {
      smallLeaves.store(size, node.block, TreeLayout.count)
    } else {
      leaves.store(size, node.block, TreeLayout.count)
    }
  }

  @inline(__always)
  func entry(_ leaf: TreeRoot, _ index: Int) -> Entry {
    let offset = TreeLayout.entry(index)
    return leaf.isSmall
      ? smallLeaves.load(leaf.block, offset, as: Entry.self)
      : leaves.load(leaf.block, offset, as: Entry.self)
  }

  @inline(__always)
  mutating func setEntry(_ leaf: TreeRoot, _ index: Int, _ entry: Entry) {
    let offset = TreeLayout.entry(index)
    if leaf.isSmall {
      smallLeaves.store(entry, leaf.block, offset)
    } else {
      leaves.store(entry, leaf.block, offset)
    }
  }

  @inline(__always)
  func firstKey(_ inner: TreeRoot, _ index: Int) -> EntryKey {
    inners.load(inner.block, TreeLayout.key(index), as: EntryKey.self)
  }

  @inline(__always)
  func child(_ inner: TreeRoot, _ index: Int) -> TreeRoot {
    TreeRoot(
      block: inners.load(inner.block, TreeLayout.child(index), as: UInt32.self),
      height: inner.height &- 1, shift: inner.shift)
  }

  @inline(__always)
  func childCount(_ inner: TreeRoot, _ index: Int) -> Int {
    Int(inners.load(inner.block, TreeLayout.childCount(index), as: UInt32.self))
  }

  @inline(__always)
  func childSummary(_ inner: TreeRoot, _ index: Int) -> Summary {
    inners.load(inner.block, TreeLayout.summary(index), as: Summary.self)
  }

  @inline(__always)
  mutating func setSummary(_ inner: TreeRoot, _ index: Int, _ summary: Summary) {
    inners.store(summary, inner.block, TreeLayout.summary(index))
    inners.store(
      UInt32(truncatingIfNeeded: summary.count), inner.block, TreeLayout.childCount(index))
  }

  /// The summary of a node, from its entries or children.
  func summary(of node: TreeRoot) -> Summary {
    var summary = Summary.empty
    for index in 0..<size(node) {
      if node.height > 0 {
        summary.add(childSummary(node, index))
      } else {
        summary.add(Summary(entry(node, index).value, shift: node.shift))
      }
    }
    return summary
  }

  /// The last child whose first key is not above `key`, or the first child.
  @inline(__always)
  func childIndex(_ inner: TreeRoot, _ key: EntryKey) -> Int {
    var low = 0
    var high = size(inner)
    // Most questions are about the newest entries.
    if firstKey(inner, high - 1) <= key { return high - 1 }
    while high - low > 1 {
      let middle = (low &+ high) &>> 1
      if firstKey(inner, middle) <= key { low = middle } else { high = middle }
    }
    return low
  }

  /// Entries of a leaf that are not above `key`.
  @inline(__always)
  func leafRank(_ leaf: TreeRoot, _ key: EntryKey) -> Int {
    var low = 0
    var high = size(leaf)
    // Most questions are about the newest entries.
    if high > 0 && entry(leaf, high - 1).key <= key { return high }
    while low < high {
      let middle = (low &+ high) &>> 1
      if entry(leaf, middle).key <= key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension TreePool {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try leaves.transfer(&archive)
    try smallLeaves.transfer(&archive)
    try inners.transfer(&archive)
  }
}
