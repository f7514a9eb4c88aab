import Foundation
import Testing

/// Trees, clusters and rings of other people's data, through the whole product.
@Suite(.enabled(if: SharedData.has("graph/finbench/snapshot"), "needs shared/data/graph"))
struct `The graph of accounts` {
  static let package = "Tests/ConformanceTests/Packages/graph.rules"

  // MARK: Events

  private static func transfer(_ id: String, _ at: Int, _ source: String, _ target: String)
    -> String
  {
    #"{"event":"transfer","transfer_id":"\#(id)","at":\#(at),"source":"\#(source)","target":"\#(target)"}"#
  }

  private static func signin(_ id: String, _ at: Int, _ who: String, _ medium: String) -> String {
    #"{"event":"signin","signin_id":"\#(id)","at":\#(at),"who":"\#(who)","medium":"\#(medium)"}"#
  }

  private static func probe(_ id: String, _ at: Int, _ who: String) -> String {
    #"{"event":"probe","probe_id":"\#(id)","at":\#(at),"who":"\#(who)"}"#
  }

  private static func erase(_ id: String, _ at: Int, _ who: String) -> String {
    #"{"event":"erase","erase_id":"\#(id)","at":\#(at),"entity":"account","key":"\#(who)"}"#
  }

  /// Decision lines of some events.
  private static func decisions(
    _ events: [String], _ options: [String] = []
  ) throws -> [Substring] {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("graph-\(UUID().uuidString).ndjson")
    try Data((events.joined(separator: "\n") + "\n").utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let run = try Tool.run(
      Tool.sabueso, ["score", "-r", package, "--explain"] + options + [file.path])
    try #require(run.status == 0, "\(run.notes)")
    return run.output.split(separator: "\n")
  }

  /// The value behind a signal's name, as written.
  private static func value(of signal: String, in line: Substring) throws -> Substring {
    let place = try #require(line.range(of: "\"\(signal)\":"))
    return line[place.upperBound...].prefix { $0 != "," && $0 != "}" }
  }

  private static func rows(_ path: String, _ separator: Character) throws -> [[Substring]] {
    try SharedData.text(path).split(separator: "\n").map {
      $0.split(separator: separator, omittingEmptySubsequences: false)
    }
  }

  // MARK: Timelines

  @Test func `answers every signal of the language in its timelines`() throws {
    let run = try Tool.run(
      Tool.sabueso, ["test", "Tests/ConformanceTests/Packages/people.rules"])
    #expect(run.status == 0, "\(run.output)")
  }

  // MARK: Trees

  @Test func `has the forest of college messages computed elsewhere`() throws {
    var events: [String] = []
    for (row, message) in try Self.rows("graph/collegemsg/CollegeMsg.txt", " ").enumerated() {
      let time = try #require(Int(message[2])) * 1_000_000
      events.append(
        Self.transfer("m\(row)", time, String(message[0]), String(message[1])))
    }
    let truth = try Self.rows("graph/groundtruth/college_forest_metrics.csv", ",").dropFirst()
    for node in truth {
      events.append(Self.probe("p\(node[0])", 1_200_000_000_000_000, String(node[0])))
    }
    let answers = try Self.decisions(events, ["--graph-budget", "1"]).suffix(truth.count)
    var wrong = 0
    for (node, answer) in zip(truth, answers) {
      let found = try ["depth_of", "fan_out_of", "subtree_of"].map {
        try Self.value(of: $0, in: answer)
      }
      if found != Array(node[2...4]) { wrong += 1 }
    }
    #expect(wrong == 0, "\(wrong) of \(truth.count) accounts")
    #expect(truth.count == 1_899)
  }

  // MARK: Clusters

  @Test func `has the device clusters computed elsewhere, after erasures too`() throws {
    let snapshot = try Self.rows("graph/finbench/snapshot/MediumSignInAccount.csv", "|").dropFirst()
    let added = try Self.rows(
      "graph/finbench/incremental/AddMediumSigninAccountWrite16.csv", "|"
    ).dropFirst()
    let deleted = try Self.rows(
      "graph/finbench/incremental/DeleteAccountWrite17.csv", "|"
    ).dropFirst().map { String($0[2]) }
    var events: [String] = []
    var members: Set<String> = []
    var probes: [[String]] = []
    func probeAll() {
      let sorted = members.sorted()
      for account in sorted {
        events.append(Self.probe("p\(events.count)", 1_700_000_000_000_000, account))
      }
      probes.append(sorted)
    }
    func signIn(_ medium: Substring, _ account: Substring) {
      events.append(
        Self.signin("s\(events.count)", 1_600_000_000_000_000, String(account), String(medium)))
      members.insert(String(account))
    }
    for row in snapshot { signIn(row[0], row[1]) }
    probeAll()
    for row in added { signIn(row[2], row[3]) }
    probeAll()
    for account in deleted {
      events.append(Self.erase("e\(events.count)", 1_700_000_000_000_000, account))
      members.remove(account)
    }
    probeAll()

    let expected: [[Int: Int]] = [
      [1: 449, 2: 268, 3: 23, 4: 5],
      [1: 2196, 2: 608, 3: 131, 4: 56, 5: 10, 6: 6, 7: 1, 8: 2, 9: 1],
      [1: 2169, 2: 570, 3: 126, 4: 50, 5: 9, 6: 6, 7: 1, 8: 3],
    ]
    var answers = try Self.decisions(events)[...]
    for (accounts, expected) in zip(probes, expected) {
      var sizes: [Int: Int] = [:]
      for answer in answers.prefix(accounts.count) {
        let size = try Self.value(of: "cluster", in: answer)
        sizes[try #require(Int(size)), default: 0] += 1
        // Ten years are long enough that nothing dies: the two kinds of forest must agree.
        #expect(try Self.value(of: "cluster_long", in: answer) == size)
      }
      answers = answers.dropFirst(accounts.count)
      let clusters = sizes.mapValues(\.self).reduce(into: [Int: Int]()) {
        $0[$1.key] = $1.value / $1.key
      }
      #expect(clusters == expected)
    }
    #expect(answers.isEmpty)
  }

  // MARK: Rings

  @Test func `has the rings of transfers computed elsewhere`() throws {
    let transfers = try Self.rows("graph/finbench/snapshot/AccountTransferAccount.csv", "|")
      .dropFirst()
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "UTC")
    formatter.dateFormat = "yyyy-MM-dd HH:mm:ss.SSS"
    var rows: [(row: Int, at: Int, line: [Substring])] = []
    for (row, transfer) in transfers.enumerated() {
      // Milliseconds are written without trailing zeros.
      var text = String(transfer[3])
      let parts = text.split(separator: ".")
      text =
        "\(parts[0]).\((parts.count > 1 ? String(parts[1]) : "").padding(toLength: 3, withPad: "0", startingAt: 0))"
      let date = try #require(formatter.date(from: text))
      rows.append((row, Int((date.timeIntervalSince1970 * 1_000).rounded()), transfer))
    }
    rows.sort { ($0.at, $0.row) < ($1.at, $1.row) }
    let events = rows.map {
      Self.transfer("t\($0.row)", $0.at * 1_000, String($0.line[0]), String($0.line[1]))
    }
    let truth = try Self.truth("graph/groundtruth/finbench_live_cycles_L4_30d.csv")
    let answers = try Self.decisions(events, ["--graph-budget", "unlimited"])
    var wrong = 0
    for (row, answer) in zip(rows, answers) {
      // The elsewhere counts from two on; paying oneself is a ring of one.
      let isToItself = row.line[0] == row.line[1]
      let expected = isToItself ? 1 : truth[row.row] ?? 0
      if try Self.value(of: "ring_30d", in: answer) != "\(expected)" { wrong += 1 }
    }
    #expect(wrong == 0 && answers.count == 37_861, "\(wrong) of \(answers.count)")
  }

  /// Shortest cycles by row.
  private static func truth(_ path: String) throws -> [Int: Int] {
    var shortest: [Int: Int] = [:]
    for row in try rows(path, ",").dropFirst() {
      let position = try #require(row.dropFirst().firstIndex { Int($0) ?? 0 > 0 })
      shortest[try #require(Int(row[0]))] = position + 1
    }
    return shortest
  }

  @Test func `never gives a wrong length to college messages within its budget`() throws {
    var events: [String] = []
    for (row, message) in try Self.rows("graph/collegemsg/CollegeMsg.txt", " ").enumerated() {
      let time = try #require(Int(message[2])) * 1_000_000
      events.append(
        Self.transfer("m\(row)", time, String(message[0]), String(message[1])))
    }
    let answers = try Self.decisions(events)
    for days in ["1d", "7d"] {
      let truth = try Self.truth("graph/groundtruth/collegemsg_live_cycles_L4_\(days).csv")
      var wrong = 0
      var truncated = 0
      for (row, answer) in answers.enumerated() {
        let value = try Self.value(of: "ring_\(days)", in: answer)
        if value.hasPrefix("{") {
          truncated += 1
        } else if value != "\(truth[row] ?? 0)" {
          wrong += 1
        }
      }
      print("rings of \(days): \(truncated) of \(answers.count) truncated")
      #expect(wrong == 0, "\(days): \(wrong) wrong, \(truncated) truncated")
    }
  }
}
