/// Import lines against the table of rooms.
struct ImportRules {
  let table: RoomTable

  /// Modules of the toolchain, which are no rooms.
  private static let toolchain: Set<String> = [
    "Dispatch", "Foundation", "Glibc", "Synchronization", "Testing",
  ]
  /// Rooms in which every event passes: Foundation costs there.
  private static let hot: Set<String> = ["Model", "Values", "Program", "Engine"]
  private static let manifest = "Package.swift"

  /// What one import line says: the module and its place.
  struct Import: Hashable {
    var module: String
    var file: String
    var line: Int
  }

  /// The import lines of a Swift source.
  static func imports(of source: SwiftText, file: String) -> [Import] {
    source.numberedCode.compactMap { number, code in
      var words = code.split(whereSeparator: { $0 == " " || $0 == ";" }).map(String.init)
      while let word = words.first, word.hasPrefix("@") || accessLevels.contains(word) {
        words.removeFirst()
      }
      guard words.first == "import", words.count >= 2 else { return nil }
      let module = kinds.contains(words[1]) && words.count >= 3 ? words[2] : words[1]
      return Import(module: String(module.prefix { $0 != "." }), file: file, line: number)
    }
  }

  private static let accessLevels: Set<String> = [
    "public", "package", "internal", "fileprivate", "private",
  ]
  private static let kinds: Set<String> = [
    "struct", "class", "enum", "protocol", "typealias", "func", "let", "var",
  ]

  /// Compares the imports of one room or test with its row.
  func findings(for entry: RoomTable.Entry, imports: [Import]) -> [Finding] {
    let rooms = Set(table.rooms.map(\.name))
    var findings: [Finding] = []
    for line in imports where !Self.toolchain.contains(line.module) && line.module != entry.name {
      guard !entry.imports.contains(line.module) else { continue }
      findings.append(
        Finding(
          file: line.file, line: line.line,
          problem: "\(entry.name) imports \(line.module), which its row in the table does not list",
          remedy: rooms.contains(line.module)
            ? "add it to the row in Package.swift, or do without it"
            : "only rooms of Package.swift and the toolchain's own modules are imported"))
    }
    let imported = Set(imports.map(\.module))
    for name in entry.imports where !imported.contains(name) {
      findings.append(
        Finding(
          file: Self.manifest, line: entry.line,
          problem: "the row of \(entry.name) lists \(name), which no file imports",
          remedy: "take it out of the row"))
    }
    if Self.hot.contains(entry.name) {
      for line in imports where line.module == "Foundation" {
        findings.append(
          Finding(
            file: line.file, line: line.line, problem: "\(entry.name) imports Foundation",
            remedy: "events pass here; use the standard library or Glibc"))
      }
    }
    return findings
  }

  /// Rows that import a room of their own layer or a higher one, or no room at all.
  func layerFindings() -> [Finding] {
    table.rooms.flatMap { room in
      room.imports.compactMap { name in
        let imported = table.rooms.first { $0.name == name }
        if let imported, imported.layer < room.layer { return nil }
        return Finding(
          file: Self.manifest, line: room.line,
          problem: "\(room.name) of layer \(room.layer) imports \(name)"
            + (imported.map { " of layer \($0.layer)" } ?? ", which is no room"),
          remedy: "a room imports rooms of lower layers only")
      }
    }
  }
}
