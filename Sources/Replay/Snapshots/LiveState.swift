import Digests
import Engine
import Ledger
import Model
import Program

/// What an opening did with a snapshot.
public enum SnapshotUse: Sendable {
  /// The state began with it, behind the event of this sequence.
  case used(path: String, sequence: UInt64)
  /// It was passed over.
  case skipped(SnapshotFault)
}

/// Everything a running service knows that its log could tell again: the engine and what stands
/// beside it. Goes into a snapshot as a whole.
struct LiveState: ~Copyable {
  var engine: ScoringEngine
  var intake: EventIntake
  var mentions: MentionIndex
  var cases: AskedCases
  /// What the log says of each list; no part of a snapshot, for the log tells it at once.
  private var lists: ListContents = [:]
  let secret: HashSecret

  /// Before the first event.
  init(_ program: RuleProgram, _ options: EngineOptions) throws(LiveError) {
    do throws(EngineError) {
      engine = try ScoringEngine(program: program, options: options)
    } catch {
      throw .engine(error)
    }
    intake = EventIntake(program.schema, secret: options.hashSecret)
    mentions = MentionIndex(for: engine)
    cases = AskedCases(program, limit: Limits.ringDecisions)
    secret = options.hashSecret
  }

  /// Applies an event that was admitted; whether it was decided.
  mutating func apply(
    _ event: borrowing Event, into decision: inout Decision, answered: AnsweredDecision? = nil
  ) -> Bool {
    let isDecided = engine.apply(event, into: &decision, answered: answered)
    LiveState.note(event, at: 0, engine, &mentions)
    if isDecided { cases.add(decision, event, in: engine) }
    return isDecided
  }

  /// Applies up to `ScoringEngine.batchEvents` events that were admitted.
  mutating func apply(_ batch: inout EventBatch) {
    precondition(batch.count <= ScoringEngine.batchEvents, "more than the engine tells of")
    engine.apply(&batch)
    for index in 0..<batch.count {
      LiveState.note(batch.events[index], at: index, engine, &mentions)
      if batch.isDecided[index] {
        cases.add(batch.decisions[index], batch.events[index], at: index, in: engine)
      }
    }
  }

  /// Gives a list other members from the next event on; false when it has them already.
  mutating func setList(
    _ name: String, to bytes: [UInt8], _ files: [ListFilePlan], _ ledger: DecisionLedger
  ) throws(LiveError) -> Bool {
    try files.set(name, to: bytes, &engine, &lists, ledger)
  }

  // Apart from self, because the mentions change while the engine is read.
  private static func note(
    _ event: borrowing Event, at index: Int, _ engine: borrowing ScoringEngine,
    _ mentions: inout MentionIndex
  ) {
    let sequence = event.sequence
    engine.numbers(ofLast: event, at: index) { slot, space, number in
      mentions.note(space: space, number, MentionIndex.Mention(sequence: sequence, slot: slot))
    }
  }

