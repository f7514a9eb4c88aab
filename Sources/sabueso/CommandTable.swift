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
  var options: [OptionSpec]
  var examples: [(line: String, says: String)]
  var run: @Sendable (Arguments) throws(CommandFailure) -> ExitCode
}

/// A parsed command line.
struct Arguments {
  var operands: [String] = []
  private var values: [String: [String]] = [:]

  /// Whether a switch or option was given.
  func has(_ option: String) -> Bool { values[option] != nil }

  /// The last value of an option.
  subscript(option: String) -> String? { values[option]?.last }

  /// A whole number of at least `least`.
  func int(_ option: String, default standard: Int, least: Int = 1) throws(CommandFailure) -> Int {
    guard let text = self[option] else { return standard }
    guard let number = Int(text), number >= least else {
      throw CommandFailure(
        code: .usage, message: "\(option) takes a whole number of at least \(least), not `\(text)`")
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
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
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
      guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
        throw CommandFailure(
          code: .usage,
          message: "\(option.name) needs a value: \(option.name) \(option.value ?? "")",
          remedy: "see `sabueso \(command.name) --help`")
      }
      arguments.values[option.name, default: []].append(value)
    }
    return arguments
  }

  private static func unknownOption(_ word: String, _ command: Command) -> CommandFailure {
    let near = CommandLineHelp.nearest(word, among: command.options.map(\.name))
    return CommandFailure(
      code: .usage, message: "`sabueso \(command.name)` has no option \(word)",
      remedy: near.map { "did you mean \($0)?" } ?? "see `sabueso \(command.name) --help`")
  }
}
