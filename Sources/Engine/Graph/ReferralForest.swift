/// The forest of a directed link: who came by whom.
///
/// The parent of an account is the source of the first edge that enters it, if it was at neither
/// end of an edge before. So an account joins as a leaf, and its place never changes but when one
/// above it is erased.
struct ReferralForest: ~Copyable {
  private let inPlace = InPlace()
  /// What is known of an account but for its parent, which walks upwards want side by side.
  private struct Family: BitwiseCopyable {
    var firstChild: UInt32 = 0
    var nextSibling: UInt32 = 0
    var previousSibling: UInt32 = 0
    /// Its children, flagged once it was at an end of an edge.
    var children = FlaggedCount()

    init() {}

    /// That of an account which just came.
    @inline(__always)
    init(beside sibling: UInt32) {
      nextSibling = sibling
      children = FlaggedCount(isFlagged: true)
    }
  }

  /// By account its parent, 0 for none: an edge to an account that was seen does not look at it.
  private var parents: ReservedArray<UInt32>
  private var families: KeyColumn<Family>
  /// For each limit in turn: descendants at most so many levels below, and those one level deeper.
  private var counts: KeyColumn<Int32>
  private var level: ReservedArray<UInt32>
  private let limits: [Int]
  /// By account the edges up to its root, of which more than `deepest` count as one more; kept when
  /// they are asked for. To walk up would wait for memory at each step.
  private var depths: KeyColumn<UInt8>
  private let deepest: Int?

  /// How far up roots can be looked for: a depth is a byte, of which the greatest says deeper.
  static let depths = 0..<Int(UInt8.max)

  /// Makes a forest of the accounts of a space that counts subtrees down to each of these limits,
  /// and edges up to roots as far as `deepest`; without a space one that is not used.
  init(in space: KeyRecords?, limits: [Int], deepest: Int?) {
    precondition(Self.depths.contains(deepest ?? 0), "depths are bytes")
    let capacity = space == nil ? 0 : Reservation.keys
    parents = ReservedArray(capacity: capacity)
    families = KeyColumn(in: space)
    counts = KeyColumn(width: 2 * limits.count, in: space)
    level = ReservedArray(capacity: capacity)
    self.limits = limits
    depths = KeyColumn(in: deepest == nil ? nil : space)
    self.deepest = deepest
  }

  /// Bytes in use.
  var liveBytes: Int {
    parents.liveBytes + families.liveBytes + counts.liveBytes + depths.liveBytes
  }

  // MARK: Answers

  /// Accounts that came by this one.
  func fanOut(of account: UInt32) -> Int {
    Int(account) < families.count ? Int(families[Int(account)].children.count) : 0
  }

  /// Edges up to the root, at most `limit`; whether there are more.
  ///
  /// *Requires* that the limit is not beyond `deepest`.
  @inline(__always)
  func depth(of account: UInt32, limit: Int) -> (depth: Int, isTruncated: Bool) {
    guard Int(account) < depths.count else { return (0, false) }
    let depth = Int(depths[Int(account)])
    return (min(depth, limit), depth > limit)
  }

  /// Accounts at most `limits[limit]` levels below, itself included; whether there are deeper ones.
  func subtreeSize(of account: UInt32, limit: Int) -> (size: Int, isTruncated: Bool) {
    guard Int(account) < families.count else { return (1, false) }
    return (Int(counts[Int(account), 2 * limit]) + 1, counts[Int(account), 2 * limit + 1] > 0)
  }

  /// The account it came by; 0 for a root.
  @inline(__always)
  func parent(of account: UInt32) -> UInt32 {
    Int(account) < parents.count ? parents[Int(account)] : 0
  }

  /// The account that came last by this one; 0 for none.
  func newestChild(of account: UInt32) -> UInt32 {
    Int(account) < families.count ? families[Int(account)].firstChild : 0
  }

  /// The account that came before this one by the same parent; 0 for none.
  func olderSibling(of account: UInt32) -> UInt32 { families[Int(account)].nextSibling }

  // MARK: Prefetching

  /// Where the family of an account lies, what is counted below it and its depth; and its parent,
  /// where an edge counts for those above as well.
  var columns: [RecordColumn] {
    let columns = [families.column, counts.column, depths.column]
    return limits.isEmpty ? columns : columns + [parents.column]
  }

  /// The child that came last by an account, beside which the next one is put.
  @inline(__always)
  func prefetchChild(of account: UInt32, _ list: inout PrefetchList) {
    let child = newestChild(of: account)
    list.add(families.address(Int(child)), if: child != 0)
  }

  // MARK: Changes

