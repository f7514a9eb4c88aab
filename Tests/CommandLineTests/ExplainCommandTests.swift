import Foundation
import Testing

/// Decisions made anew and told to people.
@Suite(.timeLimit(.minutes(20))) struct `The explain and eval commands` {
  private static let rules = """
    entity account { account_id: string key }
    identifier device: string links account normalize trim
    event referral { referral_id: string id  at: timestamp time  referrer: account
      referee: account  device: device? of referee  reward: decimal(2) unit "MXN" }
    list kiosks: device { source "kiosks.csv" title en "Kiosks" es "Kioscos" }
    signal brought = distinct(referee) from referral by device over 30d
      title en "Accounts this phone brought" es "Cuentas que trajo este teléfono"
    reason R { analyst en "{brought} accounts" es "{brought} cuentas"
      customer en "We will look at it." es "Lo revisaremos." }
    rule many { title en "Many on one phone" es "Muchas en un teléfono" on referral
      when brought > 2 and device not in kiosks score 60 reason R status live owner "x" }
    policy p { on referral decide hold at 50 otherwise grant if_unavailable hold }
    """

  private static func line(_ number: Int, _ device: String) -> String {
    #"{"event":"referral","referral_id":"r\#(number)","at":"2026-01-05T10:00:00Z","#
      + #""referrer":"A","referee":"N\#(number)","device":"\#(device)","reward":250}"# + "\n"
  }

  private let folder: TemporaryFolder
  private let path: String
  private let events: String

  init() throws {
    folder = try TemporaryFolder()
    path = try folder.write("main.rules", `The explain and eval commands`.rules)
    _ = try folder.write("kiosks.csv", "device\nK\n")
    let lines = (0..<4).flatMap {
      [
        `The explain and eval commands`.line($0, "D"),
        `The explain and eval commands`.line(100 + $0, "K"),
      ]
    }
    events = try folder.write("events.ndjson", lines.joined())
  }

  @Test func `tell a decision of the past, and what would have changed it`() throws {
    let told = try sabueso("explain", "decision", "r3", "-r", path, "--events", events)
    #expect(told.code == 0, "\(told.notes)")
    #expect(told.output.contains("HOLD, score 60"))
    #expect(told.output.contains("brought > 2   (brought = 4, margin 2)"), "\(told.output)")
    #expect(
      told.output.contains(
        "grant instead of hold if “Accounts this phone brought” (brought) were at most 2; it is 4"))
    let kiosk = try sabueso("explain", "decision", "r103", "-r", path, "--events", events)
    #expect(kiosk.output.contains("GRANT, score 0"))
    #expect(kiosk.output.contains("false    device not in kiosks"), "\(kiosk.output)")
  }

  @Test func `tell what would be decided on one more event`() throws {
    let next = try folder.write("next.json", `The explain and eval commands`.line(9, "D"))
    let told = try sabueso(
      "eval", "-r", path, "-e", next, "--events", events, "--format", "json", "--lang", "es")
    #expect(told.code == 0, "\(told.notes)")
    let page = try JSONSerialization.jsonObject(with: Data(told.output.utf8)) as? [String: Any]
    #expect(page?["decision"] as? String == "hold" && page?["id"] as? String == "r9")
    #expect(page?["customer"] as? [String] == ["Lo revisaremos."])
    let alone = try sabueso("eval", "-r", path, "-e", next, "--format", "html")
    #expect(alone.output.hasPrefix("<!DOCTYPE html>") && alone.output.contains(">grant<"))
  }

  @Test func `say what is wrong with a question`() throws {
    let unknown = try sabueso("explain", "decision", "r77", "-r", path, "--events", events)
    #expect(unknown.code == 65 && unknown.notes.contains("no event `r77`"))
    let nowhere = try sabueso("explain", "decision", "r1", "-r", path)
    #expect(nowhere.code == 64 && nowhere.notes.contains("--events FILE"))
    let unformed = try sabueso("explain", "decision", "r1", events, "--format", "html")
    #expect(unformed.code == 64)
    let again = try folder.write("again.json", `The explain and eval commands`.line(1, "D"))
    let known = try sabueso("eval", "-r", path, "-e", again, "--events", events)
    #expect(known.code == 65 && known.notes.contains("explain decision r1"))
    try FileManager.default.removeItem(atPath: folder.path + "/kiosks.csv")
    let listless = try sabueso("explain", "decision", "r1", "-r", path, "--events", events)
    #expect(listless.code == 74 && listless.notes.contains("--allow-missing-lists"))
  }

  @Test func `tells of files it cannot read and of lines that are no decisions`() throws {
    let folder = try TemporaryFolder()
    let none = try sabueso("explain", "decision", "r1", folder.path + "/none")
    #expect(none.code == 74 && none.notes.contains("No such file"))
    let file = try folder.write("decisions", "{}\n{\"id\":\"r1\",\"out\n")
    let damaged = try sabueso("explain", "decision", "r1", file)
    #expect(damaged.code == 65 && damaged.notes.contains("decisions:2"))
  }
}
