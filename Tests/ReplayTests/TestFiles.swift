import Foundation
import Glibc
import Model
import Program
import Replay
import Testing

/// A folder that goes away with its test.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "replay-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(filePath: file))
    return file
  }

  func read(_ name: String) throws -> [UInt8] {
    try TemporaryFolder.contents(path + "/" + name)
  }

  static func contents(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path)))
  }
}

/// What a run over one file left behind.
struct RunResult: Equatable {
  var output: [UInt8] = []
  var rejects: [UInt8] = []
  var refusals: [String] = []
  var digest = ""
  var events = 0
  var repeated = 0
  var isComplete = false

  var lines: [String] {
    String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

enum TestRun {
  /// Scores bytes from a file into a file.
  static func score(
    _ input: [UInt8], batchSize: Int = 64, hasEngineThread: Bool = true,
    edits: [(String, String)] = [], stopAfterCalls: Int = .max
  ) throws -> RunResult {
    let folder = try TemporaryFolder()
    var result = try score(
      reading: ByteFile.reading(try folder.write("in", input)),
      into: ByteFile.writing(folder.path + "/out"), rejects: folder.path + "/rejects",
      batchSize: batchSize, hasEngineThread: hasEngineThread, edits: edits,
      stopAfterCalls: stopAfterCalls)
    result.output = try folder.read("out")
    result.rejects = try folder.read("rejects")
    return result
  }

  /// Scores bytes from a pipe into a pipe.
  static func scoreThroughPipes(
    _ input: [UInt8], pieces: Int, batchSize: Int = 64
  ) throws -> RunResult {
    let folder = try TemporaryFolder()
    let source = Pipe()
    let drain = Pipe()
    let writer = Thread {
      for start in stride(from: 0, to: input.count, by: pieces) {
        try? source.fileHandleForWriting.write(
          contentsOf: Data(input[start..<min(start + pieces, input.count)]))
      }
      try? source.fileHandleForWriting.close()
    }
    let collected = Monitor<[UInt8]?>(nil)
    let reader = Thread {
      let bytes = Array(drain.fileHandleForReading.readDataToEndOfFile())
      collected.change { $0 = bytes }
    }
    writer.start()
    reader.start()
    var result = try score(
      reading: ByteFile(
        descriptor: source.fileHandleForReading.fileDescriptor, path: "standard input"),
      into: ByteFile(
        descriptor: drain.fileHandleForWriting.fileDescriptor, path: "standard output"),
      rejects: folder.path + "/rejects", batchSize: batchSize)
    try drain.fileHandleForWriting.close()
    result.output = collected.wait(until: { $0 != nil }) { $0 ?? [] }
    result.rejects = try folder.read("rejects")
    return result
  }

  private static func score(
    reading input: consuming ByteFile, into output: consuming ByteFile, rejects path: String,
    batchSize: Int, hasEngineThread: Bool = true, edits: [(String, String)] = [],
    stopAfterCalls: Int = .max
  ) throws -> RunResult {
    var options = ScoreOptions()
    options.batchSize = batchSize
    options.hasEngineThread = hasEngineThread
    var run = try ScoreRun(
      program: try TestPackage.program(edits), output: output, options: options)
    var rejects: ByteFile? = try ByteFile.writing(path)
    var result = RunResult()
    var refusals: [String] = []
    var calls = 0
    result.isComplete = try run.score(
      input, rejects: &rejects,
      onReject: { refusals.append("\($0.number) \($0.error.code) \($0.error.pointer)") },
      onProgress: { _, _ in
        calls += 1
        return calls <= stopAfterCalls
      })
    try rejects?.flush()
    result.digest = try run.finish()
    result.refusals = refusals
    result.events = run.summary.events
    result.repeated = run.summary.repeated
    return result
  }
}

extension Array<String> {
  /// The lines of a file, each with its end.
  var file: [UInt8] { Array<UInt8>(map { $0 + "\n" }.joined().utf8) }
}
