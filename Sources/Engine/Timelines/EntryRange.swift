/// The entries a window holds: those above `lower` and not above `upper`, but for one that may be
/// left out.
struct EntryRange {
  var lower: EntryKey
  var upper: EntryKey
  /// The key of an entry that does not count, whether or not it is there.
  var excluded: EntryKey?
  /// The value of that entry, where values are asked for.
  var excludedValue: Int64 = 0

  /// The part before the entry left out, or the whole.
  @inline(__always)
  var first: (lower: EntryKey, upper: EntryKey) {
    guard let excluded, lower < excluded, excluded <= upper else { return (lower, upper) }
    return (lower, excluded.predecessor)
  }

  /// The part after the entry left out, or nothing.
  @inline(__always)
  var second: (lower: EntryKey, upper: EntryKey)? {
    guard let excluded, lower < excluded, excluded <= upper else { return nil }
    return (excluded, upper)
  }

  /// Whether an entry of this key counts.
  @inline(__always)
  func contains(_ key: EntryKey) -> Bool { lower < key && key <= upper && key != excluded }
}

extension TreePool {
  /// Entries of a range.
  @inline(__always)
  func count(_ root: TreeRoot, _ range: EntryRange) -> Int {
    let first = range.first
    var count = between(root, first.lower, first.upper)
    if let second = range.second { count += between(root, second.lower, second.upper) }
    return count
  }

  @inline(__always)
  private func between(_ root: TreeRoot, _ lower: EntryKey, _ upper: EntryKey) -> Int {
    guard lower < upper else { return 0 }
    return rank(root, through: upper) - rank(root, through: lower)
  }

  /// What is known of the entries of a range.
  func summary(_ root: TreeRoot, _ range: EntryRange) -> Summary {
    let first = range.first
    var summary = self.summary(root, above: first.lower, through: first.upper)
    if let second = range.second {
      summary.add(self.summary(root, above: second.lower, through: second.upper))
    }
    return summary
  }

  /// The greatest entry of a range.
  func last(_ root: TreeRoot, _ range: EntryRange) -> Entry? {
    let rank = rank(root, through: range.upper)
    guard rank > 0 else { return nil }
    var entry = entry(of: root, at: rank - 1)
    if entry.key == range.excluded {
      guard rank > 1 else { return nil }
      entry = self.entry(of: root, at: rank - 2)
    }
    return range.lower < entry.key ? entry : nil
  }

  /// The least entry of a range.
  func first(_ root: TreeRoot, _ range: EntryRange) -> Entry? {
    let count = count(root)
    var rank = rank(root, through: range.lower)
    guard rank < count else { return nil }
    var entry = entry(of: root, at: rank)
    if entry.key == range.excluded {
      rank += 1
      guard rank < count else { return nil }
      entry = self.entry(of: root, at: rank)
    }
    return entry.key <= range.upper ? entry : nil
  }

  /// Calls `body` with each entry of a range, in order.
  @inline(__always)
  func forEach(_ root: TreeRoot, _ range: EntryRange, _ body: (Entry) -> Void) {
    forEach(root, above: range.lower, through: range.upper) { entry in
      if entry.key != range.excluded { body(entry) }
      return true
    }
  }
}
