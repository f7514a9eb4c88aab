import Expressions
import RuleLanguage
import Testing

@Suite struct `A lesson` {
  /// Examples that need more than one file, or bytes that are no text.
  static let beyondOneFile: Set<DiagnosticCode> = [.importCycle, .unreadableFile]

  @Test(
    arguments: DiagnosticLessons.all.map(\.code.rawValue).filter { code in
      !beyondOneFile.contains { $0.rawValue == code }
    })
  func `shows its mistake and how it is mended`(code: String) throws {
    let lesson = try #require(DiagnosticLessons.lesson(for: code))
    let wrong = findings(of: lesson.wrong)
    #expect(wrong.contains(lesson.code), "the wrong example has \(wrong.map(\.rawValue))")
    let right = findings(of: lesson.right).filter { $0.severity == .error || $0 == lesson.code }
    #expect(right.isEmpty, "the right example has \(right.map(\.rawValue))")
  }

  @Test func `is there once for every code, in both languages`() {
    let codes = DiagnosticLessons.all.map(\.code.rawValue)
    #expect(Set(codes).count == codes.count)
    #expect(codes.count >= 40)
    for lesson in DiagnosticLessons.all {
      for language in Language.allCases {
        #expect(!lesson.title.text(in: language).isEmpty)
        #expect(lesson.explanation.text(in: language).count > 20)
      }
    }
  }

  @Test func `is found in any case`() {
    #expect(DiagnosticLessons.lesson(for: "e0201")?.code == .unknownName)
    #expect(DiagnosticLessons.lesson(for: "E9999") == nil)
  }

  private func findings(of example: String) -> [DiagnosticCode] {
    let store = MemoryRuleFiles([
      "p/lesson.rules": DiagnosticLessons.preamble + example,
      "p/schema.rules": "enum spare { a }",
    ])
    return PackageChecker.check("p/lesson.rules", from: store).findings.map(\.code)
  }
}
