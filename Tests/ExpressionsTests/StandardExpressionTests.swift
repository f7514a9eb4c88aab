import Expressions
import Testing
import Values

/// What an expression comes to: the text of its value, `fault`, or the code it is refused with.
private func outcome(
  _ text: String, _ variables: [String: DynamicValue] = [:], isChecked: Bool = false
) -> String {
  do {
    let environment = StandardEnvironment(variables: variables.mapValues { _ in .dyn })
    let expression = try StandardExpression(
      text, environment: environment, isChecked: isChecked)
    let value = try expression.evaluate(variables)
    let shown = try StandardExpression(
      "'%s'.format([v])", environment: StandardEnvironment(variables: ["v": .dyn]))
    if case .string(let text) = try shown.evaluate(["v": value]) { return text }
    return "?"
  } catch let findings as StandardFindings {
    return findings.findings.map(\.code.rawValue).joined(separator: " ")
  } catch {
    return "fault"
  }
}

@Suite struct `A standard expression` {
  @Test(arguments: [
    ("1 + 2 * 3", "7"), ("-7 / 2", "-3"), ("-7 % 2", "-1"), ("7u % 4u", "3"),
    ("0x10", "16"), ("1e3", "1000"), (".5", "0.5"), ("'a' 'b'", "E0101"),
    ("{'a': 1}.a", "1"), ("{'a-b': 1}.`a-b`", "1"), ("[1, 2][1]", "2"), ("[1][1]", "fault"),
    ("[1, 2,]", "[1, 2]"), ("size([1],)", "E0101"), ("a.b.c", "fault"), ("while", "E0101"),
    ("{'while': 1}.while", "1"), ("{'in': 1}.in", "E0101"), ("1 and 2", "E0101"),
    ("90s", "E0107"), ("1_000", "E0107"), ("x is missing", "E0101"), ("not true", "E0101"),
    ("'''a\nb'''", "a\nb"), ("'a", "E0102"), (#"r'\n'"#, #"\n"#),
    (#"b'\xff' == b'\377'"#, "true"),
    (#"'\xff' == 'ÿ'"#, "true"), ("Message{a: 1}", "fault"), ("!!true", "true"), ("--1", "1"),
    ("true ? 1 : 1 / 0", "1"), ("1 == 1.0 && 1u == 1", "true"), ("1 == '1'", "false"),
    ("{1: 'a'}[1.0] + {1u: 'b'}[1]", "ab"), ("{1: 1, 1u: 2}", "fault"), ("{1.0: 1}", "fault"),
    ("null == null", "true"), ("9223372036854775807 + 1", "fault"), ("0u - 1u", "fault"),
    ("-9223372036854775808", "-9223372036854775808"), ("9223372036854775808", "E0107"),
  ])
  func `is read and run as the standard has it`(expression: String, expected: String) {
    #expect(outcome(expression) == expected)
  }

  @Test(arguments: [
    ("[1, 2, 3].map(x, x * x)", "[1, 4, 9]"), ("[1, 2, 3].map(x, x > 1, x * x)", "[4, 9]"),
    ("[1, 2, 3].filter(x, x != 2)", "[1, 3]"), ("{'a': 1}.map(k, k)", "[a]"),
    ("[1, 2].exists_one(x, x == 2) && [1, 2].existsOne(i, x, i == 0)", "true"),
    ("[3, 1, 2].sortBy(x, -x)", "[3, 2, 1]"), ("cel.bind(x, 2, x * x)", "4"),
    ("[1].map(x, [2].map(x, x))", "[[2]]"), ("{'a': 2}.transformMap(k, v, v * v)", "{a: 4}"),
    ("{'a': 2}.transformMapEntry(k, v, {v: k})", "{2: a}"),
    ("[5, 6].transformList(i, v, i + v)", "[5, 7]"), ("has({'a': 1}.a)", "true"),
    ("has({}.a)", "false"), ("has(1)", "E0308"), ("[1].map(1, 2)", "E0308"),
    ("[1].all(a, a, true)", "E0308"), ("[1 / 0, 1].exists(x, x == 1)", "fault"),
    ("[0, 1].exists(x, 1 / x == 1)", "true"), ("[1, 0].all(x, 1 / x == 2)", "false"),
    ("[0, 1].all(x, 1 / x == 1)", "fault"), ("[0, 1].existsOne(x, 1 / x == 1)", "fault"),
    ("optional.of(1).optMap(x, x + 1).orValue(0)", "2"),
    ("optional.none().optMap(x, x + 1).orValue(0)", "0"),
    ("optional.of(1).optFlatMap(x, optional.none()).orValue(5)", "5"),
    ("{'a': {'b': 1}}.?a.b.orValue(0) + {}.?a.b.orValue(7)", "8"),
    ("[?optional.of(1), ?optional.none()] + [1][?3].or(optional.of([2])).value()", "[1, 2]"),
    ("{?'a': optional.none(), ?'b': optional.of(1)}", "{b: 1}"),
    ("optional.none().value()", "fault"),
    ("optional.of(1).or(1 / 0).value()", "1"),
  ])
  func `has macros and optionals`(expression: String, expected: String) {
    #expect(outcome(expression) == expected)
  }

  @Test(arguments: [
    ("'tacocat'.charAt(7) == '' && 'añb'.indexOf('b') == 2", "true"), ("'a'.charAt(2)", "fault"),
    ("'aXbX'.replace('X', '-', 1)", "a-bX"),
    ("'aXbX'.replace('X', '-', -9223372036854775808)", "a-b-"),
    ("'a,b'.split(',', -9223372036854775808)", "[a, b]"), ("'ab'.replace('', '-')", "-a-b-"),
    ("'a,b,c'.split(',', 2)", "[a, b,c]"), ("'abc'.split('')", "[a, b, c]"),
    ("'abc'.split('b', 0)", "[]"), ("' \\u00a0x '.trim()", "x"), ("['a', 'b'].join('-')", "a-b"),
    ("'añb'.reverse()", "bña"), ("strings.quote('a\"b')", "\"a\\\"b\""),
    (
      "'%.2f %e %x %o %b %d%%'.format([1.005, 12.0, 255, 8, 5, -1])",
      "1.00 1.200000e+01 ff 10 101 -1%"
    ),
    ("'%s'.format([])", "fault"), ("'x'.format([1])", "fault"),
    ("'%.1s %y'.format([1, 2])", "fault"),
    ("'Ab1'.lowerAscii() + 'Ab1'.upperAscii()", "ab1AB1"), ("'hubba'.matches('^h.*a$')", "true"),
    ("'a'.matches('(?=a)')", "fault"), ("'ñ'.matches('^\\\\pL$')", "true"),
    ("'Straße'.size()", "6"), ("math.greatest(1, 2.5, 2u)", "2.5"), ("math.least([3, 1])", "1"),
    ("math.round(-2.5)", "-3"), ("math.bitShiftRight(-1, 60)", "15"), ("math.abs(-3)", "3"),
    ("1.0 / math.sign(-0.0) > 0.0", "true"),
    ("math.sqrt(2.25)", "1.5"), ("lists.range(3)", "[0, 1, 2]"),
    ("[1, [2, [3]]].flatten()", "[1, 2, [3]]"),
    ("[1, [2, [3]]].flatten(2)", "[1, 2, 3]"), ("[3, 1, 2].sort()", "[1, 2, 3]"),
    ("[1, 'a'].sort()", "fault"), ("[1, 1.0, 2].distinct()", "[1, 2]"),
    ("[1, 2, 3].slice(1, 3)", "[2, 3]"),
    ("[1, 2].first().value() + [1, 2].last().value()", "3"),
    ("sets.contains([1, 2], [2.0])", "true"),
    ("sets.equivalent([1, 1, 2], [2, 1])", "true"), ("sets.intersects([1], [2])", "false"),
    ("base64.decode('aGk')", "hi"), ("base64.encode(b'hi')", "aGk="),
    ("base64.decode('aGl')", "fault"),
    ("string(ip('2001:db8:0:0:1:0:0:1'))", "2001:db8::1:0:0:1"), ("ip('1.2.3.04')", "fault"),
    ("cidr('10.0.0.0/8').containsIP('10.255.0.1')", "true"),
    ("cidr('10.1.2.3/8').masked()", "10.0.0.0/8"),
    ("ip.isCanonical('::1')", "true"), ("isCIDR('10.0.0.0/33')", "false"),
  ])
  func `has the extensions`(expression: String, expected: String) {
    #expect(outcome(expression) == expected)
  }

  @Test(arguments: [
    ("timestamp('2024-02-29T12:00:00.5-06:00')", "2024-02-29T18:00:00.500Z"),
    ("timestamp('2023-02-29T12:00:00Z')", "fault"),
    ("timestamp('2024-12-31T23:00:00Z').getDayOfYear()", "365"),
    ("timestamp('2024-07-01T12:00:00Z').getHours('America/Mexico_City')", "6"),
    ("timestamp('2022-07-01T12:00:00Z').getHours('America/Mexico_City')", "7"),
    ("timestamp('2050-07-01T12:00:00Z').getHours('Europe/Madrid')", "14"),
    ("timestamp('2050-01-01T12:00:00Z').getHours('Europe/Madrid')", "13"),
    ("timestamp('2050-01-01T12:00:00Z').getHours('Australia/Sydney')", "23"),
    ("timestamp('2024-01-01T00:00:00Z').getHours('Nowhere/City')", "fault"),
    ("duration('1h1.5s')", "3601.5s"), ("duration('-1ns')", "-0.000000001s"),
    ("duration('1')", "fault"),
    ("duration('90m').getHours()", "1"),
    ("timestamp('9999-12-31T23:59:59Z') - timestamp('0001-01-01T00:00:00Z')", "315537897599s"),
  ])
  func `counts time in the whole range`(expression: String, expected: String) {
    #expect(outcome(expression) == expected)
  }

  @Test func `absorbs errors where the other operand decides`() {
    let operands = ["true", "false", "1 / 0 == 1"]
    for (row, left) in operands.enumerated() {
      for (column, right) in operands.enumerated() {
        let or = row == 0 || column == 0 ? "true" : row == 1 && column == 1 ? "false" : "fault"
        let and = row == 1 || column == 1 ? "false" : row == 0 && column == 0 ? "true" : "fault"
        #expect(outcome("(\(left)) || (\(right))") == or)
        #expect(outcome("(\(left)) && (\(right))") == and)
      }
      let expected = ["1", "2", "fault"][row]
      #expect(outcome("(\(left)) ? 1 : 2") == expected)
    }
    #expect(outcome("1 || true") == "true")
    #expect(outcome("1 || false") == "fault")
  }

  @Test(arguments: [
    ("1 + 1.0", "E0308"), ("'a'.size(1)", "E0308"), ("nothing", "E0201"), ("nothing(1)", "E0201"),
    ("1.a", "E0209"), ("'a'.b", "E0209"), ("1 == 'a'", "E0308"), ("[1, 'a'][0] == 1", "true"),
    ("dyn(1) + 1.0", "fault"), ("'a'.map(x, x)", "E0301"), ("[1].filter(x, x)", "E0302"),
    ("[?1]", "E0301"), ("true ? 1 : 'a'", "E0308"), ("Message{}", "E0201"),
  ])
  func `is refused by the checker with a code`(expression: String, expected: String) {
    #expect(outcome(expression, isChecked: true) == expected)
  }

  @Test(arguments: [
    ("[[], [[1]]]", "list(list(list(int)))"), ("{'a': 1, 'b': 'c'}", "map(string, dyn)"),
    ("[1].map(x, string(x))", "list(string)"), ("optional.of([1]).orValue([])", "list(int)"),
    ("{'a': 1}.?a", "optional(int)"), ("math.greatest(1, 2.0)", "dyn"), ("type(1)", "type(int)"),
    ("[].map(x, x)", "list(dyn)"), ("timestamp(0) - timestamp(0)", "duration"),
    ("{'a': 1}.transformMap(k, v, k)", "map(string, string)"),
  ])
  func `has its type inferred`(expression: String, type: String) throws {
    #expect(try StandardExpression(expression).type.description == type)
  }

  @Test func `is refused beyond its limits, each with its own code`() {
    #expect(
      outcome(String(repeating: "(", count: 70) + "1" + String(repeating: ")", count: 70))
        == "E0108")
    #expect(outcome("[" + String(repeating: "1,", count: 2_100) + "]") == "E0113")
    #expect(outcome("'" + String(repeating: "x", count: 70_000) + "'") == "E0113")
    let range = "lists.range(1000).exists(a, lists.range(1000).exists(b, a + b < 0))"
    #expect(outcome(range) == "E0115")
    // How many there are is known only when it runs.
    let environment = StandardEnvironment(variables: ["n": .int])
    let unknown = range.replacing("1000", with: "n")
    for text in [unknown, "true && " + unknown, unknown + " || true"] {
      #expect(throws: DynamicFault.costExceeded, "\(text)") {
        _ = try StandardExpression(text, environment: environment)
          .evaluate(["n": .int(1_000)])
      }
    }
  }

  /// `x20`, where `x0` is `first` and each other one is made of the one before.
  private static func doubled(
    _ first: String, _ step: (String) -> String, _ last: String
  ) -> String {
    let body = (1...20).reversed().reduce(last) { body, number in
      "cel.bind(x\(number), \(step("x\(number - 1)")), \(body))"
    }
    return "cel.bind(x0, \(first), \(body))"
  }

  @Test(arguments: [
    doubled("'0123456789'", { "\($0) + \($0)" }, "size(x20)"),
    doubled("[1, 2, 3, 4, 5, 6, 7, 8, 9]", { "\($0) + \($0)" }, "size(x20)"),
    doubled("[1, 2, 3, 4, 5, 6, 7, 8, 9]", { "[\($0), \($0)]" }, "x20 == x20"),
    doubled("'a'", { "\($0).replace('a', 'aaa')" }, "size(x20)"),
    "lists.range(100000).distinct().size()",
    "sets.contains(lists.range(20000), lists.range(20000))",
    "lists.range(60000).all(x, string(x).matches('^[0-9]+$'))",
  ])
  func `stops before it takes the machine`(text: String) throws {
    let expression = try StandardExpression(text)
    #expect(throws: DynamicFault.costExceeded) { _ = try expression.evaluate() }
  }

  @Test(arguments: [
    (
      "[1].map(a, [2].map(b, [3].map(c, [4].map(d, [5].map(e, a + b + c + d + e)))))",
      "[[[[[15]]]]]"
    ),
    ("l.exists(a, l.exists(b, a == b))", "true"),
    ("l.all(a, l.all(b, l.all(c, a + b == c)))", "E0115"),
    ("lists.range(2000).map(a, lists.range(2000).exists(b, a == b)).size() > 0", "E0115"),
    (
      "lists.range(9223372036854775807).all(a, lists.range(9223372036854775807).all(b, a < b))",
      "E0115"
    ),
    ("cel.bind(k, lists.range(3000), k.all(a, k.all(b, a >= 0))) ", "E0115"),
    ("cel.bind(k, [1, 2, 3], k.all(a, k.all(b, k.all(c, k.all(d, a + b + c + d > 0)))))", "true"),
    ("[[1, 2], [3]].all(k, k.all(a, k.all(b, k.all(c, k.all(d, a + b > 0)))))", "true"),
    ("(l + l).map(x, x).filter(x, x > 1).exists(a, l.exists(b, l.exists(c, a + b == c)))", "E0115"),
  ])
  func `is refused when it may take too many steps`(expression: String, expected: String) {
    #expect(outcome(expression, ["l": .list([.int(1), .int(2)])]) == expected)
  }

  @Test func `looks names up from the innermost namespace`() throws {
    let environment = StandardEnvironment(
      container: "a.b", variables: ["a.b.x": .int, "a.x": .int, "x": .int, "a.y.z": .int])
    let values: [String: DynamicValue] = [
      "a.b.x": .int(1), "a.x": .int(2), "x": .int(3), "a.y.z": .int(4),
    ]
    for (text, expected) in [("x", 1), (".x", 3), ("y.z", 4), (".a.x", 2), ("[9].map(x, x)[0]", 9)]
    {
      let value = try StandardExpression(text, environment: environment).evaluate(values)
      #expect(value.equals(.int(Int64(expected))), "\(text)")
    }
  }
}
