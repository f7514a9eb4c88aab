extension TreePool {
  /// Entries of a tree.
  func count(_ root: TreeRoot) -> Int {
    guard root.block != 0 else { return 0 }
    if root.height == 0 { return size(root) }
    var count = 0
    for index in 0..<size(root) { count += childCount(root, index) }
    return count
  }

  /// Whether a tree has more entries than `limit`.
  func isLarger(_ root: TreeRoot, than limit: Int) -> Bool {
    count(root, upTo: limit &+ 1) > limit
  }

  /// Entries of a tree, of a larger one some number from `limit` on.
  func count(_ root: TreeRoot, upTo limit: Int) -> Int {
    guard root.block != 0 else { return 0 }
    if root.height == 0 { return size(root) }
    let size = size(root)
    var count = 0
    var index = 0
    while index < size && count < limit {
      count &+= childCount(root, index)
      index &+= 1
    }
    return count
  }

  /// Entries that are not above `key`.
  func rank(_ root: TreeRoot, through key: EntryKey) -> Int {
    guard root.block != 0 else { return 0 }
    var node = root
    var rank = 0
    while node.height > 0 {
      let index = childIndex(node, key)
      for left in 0..<index { rank += childCount(node, left) }
      node = child(node, index)
    }
    return rank + leafRank(node, key)
  }

  /// The entry with `index` entries before it.
  ///
  /// *Traps* when there is none.
  func entry(of root: TreeRoot, at index: Int) -> Entry {
    precondition(root.block != 0 && index >= 0, "no such entry")
    var node = root
    var rest = index
    while node.height > 0 {
      var position = 0
      while rest >= childCount(node, position) {
        rest -= childCount(node, position)
        position += 1
        precondition(position < size(node), "no such entry")
      }
      node = child(node, position)
    }
    precondition(rest < size(node), "no such entry")
    return entry(node, rest)
  }

  /// The first entry of a tree that has one.
  @inline(__always)
  func oldest(_ root: TreeRoot) -> Entry {
    var node = root
    while node.height > 0 { node = child(node, 0) }
    return entry(node, 0)
  }

  /// The last entry of a tree that has one.
  @inline(__always)
  func newest(_ root: TreeRoot) -> Entry {
    var node = root
    while node.height > 0 { node = child(node, size(node) &- 1) }
    return entry(node, size(node) &- 1)
  }

  /// Brings the oldest entry of a tree nearer, of a large one what leads to it, for after this
  /// event.
  @inline(__always)
  func prefetchWay(_ root: TreeRoot) {
    guard root.block != 0 else { return }
    if root.height > 0 {
      inners.prefetch(root.block, at: TreeLayout.child(0))
    } else if root.isSmall {
      smallLeaves.prefetch(root.block, at: TreeLayout.entry(0))
    } else {
      leaves.prefetch(root.block, at: TreeLayout.entry(0))
    }
  }

  /// Brings the oldest entry of a large tree nearer, the way to which was asked for before.
  @inline(__always)
  func prefetchOldest(_ root: TreeRoot) {
    if root.height > 0 { prefetchWay(child(root, 0)) }
  }

  /// What is known of the entries above `lower` and not above `upper`.
  func summary(_ root: TreeRoot, above lower: EntryKey, through upper: EntryKey) -> Summary {
    guard root.block != 0, lower < upper else { return .empty }
    var result = Summary.empty
    summarize(root, lower, upper, end: .greatest, into: &result)
    return result
  }

  /// `end` is above every key of the node.
  private func summarize(
    _ node: TreeRoot, _ lower: EntryKey, _ upper: EntryKey, end: EntryKey,
    into result: inout Summary
  ) {
    let size = size(node)
    if node.height == 0 {
      for index in leafRank(node, lower)..<size {
        let entry = entry(node, index)
        if upper < entry.key { return }
        result.add(Summary(entry.value, shift: node.shift))
      }
      return
    }
    for index in childIndex(node, lower)..<size {
      let first = firstKey(node, index)
      if upper < first { return }
      let last = index + 1 < size ? firstKey(node, index + 1) : end
      if lower < first && last <= upper {
        result.add(childSummary(node, index))
      } else {
        summarize(child(node, index), lower, upper, end: last, into: &result)
      }
    }
  }

  /// Calls `body` with each entry above `lower` and not above `upper`, in order, until it says
  /// stop.
  func forEach(
    _ root: TreeRoot, above lower: EntryKey, through upper: EntryKey,
    _ body: (Entry) -> Bool
  ) {
    guard root.block != 0 else { return }
    _ = visit(root, lower, upper, body)
  }

  private func visit(
    _ node: TreeRoot, _ lower: EntryKey, _ upper: EntryKey, _ body: (Entry) -> Bool
  ) -> Bool {
    let size = size(node)
    if node.height == 0 {
      for index in leafRank(node, lower)..<size {
        let entry = entry(node, index)
        if upper < entry.key || !body(entry) { return false }
      }
      return true
    }
    for index in childIndex(node, lower)..<size {
      if upper < firstKey(node, index) { return false }
      if !visit(child(node, index), lower, upper, body) { return false }
    }
    return true
  }
}
