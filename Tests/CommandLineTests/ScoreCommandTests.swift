import Foundation
import Glibc
import Testing

@Suite(.timeLimit(.minutes(20))) struct `The score command` {
  @Test func `writes decisions to one place and everything else to the other`() throws {
    let folder = try TemporaryFolder()
    let events = try folder.write("events", Shipped.referrals(500))
    let ending = try sabueso("score", "-r", Shipped.rules, events)
    #expect(ending.code == 0)
    let lines = ending.output.split(separator: "\n")
    #expect(lines.count == 500)
    #expect(lines.allSatisfy { $0.hasPrefix(#"{"sequence":"#) && $0.hasSuffix("}") })
    #expect(ending.notes.contains("enrolment: 500 decisions"))
    #expect(ending.digest?.count == "digest: ".count + 64)
    let quiet = try sabueso("score", "-q", "-r", Shipped.rules, events)
    #expect(quiet.output == ending.output && quiet.notes == (ending.digest ?? "") + "\n")
  }

  @Test func `gives the same from a file, from standard input and into a file`() throws {
    let folder = try TemporaryFolder()
    let text = Shipped.referrals(300) + Shipped.referrals(50)
    let events = try folder.write("events", text)
    let direct = try sabueso("score", "-r", Shipped.rules, events)
    let piped = try sabueso("score", "-r", Shipped.rules, "-", input: text)
    #expect(piped.code == 0 && piped.output == direct.output && piped.digest == direct.digest)
    let file = try sabueso("score", "-r", Shipped.rules, "-o", folder.path + "/out", events)
    #expect(file.code == 0 && file.output.isEmpty && file.digest == direct.digest)
    #expect(try folder.read("out") == direct.output)
    let rules = Shipped.rules
    let appended = try shell(
      "{ echo before; \(RunningCommand.binary.path) score -q -r \(rules) \(events); } "
        + "1<> \(folder.path)/both")
    #expect(appended.code == 0)
    #expect(try folder.read("both") == "before\n" + direct.output)
    let parts = try folder.write("first", Shipped.referrals(100))
    let two = try sabueso("score", "-r", Shipped.rules, parts, events)
    #expect(two.digest == direct.digest)
  }

  @Test func `says with --explain who is tied to whom by what`() throws {
    let folder = try TemporaryFolder()
    func referral(_ id: Int, _ referrer: String, _ referee: String, _ more: String = "") -> String {
      #"{"event":"referral","referral_id":"r\#(id)","at":"2026-01-05T18:0\#(id):00Z","#
        + #""referrer":"\#(referrer)","referee":"\#(referee)","reward":250\#(more)}"# + "\n"
    }
    let events = try folder.write(
      "events",
      #"{"event":"login","login_id":"l","at":"2026-01-05T18:00:00Z","who":"ANA","device":"D7"}"#
        + "\n" + referral(1, "ANA", "BEN")
        + referral(2, "BEN", "ANA2", #","device":"D7","payout":"1""#))
    let out = folder.path + "/out"
    #expect(try sabueso("score", "-r", Shipped.rules, "--explain", "-o", out, events).code == 0)
    let told = try sabueso("explain", "decision", "r2", out).output
    for sentence in ["people_ring\n    BEN → ANA2  referred\n    ANA2 and #", " share device D7\n"]
    {
      #expect(told.contains(sentence), "\(told)")
    }
    #expect(told.contains(#/device_is_hub +false/#))
    let spanish = try sabueso("explain", "decision", "r2", out, "--lang", "es").output
    #expect(spanish.contains(" comparten device D7\n"))
    let plain = try sabueso("score", "-r", Shipped.rules, events)
    #expect(!plain.output.contains("evidence"))
    let digest = try sabueso("score", "-q", "-r", Shipped.rules, "--explain", events).digest
    #expect(plain.digest == digest)
  }

  @Test func `goes on behind bad lines, keeps them and ends 65`() throws {
    let folder = try TemporaryFolder()
    let bad = ["{", Shipped.referral(1, reward: "1.001"), Shipped.referral(1, reward: "9.99")]
    let events = try folder.write(
      "events",
      Shipped.referral(1) + "\n" + bad.joined(separator: "\n") + "\n" + Shipped.referral(2))
    let ending = try sabueso(
      "score", "-r", Shipped.rules, "--rejects", folder.path + "/bad", events)
    #expect(ending.code == 65 && ending.output.split(separator: "\n").count == 2)
    #expect(try folder.read("bad") == bad.joined(separator: "\n") + "\n")
    for line in [
      "\(events):2: invalid_json: ", "\(events):3: too_many_digits at /reward: ",
      "\(events):4: conflicting_body: referral `r1` was seen before",
      "3 lines refused (conflicting_body 1, invalid_json 1, too_many_digits 1); kept in",
    ] { #expect(ending.notes.contains(line), "\(ending.notes)") }
    let without = try sabueso("score", "-r", Shipped.rules, events)
    #expect(without.code == 65 && without.notes.contains("--rejects FILE keeps them"))
  }

  @Test func `stays short however many lines are bad`() throws {
    let folder = try TemporaryFolder()
    let events = try folder.write("events", String(repeating: "{}\n", count: 50_000))
    let ending = try sabueso("score", "-q", "-r", Shipped.rules, events)
    #expect(ending.code == 65)
    #expect(ending.notes.split(separator: "\n").count < 30)
    #expect(ending.notes.contains("… and 49,980 more refused lines"))
    #expect(ending.notes.contains("50,000 lines refused (missing_field 50,000)"))
  }

  @Test func `refuses the future unless it is allowed`() throws {
    let line = Shipped.referral(1, year: 2_031) + "\n"
    let refused = try sabueso("score", "-r", Shipped.rules, "-", input: line)
    #expect(refused.code == 65 && refused.notes.contains("future_event at /at"))
    let allowed = try sabueso(
      "score", "-r", Shipped.rules, "--max-skew", "3650d", "-", input: line)
    #expect(allowed.code == 0)
  }

  @Test func `does not overwrite what it reads or writes`() throws {
    let folder = try TemporaryFolder()
    let events = try folder.write("events", Shipped.referrals(3))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/link", withDestinationPath: events)
    for words in [
      ["-o", events, events], ["-o", folder.path + "/link", events], ["--rejects", events, events],
      ["-o", folder.path + "/new", "--rejects", folder.path + "/new", events],
    ] {
      let ending = try RunningCommand(["score", "-r", Shipped.rules] + words).end()
      #expect(ending.code == 64 && ending.notes.contains("is the same file as"))
    }
    #expect(try folder.read("events") == Shipped.referrals(3))
    let nowhere = try sabueso(
      "score", "-r", Shipped.rules, "-o", "/dev/null", "--rejects", "/dev/null", events)
    #expect(nowhere.code == 0)
  }

  @Test func `ends quietly when nobody reads any more`() throws {
    let folder = try TemporaryFolder()
    let events = try folder.write("events", Shipped.referrals(5_000))
    let ending = try shell(
      "$SABUESO score -r $RULES \(events) | head -1; echo ${PIPESTATUS[0]}")
    let lines = ending.output.split(separator: "\n")
    #expect(lines.count == 2 && lines.first?.contains(#""sequence":1,"#) == true)
    #expect(lines.last == "74")
    #expect(ending.notes.isEmpty)
    for line in ["$SABUESO --help | true", "$SABUESO check $RULES | true"] {
      let ending = try shell(line + "; echo ${PIPESTATUS[0]}")
      #expect(ending.output == "0\n" && ending.notes.isEmpty)
    }
  }

  @Test func `says that a disk is full`() throws {
    let folder = try TemporaryFolder()
    let events = try folder.write("events", Shipped.referrals(2_000))
    let full = try shell("$SABUESO score -r $RULES \(events) > /dev/full")
    #expect(full.code == 74)
    #expect(full.notes == "sabueso: cannot write standard output: No space left on device\n")
  }

  @Test func `keeps its files apart from streams that are closed`() throws {
    let folder = try TemporaryFolder()
    let events = try folder.write("events", Shipped.referrals(3))
    let closed = try shell(
      "$SABUESO score -r $RULES -o \(folder.path)/out \(events) <&- >&- 2>&-")
    #expect(closed.code == 0)
    let direct = try sabueso("score", "-r", Shipped.rules, events)
    #expect(try folder.read("out") == direct.output)
    let nothing = try shell("$SABUESO score -r $RULES - <&-")
    #expect(nothing.code == 0 && nothing.output.isEmpty)
  }

  @Test func `hands decisions on while a pipe is silent`() throws {
    let command = try RunningCommand(["score", "-r", Shipped.rules, "-"])
    for number in 0..<3 {
      try command.send(Shipped.referral(number) + "\n")
      #expect(
        soon { (try? command.outputSoFar())?.contains(#""id":"r\#(number)""#) == true },
        "the decision on r\(number) waits for more events")
    }
    #expect(try command.end().code == 0)
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `leaves whole lines and their digest when it is interrupted`(signal: Int32) throws {
    let folder = try TemporaryFolder()
    let command = try RunningCommand([
      "score", "-r", Shipped.rules, "-o", folder.path + "/out", "-",
    ])
    try command.send(Shipped.referrals(200) + #"{"event":"refer"#)
    #expect(soon { (try? folder.read("out"))?.contains(#""id":"r199""#) == true })
    command.signal(signal)
    let ending = try command.end(closingInput: false)
    #expect(ending.code == 130)
    let written = try folder.read("out")
    #expect(written.hasSuffix("}\n") && written.split(separator: "\n").count == 200)
    #expect(
      ending.notes.contains("interrupted: the digest is that of the decisions written so far"))
    let whole = try sabueso("score", "-r", Shipped.rules, "-", input: Shipped.referrals(200))
    #expect(ending.digest == whole.digest && whole.output == written)
  }
}
