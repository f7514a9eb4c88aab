internal import Engine
internal import Glibc
public import Model
public import Replay
public import Values

/// What a scoring service is told.
public struct ScoringServiceOptions: Sendable {
  /// `127.0.0.1:8080`, `[::1]:8080` or `unix:/path`; port 0 lets the system choose.
  public var listen = "127.0.0.1:8080"
  /// Requests of one micro-batch, one commit.
  public var batchLimit = 256
  /// Requests that may wait for the engine; one more is told to come back.
  public var queueLimit = 8_192
  /// Microseconds an event may be dated ahead of this machine's clock.
  public var skewMicroseconds = Limits.clockSkewMicroseconds

  /// Creates options with defaults.
  public init() {}
}

/// Files of lists that were read and are not yet in use.
public final class ListDesk: Sendable {
  private let waiting = Locked([(name: String, bytes: [UInt8])]())

  init() {}

  /// Hands in the file of a list, from any thread.
  public func offer(_ name: String, _ bytes: [UInt8]) {
    waiting.withLock { $0.append((name, bytes)) }
  }

  func take() -> [(name: String, bytes: [UInt8])] {
    waiting.withLock { lists in
      defer { lists = [] }
      return lists
    }
  }
}

/// What became of the file of a list.
public struct ListReload: Sendable {
  /// The list.
  public var name: String
  /// The first sequence it is used for.
  public var firstSequence: UInt64
  /// Why the version before stays in use.
  public var error: ListFileError?
}

/// Why the service does not run.
public enum ScoringServiceError: Error, Sendable {
  /// What was given is no address.
  case noAddress(String)
  /// The address cannot be listened on.
  case address(String)
  /// The system refused a thread or loop.
  case system(String)
  case live(LiveError)
}

/// The scoring service: loops read and check requests, one thread owns the engine and the ledger.
///
/// Append before answer: a reply leaves only when its batch is durable.
public final class ScoringService: Sendable {
  private let options: ScoringServiceOptions
  private let desk: ScoringDesk
  private let state = ServiceState()
  private let registry = MetricsRegistry()
  private let metrics: ScoringMetrics
  private let server: HTTPServer
  /// Where files of lists that changed are handed in; they are in use from the next batch on.
  public let lists = ListDesk()
  private let onList: @Sendable (ListReload) -> Void
  private let clerk: RingClerk

  /// Listens; requests are told to wait until `run` has opened the engine. `names` opens what reads
  /// the names of accounts beside the engine.
  public init(
    schema: Schema, catalog: DecisionCatalog, decidedEvents: [String],
    options: ScoringServiceOptions, names: @escaping RingClerk.Opening,
    onList: @escaping @Sendable (ListReload) -> Void = { _ in }
  ) throws(ScoringServiceError) {
    self.options = options
    self.onList = onList
    clerk = RingClerk(opening: names)
    let desk = ScoringDesk(capacity: options.queueLimit)
    self.desk = desk
    metrics = ScoringMetrics(registry, catalog)
    let handler = ScoringHandler(
      desk: desk, state: state, registry: registry, decidedEvents: decidedEvents,
      entities: schema.entities.map(\.name))
    let state = state
    do throws(ServiceError) {
      var configuration = ServerConfiguration(address: try ListenAddress(options.listen))
      configuration.drainSignals = [SIGTERM, SIGINT]
      configuration.onSignal = { _ in state.advance(to: .stopping) }
      configuration.onStopped = { desk.close() }
      server = try HTTPServer(configuration: configuration, handler: handler, metrics: registry)
    } catch {
      throw ScoringServiceError(error)
    }
  }

  /// Where it listens, with the port the system chose.
  public var address: String { server.address.description }

  /// Stops accepting, answers what is under way, and lets `run` return.
  public func stop() {
    state.advance(to: .stopping)
    server.drain()
  }

