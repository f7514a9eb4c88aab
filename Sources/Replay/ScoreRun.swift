public import Engine
public import Model
public import Program
public import Values
internal import Wire

/// What a run over files is asked to do.
public struct ScoreOptions: Sendable {
  /// Events read ahead before they are applied. Answers do not depend on it.
  public var batchSize = 64
  /// Whether the engine has a thread of its own, so that lines are read and answers written
  /// meanwhile. Answers and digest do not depend on it.
  public var hasEngineThread = true
  /// Whether decisions show the values of signals.
  public var explains = false
  /// The latest event time accepted.
  public var latest = Timestamp(microseconds: .max)
  /// How the engine is made.
  public var engine = EngineOptions()
  /// The files of lists.
  public var lists: ListContents = [:]

  /// Creates options with defaults.
  public init() {}

  /// An engine for a program, its lists read.
  public func engine(running program: RuleProgram) throws(ScoreError) -> ScoringEngine {
    var settings = self.engine
    settings.collectsEvidence = explains
    var engine: ScoringEngine
    do throws(EngineError) {
      engine = try ScoringEngine(program: program, options: settings)
    } catch {
      throw .engine(error)
    }
    for (list, plan) in program.listFiles.enumerated() {
      guard let bytes = lists[plan.name] else { continue }
      do throws(ListFileError) {
        engine.setList(list, to: try plan.file.entries(of: bytes))
      } catch {
        throw .list(name: plan.name, error)
      }
    }
    return engine
  }
}

/// Why a run cannot go on.
public enum ScoreError: Error, Sendable {
  case engine(EngineError)
  case file(FileError)
  /// The file of a list is none.
  case list(name: String, ListFileError)
}

extension ScoreError {
  /// Runs what can fail on a file.
  public static func inFile<Result: ~Copyable>(
    _ body: () throws(FileError) -> Result
  ) throws(ScoreError) -> Result {
    do throws(FileError) {
      return try body()
    } catch {
      throw .file(error)
    }
  }
}

/// A line that was refused.
public struct RejectedLine: Sendable {
  /// The line's number in its file, from 1.
  public var number: Int
  /// Why.
  public var error: IntakeError

  /// Creates the report of a refused line.
  public init(number: Int, error: IntakeError) {
    self.number = number
    self.error = error
  }
}

/// Scores events from files: one engine, decisions as lines, repeats answered again.
///
/// Lines are read and answers written on the caller's thread, in their order, while the engine
/// decides on its own; no more than a few batches are between them. What was decided is digested
/// by whichever waits for the other, or on a third thread where there is a processor for it.
public struct ScoreRun: ~Copyable {
  private let lane: EngineLane
  private var intake: EventIntake
  private let encoder: DecisionEncoder
  private let digestLine: DigestLine
  private let digest: DigestLane
  /// Lines of decisions that are still to be digested.
  private var digestLines = TextBuffer()
  private var told = ToldRules()
  private let options: ScoreOptions

  /// What is being read: how the lines are answered, and the new events among them. It is the run's
  /// own until it is handed on, for what lies in an object is asked for anew at each use.
  private var entries: [ScoreBatch.Entry] = []
  private var events: EventBatch
  /// What they are handed on with.
  private var filling: ScoreBatch
  /// What nobody uses.
  private var free: [ScoreBatch] = []
  /// The line before, whose event is behind the new ones among `events`; it is told new from
  /// repeated when the next one is read, for until then what tells that is on its way from memory.
  private var last: ReceivedLine?
  /// Its bytes, if refused lines are kept.
  private var lastBytes: [UInt8] = []

  private var output: ByteFile
  /// Where answers are read from again; nil when the output itself can be.
  private var spool: ByteFile?
  /// Place of the answer to each admitted event, by its number from 1; length 0 for no answer.
  private var places: [Place] = [Place(offset: 0, length: 0)]

  /// What the run has seen so far.
  public private(set) var summary: ScoreSummary

  private struct Place {
    var offset: UInt64
    var length: UInt32
  }

  private struct ReceivedLine {
    var number: Int
    var event: ReceivedEvent
  }

  /// Prepares a run that writes decision lines to `output`.
  public init(
    program: RuleProgram, output: consuming ByteFile, options: ScoreOptions
  ) throws(ScoreError) {
    precondition(options.batchSize > 0, "a batch holds at least one event")
    let spool = try ScoreRun.spool(beside: output)
    let digest = DigestLane()
    lane = EngineLane(try options.engine(running: program)) { digest.help() }
    self.digest = digest
    if options.hasEngineThread {
      lane.start()
      digest.start()
    }
    intake = EventIntake(program.schema)
    encoder = DecisionEncoder(program.catalog)
    digestLine = DigestLine(program.catalog)
    events = EventBatch(capacity: options.batchSize)
    filling = ScoreBatch(capacity: 0)
    for _ in 0..<(options.hasEngineThread ? Limits.batchesAhead : 0) {
      free.append(ScoreBatch(capacity: options.batchSize))
    }
    summary = ScoreSummary(program)
    self.options = options
    self.spool = spool
    self.output = output
  }

