import Model
import Program
import Replay
import Testing

@Suite struct `A run over files` {
  private let first = TestStream.referral("r1", minute: 1, from: "A", to: "B", device: "D")
  private let second = TestStream.referral("r2", minute: 2, from: "B", to: "A", device: "D")

  @Test func `answers a repeat again byte for byte, within a batch and across`() throws {
    for batchSize in [1, 2, 64] {
      let run = try TestRun.score([first, first, second, first, second].file, batchSize: batchSize)
      try #require(run.lines.count == 5)
      #expect(run.lines[0] == run.lines[1] && run.lines[0] == run.lines[3])
      #expect(run.lines[2] == run.lines[4])
      #expect(run.lines[0].hasPrefix(#"{"sequence":1,"event":"referral","id":"r1","#))
      #expect(run.lines[2].hasPrefix(#"{"sequence":2,"event":"referral","id":"r2","#))
      #expect(run.events == 2 && run.repeated == 3)
      #expect(run.refusals.isEmpty)
    }
  }

  @Test func `knows a repeat whose members stand in another order`() throws {
    let other =
      #"{"reward":250.0,"referee":{"account_id":"B"},"device":"D","referrer":"A","#
      + #""at":"2026-01-05T00:01:00.000Z","referral_id":"r1","event":"referral"}"#
    let run = try TestRun.score([first, other].file)
    #expect(run.lines.count == 2 && run.lines.first == run.lines.last)
    #expect(run.repeated == 1)
  }

