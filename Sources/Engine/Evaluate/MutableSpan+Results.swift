import CColumns
import Model

extension MutableSpan<RuleResult> {
  /// Takes the results of some rules, 64 at most, when all are silent but for those that are
  /// unknown, a bit each. Returns how many these are.
  ///
  /// *Traps* when there are no such results.
  @inline(__always)
  mutating func take(
    _ silent: borrowing FixedArray<RuleResult>, _ places: Range<Int>, unknown: UInt64
  ) -> Int {
    precondition(
      places.upperBound <= silent.count && places.upperBound <= count, "a result for every rule")
    // SAFETY: what results are when silent is there, see above, while this array is borrowed.
    let from = unsafe silent.address(places.lowerBound)
    return unsafe withUnsafeMutableBufferPointer { results in
      guard let first = results.baseAddress else { return 0 }
      // SAFETY: so are the results. One is a word of which two bits say that it is unknown, which
      // a test looks at.
      return unsafe columns_results(from, places.count, unknown, first + places.lowerBound)
    }
  }
}
