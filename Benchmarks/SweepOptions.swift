/// What `Benchmarks sweep` was asked for.
struct SweepOptions: Hashable, Sendable {
  /// Accounts of the made-up world whose events are swept.
  var worldAccounts = 10_000
  /// The package whose params are swept.
  var rules = "Rules"
  /// Values that are replayed one by one, for comparison.
  var replays = 3
  var format = OutputFormat.text
  var seed: UInt64 = 42

  /// Reads the arguments after `sweep`.
  ///
  /// *Throws* what is wrong, for the person who typed it.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    var rest = arguments.makeIterator()
    while let flag = rest.next() {
      guard let value = rest.next() else { throw UsageError(message: "\(flag) needs a value") }
      switch flag {
      case "--world-accounts":
        worldAccounts = try HotpathOptions.number(flag, value, 100...1_000_000)
      case "--rules": rules = value
      case "--replays": replays = try HotpathOptions.number(flag, value, 1...1_000)
      case "--seed": seed = try HotpathOptions.seed(value)
      case "--format": format = try OutputFormat(argument: value)
      default: throw UsageError(message: "unknown argument \(flag)")
      }
    }
  }
}
