import Engine
import Explanation
import Ledger
import Model
import Replay
import RuleLanguage
import Wire

/// Replays a history up to one event, to explain what was decided on it.
struct HistoryReplay: ~Copyable {
  private var explainer: DecisionExplainer
  private var intake: EventIntake
  private var event = Event()
  /// The explanation of the event that was looked for.
  private(set) var found: DecisionExplanation?

  init(_ check: PackageCheck, _ arguments: Arguments) throws(CommandFailure) {
    let options = try EngineSettings.options(arguments)
    let made: DecisionExplainer?
    do throws(EngineError) {
      made = try DecisionExplainer(check, options: options)
    } catch {
      throw CommandFailure(ScoreError.engine(error))
    }
    guard let made else {
      throw CommandFailure(code: .ruleErrors, message: "the rules have errors")
    }
    intake = EventIntake(made.schema)
    explainer = made
  }

  /// Gives lists the members that their files have now.
  mutating func loadLists(_ arguments: Arguments) throws(CommandFailure) {
    let given = try ListLoading.contents(explainer.engine.program, arguments)
    do throws(LiveError) {
      var versions = ListVersions(explainer.engine.program, recorded: [], given: given)
      try versions.advance(to: 0, &explainer.engine)
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Applies the events of a file until one with the id is decided, if one is looked for; later
  /// lines are not read.
  mutating func add(_ path: String, upTo id: String?) throws(CommandFailure) {
    var reporter = RejectReporter()
    do throws(ScoreError) {
      let file =
        path == "-"
        ? ByteFile(descriptor: 0, path: "standard input")
        : try ScoreError.inFile { () throws(FileError) in try ByteFile.reading(path) }
      var reader = LineReader()
      var chunk: [UInt8] = []
      while found == nil {
        var isMore = false
        try ScoreError.inFile { () throws(FileError) in
          isMore = try file.read(into: &chunk, atMost: 1 << 20)
        }
        guard isMore else { break }
        reader.read(chunk.span) { line in
          add(line, upTo: id) { reporter.report($0, in: path) }
        }
      }
      reader.finish { line in
        add(line, upTo: id) { reporter.report($0, in: path) }
      }
    } catch {
      throw CommandFailure(error)
    }
    reporter.finish(keptIn: nil, canKeep: false)
  }

  private mutating func add(
    _ line: borrowing NumberedLine, upTo id: String?, _ onReject: (RejectedLine) -> Void
  ) {
    guard found == nil else { return }
    if let error = line.error {
      return onReject(RejectedLine(number: line.number, error: .malformed(error)))
    }
    do throws(IntakeError) {
      guard case .new(let number) = try intake.admit(line.bytes, latest: .latest, into: &event)
      else { return }
      apply(sequence: UInt64(number), id)
    } catch {
      onReject(RejectedLine(number: line.number, error: error))
    }
  }

  private mutating func apply(
    sequence: UInt64, _ id: String?, answered: AnsweredDecision? = nil
  ) {
    event.sequence = sequence
    guard explainer.apply(event, answered: answered), let id, event.idText == id else { return }
    found = explainer.explanation(of: event)
  }

  /// Applies the event that the history led up to and explains what is decided on it.
  mutating func explain(
    _ line: [UInt8], from path: String
  ) throws(CommandFailure) -> DecisionExplanation {
    let admission: Admission
    do throws(IntakeError) {
      admission = try intake.admit(line.span, latest: .latest, into: &event)
    } catch {
      throw CommandFailure(
        code: .badInput,
        message: "\(path) is no event of these rules: \(error.code)"
          + (error.pointer.isEmpty ? "" : " at \(error.pointer)") + ": \(error.detail)",
        remedy: error.remedy)
    }
    guard case .new(let number) = admission else {
      throw CommandFailure(
        code: .badInput, message: "the history holds this event already",
        remedy: "`sabueso explain decision \(event.idText) -r … --events …` explains it there")
    }
    event.sequence = UInt64(number)
    guard explainer.apply(event) else {
      throw CommandFailure(
        code: .badInput,
        message: "no policy decides on `\(explainer.schema.events[event.type].name)`")
    }
    return explainer.explanation(of: event)
  }

  /// Replays a log until the event with a sequence, and explains it: with the lists of their time,
  /// and signals that count what was decided then.
  mutating func add(
    _ ledger: DecisionLedger, upTo sequence: UInt64, id: String, onProgress: (Int) -> Void
  ) throws(LiveError) {
    let program = explainer.engine.program
    let recorded = try LiveError.inLedger { () throws(LedgerError) in try ledger.listVersions() }
    var versions = ListVersions(program, recorded: recorded, given: ListLoading.present(program))
    do {
      try ledger.replay(from: 1) { entry in
        guard entry.sequence <= sequence else { return }
        try versions.advance(to: entry.sequence, &explainer.engine)
        if entry.sequence % 1_024 == 0 { onProgress(Int(entry.sequence)) }
        do throws(IntakeError) {
          _ = try intake.admit(entry.event, latest: .latest, into: &event)
        } catch {
          throw LiveError.incompatible(sequence: entry.sequence, error)
        }
        // What is asked about is decided anew; what came before stays as it was answered.
        let answered =
          entry.sequence == sequence
          ? nil : AnsweredDecision(digest: entry.digest, of: event, program)
        apply(
          sequence: entry.sequence, entry.sequence == sequence ? id : nil, answered: answered)
      }
    } catch {
      throw LiveError(replaying: error)
    }
  }
}

extension Timestamp {
  /// A history may be dated as it likes.
  static let latest = Timestamp(microseconds: .max)
}
