import Values

/// The members of a list from a file.
struct ListVersion: ~Copyable {
  /// Where each member lies in `text`.
  private var members: [Range<Int>] = []
  private var text: [UInt8] = []
  /// Event times from which on each is no member.
  private var expiries: [Int64] = []

  /// Replaces all members.
  ///
  /// *Traps* unless they are in order of their bytes, each once.
  mutating func set(_ entries: [ListEntry]) {
    members.removeAll()
    text.removeAll()
    for (index, entry) in entries.enumerated() {
      precondition(
        index == 0 || entries[index - 1].text.lexicographicallyPrecedes(entry.text),
        "members out of order")
      members.append(text.count..<text.count + entry.text.count)
      text += entry.text
    }
    expiries = entries.map(\.expiry)
  }

  /// Whether a text is a member at a time. *Complexity*: logarithmic in the members.
  func contains(_ wanted: Span<UInt8>, at time: Int64) -> Bool {
    var range = 0..<members.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      let member = text.span.extracting(members[middle])
      if TextComparison.isEqual(member, wanted) { return time < expiries[middle] }
      let isBefore = TextComparison.isLess(member, wanted)
      range = isBefore ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return false
  }
}
