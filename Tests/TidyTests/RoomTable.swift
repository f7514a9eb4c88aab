/// The rooms and tests Package.swift lists, read from its text.
struct RoomTable {
  struct Entry {
    var name: String
    var layer: Int
    /// Whether it holds Swift; module maps and C have no import lines to compare.
    var isSwift: Bool
    var imports: [String]
    var line: Int
  }

  private(set) var rooms: [Entry] = []
  private(set) var tests: [Entry] = []

  init(manifest: String) {
    var section = ""
    var statement = ""
    var start = 0
    for (offset, line) in manifest.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      let trimmed = line.drop { $0 == " " }
      if line.hasPrefix("let ") {
        section = String(line.dropFirst(4).prefix { $0.isLetter })
        continue
      }
      guard section == "rooms" || section == "tests", !trimmed.hasPrefix("//") else { continue }
      if line == "]" {
        add(statement, from: section, line: start)
        section = ""
        statement = ""
      } else if trimmed.hasPrefix(section == "rooms" ? "Room(" : "TestRoom(") {
        add(statement, from: section, line: start)
        statement = String(trimmed)
        start = offset + 1
      } else {
        statement += " " + trimmed
      }
    }
  }

  private mutating func add(_ statement: String, from section: String, line: Int) {
    guard let name = RoomTable.quoted(statement).first else { return }
    let imports = statement.split(separator: "imports:").dropFirst().first.map { rest in
      RoomTable.quoted(rest.prefix { $0 != "]" })
    }
    let layer = statement.drop { !$0.isNumber }.prefix { $0.isNumber }
    let entry = Entry(
      name: name, layer: Int(layer) ?? 0,
      isSwift: !statement.contains(".system(") && !statement.contains(".clang("),
      imports: imports ?? [], line: line)
    if section == "rooms" { rooms.append(entry) } else { tests.append(entry) }
  }

  private static func quoted(_ text: some StringProtocol) -> [String] {
    text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }
}
