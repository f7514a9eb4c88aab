import Model
import Testing
import Values

@Suite struct `The file of a list` {
  private func texts(_ file: ListFile, _ text: String) throws(ListFileError) -> [String] {
    try file.entries(of: Array(text.utf8)).map { String(decoding: $0.text, as: UTF8.self) }
  }

  @Test func `gives one column, sorted, each member once`() throws {
    let text = "a,b\nx,2\ny,1\n\nz,2\n"
    #expect(try texts(ListFile(), text) == ["x", "y", "z"])
    #expect(try texts(ListFile(column: "b"), text) == ["1", "2"])
  }

  @Test func `reads quotations, both line ends and a byte order mark`() throws {
    let text = "\u{FEFF}a,b\r\n\"x, \"\"y\"\"\n2\",1\r\nz,2"
    #expect(try texts(ListFile(column: "a"), text) == ["x, \"y\"\n2", "z"])
  }

  @Test func `normalises its members, and leaves out what comes out empty`() throws {
    let file = ListFile(normalizer: .digits)
    #expect(try texts(file, "phone\n+52 (55) 1\nnone\n5-2-5-5-1\n") == ["52551"])
  }

  @Test func `lets members expire, the longest line deciding`() throws {
    let file = ListFile(expiryMicroseconds: 86_400_000_000)
    let entries = try file.entries(
      of: Array("id,added_at\nx,1970-01-02\nx,1970-01-01\ny,1970-01-01T00:00:00Z\n".utf8))
    #expect(entries.map(\.expiry) == [2 * 86_400_000_000, 86_400_000_000])
  }

  @Test(arguments: [
    ("", ListFileError.noHeader), ("b\n\"x", .openQuotation(line: 2)),
    ("a\n1\n", .noColumn("b")), ("a,b\n1,2\n3\n", .shortLine(3)),
  ])
  func `says what is wrong`(_ text: String, _ error: ListFileError) {
    #expect(throws: error) { try texts(ListFile(column: "b"), text) }
  }

  @Test func `refuses times that are none and bytes that are no text`() {
    let file = ListFile(expiryMicroseconds: 1)
    #expect(throws: ListFileError.badTime(line: 2)) { try texts(file, "a,added_at\nx,soon\n") }
    #expect(throws: ListFileError.noColumn("added_at")) { try texts(file, "a\nx\n") }
    #expect(throws: ListFileError.notText(line: 2)) {
      try ListFile().entries(of: Array("a\n".utf8) + [0xFF, 10])
    }
  }
}
