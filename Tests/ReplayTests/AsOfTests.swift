import Compiler
import Engine
import Foundation
import Ledger
import Model
import Program
import Replay
import RuleLanguage
import Testing
import Wire

/// Events that came late are decided the night after as if they had come in time.
@Suite struct `Rescoring as of` {
  @Test func `a shuffled stream gives the digest of the ordered one`() throws {
    let whole = try TestPackage.program([])
    for seed: UInt64 in 1...4 {
      let ordered = TestStream.random(400, seed: seed).compactMap { Timed($0, of: whole) }
        .enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
        .map(\.element)
      // The order of a key and its repeats must stay, so each id is kept once.
      var seen: Set<String> = []
      let lines = ordered.filter { seen.insert($0.id).inserted }
      var random = SplitMix64(seed: seed)
      // Late by up to an hour, the order of equal times kept.
      var delays: [Int64: Int64] = [:]
      for line in lines where delays[line.at] == nil {
        delays[line.at] = Int64(random.below(3_600)) * 1_000_000
      }
      let shuffled = lines.enumerated().sorted {
        ($0.element.at + (delays[$0.element.at] ?? 0), $0.offset)
          < ($1.element.at + (delays[$1.element.at] ?? 0), $1.offset)
      }.map(\.element.line)
      let ledger = try TestLedger()
      try Self.check(ledger, whole, shuffled, lines.map(\.line), seed)
    }
  }

  private struct Timed {
    var at: Int64
    var id: String
    var line: String

    /// A line that is an event of the package.
    init?(_ line: String, of program: RuleProgram) {
      var intake = EventIntake(program.schema)
      var event = Event()
      let bytes = Array(line.utf8)
      guard
        (try? intake.admit(bytes.span, latest: Timestamp(microseconds: .max), into: &event)) != nil
      else { return nil }
      at = event.time.microseconds
      id = "\(event.type) \(event.idText)"
      self.line = line
    }
  }

  static func check(
    _ ledger: TestLedger, _ program: RuleProgram, _ shuffled: [String], _ ordered: [String],
    _ seed: UInt64
  ) throws {
    #expect(shuffled != ordered)
    var scoring = try LiveScoring(
      program: program, ledger: try DecisionLedger(directory: ledger.path))
    for start in stride(from: 0, to: shuffled.count, by: 500) {
      let batch = Array(shuffled[start..<min(start + 500, shuffled.count)])
      _ = try TestLedger.score(batch, &scoring)
    }
    let other = try TestLedger()
    var straight = try LiveScoring(
      program: program, ledger: try DecisionLedger(directory: other.path))
    for start in stride(from: 0, to: ordered.count, by: 500) {
      let batch = Array(ordered[start..<min(start + 500, ordered.count)])
      _ = try TestLedger.score(batch, &straight)
    }
    let asDecided = try digest(other, program, asOf: false)
    #expect(try digest(ledger, program, asOf: true) == asDecided, "seed \(seed)")
    #expect(try digest(ledger, program, asOf: false) != asDecided, "seed \(seed): nothing was late")
  }

  private static func digest(
    _ ledger: TestLedger, _ program: RuleProgram, asOf: Bool
  ) throws -> String {
    var report = RescoreReport()
    var live = DecisionDigest()
    var anew = DecisionDigest()
    var output: ByteFile?
    let reader = try DecisionLedger(directory: ledger.path, access: .reader)
    var rescoring = try Rescoring(program: program)
    try rescoring.run(
      reader, asOf: asOf, comparing: 1..., upTo: reader.lastSequence, into: &report, live: &live,
      anew: &anew, output: &output, onProgress: { _ in })
    return anew.finish()
  }

  // MARK: Other people's data

  private static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let messages = repository.deletingLastPathComponent()
    .appending(path: "shared/data/graph/collegemsg/CollegeMsg.txt")

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: messages.path), "needs shared/data/graph"))
  func `college messages shuffled within an hour give the digest of the ordered ones`() throws {
    let path = Self.repository
      .appending(path: "Tests/ConformanceTests/Packages/messages.rules").path
    let check = PackageChecker.check(path, from: DiskRuleFiles())
    let program = PackageCompiler.compile(try #require(check.rules))
    var random = SplitMix64(seed: 11)
    var delays: [Int: Int] = [:]
    var lines: [(arrival: Int, line: String)] = []
    let text = try String(contentsOf: Self.messages, encoding: .utf8)
    // `SABUESO_EVERYTHING=1` takes all 59,835 of them.
    let isWhole = ProcessInfo.processInfo.environment["SABUESO_EVERYTHING"] != nil
    let rows = text.split(separator: "\n").prefix(isWhole ? .max : 15_000)
    for (row, message) in rows.enumerated() {
      let parts = message.split(separator: " ")
      let second = try #require(Int(parts[2]))
      let delay = delays[second] ?? random.below(3_600)
      delays[second] = delay
      lines.append(
        (
          second + delay,
          #"{"event":"message","message_id":"m\#(row)","at":\#(second)000000,"#
            + #""src":"\#(parts[0])","dst":"\#(parts[1])"}"#
        ))
    }
    let shuffled = lines.enumerated().sorted {
      ($0.element.arrival, $0.offset) < ($1.element.arrival, $1.offset)
    }.map(\.element.line)
    try Self.check(try TestLedger(), program, shuffled, lines.map(\.line), 11)
  }
}
