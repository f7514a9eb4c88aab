public import Engine
public import Ledger
internal import Model
public import Program
import Values
public import Wire

/// What a rescoring found.
public struct RescoreReport: Sendable {
  /// Events replayed.
  public var events = 0
  /// Decisions made anew.
  public var decisions = 0
  /// Digest of the decisions as they were answered.
  public var liveDigest = ""
  /// Digest of the decisions made anew.
  public var newDigest = ""
  /// How many decisions went from one outcome to another, and what was asked for in them.
  public var moves: [Move: MoneyTally] = [:]
  /// Events whose score or rules changed but not the outcome.
  public var changedWithin = 0
  /// The first changed decisions, for people.
  public var examples: [Example] = []
  /// Events of the log that the new package does not read.
  public var unreadable: [Unreadable] = []
  /// How many those are; the list holds the first.
  public var unreadableCount = 0

  /// Creates an empty report.
  public init() {}

  /// From one outcome to another; nil where an event was not decided.
  public struct Move: Hashable, Sendable {
    /// As answered.
    public var from: String?
    /// Made anew.
    public var to: String?
  }

  /// One changed decision.
  public struct Example: Sendable {
    /// Order of arrival.
    public var sequence: UInt64
    /// Event type.
    public var event: String
    /// Natural key; nil where ids are personal.
    public var id: String?
    /// The outcomes.
    public var move: Move
  }

  /// An event the new package does not read.
  public struct Unreadable: Sendable {
    /// Order of arrival.
    public var sequence: UInt64
    /// Why.
    public var error: IntakeError
  }

  static let listed = 10
}

/// Which decisions signals over a policy count while a log is replayed.
public enum RescoreFeedback: String, Sendable {
  /// Those that were answered.
  case logged
  /// Those that are made anew.
  case own
}

/// Replays a log through the same engine that decides live and compares what would be decided now
/// with what was answered.
public struct Rescoring: ~Copyable {
  private var engine: ScoringEngine
  private var intake: EventIntake
  private let encoder: DecisionEncoder
  private let digestLine: DigestLine
  private let program: RuleProgram
  private let money: MoneyFields
  private let feedback: RescoreFeedback
  private let lists: ListContents
  private var event = Event()
  private var decision = Decision()
  private var told = ToldRules()
  private var line = TextBuffer()
  private var digest = TextBuffer()

  /// Prepares to rescore with a package.
  public init(
    program: RuleProgram, options: EngineOptions = EngineOptions(),
    feedback: RescoreFeedback = .logged, lists: ListContents = [:]
  ) throws(LiveError) {
    self.feedback = feedback
    self.lists = lists
    do throws(EngineError) {
      engine = try ScoringEngine(program: program, options: options)
    } catch {
      throw .engine(error)
    }
    intake = EventIntake(program.schema)
    encoder = DecisionEncoder(program.catalog)
    digestLine = DigestLine(program.catalog)
    money = MoneyFields(program.schema)
    self.program = program
  }

  /// Replays the whole log. Decisions of sequences in `range` are compared and, when there is an
  /// `output`, written there as lines; events before it only bring the state up.
  ///
  /// `asOf` takes the events in order of their time, then of their arrival: what would have been
  /// decided if each had come when it happened. They are then all held in memory.
  public mutating func run(
    _ ledger: DecisionLedger, asOf: Bool = false, comparing range: PartialRangeFrom<UInt64>,
    upTo end: UInt64,
    into report: inout RescoreReport, live: inout DecisionDigest, anew: inout DecisionDigest,
    output: inout ByteFile?, onProgress: (Int) -> Void
  ) throws(LiveError) {
    let recorded = try LiveError.inLedger { () throws(LedgerError) in try ledger.listVersions() }
    var history = EventHistory()
    var versions = ListVersions(program, recorded: recorded, given: lists)
    try versions.advance(to: 0, &engine)
    do {
      try ledger.replay(from: 1) { entry in
        guard entry.sequence <= end else { return }
        if !asOf { try versions.advance(to: entry.sequence, &engine) }
        if entry.sequence % 1_024 == 0 { onProgress(Int(entry.sequence)) }
        let isCompared = range.contains(entry.sequence)
        if let error = admit(entry) {
          if isCompared { miss(entry, error, &report, &live) }
          return
        }
        if asOf {
          history.append(entry, at: event.time)
          return
        }
        try apply(
          entry.digest, numbered: entry.sequence, isCompared: isCompared, into: &report,
          live: &live, anew: &anew, output: &output)
      }
      history.sort()
      var latest: UInt64 = 0
      for (number, place) in history.places.enumerated() {
        latest = max(latest, place.sequence)
        try versions.advance(to: latest, &engine)
        try intake.read(history.event(place), into: &event)
        // To the engine they arrive in this order; to people they keep their number.
        event.sequence = UInt64(number + 1)
        try apply(
          history.digest(place), numbered: place.sequence,
          isCompared: range.contains(place.sequence), into: &report, live: &live, anew: &anew,
          output: &output)
      }
    } catch let error as FileError {
      throw .output(error)
    } catch {
      throw LiveError(replaying: error)
    }
  }

