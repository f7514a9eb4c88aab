/// The entries of keys with many of them, divided by value: how many of a range of time are below a
/// value, which is the k-th, which is the most frequent.
///
/// A radix tree over the 64 bits of a value, four at a time, skipping bits all values share. A node
/// holds a tree of all entries below it, in order of time, and that tree knows how many have each
/// digit: two walks down it count the entries of a range of time by digit.
/// Up to 64 entries, or any number of one value, lie in a bag that is looked through. When a value
/// differs above the bits a node divides by, the node gets a parent without a tree, which adds up
/// its children: nothing large is ever copied.
/// *Complexity*: the logarithm of the number of values times that of the entries.
struct RankTrie: ~Copyable {
  private let inPlace = InPlace()
  var nodes = BlockPool(blockBytes: Node.bytes, reservedBytes: Reservation.poolBytes)
  var pool = TreePool<DigitCounts>()

  /// Entries a bag of different values may hold.
  static let bagEntries = 64

  /// Where things lie in a node.
  enum Node {
    static let kind = 0
    static let shift = 4
    static let prefix = 8
    static let tree = 16
    /// Entries by digit, of an inner node with a tree.
    static let total = 24
    static let children = 88
    static let bytes = 152
  }

  /// Children of a node.
  static let digits = 16

  /// What a node is.
  enum Kind: UInt32 {
    case bag = 1
    case inner = 2
    /// An inner node without a tree.
    case sum = 3
  }

  /// Bytes in use.
  var liveBytes: Int { nodes.liveBytes + pool.liveBytes }

  @inline(__always)
  func kind(_ node: UInt32) -> Kind {
    switch nodes.load(node, Node.kind, as: UInt32.self) {
    case Kind.bag.rawValue: .bag
    case Kind.inner.rawValue: .inner
    default: .sum
    }
  }

  @inline(__always)
  func tree(_ node: UInt32) -> TreeRoot { nodes.load(node, Node.tree, as: TreeRoot.self) }

  @inline(__always)
  func total(_ node: UInt32) -> DigitCounts { nodes.load(node, Node.total, as: DigitCounts.self) }

  @inline(__always)
  func child(_ node: UInt32, _ digit: Int) -> UInt32 {
    nodes.load(node, Node.children &+ 4 &* digit, as: UInt32.self)
  }

  @inline(__always)
  func shift(_ node: UInt32) -> UInt64 {
    UInt64(nodes.load(node, Node.shift, as: UInt32.self))
  }

  @inline(__always)
  func prefix(_ node: UInt32) -> UInt64 { nodes.load(node, Node.prefix, as: UInt64.self) }

  /// The bits of a value above those a node divides by.
  @inline(__always)
  func upper(_ bits: UInt64, _ node: UInt32) -> UInt64 { bits >> (shift(node) + 4) }

  @inline(__always)
  func digit(_ bits: UInt64, _ node: UInt32) -> Int {
    Int(truncatingIfNeeded: bits >> shift(node)) & 15
  }

  /// A value as bits that are ordered as the values are.
  @inline(__always)
  static func bits(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ 1 << 63 }

  /// The value of such bits.
  @inline(__always)
  static func value(_ bits: UInt64) -> Int64 { Int64(bitPattern: bits ^ 1 << 63) }

  // MARK: Change

  /// Adds an entry below `node`, 0 for none yet; gives the node that holds all.
  mutating func insert(_ entry: Entry, _ node: UInt32) -> UInt32 {
    guard node != 0 else { return bag(entry) }
    let bits = Self.bits(entry.value)
    if kind(node) == .bag { return insert(entry, intoBag: node) }
    guard upper(bits, node) == prefix(node) else {
      let other = bag(entry)
      return join(
        node, prefix(node) << (shift(node) + 4), other, bits, least: shift(node) + 4)
    }
    if kind(node) == .inner {
      var root = tree(node)
      pool.insert(entry, into: &root)
      nodes.store(root, node, Node.tree)
      DigitCounts.add(entry.value, shift: root.shift, to: nodes.block(node), Node.total)
    }
    let digit = digit(bits, node)
    let below = insert(entry, child(node, digit))
    setChild(node, digit, below)
    return node
  }

