public import Engine
public import Ledger
public import Model
public import Program
public import Values
internal import Wire

/// Why live scoring cannot start or go on.
public enum LiveError: Error, Sendable {
  case engine(EngineError)
  case ledger(LedgerError)
  case output(FileError)
  /// An event of the log is none for the package's schema.
  case incompatible(sequence: UInt64, IntakeError)
  /// The log holds one natural key twice.
  case repeatedInLog(sequence: UInt64)
  /// A recorded package does not compile to the hash it was recorded under.
  case release(hash: String)
  /// The file of a list is none.
  case list(name: String, ListFileError)
  /// Whoever was told of the progress did not want to go on.
  case stopped

  /// The first event of a block of the log that is not what was written, if that is the error.
  public var damagedBlock: UInt64? {
    guard case .ledger(.corruptBlock(_, let first, _)) = self else { return nil }
    return first
  }

  /// Runs what can fail in the ledger.
  public static func inLedger<Result>(
    _ body: () throws(LedgerError) -> Result
  ) throws(LiveError) -> Result {
    do throws(LedgerError) {
      return try body()
    } catch {
      throw .ledger(error)
    }
  }

  /// Runs what can fail on an output file.
  public static func inOutput<Result: ~Copyable>(
    _ body: () throws(FileError) -> Result
  ) throws(LiveError) -> Result {
    do throws(FileError) {
      return try body()
    } catch {
      throw .output(error)
    }
  }
}

/// The answer to one line.
public enum LiveAnswer: Sendable {
  /// A decision (or the receipt of an event that no policy governs), durable.
  case answered([UInt8], isRepeat: Bool)
  case refused(IntakeError)
}

/// Scoring as it happens, one micro-batch at a time: engine and ledger in step.
///
/// Nothing is answered before event and decision are durable. The events of a batch go through the
/// engine 64 at a time, which changes no answer. Opening replays the log through the
/// same engine, so a restart goes on as if there had been none. One owner at a time.
public struct LiveScoring: ~Copyable {
  var state: LiveState
  let ledger: DecisionLedger
  private let encoder: DecisionEncoder
  private let digestLine: DigestLine
  /// Of the decision that is recorded.
  private var told = ToldRules()
  private var text = TextBuffer()
  let packageHash: String
  private let explains: Bool
  private let schema: Schema
  private let listFiles: [ListFilePlan]
  /// Events admitted that the engine has not seen yet, and the positions of their lines.
  private var waiting = EventBatch(capacity: ScoringEngine.batchEvents)
  private var waitingLines: [Int] = []
  private var batch = LedgerBatch(firstSequence: 1)
  /// Answers of the running batch, the first one to `batch.firstSequence`.
  private var pending: [[UInt8]] = []
  /// Decisions answered since opening, repeats not counted; by policy and outcome, in the order of
  /// the catalog.
  public private(set) var outcomes: [[UInt64]]

  /// A block of the ledger is a blob, of which SQLite takes 10⁹ bytes at most.
  private static let blockBytes = 64 << 20

  /// Brings an engine to the end of the log.
  ///
  /// The first of `snapshots` that is sound and of this package and log saves the way up to its
  /// event; `onSnapshot` hears what became of each. `onProgress` gets the events replayed so far
  /// and the number to replay, and says whether to go on.
  /// *Throws* when the engine refuses the program, the ledger is damaged, or the log holds events
  /// that the package's schema does not know.
  public init(
    program: RuleProgram, ledger: DecisionLedger, options: EngineOptions = EngineOptions(),
    lists: ListContents = [:], explains: Bool = false, snapshots: [String] = [],
    onSnapshot: (SnapshotUse) -> Void = { _ in },
    onProgress: (_ done: Int, _ total: Int) -> Bool = { _, _ in true }
  ) throws(LiveError) {
    var options = options
    options.collectsEvidence = explains
    let state = try LiveState.opened(
      program, ledger, options, lists, snapshots, onSnapshot, onProgress)
    self.state = state
    self.ledger = ledger
    encoder = DecisionEncoder(program.catalog)
    digestLine = DigestLine(program.catalog)
    packageHash = program.catalog.packageHash
    schema = program.schema
    outcomes = program.catalog.policies.map { [UInt64](repeating: 0, count: $0.outcomes.count) }
    self.explains = explains
    listFiles = program.listFiles
  }