  /// Opens the engine with `open` and scores until stopped, on this thread.
  ///
  /// When the ledger fails, nothing of the batch is answered as decided; `onFailure` is told, and
  /// the engine is opened again from the log, as often as it takes; `onReady` hears of each time it
  /// is. `open` gets a closure to tell of its progress, which says whether to go on.
  ///
  /// *Throws* what the first opening throws, but not that it was stopped.
  public func run(
    onReady: (_ lastSequence: UInt64) -> Void, onFailure: (LiveError) -> Void,
    opening open: Opening
  ) throws(ScoringServiceError) {
    defer {
      clerk.close()
      server.wait()
    }
    var isFirst = true
    while true {
      // What failed is let go before the ledger is opened again: it has one writer.
      let opened: LiveScoring?
      if isFirst {
        opened = try first(open)
      } else {
        opened = reopened(open, onFailure)
      }
      guard var scoring = opened else { return }
      isFirst = false
      publish(scoring)
      onReady(scoring.lastSequence)
      guard let failure = serveUntilFailure(&scoring) else { return }
      onFailure(failure)
    }
  }

  /// Brings an engine to the end of its log, telling how far it is and asking whether to go on.
  public typealias Opening = (
    _ onProgress: (_ done: Int, _ total: Int) -> Bool
  ) throws(LiveError) -> LiveScoring

  /// Why it ended; nil when it was stopped.
  private func serveUntilFailure(_ scoring: inout LiveScoring) -> LiveError? {
    while true {
      let jobs = desk.take(atMost: options.batchLimit)
      if jobs.isEmpty { return nil }
      do throws(LiveError) {
        try renewLists(&scoring)
        try serve(jobs, &scoring)
      } catch {
        fail(jobs)
        return error
      }
    }
  }

  private func first(_ open: Opening) throws(ScoringServiceError) -> LiveScoring? {
    do throws(LiveError) {
      return try open { done, total in show(done, total) }
    } catch {
      stop()
      if case .stopped = error { return nil }
      throw .live(error)
    }
  }

  // MARK: Serving

  /// Puts lists that were handed in to use; one that is no list changes nothing but is told of.
  private func renewLists(_ scoring: inout LiveScoring) throws(LiveError) {
    for (name, bytes) in lists.take() {
      do throws(LiveError) {
        guard try scoring.setList(name, to: bytes) else { continue }
        metrics.listReloads.add()
        onList(ListReload(name: name, firstSequence: scoring.lastSequence + 1, error: nil))
      } catch {
        guard case .list(_, let fault) = error else { throw error }
        metrics.listFailures.add()
        onList(ListReload(name: name, firstSequence: scoring.lastSequence + 1, error: fault))
      }
    }
  }

  private func serve(_ jobs: [DeskJob], _ scoring: inout LiveScoring) throws(LiveError) {
    let started = Clock.monotonicNanoseconds()
    var lines: [[UInt8]] = []
    var responders: [Responder] = []
    for case .score(let body, let responder) in jobs {
      lines.append(body)
      responders.append(responder)
    }
    if !lines.isEmpty {
      let now = Clock.wallMicroseconds()
      let answers = try scoring.score(
        lines, latest: Timestamp(microseconds: now + options.skewMicroseconds),
        receivedAt: Timestamp(microseconds: now))
      for (answer, responder) in zip(answers, responders) { responder.complete(reply(answer)) }
      metrics.batches.add()
      metrics.batchEvents.observe(Double(lines.count))
      metrics.commitSeconds.observe(Double(Clock.monotonicNanoseconds() - started) / 1e9)
    }
    for case .show(let events, let id, let responder) in jobs {
      responder.complete(try show(events, id, scoring))
    }
    for job in jobs { draw(job, &scoring) }
    publish(scoring)
  }

  /// Answers what is asked of the graph; the clerk finds the names.
  private func draw(_ job: DeskJob, _ scoring: inout LiveScoring) {
    switch job {
    case .score, .show: return
    case .rings(let least, let most, let responder):
      clerk.name(.list(scoring.rings(least: least, most: most)), responder)
    case .neighbourhood(let entity, let key, let hops, let responder):
      guard
        let found = scoring.neighbourhood(
          entity: entity, key: key, hops: hops, most: Limits.neighbourhoodAccounts)
      else {
        return responder.complete(
          Problem(.notFound, detail: "No event has named this account.").response)
      }
      clerk.name(.one(found), responder)
    }
  }

