import Replay

/// Whole files read at once.
enum FileBytes {
  /// All bytes of a file.
  static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
    do throws(FileError) {
      let file = try ByteFile.reading(path)
      var bytes: [UInt8] = []
      var chunk: [UInt8] = []
      while try file.read(into: &chunk, atMost: 1 << 18) { bytes += chunk }
      return bytes
    } catch {
      throw CommandFailure(
        code: .inputOutput, message: "cannot \(error.action) \(error.path): \(error.reason)")
    }
  }
}
