public import Replay

/// Finds the names of accounts on a thread of its own: reading them from the log takes longer than
/// the engine may wait.
public final class RingClerk: Sendable {
  /// Opens what reads the names.
  public typealias Opening = @Sendable () throws(LiveError) -> NameReader

  /// What is answered once the names are known.
  enum Question: Sendable {
    case one(Ring)
    case list([Ring])
  }

  private struct State: Sendable {
    var waiting: [(Question, Responder)] = []
    var isClosed = false
  }

  /// Questions that may wait; one more is told to come back.
  private static let capacity = 64

  private let state = Monitor(State())
  private let opening: Opening
  private let thread = Locked<OwnThread?>(nil)

  /// Makes a clerk that starts with the first question.
  init(opening: @escaping Opening) {
    self.opening = opening
  }

  /// Answers with the names of a question.
  func name(_ question: Question, _ responder: Responder) {
    guard start() else {
      return responder.complete(Problem(.overloaded, retryAfterSeconds: 1).response)
    }
    let isTaken = state.change { state in
      guard !state.isClosed, state.waiting.count < Self.capacity else { return false }
      state.waiting.append((question, responder))
      return true
    }
    if !isTaken { responder.complete(Problem(.overloaded, retryAfterSeconds: 1).response) }
  }

  /// Ends the thread; what waits is answered first.
  func close() {
    state.change(wakingAll: true) { $0.isClosed = true }
    thread.withLock { thread in
      guard let running = thread else { return }
      // Joined once, since the thread is forgotten below.
      running.join()
      thread = nil
    }
  }

  /// Whether the thread runs, or could be started.
  private func start() -> Bool {
    thread.withLock { thread in
      if thread != nil { return true }
      thread = try? OwnThread { self.work() }
      return thread != nil
    }
  }

  private func work() {
    while true {
      let taken = state.wait(until: { !$0.waiting.isEmpty || $0.isClosed }) { state in
        let taken = state.waiting
        state.waiting = []
        return taken
      }
      if taken.isEmpty { return }
      do throws(LiveError) {
        // Opened for these questions alone: between them no look at the log stays open.
        var reader = try opening()
        for (question, responder) in taken {
          responder.complete(try answer(question, &reader))
        }
      } catch {
        let problem = Problem(
          .unavailable, detail: "The log cannot be read for the names. Try again.",
          retryAfterSeconds: 1)
        // Who was answered before the failure keeps that answer; a second one is dropped.
        for (_, responder) in taken { responder.complete(problem.response) }
      }
    }
  }

  private func answer(
    _ question: Question, _ reader: inout NameReader
  ) throws(LiveError) -> HTTPResponse {
    switch question {
    case .one(var ring):
      try reader.name(&ring)
      var body: [UInt8] = []
      RingExport.appendJSON(ring, to: &body)
      return HTTPResponse(body: body)
    case .list(var rings):
      for place in rings.indices { try reader.name(&rings[place]) }
      return HTTPResponse(body: RingExport.json(rings))
    }
  }
}
