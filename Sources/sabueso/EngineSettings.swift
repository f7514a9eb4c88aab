import Engine
import Expressions
import Model

/// Options of commands that run an engine.
enum EngineSettings {
  static let options: [OptionSpec] = [
    OptionSpec(
      "--max-skew", value: "DURATION", "how far ahead of now an event may be dated (default 5m)"),
    OptionSpec(
      "--graph-budget", value: "N", "links one search may look at (default 2000), or `unlimited`"),
  ]

  static func options(_ arguments: Arguments) throws(CommandFailure) -> EngineOptions {
    if arguments["--graph-budget"] == "unlimited" { return EngineOptions(graphBudget: .max) }
    return EngineOptions(
      graphBudget: try arguments.int("--graph-budget", default: Limits.traversalEdges))
  }

  static func skewMicroseconds(_ arguments: Arguments) throws(CommandFailure) -> Int64 {
    guard let text = arguments["--max-skew"] else { return Limits.clockSkewMicroseconds }
    guard let microseconds = DurationText.microseconds(of: text),
      microseconds <= Limits.windowMicroseconds
    else {
      throw CommandFailure(
        code: .usage, message: "--max-skew takes a duration like 5m, not `\(text)`",
        remedy: "at most ten years, so that no clock is far enough off to empty every window")
    }
    return microseconds
  }
}
