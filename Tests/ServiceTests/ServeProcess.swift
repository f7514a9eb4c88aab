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
    let output = try file(folder.path + "/output")
    let notes = try file(folder.path + "/notes")
    process.standardOutput = output
    process.standardError = notes
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try text(output), try text(notes))
  }

  static func file(_ path: String) throws -> FileHandle {
    try #require(FileManager.default.createFile(atPath: path, contents: nil))
    return try #require(FileHandle(forUpdatingAtPath: path))
  }

  /// Reads it without moving the place where the process writes next, which is the same.
  static func text(_ file: FileHandle) throws -> String {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      // SAFETY: the piece is as long as is said.
      let count = unsafe pread(file.fileDescriptor, &piece, piece.count, off_t(bytes.count))
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += piece[..<count]
    }
  }
}

/// `sabueso serve` as a process of its own.
final class ServeProcess {
  private let process = Process()
  private let folder: TemporaryFolder
  private let notes: FileHandle
  private(set) var port = 0

  /// Starts it and waits until it is ready.
  init(data: String, arguments: [String] = []) throws {
    folder = try TemporaryFolder()
    notes = try Binary.file(folder.path + "/notes")
    process.executableURL = Binary.url
    process.arguments =
      ["serve", "-r", ShippedRules.path, "--data", data, "--listen", "127.0.0.1:0"] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = notes
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
  func said() throws -> String { try Binary.text(notes) }

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
