import Engine
import Expressions
import Foundation
import Ledger
import Model
import Program
import Replay

/// `sabueso snapshot`: the state of an engine in a file, so that a service starts without replaying
/// its whole log.
enum SnapshotCommand {
  static let command = Command(
    name: "snapshot", summary: "write the state of a log to a file, check it, put it in use",
    operands: "create|verify [FILE…]|restore FILE",
    wordCount: 1,
    options: [
      OptionSpec("--data", short: "-d", value: "DIR", "the data folder of `sabueso serve`"),
      OptionSpec("--output", short: "-o", value: "FILE", "create: write there instead"),
      OptionSpec("--keep", value: "N", "create: leave the newest N in the folder (default 2)"),
    ] + EngineSettings.options.filter { $0.name == "--graph-budget" },
    notes: """
      `create` replays the log, from the newest snapshot on, beside a running service if there is
      one, and writes DIR/snapshots/SEQUENCE.snapshot. `serve` starts from the newest one that is
      sound and of its package and log. A snapshot holds the secret its keys are hashed under: keep
      it as the log is kept.
      """,
    examples: [
      ("sabueso snapshot create --data data", "before the next start"),
      ("sabueso snapshot verify --data data", "are all bytes those that were written?"),
      ("sabueso snapshot restore backup.snapshot --data data", "use one from elsewhere"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    var operands = arguments.operands[...]
    switch operands.popFirst() {
    case "create":
      try create(try directory(arguments), arguments)
      return .success
    case "verify": return try verify(Array(operands), arguments)
    case "restore":
      guard let path = operands.popFirst() else {
        throw CommandFailure(code: .usage, message: "say which file: snapshot restore FILE")
      }
      try restore(path, try directory(arguments), arguments)
      return .success
    default:
      throw CommandFailure(
        code: .usage, message: "say what to do: snapshot create, verify or restore",
        remedy: "see `sabueso snapshot --help`")
    }
  }

  private static func directory(_ arguments: Arguments) throws(CommandFailure) -> String {
    guard let directory = arguments["--data"] else {
      throw CommandFailure(
        code: .usage, message: "say which data folder: --data DIR",
        remedy: "it is the one `sabueso serve` was given")
    }
    try DataFolder.check(directory)
    return directory
  }

  // MARK: Create

  private static func create(
    _ directory: String, _ arguments: Arguments
  ) throws(CommandFailure) {
    let keep = try arguments.int("--keep", default: 2, most: 1_000)
    if let path = arguments["--output"], ByteFile.isSpecial(path) {
      throw CommandFailure(
        code: .usage, message: "\(path) is no file, so no snapshot can take its place",
        remedy: "name a file that is to be made")
    }
    var scoring = try opened(directory, DataFolder.snapshots(in: directory), arguments)
    let own = try DataFolder.snapshotPath(in: directory, sequence: scoring.appliedSequence)
    // A link stays a link: what it leads to is replaced.
    let path =
      arguments["--output"].map { URL(filePath: $0).resolvingSymlinksInPath().path } ?? own
    let started = Terminal.nanoseconds()
    do throws(SnapshotFault) {
      try scoring.save(to: path)
    } catch {
      throw CommandFailure(error)
    }
    let bytes = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    Terminal.out(
      "\(path): \(NumberText.counted(Int(scoring.appliedSequence), "event")), "
        + "\(NumberText.grouped(bytes >> 20)) MiB in \(seconds(since: started)) s\n")
    guard arguments["--output"] == nil else { return }
    for old in DataFolder.snapshots(in: directory).dropFirst(keep) {
      try? FileManager.default.removeItem(atPath: old)
    }
  }

  private static func opened(
    _ directory: String, _ snapshots: [String], _ arguments: Arguments
  ) throws(CommandFailure) -> LiveScoring {
    let options = try DataFolder.seeded(EngineSettings.options(arguments))
    do throws(LiveError) {
      let ledger = try DataFolder.log(in: directory)
      guard let program = try DataFolder.program(of: ledger) else {
        throw LiveError.release(hash: "of an empty log")
      }
      var progress = Progress("replaying \(directory)", totalBytes: Int(ledger.lastSequence))
      defer { progress.finish() }
      return try LiveScoring(
        program: program, ledger: ledger, options: options, snapshots: snapshots,
        onSnapshot: { Terminal.note(DataFolder.text($0)) },
        onProgress: { done, _ in
          progress.update(count: done, bytes: done)
          return true
        })
    } catch {
      throw CommandFailure(error)
    }
  }

  // MARK: Verify and restore

  private static func verify(
    _ operands: [String], _ arguments: Arguments
  ) throws(CommandFailure) -> ExitCode {
    var paths = operands
    if paths.isEmpty { paths = DataFolder.snapshots(in: try directory(arguments)) }
    var isSound = true
    for path in paths {
      do throws(SnapshotFault) {
        let found = try SnapshotCheck.header(of: path)
        Terminal.out(
          "\(path): sound, \(NumberText.counted(Int(found.header.sequence), "event")), package "
            + "\(found.header.packageHash.prefix(12)), \(NumberText.grouped(found.stateBytes >> 20))"
            + " MiB of state\n")
      } catch {
        isSound = false
        Terminal.out("\(error.detail)\n")
      }
    }
    if paths.isEmpty { Terminal.out("there are no snapshots\n") }
    return isSound ? .success : .badInput
  }

  private static func restore(
    _ path: String, _ directory: String, _ arguments: Arguments
  ) throws(CommandFailure) {
    let header: SnapshotHeader
    do throws(SnapshotFault) {
      header = try SnapshotCheck.header(of: path).header
    } catch {
      throw CommandFailure(error)
    }
    let started = Terminal.nanoseconds()
    var use: SnapshotUse?
    let options = try EngineSettings.options(arguments)
    do throws(LiveError) {
      let ledger = try DataFolder.log(in: directory)
      guard let program = try DataFolder.program(of: ledger) else {
        throw LiveError.release(hash: "of an empty log")
      }
      _ = try LiveScoring(
        program: program, ledger: ledger, options: options, snapshots: [path],
        onSnapshot: { use = $0 })
    } catch {
      throw CommandFailure(error)
    }
    if case .skipped(let fault) = use { throw CommandFailure(fault) }
    let target = try DataFolder.snapshotPath(in: directory, sequence: header.sequence)
    // Two names may lead to one file, and what is there is used until the copy is whole.
    if !ByteFile.isSameFile(path, target) {
      let partial = target + ".partial"
      do {
        try? FileManager.default.removeItem(atPath: partial)
        try FileManager.default.copyItem(atPath: path, toPath: partial)
        try? FileManager.default.removeItem(atPath: target)
        try FileManager.default.moveItem(atPath: partial, toPath: target)
      } catch {
        throw CommandFailure(
          code: .inputOutput, message: "cannot copy \(path) to \(target): \(error)")
      }
    }
    Terminal.out(
      "\(target): in use from the next start on; ready in \(seconds(since: started)) s\n")
  }

  private static func seconds(since start: UInt64) -> String {
    let hundredths = (Terminal.nanoseconds() - start) / 10_000_000
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}

extension CommandFailure {
  init(_ fault: SnapshotFault) {
    switch fault {
    case .file(let error): self.init(ScoreError.file(error))
    case .damaged: self.init(code: .badInput, message: fault.detail)
    case .foreign(_, let mismatch):
      self.init(
        code: .badInput, message: fault.detail,
        remedy: mismatch == .log
          ? "it was made of another data folder" : "`sabueso snapshot create` makes a new one")
    }
  }
}
