/// Two texts as the lines that differ, in the unified format that `patch` and people read.
enum TextDifference {
  private struct Line {
    var sign: Character
    var text: Substring
    /// Lines of each text before this one.
    var old: Int
    var new: Int
  }

  /// The difference with three lines around each change; empty when there is none.
  static func unified(_ old: String, _ new: String, path: String) -> String {
    let lines = lines(old, new)
    var output = ""
    var start = 0
    while let change = lines[start...].firstIndex(where: { $0.sign != " " }) {
      let first = max(start, change - 3)
      var last = change
      var position = change
      while position < lines.count, position <= last + 6 {
        if lines[position].sign != " " { last = position }
        position += 1
      }
      let end = min(lines.count, last + 4)
      output += hunk(lines[first..<end])
      start = end
    }
    return output.isEmpty ? "" : "--- \(path)\n+++ \(path)\n" + output
  }

  private static func hunk(_ lines: ArraySlice<Line>) -> String {
    let old = lines.count { $0.sign != "+" }
    let new = lines.count { $0.sign != "-" }
    let (oldStart, newStart) = lines.first.map { ($0.old, $0.new) } ?? (0, 0)
    let places = "-\(oldStart + (old > 0 ? 1 : 0)),\(old) +\(newStart + (new > 0 ? 1 : 0)),\(new)"
    return lines.reduce("@@ \(places) @@\n") { $0 + "\($1.sign)\($1.text)\n" }
  }

  /// All lines of both texts in order, those only the old text has before those only the new has.
  private static func lines(_ old: String, _ new: String) -> [Line] {
    let before = split(old)
    let after = split(new)
    let difference = after.difference(from: before)
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var lines: [Line] = []
    var (left, right) = (0, 0)
    while left < before.count || right < after.count {
      if removed.contains(left) {
        lines.append(Line(sign: "-", text: before[left], old: left, new: right))
        left += 1
      } else if inserted.contains(right) {
        lines.append(Line(sign: "+", text: after[right], old: left, new: right))
        right += 1
      } else {
        lines.append(Line(sign: " ", text: before[left], old: left, new: right))
        left += 1
        right += 1
      }
    }
    return lines
  }

  private static func split(_ text: String) -> [Substring] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}
