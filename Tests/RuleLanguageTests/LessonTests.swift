import Expressions
import Foundation
import Model
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

  /// But for E0411: what is allowed is said on the command line.
  @Test(arguments: DiagnosticLessons.all.map(\.code.rawValue).filter { $0 != "E0411" })
  func `has a wrong example that yields its code and a right one that yields nothing`(
    code: String
  ) throws {
    let lesson = try #require(DiagnosticLessons.lesson(for: code))
    let wrong = `A lesson`.check(lesson.wrong, code).findings.map(\.code.rawValue)
    // A mistake in the language is an error of its kind and nothing else.
    #expect(Set(wrong) == [code], "\(wrong)")
    let right = `A lesson`.check(lesson.right, "", unused: code).findings.map(\.title.english)
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

  /// Noon of the day the dates in examples are written for.
  private static let now = Timestamp(microseconds: 1_795_694_400_000_000)

  /// Checks an example beside the schema. A piece of a package leaves things unused, which is told
  /// only where the lesson is about that.
  private static func check(
    _ example: String, _ code: String, unused: String = ""
  ) -> PackageCheck {
    var files = ["schema.rules": Array(DiagnosticLessons.schema.utf8)]
    var head = "import \"schema.rules\"\n"
    if code == "E0114" {
      for part in 0..<4 {
        let rules = (0..<2_500).map {
          example.replacing("rule too_fast", with: "rule r\(part * 2_500 + $0)")
        }
        files["part\(part).rules"] = Array((head + rules.joined(separator: "\n")).utf8)
      }
      head += (0..<4).map { "import \"part\($0).rules\"\n" }.joined()
    }
    var main = Array((head + example + "\n").utf8)
    if code == "E0112" {
      // é in Latin-1 is one byte.
      main = main.filter { $0 != 0xC3 }.map { $0 == 0xA9 ? 0xE9 : $0 }
    }
    files["main.rules"] = main
    var check = PackageChecker.check("main.rules", from: MemoryRuleFiles(bytes: files), now: now)
    let isAboutUse = code == "W0703" || unused == "W0703"
    check.findings.removeAll { finding in
      finding.code == .unusedDeclaration
        && (!isAboutUse || check.sources.files[finding.primary.span.file].path == "schema.rules")
    }
    return check
  }
}
