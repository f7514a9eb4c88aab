import CPrefetch

/// Places in memory that will be needed soon, gathered first and asked for together.
///
/// A prefetch waits until its address is translated, and in a large state no translation is at
/// hand. Between other instructions the processor sees one or two of them at a time; one after the
/// other it works on as many as it can, which is several times as fast.
@safe package struct PrefetchList: ~Copyable {
  private let places: UnsafeMutablePointer<UInt>
  private var count = 0

  private static let capacity = 1 << 12

  package init() {
    // SAFETY: one allocation owned by this value alone and released once in deinit; every place is
    // initialised here.
    let places = UnsafeMutablePointer<UInt>.allocate(capacity: Self.capacity)
    unsafe places.initialize(repeating: 0, count: Self.capacity)
    unsafe self.places = unsafe places
  }

  deinit { unsafe places.deallocate() }

  /// Adds the cache line of an address; one that finds no room is not asked for.
  @inline(__always)
  mutating func add(_ address: UInt) {
    guard count < Self.capacity else { return }
    // SAFETY: `count` is in 0 ..< capacity.
    unsafe places[count] = address
    count &+= 1
  }

  /// Adds the lines that the numbers in slots lead to, as far as there is room.
  ///
  /// *Requires* that every slot is one of `numbers`; traps otherwise.
  @inline(__always)
  mutating func add(_ lines: Span<RecordLine>, _ numbers: Span<UInt32>) {
    let added = min(lines.count, Self.capacity &- count)
    var index = 0
    while index < added {
      // SAFETY: `index` is below the number of lines, and `count + index` below the capacity.
      let line = unsafe lines[unchecked: index]
      let number = UInt(numbers[Int(line.slot)])
      unsafe places[count &+ index] = line.start &+ number &* UInt(line.stride)
      index &+= 1
    }
    count &+= added
  }

  /// Asks for all lines and empties the list.
  @inline(__always)
  package mutating func issue() {
    for index in 0..<count {
      // SAFETY: `index` is below `count`; a prefetch reads nothing a program could see, whatever
      // the address.
      unsafe prefetch_line(UnsafeRawPointer(bitPattern: places[index]))
    }
    count = 0
  }
}

// SAFETY: a pointer is what keeps this from being Sendable by itself. The numbers it leads to have
// exactly one owner, which cannot be copied, so who sends it sends them.
extension PrefetchList: @unchecked Sendable {}
