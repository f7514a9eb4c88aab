import Foundation
import RuleLanguage

/// Waits for rule files to change.
struct RuleFileWatch {
  private let paths: [String]
  private var seen: [String: Stamp]

  private struct Stamp: Equatable {
    var size: UInt64
    var time: Date?
  }

  init(_ paths: [String]) {
    self.paths = paths
    seen = RuleFileWatch.stamps(paths)
  }

  /// Does something now and whenever a rule file changes, until the user ends it.
  static func each(
    _ paths: [String], _ body: () throws(CommandFailure) -> ExitCode
  ) -> ExitCode {
    var watch = RuleFileWatch(paths)
    Interruption.watch()
    while true {
      do throws(CommandFailure) {
        _ = try body()
      } catch {
        // A file may be gone for the moment an editor saves it; what is wrong is told and the
        // watch goes on.
        if let message = error.message { Terminal.note("sabueso: \(message)\n") }
      }
      Terminal.note("watching \(paths.joined(separator: ", ")); Ctrl-C ends\n")
      guard watch.waitForChange() else { return .interrupted }
    }
  }

  /// Returns true when a file was changed, added or removed; false when the user wants to end.
  mutating func waitForChange() -> Bool {
    while !Interruption.isAsked {
      let now = RuleFileWatch.stamps(paths)
      if now != seen {
        seen = now
        return true
      }
      Thread.sleep(forTimeInterval: 0.2)
    }
    return false
  }

  private static func stamps(_ paths: [String]) -> [String: Stamp] {
    var stamps: [String: Stamp] = [:]
    for path in paths {
      for file in DiskRuleFiles().ruleFiles(under: path) ?? [path] {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        stamps[file] = Stamp(
          size: attributes?[.size] as? UInt64 ?? 0,
          time: attributes?[.modificationDate] as? Date)
      }
    }
    return stamps
  }
}
