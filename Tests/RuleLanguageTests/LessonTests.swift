import Expressions
import Foundation
import RuleLanguage
import Testing

@Suite struct `A lesson` {
  /// Codes as the two files that declare them spell them.
  static let declared: [String] = {
    let files = [
      "Expressions/Diagnostics/ExpressionCodes.swift", "RuleLanguage/Syntax/RuleCodes.swift",
    ]
    return files.flatMap { file -> [String] in
      let path = RepositoryFolder.path + "/Sources/" + file
      let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      return text.matches(of: /rawValue: "([EW]\d{4})"/).map { String($0.1) }
    }.sorted()
  }()

  @Test func `is there for every code, once`() {
    #expect(`A lesson`.declared.count > 35)
    #expect(Set(`A lesson`.declared).count == `A lesson`.declared.count, "a code is declared twice")
    #expect(DiagnosticLessons.all.map(\.code.rawValue) == `A lesson`.declared)
  }

  @Test func `is found by its code in any case`() {
    #expect(DiagnosticLessons.lesson(for: "e0203")?.code == .importNotFound)
    #expect(DiagnosticLessons.lesson(for: "E9999") == nil)
  }

  @Test(arguments: DiagnosticLessons.all.map(\.code.rawValue))
  func `has a wrong example that yields its code and a right one that yields nothing`(
    code: String
  ) throws {
    let lesson = try #require(DiagnosticLessons.lesson(for: code))
    let wrong = `A lesson`.check(lesson.wrong, code).findings.map(\.code.rawValue)
    // A mistake in the language is an error of its kind and nothing else.
    #expect(Set(wrong) == [code], "\(wrong)")
    let right = `A lesson`.check(lesson.right, "").findings.map(\.title.english)
    #expect(right == [])
  }

  @Test(arguments: Language.allCases)
  func `reads in both languages within the width of a terminal`(language: Language) {
    for lesson in DiagnosticLessons.all {
      let text = lesson.text(in: language)
      #expect(text.hasPrefix("\(lesson.code.rawValue): \(lesson.title.text(in: language))\n\n"))
      #expect(text.contains(language == .english ? "\nRight:\n\n    " : "\nAsí sí:\n\n    "))
      #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
      let lines = lesson.explanation.text(in: language)
      #expect(!lines.contains("  ") && !lines.contains("\n"), "\(lesson.code.rawValue)")
      #expect(lesson.title.english != lesson.title.spanish)
      #expect(lesson.explanation.english != lesson.explanation.spanish)
    }
  }

  private static func check(_ example: String, _ code: String) -> PackageCheck {
    var main = Array(("import \"schema.rules\"\n" + example + "\n").utf8)
    if code == "E0112" {
      // é in Latin-1 is one byte.
      main = main.filter { $0 != 0xC3 }.map { $0 == 0xA9 ? 0xE9 : $0 }
    }
    let files = ["main.rules": main, "schema.rules": Array(DiagnosticLessons.schema.utf8)]
    return PackageChecker.check("main.rules", from: MemoryRuleFiles(bytes: files))
  }
}
