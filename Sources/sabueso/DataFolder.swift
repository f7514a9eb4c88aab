import Compiler
import Foundation
import Ledger
import Model
import Program
import Replay
import RuleLanguage

/// The data folder of a service, read beside it.
enum DataFolder {
  /// The log, to read.
  static func log(in directory: String) throws(LiveError) -> DecisionLedger {
    try LiveError.inLedger { () throws(LedgerError) in
      try DecisionLedger(directory: directory, access: .reader)
    }
  }

  /// Refuses a folder without a log.
  static func check(_ directory: String) throws(CommandFailure) {
    guard FileManager.default.fileExists(atPath: directory + "/log.sqlite") else {
      throw CommandFailure(
        code: .inputOutput, message: "there is no log in \(directory)",
        remedy: "give the folder that `sabueso serve --data` was given")
    }
  }

  /// The package that a log records as a release.
  static func program(of release: LedgerRelease) throws(LiveError) -> RuleProgram {
    guard let bundle = PackageBundle(release.source),
      let rules = PackageChecker.check(bundle.root, from: bundle.files).rules
    else { throw .release(hash: release.hash) }
    let program = PackageCompiler.compile(rules)
    guard program.catalog.packageHash == release.hash else { throw .release(hash: release.hash) }
    return program
  }

  /// The package that decided last; nil when the log has none.
  static func program(of ledger: DecisionLedger) throws(LiveError) -> RuleProgram? {
    let releases = try LiveError.inLedger { () throws(LedgerError) in try ledger.releases() }
    guard let last = releases.last else { return nil }
    return try program(of: last)
  }
}
