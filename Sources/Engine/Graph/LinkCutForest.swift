/// Trees under linking, cutting and moving their root, each with sums over its nodes and the least
/// time on a path: the link-cut trees of Sleator and Tarjan, with splay trees for paths.
///
/// Nodes are numbers from 1. A node carries a time, the greatest there is for what is no edge, and
/// `counters` weights, whose sums over a whole tree are kept.
/// *Complexity*: amortised logarithmic in the size of the tree.
/// *Source*: Sleator and Tarjan, "Self-adjusting binary search trees", J. ACM 32 (1985), section 6.
struct LinkCutForest: ~Copyable {
  private let inPlace = InPlace()
  private struct Node {
    var left: UInt32 = 0
    var right: UInt32 = 0
    var parent: UInt32 = 0
    /// The node of least time in the splay subtree.
    var least: UInt32 = 0
    var time: Int64 = 0
    var isReversed: UInt64 = 0
  }

  private var nodes: ReservedArray<Node>
  /// By node, `counters` weights of its own, then as many sums over subtrees that hang from it
  /// beside its path, then as many over its splay subtree and what hangs from it.
  private var sums: ReservedArray<Int32>
  private let counters: Int
  private var firstFree: UInt32
  private var path: ReservedArray<UInt32>

  init(capacity: Int, counters: Int) {
    nodes = ReservedArray(capacity: capacity)
    sums = ReservedArray(capacity: 3 * counters * capacity)
    path = ReservedArray(capacity: capacity)
    self.counters = counters
    firstFree = 0
  }

  /// Bytes of nodes and their sums.
  var liveBytes: Int { nodes.liveBytes + sums.liveBytes }

  // MARK: Nodes

  /// Makes a tree of one node without weights.
  mutating func add(time: Int64) -> UInt32 {
    let node: UInt32
    if firstFree != 0 {
      node = firstFree
      firstFree = nodes[Int(node)].parent
    } else {
      // Node 0 stands for none.
      node = UInt32(max(nodes.count, 1))
      nodes.use(count: Int(node) + 1)
      sums.use(count: (Int(node) + 1) * 3 * counters)
    }
    nodes[Int(node)] = Node(least: node, time: time)
    return node
  }

  /// Takes a node without weights, which must be a tree of its own, out of use.
  mutating func remove(_ node: UInt32) {
    nodes[Int(node)] = Node(parent: firstFree)
    firstFree = node
  }

  func time(of node: UInt32) -> Int64 { nodes[Int(node)].time }

  /// Makes the time of a node later.
  mutating func delay(_ node: UInt32, to time: Int64) {
    // Who lies above it and has a node of lesser time need not hear of it.
    var current = node
    nodes[Int(node)].time = time
    for _ in 0..<Self.shallow {
      if nodes[Int(current)].least != node { return }
      findLeast(of: current)
      if isTop(current) { return }
      current = nodes[Int(current)].parent
    }
    splay(node)
    pull(node)
  }

  /// Adds to a weight of a node.
  mutating func add(_ weight: Int32, to node: UInt32, counter: Int) {
    _ = top(of: node)
    sums[own(node) + counter] += weight
    sums[total(node) + counter] += weight
    carry(weight, up: node, counter)
  }

  /// The sum of a weight over the tree of a node.
  mutating func sum(of node: UInt32, counter: Int) -> Int32 {
    sums[total(top(of: node)) + counter]
  }

  // MARK: Trees

  /// Whether two nodes are in one tree.
  mutating func areConnected(_ left: UInt32, _ right: UInt32) -> Bool {
    if left == right { return true }
    let first = top(of: left)
    let second = top(of: right)
    // The first is no top any more when the second had to be brought there in the same tree.
    return first == second || nodes[Int(first)].parent != 0
  }

  /// The node of least time on the path between two nodes of one tree.
  mutating func leastOnPath(_ left: UInt32, _ right: UInt32) -> UInt32 {
    makeRoot(left)
    access(right)
    return nodes[Int(right)].least
  }

  /// Whether a node is the root of its tree and alone on its path, so that the tree can be hung
  /// from another as it is.
  func isRoot(_ node: UInt32) -> Bool {
    let record = nodes[Int(node)]
    return record.parent | record.left | record.right == 0
  }

