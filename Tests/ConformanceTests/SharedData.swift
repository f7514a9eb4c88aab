import Foundation

/// Outside data with independent ground truth, present beside a checkout or named by the
/// environment.
enum SharedData {
  /// The folder, or nil when this machine does not have it.
  static let folder: URL? = {
    if let named = ProcessInfo.processInfo.environment["SABUESO_SHARED_DATA"] {
      return URL(fileURLWithPath: named)
    }
    let beside = repository.deletingLastPathComponent().appendingPathComponent("shared/data")
    return FileManager.default.fileExists(atPath: beside.path) ? beside : nil
  }()

  /// The repository's root.
  static let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Whether a file of the folder is there.
  static func has(_ path: String) -> Bool {
    guard let folder else { return false }
    return FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path)
  }

  /// The text of a file, unpacked when its name ends in `.gz`.
  static func text(_ path: String) throws -> String {
    guard let folder else { throw Absent() }
    let url = folder.appendingPathComponent(path)
    if path.hasSuffix(".gz") {
      return try Tool.run("/usr/bin/env", ["gzip", "-dc", url.path]).output
    }
    return String(decoding: try Data(contentsOf: url), as: UTF8.self)
  }

  struct Absent: Error {}
}

/// Programs run by tests.
enum Tool {
  struct Result {
    var status: Int32
    var output: String
    var notes: String
  }

  /// The built `sabueso`, which lies beside the test bundle.
  static let sabueso = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("sabueso").path

  /// Runs a program to its end.
  static func run(_ program: String, _ arguments: [String]) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = SharedData.repository
    // Files, because a pipe that nobody empties while the program runs would stop it.
    let folder = FileManager.default.temporaryDirectory
    let output = folder.appendingPathComponent(UUID().uuidString)
    let notes = folder.appendingPathComponent(UUID().uuidString)
    for url in [output, notes] { try Data().write(to: url) }
    defer { for url in [output, notes] { try? FileManager.default.removeItem(at: url) } }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: notes)
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      notes: String(decoding: try Data(contentsOf: notes), as: UTF8.self))
  }
}
