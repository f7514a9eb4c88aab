import Foundation
import Replay
import Synchronization

/// Finds, before an output is opened, that a command was told to write into a file it reads: that
/// would destroy what is to be read, a log of decisions as well as a rule file.
enum OverwriteGuard {
  private struct Output: Sendable {
    var option: String
    var path: String
  }

  private static let outputOptions = ["--output", "--rejects", "--coverage-html"]
  /// Options that name a file that is read.
  private static let inputOptions = ["--events", "--event", "--truth", "--with"]
  /// What lies in a data folder: the log with what belongs to it, and snapshots.
  private static let dataExtensions: Set<String> = [
    "sqlite", "sqlite-wal", "sqlite-shm", "snapshot",
  ]
  /// Those of the command that runs.
  private static let outputs = Mutex<[Output]>([])

  /// Notes what the command writes.
  ///
  /// *Throws* which of it is the same file as another output, or as what the command line says is
  /// read: operands, standard input, a data folder.
  static func check(
    _ arguments: Arguments, of command: Command
  ) throws(CommandFailure) {
    let wanted = outputOptions.flatMap { option in
      arguments.all(option).map { Output(option: option, path: $0) }
    }
    outputs.withLock { $0 = wanted }
    if wanted.isEmpty { return }
    let named =
      arguments.operands.dropFirst(command.wordCount) + inputOptions.flatMap(arguments.all)
    // A word may be no file: `ring export ACCOUNT`.
    let files = named.filter { FileManager.default.fileExists(atPath: $0) }
    try check(read: files + ["/dev/stdin"] + arguments.all("--data").flatMap(dataFiles))
    for (position, output) in wanted.enumerated() {
      try check(output, against: wanted[..<position].map(\.path))
    }
  }

  /// *Throws* which output is the same file as one that is read. Called with the files of a package
  /// and of its lists, once these are known.
  static func check(read paths: [String]) throws(CommandFailure) {
    for output in outputs.withLock({ $0 }) { try check(output, against: paths) }
  }

  private static func check(_ output: Output, against paths: [String]) throws(CommandFailure) {
    guard let other = paths.first(where: { ByteFile.isSameFile($0, output.path) }) else { return }
    throw CommandFailure(
      code: .usage,
      message: "\(output.option) \(output.path) is the same file as "
        + (other == "/dev/stdin" ? "standard input" : other),
      remedy: "it would be overwritten while it is in use; name another one")
  }

  private static func dataFiles(of folder: String) -> [String] {
    // A link to a folder is not followed by who lists it.
    let root = URL(filePath: folder).resolvingSymlinksInPath()
    let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    return (found?.allObjects ?? []).compactMap { $0 as? URL }
      .filter { dataExtensions.contains($0.pathExtension) }
      .map { $0.path(percentEncoded: false) }
  }
}
