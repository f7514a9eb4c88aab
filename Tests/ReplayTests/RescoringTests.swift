import Ledger
import Model
@testable import Replay
import Testing
import Wire

@Suite struct `Rescoring a ledger` {
  private static let stricter = [("device_limit: int = 3", "device_limit: int = 1")]

  /// Two accounts on one device, then a third, and a claim with a personal id.
  private let lines = [
    TestStream.referral("r1", minute: 1, from: "A", to: "N1", device: "D", reward: "100.10"),
    TestStream.referral("r2", minute: 2, from: "B", to: "N2", device: "D", reward: "200.20"),
    TestStream.referral("r3", minute: 3, from: "C", to: "N3", device: "D", reward: "300.30"),
    TestStream.login("l1", minute: 4, who: "A"),
    TestStream.claim("S3CRET", minute: 5, who: "A", amount: "50.00"),
  ]

  @Test func `with the package that decided gives the live digest`() throws {
    for seed: UInt64 in 1...3 {
      let ledger = try TestLedger()
      let lines = TestStream.random(300, seed: seed)
      _ = try ledger.score([Array(lines[..<100]), Array(lines[100...])])
      let report = try ledger.rescore()
      #expect(report.liveDigest == report.newDigest, "seed \(seed)")
      #expect(try report.newDigest == TestRun.score(lines.file).digest, "seed \(seed)")
      #expect(report.moves.isEmpty && report.changedWithin == 0 && report.examples.isEmpty)
      #expect(try report.events == ledger.events().count)
      #expect(report.decisions < report.events)
    }
  }

  @Test func `with a changed threshold shows who moves and with how much`() throws {
    let ledger = try TestLedger()
    _ = try ledger.score([lines])
    let report = try ledger.rescore(Self.stricter)
    #expect(report.liveDigest != report.newDigest)
    let move = RescoreReport.Move(from: "grant", to: "hold")
    #expect(Array(report.moves.keys) == [move])
    let tally = try #require(report.moves[move])
    #expect(tally.count == 2)
    #expect(tally.amounts == [MoneyAmount(unit: "MXN", amount: Decimal(units: 50_050, scale: 2))])
    #expect(report.examples.map(\.sequence) == [2, 3])
    #expect(report.examples.map(\.id) == ["r2", "r3"])
    #expect(report.changedWithin == 0)
  }

  @Test func `counts what changes only in score apart`() throws {
    let ledger = try TestLedger()
    let ring = [
      TestStream.referral("r1", minute: 1, from: "A", to: "B"),
      TestStream.referral("r2", minute: 2, from: "B", to: "A"),
    ]
    _ = try ledger.score([ring])
    let report = try ledger.rescore([("score 45", "score 46")])
    #expect(report.moves.isEmpty && report.changedWithin == 1)
    #expect(report.liveDigest != report.newDigest)
  }

  @Test func `does not show personal ids`() throws {
    let ledger = try TestLedger()
    _ = try ledger.score([lines])
    let report = try ledger.rescore([("claimed > 500", "claimed > 5")])
    #expect(report.examples.map(\.event) == ["claim"])
    #expect(report.examples.first?.id == nil && report.examples.first?.sequence == 5)
  }

  @Test func `replays two releases to one live digest`() throws {
    let shorter = [("by device over 30d", "by device over 2h")]
    let ledger = try TestLedger()
    let lines = TestStream.random(200, seed: 8, isClean: true)
    var first = try ledger.open()
    _ = try TestLedger.score(Array(lines[..<90]), &first)
    let border = first.lastSequence + 1
    _ = consume first
    _ = try ledger.score([Array(lines[90...])], shorter)
    var report = RescoreReport()
    var live = DecisionDigest()
    var anew = DecisionDigest()
    var output: ByteFile?
    try ledger.rescore(
      [], from: 1, upTo: border - 1, into: &report, live: &live, anew: &anew, output: &output)
    try ledger.rescore(
      shorter, from: border, upTo: nil, into: &report, live: &live, anew: &anew,
      output: &output)
    let digest = anew.finish()
    #expect(live.finish() == digest)
    #expect(report.moves.isEmpty && report.changedWithin == 0)
    #expect(try report.events == ledger.events().count)
    // Neither package alone decided all of it.
    #expect(try ledger.rescore().newDigest != digest)
    #expect(try ledger.rescore(shorter).newDigest != digest)
  }

  @Test func `reports events the new package does not read and goes on`() throws {
    let ledger = try TestLedger()
    _ = try ledger.score([lines])
    let before = try ledger.rescore()
    let report = try ledger.rescore([
      ("reward:      decimal(2)", "reward:      decimal(1)"),
      ("login_id: string", "log_id: string"),
    ])
    #expect(report.unreadableCount == 4 && report.events == 1)
    #expect(report.unreadable.map(\.sequence) == [1, 2, 3, 4])
    #expect(report.unreadable.first?.error.code == "too_many_digits")
    #expect(report.unreadable.last?.error.pointer == "/login_id")
    // What was answered is still what was answered.
    #expect(report.liveDigest == before.liveDigest)
    #expect(report.liveDigest != report.newDigest)
  }

  @Test func `lists ten unreadable events and counts the others`() throws {
    let ledger = try TestLedger()
    _ = try ledger.score([(0..<30).map { TestStream.login("l\($0)", minute: $0, who: "A") }])
    let report = try ledger.rescore([("login_id: string", "log_id: string")])
    #expect(report.unreadableCount == 30 && report.unreadable.count == 10)
  }

  @Test func `writes the decisions made anew`() throws {
    let ledger = try TestLedger()
    let answers = try ledger.score([lines])
    let folder = try TemporaryFolder()
    var output: ByteFile? = try ByteFile.writing(folder.path + "/out")
    var report = RescoreReport()
    var live = DecisionDigest()
    var anew = DecisionDigest()
    try ledger.rescore(
      [], from: 1, upTo: nil, into: &report, live: &live, anew: &anew, output: &output)
    try output?.flush()
    let decided = answers.map(\.text).filter { !$0.hasSuffix(#""decision":null}"#) }
    #expect(try folder.read("out") == decided.file)
  }
}
