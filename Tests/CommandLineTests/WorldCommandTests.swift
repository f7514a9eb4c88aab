import Foundation
import Testing

@Suite struct `Simulating and evaluating` {
  @Test func `writes the same bytes again, and says what rules are worth in them`() throws {
    let folder = try TemporaryFolder()
    for name in ["one", "two"] {
      let ending = try sabueso(
        "simulate", "--seed", "5", "--accounts", "1500", "--out", "\(folder.path)/\(name)")
      #expect(ending.code == 0)
      #expect(ending.notes.contains("lines of truth"))
    }
    #expect(try folder.read("one/events.ndjson") == folder.read("two/events.ndjson"))
    #expect(try folder.read("one/truth.ndjson") == folder.read("two/truth.ndjson"))
    let evaluated = try sabueso("evaluate", "-r", Shipped.rules, "\(folder.path)/one/")
    #expect(evaluated.code == 0)
    for word in ["precision", "recall", "MXN saved", "honest people harmed", "self_referral"] {
      #expect(evaluated.output.contains(word), "\(word)")
    }
  }

  @Test func `gives the same figures to programs`() throws {
    let folder = try TemporaryFolder()
    _ = try sabueso("simulate", "--accounts", "800", "--world", "shifted", "--out", folder.path)
    let ending = try sabueso("evaluate", "-r", Shipped.rules, folder.path, "--format", "json")
    #expect(ending.code == 0)
    let page = try #require(
      try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
    #expect(page["format"] as? String == "sabueso-evaluation/1")
    let policies = try #require(page["policies"] as? [[String: Any]])
    let recall = try #require(policies.first?["recall"] as? [String: Any])
    let hits = try #require(recall["hits"] as? Int)
    let count = try #require(recall["count"] as? Int)
    #expect(hits > 0 && hits <= count)
    #expect((page["undecided"] as? Int ?? -1) >= 0)
  }

  @Test func `refuses what it cannot use`() throws {
    let folder = try TemporaryFolder()
    #expect(try sabueso("simulate").code == 64)
    #expect(try sabueso("simulate", "--out", folder.path, "--seed", "-1").code == 64)
    #expect(try sabueso("simulate", "--out", folder.path, "--world", "flat").code == 64)
    #expect(try sabueso("simulate", "--out", folder.path + "/no/where").code == 74)
    #expect(try sabueso("evaluate", "-r", Shipped.rules).code == 64)
    #expect(try sabueso("evaluate", "-r", Shipped.rules, folder.path + "/none").code == 74)
    let events = try folder.write("events.ndjson", Shipped.referrals(3))
    let truth = try folder.write("truth.ndjson", "{\"event\":\"account_truth\"}\n")
    let wrong = try sabueso("evaluate", "-r", Shipped.rules, "--events", events, "--truth", truth)
    #expect(wrong.code == 65)
    #expect(wrong.notes.contains("truth.ndjson:1: "))
    let unknown = try sabueso(
      "evaluate", "-r", Shipped.rules, folder.path, "--stop", "blok")
    #expect(unknown.code == 64)
    #expect(unknown.notes.contains("did you mean `block`?"))
  }
}
