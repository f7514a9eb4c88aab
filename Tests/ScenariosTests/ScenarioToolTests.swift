import Expressions
import RuleLanguage
import Scenarios
import Testing

/// A package with one rule, whose tests each test replaces.
private enum Package {
  static func check(_ tests: String) -> PackageCheck {
    PackageChecker.check("main.rules", from: MemoryRuleFiles(["main.rules": rules + tests]))
  }

  static let rules = """
    entity account {
      account_id: string key
      is_employee: bool
    }
    identifier device: string links account normalize trim
    event referral retention 90d {
      referral_id: string id
      at:          timestamp time
      referrer:    account
      referee:     account
      device:      device? of referee
      reward:      decimal(2) unit "MXN"
    }
    param limit: int = 2 min 1 max 9
    signal refs_1h = count() from referral by referrer over 1h
    reason FAST {
      severity low
      analyst  en "{referrer}" es "{referrer}"
      customer en "Wait." es "Espera."
    }
    rule fast {
      on     referral
      when   refs_1h > limit and device == "D1"
      exempt when referrer.is_employee
      score  60
      reason FAST
      status live
      owner  "x"
    }
    policy reward_grant {
      on referral
      decide hold at 50 for 72h
      otherwise grant
      if_unavailable hold
    }

    """

  /// What shows every part of the condition on both sides.
  static let thorough = """
    test "the third on one phone" {
      repeat 3 as i every 1m referral{ referrer: "R", referee: "N" + string(i), device: "D1", reward: 1 }
      expect rule fast fires
    }
    test "the second is fine" {
      repeat 2 as i every 1m referral{ referrer: "R", referee: "N" + string(i), device: "D1", reward: 1 }
      expect rule fast silent
    }
    test "another phone, and an employee" {
      repeat 3 as i every 1m referral{ referrer: "R", referee: "N" + string(i), device: "D2", reward: 1 }
      expect rule fast silent
      given account{ account_id: "E", is_employee: true }
      repeat 3 as i every 1m referral{ referrer: "E", referee: "M" + string(i), device: "D1", reward: 1 }
      expect rule fast silent
    }
    test "no phone" {
      repeat 3 as i every 1m referral{ referrer: "R", referee: "N" + string(i), reward: 1 }
      expect rule fast unknown
    }
    """
}

@Suite struct `A failing test` {
  @Test func `shows each part of the condition with what it read`() throws {
    let check = Package.check(
      """
      test "two are enough" {
        repeat 2 as i every 1m referral{ referrer: "R", referee: "N" + string(i), device: "D1", reward: 1 }
        expect rule fast fires
        expect decision hold
      }
      """)
    var reports: [ScenarioReport] = []
    try #require(ScenarioRunner(check)).run { reports.append($0) }
    let failures = try #require(reports.first).failures
    #expect(failures.map(\.got) == ["silent", "grant"])
    #expect(
      failures[0].values == [
        "false   refs_1h > limit   (refs_1h = 2, limit = 2)",
        "true    device == \"D1\"   (device = \"D1\")",
        "missing referrer.is_employee   (referrer.is_employee = missing)",
      ])
    #expect(failures[1].values == [])
  }

  @Test func `shows the rules behind a decision`() throws {
    let check = Package.check(
      """
      test "three are granted" {
        with limit = 1
        repeat 2 as i every 1m referral{ referrer: "R", referee: "N" + string(i), device: "D1", reward: 1 }
        expect score == 0
      }
      """)
    var reports: [ScenarioReport] = []
    try #require(ScenarioRunner(check)).run { reports.append($0) }
    #expect(reports.first?.failures.map(\.values) == [["fast fires with score 60"]])
  }
}

@Suite struct `Coverage of conditions` {
  @Test func `counts how each part came out on every event`() throws {
    let runner = try #require(ScenarioRunner(Package.check(Package.thorough)))
    let coverage = try runner.coverage()
    #expect(coverage.parts.count == 3)
    let limit = coverage.parts[0]
    #expect(coverage.sources.text(limit.span) == "refs_1h > limit")
    #expect((limit.trueCount, limit.falseCount, limit.missingCount) == (4, 10, 0))
    #expect(limit.seen == (2, 2))
    let device = coverage.parts[1]
    #expect((device.trueCount, device.falseCount, device.missingCount) == (8, 3, 3))
    #expect(device.seen == (3, 3))
    let employee = coverage.parts[2]
    #expect((employee.trueCount, employee.falseCount, employee.missingCount) == (3, 0, 11))
    #expect(employee.seen == (2, 3))
    #expect(coverage.seen == (7, 8))
  }

  @Test func `counts only the tests that run`() throws {
    let runner = try #require(ScenarioRunner(Package.check(Package.thorough)))
    let coverage = try runner.coverage(filter: "no phone")
    #expect(coverage.parts.map(\.missingCount) == [0, 3, 3])
  }
}

@Suite struct `Changes of conditions` {
  private func survivors(_ tests: String) throws -> (all: Int, unnoticed: [String]) {
    var all = 0
    var unnoticed: [String] = []
    try #require(MutationRun(Package.check(tests))).run { report in
      all += 1
      if report.noticedBy == nil { unnoticed.append(report.replacement) }
    }
    return (all, unnoticed)
  }

  @Test func `are all noticed by thorough tests`() throws {
    let found = try survivors(Package.thorough)
    // Never firing, a sign, an opposite each, the connective and its sides, the exemption, a param.
    #expect(found.all == 10)
    #expect(found.unnoticed == [])
  }

  @Test func `show what a shallow test overlooks`() throws {
    let found = try survivors(
      """
      test "ten on one phone" {
        repeat 10 as i every 1m referral{ referrer: "R", referee: "N" + string(i), device: "D1", reward: 1 }
        expect rule fast fires
      }
      """)
    #expect(
      found.unnoticed == [
        "refs_1h > limit or device == \"D1\"", "refs_1h > limit", "device == \"D1\"",
        "refs_1h >= limit", "false", "limit = 1", "limit = 3",
      ])
  }

  @Test func `stop when told to`() throws {
    var count = 0
    try #require(MutationRun(Package.check(Package.thorough))).run(isStopped: { count == 2 }) { _ in
      count += 1
    }
    #expect(count == 2)
  }
}
