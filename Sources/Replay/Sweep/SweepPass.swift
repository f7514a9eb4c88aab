internal import Engine
internal import Ledger
internal import Model
internal import Program
internal import Wire

/// One replay of a history through an engine that leaves decided events behind for a sweep.
struct SweepPass: ~Copyable {
  private var engine: ScoringEngine
  private var intake: EventIntake
  private let lists: ListContents
  private let program: RuleProgram
  var sweep: ParamSweep
  var event = Event()
  var decision = Decision()

  init(
    _ program: RuleProgram, _ options: EngineOptions, _ lists: ListContents
  ) throws(LiveError) {
    var options = options
    options.rendersTexts = false
    let engine = try Self.engine(program, options)
    let sweep = try Self.sweep(program)
    self.engine = engine
    self.sweep = sweep
    intake = EventIntake(program.schema)
    self.program = program
    self.lists = lists
  }

  private static func engine(
    _ program: RuleProgram, _ options: EngineOptions
  ) throws(LiveError) -> ScoringEngine {
    do throws(EngineError) {
      return try ScoringEngine(program: program, options: options)
    } catch {
      throw .engine(error)
    }
  }

  /// Room for the events that wait.
  static func sweep(_ program: RuleProgram) throws(LiveError) -> ParamSweep {
    do throws(EngineError) {
      return try ParamSweep(program)
    } catch {
      throw .engine(error)
    }
  }

  /// Decides on the current event; false where no policy governs it.
  mutating func apply(_ answered: AnsweredDecision?) -> Bool {
    engine.apply(event, into: &decision, answered: answered, waitingIn: &sweep)
  }

  /// Reads files and gives `body` each new event, as `event`; `onReject` gets refused lines.
  mutating func read(
    files: [String], latest: Timestamp, onReject: (RejectedLine, String) -> Void,
    onProgress: (_ events: Int, _ bytes: Int) -> Void, _ body: (inout SweepPass) -> Void
  ) throws(SweepError) {
    do throws(LiveError) {
      var versions = ListVersions(program, recorded: [], given: lists)
      try versions.advance(to: 0, &engine)
    } catch {
      throw .live(error)
    }
    var bytes = 0
    for path in files {
      do throws(FileError) {
        let file = try ByteFile.reading(path)
        var reader = LineReader()
        var chunk: [UInt8] = []
        while try file.read(into: &chunk, atMost: 1 << 20) {
          bytes += chunk.count
          reader.read(chunk.span) { line in add(line, latest, { onReject($0, path) }, body) }
          onProgress(intake.count, bytes)
        }
        reader.finish { line in add(line, latest, { onReject($0, path) }, body) }
      } catch {
        throw .file(error)
      }
    }
  }

  private mutating func add(
    _ line: borrowing NumberedLine, _ latest: Timestamp, _ onReject: (RejectedLine) -> Void,
    _ body: (inout SweepPass) -> Void
  ) {
    if let error = line.error {
      return onReject(RejectedLine(number: line.number, error: .malformed(error)))
    }
    do throws(IntakeError) {
      guard case .new(let number) = try intake.admit(line.bytes, latest: latest, into: &event)
      else { return }
      event.sequence = UInt64(number)
    } catch {
      return onReject(RejectedLine(number: line.number, error: error))
    }
    body(&self)
  }

  /// Reads a log and gives `body` each event, as `event`, with what was answered; `onUnreadable`
  /// gets those that are none of this package's.
  mutating func read(
    _ ledger: DecisionLedger, onUnreadable: (RescoreReport.Unreadable) -> Void,
    onProgress: (Int) -> Void, _ body: (inout SweepPass, AnsweredDecision?) -> Void
  ) throws(LiveError) {
    let recorded = try LiveError.inLedger { () throws(LedgerError) in try ledger.listVersions() }
    var versions = ListVersions(program, recorded: recorded, given: lists)
    try versions.advance(to: 0, &engine)
    do {
      try ledger.replay(from: 1) { entry in
        try versions.advance(to: entry.sequence, &engine)
        if entry.sequence % 1_024 == 0 { onProgress(Int(entry.sequence)) }
        do throws(IntakeError) {
          _ = try intake.admit(
            entry.event, latest: Timestamp(microseconds: .max), into: &event)
        } catch {
          return onUnreadable(RescoreReport.Unreadable(sequence: entry.sequence, error: error))
        }
        event.sequence = entry.sequence
        body(&self, AnsweredDecision(digest: entry.digest, of: event, program))
      }
    } catch {
      throw LiveError(replaying: error)
    }
  }
}
