import Expressions
import Model
import Testing
import Values

@Suite struct `The checker` {
  /// Written out it has hundreds of conditions, but not as many levels.
  private static let longMacro =
    "[" + (0..<600).map(String.init).joined(separator: ", ") + "].exists(x, x == i)"

  @Test(arguments: [
    ("i + 1", "int"), ("u + 1", "uint"), ("1 + u", "uint"), ("d + 1", "double"),
    ("1 - d", "double"),
    ("mxn + 1", "decimal(2) MXN"), ("mxn + 1.25", "decimal(2) MXN"),
    ("1.5 + mxn", "decimal(2) MXN"),
    ("mxn + fine", "decimal(6) MXN"), ("fine - mxn", "decimal(6) MXN"),
    ("mxn * 2", "decimal(2) MXN"),
    ("2 * mxn", "decimal(2) MXN"), ("mxn * rate", "decimal(6) MXN"),
    ("rate * mxn", "decimal(6) MXN"),
    ("mxn * 0.035", "decimal(5) MXN"), ("0.035 * mxn", "decimal(5) MXN"),
    ("mxn / 3", "decimal(2) MXN"),
    ("mxn / mxn", "decimal(6)"), ("mxn / fine", "decimal(6)"), ("rate / rate", "decimal(6)"),
    ("mxn * i", "decimal(2) MXN"), ("-mxn", "decimal(2) MXN"), ("mxn > 1500", "bool"),
    ("1500 < mxn", "bool"), ("mxn == 10.50", "bool"), ("mxn >= fine", "bool"), ("u == 3", "bool"),
    ("d < 3", "bool"), ("at + 5d", "timestamp"), ("5d + at", "timestamp"), ("at - 5d", "timestamp"),
    ("at - at", "duration"), ("span + 5d", "duration"), ("span - 1h", "duration"),
    ("-span", "duration"),
    ("at < at + 5m", "bool"), ("span > 1h30m", "bool"), ("s + \"x\"", "string"),
    ("s < \"m\"", "bool"),
    ("bytes == b\"x\"", "bool"), ("kind == app", "bool"), ("app == kind", "bool"),
    ("kind in [app, web]", "bool"), ("kind not in [branch]", "bool"), ("device == \"D1\"", "bool"),
    ("\"D1\" == device", "bool"), ("device == device", "bool"), ("device in devices", "bool"),
    ("\"D1\" in devices", "bool"), ("device in [\"A\", \"B\"]", "bool"), ("i in [1, 2]", "bool"),
    ("u in [1, 2]", "bool"), ("mxn in [1, 2.5]", "bool"), ("i in []", "bool"),
    ("s in words", "bool"),
    ("b ? 1 : 2", "int"), ("b ? mxn : 0", "decimal(2) MXN"), ("b ? app : kind", "channel"),
    ("b ? \"D1\" : device", "device"), ("default(j, 0)", "int"),
    ("default(device, \"none\")", "device"),
    ("default(mxn, 0)", "decimal(2) MXN"), ("j is missing", "bool"), ("not b", "bool"),
    ("!b", "bool"),
    ("b and not (i > 3) or j is not missing", "bool"), ("s.size()", "int"), ("size(s)", "int"),
    ("device.startsWith(\"A\")", "bool"), ("s.matches(\"^a\")", "bool"),
    ("matches(s, r\"\\d\")", "bool"),
    ("double(i)", "double"), ("double(mxn)", "double"), ("double(u)", "double"),
    ("double(d)", "double"),
    ("int(d)", "int"), ("string(i)", "string"), ("phone.country", "string"),
    ("uses(device, 3)", "int"),
    ("uses(\"D1\", i) > 2", "bool"), ("bytes < b\"z\"", "bool"), ("[i, 2]", "list(int)"),
    ("b == true", "bool"), ("[1, 2].exists(x, i == x)", "bool"), ("has(phone.country)", "bool"),
    ("[phone].all(p, p.country == s)", "bool"), ("[1, 2].exists_one(x, mxn > x)", "bool"),
    ("cel.bind(x, i, x + x)", "int"), ("[i].all(i, [i + 1].exists(i, i > 1))", "bool"),
    ("cel.bind(l, [1, 2], l.all(x, x in l))", "bool"), (longMacro, "bool"),
    ("[].exists(x, b)", "bool"),
  ])
  func `settles types`(text: String, type: String) { #expect(Bench.type(text) == type) }

  @Test(arguments: [
    ("i + 1.5", "E0301"), ("i + u", "E0301"), ("i == \"1\"", "E0301"), ("i and b", "E0302"),
    ("not i", "E0302"), ("i ? 1 : 2", "E0302"), ("b ? 1 : \"x\"", "E0301"), ("mxn + cop", "E0303"),
    ("mxn > cop", "E0303"), ("mxn + rate", "E0303"), ("mxn / cop", "E0303"), ("mxn * mxn", "E0303"),
    ("mxn * d", "E0301"), ("mxn + 5d", "E0301"), ("span + 5", "E0301"), ("at + at", "E0301"),
    ("mxn + 1.005", "E0309"), ("mxn == 0.123", "E0309"), ("fine * rate", "E0309"),
    ("u + (-1)", "E0301"),
    ("kind == ap", "E0304"), ("kind in [app, ap]", "E0304"), ("device == phone", "E0301"),
    ("device == s", "E0301"), ("device in words", "E0301"), ("s in devices", "E0301"),
    ("phone in devices", "E0301"), ("device < \"x\"", "E0301"), ("kind < app", "E0301"),
    ("b < true", "E0301"),
    ("i in 3", "E0301"), ("i in [1, \"x\"]", "E0310"), ("[1, \"x\"] is missing", "E0310"),
    ("words == words", "E0301"), ("nope > 3", "E0201"), ("nope.x", "E0201"),
    ("phone.contry", "E0209"),
    ("i.x", "E0209"), ("nope(3)", "E0201"), ("i(3)", "E0308"), ("s.nope()", "E0201"),
    ("size(i)", "E0308"),
    ("size()", "E0308"), ("s.matches(s)", "E0308"), ("s.matches(\"(\")", "E0601"),
    ("s.matches(\"(?=a)\")", "E0601"), ("s.matches(\"^(a+)+$\")", "E0602"),
    ("s.exists(x, true)", "E0308"), ("[s].exists(s)", "E0308"), ("[s].all(1, true)", "E0308"),
    ("[1].exists(x, x)", "E0302"), ("[1].exists(x, x == s)", "E0301"), ("has(s)", "E0308"),
    ("cel.bind(1, 2, 3)", "E0308"), ("[1].exists(x, [2].exists(y, x == y)) and y", "E0201"),
    ("default(j)", "E0308"), ("default(j, \"x\")", "E0301"),
    ("uses(device)", "E0308"), ("uses(phone, 1)", "E0301"), ("uses(s, 1)", "E0301"),
    ("null == i", "E0301"),
    ("{1: 2}", "E0308"), ("words[0]", "E0308"), ("-s", "E0301"), ("-b", "E0301"), ("-u", "E0301"),
    ("s * 2", "E0301"), ("s - s", "E0301"), ("d % d", "E0301"), ("b + b", "E0301"),
    ("-9223372036854775809", "E0107"),
    ("(b ? \"x\" : s) == device", "E0301"), ("5 / mxn", "E0301"),
  ])
  func `refuses with one finding`(text: String, code: String) {
    #expect(Bench.check(text).codes == [code])
    #expect(Bench.check(text).typed == nil)
  }

  @Test(arguments: ["broken > 3", "broken.x", "b and broken", "default(broken, 1)"])
  func `says nothing of what has a mistake elsewhere`(text: String) {
    #expect(Bench.check(text).codes == [])
    #expect(Bench.check(text).typed == nil)
  }

  @Test func `reports every mistake of an expression once`() {
    #expect(
      Bench.check("nope > 3 and device == phone or kind == ap").codes == [
        "E0201", "E0301", "E0304",
      ])
  }

