import Compiler
import Expressions
import Glibc
import Model
import Program
import RuleLanguage

/// Checks packages for commands and prints what is wrong with them.
enum PackageLoading {
  /// The language asked for with `--lang`.
  static func language(_ arguments: Arguments) throws(CommandFailure) -> Language {
    guard let text = arguments["--lang"] else { return .english }
    guard let language = Language(rawValue: text) else {
      throw CommandFailure(code: .usage, message: "--lang takes en or es, not `\(text)`")
    }
    return language
  }

  static let languageOption = OptionSpec("--lang", value: "LANG", "en or es (default en)")
  static let rulesOption = OptionSpec(
    "--rules", short: "-r", value: "PATH", "rules: a folder, or a file with its imports")

  /// Checks a package and prints its findings on stderr.
  static func check(_ path: String, language: Language) throws(CommandFailure) -> PackageCheck {
    let check = try readable(path)
    note(check, language)
    return check
  }

  /// Prints findings on stderr.
  static func note(_ check: PackageCheck, _ language: Language) {
    let renderer = DiagnosticRenderer(
      sources: check.sources, language: language, usesColor: Terminal.usesColor(STDERR_FILENO))
    for finding in check.findings { Terminal.note(renderer.render(finding) + "\n") }
  }

  /// Checks a package that can be read; with a time also whether its dates are past.
  static func readable(
    _ path: String, now: Timestamp? = nil
  ) throws(CommandFailure) -> PackageCheck {
    let check = PackageChecker.check(path, from: DiskRuleFiles(), now: now)
    if let unreadable = check.unreadable {
      let reason =
        switch unreadable.failure {
        case .notFound: "there is no such file, or no .rules file in the folder"
        case .unreadable(let reason): reason
        case .tooLarge(let bytes): "\(bytes) bytes, more than \(Limits.ruleFileBytes)"
        }
      throw CommandFailure(
        code: .inputOutput, message: "cannot read rules from \(unreadable.path): \(reason)")
    }
    try OverwriteGuard.check(read: check.sources.files.map(\.path))
    return check
  }

  /// Checks and compiles a package, or fails when it has errors.
  static func compile(_ path: String, language: Language) throws(CommandFailure) -> RuleProgram {
    try compileWithSource(path, language: language).program
  }

  /// A compiled package that decides something, with the text it can be compiled from again.
  static func compileWithSource(
    _ path: String, language: Language
  ) throws(CommandFailure) -> (program: RuleProgram, source: String) {
    let (check, rules) = try checked(path, language: language)
    let program = PackageCompiler.compile(rules)
    guard !program.catalog.policies.isEmpty else {
      throw CommandFailure(
        code: .ruleErrors, message: "\(path) has no policy, so nothing would be decided",
        remedy: "add one: policy NAME { on EVENT decide hold at 50 otherwise grant … }")
    }
    return (program, PackageBundle.text(of: check, root: path))
  }

  /// A checked package, or a failure when it has errors.
  static func checked(
    _ path: String, language: Language
  ) throws(CommandFailure) -> (check: PackageCheck, rules: CheckedRules) {
    let check = try check(path, language: language)
    guard let rules = check.rules else {
      let count = check.findings.count { $0.code.severity == .error }
      throw CommandFailure(
        code: .ruleErrors, message: "\(path) has \(count) error\(count == 1 ? "" : "s")",
        remedy: "`sabueso explain CODE` teaches a code")
    }
    return (check, rules)
  }

  /// What to look at: the operands, else the folder `Rules` if there is one, else this folder.
  static func paths(_ arguments: Arguments) -> [String] {
    if !arguments.operands.isEmpty { return arguments.operands }
    return DiskRuleFiles().ruleFiles(under: "Rules") == nil ? ["."] : ["Rules"]
  }

  /// The rules a command must be given.
  static func rulesPath(_ arguments: Arguments) throws(CommandFailure) -> String {
    guard let path = arguments["--rules"] else {
      throw CommandFailure(
        code: .usage, message: "say which rules: -r PATH", remedy: "the shipped ones are in Rules/")
    }
    return tidy(path)
  }

  /// Without the slashes that completion leaves at its end, so that a folder has one name.
  static func tidy(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
    return String(path)
  }
}
