import Expressions
import RuleLanguage

/// `sabueso check`: everything that can be said of rules before anything runs.
enum CheckCommand {
  static let command = Command(
    name: "check", summary: "find mistakes in rules before anything runs", operands: "[PATH…]",
    options: [
      OptionSpec("--deny-warnings", "exit 1 on a warning too"), PackageLoading.languageOption,
    ],
    examples: [
      ("sabueso check Rules", "check the shipped package"),
      ("sabueso check --lang es Rules/device_reuse.rules", "one file with its imports, in Spanish"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    let language = try PackageLoading.language(arguments)
    let paths = arguments.operands.isEmpty ? ["."] : arguments.operands
    var errors = 0
    var warnings = 0
    for path in paths {
      let check = try PackageLoading.check(path, language: language)
      errors += check.findings.count { $0.code.severity == .error }
      warnings += check.findings.count { $0.code.severity == .warning }
      if let rules = check.rules { Terminal.out(line(path, rules)) }
    }
    if errors > 0 || warnings > 0 {
      Terminal.note(
        "\(errors) error\(errors == 1 ? "" : "s"), \(warnings) warning\(warnings == 1 ? "" : "s")\n"
      )
    }
    if errors > 0 { return .ruleErrors }
    return warnings > 0 && arguments.has("--deny-warnings") ? .findings : .success
  }

  private static func line(_ path: String, _ rules: CheckedRules) -> String {
    "\(path): \(rules.rules.count) rules, \(rules.signals.count) signals, "
      + "\(rules.policies.count) policies, \(rules.tests.count) tests\n"
  }
}
