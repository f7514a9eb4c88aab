import Foundation
import Glibc
import Testing

/// A folder that goes away with its test.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "command-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func write(_ name: String, _ text: String) throws -> String {
    let file = path + "/" + name
    try text.write(toFile: file, atomically: false, encoding: .utf8)
    return file
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path + "/" + name)), as: UTF8.self)
  }

  /// A copy of the shipped rules with a piece of one file replaced.
  func rules(_ file: String, _ old: String, _ new: String) throws -> String {
    let copy = path + "/rules"
    try FileManager.default.copyItem(atPath: Shipped.rules, toPath: copy)
    let text = try read("rules/" + file)
    try #require(text.contains(old))
    _ = try write("rules/" + file, text.replacing(old, with: new))
    return copy
  }
}

enum Shipped {
  static let rules = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Rules").path

  static func referral(_ number: Int, reward: String = "250.00", year: Int = 2026) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return #"{"event":"referral","referral_id":"r\#(number)","at":"\#(year)-01-05T"#
      + #"\#(two(number / 3_600 % 24)):\#(two(number / 60 % 60)):\#(two(number % 60))Z","#
      + #""referrer":"A\#(number % 97)","referee":"N\#(number)","device":"D\#(number % 31)","#
      + #""reward":\#(reward)}"#
  }

  static func referrals(_ count: Int) -> String {
    (0..<count).map { referral($0) + "\n" }.joined()
  }
}

/// What a command left behind.
struct Ending {
  /// The exit code, or the negative number of the signal that ended it.
  var code: Int32
  var output: String
  var notes: String

  /// The line `digest: …` of the notes.
  var digest: String? {
    notes.split(separator: "\n").last { $0.hasPrefix("digest: ") }.map(String.init)
  }
}

/// The built binary, which lies beside the tests, as a process.
final class RunningCommand {
  private let process = Process()
  private let folder: TemporaryFolder
  private let input = Pipe()

  static let binary = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "sabueso")

  init(
    _ arguments: [String], executable: URL = RunningCommand.binary,
    environment: [String: String] = [:]
  ) throws {
    folder = try TemporaryFolder()
    process.executableURL = executable
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
    process.standardInput = input
    process.standardOutput = try RunningCommand.file(folder.path + "/output")
    process.standardError = try RunningCommand.file(folder.path + "/notes")
    try process.run()
  }

  deinit {
    if process.isRunning { signal(SIGKILL) }
  }

  private static func file(_ path: String) throws -> FileHandle {
    try #require(FileManager.default.createFile(atPath: path, contents: nil))
    return try #require(FileHandle(forUpdatingAtPath: path))
  }

  func send(_ text: String) throws {
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
  }

  func signal(_ number: Int32) {
    kill(process.processIdentifier, number)
  }

  func outputSoFar() throws -> String { try text("output") }

  /// Ends its input, unless it shall end by itself, and waits for its end.
  func end(closingInput: Bool = true) throws -> Ending {
    if closingInput { try? input.fileHandleForWriting.close() }
    process.waitUntilExit()
    let status = process.terminationStatus
    return Ending(
      code: process.terminationReason == .exit ? status : -status,
      output: try text("output"), notes: try text("notes"))
  }

  /// What is in a file of the process so far, opened anew: to move the place of the handle it was
  /// given would move where it writes next.
  private func text(_ name: String) throws -> String {
    let bytes = FileManager.default.contents(atPath: folder.path + "/" + name)
    return String(decoding: try #require(bytes), as: UTF8.self)
  }
}

/// Runs `sabueso` to its end.
func sabueso(
  _ arguments: String..., input: String = "", environment: [String: String] = [:]
) throws -> Ending {
  let command = try RunningCommand(arguments, environment: environment)
  if !input.isEmpty { try? command.send(input) }
  return try command.end()
}

/// Runs a line of the shell, with the binary as `$SABUESO` and the shipped rules as `$RULES`.
func shell(_ line: String) throws -> Ending {
  try RunningCommand(
    ["-c", line], executable: URL(filePath: "/bin/bash"),
    environment: ["SABUESO": RunningCommand.binary.path, "RULES": Shipped.rules]
  ).end()
}

/// Waits until something holds, at most a minute: machines are busy while tests run.
func soon(_ condition: () -> Bool) -> Bool {
  for _ in 0..<12_000 {
    if condition() { return true }
    usleep(5_000)
  }
  return false
}
