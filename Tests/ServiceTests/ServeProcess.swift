import Foundation
import Glibc
import Testing

@testable import Service

/// The built `sabueso` binary, which lies beside the tests.
enum Binary {
  static let url = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "sabueso")

  /// Runs a command to its end.
  static func run(_ arguments: [String]) throws -> (code: Int32, output: String, notes: String) {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    let folder = try TemporaryFolder()
    process.standardOutput = try file(folder.path + "/output")
    process.standardError = try file(folder.path + "/notes")
    try process.run()
    process.waitUntilExit()
    return (
      process.terminationStatus, try text(folder.path + "/output"),
      try text(folder.path + "/notes")
    )
  }

  static func file(_ path: String) throws -> FileHandle {
    try #require(FileManager.default.createFile(atPath: path, contents: nil))
    return try #require(FileHandle(forUpdatingAtPath: path))
  }

  /// What is in a file so far. It is opened anew: where a process writes next is a place of the
  /// handle it was given, which must not be moved.
  static func text(_ path: String) throws -> String {
    String(decoding: try #require(FileManager.default.contents(atPath: path)), as: UTF8.self)
  }
}

/// `sabueso serve` as a process of its own.
final class ServeProcess {
  private let process = Process()
  private let folder: TemporaryFolder
  private(set) var port = 0

  /// Starts it and waits until it is ready.
  init(data: String, arguments: [String] = []) throws {
    folder = try TemporaryFolder()
    process.executableURL = Binary.url
    process.arguments =
      ["serve", "-r", ShippedRules.path, "--data", data, "--listen", "127.0.0.1:0"] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try Binary.file(folder.path + "/notes")
    try process.run()
    let isReady = soon { (try? said())?.contains("\nready: ") == true || !process.isRunning }
    let text = try said()
    try #require(isReady && process.isRunning, "\(text)")
    let address = try #require(
      text.split(separator: "\n").first { $0.contains("127.0.0.1:") }, "\(text)")
    port = try #require(Int(address.split(separator: ":").last ?? ""))
  }

  deinit {
    if process.isRunning { signal(SIGKILL) }
  }

  /// What it wrote for people so far.
  func said() throws -> String { try Binary.text(folder.path + "/notes") }

  func signal(_ number: Int32) {
    kill(process.processIdentifier, number)
  }

  /// Waits for its end; the exit code, or the negative number of the signal that ended it.
  func end() -> Int32 {
    process.waitUntilExit()
    return process.terminationReason == .exit
      ? process.terminationStatus : -process.terminationStatus
  }
}
