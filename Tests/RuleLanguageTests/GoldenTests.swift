import Expressions
import Foundation
import RuleLanguage
import Testing

/// What people read about common mistakes. `NAME.rules` goes in; `NAME.en.txt` and `NAME.es.txt` come
/// out. `SABUESO_REFRESH_GOLDEN=1` writes what comes out, to be read and committed.
@Suite struct `Common mistakes` {
  static let folder = RepositoryFolder.path + "/Tests/RuleLanguageTests/Golden"

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".rules") }.map { String($0.dropLast(6)) }.sorted()
  }()

  @Test func `there are golden files`() { #expect(`Common mistakes`.names.count >= 16) }

  @Test(arguments: `Common mistakes`.names, Language.allCases)
  func `are explained as written down`(name: String, language: Language) throws {
    let store = try RulesInMemory.folder(`Common mistakes`.folder)
    let check = PackageChecker.check("\(name).rules", from: store)
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
    let store = try RulesInMemory.folder(`Common mistakes`.folder)
    let findings = PackageChecker.check("\(name).rules", from: store).findings
    let places = findings.map { [$0.primary.span.file, $0.primary.span.start] }
    #expect(
      zip(places, places.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) || $0 == $1 })
    #expect(Set(findings).count == findings.count)
  }
}
