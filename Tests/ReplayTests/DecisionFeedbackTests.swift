import Compiler
import Ledger
import Model
import Program
import Replay
import RuleLanguage
import Testing
import Wire

/// Budgets count what was granted, whether requests come alone, together or after a restart.
@Suite struct `Decisions as events` {
  private static let rules = """
    entity account { account_id: string key }
    event reward retention 400d {
      reward_id: string id
      at:        timestamp time
      who:       account
      program:   string
      amount:    decimal(2) unit "MXN"
    }
    param budget: decimal(2) unit "MXN" = 500
    signal granted = sum(amount) from payout where outcome == grant by program over 30d
    reason SPENT {
      severity low
      analyst  en "{granted} granted" es "{granted} otorgado"
      customer en "No budget." es "Sin presupuesto."
    }
    rule over_budget {
      title en "Budget" es "Presupuesto"
      on     reward
      when   granted + amount > budget
      force  ineligible
      reason SPENT
      status live
      owner  "growth"
    }
    policy payout { on reward otherwise grant if_unavailable hold }
    """

  private static func program(budget: Int = 500) throws -> RuleProgram {
    let text = rules.replacing("= 500", with: "= \(budget)")
    let check = PackageChecker.check("main.rules", from: MemoryRuleFiles(["main.rules": text]))
    return PackageCompiler.compile(try #require(check.rules))
  }

  private static func request(_ number: Int, _ amount: Int) -> String {
    #"{"event":"reward","reward_id":"r\#(number)","at":\#(1_767_600_000_000_000 + number),"#
      + #""who":"A\#(number)","program":"p","amount":\#(amount)}"#
  }

  private static func isGranted(_ answer: Answer) -> Bool {
    answer.text.contains(#""decision":"grant""#)
  }

  @Test func `keep a budget within one batch, across batches and after a restart`() throws {
    let lines = (0..<40).map { Self.request($0, 60 + $0 % 5 * 17) }
    var outcomes: [[Bool]] = []
    for size in [1, 2, 7, 40] {
      let ledger = try TestLedger()
      var granted: [Bool] = []
      for start in stride(from: 0, to: lines.count, by: size) {
        var scoring = try LiveScoring(
          program: try Self.program(), ledger: try DecisionLedger(directory: ledger.path))
        let batch = Array(lines[start..<min(start + size, lines.count)])
        granted += try TestLedger.score(batch, &scoring).map(Self.isGranted)
      }
      outcomes.append(granted)
    }
    let amounts = (0..<40).map { 60 + $0 % 5 * 17 }
    let spent = zip(amounts, outcomes[0]).filter(\.1).map(\.0).reduce(0, +)
    #expect(spent <= 500 && spent > 440, "\(spent)")
    for other in outcomes { #expect(other == outcomes[0]) }
  }

  @Test func `are those answered, unless a rescoring is told to make its own`() throws {
    let ledger = try TestLedger()
    var scoring = try LiveScoring(
      program: try Self.program(), ledger: try DecisionLedger(directory: ledger.path))
    let lines = (0..<10).map { Self.request($0, 100) }
    #expect(try TestLedger.score(lines, &scoring).filter(Self.isGranted).count == 5)
    // With more budget: as answered, five were paid, and each later one fits beside those five.
    #expect(try Self.granted(ledger, budget: 700, .logged) == 10)
    // With its own decisions the new budget is spent after seven.
    #expect(try Self.granted(ledger, budget: 700, .own) == 7)
    #expect(try Self.granted(ledger, budget: 500, .logged) == 5)
    #expect(try Self.granted(ledger, budget: 500, .own) == 5)
  }

  /// How many requests of a log another budget grants.
  private static func granted(
    _ ledger: TestLedger, budget: Int, _ feedback: RescoreFeedback
  ) throws -> Int {
    var report = RescoreReport()
    var live = DecisionDigest()
    var anew = DecisionDigest()
    var output: ByteFile?
    let reader = try DecisionLedger(directory: ledger.path, access: .reader)
    var rescoring = try Rescoring(program: try program(budget: budget), feedback: feedback)
    try rescoring.run(
      reader, comparing: 1..., upTo: reader.lastSequence, into: &report, live: &live, anew: &anew,
      output: &output, onProgress: { _ in })
    let flipped = report.moves.filter { $0.key.to == "grant" }.map { $0.value.count }
    let lost = report.moves.filter { $0.key.from == "grant" }.map { $0.value.count }
    return 5 + flipped.reduce(0, +) - lost.reduce(0, +)
  }

  @Test func `cannot be sent`() throws {
    let ledger = try TestLedger()
    var scoring = try LiveScoring(
      program: try Self.program(), ledger: try DecisionLedger(directory: ledger.path))
    let forged = Self.request(1, 100).replacing(#""event":"reward""#, with: #""event":"payout""#)
    #expect(try TestLedger.score([forged], &scoring) == [.refused("unknown_event")])
  }
}
