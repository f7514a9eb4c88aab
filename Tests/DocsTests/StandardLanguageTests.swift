import Expressions
import Foundation
import Testing

@Suite struct `The page of the standard language` {
  /// `SABUESO_REFRESH_GOLDEN=1` writes the list anew, to be read and committed.
  @Test func `lists every signature`() throws {
    let page = "docs/language/cel.md"
    let heading = "## Signatures\n"
    let text = try Repository.text(page)
    let start = try #require(text.range(of: heading)).upperBound
    let lines = StandardSignatures.all.map(\.description).joined(separator: "\n")
    let expected = "\n```text\n\(lines)\n```\n"
    if ProcessInfo.processInfo.environment["SABUESO_REFRESH_GOLDEN"] == "1" {
      try Data((text[..<start] + expected).utf8).write(
        to: URL(fileURLWithPath: Repository.path(page)))
    } else {
      #expect(text[start...] == expected)
    }
  }
}
