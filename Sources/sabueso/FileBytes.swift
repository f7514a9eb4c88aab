import Foundation
import Glibc
import Replay

/// Whole files read at once.
enum FileBytes {
  /// All bytes of a file.
  static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
    try bytes { () throws(FileError) in try ByteFile.reading(path) }
  }

  /// All bytes that come in on standard input.
  static func standardInput() throws(CommandFailure) -> [UInt8] {
    try bytes { () throws(FileError) in
      ByteFile(descriptor: STDIN_FILENO, path: "standard input")
    }
  }

  private static func bytes(
    of open: () throws(FileError) -> ByteFile
  ) throws(CommandFailure) -> [UInt8] {
    do throws(FileError) {
      let file = try open()
      var bytes: [UInt8] = []
      var chunk: [UInt8] = []
      while try file.read(into: &chunk, atMost: 1 << 18) { bytes += chunk }
      return bytes
    } catch {
      throw CommandFailure(
        code: .inputOutput, message: "cannot \(error.action) \(error.path): \(error.reason)")
    }
  }

  /// Puts a text in the place of a file at once: whoever reads sees the old text or the new one. A
  /// device or a pipe is written into, as it is.
  static func replace(_ path: String, with bytes: [UInt8]) throws(CommandFailure) {
    if ByteFile.isSpecial(path) { return try write(bytes, to: path) }
    let folder = URL(filePath: path).deletingLastPathComponent().path
    guard FileManager.default.fileExists(atPath: folder) else {
      throw CommandFailure(
        code: .inputOutput, message: "cannot write \(path): there is no folder \(folder)")
    }
    do {
      // A link stays a link: what it leads to is replaced.
      let target = URL(filePath: path).resolvingSymlinksInPath()
      try Data(bytes).write(to: target, options: .atomic)
    } catch {
      throw CommandFailure(
        code: .inputOutput, message: "cannot write \(path): \(error.localizedDescription)")
    }
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
    do throws(FileError) {
      var file = try ByteFile.writing(path)
      try file.append(bytes)
      try file.flush()
    } catch {
      throw CommandFailure(
        code: .inputOutput, message: "cannot \(error.action) \(path): \(error.reason)")
    }
  }
}
