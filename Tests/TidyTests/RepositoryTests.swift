import Testing

/// Reports each finding as an issue of its own.
func expectNone(_ findings: [Finding], sourceLocation: SourceLocation = #_sourceLocation) {
  for finding in findings {
    Issue.record("\(finding)", sourceLocation: sourceLocation)
  }
}

@Suite struct `The repository` {
  @Test func `is found with its manifest, rooms and rules`() {
    #expect(Repository.files.contains("Package.swift"))
    #expect(Repository.swiftTexts.count > 100)
    #expect(Repository.swiftTexts.count == Repository.swiftFiles.count)
    #expect(Repository.files.contains("Rules/schema.rules"))
  }

  @Test func `has files, functions and lines of readable length`() throws {
    for (file, source) in Repository.swiftTexts {
      expectNone(LengthRules.findings(source, file: file))
    }
    for file in Repository.files(under: "Sources/", endingIn: ".c", ".cpp", ".h")
      + Repository.files(under: "Rules/", endingIn: ".rules")
    {
      expectNone(LengthRules.fileFindings(try #require(Repository.text(file)), file: file))
    }
  }

  @Test func `says why each unsafe use is sound`() {
    for (file, source) in Repository.swiftTexts {
      expectNone(SafetyRules.findings(source, file: file))
    }
  }

  @Test func `throws instead of crashing`() {
    for (file, source) in Repository.swiftTexts where !file.hasPrefix("Tests/") {
      expectNone(WordRules.crashFindings(source, file: file))
    }
  }

  @Test func `holds no unfinished work, machine paths or hosts of registries`() {
    for file in Repository.files where !file.hasSuffix(".ndjson") && file != "LICENSE" {
      guard let text = Repository.text(file) else { continue }
      expectNone(WordRules.findings(text, file: file))
    }
  }
}

@Suite struct `The table of rooms` {
  private let table: RoomTable

  init() throws {
    table = RoomTable(manifest: try #require(Repository.text("Package.swift")))
  }

  @Test func `is read in full`() throws {
    #expect(table.rooms.count >= 15)
    #expect(table.tests.count >= 5)
    let engine = try #require(table.rooms.first { $0.name == "Engine" })
    #expect(engine.layer == 4)
    #expect(engine.imports.contains("Program"))
  }

  @Test func `imports downward only`() {
    expectNone(ImportRules(table: table).layerFindings())
  }

  @Test func `lists every folder and nothing else`() {
    let rooms = Set(Repository.files(under: "Sources/", endingIn: "").map { folder($0) })
    #expect(rooms == Set(table.rooms.map(\.name)).subtracting(["Benchmarks"]))
    let tests = Set(Repository.files(under: "Tests/", endingIn: "").map { folder($0) })
    // What libFuzzer drives is built apart, by Tests/Fuzz/run.
    #expect(tests == Set(table.tests.map(\.name)).union(["Fuzz"]))
  }

  @Test func `says what each room and test imports`() {
    let rules = ImportRules(table: table)
    for entry in table.rooms where entry.isSwift {
      let root = entry.name == "Benchmarks" ? "Benchmarks/" : "Sources/\(entry.name)/"
      expectNone(rules.findings(for: entry, imports: imports(under: root)))
    }
    for entry in table.tests {
      expectNone(rules.findings(for: entry, imports: imports(under: "Tests/\(entry.name)/")))
    }
  }

  private func folder(_ path: String) -> String { String(path.split(separator: "/")[1]) }

  private func imports(under root: String) -> [ImportRules.Import] {
    Repository.swiftTexts.filter { $0.file.hasPrefix(root) }.flatMap {
      ImportRules.imports(of: $0.source, file: $0.file)
    }
  }
}
