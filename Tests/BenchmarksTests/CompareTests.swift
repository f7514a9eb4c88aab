import Foundation
import Testing

@testable import Benchmarks

@Suite struct `Two runs compared` {
  @Test func `are named by two files`() throws {
    let options = try CompareOptions(["a.json", "--format", "json", "b.json"])
    #expect(options.old == "a.json" && options.new == "b.json" && options.format == .json)
  }

  @Test(arguments: [
    ([], "compare takes two files, OLD and NEW"),
    (["a", "b", "c"], "compare takes two files, OLD and NEW"),
    (["a", "b", "--format"], "--format needs a value"),
    (["a", "b", "--format", "xml"], "--format is text or json, not xml"),
    (["a", "--fast"], "unknown argument --fast"),
  ])
  func `are refused with what is wrong`(arguments: [String], message: String) {
    #expect(throws: UsageError(message: message)) { try CompareOptions(arguments) }
  }

  @Test func `show each figure with its ratio`() throws {
    let figures = try compare(
      old: #"{"benchmark": "hotpath", "worst_ns": 0, "batch": {"ns": 200, "gone": 1}}"#,
      new: #"{"benchmark": "hotpath", "worst_ns": 4, "batch": {"ns": 150}, "fresh": 2}"#)
    #expect(
      figures.text == """
        batch.ns.old    200.000
        batch.ns.new    150.000
        batch.ns.ratio  0.750
        worst_ns.old    0.000
        worst_ns.new    4.000
        note: NEW does not have batch.gone
        note: OLD does not have fresh

        """)
  }

  @Test func `are refused when they measured something else`() {
    #expect {
      try compare(
        old: #"{"benchmark": "hotpath", "accounts": 1000}"#,
        new: #"{"benchmark": "hotpath", "accounts": 2000}"#)
    } throws: {
      "\($0)" == "the runs cannot be compared: accounts is 1000.0 in OLD and 2000.0 in NEW"
    }
    #expect {
      try compare(old: "[]", new: "{}")
    } throws: {
      "\($0)".hasSuffix("is not what --format json writes")
    }
  }

  private func compare(old: String, new: String) throws -> Figures {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = [("old.json", old), ("new.json", new)].map { name, text in
      (folder.appending(path: name), text)
    }
    for (file, text) in files { try Data(text.utf8).write(to: file) }
    return try CompareRun.measure(CompareOptions(files.map(\.0.path)))
  }
}
