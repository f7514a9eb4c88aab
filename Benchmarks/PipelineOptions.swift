/// What `Benchmarks pipeline` was asked for.
struct PipelineOptions: Hashable, Sendable {
  /// Accounts of W1 that exist before anything is measured.
  var accounts = 100_000
  /// Events of W1 that are measured.
  var events = 500_000
  /// Accounts of the made-up world that is scored with the shipped rules; 0 to leave it out.
  var worldAccounts = 30_000
  var format = OutputFormat.text
  var seed: UInt64 = 42
  /// The package that is run over W1.
  var rules = "Benchmarks/hotpath.rules"
  /// The package that is run over the made-up world.
  var pack = "Rules"
  /// Events read ahead.
  var batchSize = 64
  /// Times that two threads and one take turns.
  var rounds = 3

  /// Reads the arguments after `pipeline`.
  ///
  /// *Throws* what is wrong, for the person who typed it.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    var rest = arguments.makeIterator()
    while let flag = rest.next() {
      guard let value = rest.next() else { throw UsageError(message: "\(flag) needs a value") }
      try set(flag, value)
    }
  }

  private mutating func set(_ flag: String, _ value: String) throws(UsageError) {
    switch flag {
    case "--accounts": accounts = try HotpathOptions.number(flag, value, 1_000...10_000_000)
    case "--events": events = try HotpathOptions.number(flag, value, 1...10_000_000)
    case "--world-accounts":
      worldAccounts = try HotpathOptions.number(flag, value, 0...1_000_000)
    case "--batch": batchSize = try HotpathOptions.number(flag, value, 1...65_536)
    case "--rounds": rounds = try HotpathOptions.number(flag, value, 1...1_000)
    case "--format": format = try OutputFormat(argument: value)
    case "--seed": seed = try HotpathOptions.seed(value)
    case "--rules": rules = value
    case "--pack": pack = value
    default: throw UsageError(message: "unknown argument \(flag)")
    }
  }
}
