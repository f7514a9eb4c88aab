import Expressions
import RuleLanguage
import Testing

@Suite struct `A name declared further down` {
  @Test(arguments: [
    "param a: int = b\nparam b: int = 2", "param a: int = a", "param a: int = 1 min a",
    "param a: int = b\nparam b: int = c\nparam c: int = a",
    "param a: int = b + 0\nparam b: int = 1",
    "list names: string = [\"x\"]\nparam p: string = names", "param p: int = refs",
  ])
  func `is no value of a param`(rules: String) {
    let codes = `A let`.codes(rules)
    #expect(Set(codes) == ["E0201"] || codes == ["E0404"])
  }

  @Test func `is told with where it is declared`() throws {
    let check = `A let`.check("param a: int = b\nparam b: int = 2")
    let finding = try #require(check.findings.first { $0.code == .unknownName })
    #expect(finding.title.english == "`b` has no value yet here")
    #expect(finding.secondary.count == 1)
    #expect(`A let`.codes("param b: int = 2\nparam a: int = b") == [])
  }

  @Test func `is no part of what a signal counts`() {
    let one = "signal s = count() from referral where s > 1 by referrer over 1h"
    #expect(`A let`.codes(one) == ["E0404"])
    let two = """
      signal s = count() from referral where t > 1 by referrer over 1h
      signal t = count() from referral where s > 1 by referrer over 1h
      """
    #expect(`A let`.codes(two) == ["E0404"])
  }

  @Test func `by the thousand is told as soon as a few`() {
    let lines = (0..<4_000).map { "let name\($0) = nane\($0)" }.joined(separator: "\n")
    let findings = `A let`.check(lines).findings
    let unknown = findings.filter { $0.code == .unknownName }
    #expect(unknown.count == 4_000)
    // To look for what each may have meant would take as long as there are names.
    #expect(unknown.prefix(100).allSatisfy { $0.help != nil })
    #expect(unknown.dropFirst(300).allSatisfy { $0.help == nil })
  }
}
