import Model
import Testing
import Values

private func match(_ pattern: String, _ text: String) throws(ValueError) -> PatternMatch {
  let bytes = Array(pattern.utf8)
  let compiled = try CompiledPattern(bytes.span)
  let subject = Array(text.utf8)
  return compiled.matches(subject.span)
}

private func refusalOffset(_ pattern: String) -> Int? {
  do throws(ValueError) {
    _ = try match(pattern, "")
    return nil
  } catch {
    guard case .pattern(let offset, let message) = error else { return nil }
    #expect(!message.isEmpty)
    return offset
  }
}

@Suite struct `A pattern` {
  @Test(arguments: [
    ("ab+c", "xabbcx", PatternMatch.yes), ("^ab$", "ab\n", .no), ("(?m)^ab$", "ab\nc", .yes),
    ("(?i)ñandú", "ÑANDÚ", .yes), ("^.$", "東", .yes), ("^\\d+$", "٣", .no), ("", "", .yes),
    ("^[[:alpha:]_\\]]+$", "a_]", .yes), ("\\p{Greek}", "β", .yes), ("\\x{4100}", "䄀", .yes),
    ("(?P<a>x)(?<b>y)(?:z)(?i:W)", "xyzw", .yes), ("\\Qa.b\\E.", "a.bc", .yes),
    ("x{2,3}?y", "xxy", .yes),
    ("a{,2}", "a{,2}", .yes), ("[]a]", "]", .yes), ("[^]a]", "]", .no), ("a??b+?c*?", "b", .yes),
  ])
  func `matches anywhere as RE2 does`(
    _ pattern: String, _ text: String, _ expected: PatternMatch
  ) throws {
    #expect(try match(pattern, text) == expected)
  }

  @Test(arguments: [
    ("(a)\\1", 3), ("a(?=b)", 1), ("(?!b)", 0), ("a(?<=b)", 1), ("(?<!b)", 0), ("(?P=name)", 0),
    ("(?P>name)", 0), ("(?>a)", 0), ("a++", 2), ("a*+", 2), ("a?+", 2), ("a{2}+", 4), ("(?R)", 0),
    ("(?1)", 0), ("(?(1)a|b)", 0), ("(?#x)", 0), ("(?|a|b)", 0), ("(*UCP)a", 0), ("\\K", 0),
    ("\\R", 0), ("x\\k<a>", 1), ("x\\g1", 1), ("\\C", 0), ("\\v", 0), ("\\h", 0), ("[\\b]", 1),
    ("a{1001}", 1), ("a{2,1001}", 1), ("ab[c", 2), ("ab\\", 2), ("(?x)a", 0), ("[[.a.]]", 1),
    ("(?'n'a)", 0), ("\\Z", 0), ("\\G", 0), ("\\N", 0), ("a**", 2),
  ])
  func `is refused where RE2 has no such thing`(_ pattern: String, _ offset: Int) {
    #expect(refusalOffset(pattern) == offset)
  }

  @Test func `with a mistake is refused inside the pattern`() {
    #expect(refusalOffset("ab)c") == 2)
    #expect(refusalOffset("(ab") == 3)
    #expect(refusalOffset("*a") == 0)
    #expect(
      refusalOffset(String(repeating: "a", count: Limits.regexBytes + 1)) == Limits.regexBytes)
    #expect(refusalOffset(String(repeating: "a", count: Limits.regexBytes)) == nil)
  }

  @Test func `gives up at the step limit instead of stalling`() throws {
    let text = String(repeating: "a", count: 200)
    #expect(try match("^(a+)+$", text) == .yes)
    #expect(try match("^(a+)+$", text + "b") == .limit)
    #expect(try match("^(?:a|aa)+$", text + "b") == .limit)
  }

  @Test func `reads bytes that are not UTF-8 without harm`() throws {
    let pattern = Array("b.c".utf8)
    let compiled = try CompiledPattern(pattern.span)
    let subjects: [[UInt8]] = [[0xFF, 0x62, 0x80, 0x63], [0xC3], [0xE2, 0x80]]
    for subject in subjects { #expect(compiled.matches(subject.span) == .no) }
    let found: [UInt8] = [0xFF, 0x62, 0x62, 0x63]
    #expect(compiled.matches(found.span) == .yes)
  }
}
