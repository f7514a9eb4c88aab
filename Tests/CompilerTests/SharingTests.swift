import Compiler
import Engine
import Expressions
import Model
import Program
import RuleLanguage
import Testing
import Values

@Suite struct `A compiled package` {
  static let schema = """
    enum channel_kind { app, web }
    entity account { account_id: string key  country: string }
    identifier device: string links account normalize trim
    event referral {
      referral_id: string id
      at: timestamp time
      referrer: account
      referee: account
      device: device? of referee
      tablet: device? of referee
      channel: channel_kind?
      reward: int
    }
    event login { login_id: string id  at: timestamp time  who: account }
    param limit: int = 5
    param shop: device = "  SHOP 1 "
    list kiosks: device = [" K1 ", "K2"]
    reason R {
      severity low  analyst en "{hole}" es "." customer en "." es "."
    }
    policy p { on referral otherwise grant if_unavailable hold }

    """

  static func rules(_ text: String, hole: String = "reward") throws -> CheckedRules {
    let source = schema.replacing("{hole}", with: "{\(hole)}") + text
    let check = PackageChecker.check("a.rules", from: MemoryRuleFiles(["a.rules": source]))
    let errors = check.findings.filter { $0.code.severity == .error }
    return try #require(check.rules, "\(errors.map(\.title.english))")
  }

  static func rule(_ name: String, _ condition: String) -> String {
    "rule \(name) { on referral when \(condition) reason R status live owner \"x\" }\n"
  }

  static func compiled(_ text: String, hole: String = "reward") throws -> RuleProgram {
    PackageCompiler.compile(try rules(text, hole: hole))
  }

  // MARK: Sharing

