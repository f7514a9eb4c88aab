import Expressions
import Model
import RuleLanguage
import Testing

@Suite struct `The values of a param` {
  private static let text = """
    enum level { low, mid, high }
    entity account { account_id: string key }
    identifier device: string links account normalize trim
    event gift { gift_id: string id  at: timestamp time  who: account  size: int }
    param limit: int = 5 min 2 max 50
    param few: int = 3 min 2 max 10
    param amount: decimal(2) unit "MXN" = 4000 min 500 max 50000
    param wait: duration = 10s min 2s max 60s
    param days: duration = 60d min 14d max 180d
    param ratio: double = 0.5 min 0.0 max 1.0
    param whole: uint = 7 min 1 max 9
    param since: timestamp = timestamp("2026-01-05T00:00:00Z")
    param is_on: bool = true
    param grade: level = mid
    param home: string = "MX"
    param phone: device = " D1 "
    param free: int = -3
    policy gifts { on gift otherwise grant if_unavailable hold }
    """

  private static let rules = Result {
    let check = PackageChecker.check("main.rules", from: MemoryRuleFiles(["main.rules": text]))
    return try #require(check.rules, "\(check.findings.map(\.title.english))")
  }

  private func texts(_ name: String, _ asked: String?) throws -> [String] {
    let rules = try Self.rules.get()
    let param = try #require(rules.params.first { $0.name == name })
    let reader = ParamValues(param, in: rules)
    return try reader.values(asked).map(reader.text)
  }

  @Test(
    arguments: [
      ("few", nil, "2 3 4 5 6 7 8 9 10"),
      ("limit", nil, "2 5 10 15 19 23 28 32 36 41 45 50"),
      (
        "amount", nil,
        "500.00 4000.00 10000.00 14000.00 19000.00 23000.00 28000.00 32000.00 37000.00 41000.00 "
          + "46000.00 50000.00"
      ),
      ("wait", nil, "2s 10s 13s 18s 23s 28s 34s 39s 44s 49s 55s 1m"),
      ("days", nil, "14d 29d 44d 60d 74d 89d 105d 120d 135d 150d 165d 180d"),
      ("whole", nil, "1u 2u 3u 4u 5u 6u 7u 8u 9u"), ("is_on", nil, "false true"),
      ("grade", nil, "low mid high"), ("limit", "2..6", "2 3 4 5 6"), ("limit", "7..9", "5 7 8 9"),
      ("limit", "10..40:15", "5 10 25 40"), ("limit", "9,2,9", "2 5 9"), ("limit", "5", "5"),
      ("amount", "500..1500:500.00", "500.00 1000.00 1500.00 4000.00"),
      ("amount", "600.5,700", "600.50 700.00 4000.00"), ("wait", "2s..1m:29s", "2s 10s 31s 1m"),
      ("ratio", "0.25,1.0", "0.25 0.5 1.0"), ("ratio", "0.0..1.0:0.5", "0.0 0.5 1.0"),
      ("free", "-5..-2", "-5 -4 -3 -2"), ("grade", "high,low", "high low mid"),
      ("home", #""a,b","MX""#, #""a,b" "MX""#), ("phone", #"" D2 ""#, #""D2" "D1""#),
      (
        "since", #"timestamp("2026-01-01T00:00:00Z")"#,
        #"timestamp("2026-01-01T00:00:00Z") timestamp("2026-01-05T00:00:00Z")"#
      ),
    ] as [(String, String?, String)])
  func `are read, spread and ordered`(name: String, asked: String?, wanted: String) throws {
    #expect(try texts(name, asked).joined(separator: " ") == wanted)
  }

  @Test(
    arguments: [
      ("free", nil, "`free` has no bounds to go by", "free=-3..1"),
      ("home", nil, "`home` has no bounds to go by", #"home="MX",…"#),
      ("home", #"MX"#, "`MX` is no value of `home`", #"string is written like "MX""#),
      ("grade", "top", "`top` is no value of `grade`", "level is written like mid"),
      ("grade", "low..high", "which has no ranges", "grade=A,B"),
      ("limit", "2..", "`` is no value of `limit`", "like 5"),
      ("limit", "2,,3", "`` is no value of `limit`", "like 5"),
      ("limit", "2 3", "`2 3` is no value of `limit`", "like 5"),
      ("limit", "2.5", "`2.5` is no value of `limit`", "like 5"),
      ("limit", "few", "`few` is no value of `limit`", "like 5"),
      ("limit", "1 / 0", "`1 / 0` is no value of `limit`", "like 5"),
      ("limit", "2..9:-1", "steps of -1 lead nowhere", "more than 0"),
      ("amount", "500..50000:0.01", "more than 200 values of `amount`", "larger steps than 0.01"),
      ("wait", "1s..5s", "1s is less than 2s, the least", "widen"),
      ("ratio", "0.5,1.5", "1.5 is more than 1.0, the greatest", "widen"),
    ] as [(String, String?, String, String)])
  func `are refused with reason and remedy`(
    name: String, asked: String?, message: String, remedy: String
  ) throws {
    let fault = #expect(throws: ParamFault.self) { try texts(name, asked) }
    #expect(fault?.message.contains(message) == true, "\(String(describing: fault))")
    #expect(fault?.remedy?.contains(remedy) == true, "\(String(describing: fault))")
  }
}
