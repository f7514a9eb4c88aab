import Glibc
import Model

/// The one binary: finds the command and runs it.
@main
enum Sabueso {
  /// Every command, in the order help shows them.
  static let commands = [
    CheckCommand.command, TestCommand.command, ScoreCommand.command, ServeCommand.command,
    RescoreCommand.command,
  ]

  static func main() {
    exit(runCommandLine(Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  private static func runCommandLine(_ words: [String]) -> ExitCode {
    guard let name = words.first, name != "--help", name != "-h", name != "help" else {
      Terminal.out(CommandLineHelp.overview(commands))
      return words.isEmpty ? .usage : .success
    }
    if name == "--version" {
      Terminal.out("sabueso \(EngineVersion.current)\n")
      return .success
    }
    guard let command = commands.first(where: { $0.name == name }) else {
      let near = CommandLineHelp.nearest(name, among: commands.map(\.name))
      return fail(
        CommandFailure(
          code: .usage, message: "there is no command `\(name)`",
          remedy: near.map { "did you mean `sabueso \($0)`?" } ?? "see `sabueso --help`"))
    }
    if words.dropFirst().contains(where: { $0 == "--help" || $0 == "-h" }) {
      Terminal.out(CommandLineHelp.help(command))
      return .success
    }
    do throws(CommandFailure) {
      return try command.run(try Arguments.parse(words.dropFirst(), for: command))
    } catch {
      return fail(error)
    }
  }

  private static func fail(_ failure: CommandFailure) -> ExitCode {
    Terminal.note("sabueso: \(failure.message)\n")
    if let remedy = failure.remedy { Terminal.note("  \(remedy)\n") }
    return failure.code
  }
}
