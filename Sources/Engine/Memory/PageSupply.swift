import Dispatch
import Glibc
import Synchronization

/// Brings pages of reserved memory in before they are touched, and gives back those that are not
/// any more, beside the thread that touches them: to give pages back waits for all processors that
/// this process runs on.
///
/// Only when pages come and go depends on it; where the system does not know how to bring them in,
/// they come with the first touch. Ranges take turns, a huge page at a time: a table of a gigabyte
/// does not keep an array waiting that needs its next page now, and the system, which holds what it
/// knows of the memory of this process meanwhile, is let go of after each.
enum PageSupply {
  /// What is to be done.
  enum Action {
    /// Bring pages in; their content stays.
    case bringIn
    /// Give pages back; they read as zero from some moment on.
    case giveBack

    /// Advice to the system. `MADV_POPULATE_WRITE` of Linux 5.14 is not named by Glibc's module.
    fileprivate var advice: Int32 {
      switch self {
      case .bringIn: 23
      case .giveBack: MADV_DONTNEED
      }
    }
  }

  /// Addresses, and what to do with their pages.
  private struct Wanted {
    var start: UInt
    var end: UInt
    var action = Action.bringIn
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

  /// Makes the thread, so that no event waits for that.
  static func start() { queue.async { work() } }

  /// Asks for something to be done with the pages of a range, after what was asked for before.
  ///
  /// *Traps* never, but the range must stay mapped until `forget` of it has returned.
  @unsafe static func request(_ action: Action, _ start: UnsafeMutableRawPointer, bytes: Int) {
    let address = UInt(bitPattern: start)
    let range = Wanted(start: address, end: address + UInt(bytes), action: action)
    let isFirst = orders.withLock { orders in
      orders.wanted.append(range)
      defer { orders.isAtWork = true }
      return !orders.isAtWork
    }
    if isFirst { queue.async { work() } }
  }

  /// Drops requests to bring in pages of a range; one that is under way comes before any later
  /// request.
  @unsafe static func cancel(_ start: UnsafeMutableRawPointer, bytes: Int) {
    let range = addresses(UInt(bitPattern: start), bytes)
    orders.withLock { orders in
      orders.wanted.removeAll { $0.action == .bringIn && range.contains($0.start) }
    }
  }

  /// Drops what was asked for inside a range; waits for a page that is under way.
  @unsafe static func forget(_ start: UnsafeMutableRawPointer, bytes: Int) {
    let range = addresses(UInt(bitPattern: start), bytes)
    wait { orders in
      orders.wanted.removeAll { range.contains($0.start) }
      return !range.contains(orders.current.start)
    }
  }

  /// Waits until all pages of a range that are to be given back are.
  @unsafe static func settle(_ start: UnsafeMutableRawPointer, bytes: Int) {
    let range = addresses(UInt(bitPattern: start), bytes)
    func isGoing(_ wanted: Wanted) -> Bool {
      wanted.action == .giveBack && range.contains(wanted.start)
    }
    wait { !isGoing($0.current) && !$0.wanted.contains(where: isGoing) }
  }

  private static func wait(until isDone: (inout Orders) -> Bool) {
    while true {
      if orders.withLock({ isDone(&$0) }) { return }
      sched_yield()
    }
  }

  private static func addresses(_ start: UInt, _ bytes: Int) -> Range<UInt> {
    start..<start + UInt(bytes)
  }

  private static func work() {
    while let slice = orders.withLock({ $0.next() }) {
      // SAFETY: the range is mapped until it is forgotten; to bring pages in changes no content,
      // and the content of those that go was given up. A refusal to bring some in costs time alone,
      // and to give back what is mapped is never refused, so the result is not looked at.
      unsafe madvise(
        UnsafeMutableRawPointer(bitPattern: slice.start), Int(slice.end - slice.start),
        slice.action.advice)
    }
  }
}
