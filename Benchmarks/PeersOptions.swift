/// What `Benchmarks peers` was asked for.
struct PeersOptions: Hashable, Sendable {
  /// Events decided in a block of measures.
  var events = 20_000
  /// Blocks; the median counts.
  var blocks = 9
  var format = OutputFormat.text
  /// A Python that has the peers.
  var python = "python3"
  /// Whether the windows are asked of Redis and the databases too, as `Benchmarks windows` does.
  var hasWindows = true

  /// Reads the arguments after `peers`.
  ///
  /// *Throws* what is wrong, for the person who typed it.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    var rest = arguments.makeIterator()
    while let flag = rest.next() {
      if flag == "--no-windows" {
        hasWindows = false
        continue
      }
      guard ["--events", "--blocks", "--format", "--python"].contains(flag) else {
        throw UsageError(message: "unknown argument \(flag)")
      }
      guard let value = rest.next() else { throw UsageError(message: "\(flag) needs a value") }
      switch flag {
      case "--events": events = try HotpathOptions.number(flag, value, 1_000...1_000_000_000)
      case "--blocks": blocks = try HotpathOptions.number(flag, value, 1...1_000)
      case "--python": python = value
      default: format = try OutputFormat(argument: value)
      }
    }
  }
}
