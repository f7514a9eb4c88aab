/// Finds the name a mistyped one was meant to be.
enum Spelling {
  /// Longer names are compared by nobody.
  private static let longest = 64

  /// The closest candidate within a third of the name's length, the first of equals.
  static func suggestion(for name: String, among candidates: [String]) -> String? {
    let name = Array(name.lowercased().utf8)
    guard name.count <= longest else { return nil }
    var best: (distance: Int, candidate: String)?
    for candidate in candidates where candidate.utf8.count <= longest {
      let distance = distance(name, Array(candidate.lowercased().utf8))
      let allowed = max(1, max(name.count, candidate.utf8.count) / 3)
      if distance <= allowed, distance < best?.distance ?? Int.max { best = (distance, candidate) }
    }
    return best?.candidate
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn one into the other.
  ///
  /// *Source*: optimal string alignment, after F. Damerau, 1964.
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        var least = min(
          last[j] + (left[i] == right[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          least = min(least, beforeLast[j - 1] + 1)
        }
        row.append(least)
      }
      beforeLast = last
      last = row
    }
    return last[right.count]
  }
}
