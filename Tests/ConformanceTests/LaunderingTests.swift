import Foundation
import Testing

/// 120,558 transfers with planted fan-ins and cycles; which accounts take part in fraud is told by
/// others, which transfers were planted is not.
@Suite(.enabled(if: SharedData.has("graph/amlsim"), "needs shared/data/graph"))
struct `Planted fan-ins and cycles` {
  static let folder = "graph/amlsim/20K_fanin200cycle200"
  static let package = "Tests/ConformanceTests/Packages/laundering.rules"

  private struct Transfer {
    var source: String
    var target: String
    var amount: Double
    var day: Int
  }

  private struct Line: Decodable {
    struct Rule: Decodable {
      var name: String
      var outcome: String
    }
    struct Signals: Decodable {
      var ring_30d: Int
      var ring: Int
    }
    var rules: [Rule]
    var signals: Signals
  }

  private static func rows(_ path: String) throws -> [[Substring]] {
    try SharedData.text(path).split(whereSeparator: \.isNewline).dropFirst().map {
      $0.split(separator: ",")
    }
  }

  private static func transfers() throws -> [Transfer] {
    try rows(folder + "/transactions.csv").map { row in
      Transfer(
        source: String(row[0]), target: String(row[1]), amount: try #require(Double(row[2])),
        day: try #require(Int(row[3])))
    }
  }

  private static func decisions(_ transfers: [Transfer]) throws -> [Line] {
    var events = ""
    for (row, transfer) in transfers.enumerated() {
      events += #"{"event":"transfer","transfer_id":"t\#(row)","at":"#
      events += #"\#(1_700_000_000_000_000 + transfer.day * 86_400_000_000),"source":"#
      events += #""\#(transfer.source)","target":"\#(transfer.target)","amount":"#
      events += String(format: "%.2f", transfer.amount) + "}\n"
    }
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("laundering-\(UUID().uuidString).ndjson")
    try Data(events.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let run = try Tool.run(
      Tool.sabueso, ["score", "-q", "-r", package, "--explain", file.path])
    try #require(run.status == 0, "\(run.notes)")
    return try run.output.split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
  }

  @Test func `are found, and nobody else is`() throws {
    let transfers = try Self.transfers()
    let lines = try Self.decisions(transfers)
    try #require(lines.count == 120_558)

    // Cycles of a month, as others counted them; every length is exact within the budget.
    var truth: [Int: Int] = [:]
    for row in try Self.rows("graph/groundtruth/aml_live_cycles_L4_30.csv") {
      let place = try #require(row.dropFirst().firstIndex { Int($0) ?? 0 > 0 })
      truth[try #require(Int(row[0]))] = place + 1
    }
    let wrong = lines.indices.filter { row in
      let isToItself = transfers[row].source == transfers[row].target
      return lines[row].signals.ring_30d != (isToItself ? 1 : truth[row] ?? 0)
    }
    #expect(wrong.isEmpty && truth.count == 654, "\(wrong.count) of \(truth.count)")

    // Accounts by what found them, against the accounts said to take part.
    let fraud = Set(
      try Self.rows(Self.folder + "/nodes.csv").filter { $0[1] == "1" }.map { String($0[0]) })
    var found: [String: Set<String>] = [:]
    for (transfer, line) in zip(transfers, lines) {
      for rule in line.rules where rule.outcome == "fires" {
        found[rule.name, default: []].formUnion([transfer.source, transfer.target])
      }
    }
    // Who fed an account before the third feeder gave it away is told with it.
    let fed = Set(
      zip(transfers, lines).filter { $1.rules.contains { $0.name == "fan_in" } }.map(\.0.target))
    for transfer in transfers where transfer.amount < 100 && fed.contains(transfer.target) {
      found["fan_in", default: []].insert(transfer.source)
    }
    found["both"] = found["fan_in", default: []].union(found["comes_back", default: []])
    for (name, accounts) in found.sorted(by: { $0.key < $1.key }) {
      let right = accounts.intersection(fraud).count
      let precision = Double(right) / Double(accounts.count)
      let recall = Double(right) / Double(fraud.count)
      print(
        "\(name): \(accounts.count) accounts, precision",
        String(format: "%.3f, recall %.3f", precision, recall))
      #expect(precision >= 0.99)
    }
    // A third of those said to take part are in no planted transfer of this sample at all.
    let active = Set(transfers.filter { $0.amount < 100 }.flatMap { [$0.source, $0.target] })
    #expect(active.isSubset(of: fraud) && active.count == 1_228)
    #expect(found["both", default: []].count >= 650, "\(found["both", default: []].count)")
  }
}
