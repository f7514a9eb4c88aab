/// What the process ends with; scripts depend on these.
enum ExitCode: Int32 {
  case success = 0
  /// Findings, or tests that failed.
  case findings = 1
  /// Differences, where the caller asked to be told.
  case differences = 2
  /// Errors in rule files.
  case ruleErrors = 3
  /// The command line is wrong.
  case usage = 64
  /// Some input data is wrong.
  case badInput = 65
  /// Something that is needed is not there, such as an address in use.
  case unavailable = 69
  /// A bug of ours.
  case bug = 70
  /// A file or disk failed.
  case inputOutput = 74
  /// Stopped by the user.
  case interrupted = 130
}

/// Leaves the command with a message for people.
struct CommandFailure: Error {
  var code: ExitCode
  /// Nil when nobody need be told.
  var message: String?
  /// What to do about it.
  var remedy: String?
}
