import Engine
import FraudWorld
import Model
import Program
import Replay
import Wire

/// `sabueso evaluate`: decisions against the truth.
enum EvaluateCommand {
  static let command = Command(
    name: "evaluate", summary: "compare decisions with the truth: precision, recall, money, people",
    operands: "-r RULES DIR",
    options: [
      PackageLoading.rulesOption,
      OptionSpec("--events", value: "FILE", "events to score (default DIR/events.ndjson)"),
      OptionSpec("--truth", value: "FILE", "what is true (default DIR/truth.ndjson)"),
      OptionSpec(
        "--stop", value: "OUTCOME", "the mildest outcome that stops a reward (default hold)"),
      OptionSpec("--format", value: "KIND", "text (default) or json"),
      ListLoading.option, PackageLoading.languageOption,
    ] + EngineSettings.options,
    notes: """
      Ranges in brackets hold 19 times in 20: Wilson's for numbers; for money, groups that belong
      together are drawn again 400 times. The truth is lines of JSON, one for each account
      (`account_truth`) and each decision (`decision_truth`), as `sabueso simulate` writes them.
      """,
    examples: [
      ("sabueso evaluate -r Rules world", "a world made by `sabueso simulate`"),
      ("sabueso evaluate -r Rules world --stop block", "as if holds were paid in the end"),
      ("sabueso evaluate -r Rules world --format json | jq .policies", "for programs"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    let format = arguments["--format"] ?? "text"
    guard format == "text" || format == "json" else {
      throw CommandFailure(
        code: .usage, message: "--format takes text or json, not `\(format)`")
    }
    let (eventsPath, truthPath) = try paths(arguments)
    let program = try PackageLoading.compile(
      PackageLoading.rulesPath(arguments), language: PackageLoading.language(arguments))
    let outcome = arguments["--stop"] ?? "hold"
    guard program.catalog.policies.contains(where: { $0.outcomes.contains(outcome) }) else {
      let known = program.catalog.policies.flatMap(\.outcomes)
      let near = CommandLineHelp.nearest(outcome, among: known)
      throw CommandFailure(
        code: .usage, message: "no policy has the outcome `\(outcome)`",
        remedy: near.map { "did you mean `\($0)`?" })
    }
    var options = try options(arguments)
    options.lists = try ListLoading.contents(program, arguments)
    Interruption.watch()
    do throws(ScoreError) {
      guard let truth = try readTruth(truthPath) else { return .badInput }
      var evaluation = Evaluation(program.catalog, truth, stoppingFrom: outcome)
      let ending = try score(eventsPath, program, options, into: &evaluation)
      guard ending != .interrupted else { return .interrupted }
      let report = EvaluationReport(evaluation)
      Terminal.out(
        format == "json" ? EvaluationJSON.text(report) : EvaluationText.text(report))
      return ending
    } catch {
      throw CommandFailure(error)
    }
  }
}

extension EvaluateCommand {
  private static func paths(
    _ arguments: Arguments
  ) throws(CommandFailure) -> (events: String, truth: String) {
    guard arguments.operands.count <= 1 else {
      throw CommandFailure(code: .usage, message: "evaluate takes one folder")
    }
    let folder = arguments.operands.first.map(PackageLoading.tidy)
    let events = arguments["--events"] ?? folder.map { $0 + "/events.ndjson" }
    let truth = arguments["--truth"] ?? folder.map { $0 + "/truth.ndjson" }
    guard let events, let truth else {
      throw CommandFailure(
        code: .usage, message: "say where events and truth are: a folder, or --events and --truth",
        remedy: "`sabueso simulate --out DIR` makes one")
    }
    return (events, truth)
  }

  /// Gives each line of a file to `body`; false when it was interrupted.
  private static func readLines(
    _ path: String, _ what: String,
    _ body: (borrowing NumberedLine) throws(ScoreError) -> Void
  ) throws(ScoreError) -> Bool {
    let file = try ScoreError.inFile { () throws(FileError) in try ByteFile.reading(path) }
    var progress = Progress(what, totalBytes: file.regularSize)
    defer { progress.finish() }
    var reader = LineReader()
    var chunk: [UInt8] = []
    var bytes = 0
    var lines = 0
    while try ScoreError.inFile({ () throws(FileError) in
      try file.read(into: &chunk, atMost: 1 << 20)
    }) {
      guard !Interruption.isAsked else { return false }
      bytes += chunk.count
      try reader.read(chunk.span) { line throws(ScoreError) in
        lines += 1
        try body(line)
      }
      progress.update(count: lines, bytes: bytes)
    }
    try reader.finish { line throws(ScoreError) in try body(line) }
    return true
  }

  /// The truth of a file; nil when a line of it was refused.
  private static func readTruth(_ path: String) throws(ScoreError) -> Truth? {
    var reader = Truth.Reader()
    var reporter = RejectReporter()
    var isWhole = true
    _ = try readLines(path, "reading \(path)") { line throws(ScoreError) in
      do throws(WireError) {
        if let error = line.error { throw error }
        try reader.read(line.bytes)
      } catch {
        isWhole = false
        reporter.report(RejectedLine(number: line.number, error: .malformed(error)), in: path)
      }
    }
    reporter.finish(keptIn: nil, canKeep: false)
    return isWhole ? reader.finish() : nil
  }

  /// Scores the events and compares each decision.
  private static func score(
    _ path: String, _ program: RuleProgram, _ options: ScoreOptions,
    into evaluation: inout Evaluation
  ) throws(ScoreError) -> ExitCode {
    var engine = try options.engine(running: program)
    var intake = EventIntake(program.schema)
    var reporter = RejectReporter()
    var event = Event()
    var decision = Decision()
    var isWhole = true
    let isComplete = try readLines(path, "scoring \(path)") { line throws(ScoreError) in
      do throws(IntakeError) {
        if let error = line.error { throw .malformed(error) }
        guard
          case .new(let number) = try intake.admit(
            line.bytes, latest: options.latest, into: &event)
        else { return }
        event.sequence = UInt64(number)
        guard engine.apply(event, into: &decision) else { return }
        evaluation.add(decision, eventId: event.idText)
      } catch {
        isWhole = false
        reporter.report(RejectedLine(number: line.number, error: error), in: path)
      }
    }
    reporter.finish(keptIn: nil, canKeep: false)
    guard isComplete else { return .interrupted }
    return isWhole ? .success : .badInput
  }

  private static func options(_ arguments: Arguments) throws(CommandFailure) -> ScoreOptions {
    var options = ScoreOptions()
    let skew = try EngineSettings.skewMicroseconds(arguments)
    options.latest = Timestamp(microseconds: Terminal.wallMicroseconds() + skew)
    options.engine = try EngineSettings.options(arguments)
    return options
  }
}