  @Test func `normalises a text written out as what it is compared with`() throws {
    for text in [
      "device == \" D1 \"", "\" D 1\" == device", "device in [\" D1\"]", "uses(\" D1\", 1) > 0",
      "(b ? \"D 1\" : \"D1\") == device", "default(device, \" D1 \") == device",
    ] {
      let typed = try #require(Bench.check(text).typed)
      let texts = strings(typed)
      #expect(!texts.isEmpty && texts.allSatisfy { $0 == "D1" }, "\(text): \(texts)")
    }
    let plain = try #require(Bench.check("s == \" D1 \"").typed)
    #expect(strings(plain) == [" D1 "])
  }

  private func strings(_ expression: TypedExpression) -> [String] {
    if case .constant(.string(let text)) = expression.kind { return [text] }
    return expression.children.flatMap(strings)
  }

  @Test(arguments: [
    ("i", false), ("j", true), ("i + j", true), ("j is missing", false), ("default(j, 1)", false),
    ("default(j, j)", true), ("b ? j : 1", true), ("b and j > 1", true),
    ("phone.country == \"MX\"", true),
    ("uses(device, 1)", true), ("uses(\"D\", 1)", false),
  ])
  func `knows what may be missing`(text: String, mayBeMissing: Bool) {
    #expect(Bench.check(text).typed?.mayBeMissing == mayBeMissing)
  }

  @Test func `labels both sides of a mismatch`() throws {
    var checker = ExpressionChecker(environment: Bench())
    let expression = try #require(Bench.parse("mxn > cop").expression)
    #expect(checker.check(expression) == nil)
    let finding = try #require(checker.findings.first)
    #expect(finding.primary.span.start == 6)
    #expect(finding.primary.text.english == "this is decimal(0) COP")
    #expect(finding.secondary.map(\.text.spanish) == ["esto es decimal(2) MXN"])
  }

  @Test func `stands at the place in the pattern`() throws {
    func place(_ text: String) throws -> SourceSpan {
      var checker = ExpressionChecker(environment: Bench())
      _ = checker.check(try #require(Bench.parse(text).expression))
      return try #require(checker.findings.first).primary.span
    }
    #expect(try place("s.matches(\"ab(?=c)\")").start == 13)
    // With escapes or `r` a place in the pattern is none in the source: the whole literal is
    // marked.
    #expect(try place("s.matches(\"\\\\d(?=c)\")") == SourceSpan(file: 0, start: 10, end: 20))
  }
}

@Suite struct `A suggestion` {
  @Test(
    arguments: [
      ("refs_1", ["refs_1h", "refs_24h"], "refs_1h"),
      ("referer", ["referee", "referrer"], "referrer"),
      ("hoursly_limit", ["hourly_limit"], "hourly_limit"), ("Device", ["device"], "device"),
      ("dvice", ["device", "service"], "device"), ("wehn", ["when", "then"], "when"),
      ("x", ["y"], "y"), ("ab", ["xy"], nil), ("nothing", ["refs_1h"], nil),
      ("same", ["same"], nil),
      ("canal", ["cañal"], "cañal"), ("abc", ["abd", "abe"], "abd"), ("", ["abc"], nil),
    ] as [(String, [String], String?)])
  func `is the nearest name a slip away`(name: String, candidates: [String], nearest: String?) {
    #expect(Suggestion.nearest(to: name, among: candidates) == nearest)
  }
}
