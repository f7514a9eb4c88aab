import Foundation
import Glibc
import Testing

@Suite(.timeLimit(.minutes(20))) struct `What a command writes` {
  @Test func `goes into no file that it reads`() throws {
    let folder = try TemporaryFolder()
    let events = try folder.write("events", Shipped.referrals(3))
    let event = try folder.write("event", Shipped.referral(9))
    let rules = try folder.rules("device_reuse.rules", "score", "score")
    let schema = try folder.read("rules/schema.rules")
    for words in [
      ["explain", "decision", "r1", "-r", Shipped.rules, "--events", events, "-o", events],
      ["ring", "export", "-r", Shipped.rules, events, "-o", events],
      ["eval", "-r", Shipped.rules, "-e", event, "-o", event],
      ["score", "-r", rules, "-o", rules + "/schema.rules", events],
      ["score", "-r", rules, "--rejects", rules + "/schema.rules", events],
      ["score", "-r", rules + "/policies.rules", "-o", rules + "/schema.rules", events],
      [
        "score", "-r", Shipped.rules, events, "-o", folder.path + "/n", "--rejects",
        folder.path + "/./n",
      ],
      ["test", rules, "--coverage-html", rules + "/schema.rules"],
    ] {
      let ending = try RunningCommand(words).end()
      #expect(ending.code == 64 && ending.notes.contains("is the same file as"), "\(words)")
    }
    #expect(try folder.read("events") == Shipped.referrals(3))
    #expect(try folder.read("event") == Shipped.referral(9))
    #expect(try folder.read("rules/schema.rules") == schema)
  }

  @Test func `spares a log`() throws {
    let folder = try TemporaryFolder()
    let log = try folder.write("log.sqlite", "a log")
    let link = folder.path + "/link"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: folder.path)
    for words in [["rescore"], ["ring", "export"], ["snapshot", "create"]] {
      for data in [folder.path, link] {
        let ending = try RunningCommand(words + ["--data", data, "-o", log]).end()
        #expect(ending.code == 64 && ending.notes.contains("is the same file as"), "\(words)")
      }
    }
    #expect(try folder.read("log.sqlite") == "a log")
  }

  @Test func `may bear the name of what is no file, and be written again`() throws {
    let folder = try TemporaryFolder()
    let events = try folder.write("events", Shipped.referrals(3))
    for _ in 0..<2 {
      let ending = try shell(
        "cd \(folder.path); $SABUESO explain decision r1 -r $RULES --events \(events) -o r1; echo $?"
      )
      #expect(ending.output == "0\n")
    }
    let emptied = try shell("$SABUESO score -r $RULES - -o \(events) < \(events); echo $?")
    #expect(emptied.output == "64\n" && emptied.notes.contains("standard input"))
    #expect(try folder.read("events") == Shipped.referrals(3))
  }

  @Test func `goes through a pipe that has a name`() throws {
    let folder = try TemporaryFolder()
    let event = try folder.write("event", Shipped.referral(9))
    let pipe = folder.path + "/pipe"
    // SAFETY: the path is a valid C string for the call.
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    let ending = try shell(
      "timeout 60 cat \(pipe) & $SABUESO eval -r $RULES -e \(event) --format json -o \(pipe); "
        + "code=$?; wait; echo $code")
    #expect(ending.output.hasPrefix("{") && ending.output.hasSuffix("}\n0\n"))
    let type = try FileManager.default.attributesOfItem(atPath: pipe)[.type] as? FileAttributeType
    #expect(type != .typeRegular)
  }

  @Test func `goes nowhere where there is no place for it`() throws {
    let folder = try TemporaryFolder()
    let event = try folder.write("event", Shipped.referral(9))
    for (place, reason) in [
      (folder.path, "Is a directory"), (folder.path + "/none/page", "there is no folder"),
    ] {
      let ending = try sabueso("eval", "-r", Shipped.rules, "-e", event, "-o", place)
      #expect(ending.code == 74 && ending.notes.contains(reason), "\(ending.notes)")
    }
  }

  @Test(arguments: [
    "check $RULES --format sarif", "check $RULES/schema.rules --format json", "eval '1 + 1'",
    "--help", "explain E0201", "plan $RULES $RULES",
  ])
  func `and loses is told`(line: String) throws {
    let ending = try shell("$SABUESO \(line) > /dev/full; echo $?")
    #expect(ending.output == "74\n")
    #expect(ending.notes.contains("cannot write standard output"))
  }

  @Test func `of input of which some was refused is told by how it ends`() throws {
    let folder = try TemporaryFolder()
    let events = try folder.write("events", Shipped.referrals(3) + #"{"event":"ref"# + "\n")
    let event = try folder.write("event", Shipped.referral(9))
    for words in [
      ["ring", "list", "-r", Shipped.rules, events],
      ["eval", "-r", Shipped.rules, "-e", event, "--events", events],
    ] {
      let ending = try RunningCommand(words).end()
      #expect(ending.code == 65 && ending.notes.contains("invalid_json"), "\(words)")
    }
  }
}