  /// Takes an entry away; gives the node that holds the rest, 0 for none.
  ///
  /// *Traps* when it is not there.
  mutating func remove(_ entry: Entry, _ node: UInt32) -> UInt32 {
    precondition(node != 0, "no such entry")
    if kind(node) != .sum {
      var root = tree(node)
      let isFound = pool.remove(entry.key, from: &root)
      precondition(isFound, "no such entry")
      nodes.store(root, node, Node.tree)
      if kind(node) == .inner {
        var total = total(node)
        _ = total.remove(entry.value, shift: root.shift)
        nodes.store(total, node, Node.total)
      }
    }
    var isEmpty = true
    if kind(node) == .bag {
      isEmpty = tree(node).block == 0
    } else {
      let digit = digit(Self.bits(entry.value), node)
      setChild(node, digit, remove(entry, child(node, digit)))
      for digit in 0..<Self.digits where child(node, digit) != 0 { isEmpty = false }
    }
    guard isEmpty else { return node }
    nodes.free(node)
    return 0
  }

  private mutating func setChild(_ node: UInt32, _ digit: Int, _ child: UInt32) {
    nodes.store(child, node, Node.children &+ 4 &* digit)
  }

  private mutating func make(_ kind: Kind, _ tree: TreeRoot) -> UInt32 {
    let node = nodes.allocate()
    nodes.clear(node)
    nodes.store(kind.rawValue, node, Node.kind)
    nodes.store(tree, node, Node.tree)
    return node
  }

  private mutating func bag(_ entry: Entry) -> UInt32 {
    var root = TreeRoot()
    pool.insert(entry, into: &root)
    return make(.bag, root)
  }

  private mutating func insert(
    _ entry: Entry, intoBag node: UInt32
  ) -> UInt32 {
    var root = tree(node)
    let count = pool.count(root, upTo: Self.bagEntries + 1)
    if count > Self.bagEntries {
      // So many can only be of one value.
      let value = pool.oldest(root).value
      if value != entry.value {
        let other = bag(entry)
        return join(node, Self.bits(value), other, Self.bits(entry.value), least: 0)
      }
    }
    pool.insert(entry, into: &root)
    nodes.store(root, node, Node.tree)
    if count == Self.bagEntries {
      divide(node, root)
    }
    return node
  }

  /// Puts two nodes under a new one without a tree; they differ in some bit from `least` on.
  private mutating func join(
    _ node: UInt32, _ bits: UInt64, _ other: UInt32, _ otherBits: UInt64, least: UInt64
  ) -> UInt32 {
    let parent = make(.sum, TreeRoot())
    setDivision(parent, bits, otherBits)
    precondition(shift(parent) >= least, "nodes that overlap")
    setChild(parent, digit(bits, parent), node)
    setChild(parent, digit(otherBits, parent), other)
    return parent
  }

  /// Divides by the highest four bits in which two values differ.
  private mutating func setDivision(_ node: UInt32, _ bits: UInt64, _ otherBits: UInt64) {
    let highest = 63 - (bits ^ otherBits).leadingZeroBitCount
    nodes.store(UInt32(highest & ~3), node, Node.shift)
    // Nothing is above the highest four.
    nodes.store(bits >> (UInt64(highest & ~3) + 4), node, Node.prefix)
  }

  /// Makes a bag of different values an inner node, which keeps the bag's tree.
  private mutating func divide(_ node: UInt32, _ root: TreeRoot) {
    var (least, greatest) = (Int64.max, Int64.min)
    pool.forEach(root, above: .least, through: .greatest) { entry in
      least = min(least, entry.value)
      greatest = max(greatest, entry.value)
      return true
    }
    guard least < greatest else { return }
    nodes.store(Kind.inner.rawValue, node, Node.kind)
    setDivision(node, Self.bits(least), Self.bits(greatest))
    var root = root
    pool.setShift(UInt8(truncatingIfNeeded: shift(node)), of: &root)
    nodes.store(root, node, Node.tree)
    nodes.store(pool.summary(of: root), node, Node.total)
    for index in 0..<pool.count(root) {
      let entry = pool.entry(of: root, at: index)
      let digit = digit(Self.bits(entry.value), node)
      setChild(node, digit, insert(entry, child(node, digit)))
    }
  }
}

extension RankTrie {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try nodes.transfer(&archive)
    try pool.transfer(&archive)
  }
}
