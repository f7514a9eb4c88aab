import Foundation
import Testing

/// 59,835 messages between 1,899 students: every window of every event, counted by somebody else.
@Suite(.enabled(if: SharedData.has("graph/collegemsg/CollegeMsg.txt"), "needs shared/data/graph"))
struct `Windows over college messages` {
  static let package = "Tests/ConformanceTests/Packages/messages.rules"
  static let signals = [
    "out_1h", "out_24h", "out_7d", "out_90d", "d_dst_24h", "d_dst_7d", "d_dst_30d",
  ]

  @Test func `equal the ground truth for every event`() throws {
    let events = try Self.events()
    defer { try? FileManager.default.removeItem(at: events) }
    let run = try Tool.run(
      Tool.sabueso, ["score", "-r", Self.package, "--explain", events.path])
    try #require(run.status == 0, "\(run.notes)")
    // The digest is part of the contract: it may change only with a reason in docs/decisions/.
    #expect(
      run.notes.split(separator: "\n").last
        == "digest: 6dddda750cf5a5abd995738dbb962ed30b86d06e4013143ffb3505a7dc7a92d9")
    let decisions = run.output.split(separator: "\n")
    let truth = try SharedData.text("graph/groundtruth/collegemsg_windows.csv.gz")
      .split(separator: "\n")
    let columns = try Self.signals.map { name in
      try #require(truth[0].split(separator: ",").firstIndex(of: Substring(name)))
    }
    #expect(decisions.count == 59_835)
    #expect(truth.count == decisions.count + 1)
    var wrong: [String] = []
    for (row, decision) in decisions.enumerated() {
      let expected = truth[row + 1].split(separator: ",")
      for (name, column) in zip(Self.signals, columns) {
        let found = try Self.value(of: name, in: decision)
        if found != expected[column] {
          wrong.append("row \(row): \(name) is \(found), not \(expected[column])")
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count) differ, first \(wrong.prefix(3))")
  }

  @Test func `give one digest at any batch size`() throws {
    let events = try Self.events(first: 12_000)
    defer { try? FileManager.default.removeItem(at: events) }
    var digests: Set<String> = []
    for size in ["1", "7", "16", "256"] {
      let run = try Tool.run(
        Tool.sabueso,
        ["score", "-r", Self.package, "--batch", size, "-o", "/dev/null", "-q", events.path])
      try #require(run.status == 0, "\(run.notes)")
      digests.insert(try #require(run.notes.split(separator: "\n").last).description)
    }
    #expect(digests.count == 1)
  }

  /// The number behind a signal's name in a decision line.
  private static func value(of signal: String, in line: Substring) throws -> Substring {
    let place = try #require(line.range(of: "\"\(signal)\":"))
    return line[place.upperBound...].prefix { $0.isNumber }
  }

  /// The messages as event lines, in a file of its own.
  private static func events(first count: Int = .max) throws -> URL {
    var lines = ""
    let messages = try SharedData.text("graph/collegemsg/CollegeMsg.txt")
    for (row, message) in messages.split(separator: "\n").prefix(count).enumerated() {
      let parts = message.split(separator: " ")
      lines += #"{"event":"message","message_id":"m\#(row)","at":\#(parts[2])000000,"#
      lines += #""src":"\#(parts[0])","dst":"\#(parts[1])"}"# + "\n"
    }
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("messages-\(UUID().uuidString).ndjson")
    try Data(lines.utf8).write(to: url)
    return url
  }
}
