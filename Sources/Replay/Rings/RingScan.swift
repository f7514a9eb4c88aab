public import Engine
public import Ledger
public import Model
public import Program
internal import Wire

/// Reads events, from files or from a log, and finds the rings they leave behind.
public struct RingScan: ~Copyable {
  private var engine: ScoringEngine
  private var intake: EventIntake
  private var cases: AskedCases
  private let lists: ListContents
  private var event = Event()
  private var decision = Decision()
  /// By key space and number, as the first event has it.
  private var names: [[String?]]
  /// Events applied.
  public private(set) var events = 0

  /// Prepares for the events of a package, whose lists have the members given until a log says
  /// otherwise.
  public init(
    program: RuleProgram, options: EngineOptions = EngineOptions(), lists: ListContents = [:]
  ) throws(LiveError) {
    self.lists = lists
    var options = options
    options.rendersTexts = false
    engine = try Self.engine(program, options, lists)
    intake = EventIntake(program.schema)
    cases = AskedCases(program)
    names = [[String?]](
      repeating: [], count: program.schema.entities.count + program.schema.identifiers.count)
  }

  private static func engine(
    _ program: RuleProgram, _ options: EngineOptions, _ lists: ListContents
  ) throws(LiveError) -> ScoringEngine {
    var engine: ScoringEngine
    do throws(EngineError) {
      engine = try ScoringEngine(program: program, options: options)
    } catch {
      throw .engine(error)
    }
    var versions = ListVersions(program, recorded: [], given: lists)
    try versions.advance(to: 0, &engine)
    return engine
  }

  /// Reads every line of a file; `onReject` gets those that are no events.
  public mutating func add(
    _ file: borrowing ByteFile, latest: Timestamp, onReject: (RejectedLine) -> Void
  ) throws(ScoreError) {
    var reader = LineReader()
    var chunk: [UInt8] = []
    while true {
      var isMore = false
      try ScoreError.inFile { () throws(FileError) in
        isMore = try file.read(into: &chunk, atMost: 1 << 20)
      }
      guard isMore else { break }
      reader.read(chunk.span) { line in add(line, latest, onReject) }
    }
    reader.finish { line in add(line, latest, onReject) }
  }

  private mutating func add(
    _ line: borrowing NumberedLine, _ latest: Timestamp, _ onReject: (RejectedLine) -> Void
  ) {
    if let error = line.error {
      return onReject(RejectedLine(number: line.number, error: .malformed(error)))
    }
    do throws(IntakeError) {
      guard case .new(let number) = try intake.admit(line.bytes, latest: latest, into: &event)
      else { return }
      event.sequence = UInt64(number)
      apply()
    } catch {
      onReject(RejectedLine(number: line.number, error: error))
    }
  }

  /// Replays a log. What it answered is what was decided, and its lists are those of their time.
  public mutating func add(
    _ ledger: DecisionLedger, onProgress: (Int) -> Void
  ) throws(LiveError) {
    let recorded = try LiveError.inLedger { () throws(LedgerError) in try ledger.listVersions() }
    var versions = ListVersions(engine.program, recorded: recorded, given: lists)
    do {
      try ledger.replay(from: 1) { entry in
        try versions.advance(to: entry.sequence, &engine)
        do throws(IntakeError) {
          _ = try intake.admit(
            entry.event, latest: Timestamp(microseconds: .max), into: &event)
        } catch {
          throw LiveError.incompatible(sequence: entry.sequence, error)
        }
        event.sequence = entry.sequence
        apply(AnsweredDecision(digest: entry.digest, of: event, engine.program))
        if entry.sequence % 1_024 == 0 { onProgress(Int(entry.sequence)) }
      }
    } catch {
      throw LiveError(replaying: error)
    }
  }

  private mutating func apply(_ answered: AnsweredDecision? = nil) {
    events += 1
    let isDecided = engine.apply(event, into: &decision, answered: answered)
    note()
    if let outcome = answered?.outcome { decision.outcome = outcome }
    if isDecided { cases.add(decision, event, in: engine) }
  }

  /// Keeps the names that the event brings for the first time.
  private mutating func note() {
    var names = names
    self.names = []
    engine.numbers(ofLast: event) { slot, space, number in
      let place = Int(number)
      while names[space].count <= place { names[space].append(nil) }
      if names[space][place] == nil { names[space][place] = event.text(slot: slot) }
    }
    self.names = names
  }

  /// All rings of at least so many accounts, those that asked for most first.
  public mutating func rings(least: Int) -> [Ring] {
    var rings: [Ring] = []
    let names = names
    for entity in engine.program.schema.entities.indices {
      let accounts = (0..<engine.accountCount(entity: entity)).map { UInt32($0 + 1) }
      rings += engine.rings(
        entity: entity, among: accounts, least: least, cases: cases
      ) { space, number in
        Int(number) < names[space].count ? names[space][Int(number)].map(KeyName.text) : nil
      }
    }
    return rings.ranked()
  }
}

extension Event {
  /// The text in a slot, as sent.
  func text(slot: Int) -> String {
    let reference = TextReference(bits: payloads[slot])
    return String(
      decoding: text[reference.offset..<reference.offset + reference.length], as: UTF8.self)
  }
}

extension ScoringEngine {
  /// The rings of some accounts with what was asked for in them, not ranked.
  mutating func rings(
    entity: Int, among accounts: [UInt32], least: Int, budget: Int = .max, cases: AskedCases,
    names: (_ space: Int, _ number: UInt32) -> KeyName?
  ) -> [Ring] {
    let found = RingFinder.rings(
      in: &self, entity: entity, among: accounts, least: least, budget: budget)
    var ringOf: [UInt32: Int] = [:]
    for (place, ring) in found.enumerated() {
      for account in ring.accounts { ringOf[account] = place }
    }
    var rings = found.map { RingDrawing.ring($0, entity: entity, in: &self, names: names) }
    cases.tell(&rings, entity: entity, ringOf: ringOf)
    return rings
  }
}

extension [Ring] {
  /// Those that asked for most first, then the larger ones; then in order of first sight.
  func ranked() -> [Ring] {
    enumerated().sorted {
      ($0.element.rank, $0.element.accounts.count, $1.offset)
        > ($1.element.rank, $1.element.accounts.count, $0.offset)
    }.map(\.element)
  }
}
