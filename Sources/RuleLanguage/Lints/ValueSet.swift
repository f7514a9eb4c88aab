/// A set of values of one type as closed ranges of their places in the type's order, ascending,
/// apart from each other.
struct ValueSet: Hashable {
  /// The lowest range, and those above it: most sets are one range, which then needs no list.
  private var first: ClosedRange<Int128>?
  private var others: [ClosedRange<Int128>] = []

  init(_ range: ClosedRange<Int128>) {
    first = range
  }

  /// Ranges in any order, which may touch.
  init(_ ranges: [ClosedRange<Int128>]) {
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) { add(range) }
  }

  /// Single values in any order.
  init(points: some Sequence<Int128>) {
    self.init(points.map { $0...$0 })
  }

  var isEmpty: Bool { first == nil }

  /// Adds a range that begins no lower than any that is there.
  private mutating func add(_ range: ClosedRange<Int128>) {
    guard let last = others.last ?? first else {
      first = range
      return
    }
    guard range.lowerBound <= last.upperBound + 1 else {
      others.append(range)
      return
    }
    let joined = last.lowerBound...max(last.upperBound, range.upperBound)
    if others.isEmpty { first = joined } else { others[others.count - 1] = joined }
  }

  private func forEach(_ body: (ClosedRange<Int128>) -> Void) {
    if let first { body(first) }
    for range in others { body(range) }
  }

  func intersection(_ other: ValueSet) -> ValueSet {
    var found = ValueSet([])
    forEach { mine in
      other.forEach { theirs in
        let low = max(mine.lowerBound, theirs.lowerBound)
        let high = min(mine.upperBound, theirs.upperBound)
        if low <= high { found.add(low...high) }
      }
    }
    return found
  }

  /// What is in `universe` and not in this set.
  func complement(in universe: ValueSet) -> ValueSet {
    var gaps = ValueSet([])
    var low = ValueSet.everything.lowerBound
    forEach { range in
      if low < range.lowerBound { gaps.add(low...range.lowerBound - 1) }
      low = range.upperBound + 1
    }
    if low <= ValueSet.everything.upperBound { gaps.add(low...ValueSet.everything.upperBound) }
    return gaps.intersection(universe)
  }

  func isSubset(of other: ValueSet) -> Bool { intersection(other) == self }

  /// Wider than the places of any type, so that sums of two places stay inside 128 bits.
  static let everything: ClosedRange<Int128> = -(1 << 100)...(1 << 100)
}