  @Test func `keeps texts without values in the catalog, and others for the engine`() throws {
    let rule = `A compiled package`.rule("r", "reward > 1")
    func program(_ english: String) throws -> RuleProgram {
      let source = `A compiled package`.schema.replacing("{hole}", with: english) + rule
      let check = PackageChecker.check("a.rules", from: MemoryRuleFiles(["a.rules": source]))
      return PackageCompiler.compile(try #require(check.rules))
    }
    let fixed = try program("Too much")
    #expect(fixed.catalog.rules[0].fixedTexts?.analystEnglish == "Too much")
    #expect(fixed.catalog.rules[0].fixedTexts?.customerSpanish == ".")
    #expect(fixed.events[0].rules[0].texts == nil)
    let open = try program("{reward} is too much")
    #expect(open.catalog.rules[0].fixedTexts == nil)
    #expect(open.events[0].rules[0].texts != nil)
  }

  @Test func `keeps one list for windows over one event, key and filter`() throws {
    let program = try `A compiled package`.compiled(
      """
      signal a = count() from referral where reward > limit by referrer over 1h
      signal b = sum(reward) from referral where reward > limit by referrer over 1d
      signal c = distinct(referee) from referral where (reward > limit) by referrer over 1h
      signal d = sum(reward) from referral where reward > limit by referrer over 7d
      signal other_key = count() from referral where reward > limit by referee over 1h
      signal other_filter = count() from referral where reward > 5 by referrer over 1h
      signal no_filter = count() from referral by referrer over 1h
      """)
    #expect(program.lists.count == 4)
    #expect(program.lists[0].windows == [3_600_000_000, 86_400_000_000, 604_800_000_000])
    #expect(program.lists[0].sumColumns == 1)
    #expect(program.lists[0].distinctColumns == [0])
    #expect(program.events[0].feeds.map(\.list) == [0, 1, 2, 3])
    #expect(program.events[1].feeds.isEmpty)
  }

  @Test func `computes an expression once`() throws {
    let program = try `A compiled package`.compiled(
      "let rich = reward * 7 > 100\n"
        + `A compiled package`.rule("one", "reward * 7 > 100 and channel == app")
        + `A compiled package`.rule("two", "rich and channel == app")
        + `A compiled package`.rule("three", "reward * 7 > 100"))
    let code = program.events[0].evaluation
    #expect(code.map(\.operation) == [.multiplyInt, .lessInt, .equalBits, .and])
    #expect(program.events[0].rules[0].when == program.events[0].rules[1].when)
  }

  @Test func `folds what is constant, params included`() throws {
    let program = try `A compiled package`.compiled(
      `A compiled package`.rule("one", "reward > 2 * limit + 1"))
    #expect(program.events[0].evaluation.map(\.operation) == [.lessInt])
    #expect(program.events[0].constants.map(\.payload) == [11])
    let rules = try `A compiled package`.rules(
      `A compiled package`.rule("one", "reward > 2 * limit + 1"))
    let other = PackageCompiler.compile(rules, overrides: Overrides(params: [0: .int(7)]))
    #expect(other.events[0].constants.map(\.payload) == [15])
    #expect(other.catalog.packageHash != program.catalog.packageHash)
  }

  @Test func `keeps the error of a constant that fails`() throws {
    let program = try `A compiled package`.compiled(
      `A compiled package`.rule("one", "1 / 0 > reward"))
    #expect(program.events[0].constants.map(\.state) == [.error])
  }

  // MARK: Identifiers

  private struct Sent {
    var device: String?
    var tablet: String?
    var reward: Int64 = 100
    var referrer = "R"
    var referee = "N"
    var country: String?
  }

  /// Outcomes of all rules on the last event sent.
  private static func outcomes(
    _ text: String, _ sent: [Sent], overrides: Overrides = Overrides()
  ) throws -> [RuleOutcome] {
    let rules = try rules(text)
    let program = PackageCompiler.compile(rules, overrides: overrides)
    var engine = try ScoringEngine(program: program)
    var decision = Decision()
    for (position, values) in sent.enumerated() {
      var event = Event()
      let type = rules.schema.events[0]
      event.reset(type: 0, slotCount: type.slotCount)
      event.sequence = UInt64(position + 1)
      event.time = Timestamp(microseconds: Int64(position + 1) * 1_000_000)
      func slot(_ name: String) -> Int { type.fields.first { $0.name == name }?.slot ?? -1 }
      event.set(slot("at"), payload: UInt64(bitPattern: event.time.microseconds))
      event.set(slot("referral_id"), utf8: "e\(position)".utf8)
      event.id = TextReference(bits: event.payloads[slot("referral_id")])
      event.set(slot("referrer"), utf8: values.referrer.utf8)
      event.set(slot("referee"), utf8: values.referee.utf8)
      if let country = values.country { event.set(slot("referee") + 1, utf8: country.utf8) }
      if let device = values.device { event.set(slot("device"), utf8: device.utf8) }
      if let tablet = values.tablet { event.set(slot("tablet"), utf8: tablet.utf8) }
      event.set(slot("reward"), payload: UInt64(bitPattern: values.reward))
      #expect(engine.apply(event, into: &decision))
    }
    return decision.rules.map(\.outcome)
  }

  @Test(arguments: [
    ("device == \" D1 \"", " D1", RuleOutcome.fires), ("device == \"D1\"", "\tD1 ", .fires),
    ("\" D1\" != device", "D1", .silent), ("device == \"d1\"", "D1", .silent),
    ("device == shop", " SHOP 1", .fires), ("device in kiosks", "K1  ", .fires),
    ("device in kiosks", "K3", .silent), ("device not in kiosks", " K2", .silent),
    ("device in [\" K9 \", shop]", "K9", .fires), ("device in [\" K9 \", shop]", "SHOP 1", .fires),
    ("\" K1\" in kiosks", "D", .fires), ("shop in [\"SHOP 1\"]", "D", .fires),
    ("device == (reward > 1 ? \" A \" : \"B\")", "A", .fires),
    ("device == tablet", " T1 ", .unknown), ("default(tablet, \" D5 \") == device", "D5", .fires),
    ("device.startsWith(\"D\")", "  D7", .fires),
  ])
  func `compares identifiers as they are normalised`(
    condition: String, device: String, outcome: RuleOutcome
  ) throws {
    let rules = `A compiled package`.rule("one", condition)
    #expect(try `A compiled package`.outcomes(rules, [Sent(device: device)]) == [outcome])
  }

  @Test func `treats a missing identifier as missing in every comparison`() throws {
    let rules =
      `A compiled package`.rule("one", "device == \"D1\"")
      + `A compiled package`.rule("two", "device in kiosks")
      + `A compiled package`.rule("three", "device is missing")
    #expect(try `A compiled package`.outcomes(rules, [Sent()]) == [.unknown, .unknown, .fires])
  }

  // MARK: Asked signals

  static let signals = """
    signal refs = count() from referral by referrer over 1h
    signal uses = count() from referral by device over 1h
    signal by_both = count() from referral by referrer, referee over 1h
    signal by_country = count() from referral by referee.country over 1h

    """

  @Test(arguments: [
    ("refs == 3", RuleOutcome.fires), ("refs(referrer) == 3", .fires),
    ("refs(referee) == 2", .fires),
    ("refs(\"R\") == 3", .fires), ("refs(\"nobody\") == 0", .fires),
    ("by_both(referrer, referee) == by_both", .fires), ("by_both(referee, referrer) == 1", .fires),
    ("uses(\" D1 \") == 2", .fires), ("uses(tablet) == 2", .fires), ("uses(device) == 1", .fires),
    // Its argument is computed for the rule before, then asked for while another expression is
    // built.
    ("default(tablet, device) == \"D1\" and uses(default(tablet, device)) == 2", .fires),
    ("refs(reward > 50 ? referee : referrer) == 2", .fires),
    ("uses(reward > 50 ? tablet : device) == uses(tablet)", .fires),
    ("by_country(referee.country) == by_country", .fires), ("by_country(\"MX\") == 1", .fires),
  ])
  func `asks signals about other keys`(condition: String, outcome: RuleOutcome) throws {
    let sent = [
      Sent(device: "D1", referrer: "R", referee: "A", country: "MX"),
      Sent(device: "D1 ", referrer: "N", referee: "R", country: "CO"),
      Sent(device: "D3", referrer: "N", referee: "B", country: "CO"),
      Sent(device: "D3", referrer: "R", referee: "C", country: "CO"),
      Sent(device: "D2", tablet: " D1", reward: 100, referrer: "R", referee: "N", country: "CO"),
    ]
    let rules = `A compiled package`.signals + `A compiled package`.rule("one", condition)
    #expect(try `A compiled package`.outcomes(rules, sent) == [outcome])
  }

  @Test func `gives a missing answer for a missing key`() throws {
    let rules =
      `A compiled package`.signals + `A compiled package`.rule("one", "uses(tablet) == 0")
      + `A compiled package`.rule("two", "uses(tablet) is missing")
      + `A compiled package`.rule("three", "by_country > 0")
    #expect(
      try `A compiled package`.outcomes(rules, [Sent(device: "D")]) == [.unknown, .fires, .unknown])
  }

