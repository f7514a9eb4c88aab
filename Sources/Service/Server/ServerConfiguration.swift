/// How a server listens and what it allows.
struct ServerConfiguration: Sendable {
  var address: ListenAddress
  var limits = HTTPLimits()
  /// Signals the loop takes over from the process; each starts a drain.
  var drainSignals: [Int32] = []
  /// Told of each of those signals first, on the loop's thread.
  var onSignal: (@Sendable (Int32) -> Void)?
  /// Called on the loop's thread when the last connection is gone and nothing more will be asked.
  var onStopped: (@Sendable () -> Void)?

  init(address: ListenAddress) {
    self.address = address
  }
}
