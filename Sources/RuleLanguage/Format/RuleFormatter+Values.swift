internal import Expressions

/// Values on one line, or broken where that reads best.
extension RuleFormatter {
  /// The tokens of a range; where they do not fit after `column`, broken into lines that start at
  /// `hang`. Brackets that are opened up close at `base`.
  func lay(
    _ range: Range<Int>, column: Int, hang: Int, base: Int, style: BreakStyle
  ) -> String {
    if range.isEmpty { return "" }
    let hasComments = range.contains { !comments[$0].isEmpty }
    let flat = hasComments ? "" : flat(range)
    let breaks = breaks(in: range, style)
    let isLong = column + flat.unicodeScalars.count > RuleFormatter.width
    let isSteep = style == .conditions && breaks.count > 1
    if !hasComments, !isLong, !isSteep { return flat }
    guard !breaks.isEmpty else {
      return opened(range, column: column, hang: hang, base: base, isLong: isLong)
    }
    var text = ""
    var at = column
    let pad = "\n" + String(repeating: " ", count: hang)
    for (start, end) in zip([range.lowerBound] + breaks, breaks + [range.upperBound]) {
      let segment = start..<end
      let flat = self.flat(segment)
      let isBroken = segment.contains { !comments[$0].isEmpty }
      let fits = style == .parts && at + flat.unicodeScalars.count < RuleFormatter.width
      if start > range.lowerBound {
        let isFree = comments[start].isEmpty
        if isFree { text += fits && !isBroken ? " " : pad }
        if !(fits && !isBroken) { at = hang }
      }
      let isTooLong = at + flat.unicodeScalars.count > RuleFormatter.width
      let part =
        isBroken || isTooLong
        ? opened(segment, column: at, hang: hang, base: base, isLong: isTooLong) : flat
      text += part
      at += flat.unicodeScalars.count + 1
    }
    return text
  }

  /// The tokens on one line.
  func flat(_ range: Range<Int>) -> String {
    var text = ""
    for position in range {
      if position > range.lowerBound, spacing.spaceBefore[position] { text += " " }
      text += texts[position]
    }
    return text
  }

  // MARK: Places to break

  private func breaks(in range: Range<Int>, _ style: BreakStyle) -> [Int] {
    var depth = 0
    var found: [Int] = []
    for position in range {
      switch texts[position] {
      case "(", "[", "{": depth += 1
      case ")", "]", "}": depth -= 1
      default: break
      }
      guard depth == 0, position > range.lowerBound, breaksBefore(position, range, style) else {
        continue
      }
      found.append(position)
    }
    return found
  }

  private func breaksBefore(_ position: Int, _ range: Range<Int>, _ style: BreakStyle) -> Bool {
    let text = texts[position]
    switch style {
    case .conditions: return ["and", "or", "&&", "||"].contains(text)
    case .translations:
      return ["en", "es"].contains(text) && position + 1 < range.upperBound
        && tree.tokens[position + 1].kind == .string
    case .parts:
      return tree.tokens[position].kind == .identifier && RuleFormatter.partWords.contains(text)
    }
  }

  private static let partWords: Set<String> = [
    "from", "where", "by", "over", "excluding", "ending", "otherwise", "via", "links", "normalize",
    "max_degree", "retention", "min", "max",
  ]

  // MARK: Brackets

  /// The range with its last pair of brackets opened up, one line of elements after another; where
  /// it has none, on one line but for its comments.
  private func opened(
    _ range: Range<Int>, column: Int, hang: Int, base: Int, isLong: Bool
  ) -> String {
    guard let (opener, closer) = lastBrackets(in: range), opener + 1 < closer,
      isLong || (opener + 1...closer).contains(where: { !comments[$0].isEmpty })
    else { return withComments(range, hang: hang) }
    let pad = "\n" + String(repeating: " ", count: base)
    var text = withComments(range.lowerBound..<opener + 1, hang: hang)
    text += elements(opener + 1..<closer, indent: base + 2)
    if let trailing = comments[closer].trailing { text += "  " + trailing }
    for comment in comments[closer].own { text += pad + "  " + comment.text }
    text += pad + texts[closer]
    let after = closer + 1..<range.upperBound
    if after.isEmpty { return text }
    let rest = withComments(after, hang: hang)
    let isTight = !spacing.spaceBefore[closer + 1] || !comments[closer + 1].isEmpty
    return text + (isTight ? "" : " ") + rest
  }

  /// The last brackets that are not inside others.
  private func lastBrackets(in range: Range<Int>) -> (Int, Int)? {
    var open: [Int] = []
    var found: (Int, Int)?
    for position in range {
      switch texts[position] {
      case "(", "[", "{": open.append(position)
      case ")", "]", "}":
        guard let opener = open.popLast() else { return nil }
        if open.isEmpty { found = (opener, position) }
      default: break
      }
    }
    return found
  }

  /// Elements between commas, as many on a line as fit.
  private func elements(_ range: Range<Int>, indent: Int) -> String {
    let pad = "\n" + String(repeating: " ", count: indent)
    var text = ""
    var column = RuleFormatter.width + 1
    var depth = 0
    var start = range.lowerBound
    for position in range {
      switch texts[position] {
      case "(", "[", "{": depth += 1
      case ")", "]", "}": depth -= 1
      default: break
      }
      let isLast = position == range.upperBound - 1
      guard isLast || (depth == 0 && texts[position] == ",") else { continue }
      let element = start..<position + 1
      let flat = self.flat(element)
      if let trailing = comments[start].trailing { text += "  " + trailing }
      for comment in comments[start].own { text += pad + comment.text }
      if !comments[start].isEmpty || column + 1 + flat.unicodeScalars.count > RuleFormatter.width {
        text += pad
        column = indent
      } else {
        text += " "
        column += 1
      }
      text += withComments(element, hang: indent + 2, skipsFirst: true)
      column += flat.unicodeScalars.count
      start = position + 1
    }
    return text
  }

  /// The tokens on one line, but for comments, after which a new one starts.
  private func withComments(_ range: Range<Int>, hang: Int, skipsFirst: Bool = false) -> String {
    let pad = "\n" + String(repeating: " ", count: hang)
    var text = ""
    for position in range {
      let found = comments[position]
      if !found.isEmpty, !(skipsFirst && position == range.lowerBound) {
        if let trailing = found.trailing { text += "  " + trailing }
        for comment in found.own { text += pad + comment.text }
        text += pad
      } else if position > range.lowerBound, spacing.spaceBefore[position] {
        text += " "
      }
      text += texts[position]
    }
    return text
  }
}
