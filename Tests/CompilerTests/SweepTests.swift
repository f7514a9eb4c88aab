import Compiler
import Engine
import Expressions
import Model
import Program
import RuleLanguage
import Testing
import Values

/// Columns of waiting events over a package with all that rules can ask: signals of their own key
/// and of others, decisions that signals count, attributes, texts of identifiers and computed
/// ones, lists whose entries expire, shares of events, periods, collected values.
@Suite struct `A sweep of params` {
  private static let start: Int64 = 1_767_636_000_000_000
  private static let minute: Int64 = 60_000_000

  private static let text = """
    enum channel_kind { app, web }
    entity account { account_id: string key  country: string  age: int }
    identifier device: string links account normalize trim
    event referral {
      referral_id: string id
      at:          timestamp time
      referrer:    account
      device:      device? of referrer
      email:       string?
      channel:     channel_kind?
      reward:      decimal(2) unit "MXN"
      tries:       int?
    }
    event claim {
      claim_id: string id  at: timestamp time  who: account  device: device? of who
      amount: decimal(2) unit "MXN"
    }
    event login { login_id: string id  at: timestamp time  who: account  device: device? of who }
    list kiosks: device { source "kiosks.csv" column "device"  entries_expire_after 10d }

    param least: decimal(2) unit "MXN" = 50 min 0 max 500
    param most: int = 3 min 0 max 20
    param points: int = 20 min 0 max 100
    param home: string = "MX"
    param is_strict: bool = false
    param rate_limit: decimal(2) unit "MXN" = 10 min 1 max 100
    param youngest: int = 20 min 0 max 40
    param share_limit: int = 2 min 0 max 9
    param period_limit: int = 2 min 0 max 9
    param in_set: int = 4
    param base: int = 5 min 1 max 9
    param doubled: int = base * 2
    param place: int = 1 min 0 max 5

    signal invited = count() from referral by referrer over 2d
    signal large = count() from referral where reward > least by referrer over 2d
    signal paid = sum(reward) from referral by device over lifetime
    signal seen = count() from login by device over 3d
    signal granted = count() from all where outcome == grant by referrer over 1d
    signal amounts = collect(tries, 4) from referral by referrer over 3d
    let rate = reward / tries
    let local = email.lowerAscii()

    reason R { severity low  analyst en "{invited} {most}" es "."  customer en "." es "." }
    reason C { severity low  analyst en "." es "."  customer en "." es "." }
    policy all {
      on referral
      combine noisy_or cap 95
      exempt when tries == most + 4
      decide block at 80
      decide hold at 40 for 2h
      otherwise grant
      if_unavailable hold
    }
    policy claims { on claim combine max  decide hold at 30  otherwise grant  if_unavailable hold }

    rule busy { on referral when invited > most and device not in kiosks
      score points reason R status live owner "x" }
    rule granted_often { on referral when granted > most score 15 + most
      reason R status live owner "x" }
    rule others { on referral when invited("a1") > most * 3 and local != "bo@x"
      exempt when tries > most score 25 force review reason R status live owner "x" }
    rule abroad { on referral when referrer.country != home or local == home
      score 20 reason R status live owner "x" missing fires }
    rule mail { on referral when local.matches("^[a-z]+[0-9]{2,}@") or is_strict
      score 10 reason R status live owner "x" missing errors }
    rule rated { on referral when rate > rate_limit and paid > 100.00 and seen > 0
      score 30 reason R status live owner "x" }
    rule young { on referral when referrer.age < youngest score 12 reason R status live owner "x" }
    rule many_large { on referral when large > 2 score 8 reason R status live owner "x" }
    rule shared { on referral when tries > share_limit
      score 5 reason R status canary 40 % owner "x" }
    rule early { on referral when invited > period_limit score 15 reason R status live owner "x"
      active from "2026-01-05T18:30:00Z" until "2026-01-05T20:00:00Z" }
    rule member { on referral when tries in [in_set, 7] score 9 reason R status live owner "x" }
    rule twice { on referral when tries * tries > doubled score 7 reason R status live owner "x" }
    rule collected { on referral when amounts[place] > 3 score 6 reason R status live owner "x" }
    rule steady { on referral when channel == web score 21 reason R status live owner "x" }
    rule unseen { on referral when seen < most score 50 reason R status shadow owner "x" }
    rule claimed { on claim when seen(device) >= most or amount > 80.00
      score points reason C status live owner "x" }
    """

  private static let values: [String: [Value]] = [
    "least": [.decimal(Decimal(units: 5_000, scale: 2)), .decimal(Decimal(units: 0, scale: 2))],
    "most": [.int(3), .int(0), .int(1), .int(2), .int(20)],
    "points": [.int(20), .int(0), .int(99), .int(100)],
    "home": [.string("MX"), .string("CO"), .string("ñandú"), .string("ana12@x")],
    "is_strict": [.bool(false), .bool(true)],
    "rate_limit": [
      .decimal(Decimal(units: 1_000, scale: 2)), .decimal(Decimal(units: 2_500, scale: 2)),
    ],
    "youngest": [.int(20), .int(0), .int(40)],
    "share_limit": [.int(2), .int(0)], "period_limit": [.int(2), .int(0)],
    "in_set": [.int(4), .int(5)], "base": [.int(5), .int(1)], "place": [.int(1), .int(0)],
  ]

