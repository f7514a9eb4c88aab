/// What `Benchmarks graph` was asked for.
struct GraphOptions: Hashable, Sendable {
  /// What is asked of every event.
  enum Question: String, CaseIterable, Sendable {
    case clusters, rings, hops
  }

  /// Where events come from.
  enum Stream: String, CaseIterable, Sendable {
    case w1, messages
  }

  var question = Question.clusters
  var stream = Stream.w1
  /// Accounts that exist before anything is measured; of messages all but the last are loaded.
  var accounts = 1_000_000
  /// Events that are measured in one go, and as many call by call.
  var events = 100_000
  /// Events on which peers are asked too; 0 for none.
  var asked = 100
  var format = OutputFormat.text
  var seed: UInt64 = 42
  /// The messages: source, target and second in each line.
  var messages = "../shared/data/graph/collegemsg/CollegeMsg.txt"

  /// The package that is run.
  var rules: String { "Benchmarks/graph/\(stream.rawValue)_\(question.rawValue).rules" }
  /// The most edges of a way.
  var hops: Int { question == .hops ? 3 : stream == .w1 ? 6 : 4 }
  /// Seconds an edge lives; 0 for ever.
  var windowSeconds: Int { stream == .w1 ? 0 : 7 * 86_400 }

  /// Reads the arguments after `graph`.
  ///
  /// *Throws* what is wrong, for the person who typed it.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    var rest = arguments.makeIterator()
    while let flag = rest.next() {
      guard let value = rest.next() else { throw UsageError(message: "\(flag) needs a value") }
      switch flag {
      case "--question": question = try Self.choice(flag, value)
      case "--stream": stream = try Self.choice(flag, value)
      case "--format": format = try Self.choice(flag, value)
      case "--accounts": accounts = try HotpathOptions.number(flag, value, 1_000...100_000_000)
      case "--events": events = try HotpathOptions.number(flag, value, 1...1_000_000_000)
      case "--asked": asked = try HotpathOptions.number(flag, value, 0...1_000_000)
      case "--seed": seed = UInt64(try HotpathOptions.number(flag, value, 0...Int.max))
      case "--messages": messages = value
      default: throw UsageError(message: "unknown argument \(flag)")
      }
    }
  }

  private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ flag: String, _ value: String
  ) throws(UsageError) -> Choice {
    if let choice = Choice(rawValue: value) { return choice }
    let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    throw UsageError(message: "\(flag) is one of \(choices), not \(value)")
  }
}
