internal import CColumns

/// The values of a column of as many entries as are looked through at each question, side by side.
///
/// How many there are, and which of them are alike, differs from key to key, so nothing here
/// branches on it but how often the last ones are moved.
struct ScannedValues {
  private var values = columns_scanned_values()

  /// Takes the values of a chunk that end at an offset; they end at a place, and may begin before
  /// the first, where they do not count.
  @inline(__always)
  mutating func take(_ chunk: borrowing Fields, _ end: Int, endingAt place: Int) {
    precondition(place > 0 && place <= Int(columns_scanned), "more values than are looked through")
    let bytes = 4 &* Int(columns_few_values)
    // SAFETY: before the values of a column lie times, see `WindowLayout`, so there are as many
    // numbers; the place is one of those there are, before the first of which lie as many.
    unsafe withUnsafeMutablePointer(to: &values) {
      unsafe columns_scanned_take(
        $0, place, chunk.address(end &- bytes, bytes: bytes, as: UInt32.self))
    }
  }

  /// Distinct values among the first `count`, which are all taken but the last one at most; in
  /// registers of a width, which the processor must have, if one is given.
  @inline(__always)
  mutating func distinct(_ count: Int, by width: columns_width? = nil) -> Int {
    precondition(count >= 0 && count <= Int(columns_scanned), "more values than are looked through")
    // SAFETY: no more than there is room for.
    return unsafe withUnsafeMutablePointer(to: &values) { values in
      if let width { return Int(unsafe columns_scanned_distinct_by(width, values, count)) }
      return Int(unsafe columns_scanned_distinct(values, count))
    }
  }
}