  deinit {
    lane.close()
    digest.close()
  }

  /// A file is read again where it was written; a pipe needs a copy beside it.
  private static func spool(beside output: borrowing ByteFile) throws(ScoreError) -> ByteFile? {
    if output.isReadable { return nil }
    do throws(FileError) {
      return try ByteFile.temporary()
    } catch {
      throw .file(error)
    }
  }

  /// Bytes the engine's state holds.
  ///
  /// *Traps* before `finish`.
  public var memory: EngineMemory { lane.memoryReport() }

  /// Scores every line of a file; false when `onProgress` put an end to it.
  ///
  /// `onReject` gets each refused line; those are also kept in `rejects`, byte for byte but for the
  /// line end, which is LF. `onProgress` gets the events and bytes of this file so far, at each
  /// chunk and several times a second while there is nothing to read, and says whether to go on.
  /// While a pipe is silent, what was decided is handed on.
  public mutating func score(
    _ file: borrowing ByteFile, rejects: inout ByteFile?, onReject: (RejectedLine) -> Void,
    onProgress: (_ events: Int, _ bytes: Int) -> Bool
  ) throws(ScoreError) -> Bool {
    var reader = LineReader()
    var chunk: [UInt8] = []
    var bytes = 0
    let before = summary.events
    while true {
      guard onProgress(summary.events - before, bytes) else {
        try settle(keeping: &rejects, onReject)
        return false
      }
      if !file.isReady(withinMilliseconds: 0) {
        try settle(keeping: &rejects, onReject)
        try writeDecided()
        guard file.isReady(withinMilliseconds: ScoreRun.patienceMilliseconds) else { continue }
      }
      guard try ScoreRun.read(file, into: &chunk) else { break }
      bytes += chunk.count
      try reader.read(chunk.span) { piece throws(ScoreError) in
        try keep(piece, in: &rejects, onReject)
      } _: { line throws(ScoreError) in
        try score(line, keeping: &rejects, onReject)
      }
    }
    try reader.finish { piece throws(ScoreError) in
      try keep(piece, in: &rejects, onReject)
    } _: { line throws(ScoreError) in
      try score(line, keeping: &rejects, onReject)
    }
    try settle(keeping: &rejects, onReject)
    return true
  }

  /// Takes one line. The answer is written with its batch.
  private mutating func score(
    _ line: borrowing NumberedLine, keeping rejects: inout ByteFile?,
    _ onReject: (RejectedLine) -> Void
  ) throws(ScoreError) {
    // Asked first: hardly a line has an error, which is large.
    if line.excessiveLength != nil, let error = line.error {
      return try reject(line.number, line.bytes, .malformed(error), keeping: &rejects, onReject)
    }
    let received: ReceivedEvent
    do throws(IntakeError) {
      let place = last == nil ? events.count : events.count + 1
      received = try intake.receive(
        line.bytes, latest: options.latest, into: &events.events[place])
    } catch {
      try settle(keeping: &rejects, onReject)
      return try reject(line.number, line.bytes, error, keeping: &rejects, onReject)
    }
    try settle(keeping: &rejects, onReject)
    last = ReceivedLine(number: line.number, event: received)
    if rejects != nil {
      lastBytes.removeAll(keepingCapacity: true)
      lastBytes.append(line.bytes)
    }
    // For the event of the next line there is room behind this one.
    if events.count + 1 == options.batchSize || entries.count + 1 >= 4 * options.batchSize {
      try settle(keeping: &rejects, onReject)
      try handOn()
    }
  }

  /// Tells whether the event of the line before is new or repeated.
  private mutating func settle(
    keeping rejects: inout ByteFile?, _ onReject: (RejectedLine) -> Void
  ) throws(ScoreError) {
    guard let line = last else { return }
    last = nil
    let place = events.count
    do throws(IntakeError) {
      switch try intake.admit(line.event, &events.events[place]) {
      case .new(let number):
        events.events[place].sequence = UInt64(number)
        entries.append(.new(event: place))
        events.count += 1
        return
      case .repeated(let number): entries.append(.repeated(number: number))
      }
    } catch {
      let bytes = lastBytes
      try reject(line.number, bytes.span, error, keeping: &rejects, onReject)
    }
    // Its place is that of the event read after it.
    if place + 1 < options.batchSize { events.events.swapAt(place, place + 1) }
  }

  /// Keeps a piece of a line beyond the limit, after the lines before it.
  private mutating func keep(
    _ piece: Span<UInt8>, in rejects: inout ByteFile?, _ onReject: (RejectedLine) -> Void
  ) throws(ScoreError) {
    try settle(keeping: &rejects, onReject)
    try ScoreRun.keep(piece, in: &rejects)
  }

