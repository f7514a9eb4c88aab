import Foundation
import Glibc
import Testing

/// The sweep command over what a service has answered.
@Suite(.timeLimit(.minutes(20))) struct `A sweep of a data folder` {
  /// How many lines have each decision.
  private func decisions(_ text: String) -> [String: Int] {
    var counts: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "\"decision\":\"")
      guard parts.count == 2, let name = parts[1].split(separator: "\"").first else { continue }
      counts[String(name), default: 0] += 1
    }
    return counts
  }

  private struct Line: Decodable {
    struct Outcome: Decodable {
      var outcome: String
      var decisions: Int
    }
    var value: String
    var policy: String
    var outcomes: [Outcome]
  }

  @Test func `decides as rescore with that value in the rules`() throws {
    let folder = try TemporaryFolder()
    let data = folder.path + "/data"
    let serve = try ServeProcess(data: data)
    let client = try SocketClient(port: serve.port)
    for number in 0..<150 {
      client.send(post("/v1/score", TestEvent.referral(number)))
      #expect(client.readReplies(1).first?.status == 200)
    }
    serve.signal(SIGTERM)
    #expect(serve.end() == 0)
    // Without rules: those that decided.
    let swept = try Binary.run([
      "sweep", "--param", "max_accounts_per_device=2..4", "--data", data, "--format", "ndjson",
    ])
    #expect(swept.code == 0, "\(swept.notes)")
    let lines = swept.output.split(separator: "\n")
    #expect(lines.first?.hasPrefix(#"{"version":"sabueso.sweep/1","#) == true)
    var seen: Set<[String: Int]> = []
    for text in lines.dropFirst() {
      let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
      guard line.policy == "enrolment" else { continue }
      let rules = folder.path + "/rules-" + line.value
      try FileManager.default.copyItem(atPath: ShippedRules.path, toPath: rules)
      let file = rules + "/device_reuse.rules"
      let rule = try String(contentsOfFile: file, encoding: .utf8)
      try rule.replacing("int = 3 min 2 max 10", with: "int = \(line.value) min 2 max 10")
        .write(toFile: file, atomically: false, encoding: .utf8)
      let out = folder.path + "/out-" + line.value
      #expect(try Binary.run(["rescore", "--data", data, "-r", rules, "-o", out]).code == 0)
      var counts: [String: Int] = [:]
      for outcome in line.outcomes where outcome.decisions > 0 {
        counts[outcome.outcome] = outcome.decisions
      }
      #expect(try counts == decisions(String(contentsOfFile: out, encoding: .utf8)))
      seen.insert(counts)
    }
    #expect(seen.count == 3)
  }
}