  @Test func `does not count repeats in the digest`() throws {
    #expect(
      try TestRun.score([first, first, second, second].file).digest
        == TestRun.score([first, second].file).digest)
    #expect(
      try TestRun.score([first, second].file).digest
        != TestRun.score([second, first].file).digest)
  }

  @Test func `refuses another body under a known id and goes on`() throws {
    let changed = TestStream.referral("r1", minute: 1, from: "A", to: "C", device: "D")
    let run = try TestRun.score([first, changed, second].file)
    #expect(run.refusals == ["2 conflicting_body "])
    #expect(run.rejects == [changed].file)
    #expect(run.digest == (try TestRun.score([first, second].file).digest))
  }

  /// What a line is told depends on the one before, and that one's mistakes come first.
  @Test func `tells of lines in their order, whatever stands beside them`() throws {
    let changed = TestStream.referral("r1", minute: 1, from: "A", to: "C", device: "D")
    let long = String(repeating: "x", count: Limits.eventBytes + 9)
    // By line, the refusal it gets once `first` has come; nil for an answer.
    let kinds: [(line: String, refusal: String?)] = [
      (first, nil), (second, nil), (changed, "conflicting_body "), ("{", "invalid_json "),
      (long, "too_large "),
    ]
    for (left, right) in kinds.flatMap({ left in kinds.map { (left, $0) } }) {
      let input = [(first, nil), left, right, (changed, "conflicting_body ")]
      let refused = input.enumerated().filter { $0.element.1 != nil }
      for batchSize in [1, 2, 3, 64] {
        let run = try TestRun.score(input.map(\.0).file, batchSize: batchSize)
        #expect(run.refusals == refused.map { "\($0.offset + 1) \($0.element.1 ?? "")" })
        #expect(run.rejects == refused.map(\.element.0).file)
        #expect(run.lines.count == input.count - refused.count)
        let hasSecond = left.line == second || right.line == second
        #expect(run.events == (hasSecond ? 2 : 1))
        #expect(run.repeated == run.lines.count - run.events)
      }
    }
  }

  @Test func `writes no line for an event that no policy governs, nor for its repeat`() throws {
    let login = TestStream.login("l1", minute: 1, who: "A")
    let run = try TestRun.score([login, first, login].file)
    #expect(run.lines.count == 1 && run.lines.first?.contains(#""id":"r1""#) == true)
    #expect(run.lines.first?.hasPrefix(#"{"sequence":2,"#) == true)
    #expect(run.events == 2 && run.repeated == 1)
  }

  @Test func `takes one id under two event types as two events`() throws {
    let login = TestStream.login("r1", minute: 1, who: "A")
    let run = try TestRun.score([first, login].file)
    #expect(run.events == 2 && run.refusals.isEmpty)
  }

  @Test func `reads a last line without newline, CR LF, a byte order mark and nothing`() throws {
    let expected = try TestRun.score([first, second].file)
    let variants = [
      Array((first + "\n" + second).utf8), Array((first + "\r\n" + second + "\r\n").utf8),
      [0xEF, 0xBB, 0xBF] + [first, second].file, Array((first + "\n\n \n" + second + "\n").utf8),
    ]
    for variant in variants { #expect(try TestRun.score(variant).output == expected.output) }
    let nothing = try TestRun.score([])
    #expect(nothing.output.isEmpty && nothing.isComplete && nothing.events == 0)
    // SHA-256 of no bytes.
    #expect(nothing.digest.hasPrefix("e3b0c44298fc1c149afbf4c8996fb924"))
  }

  @Test func `keeps refused lines as they came, even those beyond the limit`() throws {
    var bytes: [UInt8] = [first].file
    let notText: [UInt8] =
      Array("{\"event\":\"referral\",\"note\":\"".utf8) + [0xFF, 0xC0, 0x22, 0x7D]
    let long = Array(
      ("{\"event\":\"" + String(repeating: "long", count: Limits.eventBytes) + "\"}").utf8)
    let short = Array("{not an event".utf8)
    for line in [notText, long, short] { bytes += line + [10] }
    bytes += [second].file
    let run = try TestRun.score(bytes)
    #expect(run.refusals == ["2 invalid_utf8 ", "3 too_large ", "4 invalid_json "])
    #expect(run.rejects == notText + [10] + long + [10] + short + [10])
    #expect(run.lines.count == 2)
    #expect(run.digest == (try TestRun.score([first, second].file).digest))
  }

  @Test func `names line and place of each mistake`() throws {
    let cases = [
      (first.replacing("\"referral\"", with: "\"referal\""), "unknown_event /event"),
      (first.replacing("\"reward\"", with: "\"rewrd\""), "unknown_field /rewrd"),
      (first.replacing("250.00", with: "true"), "wrong_type /reward"),
      (first.replacing("250.00", with: "250.000"), "too_many_digits /reward"),
      (first.replacing(#""referrer":"A","#, with: ""), "missing_field /referrer"),
      (
        first.replacing(#""referrer""#, with: #""referee":"Z","referrer""#),
        "duplicate_key /referee"
      ),
      (first.replacing("2026-01", with: "2026-13"), "invalid_time /at"),
    ]
    let run = try TestRun.score((cases.map(\.0) + [first]).file)
    #expect(run.refusals == cases.enumerated().map { "\($0.offset + 1) \($0.element.1)" })
    #expect(run.lines.count == 1)
  }

  @Test func `writes the same bytes for every size of batch, to files and to pipes`() throws {
    for seed: UInt64 in 1...4 {
      let input = TestStream.random(700, seed: seed).file
      let expected = try TestRun.score(input)
      // The stream must hold what the test is about.
      #expect(expected.repeated > 20 && expected.refusals.count > 5 && expected.events > 300)
      for batchSize in [1, 7, 16, 256] {
        let run = try TestRun.score(input, batchSize: batchSize)
        #expect(run == expected, "seed \(seed), batches of \(batchSize)")
        let piped = try TestRun.scoreThroughPipes(input, pieces: 4_099, batchSize: batchSize)
        #expect(piped == expected, "seed \(seed), batches of \(batchSize) through pipes")
      }
    }
  }

  @Test func `writes the same bytes with the engine on a thread of its own and without`() throws {
    for seed: UInt64 in 5...12 {
      let input = TestStream.random(1_500, seed: seed).file
      for batchSize in [1, 5, 64] {
        let alone = try TestRun.score(input, batchSize: batchSize, hasEngineThread: false)
        #expect(alone.repeated > 20 && alone.refusals.count > 5)
        let beside = try TestRun.score(input, batchSize: batchSize)
        #expect(beside == alone, "seed \(seed), batches of \(batchSize)")
      }
    }
  }

  @Test(arguments: [true, false])
  func `ends with an error when answers cannot be written`(hasEngineThread: Bool) throws {
    var options = ScoreOptions()
    options.hasEngineThread = hasEngineThread
    var run = try ScoreRun(
      program: try TestPackage.program(), output: try ByteFile.writing("/dev/full"),
      options: options)
    let folder = try TemporaryFolder()
    let input = try folder.write("in", TestStream.random(9_000, seed: 3, isClean: true).file)
    var rejects: ByteFile?
    var message = ""
    do throws(ScoreError) {
      _ = try run.score(
        try ScoreError.inFile { () throws(FileError) in try ByteFile.reading(input) },
        rejects: &rejects, onReject: { _ in }, onProgress: { _, _ in true })
      _ = try run.finish()
    } catch {
      if case .file(let error) = error { message = "\(error.action) \(error.path)" }
    }
    #expect(message == "write /dev/full")
  }

  @Test func `ends where it is told to, with whole lines and the digest of those`() throws {
    let lines = TestStream.random(9_000, seed: 9, isClean: true)
    // More than one chunk, so that there is something left to do.
    let input = lines.file
    try #require(input.count > 1 << 20)
    let run = try TestRun.score(input, stopAfterCalls: 1)
    #expect(!run.isComplete)
    // All lines that ended in the first chunk, the last one too.
    let end = try #require(input[..<(1 << 20)].lastIndex(of: 10))
    let first = try TestRun.score(Array(input[...end]))
    #expect(run.events > 100 && run.output == first.output && run.digest == first.digest)
    let decided = try TestRun.score(input)
    #expect(decided.isComplete && decided.events > run.events)
  }

  @Test func `refuses the future and takes what the clock allows`() throws {
    var options = ScoreOptions()
    options.latest = Timestamp(microseconds: 1_767_571_260_000_000)
    let folder = try TemporaryFolder()
    var run = try ScoreRun(
      program: try TestPackage.program(), output: ByteFile.writing(folder.path + "/out"),
      options: options)
    var rejects: ByteFile?
    var refusals: [String] = []
    _ = try run.score(
      ByteFile.reading(try folder.write("in", [first, second].file)), rejects: &rejects,
      onReject: { refusals.append("\($0.number) \($0.error.code) \($0.error.pointer)") },
      onProgress: { _, _ in true })
    #expect(refusals == ["2 future_event /at"])
    #expect(run.summary.rejected == ["future_event": 1])
  }

  @Test func `sums money by outcome`() throws {
    let lines = (1...6).map {
      TestStream.referral("r\($0)", minute: $0, from: "A", to: "N\($0)", reward: "100.5")
    }
    let folder = try TemporaryFolder()
    var run = try ScoreRun(
      program: try TestPackage.program(), output: ByteFile.writing(folder.path + "/out"),
      options: ScoreOptions())
    var rejects: ByteFile?
    _ = try run.score(
      ByteFile.reading(try folder.write("in", lines.file)), rejects: &rejects, onReject: { _ in },
      onProgress: { _, _ in true })
    _ = try run.finish()
    let outcomes = try #require(run.summary.outcomes.first)
    #expect(outcomes.map(\.count) == [4, 2, 0, 0, 0])
    #expect(outcomes[0].amounts.map(\.amount.description) == ["402.00"])
    #expect(outcomes[1].amounts.map(\.unit) == ["MXN"])
  }
}

@Suite struct `The message for another body` {
  private func error(_ lines: [String]) throws -> IntakeError {
    var intake = EventIntake(try TestPackage.program().schema)
    var event = Event()
    for line in lines.dropLast() {
      _ = try intake.admit(
        Array(line.utf8).span, latest: Timestamp(microseconds: .max), into: &event)
    }
    let last = try #require(lines.last)
    do {
      _ = try intake.admit(
        Array(last.utf8).span, latest: Timestamp(microseconds: .max), into: &event)
    } catch {
      return error
    }
    throw Accepted()
  }

  private struct Accepted: Error {}

  @Test func `names the event by its id`() throws {
    let error = try error([
      TestStream.login("l1", minute: 1, who: "A"), TestStream.login("l1", minute: 1, who: "B"),
    ])
    #expect(error == .conflictingBody(event: "login", id: "l1"))
    #expect(error.detail == "login `l1` was seen before with other contents.")
  }

  @Test func `keeps a personal id to itself`() throws {
    let error = try error([
      TestStream.claim("S3CRET", minute: 1, who: "A", amount: "1"),
      TestStream.claim("S3CRET", minute: 1, who: "A", amount: "2"),
    ])
    #expect(error == .conflictingBody(event: "claim", id: nil))
    #expect(!(error.detail + error.remedy + error.pointer).contains("S3CRET"))
  }
}
