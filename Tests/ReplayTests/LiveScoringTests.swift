import Ledger
import Model
import Replay
import Testing

@Suite struct `Live scoring` {
  private let first = TestStream.referral("r1", minute: 1, from: "A", to: "B", device: "D")
  private let second = TestStream.referral("r2", minute: 2, from: "B", to: "A", device: "D")
  private let login = TestStream.login("l1", minute: 3, who: "A")

  @Test func `answers as a run over files does`() throws {
    for seed: UInt64 in 1...3 {
      let lines = TestStream.random(400, seed: seed)
      let run = try TestRun.score(lines.file)
      let ledger = try TestLedger()
      let answers = try ledger.score([lines])
      let decisions = answers.filter { answer in
        if case .refused = answer { false } else { !answer.text.hasSuffix(#""decision":null}"#) }
      }
      #expect(decisions.map(\.text) == run.lines, "seed \(seed)")
      let refusals = answers.enumerated().compactMap { index, answer in
        if case .refused(let code) = answer { "\(index + 1) \(code)" } else { nil }
      }
      #expect(
        refusals == run.refusals.map { $0.split(separator: " ").prefix(2).joined(separator: " ") })
      #expect(try ledger.rescore().liveDigest == run.digest, "seed \(seed)")
    }
  }

  @Test func `goes on after restarts as if there had been none`() throws {
    for seed: UInt64 in 1...6 {
      var random = SplitMix64(seed: seed)
      let lines = TestStream.random(250, seed: seed)
      var batches: [[String]] = []
      var rest = lines[...]
      while !rest.isEmpty {
        let count = 1 + random.below(40)
        batches.append(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      let whole = try TestLedger()
      var scoring = try whole.open()
      let expected = try TestLedger.score(lines, &scoring)
      let restarted = try TestLedger()
      #expect(try restarted.score(batches) == expected, "seed \(seed)")
      #expect(try restarted.events() == whole.events(), "seed \(seed)")
      let report = try restarted.rescore()
      #expect(report.liveDigest == report.newDigest, "seed \(seed)")
      #expect(try report.liveDigest == TestRun.score(lines.file).digest, "seed \(seed)")
    }
  }

  @Test func `answers repeats byte for byte, in a batch, across batches and restarts`() throws {
    let ledger = try TestLedger()
    let lines = [first, first, second, login, login]
    let answers = try ledger.score([lines, lines])
    #expect(answers[0] == .new(answers[0].text) && answers[1] == .again(answers[0].text))
    #expect(answers[3] == .new(answers[3].text) && answers[4] == .again(answers[3].text))
    #expect(
      answers[3].text == """
        {"sequence":3,"event":"login","id":"l1","at":"2026-01-05T00:03:00Z","decision":null}
        """)
    #expect(answers[5...].allSatisfy { if case .again = $0 { true } else { false } })
    #expect(answers[5...].map(\.text) == answers[..<5].map(\.text))
    #expect(try ledger.events() == [first, second, login])
  }

  @Test func `shows a decision again, and nothing for what was not decided`() throws {
    let ledger = try TestLedger()
    let answers = try ledger.score([[first, login]])
    let scoring = try ledger.open()
    func shown(_ event: String, _ id: String) throws -> String? {
      try scoring.decision(ofEvent: event, id: id).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(try shown("referral", "r1") == answers[0].text)
    #expect(try shown("login", "l1") == nil)
    #expect(try shown("referral", "l1") == nil)
    #expect(try shown("nothing", "r1") == nil)
    #expect(try shown("", "") == nil)
  }

  @Test func `refuses the future when it comes and takes it from the log`() throws {
    let ledger = try TestLedger()
    let latest = Timestamp(microseconds: 1_767_571_260_000_000)
    var scoring = try ledger.open()
    let answers = try scoring.score(
      [first, second].map { Array($0.utf8) }, latest: latest, receivedAt: latest)
    #expect(answers.map(Answer.init).last == .refused("future_event"))
    #expect(scoring.lastSequence == 1)
  }

  @Test func `counts outcomes once, repeats and receipts not`() throws {
    let ledger = try TestLedger()
    var scoring = try ledger.open()
    _ = try TestLedger.score([first, first, second, login], &scoring)
    // The second closes a ring of two.
    #expect(scoring.outcomes == [[1, 0, 1, 0, 0], [0, 0, 0, 0, 0]])
  }

  @Test func `stops replaying when it is no longer wanted`() throws {
    let ledger = try TestLedger()
    let lines = (0..<1_100).map { TestStream.login("l\($0)", minute: $0, who: "A") }
    _ = try ledger.score([lines])
    var asked = 0
    #expect {
      _ = try LiveScoring(
        program: try TestPackage.program(), ledger: try DecisionLedger(directory: ledger.path),
        onProgress: { done, total in
          asked += 1
          return !(done == 1_024 && total == 1_100)
        })
    } throws: { error in
      if case LiveError.stopped = error { true } else { false }
    }
    #expect(asked == 1)
  }
}

@Suite struct `Live scoring on a changed package` {
  private let lines = [
    TestStream.referral(
      "r1", minute: 1, from: "A", to: "B", device: "D", more: #","channel":"web""#),
    TestStream.claim("c1", minute: 2, who: "A", amount: "400"),
    TestStream.login("l1", minute: 3, who: "A"),
  ]

  @Test(arguments: [
    [
      (
        "  channel:     channel_kind?\n",
        "  channel:     channel_kind?\n  city: string?\n"
      )
    ],
    [("{ app, web }", "{ app, branch, web }")],
    [
      (
        "  referral_id: string id\n  at:          timestamp time\n",
        "  at:          timestamp time\n  referral_id: string id\n"
      ), ("{ app, web }", "{ web, app }"),
    ],
    [("  country:    string\n", "  age: int\n  country:    string\n")],
    [("score 45", "score 50")],
  ])
  func `knows what it answered before`(edits: [(String, String)]) throws {
    let ledger = try TestLedger()
    let before = try ledger.score([lines])
    let after = try ledger.score([lines], edits)
    #expect(after == before.map { .again($0.text) })
    let changed = lines[0].replacing("web", with: "app")
    #expect(try ledger.score([[changed]], edits) == [.refused("conflicting_body")])
  }

  @Test(arguments: [
    ([("{ app, web }", "{ app }")], "unknown_case", "/channel"),
    ([("channel:     channel_kind?", "kanal:       channel_kind?")], "unknown_field", "/channel"),
    ([("  device:      device?", "  device:      device")], "", ""),
    ([("reward:      decimal(2)", "reward:      decimal(1)")], "too_many_digits", "/reward"),
  ])
  func `names the event that no longer fits`(
    edits: [(String, String)], code: String, pointer: String
  ) throws {
    let ledger = try TestLedger()
    _ = try ledger.score([[TestStream.login("l0", minute: 0, who: "Z")] + lines])
    if code.isEmpty {
      // Every event so far has the field, so that it may become required.
      _ = try ledger.open(edits)
      return
    }
    do {
      _ = try ledger.open(edits)
      Issue.record("opened")
    } catch LiveError.incompatible(let sequence, let error) {
      #expect(sequence == 2 && error.code == code && error.pointer == pointer)
    }
  }
}

@Suite struct `Live scoring whose ledger fails` {
  @Test func `answers nothing and goes on from the log without loss or doubling`() async throws {
    let lines = TestStream.random(120, seed: 3)
    let folder = try TemporaryFolder()
    let input = try folder.write("lines", lines.file)
    await #expect(processExitsWith: .success) {
      [input = input as String, path = folder.path + "/data" as String] in
      try `Live scoring whose ledger fails`.failInTheMiddle(input, path)
    }
    let program = try TestPackage.program()
    var scoring = try LiveScoring(
      program: program, ledger: try DecisionLedger(directory: folder.path + "/data"))
    let answers = try TestLedger.score(lines, &scoring)
    let whole = try TestLedger()
    let expected = try whole.score([lines])
    #expect(answers.map(\.text) == expected.map(\.text))
    #expect(answers.allSatisfy { if case .new = $0 { false } else { true } })
  }

  private static func failInTheMiddle(_ input: String, _ path: String) throws {
    let text = try String(decoding: TemporaryFolder.contents(input), as: UTF8.self)
    let lines = text.split(separator: "\n").map(String.init)
    let program = try TestPackage.program()
    var acknowledged: [Answer] = []
    func open() throws -> LiveScoring {
      try LiveScoring(program: program, ledger: try DecisionLedger(directory: path))
    }
    var isFirst = true
    for start in stride(from: 0, to: lines.count, by: 20) {
      let batch = Array(lines[start..<start + 20])
      // Let go before the next is opened, as the service does: a ledger has one writer.
      do {
        var scoring = try open()
        try #require(isFirst || scoring.lastSequence > 0)
        isFirst = false
        limitFiles(to: 4_096)
        var failures = 0
        do { _ = try TestLedger.score(batch, &scoring) } catch LiveError.ledger { failures += 1 }
        try #require(failures == 1)
        limitFiles(to: .max)
      }
      var scoring = try open()
      acknowledged += try TestLedger.score(batch, &scoring)
    }
    // What was refused by the disk was never answered, so all of it is new now.
    let again = acknowledged.count { if case .again = $0 { true } else { false } }
    var scoring = try open()
    let repeats = try TestLedger.score(lines, &scoring)
    try #require(repeats.map(\.text) == acknowledged.map(\.text))
    try #require(again < lines.count / 2)
  }
}
