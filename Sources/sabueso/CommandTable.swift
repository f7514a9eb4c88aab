/// An option a command takes.
struct OptionSpec: Sendable {
  /// `--rules`
  var name: String
  /// `-r`
  var short: String?
  /// The name of its value in help; nil for a switch.
  var value: String?
  /// One line of help.
  var help: String

  init(_ name: String, short: String? = nil, value: String? = nil, _ help: String) {
    self.name = name
    self.short = short
    self.value = value
    self.help = help
  }
}

/// A subcommand: what help, and one day completions and manual pages, are made from.
struct Command: Sendable {
  var name: String
  var summary: String
  /// Operands as help writes them: `[PATH…]`
  var operands: String
  /// How many operands come before those that may be files: verbs, and the name of what is meant.
  var wordCount = 0
  var options: [OptionSpec]
  /// What else one should know, sentences in lines.
  var notes = ""
  var examples: [(line: String, says: String)]
  var run: @Sendable (Arguments) throws(CommandFailure) -> ExitCode
}

/// A parsed command line.
struct Arguments {
  var operands: [String] = []
  /// Whether help was asked for, and so nothing else matters.
  private(set) var wantsHelp = false
  private var values: [String: [String]] = [:]

  /// Whether a switch or option was given.
  func has(_ option: String) -> Bool { values[option] != nil }

  /// The last value of an option.
  subscript(option: String) -> String? { values[option]?.last }

  /// All values of an option that may be given more than once, in order.
  func all(_ option: String) -> [String] { values[option] ?? [] }

  /// A whole number from 1 on.
  func int(
    _ option: String, default standard: Int, most: Int = .max
  ) throws(CommandFailure) -> Int {
    guard let text = self[option] else { return standard }
    guard let number = Int(text), (1...most).contains(number) else {
      let range = most == .max ? "of at least 1" : "from 1 to \(most)"
      throw CommandFailure(
        code: .usage, message: "\(option) takes a whole number \(range), not `\(text)`")
    }
    return number
  }

  /// Parses what follows the command's name.
  static func parse(
    _ words: some Sequence<String>, for command: Command
  ) throws(CommandFailure) -> Arguments {
    var arguments = Arguments()
    var rest = Array(words)[...]
    var onlyOperands = false
    while let word = rest.popFirst() {
      guard !onlyOperands, word.hasPrefix("-"), word != "-" else {
        arguments.operands.append(word)
        continue
      }
      if word == "--" {
        onlyOperands = true
        continue
      }
      if word == "--help" || word == "-h" {
        arguments.wantsHelp = true
        return arguments
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map(String.init)
      guard
        let option = command.options.first(where: { $0.name == parts[0] || $0.short == parts[0] })
      else { throw unknownOption(parts[0], command) }
      guard option.value != nil else {
        guard parts.count == 1 else {
          throw CommandFailure(code: .usage, message: "\(option.name) takes no value")
        }
        arguments.values[option.name, default: []].append("")
        continue
      }
      let value = parts.count == 2 ? parts[1] : takeValue(&rest)
      guard let value, !value.isEmpty else { throw noValue(option, command) }
      arguments.values[option.name, default: []].append(value)
    }
    return arguments
  }

  /// The next word, unless it is an option itself: then the value was forgotten.
  private static func takeValue(_ rest: inout ArraySlice<String>) -> String? {
    guard let next = rest.first, next == "-" || !next.hasPrefix("-") else { return nil }
    return rest.popFirst()
  }

  private static func noValue(_ option: OptionSpec, _ command: Command) -> CommandFailure {
    CommandFailure(
      code: .usage, message: "\(option.name) needs a value: \(option.name) \(option.value ?? "")",
      remedy: "see `sabueso \(command.name) --help`")
  }

  private static func unknownOption(_ word: String, _ command: Command) -> CommandFailure {
    let near = CommandLineHelp.nearest(word, among: command.options.map(\.name))
    return CommandFailure(
      code: .usage, message: "`sabueso \(command.name)` has no option \(word)",
      remedy: near.map { "did you mean \($0)?" } ?? "see `sabueso \(command.name) --help`")
  }
}
