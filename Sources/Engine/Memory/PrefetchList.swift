import CPrefetch

/// Places in memory that will be needed soon, gathered first and asked for together.
///
/// A prefetch waits until its address is translated, and in a large state no translation is at
/// hand. Between other instructions the processor sees one or two of them at a time; one after the
/// other it works on as many as it can, which is several times as fast.
package struct PrefetchList: ~Copyable, Sendable {
  private var places = FixedArray<UInt>(repeating: 0, count: capacity)
  private var count = 0

  private static let capacity = 1 << 14

  package init() {}

  /// Adds the cache line of an address; one that finds no room is not asked for.
  @inline(__always)
  mutating func add(_ address: UInt) {
    // As the look at the index is made, so that it need not be made again.
    guard UInt(bitPattern: count) < UInt(bitPattern: places.count) else { return }
    places[count] = address
    count &+= 1
  }

  /// As `add`, if the line is wanted at all, which no branch depends on.
  @inline(__always)
  mutating func add(_ address: UInt, if isWanted: Bool) {
    guard UInt(bitPattern: count) < UInt(bitPattern: places.count) else { return }
    places[count] = address
    count &+= isWanted ? 1 : 0
  }

  /// Asks for all lines and empties the list.
  @inline(__always)
  package mutating func issue() {
    // SAFETY: as many were added, none beyond the capacity; a prefetch reads nothing a program
    // could see, whatever the address.
    unsafe prefetch_lines(places.address(0), count)
    count = 0
  }
}
