import Expressions
import Model
import Testing
import Values

@Suite struct `The parser` {
  @Test(arguments: [
    ("a + b * c", "(a + (b * c))"), ("a * b + c", "((a * b) + c)"), ("a - b - c", "((a - b) - c)"),
    ("a / b * c % d", "(((a / b) * c) % d)"), ("a < b + 1", "(a < (b + 1))"),
    ("a == b and c != d", "((a == b) and (c != d))"), ("a && b || c", "((a and b) or c)"),
    ("a or b and c", "(a or (b and c))"), ("a || b && c", "(a or (b and c))"),
    ("not a and b", "((!a) and b)"), ("not a == b", "(!(a == b))"), ("!a == b", "((!a) == b)"),
    ("not not a", "(!(!a))"), ("-a * b", "((-a) * b)"), ("--a", "(-(-a))"), ("a - -1", "(a - -1)"),
    ("a in b", "(a in b)"), ("a not in b and c", "((a not in b) and c)"),
    ("not a in b", "(!(a in b))"), ("a + 1 in b", "((a + 1) in b)"),
    ("a is missing or b", "((a is missing) or b)"),
    ("a + b is not missing", "((a + b) is not missing)"),
    ("not a is missing", "(!(a is missing))"), ("a < b == c", "((a < b) == c)"),
    ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"), ("a or b ? c : d", "((a or b) ? c : d)"),
    ("(a + b) * c", "((a + b) * c)"), ("f(a, b + 1,)", "f(a, (b + 1))"), ("f()", "f()"),
    ("a.b.c", "a.b.c"), ("a.f(b).g()", "a.f(b).g()"), ("a[0].b", "a[0].b"), ("-a.b", "(-a.b)"),
    ("[a, 1,]", "[a, 1]"), ("{a: 1, 'b': c}", "{a: 1, 'b': c}"), ("-1.f()", "-1.f()"),
    ("a\n  and b", "(a and b)"), ("a >= 1 == (b <= 2)", "((a >= 1) == (b <= 2))"),
    ("a > 1 // note\n or b", "((a > 1) or b)"), ("1 in [1] in [true]", "((1 in [1]) in [true])"),
  ])
  func `binds signs as CEL does`(text: String, shape: String) {
    #expect(Bench.shape(text) == shape)
  }

  @Test(arguments: [
    ("a = b", "E0105"), ("(a", "E0103"), ("f(a", "E0103"), ("[1, 2", "E0103"), ("", "E0101"),
    ("a +", "E0101"), ("a and", "E0101"), ("a ? b", "E0101"), ("a is null", "E0101"),
    ("a.", "E0101"), ("a.1", "E0101"), ("a not b", "E0101"), ("a b", "E0101"), (")", "E0101"),
    ("{a}", "E0101"), ("a == = b", "E0101"), ("a == not b", "E0101"), ("a == not (b)", "E0101"),
    ("and a", "E0101"), ("a and or b", "E0101"), ("in", "E0101"),
  ])
  func `says once where it stopped`(text: String, code: String) {
    #expect(Bench.parse(text).findings.map(\.code.rawValue) == [code])
  }

  @Test func `points at the opener of what is not closed`() throws {
    let finding = try #require(Bench.parse("a and (b").findings.first)
    #expect(finding.primary.span == SourceSpan(file: 0, start: 8, end: 8))
    #expect(finding.secondary.map(\.span.start) == [6])
  }

  @Test func `offers == for =`() throws {
    let finding = try #require(Bench.parse("a = b").findings.first)
    #expect(
      finding.edit == SourceEdit(span: SourceSpan(file: 0, start: 2, end: 3), replacement: "=="))
  }

  @Test func `leaves a bracket on a new line to what follows`() {
    var parser = SyntaxParser(
      source: SourceFile(path: "t", bytes: Array("a\n[1]".utf8)), file: 0)
    let expression = try? parser.expression()
    #expect(expression.map(Bench.shape) == "a")
    #expect(parser.isAt(.leftBracket))
  }

  @Test(arguments: ["(", "[", "f(", "-", "!", "not ", "{1: ", "a[", "x.f("])
  func `refuses to nest deeper than the limit`(opener: String) {
    let deep = String(repeating: opener, count: 100_000)
    #expect(Bench.parse(deep).findings.map(\.code) == [.nestingTooDeep])
    let fits =
      String(repeating: "(", count: Limits.nesting) + "a"
      + String(repeating: ")", count: Limits.nesting)
    #expect(Bench.shape(fits) == "a")
  }

  @Test func `takes conditionals that follow one another up to the limit`() {
    let chain = String(repeating: "b ? 1 : ", count: Limits.nesting) + "2"
    #expect(Bench.parse(chain).expression != nil)
    #expect(
      Bench.parse(String(repeating: "b ? 1 : ", count: 100_000) + "2").findings.map(\.code)
        == [.nestingTooDeep])
  }

  @Test(arguments: [" + ", " and ", " or ", " == ", " in ", " * "])
  func `counts the parts of an expression`(sign: String) {
    let long = Array(repeating: "a", count: 50_000).joined(separator: sign)
    #expect(Bench.parse(long).findings.map(\.code) == [.nestingTooDeep])
    let most = Array(repeating: "i", count: Limits.expressionLevels).joined(separator: sign)
    #expect(Bench.parse(most).expression?.levels == Limits.expressionLevels)
    #expect(Bench.parse(most + sign + "i").findings.map(\.code) == [.nestingTooDeep])
  }

  @Test func `counts levels through brackets`() {
    let nested = (0..<60).reduce("i") { inner, _ in "(i + i + i + i + i + \(inner))" }
    #expect(Bench.parse(nested).expression?.levels == 65)
    let deep = (0..<60).reduce("i") { inner, _ in "(\(inner) + i + i + i + i + i)" }
    #expect(Bench.parse(deep).findings.map(\.code) == [.nestingTooDeep])
    let wide = "[" + Array(repeating: "i + i", count: 700).joined(separator: ", ") + "]"
    #expect(Bench.parse(wide).findings.map(\.code) == [.expressionTooLong])
  }

  @Test func `gives checker and interpreter nothing they cannot walk`() throws {
    let most = Array(repeating: "i", count: Limits.expressionLevels).joined(separator: " + ")
    #expect(try Bench.value(most, ["i": .int(1)]) == .int(Int64(Limits.expressionLevels)))
    let suffixes = "i" + String(repeating: ".f()", count: 50_000)
    #expect(Bench.parse(suffixes).findings.map(\.code) == [.nestingTooDeep])
    let missing = "i" + String(repeating: " is missing", count: 50_000)
    #expect(Bench.parse(missing).findings.map(\.code) == [.nestingTooDeep])
  }

  @Test func `spans brackets, arguments and suffixes`() throws {
    let text = "  (a + b).f(c)  "
    let expression = try #require(Bench.parse(text).expression)
    #expect(expression.span == SourceSpan(file: 0, start: 2, end: 14))
    #expect(expression.children.first?.span == SourceSpan(file: 0, start: 2, end: 9))
  }
}
