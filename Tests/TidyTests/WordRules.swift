/// Words that may not stand in the repository, or not in the product.
enum WordRules {
  /// Written apart, so that this file does not hold what it looks for.
  private static let unfinished = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]
  private static let machinePaths = [
    "/wo" + "rk/", "/tmp/ba" + "sh", "/ro" + "ot/", "/opt/sw" + "ift",
  ]
  private static let registries = [
    "py" + "pi.org", "pythonho" + "sted.org", "npm" + "js.org", "npm" + "js.com", "crat" + "es.io",
    "ruby" + "gems.org", "proxy.gol" + "ang.org", "deb.deb" + "ian.org", "gh" + "cr.io",
    "docker" + ".io", "maven" + ".org",
  ]
  private static let crashing = ["try!", "as!", "fatalError"]

  /// For every text of the repository.
  static func findings(_ text: String, file: String) -> [Finding] {
    var findings: [Finding] = []
    for (number, line) in lines(text) {
      for word in unfinished where contains(word, in: line) {
        findings.append(
          Finding(
            file: file, line: number, problem: "\(word) marks unfinished work",
            remedy: "finish it, or take it out"))
      }
      for path in machinePaths where line.contains(path) {
        findings.append(
          Finding(
            file: file, line: number, problem: "\(path) is a path of somebody's machine",
            remedy: "write a path relative to the repository"))
      }
      for host in registries where line.contains(host) {
        findings.append(
          Finding(
            file: file, line: number, problem: "\(host) is the host of a package registry",
            remedy: "name the package; where it comes from is the reader's setting"))
      }
    }
    return findings
  }

  /// For Swift sources outside tests.
  static func crashFindings(_ source: SwiftText, file: String) -> [Finding] {
    var findings: [Finding] = []
    for (number, code) in source.numberedCode {
      for word in crashing where contains(word, in: code) {
        findings.append(
          Finding(
            file: file, line: number, problem: "\(word) ends the process",
            remedy: "throw a typed error; a bug is a `precondition`"))
      }
    }
    return findings
  }

  static func lines(_ text: String) -> [(number: Int, line: String)] {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .map { ($0.offset + 1, String($0.element)) }
  }

  /// Whether the word stands in the line as a word of its own.
  static func contains(_ word: String, in line: String) -> Bool {
    line.ranges(of: word).contains { range in
      let before =
        range.lowerBound == line.startIndex ? nil : line[line.index(before: range.lowerBound)]
      let after = range.upperBound == line.endIndex ? nil : line[range.upperBound]
      return !isPartOfWord(before) && (!isPartOfWord(word.last) || !isPartOfWord(after))
    }
  }

  private static func isPartOfWord(_ character: Character?) -> Bool {
    guard let character else { return false }
    return character.isLetter || character.isNumber || character == "_"
  }
}
