import Foundation
import Testing

@Suite(.timeLimit(.minutes(20))) struct `The ring command` {
  private func events(_ folder: TemporaryFolder) throws -> String {
    func referral(_ id: Int, _ from: String, _ to: String, _ device: String) -> String {
      #"{"event":"referral","referral_id":"r\#(id)","at":"2026-01-05T18:0\#(id):00Z","#
        + #""referrer":"\#(from)","referee":"\#(to)","device":"\#(device)","reward":250}"# + "\n"
    }
    return try folder.write(
      "events",
      referral(1, "ANA", "BEN", "D1") + referral(2, "BEN", "CAM", "D2")
        + referral(3, "CAM", "ANA2", "D3") + referral(4, "ZOE", "ANA", "D3")
        + referral(5, "ONE", "TWO", "D5"))
  }

  @Test func `lists rings, tells one and exports it`() throws {
    let folder = try TemporaryFolder()
    let events = try events(folder)
    let list = try sabueso("ring", "list", "-r", Shipped.rules, events)
    #expect(list.code == 0)
    let lines = list.output.split(separator: "\n")
    #expect(
      lines.count == 2 && lines[1].hasPrefix("ANA ") && lines[1].contains(" 1,000.00 MXN  device 1")
    )
    let story = try sabueso("ring", "show", "CAM", "-r", Shipped.rules, events)
    #expect(
      story.output.hasPrefix(
        "A ring of 4 accounts, each leading back to every other; ANA was seen first\n"))
    #expect(story.output.contains("Decided by enrolment: 4, asking for 1,000.00 MXN\n  grant "))
    #expect(story.output.contains("  device D3, 2 of 4: ANA, ANA2\n"))
    #expect(story.output.contains("\nreferred (from → to):\n"))
    #expect(story.output.contains("  CAM → ANA2\n"))
    let spanish = try sabueso("ring", "show", "CAM", "-r", Shipped.rules, events, "--lang", "es")
    #expect(spanish.output.hasPrefix("Un anillo de 4 cuentas que llevan unas a otras; ANA "))
    for format in ["dot", "graphml", "json"] {
      let out = folder.path + "/" + format
      let ending = try sabueso(
        "ring", "export", "CAM", "-r", Shipped.rules, events, "--format", format, "-o", out)
      #expect(ending.code == 0 && ending.output.isEmpty)
      #expect(try folder.read(format).contains("ANA2"))
    }
  }

  @Test func `says what is missing`() throws {
    let folder = try TemporaryFolder()
    let events = try events(folder)
    let nobody = try sabueso("ring", "show", "TWO", "-r", Shipped.rules, events)
    #expect(nobody.code == 65 && nobody.notes.contains("TWO is in no ring"))
    for (words, code, note) in [
      ([], 64, "ring list, ring show ACCOUNT"), (["show"], 64, "say whose ring"),
      (["list"], 64, "say where to look"),
      (["list", "--data", folder.path], 74, "there is no log in"),
      (["export", "--format", "png", "x"], 64, "--format takes dot, graphml or json"),
    ] as [([String], Int32, String)] {
      let ending = try RunningCommand(["ring"] + words, environment: [:]).end()
      #expect(ending.code == code && ending.notes.contains(note), "\(words): \(ending.notes)")
    }
  }
}
