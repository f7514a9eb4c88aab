import Foundation
import Program
import Replay
import RuleLanguage
import Service
import Values

/// Reads the files of lists for commands that score.
enum ListLoading {
  static let option = OptionSpec(
    "--allow-missing-lists", "run although files of lists are absent; those lists are empty")

  /// The files of all lists of a program.
  static func contents(
    _ program: RuleProgram, _ arguments: Arguments
  ) throws(CommandFailure) -> ListContents {
    try OverwriteGuard.check(read: program.listFiles.map(\.path))
    var contents: ListContents = [:]
    for plan in program.listFiles {
      if let bytes = FileManager.default.contents(atPath: plan.path) {
        contents[plan.name] = Array(bytes)
      } else if !arguments.has(option.name) {
        throw CommandFailure(
          code: .inputOutput, message: "the list \(plan.name) needs \(plan.path)",
          remedy: "put the file there, or pass --allow-missing-lists to go on with an empty list")
      }
    }
    return contents
  }

  /// The files that are there.
  static func present(_ program: RuleProgram) -> ListContents {
    var contents: ListContents = [:]
    for plan in program.listFiles {
      contents[plan.name] = FileManager.default.contents(atPath: plan.path).map { Array($0) }
    }
    return contents
  }

  /// Looks at each file as often as its list says, on a thread of its own, and hands what changed
  /// to the desk. Ends with the process.
  static func watch(_ program: RuleProgram, _ desk: ListDesk) {
    for plan in program.listFiles {
      guard let refresh = plan.refreshMicroseconds else { continue }
      let watched = WatchedFile(path: plan.path)
      let seconds = max(Double(refresh) / 1e6, 0.1)
      Thread.detachNewThread {
        var file = watched
        while true {
          Thread.sleep(forTimeInterval: seconds)
          if let bytes = file.changedBytes() { desk.offer(plan.name, bytes) }
        }
      }
    }
  }

  /// One line about a list that was read anew.
  static func note(_ reload: ListReload) -> String {
    guard let error = reload.error else {
      return "list \(reload.name): a new version decides from event \(reload.firstSequence) on\n"
    }
    return "list \(reload.name): \(error.words.english); the version before stays in use\n"
  }
}

/// A file and when it was last seen to change.
private struct WatchedFile: Sendable {
  let path: String
  private var seen: Stamp?

  private struct Stamp: Equatable, Sendable {
    var modified: Date
    var bytes: Int
    var number: Int
  }

  init(path: String) {
    self.path = path
    seen = Self.stamp(path)
  }

  /// The bytes, when the file is another than last time; nil while it is the same or absent.
  mutating func changedBytes() -> [UInt8]? {
    guard let stamp = Self.stamp(path), stamp != seen,
      let data = FileManager.default.contents(atPath: path)
    else { return nil }
    seen = stamp
    return Array(data)
  }

  private static func stamp(_ path: String) -> Stamp? {
    guard let found = try? FileManager.default.attributesOfItem(atPath: path),
      let modified = found[.modificationDate] as? Date, let bytes = found[.size] as? Int,
      let number = found[.systemFileNumber] as? Int
    else { return nil }
    return Stamp(modified: modified, bytes: bytes, number: number)
  }
}
