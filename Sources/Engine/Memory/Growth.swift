/// How much of a table is carried over to the one that takes its place with each thing that comes.
///
/// As long as both are there a search may look at both, and what comes costs more. So a large table
/// goes over in some five hundred steps, one of which no call would notice: to stay in few steps is
/// worth more than to make each short. A small one goes over line by line.
enum Growth {
  private static let steps = 512

  /// Slots of 8 bytes of an index, of which one takes some 4 ns.
  static let lines = 64...2048
  /// Slots of pairs; a key may bring sixteen pairs at once.
  static let pairs = 64...512

  /// How many of so many slots are carried over at a time.
  @inline(__always)
  static func slots(of count: Int, in range: ClosedRange<Int>) -> Int {
    // Whole lines, and whole words of bits.
    min(max((count / steps) & ~63, range.lowerBound), range.upperBound)
  }
}
