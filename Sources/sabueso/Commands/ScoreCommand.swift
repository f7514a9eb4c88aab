import Engine
import Glibc
import Model
import Program
import Replay
import RuleLanguage
import Wire

/// `sabueso score`: events in, decisions out.
enum ScoreCommand {
  static let command = Command(
    name: "score", summary: "score events from files, decisions as lines of JSON",
    operands: "-r RULES EVENTS…",
    options: [
      PackageLoading.rulesOption,
      OptionSpec("--output", short: "-o", value: "FILE", "write decisions there instead of stdout"),
      OptionSpec("--explain", "show the values of all signals in each decision"),
      OptionSpec("--rejects", value: "FILE", "keep refused lines there, as they came"),
      OptionSpec(
        "--batch", value: "N", "events read ahead (default 64); answers do not depend on it"),
      OptionSpec("--quiet", short: "-q", "no summary"), PackageLoading.languageOption,
      ListLoading.option,
    ] + EngineSettings.options,
    notes: """
      A bad line is refused with its number and place, and the run goes on; it then ends 65. Ctrl-C
      ends a run early with 130: what was decided is written whole, and the digest is that of it.
      """,
    examples: [
      ("sabueso score -r Rules Examples/events.ndjson", "decisions on the terminal"),
      (
        "sabueso score -r Rules -o decisions.ndjson --rejects bad.ndjson january.ndjson february.ndjson",
        "two months into a file, bad lines kept apart"
      ),
      ("zcat events.gz | sabueso score -r Rules --explain -", "from a pipe, with signal values"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    guard !arguments.operands.isEmpty else {
      throw CommandFailure(
        code: .usage, message: "say which events: one or more files, or - for standard input")
    }
    var options = try options(arguments)
    try checkPaths(arguments)
    let program = try PackageLoading.compile(
      PackageLoading.rulesPath(arguments), language: PackageLoading.language(arguments))
    options.lists = try ListLoading.contents(program, arguments)
    Interruption.watch()
    let started = Terminal.nanoseconds()
    do throws(ScoreError) {
      var run = try ScoreRun(program: program, output: output(arguments), options: options)
      let isComplete = try score(arguments, &run)
      let digest = try run.finish()
      if !arguments.has("--quiet") {
        let seconds = Double(Terminal.nanoseconds() - started) / 1e9
        Terminal.note(SummaryText.text(run.summary, seconds: seconds, memory: run.memory))
      }
      if !isComplete {
        Terminal.note("interrupted: the digest is that of the decisions written so far\n")
      }
      Terminal.note("digest: \(digest)\n")
      guard isComplete else { return .interrupted }
      return run.summary.rejected.isEmpty ? .success : .badInput
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Scores all files; false when it was interrupted.
  private static func score(
    _ arguments: Arguments, _ run: inout ScoreRun
  ) throws(ScoreError) -> Bool {
    var reporter = RejectReporter()
    var rejects: ByteFile?
    if let path = arguments["--rejects"] {
      rejects = try ScoreError.inFile { () throws(FileError) in try ByteFile.writing(path) }
    }
    var isComplete = true
    for path in arguments.operands where isComplete {
      let file = try input(path)
      var progress = Progress("scoring \(file.path)", totalBytes: file.regularSize)
      defer { progress.finish() }
      isComplete = try run.score(
        file, rejects: &rejects,
        onReject: { line in
          progress.finish()
          reporter.report(line, in: file.path)
        },
        onProgress: { events, bytes in
          progress.update(count: events, bytes: bytes)
          return !Interruption.isAsked
        })
    }
    try ScoreError.inFile { () throws(FileError) in try rejects?.flush() }
    reporter.finish(keptIn: arguments["--rejects"])
    return isComplete
  }

  /// Finds what would fail only after hours, before anything is opened.
  private static func checkPaths(_ arguments: Arguments) throws(CommandFailure) {
    let inputs = arguments.operands.filter { $0 != "-" }
    for path in inputs {
      if let obstacle = ByteFile.obstacle(toReading: path) {
        throw CommandFailure(ScoreError.file(obstacle))
      }
    }
  }

  private static func input(_ path: String) throws(ScoreError) -> ByteFile {
    if path == "-" { return ByteFile(descriptor: STDIN_FILENO, path: "standard input") }
    return try ScoreError.inFile { () throws(FileError) in try ByteFile.reading(path) }
  }

  private static func output(_ arguments: Arguments) throws(ScoreError) -> ByteFile {
    guard let path = arguments["--output"] else {
      return ByteFile(descriptor: STDOUT_FILENO, path: "standard output")
    }
    return try ScoreError.inFile { () throws(FileError) in try ByteFile.writing(path) }
  }

  private static func options(_ arguments: Arguments) throws(CommandFailure) -> ScoreOptions {
    var options = ScoreOptions()
    options.batchSize = try arguments.int("--batch", default: 64, most: 65_536)
    options.explains = arguments.has("--explain")
    let skew = try EngineSettings.skewMicroseconds(arguments)
    options.latest = Timestamp(microseconds: Terminal.wallMicroseconds() + skew)
    options.engine = try EngineSettings.options(arguments)
    return options
  }
}

extension CommandFailure {
  init(_ error: ScoreError) {
    switch error {
    // Who stopped reading, like `head`, knows.
    case .file(let error) where error.errorNumber == EPIPE: self.init(code: .inputOutput)
    case .file(let error):
      self.init(
        code: .inputOutput, message: "cannot \(error.action) \(error.path): \(error.reason)")
    case .engine(let error):
      self.init(code: .bug, message: "the engine refuses the compiled package: \(error)")
    case .list(let name, let fault):
      self.init(code: .badInput, message: "the list \(name): \(fault.words.english)")
    }
  }
}
