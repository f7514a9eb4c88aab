extension TreePool {
  /// A node that was divided: the new right part.
  private struct Division {
    var node: TreeRoot
    var firstKey: EntryKey
    /// Whether the left part is as it was, because what came is all on the right.
    var keepsLeft: Bool
  }

  /// Adds an entry; its key is in no entry of the tree.
  mutating func insert(_ entry: Entry, into root: inout TreeRoot) {
    if root.block == 0 {
      root = TreeRoot(block: smallLeaves.allocate(), isSmall: true, shift: root.shift)
      setSize(root, 1)
      setEntry(root, 0, entry)
      return
    }
    if append(entry, to: root) { return }
    if root.isSmall && size(root) == TreeLayout.smallEntries { grow(&root) }
    if root.isSmall {
      place(entry, in: root, at: leafRank(root, entry.key))
      return
    }
    guard let division = insert(entry, below: root) else { return }
    let parent = TreeRoot(
      block: inners.allocate(), height: root.height + 1, shift: root.shift)
    setSize(parent, 2)
    setChild(parent, 0, root, smallestKey(root))
    setChild(parent, 1, division.node, division.firstKey)
    root = parent
  }

  /// Takes an entry away; true if there was one of this key.
  mutating func remove(_ key: EntryKey, from root: inout TreeRoot) -> Bool {
    guard root.block != 0, remove(key, below: root) != nil else { return false }
    while root.height > 0 && size(root) == 1 {
      let only = child(root, 0)
      inners.free(root.block)
      root = only
    }
    if size(root) == 0 {
      free(root)
      root = TreeRoot(shift: root.shift)
    }
    return true
  }

  /// Changes the value of an entry.
  ///
  /// *Traps* when there is none of this key.
  mutating func setValue(_ value: Int64, of key: EntryKey, in root: TreeRoot) {
    if root.height == 0 {
      let index = leafRank(root, key) - 1
      precondition(index >= 0 && entry(root, index).key == key, "no such entry")
      setEntry(root, index, Entry(key: key, value: value))
      return
    }
    let index = childIndex(root, key)
    let node = child(root, index)
    setValue(value, of: key, in: node)
    setSummary(root, index, summary(of: node))
  }

  // MARK: Parts

  /// Adds the newest entry of a tree behind all others, as most come, if its last leaf has room.
  private mutating func append(_ entry: Entry, to root: TreeRoot) -> Bool {
    var leaf = root
    while leaf.height > 0 { leaf = child(leaf, size(leaf) &- 1) }
    let index = size(leaf)
    let room = leaf.isSmall ? TreeLayout.smallEntries : TreeLayout.leafEntries
    // No leaf is empty.
    guard index < room, self.entry(leaf, index &- 1).key < entry.key else { return false }
    setEntry(leaf, index, entry)
    setSize(leaf, index &+ 1)
    if root.height == 0 { return true }
    var node = root
    while node.height > 0 {
      let inner = inners.block(node.block)
      let last = size(node) &- 1
      Summary.add(entry.value, shift: root.shift, to: inner, TreeLayout.summary(last))
      let count = TreeLayout.childCount(last)
      inner.store(inner.load(count, as: UInt32.self) &+ 1, count)
      node = child(node, last)
    }
    return true
  }

  private mutating func grow(_ root: inout TreeRoot) {
    let leaf = TreeRoot(block: leaves.allocate(), shift: root.shift)
    setSize(leaf, TreeLayout.smallEntries)
    for index in 0..<TreeLayout.smallEntries { setEntry(leaf, index, entry(root, index)) }
    smallLeaves.free(root.block)
    root = leaf
  }

  private mutating func place(_ entry: Entry, in leaf: TreeRoot, at index: Int) {
    let size = size(leaf)
    var position = size
    while position > index {
      setEntry(leaf, position, self.entry(leaf, position - 1))
      position -= 1
    }
    setEntry(leaf, index, entry)
    setSize(leaf, size + 1)
  }

  private mutating func insert(_ entry: Entry, below node: TreeRoot) -> Division? {
    if node.height == 0 { return insert(entry, intoLeaf: node) }
    let index = childIndex(node, entry.key)
    let child = child(node, index)
    if entry.key < firstKey(node, index) {
      inners.store(entry.key, node.block, TreeLayout.key(index))
    }
    guard let division = insert(entry, below: child) else {
      var summary = childSummary(node, index)
      summary.add(Summary(entry.value, shift: node.shift))
      setSummary(node, index, summary)
      return nil
    }
    if !division.keepsLeft { setSummary(node, index, summary(of: child)) }
    return addChild(division, to: node, at: index + 1)
  }

  private mutating func insert(_ entry: Entry, intoLeaf leaf: TreeRoot) -> Division? {
    let index = leafRank(leaf, entry.key)
    let size = size(leaf)
    guard size == TreeLayout.leafEntries else {
      place(entry, in: leaf, at: index)
      return nil
    }
    let right = TreeRoot(block: leaves.allocate(), shift: leaf.shift)
    // Entries that come in order leave full leaves behind.
    let kept = index == size ? size : size / 2
    for position in kept..<size {
      setEntry(right, position - kept, self.entry(leaf, position))
    }
    setSize(leaf, kept)
    setSize(right, size - kept)
    if index >= kept {
      place(entry, in: right, at: index - kept)
    } else {
      place(entry, in: leaf, at: index)
    }
    return Division(
      node: right, firstKey: self.entry(right, 0).key, keepsLeft: kept == size)
  }

  private mutating func addChild(
    _ division: Division, to node: TreeRoot, at index: Int
  ) -> Division? {
    let size = size(node)
    guard size == TreeLayout.children else {
      shift(node, from: index, size: size)
      setChild(node, index, division.node, division.firstKey)
      setSize(node, size + 1)
      return nil
    }
    let right = TreeRoot(block: inners.allocate(), height: node.height, shift: node.shift)
    let kept = index == size ? size : size / 2
    moveChildren(from: node, kept, to: right, 0, count: size - kept)
    setSize(node, kept)
    setSize(right, size - kept)
    let target = index >= kept ? right : node
    let position = index >= kept ? index - kept : index
    let targetSize = self.size(target)
    shift(target, from: position, size: targetSize)
    setChild(target, position, division.node, division.firstKey)
    setSize(target, targetSize + 1)
    return Division(
      node: right, firstKey: firstKey(right, 0), keepsLeft: division.keepsLeft && kept == size)
  }

  private mutating func setChild(
    _ node: TreeRoot, _ index: Int, _ child: TreeRoot, _ key: EntryKey
  ) {
    inners.store(key, node.block, TreeLayout.key(index))
    inners.store(child.block, node.block, TreeLayout.child(index))
    setSummary(node, index, summary(of: child))
  }

  private mutating func shift(_ node: TreeRoot, from index: Int, size: Int) {
    moveChildren(from: node, index, to: node, index + 1, count: size - index)
  }

  private mutating func moveChildren(
    from source: TreeRoot, _ start: Int, to target: TreeRoot, _ place: Int, count: Int
  ) {
    guard count > 0 else { return }
    inners.move(
      from: source.block, TreeLayout.key(start), to: target.block, TreeLayout.key(place),
      bytes: 16 * count)
    inners.move(
      from: source.block, TreeLayout.childCount(start), to: target.block,
      TreeLayout.childCount(place), bytes: 4 * count)
    inners.move(
      from: source.block, TreeLayout.child(start), to: target.block, TreeLayout.child(place),
      bytes: 4 * count)
    inners.move(
      from: source.block, TreeLayout.summary(start), to: target.block,
      TreeLayout.summary(place), bytes: 64 * count)
  }

  /// The value of the entry that was taken away.
  private mutating func remove(_ key: EntryKey, below node: TreeRoot) -> Int64? {
    let size = size(node)
    if node.height == 0 {
      let index = leafRank(node, key) - 1
      guard index >= 0 else { return nil }
      let found = entry(node, index)
      guard found.key == key else { return nil }
      for position in index..<size - 1 { setEntry(node, position, entry(node, position + 1)) }
      setSize(node, size - 1)
      return found.value
    }
    let index = childIndex(node, key)
    let child = child(node, index)
    guard let value = remove(key, below: child) else { return nil }
    if self.size(child) > 0 {
      var summary = childSummary(node, index)
      if !summary.remove(value, shift: node.shift) { summary = self.summary(of: child) }
      setSummary(node, index, summary)
    } else {
      free(child)
      moveChildren(from: node, index + 1, to: node, index, count: size - index - 1)
      setSize(node, size - 1)
    }
    return value
  }

  private mutating func free(_ node: TreeRoot) {
    if node.height > 0 {
      inners.free(node.block)
    } else if node.isSmall {
      smallLeaves.free(node.block)
    } else {
      leaves.free(node.block)
    }
  }

  private func smallestKey(_ root: TreeRoot) -> EntryKey {
    root.height > 0 ? firstKey(root, 0) : entry(root, 0).key
  }
}
