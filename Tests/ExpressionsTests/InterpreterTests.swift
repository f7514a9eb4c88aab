import Expressions
import Model
import Testing
import Values

@Suite struct `The interpreter` {
  private static let missing = Value.missing
  private static let failed = Value.error(.divisionByZero)

  /// `b and j == 1`, with every value on either side: true, false, missing, error.
  @Test(arguments: ["and", "or"])
  func `follows the tables of three-valued logic`(sign: String) throws {
    let words = [("true", "t"), ("false", "f"), ("j > 1", "m"), ("1 / 0 > 1", "e")]
    // Rows are the left side: t, f, m, e.
    let table =
      sign == "and" ? ["tfme", "ffff", "mfme", "efee"] : ["tttt", "tfme", "tmme", "teee"]
    for (row, left) in words.enumerated() {
      for (column, right) in words.enumerated() {
        let value = try Bench.value("(\(left.0)) \(sign) (\(right.0))")
        let wanted = Array(table[row])[column]
        #expect(letter(value) == wanted, "\(left.0) \(sign) \(right.0)")
      }
    }
  }

  private func letter(_ value: Value) -> Character {
    switch value {
    case .bool(true): "t"
    case .bool(false): "f"
    case .missing: "m"
    case .error: "e"
    default: "?"
    }
  }

  @Test(arguments: [
    ("not (j > 1)", missing), ("not (1 / 0 > 1)", failed), ("j + 1", missing),
    ("j + 1 / 0", failed),
    ("1 / 0 + j", failed), ("j == j", missing), ("j in [1]", missing), ("1 / 0 in [1]", failed),
    ("j is missing", .bool(true)), ("j is not missing", .bool(false)), ("1 / 0 is missing", failed),
    ("default(j, 7)", .int(7)), ("default(1 / 0, 7)", failed), ("default(j, 1 / 0)", failed),
    ("default(2, 1 / 0)", .int(2)), ("j > 1 ? 1 : 2", missing), ("1 / 0 > 1 ? 1 : 2", failed),
    ("true ? 1 : 1 / 0", .int(1)), ("false ? j : 2", .int(2)), ("uses(device, 1)", missing),
    ("uses(\"x\", 1 / 0)", failed), ("uses(device, 1 / 0)", failed),
    ("uses(\"x\", 1)", .list([.string("x"), .int(1)])), ("device == \"a\"", missing),
  ])
  func `keeps missing and error apart`(text: String, value: Value) throws {
    #expect(try Bench.value(text) == value)
  }