  /// Gives a list the members its file has now, from the next event on; false when they are those
  /// it has. On return the version is durable, so that a replay uses it for the same events.
  ///
  /// *Throws* `LiveError.list` when it is no list, which changes nothing.
  public mutating func setList(_ name: String, to bytes: [UInt8]) throws(LiveError) -> Bool {
    try state.setList(name, to: bytes, listFiles, ledger)
  }

  /// What the engine counted since it was opened, the replay included.
  public var statistics: EngineStatistics { state.engine.statistics }

  /// Bytes the engine's state holds.
  public var memory: EngineMemory { state.engine.memoryReport() }

  /// The sequence of the last durable event.
  public var lastSequence: UInt64 { ledger.lastSequence }

  // MARK: Scoring

  /// Scores lines as one batch; on return every answer is durable.
  ///
  /// *Throws* when the ledger cannot keep the batch. Nothing was then answered, and the engine is
  /// ahead of the log: open another one.
  ///
  /// *Complexity*: one commit, or one per 64 MiB. A repeat of an earlier batch reads and verifies
  /// the block its answer lies in.
  public mutating func score(
    _ lines: [[UInt8]], latest: Timestamp, receivedAt: Timestamp
  ) throws(LiveError) -> [LiveAnswer] {
    batch.reset(firstSequence: ledger.lastSequence + 1)
    pending.removeAll(keepingCapacity: true)
    var answers: [LiveAnswer] = []
    answers.reserveCapacity(lines.count)
    for (position, line) in lines.enumerated() {
      switch admit(line, latest: latest) {
      case .success(.new(let number)):
        waiting.events[waiting.count].sequence = UInt64(number)
        waiting.count += 1
        waitingLines.append(position)
        // Its place; the answer comes with those of the events before and behind it.
        answers.append(.answered([], isRepeat: false))
        if waiting.count == ScoringEngine.batchEvents { try apply(lines, receivedAt, &answers) }
      case .success(.repeated(let number)):
        let event = waiting.count
        if UInt64(number) >= batch.firstSequence + UInt64(batch.count) {
          try apply(lines, receivedAt, &answers)
        }
        let answer = try answerAgain(waiting.events[event], UInt64(number))
        answers.append(.answered(answer, isRepeat: true))
      case .failure(let error): answers.append(.refused(error))
      }
    }
    try apply(lines, receivedAt, &answers)
    try commit()
    return answers
  }

  /// Applies the events that wait, all at once, and answers their lines.
  private mutating func apply(
    _ lines: [[UInt8]], _ receivedAt: Timestamp, _ answers: inout [LiveAnswer]
  ) throws(LiveError) {
    // Out of self, so that a method of it can have a place in the batch.
    var applied = EventBatch(capacity: 0)
    swap(&applied, &waiting)
    defer { swap(&applied, &waiting) }
    state.apply(&applied)
    for index in 0..<applied.count {
      let position = waitingLines[index]
      let answer = record(
        &applied.events[index], &applied.decisions[index], isDecided: applied.isDecided[index],
        lines[position], receivedAt)
      answers[position] = .answered(answer, isRepeat: false)
      if batch.byteCount >= LiveScoring.blockBytes { try commit() }
    }
    applied.count = 0
    waitingLines.removeAll(keepingCapacity: true)
  }

