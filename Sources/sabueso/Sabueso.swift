import Glibc
import Model

/// The one binary: finds the command and runs it.
@main
enum Sabueso {
  /// Every command, in the order help shows them.
  static let commands = [
    CheckCommand.command, FormatCommand.command, TestCommand.command, PlanCommand.command,
    ScoreCommand.command, SimulateCommand.command, EvaluateCommand.command, ServeCommand.command,
    RescoreCommand.command, SweepCommand.command, RingCommand.command, SnapshotCommand.command,
    ExplainCommand.command,
    EvalCommand.command,
    ConformanceCommand.command,
  ]

  static func main() {
    Terminal.fillGaps()
    // Nobody reading any more is an error of writing, not the end of the process.
    _ = signal(SIGPIPE, SIG_IGN)
    // So is a file that may not grow any more.
    _ = signal(SIGXFSZ, SIG_IGN)
    Interruption.allow()
    let code = runCommandLine(Array(CommandLine.arguments.dropFirst()))
    exit(settled(code).rawValue)
  }

  /// What the process ends with, though the command went well: results may have been lost on their
  /// way out, and input refused.
  private static func settled(_ code: ExitCode) -> ExitCode {
    if let reason = Terminal.lostResults {
      let failed = fail(
        CommandFailure(
          code: .inputOutput, message: "cannot write standard output: \(reason)",
          remedy: "what came out is not complete"))
      let isTold = [.success, .findings, .differences, .badInput, .ruleErrors].contains(code)
      return isTold ? failed : code
    }
    return code == .success && RejectReporter.hasRefused ? .badInput : code
  }

  private static func runCommandLine(_ words: [String]) -> ExitCode {
    guard let name = words.first else {
      Terminal.note(CommandLineHelp.overview(commands))
      return .usage
    }
    do throws(CommandFailure) {
      switch name {
      case "--version":
        Terminal.out("sabueso \(EngineVersion.current)\n")
        return .success
      case "--help", "-h", "help":
        let topic = try words.dropFirst().first.map { word throws(CommandFailure) in
          try command(word)
        }
        Terminal.out(topic.map(CommandLineHelp.help) ?? CommandLineHelp.overview(commands))
        return .success
      default: return try run(try command(name), words.dropFirst())
      }
    } catch {
      return fail(error)
    }
  }

  private static func run(
    _ command: Command, _ words: ArraySlice<String>
  ) throws(CommandFailure) -> ExitCode {
    let arguments = try Arguments.parse(words, for: command)
    guard !arguments.wantsHelp else {
      Terminal.out(CommandLineHelp.help(command))
      return .success
    }
    try OverwriteGuard.check(arguments, of: command)
    return try command.run(arguments)
  }

  private static func command(_ name: String) throws(CommandFailure) -> Command {
    if let command = commands.first(where: { $0.name == name }) { return command }
    let near = CommandLineHelp.nearest(name, among: commands.map(\.name))
    throw CommandFailure(
      code: .usage, message: "there is no command `\(name)`",
      remedy: near.map { "did you mean `sabueso \($0)`?" } ?? "see `sabueso --help`")
  }

  private static func fail(_ failure: CommandFailure) -> ExitCode {
    if let message = failure.message { Terminal.note("sabueso: \(message)\n") }
    if let remedy = failure.remedy { Terminal.note("  \(remedy)\n") }
    return failure.code
  }
}
