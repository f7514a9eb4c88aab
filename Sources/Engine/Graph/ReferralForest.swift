/// The forest of a directed link: who came by whom.
///
/// The parent of an account is the source of the first edge that enters it, if it was at neither
/// end of an edge before. So an account joins as a leaf, and its place never changes but when one
/// above it is erased.
struct ReferralForest: ~Copyable {
  /// What is known of an account but for its parent, which walks upwards want side by side.
  private struct Family: BitwiseCopyable {
    var firstChild: UInt32 = 0
    var nextSibling: UInt32 = 0
    var previousSibling: UInt32 = 0
    var children: UInt32 = 0
  }

  /// By account its parent, 0 for none, and whether it was at an end of an edge.
  private var parents: ReservedArray<UInt32>
  private var families: ReservedArray<Family>
  /// For each limit in turn: descendants at most so many levels below, and those one level deeper.
  private var counts: ReservedArray<Int32>
  private var level: ReservedArray<UInt32>
  private let limits: [Int]

  private static let seenBit: UInt32 = 1 << 31

  /// Makes a forest that counts subtrees down to each of these limits.
  init(capacity: Int, limits: [Int]) {
    parents = ReservedArray(capacity: capacity)
    families = ReservedArray(capacity: capacity)
    counts = ReservedArray(capacity: 2 * limits.count * capacity)
    level = ReservedArray(capacity: capacity)
    self.limits = limits
  }

  /// Bytes in use.
  var liveBytes: Int { parents.liveBytes + families.liveBytes + counts.liveBytes }

  // MARK: Answers

  /// Accounts that came by this one.
  func fanOut(of account: UInt32) -> Int {
    Int(account) < families.count ? Int(families[Int(account)].children) : 0
  }

  /// Edges up to the root, at most `limit`; whether there are more.
  func depth(of account: UInt32, limit: Int) -> (depth: Int, isTruncated: Bool) {
    var depth = 0
    var parent = parent(of: account)
    while parent != 0 {
      if depth == limit { return (depth, true) }
      depth += 1
      parent = self.parent(of: parent)
    }
    return (depth, false)
  }

  /// Accounts at most `limits[limit]` levels below, itself included; whether there are deeper ones.
  func subtreeSize(of account: UInt32, limit: Int) -> (size: Int, isTruncated: Bool) {
    guard Int(account) < families.count else { return (1, false) }
    let place = place(account, limit)
    return (Int(counts[place]) + 1, counts[place + 1] > 0)
  }

  /// The account it came by; 0 for a root.
  @inline(__always)
  func parent(of account: UInt32) -> UInt32 {
    Int(account) < parents.count ? parents[Int(account)] & ~Self.seenBit : 0
  }

  /// The account that came last by this one; 0 for none.
  func newestChild(of account: UInt32) -> UInt32 {
    Int(account) < families.count ? families[Int(account)].firstChild : 0
  }

  /// The account that came before this one by the same parent; 0 for none.
  func olderSibling(of account: UInt32) -> UInt32 { families[Int(account)].nextSibling }

  // MARK: Prefetching

  /// Where the parent and the family of an account lie.
  var columns: [RecordColumn] { [parents.column, families.column] }

  /// The child that came last by an account, beside which the next one is put.
  @inline(__always)
  func prefetchChild(of account: UInt32, _ list: inout PrefetchList) {
    let child = newestChild(of: account)
    if child != 0 { families.prefetch(Int(child), &list) }
  }

  // MARK: Changes

  /// An edge of the link, in order of sequence.
  mutating func add(from: UInt32, to: UInt32) {
    guard from != to else { return }
    let needed = Int(max(from, to)) + 1
    parents.use(count: needed)
    families.use(count: needed)
    counts.use(count: 2 * limits.count * needed)
    parents[Int(from)] |= Self.seenBit
    guard parents[Int(to)] == 0 else { return }
    attach(to, to: from)
    for limit in limits.indices {
      var ancestor = from
      var distance = 1
      while ancestor != 0 && distance <= limits[limit] + 1 {
        counts[place(ancestor, limit) + (distance <= limits[limit] ? 0 : 1)] += 1
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
    var child = families[Int(account)].firstChild
    while child != 0 {
      let next = families[Int(child)].nextSibling
      parents[Int(child)] = Self.seenBit
      families[Int(child)].nextSibling = 0
      families[Int(child)].previousSibling = 0
      child = next
    }
    parents[Int(account)] = 0
    families[Int(account)] = Family()
    for limit in limits.indices {
      counts[place(account, limit)] = 0
      counts[place(account, limit) + 1] = 0
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
        counts[place(ancestor, limit) + (distance <= limits[limit] ? 0 : 1)] -= found
        ancestor = self.parent(of: ancestor)
        distance += 1
      }
      var next = end
      for position in start..<end {
        var child = families[Int(level[position])].firstChild
        while child != 0 {
          level.use(count: next + 1)
          level[next] = child
          next += 1
          child = families[Int(child)].nextSibling
        }
      }
      start = end
      end = next
      down += 1
    }
  }

  private mutating func attach(_ child: UInt32, to parent: UInt32) {
    let first = families[Int(parent)].firstChild
    parents[Int(child)] = Self.seenBit | parent
    families[Int(child)].nextSibling = first
    if first != 0 { families[Int(first)].previousSibling = child }
    families[Int(parent)].firstChild = child
    families[Int(parent)].children += 1
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
    families[Int(parent)].children -= 1
  }

  private func place(_ account: UInt32, _ limit: Int) -> Int {
    2 * (Int(account) * limits.count + limit)
  }
}

extension ReferralForest {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(limits.count)
    try parents.transfer(&archive)
    try families.transfer(&archive)
    try counts.transfer(&archive)
  }
}
