// Every change adds `delta` to the totals on the way down to a chunk.
extension ChunkIndex {
  /// Changes the totals of a chunk.
  ///
  /// *Traps* when it is not there.
  mutating func change(_ chunk: UInt32, at time: Int64, in root: ChunkRoot) {
    precondition(root.block != 0, "a chunk that is not in its index")
    var node = root.block
    for _ in 0..<root.height {
      let index = childIndex(node, time, chunk)
      addDelta(node, index)
      node = block(node, index)
    }
    addDelta(node, place(node, chunk, time))
  }

  /// Enters a chunk that begins at `time`, with `delta` for its totals.
  mutating func insert(_ chunk: UInt32, at time: Int64, into root: inout ChunkRoot) {
    if root.block == 0 { root = ChunkRoot(block: makeNode()) }
    guard let right = insert(chunk, time, below: root) else { return }
    let parent = makeNode()
    _ = open(parent, at: 0)
    setChild(parent, 0, root.block)
    _ = open(parent, at: 1)
    setChild(parent, 1, right)
    root = ChunkRoot(block: parent, height: root.height + 1)
  }

  /// Takes a chunk out, whose totals are the negative of `delta`.
  ///
  /// *Traps* when it is not there.
  mutating func remove(_ chunk: UInt32, at time: Int64, from root: inout ChunkRoot) {
    precondition(root.block != 0, "a chunk that is not in its index")
    remove(chunk, time, below: root)
    while root.height > 0 && end(root.block) - first(root.block) == 1 {
      let only = block(root.block, first(root.block))
      nodes.free(root.block)
      root = ChunkRoot(block: only, height: root.height - 1)
    }
    if first(root.block) == end(root.block) {
      nodes.free(root.block)
      root = ChunkRoot()
    }
  }

  // MARK: Parts

  @inline(__always)
  private mutating func addDelta(_ node: UInt32, _ index: Int) {
    for column in 0..<columnCount {
      setTotal(node, column, index, total(node, column, index) &+ delta[column])
    }
  }

  /// The place of a chunk in its leaf.
  @inline(__always)
  private func place(_ leaf: UInt32, _ chunk: UInt32, _ time: Int64) -> Int {
    let index = rank(leaf, time, chunk) - 1
    precondition(
      index >= first(leaf) && self.chunk(leaf, index) == chunk && self.time(leaf, index) == time,
      "a chunk that is not in its index")
    return index
  }

  private mutating func makeNode() -> UInt32 {
    let node = nodes.allocate()
    nodes.store(0 as UInt32, node, Self.first)
    nodes.store(0 as UInt32, node, Self.end)
    return node
  }

  @inline(__always)
  private mutating func setKey(_ node: UInt32, _ index: Int, _ chunk: UInt32, _ time: Int64) {
    nodes.store(time, node, Self.time(index))
    nodes.store(chunk, node, Self.chunk(index))
  }

  private mutating func setChild(_ node: UInt32, _ index: Int, _ child: UInt32) {
    let (first, end) = (first(child), end(child))
    setKey(node, index, chunk(child, first), time(child, first))
    nodes.store(child, node, Self.block(index))
    for column in 0..<columnCount {
      var sum: Int128 = 0
      for place in first..<end { sum &+= total(child, column, place) }
      setTotal(node, column, index, sum)
    }
  }

  /// The new right part when the node was divided.
  private mutating func insert(_ chunk: UInt32, _ time: Int64, below node: ChunkRoot) -> UInt32? {
    let rank = rank(node.block, time, chunk)
    if node.height == 0 {
      let gap = open(node.block, at: rank)
      setKey(gap.node, gap.index, chunk, time)
      for column in 0..<columnCount { setTotal(gap.node, column, gap.index, delta[column]) }
      return gap.right
    }
    let first = first(node.block)
    let index = max(rank - 1, first)
    if rank == first { setKey(node.block, index, chunk, time) }
    addDelta(node.block, index)
    let child = ChunkRoot(block: block(node.block, index), height: node.height - 1)
    guard let right = insert(chunk, time, below: child) else { return nil }
    let gap = open(node.block, at: index + 1)
    setChild(gap.node, gap.index, right)
    // What went to the right was counted with the left.
    let left = gap.index > self.first(gap.node) ? (gap.node, gap.index - 1) : (node.block, index)
    for column in 0..<columnCount {
      let rest = total(left.0, column, left.1) &- total(gap.node, column, gap.index)
      setTotal(left.0, column, left.1, rest)
    }
    return gap.right
  }

  private mutating func remove(_ chunk: UInt32, _ time: Int64, below node: ChunkRoot) {
    guard node.height > 0 else {
      close(node.block, place(node.block, chunk, time))
      return
    }
    let index = childIndex(node.block, time, chunk)
    addDelta(node.block, index)
    let child = block(node.block, index)
    remove(chunk, time, below: ChunkRoot(block: child, height: node.height - 1))
    if first(child) == end(child) {
      nodes.free(child)
      close(node.block, index)
    }
  }

  // MARK: Gaps

  /// Makes room for a child before the one at a place. A full node is divided: then `right` is the
  /// new part, and the room may be there.
  private mutating func open(
    _ node: UInt32, at place: Int
  ) -> (node: UInt32, index: Int, right: UInt32?) {
    let (first, end) = (first(node), end(node))
    if end < Self.children {
      move(node, place, to: node, place + 1, count: end - place)
      nodes.store(UInt32(truncatingIfNeeded: end + 1), node, Self.end)
      return (node, place, nil)
    }
    if first > 0 {
      move(node, first, to: node, first - 1, count: place - first)
      nodes.store(UInt32(truncatingIfNeeded: first - 1), node, Self.first)
      return (node, place - 1, nil)
    }
    // Chunks that come in order leave full nodes behind.
    let kept = place == end ? end : end / 2
    let right = makeNode()
    move(node, kept, to: right, 0, count: end - kept)
    nodes.store(UInt32(truncatingIfNeeded: end - kept), right, Self.end)
    nodes.store(UInt32(truncatingIfNeeded: kept), node, Self.end)
    let gap = place < kept ? open(node, at: place) : open(right, at: place - kept)
    return (gap.node, gap.index, right)
  }

  private mutating func close(_ node: UInt32, _ index: Int) {
    let (first, end) = (first(node), end(node))
    if index == first {
      nodes.store(UInt32(truncatingIfNeeded: first + 1), node, Self.first)
    } else {
      move(node, index + 1, to: node, index, count: end - index - 1)
      nodes.store(UInt32(truncatingIfNeeded: end - 1), node, Self.end)
    }
  }

  private mutating func move(
    _ source: UInt32, _ start: Int, to target: UInt32, _ place: Int, count: Int
  ) {
    guard count > 0 else { return }
    nodes.move(
      from: source, Self.time(start), to: target, Self.time(place), bytes: 8 * count)
    nodes.move(
      from: source, Self.chunk(start), to: target, Self.chunk(place), bytes: 4 * count)
    nodes.move(
      from: source, Self.block(start), to: target, Self.block(place), bytes: 4 * count)
    for column in 0..<columnCount {
      nodes.move(
        from: source, Self.total(column, start), to: target, Self.total(column, place),
        bytes: 16 * count)
    }
  }
}
