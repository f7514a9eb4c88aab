import Expressions
import Foundation
import Model
import RuleLanguage
import Testing

@Suite struct `A package` {
  static let schema = """
    entity account { account_id: string key }
    event referral { referral_id: string id  at: timestamp time  referrer: account }
    policy p { on referral otherwise grant if_unavailable hold }
    """

  static func check(_ files: [String: String], _ path: String = "") -> PackageCheck {
    PackageChecker.check(path, from: MemoryRuleFiles(files))
  }

  @Test func `is a folder with everything below it`() {
    let files = [
      "pack/schema.rules": `A package`.schema, "pack/deep/more.rules": "param a: int = 1",
      "pack/notes.txt": "not rules", "other.rules": "param b: int = 1",
    ]
    let check = `A package`.check(files, "pack")
    #expect(!check.hasErrors)
    #expect(check.rules?.params.map(\.name) == ["a"])
    #expect(check.rules?.schema.events.map(\.name) == ["referral", "label", "erase"])
  }

  @Test func `is a lone file with what it imports`() {
    let files = [
      "a/main.rules":
        "import \"../b/schema.rules\"\nsignal s = count() from referral by referrer over 1h",
      "b/schema.rules": `A package`.schema, "b/unrelated.rules": "param no: int = 1",
    ]
    let check = `A package`.check(files, "a/main.rules")
    #expect(!check.hasErrors)
    #expect(check.sources.files.map(\.path) == ["a/main.rules", "b/schema.rules"])
    #expect(check.rules?.params.isEmpty == true)
  }

  @Test func `puts imported files before what imports them`() {
    let files = [
      "a.rules": "import \"z.rules\"\nparam first: int = 1", "z.rules": "param second: int = 2",
    ]
    #expect(`A package`.check(files).rules?.params.map(\.name) == ["second", "first"])
  }

  @Test func `shows names of an aliased import only behind the alias`() {
    let files = [
      "limits.rules": "param limit: int = 3",
      "good.rules": """
      import "schema.rules"
      import "limits.rules" as m
      let over = m.limit > 2
      """,
      "schema.rules": `A package`.schema,
    ]
    #expect(!`A package`.check(files, "good.rules").hasErrors)
    var bad = files
    bad["good.rules"] = files["good.rules"]?.replacing("m.limit", with: "limit")
    let found = `A package`.check(bad, "good.rules").findings
    #expect(found.map(\.code) == [.unknownName])
    var unknown = files
    unknown["good.rules"] = files["good.rules"]?.replacing("m.limit", with: "m.limt")
    let near = `A package`.check(unknown, "good.rules").findings
    #expect(near.map(\.code) == [.unknownMember])
    #expect(near.first?.edit?.replacement == "limit")
  }

  @Test func `asks for an import of what another file declares`() {
    let files = [
      "limits.rules": "param limit: int = 3",
      "main.rules": "import \"schema.rules\"\nlet over = limit > 2",
      "schema.rules": `A package`.schema,
    ]
    let found = `A package`.check(files).findings
    #expect(found.map(\.code) == [.unknownName])
    #expect(found.first?.help?.english == "add `import \"limits.rules\"`")
  }

  @Test func `reads a file once however it is named`() {
    let files = [
      "x/a.rules": "import \"b.rules\"\nimport \"./b.rules\"\nimport \"../x/b.rules\"",
      "x/b.rules": "param p: int = 1",
    ]
    let check = `A package`.check(files, "x/a.rules")
    #expect(!check.hasErrors)
    #expect(check.sources.files.count == 2)
  }

  @Test func `says that a file is not there, too large or not UTF-8`() throws {
    #expect(`A package`.check([:], "nothing.rules").unreadable?.failure == .notFound)
    #expect(`A package`.check([:], "nothing.rules").hasErrors)
    let large = String(repeating: " ", count: (1 << 20) + 1)
    #expect(
      `A package`.check(["a.rules": large], "a.rules").unreadable?.failure
        == .tooLarge((1 << 20) + 1))

    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "sabueso-loader-\(UInt64.random(in: 0...UInt64.max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("latin.rules")
    try Data(Array("param p: string = \"caf".utf8) + [0xE9, 0x22]).write(to: file)
    let check = PackageChecker.check(file.path, from: DiskRuleFiles())
    #expect(check.findings.map(\.code) == [.unreadableFile])
    #expect(check.findings.first?.primary.span.start == 22)
    #expect(PackageChecker.check(folder.path, from: DiskRuleFiles()).findings.count == 1)
    #expect(
      PackageChecker.check(folder.path + "/nope", from: DiskRuleFiles()).unreadable?.failure
        == .notFound)
  }

  @Test func `names the files of a cycle`() {
    let files = [
      "a.rules": "import \"b.rules\"", "b.rules": "import \"c.rules\"",
      "c.rules": "import \"b.rules\"",
    ]
    let found = `A package`.check(files).findings
    #expect(found.map(\.code) == [.importCycle])
    #expect(found.first?.note?.english == "b.rules → c.rules → b.rules")
  }
}

@Suite struct `The canonical text` {
  static func text(_ rules: String) -> String? {
    let files = [
      "schema.rules": `A package`.schema, "main.rules": "import \"schema.rules\"\n" + rules,
    ]
    return `A package`.check(files, "main.rules").rules?.canonicalText
  }

  static let rules = """
    param limit: int = 5
    signal refs = count() from referral by referrer over 1h
    test "one" { at 0m referral{ referral_id: "1", referrer: "A" } expect decision grant }
    """

  @Test func `does not change with comments, white space and tests`() throws {
    let plain = try #require(`The canonical text`.text(`The canonical text`.rules))
    let spaced = "// a comment\n\n" + `The canonical text`.rules.replacing(" = ", with: "   =\n  ")
    #expect(`The canonical text`.text(spaced) == plain)
    let tested = `The canonical text`.rules + "\ntest \"two\" { at 1m referral{ referrer: \"B\" } }"
    #expect(`The canonical text`.text(tested) == plain)
  }

  @Test(arguments: [
    ("= 5", "= 6"), ("over 1h", "over 2h"), ("by referrer", "where true by referrer"),
  ])
  func `changes with what counts`(from: String, to: String) throws {
    let plain = try #require(`The canonical text`.text(`The canonical text`.rules))
    let other = try #require(
      `The canonical text`.text(`The canonical text`.rules.replacing(from, with: to)))
    #expect(other != plain)
  }
}
