/// Whether the service can score, for probes and for refusals.
final class ServiceState: Sendable {
  /// One look at it.
  enum Reading: Sendable {
    /// The log is being replayed.
    case opening(done: Int, total: Int)
    case ready(lastSequence: UInt64)
    /// The ledger failed; it is being opened again.
    case failed
    case stopping

    var isReady: Bool {
      if case .ready = self { true } else { false }
    }

    var words: String {
      switch self {
      case .opening(let done, let total): "replaying the log, \(done) of \(total) events"
      case .ready: "ready"
      case .failed: "the ledger cannot be written; it is being opened again"
      case .stopping: "stopping"
      }
    }

    var json: String {
      switch self {
      case .opening(let done, let total):
        #"{"status":"opening","replayed":\#(done),"events":\#(total)}"#
      case .ready(let last): #"{"status":"ready","last_sequence":\#(last)}"#
      case .failed: #"{"status":"failed"}"#
      case .stopping: #"{"status":"stopping"}"#
      }
    }
  }

  private let current = Locked(Reading.opening(done: 0, total: 0))

  var reading: Reading { current.withLock { $0 } }

  /// Changes to a state, unless the service is stopping, which is for ever; false then.
  @discardableResult
  func advance(to reading: Reading) -> Bool {
    current.withLock { current in
      if case .stopping = current { return false }
      current = reading
      return true
    }
  }
}
