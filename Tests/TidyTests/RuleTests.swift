import Testing

@Suite struct `A check of the house` {
  // MARK: Reading Swift

  @Test func `tells code from comments and strings`() {
    let source = SwiftText(
      """
      let a = "x // y \\(name(1)) z" // why
      /* two /* nested */ lines
      end */ let b = #"raw " \\( text"#
      let c = \"\"\"
        import Hidden
        \"\"\"
      func `a name with func in it`() {}
      """)
    #expect(source.code[0].filter { $0 != " " } == "leta=(name(1))")
    #expect(source.comments[0].contains("// why"))
    #expect(!source.comments[0].contains("x"))
    #expect(source.code[1].allSatisfy { $0 == " " })
    #expect(source.code[2].filter { $0 != " " } == "letb=")
    #expect(source.code[4].allSatisfy { $0 == " " })
    #expect(source.hasString == [true, false, true, true, true, true, true])
    #expect(source.code[6].filter { $0 != " " } == "func(){}")
  }

  // MARK: Imports

  private static let manifest = """
    let rooms: [Room] = [
      // A comment.
      Room(0, "CBase", .system(pkgConfig: "base", debianPackage: "base-dev")),
      Room(1, "Low", imports: ["CBase"]),
      Room(
        2, "High",
        imports: ["Low"]),
      Room(3, "tool", .executable, imports: ["High", "Low"]),
    ]
    let tests: [TestRoom] = [
      TestRoom("LowTests", imports: ["Low"], runs: ["tool"], data: ["Golden"]),
      TestRoom(
        "ToolTests",
        imports: ["High", "Low"]),
    ]
    """

  @Test func `reads the table`() {
    let table = RoomTable(manifest: Self.manifest)
    #expect(table.rooms.map(\.name) == ["CBase", "Low", "High", "tool"])
    #expect(table.rooms.map(\.layer) == [0, 1, 2, 3])
    #expect(table.rooms.map(\.imports) == [[], ["CBase"], ["Low"], ["High", "Low"]])
    #expect(table.rooms.map(\.isSwift) == [false, true, true, true])
    #expect(table.rooms[2].line == 5)
    #expect(table.tests.map(\.name) == ["LowTests", "ToolTests"])
    #expect(table.tests.map(\.imports) == [["Low"], ["High", "Low"]])
  }

  @Test func `reads import lines`() {
    let text = """
      public import Low
      @testable import High
      internal import struct Model.Event
      // import Commented
      let text = "import Quoted"
      """
    let imports = ImportRules.imports(of: SwiftText(text), file: "a.swift")
    #expect(imports.map(\.module) == ["Low", "High", "Model"])
    #expect(imports.map(\.line) == [1, 2, 3])
  }

  @Test func `finds imports the table does not list, and rows no file needs`() {
    let rules = ImportRules(table: RoomTable(manifest: Self.manifest))
    let entry = rules.table.rooms[2]
    let imports = ImportRules.imports(
      of: SwiftText("import CBase\nimport Elsewhere"), file: "b.swift")
    let findings = rules.findings(for: entry, imports: imports)
    #expect(findings.map(\.line) == [1, 2, 5])
    #expect(findings[0].description.hasPrefix("b.swift:1: High imports CBase"))
    #expect(findings[2].description.hasPrefix("Package.swift:5: the row of High lists Low"))
    #expect(rules.findings(for: entry, imports: [.init(module: "Low", file: "", line: 1)]) == [])
  }

  @Test func `finds imports of the same layer or a higher one`() {
    let table = RoomTable(
      manifest: Self.manifest.replacing(
        "1, \"Low\", imports: [\"CBase\"", with: "2, \"Low\", imports: [\"High\""))
    let findings = ImportRules(table: table).layerFindings()
    #expect(findings.map(\.line) == [4, 5])
    #expect(ImportRules(table: RoomTable(manifest: Self.manifest)).layerFindings() == [])
  }

  @Test func `finds Foundation where events pass`() {
    let table = RoomTable(manifest: Self.manifest.replacing("\"Low\"", with: "\"Engine\""))
    let imports = ImportRules.imports(
      of: SwiftText("import CBase\nimport Foundation"), file: "c.swift")
    #expect(ImportRules(table: table).findings(for: table.rooms[1], imports: imports).count == 1)
  }

