import Compiler
import Engine
import Foundation
import Ledger
import Model
import Program
@testable import Replay
import RuleLanguage
import Testing
import Values
import Wire

/// A sweep over files and logs against whole replays.
@Suite struct `Sweeping params` {
  private static let budgets = """
    entity account { account_id: string key }
    event reward retention 400d {
      reward_id: string id
      at:        timestamp time
      who:       account
      program:   string
      amount:    decimal(2) unit "MXN"
    }
    event ping { ping_id: string id  at: timestamp time  who: account }
    param budget: decimal(2) unit "MXN" = 500 min 100 max 2000
    param least: decimal(2) unit "MXN" = 80 min 0 max 200
    signal granted = sum(amount) from payout where outcome == grant by program over 30d
    signal large = count() from reward where amount > least by program over 30d
    reason SPENT { severity low  analyst en "." es "."  customer en "No." es "No." }
    rule over_budget { on reward when granted + amount > budget force ineligible
      reason SPENT status live owner "x" }
    rule many { on reward when large > 8 score 60 reason SPENT status live owner "x" }
    policy payout { on reward decide review at 50 otherwise grant if_unavailable hold }
    policy pings { on ping otherwise grant if_unavailable hold }
    """
  private static func money(_ units: Int64) -> Value {
    .decimal(Decimal(units: units, scale: 2))
  }

  private static let values = [
    [money(50_000), money(10_000), money(70_000), money(200_000)],
    [money(8_000), money(0), money(20_000)],
  ]

  private static func rules(_ edits: [(String, String)] = []) throws -> CheckedRules {
    var text = budgets
    for (old, new) in edits {
      try #require(text.contains(old))
      text = text.replacing(old, with: new)
    }
    let check = PackageChecker.check("main.rules", from: MemoryRuleFiles(["main.rules": text]))
    return try #require(check.rules, "\(check.findings)")
  }

  private static func requests(_ count: Int) -> [String] {
    (0..<count).map { number in
      let at = 1_767_600_000_000_000 + number
      return number % 5 == 3
        ? #"{"event":"ping","ping_id":"r\#(number)","at":\#(at),"who":"A\#(number % 9)"}"#
        : #"{"event":"reward","reward_id":"r\#(number)","at":\#(at),"who":"A\#(number % 9)","#
          + #""program":"p\#(number % 3)","amount":\#(40 + number % 7 * 20)}"#
    }
  }

  /// Sweeps both params; `replaying` takes their columns away, so that replays answer.
  private static func sweep(
    _ history: SweepHistory, replaying: Bool = false
  ) throws -> SweepReport {
    let rules = try rules()
    var program = PackageCompiler.compile(rules, free: [0: values[0], 1: values[1]])
    if replaying {
      for param in program.freeParams.indices { program.freeParams[param].isFolded = true }
    }
    var sweep = try Sweep(
      program: program,
      params: rules.params.enumerated().map { position, param in
        SweptParam(name: param.name, values: values[position].map { "\($0)" }, present: 0)
      })
    try sweep.run(history)
    for (param, value) in sweep.replays {
      let own = PackageCompiler.compile(
        rules, overrides: Overrides(params: [param: values[param][value]]))
      try sweep.replay(param: param, value: value, program: own, history)
    }
    return sweep.finish()
  }

  /// A log that a package answered.
  private static func ledger(_ lines: [String], _ edits: [(String, String)] = []) throws
    -> TestLedger
  {
    let ledger = try TestLedger()
    var scoring = try LiveScoring(
      program: PackageCompiler.compile(try rules(edits)),
      ledger: try DecisionLedger(directory: ledger.path))
    _ = try TestLedger.score(lines, &scoring)
    return ledger
  }