  @Test func `reads each question once, and before any rule`() throws {
    let program = try `A compiled package`.compiled(
      `A compiled package`.signals
        + `A compiled package`.rule("one", "default(tablet, device) == \"D1\"")
        + `A compiled package`.rule("two", "uses(default(tablet, device)) > 1 or refs(referee) > 2")
        + `A compiled package`.rule("three", "uses(default(tablet, device)) > 5"),
      hole: "refs(referee)")
    let asked = program.events[0].reads.filter { !$0.isStored }
    #expect(asked.map(\.signal) == [1, 0])
    // The argument is computed again before the reads, where the rule's own came too late.
    #expect(program.events[0].arrival.map(\.operation) == [.orDefault])
    #expect(program.events[0].arrival[0].a == asked[0].keys[0])
    #expect(program.events[0].explanation.isEmpty)
  }

  @Test func `replaces lists and params of a test`() throws {
    let rules = `A compiled package`.rule("one", "device in kiosks and reward > limit")
    let given = Overrides(params: [0: .int(500)], lists: [0: [.string("K7")]])
    #expect(
      try `A compiled package`.outcomes(rules, [Sent(device: "K7 ", reward: 501)], overrides: given)
        == [.fires])
    #expect(
      try `A compiled package`.outcomes(rules, [Sent(device: "K1", reward: 501)], overrides: given)
        == [.silent])
  }
}
