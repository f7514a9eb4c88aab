import Expressions
import Foundation
import Model
import RuleLanguage
import Testing

/// What people read about common mistakes. `NAME.rules` goes in; `NAME.en.txt` and `NAME.es.txt`
/// come out. `SABUESO_REFRESH_GOLDEN=1` writes what comes out, to be read and committed.
@Suite struct `Common mistakes` {
  static let folder = RepositoryFolder.path + "/Tests/RuleLanguageTests/Golden"

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".rules") }.map { String($0.dropLast(6)) }.sorted()
  }()

  @Test func `there are golden files`() { #expect(`Common mistakes`.names.count >= 16) }

  /// The day the files are looked at.
  private static let now = Timestamp(microseconds: 1_795_694_400_000_000)

  /// Checks one file. What the files share is not used by each of them.
  private static func check(_ name: String) throws -> PackageCheck {
    let store = try RulesInMemory.folder(folder)
    var check = PackageChecker.check("\(name).rules", from: store, now: now)
    check.findings.removeAll { finding in
      finding.code == .unusedDeclaration
        && check.sources.files[finding.primary.span.file].path == "shared/base.rules"
    }
    return check
  }

  @Test(arguments: `Common mistakes`.names, Language.allCases)
  func `are explained as written down`(name: String, language: Language) throws {
    let check = try `Common mistakes`.check(name)
    let renderer = DiagnosticRenderer(sources: check.sources, language: language)
    let found = check.findings.map(renderer.render).joined(separator: "\n")
    let path = `Common mistakes`.folder + "/\(name).\(language.rawValue).txt"
    if ProcessInfo.processInfo.environment["SABUESO_REFRESH_GOLDEN"] == "1" {
      try Data(found.utf8).write(to: URL(fileURLWithPath: path))
    }
    let wanted = try String(contentsOfFile: path, encoding: .utf8)
    #expect(found == wanted)
    #expect(!found.isEmpty, "a golden file without a finding shows nothing")
  }

  @Test(arguments: `Common mistakes`.names)
  func `are told once each, in file order`(name: String) throws {
    let findings = try `Common mistakes`.check(name).findings
    let places = findings.map { [$0.primary.span.file, $0.primary.span.start] }
    #expect(
      zip(places, places.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) || $0 == $1 })
    #expect(Set(findings).count == findings.count)
  }

  /// Codes whose golden file would be a file of ten thousand rules, or no UTF-8, or that only
  /// standard expressions or a command give.
  private static let withoutFile: Set<String> = ["E0112", "E0113", "E0114", "E0411"]

  @Test func `are there for every code`() throws {
    let given = try Set(
      `Common mistakes`.names.flatMap { try `Common mistakes`.check($0).findings }
        .map(\.code.rawValue))
    let codes = Set(DiagnosticLessons.all.map(\.code.rawValue))
    #expect(codes.subtracting(given).subtracting(`Common mistakes`.withoutFile) == [])
  }

  @Test(arguments: `Common mistakes`.names)
  func `are mended once and for all, and leave nothing that could be mended`(name: String) throws {
    let texts = try RulesInMemory.texts(`Common mistakes`.folder)
    let before = try `Common mistakes`.check(name)
    let repair = PackageRepair.repair("\(name).rules", from: MemoryRuleFiles(texts))
    #expect(repair.check.findings.allSatisfy { $0.edit == nil })
    #expect((repair.count > 0) == before.findings.contains { $0.edit != nil })
    let mended = texts.merging(repair.texts.mapValues { String(decoding: $0, as: UTF8.self) }) {
      $1
    }
    let again = PackageRepair.repair("\(name).rules", from: MemoryRuleFiles(mended))
    #expect(again.count == 0 && again.texts.isEmpty)
  }
}
