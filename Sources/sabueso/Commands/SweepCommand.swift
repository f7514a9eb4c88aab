import Engine
import Expressions
import Glibc
import Ledger
import Model
import Program
import Replay
import RuleLanguage

/// `sabueso sweep`: what other thresholds would have decided.
enum SweepCommand {
  static let command = Command(
    name: "sweep", summary: "show what other values of params would have decided",
    operands: "[--param NAME[=VALUES]]… -r RULES EVENTS…",
    options: [
      OptionSpec(
        "--param", short: "-p", value: "NAME[=VALUES]",
        "a param and its values; more than once for more (default: all that have bounds)"),
      OptionSpec(
        "--rules", short: "-r", value: "PATH",
        "rules to decide with (default with --data: those that decided last)"),
      OptionSpec("--data", short: "-d", value: "DIR", "the data folder of `sabueso serve`"),
      OptionSpec("--format", value: "FORMAT", "text (default), json or ndjson"),
      ListLoading.option, PackageLoading.languageOption,
    ] + EngineSettings.options,
    notes: """
      VALUES are 2..20, 2..20:3 in steps, or 2,3,4, written as in rule files: 10s, 60d, 4000.00.
      Without any, up to 12 between the param's bounds. Each param has a curve of its own, the
      others as they stand. Signals that count decisions count those that were answered (--data),
      or those of the rules as they stand. Accounts are those that events of changed decisions name.
      """,
    examples: [
      (
        "sabueso sweep -p hourly_limit -r Rules Examples/events.ndjson",
        "one threshold over the sample events"
      ),
      (
        "sabueso sweep -p hourly_limit=2..20 -p daily_limit=8,12,16 -r Rules --data data",
        "two, over what a service has answered"
      ),
      ("sabueso sweep --data data --format ndjson", "every param with bounds, for programs"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    let language = try PackageLoading.language(arguments)
    let format = arguments["--format"] ?? "text"
    guard ["text", "json", "ndjson"].contains(format) else {
      throw CommandFailure(
        code: .usage, message: "--format takes text, json or ndjson, not `\(format)`")
    }
    let (history, ledger) = try history(arguments)
    let (rules, place) = try rules(arguments, ledger, language)
    let request = try SweepRequest(rules, at: place, params: arguments.all("--param"))
    let lists =
      ledger == nil
      ? try ListLoading.contents(request.program, arguments)
      : ListLoading.present(request.program)
    let options = try EngineSettings.options(arguments)
    var rejected = 0
    let report = try report(
      request, history, options, lists, totalBytes: size(arguments, ledger), &rejected)
    let reasons = SweepReasons(request.program.catalog, language)
    switch format {
    case "json": Terminal.out(SweepJSON.page(report, reasons))
    case "ndjson": Terminal.out(SweepJSON.lines(report, reasons))
    default: Terminal.out(SweepText.text(report, request.program, rules, language))
    }
    return rejected + report.unreadableCount > 0 ? .badInput : .success
  }

  private static func report(
    _ request: SweepRequest, _ history: SweepHistory, _ options: EngineOptions,
    _ lists: ListContents, totalBytes: Int?, _ rejected: inout Int
  ) throws(CommandFailure) -> SweepReport {
    var sweep = try failing { () throws(SweepError) in
      try Sweep(program: request.program, params: request.params, options: options, lists: lists)
    }
    var reporters: [String: RejectReporter] = [:]
    var progress = Progress("sweeping", totalBytes: totalBytes)
    try failing { () throws(SweepError) in
      try sweep.run(
        history,
        onReject: { line, path in
          progress.finish()
          rejected += 1
          reporters[path, default: RejectReporter()].report(line, in: path)
        }, onProgress: { progress.update(count: $0, bytes: $1) })
    }
    progress.finish()
    for reporter in reporters.values { reporter.finish(keptIn: nil, canKeep: false) }
    let replays = sweep.replays
    for (number, replay) in replays.enumerated() {
      var progress = Progress("replay \(number + 1) of \(replays.count)", totalBytes: totalBytes)
      let program = try request.program(param: replay.param, value: replay.value)
      try failing { () throws(SweepError) in
        try sweep.replay(
          param: replay.param, value: replay.value, program: program, history,
          onProgress: { progress.update(count: $0, bytes: $1) })
      }
      progress.finish()
    }
    return sweep.finish()
  }

  private static func failing<Result: ~Copyable>(
    _ body: () throws(SweepError) -> Result
  ) throws(CommandFailure) -> Result {
    do throws(SweepError) {
      return try body()
    } catch {
      switch error {
      case .live(let error): throw CommandFailure(error)
      case .file(let error): throw CommandFailure(ScoreError.file(error))
      }
    }
  }

  // MARK: Reading

  private static func history(
    _ arguments: Arguments
  ) throws(CommandFailure) -> (SweepHistory, DecisionLedger?) {
    if let directory = arguments["--data"] {
      guard arguments.operands.isEmpty else {
        throw CommandFailure(
          code: .usage, message: "give event files or --data, not both",
          remedy: "params go behind --param: --param \(arguments.operands[0])")
      }
      try DataFolder.check(directory)
      do throws(LiveError) {
        let ledger = try DataFolder.log(in: directory)
        return (.log(ledger), ledger)
      } catch {
        throw CommandFailure(error)
      }
    }
    guard !arguments.operands.isEmpty else {
      throw CommandFailure(
        code: .usage, message: "say which events: one or more files, or --data DIR")
    }
    for path in arguments.operands {
      guard path != "-" else {
        throw CommandFailure(
          code: .usage, message: "a sweep may read its events more than once, so not from a pipe",
          remedy: "put them into a file")
      }
      guard let obstacle = ByteFile.obstacle(toReading: path) else { continue }
      let failure = CommandFailure(ScoreError.file(obstacle))
      throw CommandFailure(
        code: failure.code, message: failure.message,
        remedy: "operands are files of events; params go behind --param: --param \(path)")
    }
    let skew = try EngineSettings.skewMicroseconds(arguments)
    let latest = Timestamp(microseconds: Terminal.wallMicroseconds() + skew)
    return (.files(arguments.operands, latest: latest), nil)
  }

  private static func size(_ arguments: Arguments, _ ledger: DecisionLedger?) -> Int? {
    if let ledger { return Int(ledger.lastSequence) }
    var bytes = 0
    for path in arguments.operands {
      guard let size = try? ByteFile.reading(path).regularSize else { return nil }
      bytes += size
    }
    return bytes
  }

  private static func rules(
    _ arguments: Arguments, _ ledger: DecisionLedger?, _ language: Language
  ) throws(CommandFailure) -> (CheckedRules, SweepRequest.Place) {
    if let path = arguments["--rules"].map(PackageLoading.tidy) {
      let rules = try PackageLoading.checked(path, language: language).rules
      return (rules, SweepRequest.Place(root: path, files: DiskRuleFiles()))
    }
    guard let ledger else {
      // Says what is missing.
      _ = try PackageLoading.rulesPath(arguments)
      throw CommandFailure(code: .usage)
    }
    do throws(LiveError) {
      let releases = try LiveError.inLedger { () throws(LedgerError) in try ledger.releases() }
      guard let last = releases.last, let bundle = PackageBundle(last.source),
        let rules = try DataFolder.package(of: last).rules
      else { throw LiveError.release(hash: releases.last?.hash ?? "") }
      return (rules, SweepRequest.Place(root: bundle.root, files: bundle.files))
    } catch {
      throw CommandFailure(error)
    }
  }
}