  /// Makes what was applied durable and begins the next batch.
  private mutating func commit() throws(LiveError) {
    try LiveError.inLedger { () throws(LedgerError) in try ledger.append(batch) }
    batch.reset(firstSequence: ledger.lastSequence + 1)
    pending.removeAll(keepingCapacity: true)
  }

  private mutating func admit(
    _ line: [UInt8], latest: Timestamp
  ) -> Result<Admission, IntakeError> {
    do throws(IntakeError) {
      return .success(
        try state.intake.admit(line.span, latest: latest, into: &waiting.events[waiting.count]))
    } catch {
      return .failure(error)
    }
  }

  /// Puts an event that was applied in the batch for the ledger; gives its answer. Leaves event and
  /// decision as they are.
  private mutating func record(
    _ event: inout Event, _ decision: inout Decision, isDecided: Bool, _ line: [UInt8],
    _ receivedAt: Timestamp
  ) -> [UInt8] {
    precondition(
      event.sequence == batch.firstSequence + UInt64(batch.count),
      "the engine is ahead of the log: after a failure another one is opened")
    var answer: [UInt8] = []
    var digest: [UInt8] = []
    if isDecided {
      told.find(in: decision)
      text.removeAll()
      encoder.encode(decision, event: event, telling: told, explain: explains, into: &text)
      answer.append(text.span)
      text.removeAll()
      digestLine.append(decision, event: event, telling: told, to: &text)
      digest.append(text.span)
      outcomes[decision.policy][decision.outcome] += 1
    }
    batch.append(
      event: line.span, decision: answer.span, digest: digest.span, receivedAt: receivedAt,
      packageHash: packageHash)
    if !isDecided { answer = receipt(event, event.sequence) }
    pending.append(answer)
    return answer
  }

  /// What was answered to an event when it first came, in this batch or an earlier one.
  private func answerAgain(
    _ event: borrowing Event, _ sequence: UInt64
  ) throws(LiveError) -> [UInt8] {
    if sequence >= batch.firstSequence { return pending[Int(sequence - batch.firstSequence)] }
    let stored = try storedDecision(sequence)
    return stored.isEmpty ? receipt(event, sequence) : stored
  }

  private func storedDecision(_ sequence: UInt64) throws(LiveError) -> [UInt8] {
    try LiveError.inLedger { () throws(LedgerError) in
      try ledger.entry(sequence: sequence)?.decision ?? []
    }
  }

  /// Says that an event, which no policy governs, is recorded.
  private func receipt(_ event: borrowing Event, _ sequence: UInt64) -> [UInt8] {
    let id = event.text[event.id.offset..<event.id.offset + event.id.length]
    return EventReceipt.text(
      sequence: sequence, event: schema.events[event.type].name, id: Array(id), at: event.time)
  }

  // MARK: Asking

  /// The decision on an event as it was answered; nil when no such event was decided.
  public func decision(ofEvent type: String, id: String) throws(LiveError) -> [UInt8]? {
    guard let number = state.intake.number(ofEvent: type, id: id) else { return nil }
    let decision = try storedDecision(UInt64(number))
    return decision.isEmpty ? nil : decision
  }
}

extension AnsweredDecision {
  /// What the log says was decided on an event; nil when nothing was.
  public init?(digest: Span<UInt8>, of event: borrowing Event, _ program: RuleProgram) {
    guard let policy = program.events[event.type].policy,
      let line = DigestLine.outcome(of: digest)
    else { return nil }
    let outcomes = program.catalog.policies[policy.policy].outcomes
    self.init(outcome: outcomes.firstIndex(of: line.decision), score: line.score)
  }
}

extension LiveError {
  /// What a replay threw: the ledger's own error, or one of its body, which throws only these.
  ///
  /// *Traps* on any other error.
  public init(replaying error: any Error) {
    switch error {
    case let error as LiveError: self = error
    case let error as LedgerError: self = .ledger(error)
    default:
      preconditionFailure("a replay throws errors of the ledger and of its body, not \(error)")
    }
  }
}
