import Dispatch
import Glibc
import Synchronization

/// Brings pages of reserved memory in before they are touched, beside the thread that will.
///
/// Only when pages come in depends on it, never what is in them; where the system does not know
/// how, they come with the first touch. Ranges take turns, a huge page at a time: a table of a
/// gigabyte does not keep an array waiting that needs its next page now, and the system, which
/// holds what it knows of the memory of this process meanwhile, is let go of after each.
enum PageSupply {
  /// Addresses that were asked for.
  private struct Wanted {
    var start: UInt
    var end: UInt
  }

  private struct Orders {
    /// In the order of their turns.
    var wanted: [Wanted] = []
    /// What is being brought in.
    var current = Wanted(start: 0, end: 0)
    var isAtWork = false

    init() { wanted.reserveCapacity(64) }

    /// The next slice, of which the orders know no more but that it is under way.
    mutating func next() -> Wanted? {
      guard !wanted.isEmpty else {
        isAtWork = false
        current = Wanted(start: 0, end: 0)
        return nil
      }
      var range = wanted.removeFirst()
      current = range
      current.end = min(range.end, (range.start | (PageSupply.sliceBytes - 1)) + 1)
      range.start = current.end
      if range.start < range.end { wanted.append(range) }
      return current
    }
  }

  private static let orders = Mutex(Orders())
  private static let queue = DispatchQueue(label: "sabueso.pages", qos: .utility)

  /// A huge page.
  private static let sliceBytes: UInt = 2 << 20
  /// `MADV_POPULATE_WRITE` of Linux 5.14, which Glibc's module does not name.
  private static let populate: Int32 = 23

  /// Asks for the pages of a range.
  ///
  /// *Traps* never, but the range must stay mapped until `forget` of it has returned.
  @unsafe static func request(_ start: UnsafeMutableRawPointer, bytes: Int) {
    let address = UInt(bitPattern: start)
    let range = Wanted(start: address, end: address + UInt(bytes))
    let isFirst = orders.withLock { orders in
      orders.wanted.append(range)
      defer { orders.isAtWork = true }
      return !orders.isAtWork
    }
    if isFirst { queue.async { work() } }
  }

  /// Drops what was asked for inside a range; waits for a page that is under way.
  @unsafe static func forget(_ start: UnsafeMutableRawPointer, bytes: Int) {
    let address = UInt(bitPattern: start)
    let range = address..<address + UInt(bytes)
    while true {
      let isUnderWay = orders.withLock { orders in
        orders.wanted.removeAll { range.contains($0.start) }
        return range.contains(orders.current.start)
      }
      if !isUnderWay { return }
      sched_yield()
    }
  }

  private static func work() {
    while let slice = orders.withLock({ $0.next() }) {
      // SAFETY: the range is mapped until it is forgotten, and populating changes no content. A
      // refusal costs time alone, so the result is not looked at.
      unsafe madvise(
        UnsafeMutableRawPointer(bitPattern: slice.start), Int(slice.end - slice.start), populate)
    }
  }
}
