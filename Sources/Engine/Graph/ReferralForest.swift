/// The forest of a directed link: who came by whom.
///
/// The parent of an account is the source of the first edge that enters it, if it was at neither
/// end of an edge before. So an account joins as a leaf, and its place never changes but when one
/// above it is erased.
struct ReferralForest: ~Copyable {
  private struct Account {
    var parent: UInt32 = 0
    var firstChild: UInt32 = 0
    var nextSibling: UInt32 = 0
    var previousSibling: UInt32 = 0
    var children: UInt32 = 0
    var isSeen: UInt32 = 0
  }

  private var accounts: ReservedArray<Account>
  /// For each limit in turn: descendants at most so many levels below, and those one level deeper.
  private var counts: ReservedArray<Int32>
  private var level: ReservedArray<UInt32>
  private let limits: [Int]

  /// Makes a forest that counts subtrees down to each of these limits.
  init(capacity: Int, limits: [Int]) {
    accounts = ReservedArray(capacity: capacity)
    counts = ReservedArray(capacity: 2 * limits.count * capacity)
    level = ReservedArray(capacity: capacity)
    self.limits = limits
  }

  /// Bytes in use.
  var liveBytes: Int { accounts.liveBytes + counts.liveBytes }

  // MARK: Answers

  /// Accounts that came by this one.
  func fanOut(of account: UInt32) -> Int {
    Int(account) < accounts.count ? Int(accounts[Int(account)].children) : 0
  }

  /// Edges up to the root, at most `limit`; whether there are more.
  func depth(of account: UInt32, limit: Int) -> (depth: Int, isTruncated: Bool) {
    guard Int(account) < accounts.count else { return (0, false) }
    var depth = 0
    var parent = accounts[Int(account)].parent
    while parent != 0 {
      if depth == limit { return (depth, true) }
      depth += 1
      parent = accounts[Int(parent)].parent
    }
    return (depth, false)
  }

  /// Accounts at most `limits[limit]` levels below, itself included; whether there are deeper ones.
  func subtreeSize(of account: UInt32, limit: Int) -> (size: Int, isTruncated: Bool) {
    guard Int(account) < accounts.count else { return (1, false) }
    let place = place(account, limit)
    return (Int(counts[place]) + 1, counts[place + 1] > 0)
  }

  /// The account it came by; 0 for a root.
  func parent(of account: UInt32) -> UInt32 {
    Int(account) < accounts.count ? accounts[Int(account)].parent : 0
  }

  /// The account that came last by this one; 0 for none.
  func newestChild(of account: UInt32) -> UInt32 {
    Int(account) < accounts.count ? accounts[Int(account)].firstChild : 0
  }

  /// The account that came before this one by the same parent; 0 for none.
  func olderSibling(of account: UInt32) -> UInt32 { accounts[Int(account)].nextSibling }

  // MARK: Changes

  /// An edge of the link, in order of sequence.
  mutating func add(from: UInt32, to: UInt32) {
    guard from != to else { return }
    let needed = Int(max(from, to)) + 1
    accounts.use(count: needed)
    counts.use(count: 2 * limits.count * needed)
    accounts[Int(from)].isSeen = 1
    guard accounts[Int(to)].isSeen == 0 else { return }
    accounts[Int(to)].isSeen = 1
    attach(to, to: from)
    for limit in limits.indices {
      var ancestor = from
      var distance = 1
      while ancestor != 0 && distance <= limits[limit] + 1 {
        counts[place(ancestor, limit) + (distance <= limits[limit] ? 0 : 1)] += 1
        ancestor = accounts[Int(ancestor)].parent
        distance += 1
      }
    }
  }

  /// Removes an account: those that came by it become roots.
  mutating func erase(_ account: UInt32) {
    guard Int(account) < accounts.count else { return }
    let parent = accounts[Int(account)].parent
    for limit in limits.indices where parent != 0 { uncount(account, under: parent, limit) }
    if parent != 0 { detach(account, from: parent) }
    var child = accounts[Int(account)].firstChild
    while child != 0 {
      let next = accounts[Int(child)].nextSibling
      accounts[Int(child)].parent = 0
      accounts[Int(child)].nextSibling = 0
      accounts[Int(child)].previousSibling = 0
      child = next
    }
    accounts[Int(account)] = Account()
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
        ancestor = accounts[Int(ancestor)].parent
        distance += 1
      }
      var next = end
      for position in start..<end {
        var child = accounts[Int(level[position])].firstChild
        while child != 0 {
          level.use(count: next + 1)
          level[next] = child
          next += 1
          child = accounts[Int(child)].nextSibling
        }
      }
      start = end
      end = next
      down += 1
    }
  }

  private mutating func attach(_ child: UInt32, to parent: UInt32) {
    let first = accounts[Int(parent)].firstChild
    accounts[Int(child)].parent = parent
    accounts[Int(child)].nextSibling = first
    if first != 0 { accounts[Int(first)].previousSibling = child }
    accounts[Int(parent)].firstChild = child
    accounts[Int(parent)].children += 1
  }

  private mutating func detach(_ child: UInt32, from parent: UInt32) {
    let record = accounts[Int(child)]
    if record.previousSibling == 0 {
      accounts[Int(parent)].firstChild = record.nextSibling
    } else {
      accounts[Int(record.previousSibling)].nextSibling = record.nextSibling
    }
    if record.nextSibling != 0 {
      accounts[Int(record.nextSibling)].previousSibling = record.previousSibling
    }
    accounts[Int(parent)].children -= 1
  }

  private func place(_ account: UInt32, _ limit: Int) -> Int {
    2 * (Int(account) * limits.count + limit)
  }
}

extension ReferralForest {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(limits.count)
    try accounts.transfer(&archive)
    try counts.transfer(&archive)
  }
}