  /// Joins two trees by an edge between these nodes.
  mutating func link(_ child: UInt32, to parent: UInt32) {
    if !isRoot(child) { makeRoot(child) }
    _ = top(of: parent)
    nodes[Int(child)].parent = parent
    for counter in 0..<counters {
      carry(sums[total(child) + counter], up: child, counter)
    }
  }

  /// Takes a node without weights, which is joined to two others and to nothing else, from between
  /// them: then it is a tree of its own, and so is what hangs from each of them.
  mutating func take(_ node: UInt32, between first: UInt32, and second: UInt32) {
    if !takeHanging(node, first, second) { takeFromPath(node, first, second) }
    for counter in 0..<counters {
      sums[beside(node) + counter] = 0
      sums[total(node) + counter] = 0
    }
  }

  /// The same where the node is alone on its path and hangs from one of the two: the other's path
  /// hangs from it.
  private mutating func takeHanging(
    _ node: UInt32, _ first: UInt32, _ second: UInt32
  ) -> Bool {
    let record = nodes[Int(node)]
    guard record.left | record.right == 0, record.parent != 0, isTop(node) else { return false }
    let upper = record.parent
    precondition(upper == first || upper == second, "a node that is joined to others")
    var below = upper == first ? second : first
    for _ in 0..<Self.shallow where nodes[Int(below)].parent != node {
      below = nodes[Int(below)].parent
      if below == 0 { return false }
    }
    guard nodes[Int(below)].parent == node else { return false }
    _ = top(of: upper)
    // It may have been brought into a path with those above it.
    guard nodes[Int(node)].parent == upper, isTop(node) else { return false }
    for counter in 0..<counters {
      carry(-sums[total(node) + counter], up: node, counter)
    }
    nodes[Int(below)].parent = 0
    nodes[Int(node)].parent = 0
    return true
  }

  /// The same by making the three a path.
  private mutating func takeFromPath(_ node: UInt32, _ first: UInt32, _ second: UInt32) {
    makeRoot(first)
    access(second)
    splay(node)
    let record = nodes[Int(node)]
    precondition(
      record.parent == 0 && (record.left, record.right) == (first, second),
      "a node that is not between these")
    nodes[Int(first)].parent = 0
    nodes[Int(second)].parent = 0
    nodes[Int(node)].left = 0
    nodes[Int(node)].right = 0
  }

  // MARK: Paths

  /// Steps up that are taken as they are. Most trees are of few nodes, and a look at one need not
  /// turn it; where there are more steps, `access` keeps the next way short.
  private static let shallow = 16

  /// The node at the top of all paths of a tree, by which the tree is known until it changes;
  /// few steps above the node.
  @inline(__always)
  private mutating func top(of node: UInt32) -> UInt32 {
    var current = node
    for _ in 0..<Self.shallow {
      let above = nodes[Int(current)].parent
      if above == 0 { return current }
      current = above
    }
    access(node)
    return node
  }

  /// Adds to the sums of all nodes above one.
  private mutating func carry(_ weight: Int32, up node: UInt32, _ counter: Int) {
    if weight == 0 { return }
    var current = node
    while true {
      let above = nodes[Int(current)].parent
      if above == 0 { return }
      let record = nodes[Int(above)]
      if record.left != current && record.right != current {
        sums[beside(above) + counter] += weight
      }
      sums[total(above) + counter] += weight
      current = above
    }
  }

  private mutating func makeRoot(_ node: UInt32) {
    access(node)
    nodes[Int(node)].isReversed ^= 1
  }

  /// Makes the path from the root of its tree to a node one splay tree with the node on top.
  private mutating func access(_ node: UInt32) {
    var last: UInt32 = 0
    var current = node
    while current != 0 {
      splay(current)
      let right = nodes[Int(current)].right
      for counter in 0..<counters {
        let leaving = right == 0 ? 0 : sums[total(right) + counter]
        let entering = last == 0 ? 0 : sums[total(last) + counter]
        sums[beside(current) + counter] += leaving - entering
      }
      nodes[Int(current)].right = last
      pull(current)
      last = current
      current = nodes[Int(current)].parent
    }
    splay(node)
    pull(node)
  }

