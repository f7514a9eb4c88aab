/// How much of an index is carried over to the one that takes its place with each thing that comes.
///
/// As long as both are there a search may look at both, and what comes costs more. So a large index
/// goes over in some five hundred steps, one of which no call would notice: that there are few is
/// worth more than that each is short. A small one goes over line by line.
enum Growth {
  private static let steps = 512
  /// As many as a word has bits, and as take some 7 µs.
  private static let range = 64...2048

  /// How many of so many slots of 8 bytes are carried over at a time: whole words of bits.
  static func slots(of count: Int) -> Int {
    min(max((count / steps) & ~63, range.lowerBound), range.upperBound)
  }
}