  private func reply(_ answer: LiveAnswer) -> HTTPResponse {
    switch answer {
    case .answered(let body, let isRepeat):
      var response = HTTPResponse(body: body)
      if isRepeat {
        metrics.repeats.add()
        response.headers = [HTTPHeader(name: "Sabueso-Replayed", value: "true")]
      }
      return response
    case .refused(let error):
      metrics.refused(error.code)
      let kind: ProblemKind =
        switch error {
        case .malformed, .future: .invalidEvent
        case .conflictingBody: .conflict
        }
      return Problem(
        kind, detail: "\(error.detail) \(error.remedy)",
        faults: [Problem.Fault(pointer: error.pointer, code: error.code, detail: error.detail)]
      ).response
    }
  }

  /// The decision on the event of one of these types that has the id.
  private func show(
    _ events: [String], _ id: String, _ scoring: borrowing LiveScoring
  ) throws(LiveError) -> HTTPResponse {
    var found: (event: String, decision: [UInt8])?
    for event in events {
      let stored: [UInt8]?
      do throws(LiveError) {
        stored = try scoring.decision(ofEvent: event, id: id)
      } catch {
        // The rest of the log is sound, and to open it again would not mend this.
        guard let first = error.damagedBlock else { throw error }
        return Problem(
          .internalError,
          detail: "What the log holds of this decision is damaged, in the block that begins with "
            + "event \(first). Put a sound copy of log.sqlite in its place."
        ).response
      }
      guard let decision = stored else { continue }
      if let found {
        return Problem(
          .unprocessable,
          detail: "Say which event: ?event=\(found.event) or ?event=\(event)."
        ).response
      }
      found = (event, decision)
    }
    guard let found else {
      let names = events.joined(separator: " or ")
      return Problem(.notFound, detail: "No \(names) of this id was decided.").response
    }
    return HTTPResponse(body: found.decision)
  }

  // MARK: State

  /// Shows how far an opening is; false when the service was stopped meanwhile.
  private func show(_ done: Int, _ total: Int) -> Bool {
    state.advance(to: .opening(done: done, total: total))
  }

  private func publish(_ scoring: borrowing LiveScoring) {
    metrics.show(
      scoring.statistics, scoring.memory, scoring.outcomes, lastSequence: scoring.lastSequence)
    state.advance(to: .ready(lastSequence: scoring.lastSequence))
  }

  // MARK: Failure

  private func fail(_ jobs: [DeskJob]) {
    metrics.ledgerFailures.add()
    state.advance(to: .failed)
    let problem = Problem(
      .unavailable, detail: "The ledger failed, so nothing was decided. Try again.",
      retryAfterSeconds: 1)
    // Replies that were sent before the failure stay; a second completion is dropped.
    for job in jobs { job.responder.complete(problem.response) }
  }

  /// Opens the engine again from the log, a little later each time; nil when the service is
  /// stopped.
  private func reopened(_ open: Opening, _ onFailure: (LiveError) -> Void) -> LiveScoring? {
    var pauseMicroseconds: UInt32 = 100_000
    while !desk.isClosed {
      usleep(pauseMicroseconds)
      pauseMicroseconds = min(pauseMicroseconds * 2, 5_000_000)
      do throws(LiveError) {
        return try open { _, _ in !desk.isClosed }
      } catch {
        onFailure(error)
      }
    }
    return nil
  }
}

extension ScoringServiceError {
  init(_ error: ServiceError) {
    switch error {
    case .invalidAddress(let text): self = .noAddress(text)
    case .cannotListen(let address, let reason): self = .address("\(address): \(reason)")
    case .cannotStart(let reason): self = .system(reason)
    }
  }
}