  // MARK: Splay trees

  private func isTop(_ node: UInt32) -> Bool {
    let parent = nodes[Int(node)].parent
    guard parent != 0 else { return true }
    let above = nodes[Int(parent)]
    return above.left != node && above.right != node
  }

  /// Lifts a node to the top of its path. What is summed up in it must be found anew.
  private mutating func splay(_ node: UInt32) {
    // Reversals are carried down from the top before anything turns.
    var depth = 0
    var above = node
    path.use(count: 1)
    path[0] = node
    while !isTop(above) {
      above = nodes[Int(above)].parent
      depth += 1
      path.use(count: depth + 1)
      path[depth] = above
    }
    while depth >= 0 {
      push(path[depth])
      depth -= 1
    }
    while !isTop(node) {
      let parent = nodes[Int(node)].parent
      if !isTop(parent) {
        let grandparent = nodes[Int(parent)].parent
        let isStraight =
          (nodes[Int(parent)].left == node) == (nodes[Int(grandparent)].left == parent)
        rotate(isStraight ? parent : node)
      }
      rotate(node)
    }
  }

  /// Lifts a node over its parent in a splay tree. What is summed up in the node is left as it is:
  /// it rises further or is the last.
  private mutating func rotate(_ node: UInt32) {
    let parent = nodes[Int(node)].parent
    let grandparent = nodes[Int(parent)].parent
    let isTop = isTop(parent)
    let isLeft = nodes[Int(parent)].left == node
    let inner = isLeft ? nodes[Int(node)].right : nodes[Int(node)].left
    if isLeft {
      nodes[Int(parent)].left = inner
      nodes[Int(node)].right = parent
    } else {
      nodes[Int(parent)].right = inner
      nodes[Int(node)].left = parent
    }
    if inner != 0 { nodes[Int(inner)].parent = parent }
    nodes[Int(parent)].parent = node
    nodes[Int(node)].parent = grandparent
    if !isTop {
      if nodes[Int(grandparent)].left == parent {
        nodes[Int(grandparent)].left = node
      } else {
        nodes[Int(grandparent)].right = node
      }
    }
    pull(parent)
  }

  private mutating func push(_ node: UInt32) {
    var record = nodes[Int(node)]
    guard record.isReversed != 0 else { return }
    (record.left, record.right) = (record.right, record.left)
    record.isReversed = 0
    nodes[Int(node)] = record
    if record.left != 0 { nodes[Int(record.left)].isReversed ^= 1 }
    if record.right != 0 { nodes[Int(record.right)].isReversed ^= 1 }
  }

  /// Finds anew what is summed up in a node.
  private mutating func pull(_ node: UInt32) {
    findLeast(of: node)
    let record = nodes[Int(node)]
    for counter in 0..<counters {
      var sum = sums[own(node) + counter] + sums[beside(node) + counter]
      if record.left != 0 { sum += sums[total(record.left) + counter] }
      if record.right != 0 { sum += sums[total(record.right) + counter] }
      sums[total(node) + counter] = sum
    }
  }

  private mutating func findLeast(of node: UInt32) {
    let record = nodes[Int(node)]
    var least = node
    if record.left != 0 { least = earlier(nodes[Int(record.left)].least, least) }
    if record.right != 0 { least = earlier(nodes[Int(record.right)].least, least) }
    nodes[Int(node)].least = least
  }

  private func earlier(_ candidate: UInt32, _ least: UInt32) -> UInt32 {
    nodes[Int(candidate)].time < nodes[Int(least)].time ? candidate : least
  }

  private func own(_ node: UInt32) -> Int { Int(node) * 3 * counters }
  private func beside(_ node: UInt32) -> Int { (Int(node) * 3 + 1) * counters }
  private func total(_ node: UInt32) -> Int { (Int(node) * 3 + 2) * counters }
}

extension LinkCutForest {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(counters)
    try nodes.transfer(&archive)
    try sums.transfer(&archive)
    try archive.transfer(&firstFree)
  }
}