  /// Decisions by name of a rescoring with one value, and what they ask for.
  private static func rescored(
    _ ledger: TestLedger, param: Int, _ value: Value
  ) throws -> [String: Int] {
    let folder = try TemporaryFolder()
    var output: ByteFile? = try ByteFile.writing(folder.path + "/out")
    var report = RescoreReport()
    var live = DecisionDigest()
    var anew = DecisionDigest()
    let reader = try DecisionLedger(directory: ledger.path, access: .reader)
    var rescoring = try Rescoring(
      program: PackageCompiler.compile(
        try rules(), overrides: Overrides(params: [param: value])))
    try rescoring.run(
      reader, comparing: 1..., upTo: reader.lastSequence, into: &report, live: &live, anew: &anew,
      output: &output, onProgress: { _ in })
    try output?.flush()
    var counts: [String: Int] = [:]
    let text = String(decoding: try folder.read("out"), as: UTF8.self)
    for line in text.split(separator: "\n") where line.contains(#""policy":"payout""#) {
      let name = try #require(
        line.split(separator: #""decision":""#).last?.split(separator: "\"").first)
      counts[String(name), default: 0] += 1
    }
    return counts
  }

  private static func counts(_ report: SweepReport, _ param: Int, _ value: Int) -> [String: Int] {
    let tallies = report.curves[param].points[value].policies[0].outcomes
    var counts: [String: Int] = [:]
    for (name, tally) in zip(report.policies[0].outcomes, tallies) where tally.count > 0 {
      counts[name] = tally.count
    }
    return counts
  }

  @Test(arguments: [40, 400]) func `of a log decides as rescoring with each value`(
    _ count: Int
  ) throws {
    let ledger = try Self.ledger(Self.requests(count))
    let reader = try DecisionLedger(directory: ledger.path, access: .reader)
    let report = try Self.sweep(.log(reader))
    #expect(report.events == count && report.decisions == count)
    #expect(report.curves[0].way == .columns)
    #expect(report.curves[1].way == .replays(.shapesSignals(event: 0)))
    var differing = 0
    for param in Self.values.indices {
      for (value, own) in Self.values[param].enumerated() {
        #expect(
          try Self.counts(report, param, value) == Self.rescored(ledger, param: param, own),
          "\(param) \(own)")
        differing += report.curves[param].points[value].policies[0].changed.count
      }
      #expect(report.curves[param].points[0].policies[0].changed.count == 0)
    }
    #expect(differing > count / 10)
  }

  @Test func `by columns and by replays gives the same points`() throws {
    let folder = try TemporaryFolder()
    let lines = Self.requests(500)
    let file = try folder.write("events", Array((lines + lines).joined(separator: "\n").utf8))
    let ledger = try Self.ledger(lines, [("= 500", "= 900")])
    let reader = try DecisionLedger(directory: ledger.path, access: .reader)
    for history in [
      SweepHistory.files([file], latest: Timestamp(microseconds: .max)), .log(reader),
    ] {
      let columns = try Self.sweep(history)
      let replays = try Self.sweep(history, replaying: true)
      #expect(columns.curves[0].way == .columns && replays.curves[0].way == .replays(.settled))
      for (first, second) in zip(columns.curves, replays.curves) {
        #expect(first.points == second.points)
      }
      let changed = columns.curves[0].points[1].policies[0]
      // Nine people, of whom some ask for every program.
      #expect(changed.changed.count > 0 && (1...9).contains(changed.accounts))
      #expect(changed.changed.amounts.map(\.unit) == ["MXN"])
    }
  }