  /// Carries the state out, or in over one before the first event.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try engine.transfer(&archive)
    try intake.transfer(&archive)
    try mentions.transfer(&archive)
    try cases.transfer(&archive)
    try archive.finish()
  }

  // MARK: Opening

  /// The state at the end of a log.
  static func opened(
    _ program: RuleProgram, _ ledger: DecisionLedger, _ options: EngineOptions,
    _ given: ListContents, _ snapshots: [String], _ onSnapshot: (SnapshotUse) -> Void,
    _ onProgress: (_ done: Int, _ total: Int) -> Bool
  ) throws(LiveError) -> LiveState {
    for path in snapshots {
      guard var state = restored(path, program, ledger, options, onSnapshot) else { continue }
      try state.goOn(ledger, given, onProgress)
      return state
    }
    var state = try LiveState(program, options)
    try state.goOn(ledger, given, onProgress)
    return state
  }

  /// The state a snapshot holds; nil when it is of no use, which `onSnapshot` hears.
  private static func restored(
    _ path: String, _ program: RuleProgram, _ ledger: DecisionLedger, _ options: EngineOptions,
    _ onSnapshot: (SnapshotUse) -> Void
  ) -> LiveState? {
    do throws(SnapshotFault) {
      let state = try restored(path, program, ledger, options)
      onSnapshot(.used(path: path, sequence: UInt64(state.intake.count)))
      return state
    } catch {
      onSnapshot(.skipped(error))
      return nil
    }
  }

  /// The state a snapshot holds, if it is sound and of this package and log.
  private static func restored(
    _ path: String, _ program: RuleProgram, _ ledger: DecisionLedger, _ options: EngineOptions
  ) throws(SnapshotFault) -> LiveState {
    let input = try SnapshotInput(path)
    try input.check(package: program.catalog.packageHash)
    try input.check(log: ledger)
    var options = options
    options.hashSecret = input.header.secret
    // A package whose engine cannot be made fails when it is opened without the snapshot.
    guard var state = try? LiveState(program, options) else {
      throw .foreign(path: path, .package)
    }
    var archive = StateArchive.reading { piece throws(SnapshotError) in
      try input.exchange(&piece)
    }
    do throws(SnapshotError) {
      try state.transfer(&archive)
    } catch {
      throw input.fault ?? .damaged(path: path, offset: 0)
    }
    guard state.intake.count == Int(input.header.sequence) else {
      throw .damaged(path: path, offset: 0)
    }
    return state
  }

  /// Replays what the log holds beyond the state, with the lists as they were, then takes the lists
  /// as they are given now.
  private mutating func goOn(
    _ ledger: DecisionLedger, _ given: ListContents,
    _ onProgress: (_ done: Int, _ total: Int) -> Bool
  ) throws(LiveError) {
    var event = Event()
    var decision = Decision()
    let start = intake.count
    let total = Int(ledger.lastSequence) - start
    let recorded = try LiveError.inLedger { () throws(LedgerError) in try ledger.listVersions() }
    var versions = ListVersions(engine.program, recorded: recorded, given: given)
    for version in recorded { lists[version.name] = version.content }
    try versions.advance(to: UInt64(start), &engine)
    do {
      try ledger.replay(from: UInt64(start) + 1) { entry in
        try admit(entry, into: &event)
        try versions.advance(to: entry.sequence, &engine)
        let answered = AnsweredDecision(digest: entry.digest, of: event, engine.program)
        _ = apply(event, into: &decision, answered: answered)
        if entry.sequence % 1_024 == 0, !onProgress(Int(entry.sequence) - start, total) {
          throw LiveError.stopped
        }
      }
    } catch {
      throw LiveError(replaying: error)
    }
    try versions.advance(to: .max, &engine)
    let files = engine.program.listFiles
    for (name, bytes) in given.sorted(by: { $0.key < $1.key }) {
      _ = try setList(name, to: bytes, files, ledger)
    }
  }

  /// Reads an event of the log; it must be new and have the number it was stored under.
  private mutating func admit(
    _ entry: borrowing LedgerEntry, into event: inout Event
  ) throws(LiveError) {
    let admission: Admission
    do throws(IntakeError) {
      admission = try intake.admit(
        entry.event, latest: Timestamp(microseconds: .max), into: &event)
    } catch {
      throw .incompatible(sequence: entry.sequence, error)
    }
    guard admission == .new(Int(entry.sequence)) else {
      throw .repeatedInLog(sequence: entry.sequence)
    }
    event.sequence = entry.sequence
  }
}

extension SnapshotInput {
  func check(package hash: String) throws(SnapshotFault) {
    guard header.packageHash == hash else { throw .foreign(path: path, .package) }
    guard header.layout == StateArchive.layout, header.engineVersion == EngineVersion.current
    else { throw .foreign(path: path, .release) }
  }

  /// Whether the event it ends with is the one the log has there.
  func check(log ledger: DecisionLedger) throws(SnapshotFault) {
    let digest: String
    do throws(LedgerError) {
      let entry =
        header.sequence == 0 ? nil : try ledger.entry(sequence: header.sequence)
      let event = entry?.event ?? []
      digest = SHA256.digest(of: event.span).hex
    } catch {
      // A log that cannot be read there says so itself when it is replayed.
      throw .foreign(path: path, .log)
    }
    guard digest == header.eventDigest else { throw .foreign(path: path, .log) }
  }
}
