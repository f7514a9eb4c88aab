/// Finds the name a person most likely meant.
public enum Suggestion {
  /// The candidate nearest to `name`, if it is near enough to be a slip of the keyboard.
  ///
  /// *Complexity*: number of candidates × product of lengths.
  public static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    let allowed = max(1, wanted.count / 3)
    var best: (distance: Int, unlike: Int, name: String)?
    for candidate in candidates where candidate != name {
      let letters = Array(candidate.lowercased().unicodeScalars)
      let distance = editDistance(wanted, letters)
      guard distance <= allowed else { continue }
      let unlike = wanted.count - sharedEnds(wanted, letters)
      if let found = best,
        (found.distance, found.unlike, found.name) <= (distance, unlike, candidate)
      {
        continue
      }
      best = (distance, unlike, candidate)
    }
    return best?.name
  }

  /// Letters at the beginning and at the end that are the same: of two candidates one slip away, the one
  /// that only lacks a letter shares more of them than the one where a letter differs.
  private static func sharedEnds(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    let shorter = min(left.count, right.count)
    let start = zip(left, right).prefix { $0 == $1 }.count
    let end = zip(left.reversed(), right.reversed()).prefix { $0 == $1 }.count
    return min(start + end, shorter)
  }

  /// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.
  static func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      for column in 0..<right.count {
        var cost = min(last[column + 1] + 1, current[column] + 1)
        cost = min(cost, last[column] + (left[row] == right[column] ? 0 : 1))
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
