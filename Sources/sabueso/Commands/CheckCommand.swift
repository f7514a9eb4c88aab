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
      ("sabueso check --lang es Rules", "the same in Spanish"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    let language = try PackageLoading.language(arguments)
    let paths = PackageLoading.paths(arguments)
    var errors = 0
    var warnings = 0
    for path in paths {
      let check = try PackageLoading.check(path, language: language)
      errors += check.findings.count { $0.code.severity == .error }
      warnings += check.findings.count { $0.code.severity == .warning }
      if let rules = check.rules { Terminal.out(line(path, rules)) }
    }
    if errors > 0 || warnings > 0 {
      let found = [NumberText.counted(errors, "error"), NumberText.counted(warnings, "warning")]
      Terminal.note(found.joined(separator: ", ") + "\n")
    }
    if errors > 0 { return .ruleErrors }
    return warnings > 0 && arguments.has("--deny-warnings") ? .findings : .success
  }

  private static func line(_ path: String, _ rules: CheckedRules) -> String {
    let parts = [
      NumberText.counted(rules.rules.count, "rule"),
      NumberText.counted(rules.signals.count, "signal"),
      NumberText.counted(rules.policies.count, "policy", many: "policies"),
      NumberText.counted(rules.tests.count, "test"),
    ]
    return "\(path): \(parts.joined(separator: ", "))\n"
  }
}
