/// Every `unsafe`, and every promise the compiler cannot check, says which invariant makes it
/// sound.
enum SafetyRules {
  /// How many lines above may hold the comment: a group of accesses shares one.
  static let reach = 16
  /// How many lines below may: it may begin the closure that gets a buffer.
  static let reachInside = 2

  /// Where one invariant stands behind all unsafe uses of a type or file, it is said once.
  static let forWholeType = "SAFETY, for every `unsafe` here"

  private static let promises = ["unsafe", "@unchecked"]

  static func findings(_ source: SwiftText, file: String) -> [Finding] {
    let covered = coveredLines(source)
    return source.numberedCode.compactMap { number, code in
      guard !covered.contains(number),
        let word = promises.first(where: { isPromised($0, in: code) })
      else { return nil }
      let first = max(0, number - 1 - reach)
      let last = min(source.comments.count, number + reachInside)
      if source.comments[first..<last].contains(where: { $0.contains("SAFETY:") }) { return nil }
      return Finding(
        file: file, line: number, problem: "\(word) without a reason",
        remedy: "say in a `// SAFETY:` comment above it which invariant makes it sound")
    }
  }

  /// `@unsafe` hands the question on to the caller.
  private static func isPromised(_ word: String, in code: String) -> Bool {
    WordRules.contains(word, in: code.replacing("@unsafe", with: ""))
  }

  /// Lines behind a comment that gives one reason for all, to the end of what it stands in: a type,
  /// an extension or the file.
  private static func coveredLines(_ source: SwiftText) -> Set<Int> {
    var covered: Set<Int> = []
    for (index, comment) in source.comments.enumerated() where comment.contains(forWholeType) {
      var depth = 0
      for line in index..<source.code.count where depth >= 0 {
        covered.insert(line + 1)
        for character in source.code[line] where depth >= 0 {
          if character == "{" { depth += 1 }
          if character == "}" { depth -= 1 }
        }
      }
    }
    return covered
  }
}