  /// An edge of the link, in order of sequence.
  @inline(__always)
  mutating func add(from: UInt32, to: UInt32) {
    guard from != to else { return }
    let needed = Int(max(from, to)) &+ 1
    parents.use(count: needed)
    families.use(count: needed)
    guard enterFamily(to, of: from) else { return }
    parents[Int(to)] = from
    if let deepest {
      depths[Int(to)] = min(depths[Int(from)], UInt8(truncatingIfNeeded: deepest)) + 1
    }
    if !limits.isEmpty { count(childOf: from) }
  }

  /// Notes both ends of an edge in their families, the second as a child of the first if it was at
  /// no end of one before: whether it was not. Each record is looked for once.
  @inline(__always)
  private borrowing func enterFamily(_ child: UInt32, of parent: UInt32) -> Bool {
    let above = families.record(Int(parent))
    let below = families.record(Int(child))
    var family = above.load(0, as: Family.self)
    family.children.isFlagged = true
    if below.load(0, as: Family.self).children.isFlagged {
      above.store(family, 0)
      return false
    }
    // Who was at no end of an edge has no family.
    let first = family.firstChild
    below.store(Family(beside: first), 0)
    family.firstChild = child
    family.children.count &+= 1
    above.store(family, 0)
    if first != 0 {
      let beside = families.record(Int(first))
      var sibling = beside.load(0, as: Family.self)
      sibling.previousSibling = child
      beside.store(sibling, 0)
    }
    return true
  }

  /// Counts one more account below another and those above it.
  @inline(never)
  private mutating func count(childOf from: UInt32) {
    for limit in limits.indices {
      var ancestor = from
      var distance = 1
      while ancestor != 0 && distance <= limits[limit] + 1 {
        counts[Int(ancestor), 2 * limit + (distance <= limits[limit] ? 0 : 1)] += 1
        ancestor = parent(of: ancestor)
        distance += 1
      }
    }
  }

  /// Removes an account: those that came by it become roots.
  mutating func erase(_ account: UInt32) {
    guard Int(account) < parents.count else { return }
    let parent = parent(of: account)
    for limit in limits.indices where parent != 0 { uncount(account, under: parent, limit) }
    if parent != 0 { detach(account, from: parent) }
    level.use(count: 1)
    level[0] = account
    let children = appendChildren(of: 0..<1)
    for position in 1..<children {
      let child = Int(level[position])
      parents[child] = 0
      families[child].nextSibling = 0
      families[child].previousSibling = 0
    }
    raise(1..<children)
    parents[Int(account)] = 0
    families[Int(account)] = Family()
    for limit in limits.indices {
      counts[Int(account), 2 * limit] = 0
      counts[Int(account), 2 * limit + 1] = 0
    }
  }

  /// Takes the subtree of an account out of the counts above it, level by level.
  private mutating func uncount(_ account: UInt32, under parent: UInt32, _ limit: Int) {
    level.use(count: 1)
    level[0] = account
    var start = 0
    var end = 1
    var down = 0
    while start < end && down <= limits[limit] {
      let found = Int32(end - start)
      var ancestor = parent
      var distance = down + 1
      while ancestor != 0 && distance <= limits[limit] + 1 {
        counts[Int(ancestor), 2 * limit + (distance <= limits[limit] ? 0 : 1)] -= found
        ancestor = self.parent(of: ancestor)
        distance += 1
      }
      (start, end) = (end, appendChildren(of: start..<end))
      down += 1
    }
  }

  /// Puts those who came by the accounts of a part of `level`, its last, behind them; gives where
  /// they end.
  private mutating func appendChildren(of part: Range<Int>) -> Int {
    var end = part.upperBound
    for position in part {
      var child = families[Int(level[position])].firstChild
      while child != 0 {
        level.use(count: end + 1)
        level[end] = child
        end += 1
        child = families[Int(child)].nextSibling
      }
    }
    return end
  }

  /// Counts anew the depths of accounts in `level` that became roots, and of those below: whoever
  /// is still deeper than anybody asks counts as before.
  private mutating func raise(_ roots: Range<Int>) {
    guard let deepest else { return }
    depths[Int(level[0])] = 0
    var part = roots
    for depth in 0...deepest where !part.isEmpty {
      for position in part { depths[Int(level[position])] = UInt8(depth) }
      part = part.upperBound..<appendChildren(of: part)
    }
  }

  private mutating func detach(_ child: UInt32, from parent: UInt32) {
    let family = families[Int(child)]
    if family.previousSibling == 0 {
      families[Int(parent)].firstChild = family.nextSibling
    } else {
      families[Int(family.previousSibling)].nextSibling = family.nextSibling
    }
    if family.nextSibling != 0 {
      families[Int(family.nextSibling)].previousSibling = family.previousSibling
    }
    families[Int(parent)].children.count -= 1
  }
}

extension ReferralForest {
  /// The state as a snapshot carries it, but for the records of the space.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(limits.count)
    try parents.transfer(&archive)
  }
}
