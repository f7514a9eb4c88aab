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
    try read(release).program
  }

  /// The package that a log records as a release, with its files.
  static func package(of release: LedgerRelease) throws(LiveError) -> PackageCheck {
    try read(release).check
  }

  private static func read(
    _ release: LedgerRelease
  ) throws(LiveError) -> (check: PackageCheck, program: RuleProgram) {
    guard let bundle = PackageBundle(release.source) else { throw .release(hash: release.hash) }
    let check = PackageChecker.check(bundle.root, from: bundle.files)
    guard let rules = check.rules else { throw .release(hash: release.hash) }
    let program = PackageCompiler.compile(rules)
    guard program.catalog.packageHash == release.hash else { throw .release(hash: release.hash) }
    return (check, program)
  }

  /// The sequence of the event with an id on which something was decided; nil when there is none.
  static func sequence(
    ofDecision id: String, in ledger: DecisionLedger
  ) throws(LiveError) -> UInt64? {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let wanted = Data(id.utf8)
    var found: UInt64?
    do {
      try ledger.replay(from: 1) { entry in
        guard found == nil, !entry.decision.isEmpty else { return }
        var line = Data(capacity: entry.decision.count)
        for index in entry.decision.indices { line.append(entry.decision[index]) }
        guard line.range(of: wanted) != nil,
          let decision = try? decoder.decode(DecisionLine.self, from: line), decision.id == id
        else { return }
        found = entry.sequence
      }
    } catch {
      throw LiveError(replaying: error)
    }
    return found
  }

  /// The release that decided the event with a sequence.
  static func release(
    of sequence: UInt64, in ledger: DecisionLedger
  ) throws(LiveError) -> LedgerRelease? {
    let releases = try LiveError.inLedger { () throws(LedgerError) in try ledger.releases() }
    return releases.last { $0.firstSequence <= sequence }
  }

  /// The package that decided last; nil when the log has none.
  static func program(of ledger: DecisionLedger) throws(LiveError) -> RuleProgram? {
    let releases = try LiveError.inLedger { () throws(LedgerError) in try ledger.releases() }
    guard let last = releases.last else { return nil }
    return try program(of: last)
  }
}
