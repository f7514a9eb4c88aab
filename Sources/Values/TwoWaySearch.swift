/// Finds a text in another in linear time and constant space, whatever the two are.
///
/// Both may come from an event, so a search that is quadratic at its worst would be a way to stall.
/// *Source*: Crochemore and Perrin, "Two-way string-matching", Journal of the ACM 38 (1991).
public enum TwoWaySearch {
  /// The first place from `start` on at which `part` lies in `text`; nil where there is none.
  ///
  /// *Traps* when `start` lies outside the text.
  public static func first(
    _ part: Span<UInt8>, in text: Span<UInt8>, from start: Int = 0
  ) -> Int? {
    precondition(start >= 0 && start <= text.count, "a search from outside the text")
    if part.count == 0 { return start }
    if part.count > text.count - start { return nil }
    if start > 0 { return first(part, in: text.extracting(start...)).map { start + $0 } }
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
      ? firstPeriodic(part, in: text, cut: cut, period: period)
      : firstAperiodic(part, in: text, cut: cut)
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
  private static func firstPeriodic(
    _ part: Span<UInt8>, in text: Span<UInt8>, cut: Int, period: Int
  ) -> Int? {
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
      if index <= known { return start }
      start += period
      known = part.count - period - 1
    }
    return nil
  }

  private static func firstAperiodic(
    _ part: Span<UInt8>, in text: Span<UInt8>, cut: Int
  ) -> Int? {
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
      if index < 0 { return start }
      start += shift
    }
    return nil
  }
}
