/// Every `unsafe`, and every promise the compiler cannot check, says which invariant makes it
/// sound.
enum SafetyRules {
  /// How many lines above may hold the comment: a group of accesses shares one.
  static let reach = 16
  /// How many lines below may: it may begin the closure that gets a buffer.
  static let reachInside = 2

  /// A type or extension with one invariant behind all its unsafe uses says so once, above it.
  static let forWholeType = "SAFETY, for every `unsafe` here"

  private static let promises = ["unsafe", "@unchecked"]

  static func findings(_ text: String, file: String) -> [Finding] {
    let source = SwiftText(text)
    let covered = coveredLines(source)
    return source.numberedCode.compactMap { number, code in
      guard !covered.contains(number),
        let word = promises.first(where: { WordRules.contains($0, in: code) })
      else { return nil }
      let first = max(0, number - 1 - reach)
      let last = min(source.comments.count, number + reachInside)
      if source.comments[first..<last].contains(where: { $0.contains("SAFETY:") }) { return nil }
      return Finding(
        file: file, line: number, problem: "\(word) without a reason",
        remedy: "say in a `// SAFETY:` comment above it which invariant makes it sound")
    }
  }

  /// Lines of declarations whose comment gives one reason for all they hold, to the closing brace.
  private static func coveredLines(_ source: SwiftText) -> Set<Int> {
    var covered: Set<Int> = []
    for (index, comment) in source.comments.enumerated() where comment.contains(forWholeType) {
      var depth = 0
      var line = index
      var hasOpened = false
      while line < source.code.count, !hasOpened || depth > 0 {
        for character in source.code[line] {
          if character == "{" { depth += 1 }
          if character == "}" { depth -= 1 }
        }
        hasOpened = hasOpened || depth > 0
        covered.insert(line + 1)
        line += 1
      }
    }
    return covered
  }
}
