import Foundation
import Replay

/// Finds, before anything is opened, that a command was told to write into a file it reads: that
/// would destroy what is to be read, a log of decisions as well as a rule file.
enum OverwriteGuard {
  private static let outputs = ["--output", "--rejects", "--coverage-html"]
  /// Options that name what is read, a file or a folder.
  private static let inputs = [
    "--rules", "--events", "--event", "--data", "--truth", "--feedback", "--with",
  ]
  /// What is read of a folder: rules and their lists, events, a log with what belongs to it, and
  /// snapshots.
  private static let read: Set<String> = [
    "rules", "csv", "ndjson", "sqlite", "sqlite-wal", "sqlite-shm", "snapshot",
  ]

  /// *Throws* which output is the same file as an input, or as an output before it.
  static func check(_ arguments: Arguments) throws(CommandFailure) {
    let outputs = outputs.flatMap { option in
      arguments.all(option).map { (option: option, path: $0) }
    }
    if outputs.isEmpty { return }
    let given = arguments.operands + inputs.flatMap(arguments.all)
    let read = given.filter { $0 != "-" }.flatMap(files)
    for (position, output) in outputs.enumerated() {
      let others = read + outputs[..<position].map(\.path)
      guard let other = others.first(where: { ByteFile.isSameFile($0, output.path) }) else {
        continue
      }
      throw CommandFailure(
        code: .usage, message: "\(output.option) \(output.path) is the same file as \(other)",
        remedy: "it would be overwritten while it is in use; name another one")
    }
  }

  /// A file itself, or the files that are read of a folder.
  private static func files(of path: String) -> [String] {
    var isFolder: ObjCBool = false
    // SAFETY: the call fills a local.
    let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard exists, isFolder.boolValue else { return [path] }
    let found = FileManager.default.enumerator(
      at: URL(filePath: path), includingPropertiesForKeys: nil, options: .skipsHiddenFiles)
    return (found?.allObjects ?? []).compactMap { $0 as? URL }
      .filter { read.contains($0.pathExtension) }.map { $0.path(percentEncoded: false) }
  }
}
