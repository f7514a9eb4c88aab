import Compiler
import Engine
import Expressions
import Foundation
import Model
import Program
import Replay
import RuleLanguage
import Testing
import Values

@testable import Explanation

/// What is explained is what the engine did.
@Suite(.timeLimit(.minutes(20))) struct `The judge of what might have been` {
  private static let package = """
    import "schema.rules"
    policy p {
      on referral
      combine noisy_or cap 90
      decide hold at 60
      decide review at 30 queue "people"
      otherwise grant
      exempt when referrer.tier == "partner"
      if_unavailable hold
    }
    param limit: int = 3 min 1 max 9
    list friends: device = ["D1", "D2"]
    list shops: device { source "shops.csv" entries_expire_after 1d }
    signal by_phone = count() from referral by device over 1d
    signal mean = avg(reward) from referral by device over 1d
    signal by_account = count() from referral by referrer over 30d
    let known = device in friends and by_phone < limit
    reason R { analyst en "x" es "x" customer en "x" es "x" }
    rule a { on referral when by_phone > limit and not known exempt when referrer.staff
      score 10 * by_phone reason R status live owner "x" }
    rule b { on referral when reward / 2 >= 150.00 or by_account(referee) >= 1
      score 35 reason R status canary 50 % owner "x" }
    rule c { on referral when mean > 180.0 score 20 reason R status live owner "x" missing fires }
    rule d { on referral when known score 100 reason R status shadow owner "x" }
    rule e { on referral when at > joined + 2h and channel != branch
      score 15 force review queue "people" reason R status live owner "x" }
    rule f { on referral when 10 / by_account > 9 score 5 reason R status live owner "x" }
    rule g { on referral
      when (device in shops and by_phone > 2) or (device not in shops and reward > 400.00)
      score device in shops ? 12 : 7 reason R status live owner "x" }
    """

  private static let schema = """
    enum kind { app, branch }
    entity account { account_id: string key  tier: string?  staff: bool }
    identifier device: string links account normalize trim
    event referral { referral_id: string id  at: timestamp time  referrer: account
      referee: account  device: device? of referee  joined: timestamp?  channel: kind?
      reward: decimal(2) unit "MXN" }
    """

  /// D3 is one of them for a day.
  private static let shops = """
    device,added_at
    D3,2026-03-02T00:00:00Z
    D2,2026-03-01T12:00:00Z

    """

  static let small = PackageChecker.check(
    "main.rules", from: MemoryRuleFiles(["schema.rules": schema, "main.rules": package]))

  static func lines(_ count: Int, seed: UInt64) -> [[UInt8]] {
    var random = SplitMix64(seed: seed)
    func pick(_ texts: String...) -> String {
      texts[Int(random.next() % UInt64(texts.count))]
    }
    return (0..<count).map { number in
      let minute = 13 * number
      let hour = "\(minute / 60 % 24)"
      let day = 1 + minute / 1440
      let time =
        "2026-03-\(day < 10 ? "0" : "")\(day)T\(hour.count < 2 ? "0" : "")\(hour):"
        + "\(minute % 60 < 10 ? "0" : "")\(minute % 60):00Z"
      let account = pick(
        #""A""#, #""B""#, #"{"account_id":"C","tier":"partner"}"#,
        #"{"account_id":"C","tier":null}"#,
        #"{"account_id":"D","staff":true}"#, #"{"account_id":"E","staff":false}"#)
      let device = pick("", #""device":"D1","#, #""device":" D2 ","#, #""device":"D3","#)
      let joined = pick("", #""joined":"2026-03-02T05:00:00Z","#)
      let channel = pick("", #""channel":"app","#, #""channel":"branch","#)
      let reward = pick("100", "250.5", "300", "299.99", "500")
      return Array(
        (#"{"event":"referral","referral_id":"r\#(number)","at":"\#(time)","#
          + #""referrer":\#(account),"referee":"\#(pick("A", "B", "N\(number)"))","#
          + device + joined + channel + #""reward":\#(reward)}"#).utf8)
    }
  }

  /// Compares every decision of a package on some lines; gives how many there were of each
  /// outcome of rules.
  static func compare(_ check: PackageCheck, _ lines: [[UInt8]]) throws -> [RuleOutcome: Int] {
    let package = ProbedPackage(try #require(check.rules, "\(check.findings)"))
    var engine = try ScoringEngine(program: PackageCompiler.compile(package.rules))
    var plain = try ScoringEngine(program: PackageCompiler.compile(try #require(check.rules)))
    for list in plain.program.listFiles.indices {
      let file = plain.program.listFiles[list]
      let bytes = FileManager.default.contents(atPath: file.path).map { Array($0) }
      let entries = try file.file.entries(of: bytes ?? Array(shops.utf8))
      engine.setList(list, to: entries)
      plain.setList(list, to: entries)
    }
    var intake = EventIntake(package.rules.schema)
    var event = Event()
    var decision = Decision()
    var own = Decision()
    var seen: [RuleOutcome: Int] = [:]
    for line in lines {
      let latest = Timestamp(microseconds: .max)
      guard case .new(let number) = try intake.admit(line.span, latest: latest, into: &event)
      else { continue }
      event.sequence = UInt64(number)
      guard engine.apply(event, into: &decision) else {
        #expect(!plain.apply(event, into: &own))
        continue
      }
      #expect(plain.apply(event, into: &own))
      let results = decision.rules.filter { $0.rule < package.ownRuleCount }
      let moment = Moment(package, decision)
      let policy = package.rules.policies[decision.policy]
      let verdict = WhatIf(moment, policy: policy, active: results.map(\.rule)).verdict()
      #expect(verdict.outcome == own.outcome && verdict.score == own.score, "\(event.idText)")
      #expect(verdict.isExempt == own.isExempt)
      #expect(verdict.rules.map(\.outcome) == own.rules.map(\.outcome), "\(event.idText)")
      #expect(verdict.rules.map(\.score) == own.rules.map(\.score), "\(event.idText)")
      #expect(verdict.rules.map(\.counted) == own.rules.map(\.counted), "\(event.idText)")
      // The rules behind its own change nothing.
      #expect(decision.outcome == own.outcome && decision.score == own.score)
      for rule in own.rules { seen[rule.outcome, default: 0] += 1 }
    }
    return seen
  }

  @Test func `says of every sample decision what the engine said`() throws {
    let seen = try `The judge of what might have been`.compare(
      SampleHistory.check, SampleHistory.lines)
    #expect((seen[.fires] ?? 0) > 100 && (seen[.silent] ?? 0) > 2_000)
  }

  @Test(arguments: [1, 2, 3])
  func `says it of every kind of value and status`(seed: UInt64) throws {
    let seen = try `The judge of what might have been`.compare(
      `The judge of what might have been`.small,
      `The judge of what might have been`.lines(300, seed: seed))
    for outcome in [RuleOutcome.fires, .silent, .unknown] { #expect((seen[outcome] ?? 0) > 20) }
  }
}

struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
