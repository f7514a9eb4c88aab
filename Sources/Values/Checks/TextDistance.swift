/// How alike two texts are, by code points.
public enum TextDistance {
  /// Longest text that is compared: names are shorter, and the cost is the product of the lengths.
  public static let codePoints = 256

  /// The least number of insertions, deletions and substitutions that make one text the other; nil
  /// for a text longer than `codePoints`.
  ///
  /// *Source*: V. Levenshtein, 1966; the rows of R. Wagner and M. Fischer, 1974. *Complexity*:
  /// O(n · m).
  public static func edits(_ left: String, _ right: String) -> Int? {
    let a = Array(left.unicodeScalars)
    let b = Array(right.unicodeScalars)
    guard a.count <= codePoints, b.count <= codePoints else { return nil }
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
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
  public static func jaroWinkler(_ left: String, _ right: String) -> Double? {
    let a = Array(left.unicodeScalars)
    let b = Array(right.unicodeScalars)
    guard a.count <= codePoints, b.count <= codePoints else { return nil }
    if a == b { return 1 }
    let jaro = jaro(a, b)
    let prefix = zip(a, b).prefix(4).prefix { $0 == $1 }.count
    return jaro + Double(prefix) * 0.1 * (1 - jaro)
  }

  private static func jaro(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Double {
    let reach = max(0, max(a.count, b.count) / 2 - 1)
    var taken = [Bool](repeating: false, count: b.count)
    var matches: [Unicode.Scalar] = []
    for i in a.indices {
      let last = min(b.count, i + reach + 1)
      guard i - reach < last else { continue }
      for j in max(0, i - reach)..<last where !taken[j] && a[i] == b[j] {
        taken[j] = true
        matches.append(a[i])
        break
      }
    }
    if matches.isEmpty { return 0 }
    let others = b.indices.filter { taken[$0] }.map { b[$0] }
    let moved = Double(zip(matches, others).count { $0 != $1 } / 2)
    let count = Double(matches.count)
    return (count / Double(a.count) + count / Double(b.count) + (count - moved) / count) / 3
  }
}
