/// A set of values of one type as closed ranges of their places in the type's order, ascending,
/// apart from each other.
struct ValueSet: Hashable {
  private(set) var ranges: [ClosedRange<Int128>]

  init(_ ranges: [ClosedRange<Int128>]) {
    self.ranges = ranges
  }

  init(_ range: ClosedRange<Int128>) {
    ranges = [range]
  }

  /// Single values in any order.
  init(points: some Sequence<Int128>) {
    self = points.reduce(ValueSet([])) { $0.union(ValueSet($1...$1)) }
  }

  var isEmpty: Bool { ranges.isEmpty }

  func intersection(_ other: ValueSet) -> ValueSet {
    var found: [ClosedRange<Int128>] = []
    var (left, right) = (ranges[...], other.ranges[...])
    while let a = left.first, let b = right.first {
      let low = max(a.lowerBound, b.lowerBound)
      let high = min(a.upperBound, b.upperBound)
      if low <= high { found.append(low...high) }
      if a.upperBound < b.upperBound { left.removeFirst() } else { right.removeFirst() }
    }
    return ValueSet(found)
  }

  func union(_ other: ValueSet) -> ValueSet {
    var found: [ClosedRange<Int128>] = []
    for range in (ranges + other.ranges).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = found.last, range.lowerBound <= last.upperBound + 1 {
        found[found.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        found.append(range)
      }
    }
    return ValueSet(found)
  }

  /// What is in `universe` and not in this set.
  func complement(in universe: ValueSet) -> ValueSet {
    var gaps: [ClosedRange<Int128>] = []
    var low = ValueSet.everything.lowerBound
    for range in ranges {
      if low < range.lowerBound { gaps.append(low...range.lowerBound - 1) }
      low = range.upperBound + 1
    }
    if low <= ValueSet.everything.upperBound { gaps.append(low...ValueSet.everything.upperBound) }
    return ValueSet(gaps).intersection(universe)
  }

  func isSubset(of other: ValueSet) -> Bool { intersection(other) == self }

  /// Wider than the places of any type, so that sums of two places stay inside 128 bits.
  static let everything: ClosedRange<Int128> = -(1 << 100)...(1 << 100)
}
