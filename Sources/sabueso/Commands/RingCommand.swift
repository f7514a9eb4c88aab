import Engine
import Expressions
import Foundation
import Ledger
import Model
import Program
import Replay

/// `sabueso ring`: accounts that lead back to themselves, those that asked for most first.
enum RingCommand {
  static let command = Command(
    name: "ring", summary: "find rings of accounts, ranked by the money they asked for",
    operands: "list|show ACCOUNT|export [ACCOUNT] [EVENTS…]",
    wordCount: 1,
    options: [
      OptionSpec("--data", short: "-d", value: "DIR", "the data folder of `sabueso serve`"),
      OptionSpec(
        "--rules", short: "-r", value: "PATH",
        "rules whose links are looked at (default with --data: those that decided last)"),
      OptionSpec("--least", value: "N", "accounts a ring has at least (default 3)"),
      OptionSpec("--limit", value: "N", "rings to list (default 20)"),
      OptionSpec("--format", value: "FORMAT", "export: dot, graphml or json (default json)"),
      OptionSpec("--output", short: "-o", value: "FILE", "export into a file instead of stdout"),
      PackageLoading.languageOption, ListLoading.option,
    ] + EngineSettings.options.filter { $0.name == "--max-skew" },
    notes: """
      In a ring every account leads back to itself: over phones, bank accounts and whatever else
      accounts share, both ways, and over invitations along their arrow. Links are those of the
      rules that some signal looks at, live at the time of the last event; hubs join nobody. With --data the decisions told are
      those that were answered.
      """,
    examples: [
      ("sabueso ring list --data data", "the rings of a service's log"),
      ("sabueso ring list -r Rules Examples/events.ndjson", "the rings of event files"),
      (
        "sabueso ring show C-0000526 -r Rules Examples/events.ndjson", "who shares what with whom"
      ),
      (
        "sabueso ring export C-0000526 --data data --format dot | dot -Tsvg > ring.svg",
        "a drawing of one"
      ),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    let language = try PackageLoading.language(arguments)
    var operands = arguments.operands[...]
    let verb = operands.popFirst()
    var account: String?
    let hasData = arguments["--data"] != nil
    switch verb {
    case "list": break
    case "show":
      account = operands.popFirst()
      guard account != nil else {
        throw CommandFailure(
          code: .usage, message: "say whose ring: ring show ACCOUNT",
          remedy: "`sabueso ring list` names an account of each")
      }
    case "export":
      // Without a data folder the operands that are files are events.
      if let first = operands.first, hasData || !FileManager.default.fileExists(atPath: first) {
        account = operands.popFirst()
      }
    default:
      throw CommandFailure(
        code: .usage, message: "say what to do: ring list, ring show ACCOUNT or ring export",
        remedy: "see `sabueso ring --help`")
    }
    let format = arguments["--format"] ?? "json"
    guard ["dot", "graphml", "json"].contains(format) else {
      throw CommandFailure(
        code: .usage, message: "--format takes dot, graphml or json, not `\(format)`")
    }
    let least = try arguments.int("--least", default: 3, most: 1_000_000)
    let limit = try arguments.int("--limit", default: 20)
    var rings = try rings(arguments, files: Array(operands), least: account == nil ? least : 2)
    if let account {
      rings = rings.filter { $0.accounts.contains { $0.name == .text(account) } }
      guard !rings.isEmpty else {
        throw CommandFailure(code: .badInput, message: "\(account) is in no ring")
      }
    }
    if verb == "export" {
      try write(rings, as: format, to: arguments["--output"])
    } else if account != nil {
      for ring in rings { Terminal.out(RingText.story(ring, language)) }
    } else {
      Terminal.out(RingText.table(rings, limit: limit, language))
    }
    return .success
  }

  private static func write(
    _ rings: [Ring], as format: String, to path: String?
  ) throws(CommandFailure) {
    let bytes =
      switch format {
      case "dot": RingExport.dot(rings)
      case "graphml": RingExport.graphML(rings)
      default: RingExport.json(rings)
      }
    guard let path else {
      Terminal.out(String(decoding: bytes, as: UTF8.self))
      return
    }
    try FileBytes.replace(path, with: bytes)
  }

  // MARK: Reading

  private static func rings(
    _ arguments: Arguments, files: [String], least: Int
  ) throws(CommandFailure) -> [Ring] {
    if let directory = arguments["--data"] {
      guard files.isEmpty else {
        throw CommandFailure(code: .usage, message: "give event files or --data, not both")
      }
      return try rings(inLog: directory, arguments, least: least)
    }
    guard !files.isEmpty else {
      throw CommandFailure(
        code: .usage, message: "say where to look: --data DIR, or -r RULES and event files")
    }
    let program = try PackageLoading.compile(
      PackageLoading.rulesPath(arguments), language: PackageLoading.language(arguments))
    let skew = try EngineSettings.skewMicroseconds(arguments)
    let latest = Timestamp(microseconds: Terminal.wallMicroseconds() + skew)
    var scan = try scan(program, ListLoading.contents(program, arguments))
    do throws(ScoreError) {
      for path in files {
        let file = try ScoreError.inFile { () throws(FileError) in try ByteFile.reading(path) }
        var reporter = RejectReporter()
        try scan.add(file, latest: latest) { reporter.report($0, in: path) }
        reporter.finish(keptIn: nil, canKeep: false)
      }
    } catch {
      throw CommandFailure(error)
    }
    return scan.rings(least: least)
  }

  private static func scan(
    _ program: RuleProgram, _ lists: ListContents
  ) throws(CommandFailure) -> RingScan {
    do throws(LiveError) {
      return try RingScan(program: program, lists: lists)
    } catch {
      throw CommandFailure(error)
    }
  }

  private static func rings(
    inLog directory: String, _ arguments: Arguments, least: Int
  ) throws(CommandFailure) -> [Ring] {
    try DataFolder.check(directory)
    let asked = try arguments["--rules"].map { path throws(CommandFailure) in
      try PackageLoading.compile(
        PackageLoading.tidy(path), language: PackageLoading.language(arguments))
    }
    do throws(LiveError) {
      let ledger = try DataFolder.log(in: directory)
      let recorded = asked == nil ? try DataFolder.program(of: ledger) : nil
      guard let program = asked ?? recorded else { return [] }
      // Lists the log does not know: those of rules that never decided there.
      var scan = try RingScan(program: program, lists: ListLoading.present(program))
      var progress = Progress("reading \(directory)", totalBytes: Int(ledger.lastSequence))
      defer { progress.finish() }
      try scan.add(ledger) { progress.update(count: $0, bytes: $0) }
      return scan.rings(least: least)
    } catch {
      throw CommandFailure(error)
    }
  }
}
