import Engine

/// An engine that decides batches one after the other, on a thread of its own or on the caller's:
/// the same decisions in the same order either way.
///
/// One owner hands batches in and takes them back. A batch may only come back to be handed in
/// again, so there are never more under way than the owner has.
// SAFETY: `engine` is reached by the lane's thread from when a batch is handed in until it is given
// back, and by the owner when none is under way; `thread` and `underWay` by the owner alone.
@safe
final class EngineLane: @unchecked Sendable {
  private struct Line: Sendable {
    /// To be decided, the next first.
    var waiting: [ScoreBatch] = []
    /// Decided, the first first.
    var decided: [ScoreBatch] = []
    var isClosed = false

    mutating func nextDecided() -> ScoreBatch? { decided.isEmpty ? nil : decided.removeFirst() }

    mutating func nextWaiting() -> ScoreBatch? { waiting.isEmpty ? nil : waiting.removeFirst() }
  }

  private var engine: ScoringEngine
  private let line = Monitor(Line())
  /// Does a piece of what else there is to do; false when there is nothing.
  private let otherWork: @Sendable () -> Bool
  private var thread: OwnThread?
  /// Batches handed in and not taken back.
  private(set) var underWay = 0

  /// A lane on the caller's thread. Who waits does other work meanwhile, on either thread.
  init(
    _ engine: consuming ScoringEngine,
    whileWaiting otherWork: @escaping @Sendable () -> Bool = { false }
  ) {
    self.engine = engine
    self.otherWork = otherWork
  }

  /// Gives the lane a thread of its own; without one it goes on as it is. Whoever does this must
  /// `close` the lane, or it lives for ever.
  func start() {
    // Where there is no thread to be had the lane decides on the caller's.
    thread = try? OwnThread { self.run() }
  }

  /// Hands a batch in. It is not touched until it comes back from `take`.
  func decide(_ batch: ScoreBatch) {
    underWay += 1
    if thread == nil { engine.apply(&batch.events) }
    line.change { line in
      if thread == nil { line.decided.append(batch) } else { line.waiting.append(batch) }
    }
  }

  /// The next batch that is decided, in the order in which they were handed in; nil when none is
  /// under way or, unless `waiting`, none is decided yet.
  func take(waiting: Bool) -> ScoreBatch? {
    guard underWay > 0 else { return nil }
    var batch = line.wait(until: { _ in true }, { $0.nextDecided() })
    while waiting && batch == nil {
      let mustWait = !otherWork()
      batch = line.wait(until: { !mustWait || !$0.decided.isEmpty }, { $0.nextDecided() })
    }
    if batch != nil { underWay -= 1 }
    return batch
  }

  /// Ends the lane's thread when it has decided what is under way.
  func close() {
    guard let running = thread else { return }
    line.change { $0.isClosed = true }
    // Joined once, since the thread is forgotten below.
    running.join()
    thread = nil
  }

  /// What the engine counted.
  ///
  /// *Traps* when a batch is under way.
  var statistics: EngineStatistics {
    precondition(underWay == 0, "the engine is asked between batches")
    return engine.statistics
  }

  /// Bytes the engine's state holds.
  ///
  /// *Traps* when a batch is under way.
  func memoryReport() -> EngineMemory {
    precondition(underWay == 0, "the engine is asked between batches")
    return engine.memoryReport()
  }

  // MARK: The lane's own thread

  private func run() {
    while let batch = next() {
      engine.apply(&batch.events)
      line.change { $0.decided.append(batch) }
    }
  }

  /// The next batch to decide; nil when there will be none.
  private func next() -> ScoreBatch? {
    while true {
      if let batch = line.wait(until: { _ in true }, { $0.nextWaiting() }) { return batch }
      if otherWork() { continue }
      return line.wait(until: { !$0.waiting.isEmpty || $0.isClosed }) { $0.nextWaiting() }
    }
  }
}
