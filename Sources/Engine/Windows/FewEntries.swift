internal import CColumns

/// How long before a moment each of the few entries of a lone chunk came.
///
/// How many there are and where a window begins differs from key to key, so nothing here branches
/// on it: all that a chunk has room for is looked at.
struct FewEntries {
  private var ages: columns_ages

  fileprivate init(_ ages: columns_ages) { self.ages = ages }

  /// Entries of the last `length` microseconds, which are more than 0.
  @inline(__always)
  func count(within length: Int64) -> Int {
    // SAFETY: reads what it is given.
    unsafe withUnsafePointer(to: ages) {
      Int(unsafe columns_few_within($0, UInt64(bitPattern: length)))
    }
  }
}

/// The sums of a column over the last few entries, for each number of them.
struct FewTotals {
  fileprivate var sums = columns_sums()
  /// Whether none of them left 64 bits.
  fileprivate var isExact = false

  /// The sum over so many entries without `less`; nil when 64 bits may not hold it.
  @inline(__always)
  mutating func ofLast(_ count: Int, less: Int64) -> Int64? {
    precondition(UInt(bitPattern: count) <= UInt(columns_few), "more entries than a few")
    // SAFETY: there is a sum for each number of entries up to so many.
    let sum = unsafe withUnsafeBytes(of: &sums) {
      unsafe $0.loadUnaligned(fromByteOffset: 8 &* count, as: Int64.self)
    }
    let (rest, overflows) = sum.subtractingReportingOverflow(less)
    return isExact && !overflows ? rest : nil
  }
}

extension Fields {
  /// The `count` entries of a chunk at a moment, of which none is later.
  @inline(__always)
  func fewEntries(_ count: Int, at moment: Int64) -> FewEntries {
    // SAFETY: every chunk has so many bytes behind where its times begin, see `WindowLayout`.
    let times = unsafe address(
      WindowLayout.chunkTimes, bytes: 8 &* Int(columns_few), as: Int64.self)
    return FewEntries(unsafe columns_few_ages(times, count, moment))
  }

  /// The sums of a column, which begins at `sums`, over the last of `count` entries.
  @inline(__always)
  func fewTotals(_ sums: Int, _ count: Int) -> FewTotals {
    var totals = FewTotals()
    // SAFETY: before a column lie the times of three entries or more, see `WindowLayout`, and their
    // count, so there is a number for each that is added.
    unsafe totals.isExact = columns_few_sums(
      address(sums, bytes: 8 &* count, as: Int64.self), count, &totals.sums)
    return totals
  }

  /// Distinct values among `count` entries whose values lie before `end`.
  @inline(__always)
  func fewDistinct(_ end: Int, _ count: Int) -> Int {
    let bytes = 4 &* Int(columns_few_values)
    // SAFETY: before a column lie times, as above.
    return unsafe Int(
      columns_few_distinct(address(end &- bytes, bytes: bytes, as: UInt32.self) + bytes / 4, count))
  }
}
