/// Blocks of one size with a free list; a block keeps its number and place until it is freed.
///
/// Numbers start at 1; 0 means no block. A block holds whatever its last user left.
struct BlockPool: ~Copyable {
  private let inPlace = InPlace()
  private var memory: ReservedMemory
  /// Bytes of one block.
  let blockBytes: Int
  private var highest: UInt32
  private var firstFree: UInt32
  /// Blocks in use.
  private(set) var liveBlocks: Int

  /// Reserves address space for blocks of `blockBytes`, a multiple of 8.
  init(blockBytes: Int, reservedBytes: Int) {
    precondition(blockBytes >= 8 && blockBytes % 8 == 0, "odd block size")
    precondition(reservedBytes / blockBytes < UInt32.max, "more blocks than numbers")
    self.blockBytes = blockBytes
    memory = ReservedMemory(reservedBytes: reservedBytes)
    highest = 0
    firstFree = 0
    liveBlocks = 0
  }

  /// Bytes of blocks in use.
  var liveBytes: Int { liveBlocks * blockBytes }

  /// Bytes ever in use at one time: what the process holds.
  var touchedBytes: Int { memory.usedBytes }

  /// Takes a block, a freed one first. Its content is unspecified.
  ///
  /// *Traps* when the reservation is exceeded.
  @inline(__always)
  mutating func allocate() -> UInt32 {
    // A reservation holds fewer blocks than 32 bits can number.
    liveBlocks &+= 1
    if firstFree != 0 { return takeFree() }
    let block = highest &+ 1
    var next = (Int(block) &+ 1) &* blockBytes
    memory.use(bytes: next)
    highest = block
    // Brings the block nearer that is taken next: where it begins in the middle of a line, that
    // came with this one.
    let end = next &+ blockBytes
    repeat {
      memory.prefetch(next &+ 63)
      next &+= 64
    } while next < end
    return block
  }

  /// Takes the first of the free blocks, and brings the one nearer that is taken next.
  @inline(never)
  private mutating func takeFree() -> UInt32 {
    let block = firstFree
    firstFree = load(block, 0, as: UInt32.self)
    prefetch(firstFree)
    return block
  }

  /// Gives a block back.
  ///
  /// *Traps* on a block that was never allocated.
  mutating func free(_ block: UInt32) {
    precondition(block != 0 && block <= highest && liveBlocks > 0, "no such block")
    liveBlocks -= 1
    store(firstFree, block, 0)
    firstFree = block
  }

  /// A value inside a block.
  ///
  /// *Traps* outside the block.
  @inline(__always)
  func load<Value: BitwiseCopyable>(_ block: UInt32, _ offset: Int, as type: Value.Type) -> Value {
    checkField(block, offset, MemoryLayout<Value>.size)
    // SAFETY: all bytes of blocks up to `highest` are in use.
    return unsafe memory.loadUnchecked(Int(block) &* blockBytes &+ offset, as: type)
  }

  /// Whether a number is one of a block, in use or freed.
  func holds(_ block: UInt32) -> Bool { block &- 1 < highest }

  /// A block where it lies.
  ///
  /// *Traps* when there is none of this number.
  @inline(__always) @_lifetime(borrow self)
  borrowing func block(_ block: UInt32) -> Fields {
    precondition(block &- 1 < highest, "no such block")
    // SAFETY: all bytes of blocks up to `highest` are in use, and the pool lends no span of them.
    return unsafe Fields(memory.start + Int(block) &* blockBytes, bytes: blockBytes, of: self)
  }

  /// The address of a block, in use or not, of which only the number is to be used.
  @inline(__always)
  func address(_ block: UInt32) -> UInt {
    // SAFETY: nothing is read.
    unsafe UInt(bitPattern: memory.start) &+ UInt(bitPattern: Int(block) &* blockBytes)
  }

  /// Brings the cache lines of a block nearer.
  @inline(__always)
  func prefetch(_ block: UInt32, _ list: inout PrefetchList) {
    let start = Int(block) &* blockBytes
    var line = start & ~63
    while line < start &+ blockBytes {
      memory.prefetch(line, &list)
      line &+= 64
    }
  }

  /// The same, asked for at once.
  @inline(__always)
  func prefetch(_ block: UInt32) {
    let start = Int(block) &* blockBytes
    var line = start & ~63
    while line < start &+ blockBytes {
      memory.prefetch(line)
      line &+= 64
    }
  }

  /// Brings one cache line of a block nearer for after this event.
  @inline(__always)
  func prefetch(_ block: UInt32, at offset: Int) {
    memory.prefetch(Int(block) &* blockBytes &+ offset)
  }

  /// Writes a value inside a block.
  ///
  /// *Traps* outside the block.
  @inline(__always)
  mutating func store<Value: BitwiseCopyable>(_ value: Value, _ block: UInt32, _ offset: Int) {
    checkField(block, offset, MemoryLayout<Value>.size)
    // SAFETY: as in `load`.
    unsafe memory.storeUnchecked(value, at: Int(block) &* blockBytes &+ offset)
  }

  /// Copies bytes between or inside blocks.
  ///
  /// *Traps* outside the blocks.
  mutating func move(
    from source: UInt32, _ sourceOffset: Int, to destination: UInt32, _ destinationOffset: Int,
    bytes: Int
  ) {
    check(source, sourceOffset, bytes)
    check(destination, destinationOffset, bytes)
    memory.move(
      from: Int(source) * blockBytes + sourceOffset,
      to: Int(destination) * blockBytes + destinationOffset, bytes: bytes)
  }

  /// Sets a whole block to zero.
  mutating func clear(_ block: UInt32) {
    check(block, 0, blockBytes)
    memory.clear(Int(block) * blockBytes, bytes: blockBytes)
  }

  /// Blocks come from memory and are looked at; offsets come from the layout of a store, which
  /// keeps them inside a block, and are looked at where tests run.
  @inline(__always)
  private func checkField(_ block: UInt32, _ offset: Int, _ bytes: Int) {
    precondition(block &- 1 < highest, "no such block")
    assert(offset >= 0 && offset &+ bytes <= blockBytes, "outside the block")
  }

  @inline(__always)
  private func check(_ block: UInt32, _ offset: Int, _ bytes: Int) {
    precondition(
      block != 0 && offset >= 0 && bytes >= 0 && offset &+ bytes <= blockBytes,
      "outside the block")
  }
}

extension BlockPool {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(blockBytes)
    try archive.transfer(&memory)
    try archive.transfer(&highest)
    try archive.transfer(&firstFree)
    try archive.transfer(&liveBlocks)
    // Whoever reads a block trusts that all up to the highest are in use.
    if highest > 0 && (Int(highest) + 1) * blockBytes > memory.usedBytes { throw .damaged }
  }
}
