import Engine
import Expressions
import Ledger
import Model
import Program
import Replay
import RuleLanguage
import Wire

/// `sabueso rescore`: the night after, the same history through the same engine.
enum RescoreCommand {
  static let command = Command(
    name: "rescore", summary: "replay a ledger and show what would be decided differently",
    operands: "--data DIR [-r NEW]",
    options: [
      OptionSpec("--data", short: "-d", value: "DIR", "the data folder of `sabueso serve`"),
      OptionSpec(
        "--rules", short: "-r", value: "PATH",
        "rules to decide with (default: those that decided each event)"),
      OptionSpec("--output", short: "-o", value: "FILE", "write the new decisions there"),
      OptionSpec(
        "--feedback", value: "WHICH",
        "decisions that signals over a policy count: logged, as answered (default), or own, as made anew"
      ),
      OptionSpec(
        "--as-of", "take the events in order of their time, as if none had come late (needs -r)"),
      OptionSpec("--exit-code", "exit 2 when any decision differs"),
      PackageLoading.languageOption,
    ] + EngineSettings.options.filter { $0.name == "--graph-budget" },
    examples: [
      ("sabueso rescore --data data", "prove that the log replays to the same decisions"),
      (
        "sabueso rescore --data data -r Rules -o new.ndjson",
        "what would changed rules have decided?"
      ),
      (
        "sabueso rescore --data data -r Rules --as-of",
        "what would have been decided if every event had come in time?"
      ),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    guard let directory = arguments["--data"] else {
      throw CommandFailure(
        code: .usage, message: "say which data folder: --data DIR",
        remedy: "it is the one `sabueso serve` was given")
    }
    try DataFolder.check(directory)
    let options = try EngineSettings.options(arguments)
    let feedback = try feedback(arguments)
    if arguments.has("--as-of") && arguments["--rules"] == nil {
      // Releases took turns in order of arrival, which is another order.
      throw CommandFailure(
        code: .usage, message: "--as-of needs the rules to decide with: -r PATH")
    }
    let candidate = try arguments["--rules"].map { path throws(CommandFailure) in
      try PackageLoading.compile(
        PackageLoading.tidy(path), language: PackageLoading.language(arguments))
    }
    do throws(LiveError) {
      let report = try rescore(
        directory, candidate: candidate, options: options, feedback: feedback,
        asOf: arguments.has("--as-of"), output: arguments["--output"])
      Terminal.out(RescoreText.text(report))
      Terminal.note("digest: \(report.newDigest)\n")
      if report.unreadableCount > 0 { return .badInput }
      let differs = report.liveDigest != report.newDigest
      return differs && (arguments.has("--exit-code") || candidate == nil) ? .differences : .success
    } catch {
      throw CommandFailure(error)
    }
  }

  private static func feedback(
    _ arguments: Arguments
  ) throws(CommandFailure) -> RescoreFeedback {
    guard let text = arguments["--feedback"] else { return .logged }
    guard let feedback = RescoreFeedback(rawValue: text) else {
      throw CommandFailure(
        code: .usage, message: "--feedback takes logged or own, not `\(text)`")
    }
    return feedback
  }

  private static func rescore(
    _ directory: String, candidate: RuleProgram?, options: EngineOptions,
    feedback: RescoreFeedback, asOf: Bool, output path: String?
  ) throws(LiveError) -> RescoreReport {
    let ledger = try DataFolder.log(in: directory)
    var output: ByteFile?
    if let path {
      output = try LiveError.inOutput { () throws(FileError) in try ByteFile.writing(path) }
    }
    var report = RescoreReport()
    var live = DecisionDigest()
    var anew = DecisionDigest()
    var progress = Progress("rescoring \(directory)", totalBytes: Int(ledger.lastSequence))
    defer { progress.finish() }
    let spans = try spans(ledger, candidate)
    for span in spans where span.first <= span.last {
      var rescoring = try Rescoring(
        program: span.program, options: options, feedback: feedback,
        lists: ListLoading.present(span.program))
      try rescoring.run(
        ledger, asOf: asOf, comparing: span.first..., upTo: span.last, into: &report, live: &live,
        anew: &anew,
        output: &output, onProgress: { progress.update(count: $0, bytes: $0) })
    }
    try LiveError.inOutput { () throws(FileError) in try output?.flush() }
    report.liveDigest = live.finish()
    report.newDigest = anew.finish()
    return report
  }

  /// A package and the events it decides.
  private struct ReleaseSpan {
    var program: RuleProgram
    var first: UInt64
    var last: UInt64
  }

  /// One span for a candidate; else one per release, each deciding what it decided live.
  private static func spans(
    _ ledger: DecisionLedger, _ candidate: RuleProgram?
  ) throws(LiveError) -> [ReleaseSpan] {
    if let candidate {
      return [ReleaseSpan(program: candidate, first: 1, last: ledger.lastSequence)]
    }
    let releases = try LiveError.inLedger { () throws(LedgerError) in try ledger.releases() }
    var spans: [ReleaseSpan] = []
    for (position, release) in releases.enumerated() {
      let next = position + 1 < releases.count ? releases[position + 1].firstSequence : nil
      spans.append(
        ReleaseSpan(
          program: try DataFolder.program(of: release), first: release.firstSequence,
          last: next.map { $0 - 1 } ?? ledger.lastSequence))
    }
    return spans
  }
}

extension CommandFailure {
  init(_ error: LiveError) {
    switch error {
    case .engine(let error): self.init(ScoreError.engine(error))
    case .output(let error): self.init(ScoreError.file(error))
    case .ledger(let error): self.init(error)
    case .incompatible(let sequence, let error):
      self.init(
        code: .ruleErrors,
        message: "event \(sequence) of the log does not fit the rules' schema: \(error.code) at "
          + "\(error.pointer): \(error.detail)",
        remedy: "keep fields and enum cases that logged events use; new ones may be added")
    case .stopped: self.init(code: .interrupted)
    case .list(let name, let fault):
      self.init(code: .badInput, message: "the list \(name): \(fault.words.english)")
    case .repeatedInLog(let sequence):
      self.init(
        code: .inputOutput, message: "event \(sequence) of the log has the key of an earlier one")
    case .release(let hash):
      self.init(
        code: .inputOutput,
        message: "the recorded package \(hash.prefix(12)) does not compile to itself",
        remedy: "it was recorded by another release of sabueso; pass the rules with -r")
    }
  }
}
