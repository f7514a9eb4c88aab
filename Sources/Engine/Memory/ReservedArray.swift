/// A growing array of plain values in reserved memory: elements never move.
///
/// Elements start as zero bits, so the element type must take all-zero bits as a value.
struct ReservedArray<Element: BitwiseCopyable>: ~Copyable {
  private var memory: ReservedMemory
  /// Elements in use.
  private(set) var count: Int

  /// Reserves room for `capacity` elements, none in use.
  init(capacity: Int) {
    memory = ReservedMemory(reservedBytes: capacity * MemoryLayout<Element>.stride)
    count = 0
  }

  /// Bytes of the elements in use.
  var liveBytes: Int { memory.usedBytes }

  /// Brings the elements below `count` into use.
  ///
  /// *Traps* when the capacity is exceeded.
  @inline(__always)
  mutating func use(count: Int) {
    if count > self.count {
      memory.use(bytes: count * MemoryLayout<Element>.stride)
      self.count = count
    }
  }

  /// Makes an empty array one of `count` zeros that will not grow.
  ///
  /// *Traps* when the capacity is exceeded.
  mutating func open(zeros count: Int) {
    precondition(self.count == 0, "an array in use")
    memory.useWhole(bytes: count * MemoryLayout<Element>.stride)
    self.count = count
  }

  /// Has pages brought in for as many elements again, before `double`.
  mutating func expectDouble() { memory.expectDouble() }

  /// Adds as many zeros as there are elements. Where they lie may change once.
  ///
  /// *Traps* when the capacity is exceeded.
  mutating func double() {
    precondition(memory.usedBytes == count * MemoryLayout<Element>.stride, "not opened")
    memory.double()
    count *= 2
  }

  /// Empties the array; its memory goes back to the system.
  mutating func reset() {
    memory.reset()
    count = 0
  }

  /// Adds an element at the end.
  ///
  /// *Traps* when the capacity is exceeded.
  @inline(__always)
  mutating func append(_ element: Element) {
    let index = count
    use(count: index + 1)
    self[index] = element
  }

  /// An element in use.
  ///
  /// *Traps* when the index is not in use.
  subscript(_ index: Int) -> Element {
    @inline(__always) get {
      precondition(
        UInt(bitPattern: index) < UInt(bitPattern: count), "index outside reserved array")
      // SAFETY: elements below `count` lie within the bytes in use.
      return unsafe memory.loadUnchecked(
        index &* MemoryLayout<Element>.stride, as: Element.self)
    }
    @inline(__always) set {
      precondition(
        UInt(bitPattern: index) < UInt(bitPattern: count), "index outside reserved array")
      // SAFETY: as above.
      unsafe memory.storeUnchecked(newValue, at: index &* MemoryLayout<Element>.stride)
    }
  }

  /// An element, for a caller that has seen to it that the index is in use.
  @unsafe subscript(unchecked index: Int) -> Element {
    @inline(__always) get {
      assert(index >= 0 && index < count, "index outside reserved array")
      // SAFETY: as above, as the caller promises.
      return unsafe memory.loadUnchecked(
        index &* MemoryLayout<Element>.stride, as: Element.self)
    }
  }

  /// Where the first element lies, for what borrows this array, or changes it, as long as it uses
  /// the address, and stays among the elements in use.
  @unsafe var start: UnsafeMutablePointer<Element> {
    // SAFETY: whole pages, which hold elements alone.
    @inline(__always) get { unsafe memory.start.assumingMemoryBound(to: Element.self) }
  }

  /// The address of an element, in use or not, of which only the number is to be used.
  @inline(__always)
  func address(_ index: Int) -> UInt {
    // SAFETY: nothing is read.
    unsafe UInt(bitPattern: memory.start) &+ UInt(bitPattern: index &* MemoryLayout<Element>.stride)
  }

  /// Where the elements lie.
  var column: RecordColumn {
    let bytes = MemoryLayout<Element>.stride
    return memory.address == 0
      ? .none : RecordColumn(start: memory.address, stride: bytes, bytes: 0..<bytes)
  }

  /// Brings the cache line an element begins in nearer; does nothing for one that is not in use.
  @inline(__always)
  func prefetch(_ index: Int, _ list: inout PrefetchList) {
    memory.prefetch(index &* MemoryLayout<Element>.stride, &list)
  }

  /// Brings the cache line an element begins in nearer for after this event; also one that is not
  /// in use yet.
  @inline(__always)
  func prefetch(_ index: Int) { memory.prefetch(index &* MemoryLayout<Element>.stride) }
}

extension ReservedArray {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(MemoryLayout<Element>.stride)
    try archive.transfer(&memory)
    try archive.transfer(&count)
    if count < 0 || count * MemoryLayout<Element>.stride > memory.usedBytes { throw .damaged }
  }
}
