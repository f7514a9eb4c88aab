/// What `Benchmarks expressions` was asked for.
struct ExpressionsOptions: Hashable, Sendable {
  /// Evaluations per block.
  var evaluations = 1_000_000
  /// Blocks; the median counts.
  var blocks = 15
  var format = OutputFormat.text
  /// A Python that has the peers; nil to leave them out.
  var python: String? = "python3"

  /// Reads the arguments after `expressions`.
  ///
  /// *Throws* what is wrong, for the person who typed it.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    var rest = arguments.makeIterator()
    while let flag = rest.next() {
      switch flag {
      case "--no-peers": python = nil
      case "--evaluations", "--blocks", "--format", "--python":
        guard let value = rest.next() else { throw UsageError(message: "\(flag) needs a value") }
        try set(flag, value)
      default: throw UsageError(message: "unknown argument \(flag)")
      }
    }
  }

  private mutating func set(_ flag: String, _ value: String) throws(UsageError) {
    switch flag {
    case "--evaluations":
      evaluations = try HotpathOptions.number(flag, value, 1_000...1_000_000_000)
    case "--blocks": blocks = try HotpathOptions.number(flag, value, 1...1_000)
    case "--python": python = value
    default:
      guard let format = OutputFormat(rawValue: value) else {
        throw UsageError(message: "--format is text or json, not \(value)")
      }
      self.format = format
    }
  }
}
