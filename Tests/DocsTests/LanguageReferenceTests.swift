import Expressions
import Foundation
import Model
import Testing

@testable import RuleLanguage

@Suite struct `The reference of the rule language` {
  private let text: String

  init() throws {
    text =
      try Repository.text("docs/language/README.md")
      + Repository.text("docs/language/functions.md") + Repository.text("docs/language/cel.md")
  }

  private func expectNamed(_ names: some Sequence<String>, _ kind: String) {
    for name in names {
      let isNamed = ["`\(name)`", "`\(name) ", "`\(name)(", ".\(name)(", "\n\(name)("].contains {
        text.contains($0)
      }
      #expect(isNamed, "docs/language/README.md does not name the \(kind) \(name)")
    }
  }

  @Test func `names every block and clause`() {
    expectNamed(RuleFileParser.blockWords, "block")
    expectNamed(RuleFileParser.ruleClauses.filter { $0 != "active" }, "clause of a rule")
    expectNamed(RuleFileParser.policyClauses, "clause of a policy")
  }

  @Test func `names every type, aggregate, normaliser and function`() {
    expectNamed(PackageChecker.plainTypes.keys, "type")
    expectNamed(PackageChecker.aggregates, "aggregate")
    expectNamed(Normalizer.allCases.map(\.rawValue), "normaliser")
    expectNamed(FunctionTable.functionNames.union(FunctionTable.methodNames), "function")
  }

  @Test func `lists exactly the codes the product gives`() throws {
    let listed = codes(in: text, marked: "\n| ", end: " |")
    var given: Set<String> = []
    let walker = FileManager.default.enumerator(atPath: Repository.path("Sources"))
    while let file = walker?.nextObject() as? String {
      guard file.hasSuffix("Codes.swift") else { continue }
      let source = try Repository.text("Sources/\(file)")
      given.formUnion(codes(in: source, marked: "rawValue: \"", end: "\""))
    }
    #expect(given.count > 30)
    #expect(given.subtracting(listed) == [], "add these to docs/language/README.md")
    #expect(listed.subtracting(given) == [], "no source gives these codes")
  }

  /// Codes that stand between a mark and an end, such as `E0101`.
  private func codes(in text: String, marked mark: String, end: String) -> Set<String> {
    Set(
      text.split(separator: mark).compactMap { part in
        let code = part.prefix(5)
        guard part.dropFirst(5).hasPrefix(end), code.first == "E" || code.first == "W",
          code.dropFirst().allSatisfy(\.isNumber)
        else { return nil }
        return String(code)
      })
  }
}
