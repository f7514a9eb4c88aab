/// Where the index of one hub begins.
///
/// *Shape*: 8 bytes; all zeros are an empty index.
struct ChunkRoot: BitwiseCopyable {
  var block: UInt32 = 0
  /// Levels above the leaves.
  var height: UInt32 = 0
}

/// The chunks of hubs in order of the time they begin at, with totals of what is in them: trees in
/// shared blocks whose nodes know for each child the number of entries and the sums below it.
///
/// So the total up to any moment is one way down, and an entry more in some chunk changes only what
/// lies on such a way. Chunks go away from the front alone.
/// *Shape of a node*: first and end of its children in 8 bytes, then array after array their times,
/// their chunks, their blocks, and 16 bytes of each column of totals; the first column is the
/// number of entries. A leaf has chunks in the place of children.
/// *Complexity*: logarithmic in the chunks of the hub, to base 32.
struct ChunkIndex: ~Copyable {
  private let inPlace = InPlace()
  var nodes: BlockPool
  /// Columns of totals: the number of entries, then the sums.
  let columnCount: Int
  /// What the next change adds to the totals of a chunk.
  var delta: FixedArray<Int128>

  init(sumCount: Int) {
    columnCount = sumCount + 1
    delta = FixedArray(repeating: 0, count: columnCount)
    nodes = BlockPool(
      blockBytes: Self.nodeBytes(sumCount: sumCount), reservedBytes: Reservation.poolBytes)
  }

  /// Bytes of a node that totals so many sums.
  static func nodeBytes(sumCount: Int) -> Int { totals + 16 * children * (sumCount + 1) }

  /// Bytes in use.
  var liveBytes: Int { nodes.liveBytes }

  // MARK: Nodes

  static let children = 32
  static let first = 0
  static let end = 4
  private static let times = 8
  private static let chunks = times + 8 * children
  private static let blocks = chunks + 4 * children
  private static let totals = blocks + 4 * children

  @inline(__always)
  static func time(_ index: Int) -> Int { times &+ 8 &* index }
  @inline(__always)
  static func chunk(_ index: Int) -> Int { chunks &+ 4 &* index }
  @inline(__always)
  static func block(_ index: Int) -> Int { blocks &+ 4 &* index }
  @inline(__always)
  static func total(_ column: Int, _ index: Int) -> Int {
    totals &+ 16 &* (children &* column &+ index)
  }

  @inline(__always)
  func first(_ node: UInt32) -> Int { Int(nodes.load(node, Self.first, as: UInt32.self)) }

  @inline(__always)
  func end(_ node: UInt32) -> Int { Int(nodes.load(node, Self.end, as: UInt32.self)) }

  @inline(__always)
  func time(_ node: UInt32, _ index: Int) -> Int64 {
    nodes.load(node, Self.time(index), as: Int64.self)
  }

  @inline(__always)
  func chunk(_ node: UInt32, _ index: Int) -> UInt32 {
    nodes.load(node, Self.chunk(index), as: UInt32.self)
  }

  @inline(__always)
  func block(_ node: UInt32, _ index: Int) -> UInt32 {
    nodes.load(node, Self.block(index), as: UInt32.self)
  }

  @inline(__always)
  func total(_ node: UInt32, _ column: Int, _ index: Int) -> Int128 {
    nodes.load(node, Self.total(column, index), as: Int128.self)
  }

  @inline(__always)
  mutating func setTotal(_ node: UInt32, _ column: Int, _ index: Int, _ total: Int128) {
    nodes.store(total, node, Self.total(column, index))
  }

  /// Whether a child begins at a moment or before; among children of one moment chunks decide.
  @inline(__always)
  private func begins(_ node: UInt32, _ index: Int, by time: Int64, _ chunk: UInt32) -> Bool {
    let start = self.time(node, index)
    return start < time || start == time && self.chunk(node, index) <= chunk
  }

  /// The place behind the last child that begins by then.
  @inline(__always)
  func rank(_ node: UInt32, _ time: Int64, _ chunk: UInt32) -> Int {
    var low = first(node)
    var high = end(node)
    // Most chunks come last.
    if high > low && begins(node, high &- 1, by: time, chunk) { return high }
    while low < high {
      let middle = (low &+ high) &>> 1
      if begins(node, middle, by: time, chunk) { low = middle &+ 1 } else { high = middle }
    }
    return low
  }

  /// The last child that begins by then, or the first child.
  @inline(__always)
  func childIndex(_ node: UInt32, _ time: Int64, _ chunk: UInt32) -> Int {
    max(rank(node, time, chunk) &- 1, first(node))
  }

  // MARK: Questions

  /// The last chunk that begins at `time` or before; 0 when all begin later. Of chunks that begin
  /// at one moment it is any.
  func last(_ root: ChunkRoot, through time: Int64) -> UInt32 {
    guard root.block != 0 else { return 0 }
    var node = root.block
    for _ in 0..<root.height { node = block(node, childIndex(node, time, .max)) }
    let rank = rank(node, time, .max)
    return rank > first(node) ? chunk(node, rank &- 1) : 0
  }

  /// As `last`; the totals of all chunks that begin at `time` or before go to `totals`, one behind
  /// the other from `place` on.
  func last(
    _ root: ChunkRoot, through time: Int64, _ totals: inout FixedArray<Int128>, at place: Int
  ) -> UInt32 {
    for column in 0..<columnCount { totals[place &+ column] = 0 }
    guard root.block != 0 else { return 0 }
    var node = root.block
    for _ in 0..<root.height {
      let index = childIndex(node, time, .max)
      add(node, until: index, to: &totals, at: place)
      node = block(node, index)
    }
    let rank = rank(node, time, .max)
    add(node, until: rank, to: &totals, at: place)
    return rank > first(node) ? chunk(node, rank &- 1) : 0
  }

  @inline(__always)
  private func add(
    _ node: UInt32, until end: Int, to totals: inout FixedArray<Int128>, at place: Int
  ) {
    let first = first(node)
    for column in 0..<columnCount {
      var sum: Int128 = 0
      for index in first..<end { sum &+= total(node, column, index) }
      totals[place &+ column] &+= sum
    }
  }
}

extension ChunkIndex {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(columnCount)
    try nodes.transfer(&archive)
  }
}
