import Explanation
import Expressions
import Model
import RuleLanguage

/// What `eval` and `explain decision` have in common: options, and where explanations go.
enum ExplanationOutput {
  static let options: [OptionSpec] =
    [
      PackageLoading.rulesOption,
      OptionSpec(
        "--events", value: "FILE", "events that came before, in order; may be given more than once"),
      OptionSpec("--format", value: "FORMAT", "text, json or html (default text)"),
      OptionSpec("--output", short: "-o", value: "FILE", "write there instead of stdout"),
      ListLoading.option, PackageLoading.languageOption,
    ] + EngineSettings.options.filter { $0.name == "--graph-budget" }

  /// Options that mean nothing unless a decision is made anew.
  static func refuse(
    _ options: [String], in arguments: Arguments, without needed: String
  ) throws(CommandFailure) {
    guard let option = options.first(where: arguments.has) else { return }
    throw CommandFailure(code: .usage, message: "\(option) needs \(needed) too")
  }

  /// The package, checked; its findings are not repeated here unless they are errors.
  static func package(_ arguments: Arguments) throws(CommandFailure) -> PackageCheck {
    let path = try PackageLoading.rulesPath(arguments)
    let check = try PackageLoading.readable(path)
    guard check.rules != nil else {
      PackageLoading.note(check, try PackageLoading.language(arguments))
      let count = check.findings.count { $0.code.severity == .error }
      throw CommandFailure(
        code: .ruleErrors, message: "\(path) has \(NumberText.counted(count, "error"))",
        remedy: "`sabueso explain CODE` teaches a code")
    }
    return check
  }

  /// The form asked for.
  static func format(_ arguments: Arguments) throws(CommandFailure) -> String {
    let format = arguments["--format"] ?? "text"
    guard ["text", "json", "html"].contains(format) else {
      throw CommandFailure(
        code: .usage, message: "--format takes text, json or html, not `\(format)`")
    }
    return format
  }

  static func write(
    _ explanation: DecisionExplanation, _ arguments: Arguments
  ) throws(CommandFailure) {
    let language = try PackageLoading.language(arguments)
    let text =
      switch try format(arguments) {
      case "json": ExplanationJSON.text(explanation, in: language)
      case "html": ExplanationPage.html(explanation, in: language)
      default: ExplanationText.text(explanation, in: language)
      }
    guard let path = arguments["--output"] else { return Terminal.out(text) }
    try FileBytes.replace(path, with: Array(text.utf8))
  }
}
