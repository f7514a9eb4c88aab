import Compiler
import Engine
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

  // MARK: Snapshots

  /// Snapshots of a data folder, the newest first.
  static func snapshots(in directory: String) -> [String] {
    let folder = directory + "/snapshots"
    // A folder that is not there holds none.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".snapshot") }.sorted(by: >).map { folder + "/" + $0 }
  }

  /// Where a snapshot of a sequence goes; names sort as the numbers do.
  static func snapshotPath(
    in directory: String, sequence: UInt64
  ) throws(CommandFailure) -> String {
    let folder = directory + "/snapshots"
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw CommandFailure(code: .inputOutput, message: "cannot make \(folder): \(error)")
    }
    let digits = String(sequence)
    return folder + "/" + String(repeating: "0", count: max(0, 15 - digits.count)) + digits
      + ".snapshot"
  }

  /// Options with a secret of their own: callers are strangers, and nobody may choose keys that
  /// collide. A snapshot that is used brings its own.
  static func seeded(_ options: EngineOptions) -> EngineOptions {
    var options = options
    options.hashSecret = HashSecret(
      first: .random(in: .min ... .max), second: .random(in: .min ... .max))
    return options
  }

  /// What became of a snapshot, a line for people.
  static func text(_ use: SnapshotUse) -> String {
    switch use {
    case .used(let path, let sequence):
      "going on from \(path), \(NumberText.counted(Int(sequence), "event"))\n"
    case .skipped(let fault): "passed over: \(fault.detail)\n"
    }
  }
}
