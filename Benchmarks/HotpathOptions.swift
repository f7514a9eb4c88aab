/// How figures are printed.
enum OutputFormat: String, CaseIterable, Sendable {
  case text, json

  /// *Throws* what is wrong with the value of `--format`.
  init(argument value: String) throws(UsageError) {
    guard let format = OutputFormat(rawValue: value) else {
      throw UsageError(message: "--format is text or json, not \(value)")
    }
    self = format
  }
}

/// What `Benchmarks hotpath` was asked for.
struct HotpathOptions: Hashable, Sendable {
  /// Accounts that exist before anything is measured.
  var accounts = 1_000_000
  /// Events that are measured, rounded up to whole blocks.
  var events = 307_200
  var format = OutputFormat.text
  var seed: UInt64 = 42
  /// The package that is run.
  var rules = "Benchmarks/hotpath.rules"
  /// The folder of the C++ reference; nil to leave it out.
  var reference: String? = "../shared/reference/hotpath"
  /// Whether reason texts are written, which the reference does not do.
  var writesTexts = false
  /// Whether events are scored in blocks alone, while loading too: for samples of where time goes.
  var isInBlocksAlone = false

  /// Reads the arguments after `hotpath`.
  ///
  /// *Throws* what is wrong, for the person who typed it.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    var rest = arguments.makeIterator()
    while let flag = rest.next() {
      switch flag {
      case "--no-reference": reference = nil
      case "--texts": writesTexts = true
      case "--blocks-only": isInBlocksAlone = true
      case "--accounts", "--events", "--format", "--seed", "--rules", "--reference":
        guard let value = rest.next() else {
          throw UsageError(message: "\(flag) needs a value")
        }
        try set(flag, value)
      default:
        throw UsageError(message: "unknown argument \(flag)")
      }
    }
  }

  private mutating func set(_ flag: String, _ value: String) throws(UsageError) {
    switch flag {
    case "--accounts": accounts = try Self.number(flag, value, 1_000...100_000_000)
    case "--events": events = try Self.number(flag, value, 1...1_000_000_000)
    case "--format": format = try OutputFormat(argument: value)
    case "--seed": seed = try HotpathOptions.seed(value)
    case "--rules": rules = value
    default: reference = value
    }
  }

  /// *Throws* what is wrong with the value of `--seed`.
  static func seed(_ value: String) throws(UsageError) -> UInt64 {
    guard let seed = UInt64(value) else {
      throw UsageError(message: "--seed is a whole number, not \(value)")
    }
    return seed
  }

  /// A whole number, with `_` allowed between digits.
  static func number(
    _ flag: String, _ value: String, _ range: ClosedRange<Int>
  ) throws(UsageError) -> Int {
    guard let number = Int(value.filter { $0 != "_" }), range.contains(number) else {
      throw UsageError(
        message: "\(flag) is a number from \(range.lowerBound) to \(range.upperBound), not \(value)"
      )
    }
    return number
  }
}

/// A command line that cannot be obeyed.
struct UsageError: Error, Hashable {
  var message: String
}