  /// Decides on the current event, of which the log has a digest.
  private mutating func apply(
    _ digest: Span<UInt8>, numbered sequence: UInt64, isCompared: Bool,
    into report: inout RescoreReport,
    live: inout DecisionDigest, anew: inout DecisionDigest, output: inout ByteFile?
  ) throws(FileError) {
    let answered =
      feedback == .logged ? AnsweredDecision(digest: digest, of: event, program) : nil
    let isDecided = engine.apply(event, into: &decision, answered: answered)
    event.sequence = sequence
    decision.sequence = sequence
    guard isCompared else { return }
    report.events += 1
    compare(digest, isDecided: isDecided, &report, &live, &anew)
    if isDecided { try write(&output) }
  }

  /// Reads an event of the log; gives why this package cannot.
  private mutating func admit(_ entry: borrowing LedgerEntry) -> IntakeError? {
    do throws(IntakeError) {
      _ = try intake.admit(entry.event, latest: Timestamp(microseconds: .max), into: &event)
      event.sequence = entry.sequence
      return nil
    } catch {
      return error
    }
  }

  /// Counts an event this package does not read; what was answered to it belongs to the live
  /// digest.
  private func miss(
    _ entry: borrowing LedgerEntry, _ error: IntakeError, _ report: inout RescoreReport,
    _ live: inout DecisionDigest
  ) {
    if !entry.digest.isEmpty { live.add(line: entry.digest) }
    report.unreadableCount += 1
    guard report.unreadable.count < RescoreReport.listed else { return }
    report.unreadable.append(RescoreReport.Unreadable(sequence: entry.sequence, error: error))
  }

  private mutating func compare(
    _ stored: Span<UInt8>, isDecided: Bool, _ report: inout RescoreReport,
    _ live: inout DecisionDigest, _ anew: inout DecisionDigest
  ) {
    digest.removeAll()
    if isDecided {
      report.decisions += 1
      told.find(in: decision)
      digestLine.append(decision, event: event, telling: told, to: &digest)
      anew.add(line: digest.span)
    }
    if !stored.isEmpty { live.add(line: stored) }
    if isSame(stored) { return }
    let move = RescoreReport.Move(
      from: DigestLine.outcome(of: stored)?.decision,
      to: isDecided ? program.catalog.policies[decision.policy].outcomes[decision.outcome] : nil)
    guard move.from != move.to else {
      report.changedWithin += 1
      return
    }
    money.add(event, to: &report.moves[move, default: MoneyTally()])
    guard report.examples.count < RescoreReport.listed else { return }
    let type = program.schema.events[event.type]
    report.examples.append(
      RescoreReport.Example(
        sequence: event.sequence, event: type.name, id: type.showsIds ? event.idText : nil,
        move: move))
  }

  private func isSame(_ stored: Span<UInt8>) -> Bool {
    let digest = digest.span
    guard stored.count == digest.count else { return false }
    for index in stored.indices where stored[index] != digest[index] { return false }
    return true
  }

  private mutating func write(_ output: inout ByteFile?) throws(FileError) {
    guard output != nil else { return }
    line.removeAll()
    encoder.encode(decision, event: event, telling: told, explain: false, into: &line)
    line.append(UInt8(ascii: "\n"))
    try output?.append(line.span)
  }
}
