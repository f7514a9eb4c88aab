/// Finds a text in another in linear time and constant space, whatever the two are.
///
/// Both may come from an event, so a search that is quadratic at its worst would be a way to stall.
/// *Source*: Crochemore and Perrin, "Two-way string-matching", Journal of the ACM 38 (1991).
enum TwoWaySearch {
  /// Whether `part` lies anywhere in `text`.
  static func find(_ part: Span<UInt8>, in text: Span<UInt8>) -> Bool {
    if part.count == 0 { return true }
    if part.count > text.count { return false }
    let rising = maximalSuffix(part, isReversed: false)
    let falling = maximalSuffix(part, isReversed: true)
    let (cut, period) = rising.cut > falling.cut ? rising : falling
    var isPeriodic = cut + period < part.count
    var index = 0
    while isPeriodic && index <= cut {
      isPeriodic = part[index] == part[index + period]
      index += 1
    }
    return isPeriodic
      ? findPeriodic(part, in: text, cut: cut, period: period)
      : findAperiodic(part, in: text, cut: cut)
  }

  /// The last index before the greatest suffix, and the period of that suffix.
  private static func maximalSuffix(
    _ part: Span<UInt8>, isReversed: Bool
  ) -> (cut: Int, period: Int) {
    var (cut, candidate, offset, period) = (-1, 0, 1, 1)
    while candidate + offset < part.count {
      let (new, old) = (part[candidate + offset], part[cut + offset])
      if new == old {
        if offset == period {
          candidate += period
          offset = 1
        } else {
          offset += 1
        }
      } else if (new < old) != isReversed {
        candidate += offset
        offset = 1
        period = candidate - cut
      } else {
        cut = candidate
        candidate = cut + 1
        offset = 1
        period = 1
      }
    }
    return (cut, period)
  }

  /// The part repeats with `period` up to the cut: what matched before a shift need not be read
  /// again.
  private static func findPeriodic(
    _ part: Span<UInt8>, in text: Span<UInt8>, cut: Int, period: Int
  ) -> Bool {
    var start = 0
    var known = -1
    while start <= text.count - part.count {
      var index = max(cut, known) + 1
      while index < part.count && part[index] == text[start + index] { index += 1 }
      if index < part.count {
        start += index - cut
        known = -1
        continue
      }
      index = cut
      while index > known && part[index] == text[start + index] { index -= 1 }
      if index <= known { return true }
      start += period
      known = part.count - period - 1
    }
    return false
  }

  private static func findAperiodic(
    _ part: Span<UInt8>, in text: Span<UInt8>, cut: Int
  ) -> Bool {
    let shift = max(cut + 1, part.count - cut - 1) + 1
    var start = 0
    while start <= text.count - part.count {
      var index = cut + 1
      while index < part.count && part[index] == text[start + index] { index += 1 }
      if index < part.count {
        start += index - cut
        continue
      }
      index = cut
      while index >= 0 && part[index] == text[start + index] { index -= 1 }
      if index < 0 { return true }
      start += shift
    }
    return false
  }
}
