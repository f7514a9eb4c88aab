/// How alike two texts are, by code points.
public enum TextDistance {
  /// Longest text that is compared: names are shorter, and the cost is the product of the lengths.
  public static let codePoints = 256

  /// The code points of a text that is short enough.
  private struct Letters {
    let points: InlineArray<256, UInt32>
    let count: Int

    init?(_ text: Span<UInt8>) {
      // Set once, at the end: what an initialiser that may fail does to a member beside an inline
      // array, Swift 6.3 optimises away, and every text would be empty.
      var points = InlineArray<256, UInt32>(repeating: 0)
      var count = 0
      var offset = 0
      while offset < text.count {
        guard count < TextDistance.codePoints else { return nil }
        points[count] = CodePoints.scalar(at: offset, in: text).value
        count += 1
        offset = CodePoints.next(offset, in: text)
      }
      (self.points, self.count) = (points, count)
    }

    subscript(_ index: Int) -> UInt32 { points[index] }
  }

  /// The least number of insertions, deletions and substitutions that make one text the other; nil
  /// for a text longer than `codePoints`.
  ///
  /// *Source*: V. Levenshtein, 1966; the rows of R. Wagner and M. Fischer, 1974. *Complexity*:
  /// O(n · m).
  public static func edits(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int? {
    guard let a = Letters(left), let b = Letters(right) else { return nil }
    var row = InlineArray<257, Int> { $0 }
    for i in 0..<a.count {
      var diagonal = row[0]
      row[0] = i + 1
      for j in 0..<b.count {
        let substituted = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, min(row[j], row[j + 1]) + 1)
      }
    }
    return row[b.count]
  }

  /// Likeness from 0 to 1, where a common beginning counts for more; nil for a text longer than
  /// `codePoints`. Two empty texts are alike.
  ///
  /// *Source*: W. Winkler, 1990: the Jaro likeness, raised by a tenth of the rest for each of up to
  /// four common first characters.
  public static func jaroWinkler(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Double? {
    guard let a = Letters(left), let b = Letters(right) else { return nil }
    if a.count == b.count, (0..<a.count).allSatisfy({ a[$0] == b[$0] }) { return 1 }
    let jaro = jaro(a, b)
    var prefix = 0
    while prefix < min(4, a.count, b.count), a[prefix] == b[prefix] { prefix += 1 }
    return jaro + Double(prefix) * 0.1 * (1 - jaro)
  }

  private static func jaro(_ a: Letters, _ b: Letters) -> Double {
    let reach = max(0, max(a.count, b.count) / 2 - 1)
    var taken = InlineArray<256, Bool>(repeating: false)
    var matches = InlineArray<256, UInt32>(repeating: 0)
    var matched = 0
    for i in 0..<a.count {
      let last = min(b.count, i + reach + 1)
      guard i - reach < last else { continue }
      for j in max(0, i - reach)..<last where !taken[j] && a[i] == b[j] {
        taken[j] = true
        matches[matched] = a[i]
        matched += 1
        break
      }
    }
    if matched == 0 { return 0 }
    var moved = 0
    var position = 0
    for j in 0..<b.count where taken[j] {
      if matches[position] != b[j] { moved += 1 }
      position += 1
    }
    let count = Double(matched)
    let common = count / Double(a.count) + count / Double(b.count)
    return (common + (count - Double(moved / 2)) / count) / 3
  }
}
