import Foundation
import Testing

/// 37,861 transfers between 6,200 accounts: counts, exact sums and distinct sources of every event,
/// computed by somebody else.
@Suite(
  .enabled(if: SharedData.has("graph/finbench/snapshot"), "needs shared/data/graph"))
struct `Windows over transfers` {
  static let package = "Tests/ConformanceTests/Packages/transfers.rules"

  @Test func `equal the ground truth for every event, by either way to keep a window`() throws {
    let truth = try SharedData.text("graph/groundtruth/finbench_transfer_windows.csv.gz")
      .split(separator: "\n").map { $0.split(separator: ",") }
    let events = try Self.events(times: truth.dropFirst().map { $0[1] })
    defer { try? FileManager.default.removeItem(at: events) }
    let run = try Tool.run(Tool.sabueso, ["score", "-r", Self.package, "--explain", events.path])
    try #require(run.status == 0, "\(run.notes)")
    let decisions = run.output.split(separator: "\n")
    #expect(decisions.count == 37_861 && truth.count == 37_862)
    var wrong: [String] = []
    var compared = 0
    for (row, decision) in decisions.enumerated() {
      for column in 2..<11 {
        let name = truth[0][column]
        for signal in [String(name), "again_" + name] {
          let found = try Self.digits(of: signal, in: decision)
          compared += 1
          if found != truth[row + 1][column] {
            wrong.append("row \(row): \(signal) is \(found), not \(truth[row + 1][column])")
          }
        }
      }
    }
    #expect(compared == 37_861 * 18)
    #expect(wrong.isEmpty, "\(wrong.count) differ, first \(wrong.prefix(3))")
  }

  /// The digits behind a signal's name in a decision line, without the point of a decimal.
  private static func digits(of signal: String, in line: Substring) throws -> String {
    let place = try #require(line.range(of: "\"\(signal)\":"))
    let value = line[place.upperBound...].prefix { $0 != "," && $0 != "}" }
    return String(value.filter(\.isNumber).drop { $0 == "0" })
  }

  /// The transfers as event lines, in a file of its own.
  ///
  /// Amounts have ten digits and more after the point; the ground truth rounds them to four.
  private static func events(times: [Substring]) throws -> URL {
    var lines = ""
    let rows = try SharedData.text("graph/finbench/snapshot/AccountTransferAccount.csv")
      .split(separator: "\n").dropFirst()
    try #require(rows.count == times.count)
    for (row, (line, time)) in zip(rows, times).enumerated() {
      let parts = line.split(separator: "|")
      let amount = try #require(Double(parts[2]))
      lines += #"{"event":"transfer","transfer_id":"t\#(row)","at":\#(time)000,"#
      lines += #""source":"\#(parts[0])","target":"\#(parts[1])","#
      lines += #""amount":\#(String(format: "%.4f", amount))}"# + "\n"
    }
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("transfers-\(UUID().uuidString).ndjson")
    try Data(lines.utf8).write(to: url)
    return url
  }
}
