import Expressions
import Foundation
import Testing

/// Pages that end in a list of signatures, which the code gives.
@Suite struct `A page of signatures` {
  /// `SABUESO_REFRESH_GOLDEN=1` writes the list anew, to be read and committed.
  @Test func `lists every one of the standard language`() throws {
    try check(
      "docs/language/cel.md", StandardSignatures.all.map(\.description).joined(separator: "\n"))
  }

  @Test func `lists every one of rule files`() throws {
    try check("docs/language/functions.md", FunctionTable.signatures.joined(separator: "\n"))
  }

  private func check(_ page: String, _ lines: String) throws {
    let heading = "## Signatures\n"
    let text = try Repository.text(page)
    let start = try #require(text.range(of: heading)).upperBound
    let expected = "\n```text\n\(lines)\n```\n"
    if ProcessInfo.processInfo.environment["SABUESO_REFRESH_GOLDEN"] == "1" {
      try Data((text[..<start] + expected).utf8).write(
        to: URL(fileURLWithPath: Repository.path(page)))
    } else {
      #expect(text[start...] == expected)
    }
  }
}