  @Test(arguments: [
    ("i + 1", Value.error(.overflow)), ("i * 2", .error(.overflow)), ("-i - 2", .error(.overflow)),
    ("(-i - 1) / -1", .error(.overflow)), ("(-i - 1) % -1", .error(.overflow)),
    ("-(-i - 1)", .error(.overflow)), ("i / 0", .error(.divisionByZero)),
    ("i % 0", .error(.divisionByZero)), ("-7 / 2", .int(-3)), ("-7 % 2", .int(-1)),
    ("7 % -2", .int(1)),
    ("u + 1", .error(.overflow)), ("0u - u", .error(.overflow)),
    ("u / 0u", .error(.divisionByZero)),
    ("u % 10u", .uint(5)), ("d / 0", .double(.infinity)), ("int(d / 0)", .error(.overflow)),
    ("int(d / 0 - d / 0)", .error(.conversion)), ("int(-2.9)", .int(-2)),
    ("int(1e18)", .int(1_000_000_000_000_000_000)),
    ("int(1e19)", .error(.overflow)), ("0.0 == -0.0", .bool(true)),
    ("d / 0 - d / 0 == d / 0 - d / 0", .bool(false)), ("d / 0 - d / 0 != 1", .bool(true)),
    ("at - at", .duration(0)),
    ("at + 1h", .timestamp(Timestamp(microseconds: 3_600_000_001))),
    ("1h + at - 1h", .timestamp(Timestamp(microseconds: 1))), ("at + span", .error(.overflow)),
    ("mxn * i", .error(.overflow)), ("string(i)", .string("9223372036854775807")),
  ])
  func `fails where 64 bits end`(text: String, value: Value) throws {
    #expect(
      try Bench.value(
        text,
        [
          "i": .int(.max), "u": .uint(.max), "d": .double(2), "span": .duration(.max),
          "at": .timestamp(Timestamp(microseconds: 1)),
          "mxn": .decimal(Decimal(units: 201, scale: 2)),
        ]) == value)
  }

  @Test(arguments: [
    ("\"ab\" < \"b\"", true), ("\"b\" < \"ab\"", false), ("\"a\" < \"ab\"", true),
    ("\"é\" == \"e\u{301}\"", false),
    ("\"é\" > \"z\"", true), ("\"ﬀ\" < \"😀\"", true), ("\"abc\".contains(\"bc\")", true),
    ("\"abc\".contains(\"\")", true), ("\"abc\".contains(\"cb\")", false),
    ("\"abc\".startsWith(\"ab\")", true),
    ("\"abc\".endsWith(\"bc\")", true), ("\"abc\".endsWith(\"abcd\")", false),
    ("\"e\u{301}\".startsWith(\"e\")", true),
    ("\"ñandú\".size() == 5", true), ("\"e\u{301}\".size() == 2", true),
    ("\"x1\".matches(\"^[a-z]\\\\d$\")", true),
    ("\"x\" in [\"x\", \"y\"]", true), ("\"é\" in [\"e\u{301}\"]", false), ("2 in []", false),
    ("2.0 in [1, 2]", true),
    ("b\"a\" < b\"b\"", true), ("\"a\" + \"b\" == \"ab\"", true),
  ])
  func `compares text by its bytes`(text: String, holds: Bool) throws {
    #expect(try Bench.value(text) == .bool(holds))
  }

  @Test func `refuses a pattern that takes too long`() throws {
    // The checker refuses what takes too long on a short text; this takes a long one.
    let text = "foo" + String(repeating: "bar", count: 3_000) + "z"
    #expect(
      try Bench.value("s.matches(\"foo.*bar.*baz\")", ["s": .string(text)]) == .error(.regexLimit))
  }

  // MARK: Decimals

  /// `a / b` rounded half to even by doubling the remainder, on whole numbers of any size.
  private func quotient(_ a: Int128, _ b: Int128) -> Int128 {
    let sign: Int128 = (a < 0) == (b < 0) ? 1 : -1
    let (x, y) = (a.magnitude, b.magnitude)
    var whole = x / y
    let rest = x - whole * y
    if rest > y - rest || rest == y - rest && whole % 2 == 1 { whole += 1 }
    return sign * Int128(whole)
  }

  @Test func `divides decimals half to even`() throws {
    var random = SplitMix64(seed: 11)
    for round in 0..<5_000 {
      let a = number(&random)
      let b = number(&random)
      let values: [String: Value] = [
        "mxn": .decimal(Decimal(units: a, scale: 2)), "fine": .decimal(Decimal(units: b, scale: 6)),
        "i": .int(b),
      ]
      var wanted = Value.error(.divisionByZero)
      if b != 0 {
        wanted =
          Int64(exactly: quotient(Int128(a), Int128(b)))
          .map { .decimal(Decimal(units: $0, scale: 2)) } ?? .error(.overflow)
      }
      #expect(try Bench.value("mxn / i", values) == wanted, "seed 11, round \(round): \(a) / \(b)")

      let scaled = Int64(exactly: Int128(a) * 10_000)
      if scaled == nil {
        wanted = .error(.overflow)
      } else if b != 0 {
        wanted =
          Int64(exactly: quotient(Int128(a) * 10_000 * 1_000_000, Int128(b)))
          .map { .decimal(Decimal(units: $0, scale: 6)) } ?? .error(.overflow)
      }
      #expect(
        try Bench.value("mxn / fine", values) == wanted, "seed 11, round \(round): \(a) / \(b)")
    }
  }

  /// Numbers of all sizes, small ones and ties often.
  private func number(_ random: inout SplitMix64) -> Int64 {
    switch random.below(4) {
    case 0: Int64(random.below(21)) - 10
    case 1: Int64(bitPattern: random.next()) >> Int64(random.below(64))
    case 2: Int64(random.below(2_000_001)) - 1_000_000
    default: [Int64.min, .max, 0, 1, -1, 2, 5, 10, 100_000][random.below(9)]
    }
  }

  @Test(
    arguments: [
      ("mxn / 2", 250, 125), ("mxn / 2", 251, 126), ("mxn / 2", 253, 126), ("mxn / 4", 10, 2),
      ("mxn / 4", 14, 4), ("mxn / -2", 251, -126), ("mxn * 0.5", 251, 1_255),
      ("mxn + 0.01", 251, 252),
      ("-mxn", 251, -251), ("mxn * rate", 251, 251 * 12_345),
    ] as [(String, Int64, Int64)])
  func `keeps money exact`(text: String, units: Int64, wanted: Int64) throws {
    let value = try Bench.value(
      text,
      [
        "mxn": .decimal(Decimal(units: units, scale: 2)),
        "rate": .decimal(Decimal(units: 12_345, scale: 4)),
      ])
    guard case .decimal(let decimal) = value else {
      Issue.record("\(text) is \(value)")
      return
    }
    #expect(decimal.units == wanted)
  }

  @Test func `meets two scales at the finer one`() throws {
    let values: [String: Value] = [
      "mxn": .decimal(Decimal(units: 100, scale: 2)),
      "fine": .decimal(Decimal(units: 1_000_001, scale: 6)),
    ]
    #expect(try Bench.value("mxn + fine", values) == .decimal(Decimal(units: 2_000_001, scale: 6)))
    #expect(try Bench.value("mxn < fine", values) == .bool(true))
    #expect(try Bench.value("mxn == fine - 0.000001", values) == .bool(true))
    #expect(
      try Bench.value(
        "mxn + fine",
        ["mxn": .decimal(Decimal(units: .max, scale: 2)), "fine": values["fine"] ?? .missing])
        == .error(.overflow))
    #expect(
      try Bench.value("double(mxn)", ["mxn": .decimal(Decimal(units: 105, scale: 2))])
        == .double(1.05))
  }
}
