import Foundation
import Testing

/// The published suite of the Common Expression Language, the cases that need no messages.
@Suite(.enabled(if: SharedData.has("cel/conformance.jsonl"), "needs shared/data/cel"))
struct `The expression language` {
  private struct Case: Decodable {
    var result: String
    var file: String
    var section: String
    var name: String
    var expected: JSONText
    var got: JSONText
  }

  /// Any JSON, looked at no further.
  private struct JSONText: Decodable {
    init(from decoder: any Decoder) throws {}
  }

  @Test func `passes every case of the suite`() throws {
    let folder = try #require(SharedData.folder)
    let path = folder.appendingPathComponent("cel/conformance.jsonl").path
    let run = try Tool.run(Tool.sabueso, ["conformance", path, "--format", "ndjson"])
    let cases = try run.output.split(separator: "\n").map { line in
      try JSONDecoder().decode(Case.self, from: Data(line.utf8))
    }
    #expect(cases.count == 1_380)
    let others = cases.filter { $0.result != "passed" }
    #expect(
      others.isEmpty, "\(others.map { "\($0.result) \($0.file)/\($0.section)/\($0.name)" })")
    #expect(run.status == 0)
  }

  @Test func `is not said to pass what it does not`() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    let lines = [
      #"{"file":"f","section":"s","name":"a","expr":"1","expect":{"value":{"int":"1"}}}"#,
      #"{"file":"f","section":"s","name":"b","expr":"1","expect":{"value":{"uint":"1"}}}"#,
      #"{"file":"f","section":"s","name":"c","expr":"1","expect":{"error":["x"]}}"#,
      #"{"file":"f","section":"s","name":"d","expr":"1/0","expect":{"value":{"int":"1"}}}"#,
      #"{"file":"f","section":"s","name":"e","expr":"1","expect":{"type":{"t":"uint"}}}"#,
      #"{"no":"case"}"#,
    ]
    try Data(lines.joined(separator: "\n").utf8).write(to: file)
    let run = try Tool.run(Tool.sabueso, ["conformance", file.path])
    #expect(run.status == 1)
    #expect(run.output.contains("f               1 passed, 4 failed, 0 skipped"))
    #expect(run.output.contains("total           1 passed, 4 failed, 1 skipped"))
  }
}
