/// What `Benchmarks rules` was asked for.
struct RulesOptions: Hashable, Sendable {
  /// Events decided in a block of measures.
  var events = 1_000_000
  /// Blocks; the median counts.
  var blocks = 15
  var seed: UInt64 = 42
  var format = OutputFormat.text

  /// Reads the arguments after `rules`.
  ///
  /// *Throws* what is wrong, for the person who typed it.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    var rest = arguments.makeIterator()
    while let flag = rest.next() {
      guard ["--events", "--blocks", "--seed", "--format"].contains(flag) else {
        throw UsageError(message: "unknown argument \(flag)")
      }
      guard let value = rest.next() else { throw UsageError(message: "\(flag) needs a value") }
      switch flag {
      case "--events": events = try HotpathOptions.number(flag, value, 1_000...1_000_000_000)
      case "--blocks": blocks = try HotpathOptions.number(flag, value, 1...1_000)
      case "--seed": seed = try HotpathOptions.seed(value)
      default: format = try OutputFormat(argument: value)
      }
    }
  }
}