  // MARK: Lengths

  @Test func `finds long files`() {
    let text = String(repeating: "\n", count: LengthRules.fileLines)
    #expect(LengthRules.findings(SwiftText(text), file: "d.swift") == [])
    #expect(LengthRules.findings(SwiftText(text + "\n"), file: "d.swift").count == 1)
  }

  @Test func `finds long lines unless a string sticks out`() {
    let long = String(repeating: "x", count: 101)
    #expect(LengthRules.findings(SwiftText("// " + long), file: "e.swift").count == 1)
    #expect(LengthRules.findings(SwiftText("let " + long + " = 1"), file: "e.swift").count == 1)
    #expect(LengthRules.findings(SwiftText("let a = \"" + long + "\""), file: "e.swift") == [])
    #expect(LengthRules.findings(SwiftText(String(long.dropLast())), file: "e.swift") == [])
  }

  @Test func `finds long functions by their body, not by what follows`() {
    let filler = String(repeating: "  work()\n", count: LengthRules.functionLines - 2)
    let fitting = "func a(b: () -> Void = { }) {\n" + filler + "}\n"
    #expect(LengthRules.findings(SwiftText(fitting), file: "f.swift") == [])
    let long = "protocol P {\n  func a()\n}\n" + fitting.replacing("}\n", with: "  more()\n}\n")
    #expect(LengthRules.findings(SwiftText(long), file: "f.swift").map(\.line) == [4])
    let call = "let a = A.init(\n  1)\nlet b = {\n" + filler + filler + "}\n"
    #expect(LengthRules.findings(SwiftText(call), file: "f.swift") == [])
  }

  // MARK: Words

  @Test(arguments: [
    "// TO" + "DO: later", "let path = \"/wo" + "rk/x\"", "from py" + "pi.org", "// FIX" + "ME",
  ])
  func `finds words that may not stand anywhere`(line: String) {
    let findings = WordRules.findings("fine\n" + line, file: "g.md")
    #expect(findings.map(\.line) == [2])
  }

  @Test func `leaves words alone that only look alike`() {
    #expect(WordRules.findings("mas" + "TODON, network/, METHO" + "DO", file: "h.md") == [])
    #expect(
      WordRules.crashFindings(SwiftText("// try! \nlet a = \"as! fatalError\""), file: "h.swift")
        == [])
    #expect(WordRules.crashFindings(SwiftText("let alias = has!"), file: "h.swift") == [])
  }

  @Test(arguments: ["let a = try! b()", "let a = b as! C", "fatalError(\"no\")"])
  func `finds what ends the process`(line: String) {
    #expect(WordRules.crashFindings(SwiftText(line), file: "i.swift").count == 1)
  }

  @Test func `finds unsafe uses without a reason`() {
    let reason = "// SAFETY: the buffer outlives the call.\n"
    #expect(SafetyRules.findings(SwiftText("let a = unsafe b"), file: "j.swift").count == 1)
    #expect(
      SafetyRules.findings(SwiftText("final class A: @unchecked Sendable {}"), file: "j.swift")
        .count == 1)
    #expect(SafetyRules.findings(SwiftText(reason + "let a = unsafe b"), file: "j.swift") == [])
    let whole = "struct A {\n  // SAFETY, for every `unsafe` here: owned.\n  let a = unsafe b\n}\n"
    #expect(
      SafetyRules.findings(SwiftText(whole + "let c = unsafe d"), file: "j.swift").map(\.line) == [
        5
      ])
    #expect(SafetyRules.findings(SwiftText("unsafe a { b in\n" + reason), file: "j.swift") == [])
    let far = reason + String(repeating: "\n", count: SafetyRules.reach) + "let a = unsafe b"
    #expect(
      SafetyRules.findings(SwiftText(far), file: "j.swift").map(\.line) == [SafetyRules.reach + 2])
    #expect(
      SafetyRules.findings(
        SwiftText("let text = \"SAFETY: unsafe\"; withUnsafe()"), file: "j.swift") == [])
  }
}