  @Test func `counts money and people of what changes`() throws {
    let ledger = try Self.ledger(Self.requests(6))
    let reader = try DecisionLedger(directory: ledger.path, access: .reader)
    let report = try Self.sweep(.log(reader))
    // Rewards of 40, 60, 80, then 120 and 140: under a budget of 100 the latter two are refused.
    let part = report.curves[0].points[1].policies[0]
    #expect(part.changed.count == 2 && part.accounts == 2)
    #expect(
      part.changed.amounts == [MoneyAmount(unit: "MXN", amount: Decimal(units: 26_000, scale: 2))])
    #expect(part.outcomes.map(\.count).reduce(0, +) == 5)
    let grants = try #require(report.policies[0].outcomes.firstIndex(of: "grant"))
    #expect(
      part.outcomes[grants].amounts
        == [MoneyAmount(unit: "MXN", amount: Decimal(units: 18_000, scale: 2))])
  }

  @Test func `replays every value where the log lacks answers that signals count`() throws {
    // Rewards were governed by nobody when they came.
    let ledger = try Self.ledger(
      Self.requests(60),
      [
        ("policy payout { on reward decide review at 50 otherwise grant if_unavailable hold }", ""),
        ("signal granted = sum(amount) from payout where outcome == grant by program over 30d", ""),
        (
          """
          rule over_budget { on reward when granted + amount > budget force ineligible
            reason SPENT status live owner "x" }
          """, ""
        ),
        (
          """
          rule many { on reward when large > 8 score 60 reason SPENT status live owner "x" }
          """, ""
        ),
      ])
    let reader = try DecisionLedger(directory: ledger.path, access: .reader)
    let report = try Self.sweep(.log(reader))
    #expect(report.curves[0].way == .unanswered)
    for param in Self.values.indices {
      for (value, own) in Self.values[param].enumerated() {
        #expect(
          try Self.counts(report, param, value) == Self.rescored(ledger, param: param, own),
          "\(param) \(own)")
      }
    }
  }

  // MARK: The shipped rules

  private static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private struct Verdict: Equatable {
    var outcome: Int
    var score: Int
  }

  /// Decides the sample events; with `answered`, signals count these decisions.
  private static func verdicts(
    _ program: RuleProgram, _ lines: [Substring], answered: [Verdict]?
  ) throws -> (verdicts: [Verdict], swept: [[[Verdict]]]) {
    var options = EngineOptions()
    options.rendersTexts = false
    var engine = try ScoringEngine(program: program, options: options)
    var versions = ListVersions(program, recorded: [], given: try contents(program))
    try versions.advance(to: 0, &engine)
    var intake = EventIntake(program.schema)
    var sweep = try ParamSweep(program)
    var (event, decision) = (Event(), Decision())
    var verdicts: [Verdict] = []
    var places = [[Int]](repeating: [], count: program.events.count)
    var found: [(place: Int, change: SweptDecision)] = []
    func decide(_ type: Int) {
      var changes: [SweptDecision] = []
      sweep.decide(type, into: &changes)
      found += changes.map { (places[type][$0.lane], $0) }
      sweep.clear(type)
      places[type] = []
    }
    for line in lines {
      let latest = Timestamp(microseconds: .max)
      guard
        case .new(let number) = try intake.admit(
          Array(line.utf8).span, latest: latest, into: &event)
      else { continue }
      event.sequence = UInt64(number)
      let isGoverned = program.events[event.type].policy != nil
      let before = isGoverned ? answered?[verdicts.count] : nil
      let isDecided = engine.apply(
        event, into: &decision,
        answered: before.map { AnsweredDecision(outcome: $0.outcome, score: $0.score) },
        waitingIn: &sweep)
      guard isDecided else { continue }
      places[event.type].append(verdicts.count)
      verdicts.append(Verdict(outcome: decision.outcome, score: decision.score))
      if sweep.count(ofType: event.type) == ParamSweep.blockEvents { decide(event.type) }
    }
    for type in program.events.indices { decide(type) }
    var swept = program.freeParams.map { $0.payloads.map { _ in verdicts } }
    for (place, change) in found {
      swept[change.param][change.value][place] = Verdict(
        outcome: change.outcome, score: change.score)
    }
    return (verdicts, swept)
  }

  private static func contents(_ program: RuleProgram) throws -> ListContents {
    var contents: ListContents = [:]
    for plan in program.listFiles {
      contents[plan.name] = Array(try Data(contentsOf: URL(filePath: plan.path)))
    }
    return contents
  }

  @Test func `of the shipped rules decides the sample events as whole replays`() throws {
    let check = PackageChecker.check(
      Self.repository.appending(path: "Rules").path, from: DiskRuleFiles())
    let rules = try #require(check.rules)
    let text = try String(
      contentsOf: Self.repository.appending(path: "Examples/events.ndjson"), encoding: .utf8)
    let lines = text.split(separator: "\n")
    var free: [Int: [Value]] = [:]
    for (name, value) in [
      ("hourly_limit", Value.int(2)), ("max_accounts_per_device", .int(7)),
      ("monthly_amount", Self.money(100_000)), ("code_joins_limit", .int(4)),
    ] {
      let position = try #require(rules.params.firstIndex { $0.name == name })
      free[position] = [rules.params[position].value, value]
    }
    let (present, swept) = try Self.verdicts(
      PackageCompiler.compile(rules, free: free), lines, answered: nil)
    for (number, position) in free.keys.sorted().enumerated() {
      let value = try #require(free[position]?.last)
      let own = PackageCompiler.compile(rules, overrides: Overrides(params: [position: value]))
      let wanted = try Self.verdicts(own, lines, answered: present).verdicts
      #expect(swept[number][0] == present)
      #expect(swept[number][1] == wanted, "\(rules.params[position].name)")
      #expect(wanted != present, "\(rules.params[position].name) changes nothing")
    }
  }
}