  /// Of a line beyond the limit all but the end has been kept already.
  private mutating func reject(
    _ number: Int, _ bytes: Span<UInt8>, _ error: IntakeError,
    keeping rejects: inout ByteFile?, _ onReject: (RejectedLine) -> Void
  ) throws(ScoreError) {
    summary.rejected[error.code, default: 0] += 1
    onReject(RejectedLine(number: number, error: error))
    try ScoreRun.keep(bytes, in: &rejects)
    try ScoreRun.keep(ScoreRun.newline.span, in: &rejects)
  }

  private static func keep(
    _ bytes: Span<UInt8>, in rejects: inout ByteFile?
  ) throws(ScoreError) {
    guard rejects != nil else { return }
    var kept: [UInt8] = []
    kept.reserveCapacity(bytes.count)
    for index in bytes.indices { kept.append(bytes[index]) }
    try ScoreError.inFile { () throws(FileError) in try rejects?.append(kept) }
  }

  private static let newline = [UInt8(ascii: "\n")]
  /// How soon a run that waits for input notices that it shall stop.
  private static let patienceMilliseconds: Int32 = 200
  private static let chunkBytes = 1 << 20

  private static func read(
    _ file: borrowing ByteFile, into chunk: inout [UInt8]
  ) throws(ScoreError) -> Bool {
    do throws(FileError) {
      return try file.read(into: &chunk, atMost: chunkBytes)
    } catch {
      throw .file(error)
    }
  }

  /// Applies what was read ahead, writes everything out and gives the digest.
  public mutating func finish() throws(ScoreError) -> String {
    try writeDecided()
    summary.statistics = lane.statistics
    return digest.finish()
  }

  /// Applies what was read ahead and hands all answers to the system.
  private mutating func writeDecided() throws(ScoreError) {
    try handOn()
    while let batch = lane.take(waiting: true) { try answer(batch) }
    do throws(FileError) {
      try output.flush()
    } catch {
      throw .file(error)
    }
  }

  /// Gives the engine what was read, and writes what it has decided meanwhile; waits for it only
  /// when every batch is under way.
  private mutating func handOn() throws(ScoreError) {
    guard !entries.isEmpty else { return }
    filling.exchange(&entries, &events)
    lane.decide(filling)
    while let batch = lane.take(waiting: free.isEmpty) { try answer(batch) }
    filling = free.removeLast()
    filling.exchange(&entries, &events)
  }

  /// Writes the answers to the lines of a batch, which is then free.
  private mutating func answer(_ batch: ScoreBatch) throws(ScoreError) {
    var entries: [ScoreBatch.Entry] = []
    var events = EventBatch(capacity: 0)
    batch.exchange(&entries, &events)
    do throws(FileError) {
      for entry in entries {
        switch entry {
        case .new(let event): try write(event, of: &events)
        case .repeated(let number): try answerAgain(number)
        }
      }
    } catch {
      throw .file(error)
    }
    if digestLines.count > 0 { digest.add(&digestLines) }
    batch.exchange(&entries, &events)
    batch.removeAll()
    free.append(batch)
  }

  private mutating func write(
    _ position: Int, of batch: inout EventBatch
  ) throws(FileError) {
    summary.events += 1
    guard batch.isDecided[position] else {
      places.append(Place(offset: 0, length: 0))
      return
    }
    // A place in an array would be copied to be borrowed, and each list in it counted.
    try write(&batch.decisions[position], &batch.events[position])
  }

  /// Writes a decision, which it leaves as it is, like the event.
  private mutating func write(
    _ decision: inout Decision, _ event: inout Event
  ) throws(FileError) {
    // Lent once: each function that borrows what this one could change gets a copy of it.
    try write(lent: decision, event)
  }

  @inline(never)
  private mutating func write(
    lent decision: borrowing Decision, _ event: borrowing Event
  ) throws(FileError) {
    told.find(in: decision)
    digestLine.append(decision, event: event, telling: told, to: &digestLines)
    digestLines.append(UInt8(ascii: "\n"))
    summary.add(decision, event, telling: told)
    let start = output.buffer.count
    let offset = spool == nil ? output.endOffset : spool?.endOffset ?? 0
    encoder.encode(
      decision, event: event, telling: told, explain: options.explains, into: &output.buffer)
    output.buffer.append(UInt8(ascii: "\n"))
    let length = output.buffer.count - start
    if spool != nil { output.copy(from: start, to: &spool) }
    places.append(Place(offset: offset, length: UInt32(length)))
    try output.flushIfFull()
    try spool?.flushIfFull()
  }

  private mutating func answerAgain(_ number: Int) throws(FileError) {
    summary.repeated += 1
    let place = places[number]
    guard place.length > 0 else { return }
    let answer =
      spool == nil
      ? try output.bytes(at: place.offset, count: Int(place.length))
      : try spool?.bytes(at: place.offset, count: Int(place.length)) ?? []
    try output.append(answer)
    // The copy is not made again: the place of the first answer serves every repeat.
  }
}
