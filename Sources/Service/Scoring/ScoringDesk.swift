import Replay

/// Work for the thread that owns the engine.
enum DeskJob: Sendable {
  /// Score an event.
  case score(body: [UInt8], Responder)
  /// Show the decision on an event.
  case show(events: [String], id: String, Responder)
  /// Show the accounts around one.
  case neighbourhood(entity: Int, key: String, hops: Int, Responder)
  /// Show the rings that lately asked for most.
  case rings(least: Int, most: Int, Responder)

  var responder: Responder {
    switch self {
    case .score(_, let responder), .show(_, _, let responder), .rings(_, _, let responder),
      .neighbourhood(_, _, _, let responder):
      responder
    }
  }

  /// Bytes it keeps while it waits.
  var byteCount: Int {
    switch self {
    case .score(let body, _): body.count
    case .show(_, let id, _): id.utf8.count
    case .neighbourhood(_, let key, _, _): key.utf8.count
    case .rings: 0
    }
  }
}

/// Where loops hand in work and the engine's thread takes it, everything that waits at once.
///
/// Bounded in jobs and in bytes: what does not fit is refused at once, so that overload is felt by
/// the caller and not by memory.
final class ScoringDesk: Sendable {
  private struct State: Sendable {
    var jobs: [DeskJob] = []
    var byteCount = 0
    var isClosed = false
  }

  private let state = Monitor(State())
  private let capacity: Int
  private let byteCapacity: Int

  init(capacity: Int, byteCapacity: Int = 256 << 20) {
    self.capacity = capacity
    self.byteCapacity = byteCapacity
  }

  /// Hands in a job; false when the desk is full or closed.
  func put(_ job: DeskJob) -> Bool {
    state.change { state in
      guard !state.isClosed, state.jobs.count < capacity, state.byteCount < byteCapacity else {
        return false
      }
      state.jobs.append(job)
      state.byteCount += job.byteCount
      return true
    }
  }

  /// Waits for work and takes up to `count` jobs in order; none when the desk is closed and empty.
  func take(atMost count: Int) -> [DeskJob] {
    state.wait(until: { !$0.jobs.isEmpty || $0.isClosed }) { state in
      let taken = Array(state.jobs.prefix(count))
      state.jobs.removeFirst(taken.count)
      for job in taken { state.byteCount -= job.byteCount }
      return taken
    }
  }

  /// Takes no more work; what waits is still done.
  func close() {
    state.change(wakingAll: true) { $0.isClosed = true }
  }

  /// Whether it was closed.
  var isClosed: Bool { state.change { $0.isClosed } }
}
