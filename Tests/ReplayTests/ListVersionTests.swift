import Compiler
import Expressions
import Ledger
import Model
import Program
import Replay
import RuleLanguage
import Testing
import Wire

/// Members of lists change while the engine runs, and a replay changes them at the same events.
@Suite struct `A list from a file` {
  private static let rules = """
    entity account { account_id: string key }
    identifier device: string links account normalize trim
    event referral retention 400d {
      referral_id: string id
      at:          timestamp time
      who:         account
      device:      device? of who
    }
    list kiosks: device {
      source "kiosks.csv" column "device"
      entries_expire_after 10d
    }
    signal outside = count() from referral where device not in kiosks by who over 30d
    reason SEEN {
      severity low
      analyst  en "." es "."
      customer en "." es "."
    }
    rule not_a_kiosk {
      title en "x" es "x"
      on     referral
      when   device not in kiosks
      score  50
      reason SEEN
      status live
      owner  "stores"
    }
    policy all { on referral decide hold at 50 otherwise grant if_unavailable hold }
    """

  private static func program() throws -> RuleProgram {
    let check = PackageChecker.check("main.rules", from: MemoryRuleFiles(["main.rules": rules]))
    #expect(check.findings.contains { $0.code.rawValue == "W0410" })
    return PackageCompiler.compile(try #require(check.rules))
  }

  private static func referral(_ number: Int, day: Int, _ device: String) -> String {
    let day = day < 10 ? "0\(day)" : "\(day)"
    return #"{"event":"referral","referral_id":"r\#(number)","at":"2026-01-\#(day)T00:00:00Z","#
      + #""who":"A","device":"\#(device)"}"#
  }

  private static func outcome(_ answer: Answer) -> String {
    answer.text.contains(#""decision":"grant""#) ? "grant" : "hold"
  }

  private static func rescore(_ ledger: TestLedger) throws -> RescoreReport {
    var report = RescoreReport()
    var live = DecisionDigest()
    var anew = DecisionDigest()
    var output: ByteFile?
    let reader = try DecisionLedger(directory: ledger.path, access: .reader)
    var rescoring = try Rescoring(program: try program())
    try rescoring.run(
      reader, comparing: 1..., upTo: reader.lastSequence, into: &report, live: &live, anew: &anew,
      output: &output, onProgress: { _ in })
    report.liveDigest = live.finish()
    report.newDigest = anew.finish()
    return report
  }

  @Test func `changes at an event, expires in event time, and replays the same`() throws {
    let ledger = try TestLedger()
    let first = Array("device,added_at\nK1,2026-01-01\n K2 ,2026-01-05T12:00:00Z\n".utf8)
    var outcomes: [String] = []
    do {
      var scoring = try LiveScoring(
        program: try Self.program(), ledger: try DecisionLedger(directory: ledger.path),
        lists: ["kiosks": first])
      outcomes += try TestLedger.score(
        [
          Self.referral(1, day: 5, " K1"), Self.referral(2, day: 5, "K3"),
          Self.referral(3, day: 10, "K1"), Self.referral(4, day: 11, "K1"),
          Self.referral(5, day: 11, "K2"),
        ], &scoring
      ).map(Self.outcome)
      let second = Array("added_at,device\r\n2026-01-02,\"K3\"\r\n".utf8)
      #expect(try scoring.setList("kiosks", to: second))
      #expect(try !scoring.setList("kiosks", to: second))
      outcomes += try TestLedger.score(
        [Self.referral(6, day: 11, "K3"), Self.referral(7, day: 11, "K2")], &scoring
      ).map(Self.outcome)
      #expect(throws: LiveError.self) {
        _ = try scoring.setList("kiosks", to: Array("nothing\n".utf8))
      }
      outcomes += try TestLedger.score([Self.referral(8, day: 11, "K3")], &scoring)
        .map(Self.outcome)
    }
    #expect(outcomes == ["grant", "hold", "grant", "hold", "grant", "grant", "hold", "grant"])
    // A restart without any file goes on with the version the log knows.
    var again = try LiveScoring(
      program: try Self.program(), ledger: try DecisionLedger(directory: ledger.path))
    let late = try TestLedger.score([Self.referral(9, day: 11, "K3")], &again)
    #expect(late.map(Self.outcome) == ["grant"])
    let report = try Self.rescore(ledger)
    #expect(report.events == 9)
    #expect(report.liveDigest == report.newDigest)
    #expect(report.moves.isEmpty && report.changedWithin == 0)
  }

  @Test func `keeps its versions whole`() throws {
    let ledger = try TestLedger()
    _ = try LiveScoring(
      program: try Self.program(), ledger: try DecisionLedger(directory: ledger.path),
      lists: ["kiosks": Array("device,added_at\nK1,2026-01-01\n".utf8)])
    let reader = try DecisionLedger(directory: ledger.path, access: .reader)
    #expect(
      try reader.listVersions() == [
        LedgerListVersion(
          name: "kiosks", firstSequence: 1,
          content: Array("device,added_at\nK1,2026-01-01\n".utf8))
      ])
  }
}
