/// Every `unsafe`, and every promise the compiler cannot check, says which invariant makes it
/// sound.
enum SafetyRules {
  /// How many lines above may hold the comment: a group of accesses shares one.
  static let reach = 16
  /// How many lines below may: it may begin the closure that gets a buffer.
  static let reachInside = 2

  /// A type with one invariant behind all its unsafe uses may say so once, above the first of them.
  static let forWholeType = "SAFETY, for every `unsafe` here"

  private static let promises = ["unsafe", "@unchecked"]

  static func findings(_ text: String, file: String) -> [Finding] {
    let source = SwiftText(text)
    return source.numberedCode.compactMap { number, code in
      guard let word = promises.first(where: { WordRules.contains($0, in: code) }) else {
        return nil
      }
      let first = max(0, number - 1 - reach)
      let last = min(source.comments.count, number + reachInside)
      let isExplained =
        source.comments[first..<last].contains { $0.contains("SAFETY:") }
        || source.comments[..<number].contains { $0.contains(forWholeType) }
      if isExplained { return nil }
      return Finding(
        file: file, line: number, problem: "\(word) without a reason",
        remedy: "say in a `// SAFETY:` comment above it which invariant makes it sound")
    }
  }
}
