import Expressions
import Model

/// Prints help from the command table.
enum CommandLineHelp {
  static func overview(_ commands: [Command]) -> String {
    var text = """
      sabueso \(EngineVersion.current): decides, before a referral reward is paid, whether it should be

      Usage: sabueso COMMAND [OPTION…]

      Commands:

      """
    let width = commands.map(\.name.count).max() ?? 0
    for command in commands {
      text += "  \(padded(command.name, to: width))  \(command.summary)\n"
    }
    text += """

      `sabueso COMMAND --help` shows options and examples.

      Exit codes: 0 ok, 1 findings or failed tests, 2 differences, 3 rule errors, 64 usage,
      65 bad input data, 69 unavailable, 70 bug, 74 I/O, 130 interrupted.

      """
    return text
  }

  static func help(_ command: Command) -> String {
    var text = "\(command.summary)\n\nUsage: sabueso \(command.name) \(command.operands)\n"
    if !command.options.isEmpty {
      text += "\nOptions:\n"
      let names = command.options.map { option in
        (option.short.map { "\($0), " } ?? "    ") + option.name
          + (option.value.map { " \($0)" } ?? "")
      }
      let width = names.map(\.count).max() ?? 0
      for (name, option) in zip(names, command.options) {
        text += "  \(padded(name, to: width))  \(option.help)\n"
      }
    }
    if !command.notes.isEmpty { text += "\n\(command.notes)\n" }
    text += "\nExamples:\n"
    for example in command.examples {
      text += "  # \(example.says)\n  \(example.line)\n"
    }
    return text
  }

  static func nearest(_ word: String, among names: [String]) -> String? {
    Suggestion.nearest(to: word, among: names)
  }

  static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
