import Engine
import Ledger
import Model
import Program
import Replay
import Service

/// `sabueso serve`: the scoring service.
enum ServeCommand {
  static let command = Command(
    name: "serve", summary: "answer scoring requests over HTTP, every decision durable first",
    operands: "-r RULES --data DIR",
    options: [
      PackageLoading.rulesOption,
      OptionSpec(
        "--data", short: "-d", value: "DIR", "where events and decisions are kept; made if absent"),
      OptionSpec(
        "--listen", value: "ADDRESS", "address and port, or unix:PATH (default 127.0.0.1:8080)"),
      OptionSpec("--explain", "show the values of all signals in each decision"),
      OptionSpec("--batch", value: "N", "requests of one commit at most (default 256)"),
      OptionSpec("--queue", value: "N", "requests that may wait; one more gets 503 (default 8192)"),
      PackageLoading.languageOption, ListLoading.option,
    ] + EngineSettings.options,
    notes: """
      SIGTERM or Ctrl-C ends it: what was asked is still answered, nothing more is taken.
      """,
    examples: [
      ("sabueso serve -r Rules --data data", "on 127.0.0.1:8080"),
      (
        "curl -s -H 'Content-Type: application/json' --data-binary @event.json http://127.0.0.1:8080/v1/score",
        "ask it"
      ),
      ("curl -s http://127.0.0.1:8080/v1/decisions/r1", "ask for a decision again"),
      ("curl -s http://127.0.0.1:8080/v1/accounts/A/neighbourhood", "who shares what with A?"),
      ("curl -s http://127.0.0.1:8080/v1/rings", "which rings asked for most lately?"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    guard let directory = arguments["--data"] else {
      throw CommandFailure(
        code: .usage, message: "say where decisions are kept: --data DIR",
        remedy: "the folder is made if it is not there")
    }
    let (program, source) = try PackageLoading.compileWithSource(
      PackageLoading.rulesPath(arguments), language: PackageLoading.language(arguments))
    // Refused now, not after a long replay.
    _ = try ListLoading.contents(program, arguments)
    let engineOptions = try DataFolder.seeded(EngineSettings.options(arguments))
    let options = try options(arguments)
    let explains = arguments.has("--explain")
    do throws(ScoringServiceError) {
      let service = try ScoringService(
        schema: program.schema, catalog: program.catalog,
        decidedEvents: decidedEvents(program), options: options,
        names: { () throws(LiveError) in
          try NameReader(directory: directory, schema: program.schema)
        }, onList: { Terminal.note(ListLoading.note($0)) })
      ListLoading.watch(program, service.lists)
      Terminal.note("listening on \(service.address)\n")
      try service.run(
        onReady: { last in
          Terminal.note(
            "ready: \(NumberText.counted(Int(last), "event")) in \(directory), package "
              + "\(program.catalog.packageHash.prefix(12)); Ctrl-C stops\n")
        },
        onFailure: { error in
          let failure = CommandFailure(error)
          Terminal.note("the ledger failed, opening it again: \(failure.message ?? "")\n")
        },
        opening: { onProgress throws(LiveError) in
          let ledger = try LiveError.inLedger { () throws(LedgerError) in
            try DecisionLedger(directory: directory)
          }
          let scoring = try LiveScoring(
            program: program, ledger: ledger, options: engineOptions,
            lists: ListLoading.present(program), explains: explains,
            snapshots: DataFolder.snapshots(in: directory),
            onSnapshot: { Terminal.note(DataFolder.text($0)) }, onProgress: onProgress)
          try record(program, source, in: ledger)
          return scoring
        })
      Terminal.note("stopped; every answer given is in \(directory)\n")
      return .success
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Records the package, now that it is known to read the whole log, when it is not the one that
  /// decided last.
  private static func record(
    _ program: RuleProgram, _ source: String, in ledger: DecisionLedger
  ) throws(LiveError) {
    try LiveError.inLedger { () throws(LedgerError) in
      guard try ledger.releases().last?.hash != program.catalog.packageHash else { return }
      try ledger.recordRelease(
        hash: program.catalog.packageHash, sequence: ledger.lastSequence + 1, source: source)
    }
  }

  private static func decidedEvents(_ program: RuleProgram) -> [String] {
    program.events.indices.filter { program.events[$0].policy != nil }
      .map { program.schema.events[$0].name }
  }

  private static func options(
    _ arguments: Arguments
  ) throws(CommandFailure) -> ScoringServiceOptions {
    var options = ScoringServiceOptions()
    options.listen = arguments["--listen"] ?? options.listen
    options.batchLimit = try arguments.int("--batch", default: options.batchLimit, most: 65_536)
    options.queueLimit = try arguments.int("--queue", default: options.queueLimit, most: 1 << 20)
    options.skewMicroseconds = try EngineSettings.skewMicroseconds(arguments)
    return options
  }
}

extension CommandFailure {
  init(_ error: ScoringServiceError) {
    switch error {
    case .noAddress(let text):
      self.init(
        code: .usage, message: "--listen takes an address and a port, not `\(text)`",
        remedy: "write 127.0.0.1:8080, [::1]:8080 or unix:/path")
    case .address(let reason):
      self.init(
        code: .unavailable, message: "cannot listen on \(reason)",
        remedy: "try another port, like --listen 127.0.0.1:8081, or another path of a socket")
    case .system(let reason): self.init(code: .unavailable, message: reason)
    case .live(let error): self.init(error)
    }
  }
}