  private static func check(setting: [String: Value] = [:]) throws -> CheckedRules {
    let check = PackageChecker.check(
      "main.rules", from: MemoryRuleFiles(["main.rules": text]), setting: setting)
    let errors = check.findings.filter { $0.code.severity == .error }
    return try #require(
      check.rules, "\(DiagnosticRenderer(sources: check.sources).render(errors[0]))")
  }

  /// By param and value the package as if its file said so, compiled once.
  private static let programs: [String: [RuleProgram]] = Dictionary(
    uniqueKeysWithValues: values.map { name, values in
      (
        name,
        values.compactMap { value in
          (try? check(setting: [name: value])).map { PackageCompiler.compile($0) }
        }
      )
    })

  private static func events(_ schema: Schema, count: Int) -> [Event] {
    var random = SplitMix64(seed: 4_711)
    return (1...count).map { sequence in
      let number = random.below(6)
      let name = number < 4 ? "referral" : number == 4 ? "claim" : "login"
      let position = schema.events.firstIndex { $0.name == name } ?? 0
      let type = schema.events[position]
      var event = Event()
      event.reset(type: position, slotCount: type.slotCount)
      event.sequence = UInt64(sequence)
      event.time = Timestamp(microseconds: start + Int64(sequence) * minute / 5)
      for field in type.fields { set(field, in: type, sequence, &event, &random) }
      return event
    }
  }

  private static func set(
    _ field: Field, in type: EventType, _ sequence: Int, _ event: inout Event,
    _ random: inout SplitMix64
  ) {
    let number = random.below(12)
    if field.isOptional && random.once(in: 4) { return }
    switch field.name {
    case type.fields[type.idField].name:
      event.set(field.slot, utf8: "e\(sequence)".utf8)
      event.id = TextReference(bits: event.payloads[field.slot])
    case "at": event.set(field.slot, payload: UInt64(bitPattern: event.time.microseconds))
    case "referrer", "who":
      event.set(field.slot, utf8: "a\(number)".utf8)
      if random.once(in: 2) {
        event.set(field.slot + 1, utf8: ["MX", "CO", "US", "ñandú"][random.below(4)].utf8)
      }
      if random.once(in: 3) { event.set(field.slot + 2, payload: UInt64(random.below(40))) }
    case "device":
      event.set(field.slot, utf8: ([" ", ""][random.below(2)] + "d\(number) ").utf8)
    case "email":
      event.set(field.slot, utf8: ["Ana12@x", "ab", "Bo@x", "MX", "é99@"][number % 5].utf8)
    case "channel": event.set(field.slot, payload: UInt64(number % 2))
    case "reward", "amount": event.set(field.slot, payload: UInt64(number * 1_500))
    default: event.set(field.slot, payload: UInt64(number % 9))
    }
  }

  private static func prepare(_ engine: inout ScoringEngine) {
    engine.setList(
      0,
      to: (0..<10).map { number in
        // Half of them expire among the events.
        ListEntry(
          text: Array("d\(number)".utf8),
          expiry: number % 2 == 0 ? .max : start + Int64(number) * 10 * minute)
      })
  }

  /// Blocks that end within, at and behind a whole number of events.
  @Test(arguments: [(600, 256), (255, 256), (256, 256), (257, 256), (40, 1)])
  func `decides as an engine of each value`(_ count: Int, _ size: Int) throws {
    let rules = try Self.check()
    let events = Self.events(rules.schema, count: count)
    let free = positions(rules, Self.values)
    let program = PackageCompiler.compile(rules, free: free)
    let swept = try SweptVerdicts(program, events, blocksOf: size, prepare: Self.prepare)
    // With registers of its own a param decides as without.
    let plain = PackageCompiler.compile(rules)
    #expect(
      try swept.present
        == verdicts(plain, events, answered: swept.present) {
          Self.prepare(&$0)
        })
    var differing: Set<String> = []
    for (number, param) in program.freeParams.enumerated() where swept.refusals[number] == nil {
      let name = rules.params[param.param].name
      for (place, value) in try #require(free[param.param]).enumerated() {
        // A program of that value alone.
        let own = try #require(Self.programs[name]?[place])
        let wanted = try verdicts(own, events, answered: swept.present, prepare: Self.prepare)
        #expect(swept.byValue[number][place] == wanted, "\(name) = \(value)")
        if wanted != swept.present { differing.insert(name) }
      }
    }
    guard count >= 255 else { return }
    #expect(
      differing == ["most", "points", "home", "is_strict", "rate_limit", "youngest"],
      "\(differing)")
    #expect(Set(swept.types).count == 2)
  }

  @Test func `refuses what columns cannot tell and says why`() throws {
    let rules = try Self.check()
    let program = PackageCompiler.compile(rules, free: positions(rules, Self.values))
    let sweep = try ParamSweep(program)
    let events = program.catalog.eventNames
    let named = program.catalog.rules.map(\.name)
    for (number, param) in program.freeParams.enumerated() {
      let refusal = sweep.refusal(ofParam: number)
      switch rules.params[param.param].name {
      case "least":
        #expect(refusal == .shapesSignals(event: try #require(events.firstIndex(of: "referral"))))
      case "share_limit":
        #expect(refusal == .share(rule: try #require(named.firstIndex(of: "shared"))))
      case "period_limit":
        #expect(refusal == .period(rule: try #require(named.firstIndex(of: "early"))))
      case "in_set", "base": #expect(refusal == .settled)
      case "place":
        #expect(refusal == .collected(event: try #require(events.firstIndex(of: "referral"))))
      case let name: #expect(refusal == nil, "\(name)")
      }
    }
  }

  @Test func `another value of a param reaches what is made of it`() throws {
    let rules = try Self.check(setting: ["base": .int(9)])
    let doubled = try #require(rules.params.first { $0.name == "doubled" })
    #expect(doubled.value == .int(18))
    #expect(rules.settledParams == [try #require(rules.params.firstIndex { $0.name == "base" })])
  }
}
