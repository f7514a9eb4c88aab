import Compiler
import Expressions
import Glibc
import Model
import Program
import RuleLanguage

/// `sabueso check`: everything that can be said of rules before anything runs.
enum CheckCommand {
  static let command = Command(
    name: "check", summary: "find mistakes in rules before anything runs", operands: "[PATH…]",
    options: [
      OptionSpec("--deny-warnings", "exit 1 on a warning too"),
      OptionSpec("--cost", "show what signals keep: bytes per key, and per entry"),
      OptionSpec(
        "--budget", value: "BYTES", "refuse a package one event of which may add more than this"),
      OptionSpec("--fix", "make the changes that findings offer, then check again"),
      OptionSpec(
        "--format", value: "FORMAT",
        "human, json, sarif or github (default human); not human: stdout"),
      OptionSpec("--watch", "check again whenever a rule file changes, until interrupted"),
      PackageLoading.languageOption,
    ],
    notes: """
      Every mistake is told once, in the order of the files. `sabueso explain CODE` teaches a code.
      --fix only makes changes of which there is one alone that a finding is sure of; a second run
      changes nothing.
      """,
    examples: [
      ("sabueso check Rules", "check the shipped package"),
      ("sabueso check --lang es Rules", "the same in Spanish"),
      ("sabueso check --cost --budget 2000 Rules", "what does it keep, and is that too much?"),
      ("sabueso check --fix Rules", "mend what can be mended"),
      ("sabueso check --format sarif Rules > findings.sarif", "for a code host"),
    ], run: run)

  private enum Format: String {
    case human, json, sarif, github
  }

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    let language = try PackageLoading.language(arguments)
    let format = try format(arguments)
    let paths = PackageLoading.paths(arguments)
    guard format == .human || paths.count == 1 else {
      throw CommandFailure(
        code: .usage, message: "--format \(format.rawValue) takes one path, not \(paths.count)")
    }
    guard !arguments.has("--watch") else {
      return RuleFileWatch.each(paths) { () throws(CommandFailure) in
        try runOnce(paths, format, arguments, language)
      }
    }
    return try runOnce(paths, format, arguments, language)
  }

  private static func runOnce(
    _ paths: [String], _ format: Format, _ arguments: Arguments, _ language: Language
  ) throws(CommandFailure) -> ExitCode {
    var errors = 0
    var warnings = 0
    for path in paths {
      if arguments.has("--fix") { try fix(path) }
      let now = Timestamp(microseconds: Terminal.wallMicroseconds())
      var check = try PackageLoading.readable(path, now: now)
      let program = try counted(check.rules, arguments)
      if let program, let rules = check.rules {
        check.findings += try beyondBudget(program, rules, arguments)
      }
      errors += check.findings.count { $0.code.severity == .error }
      warnings += check.findings.count { $0.code.severity == .warning }
      print(check, path, format, language)
      if let program, arguments.has("--cost") { Terminal.out(CostText.text(program)) }
    }
    if errors > 0 || warnings > 0 {
      Terminal.note(summary(errors, warnings, language))
    }
    if errors > 0 { return .ruleErrors }
    return warnings > 0 && arguments.has("--deny-warnings") ? .findings : .success
  }

  /// The compiled package, when its cost is asked for.
  private static func counted(
    _ rules: CheckedRules?, _ arguments: Arguments
  ) throws(CommandFailure) -> RuleProgram? {
    guard arguments.has("--cost") || arguments["--budget"] != nil else { return nil }
    return rules.map { PackageCompiler.compile($0) }
  }

  /// A finding for each event that adds more than the budget allows.
  private static func beyondBudget(
    _ program: RuleProgram, _ rules: CheckedRules, _ arguments: Arguments
  ) throws(CommandFailure) -> [Diagnostic] {
    guard arguments["--budget"] != nil else { return [] }
    let budget = try arguments.int("--budget", default: 0)
    return CostText.eventBytes(program).filter { $0.bytes > Double(budget) }.map { event, bytes in
      let name = program.schema.events[event].name
      let (most, share) = CostText.dearestSignal(of: event, program)
      let whole = NumberText.grouped(Int(bytes.rounded(.up)))
      let part = NumberText.grouped(Int(share.rounded(.up)))
      return Diagnostic(
        .stateBeyondBudget,
        Phrase(
          "a `\(name)` may add \(whole) bytes to the state, \(NumberText.grouped(budget)) are allowed",
          es: "un `\(name)` puede sumar \(whole) bytes al estado, se permiten "
            + "\(NumberText.grouped(budget))"),
        at: rules.signals[most].span,
        label: Phrase(
          "what this reads adds most, \(part) bytes", es: "lo que esto lee suma más, \(part) bytes"),
        help: Phrase(
          "`check --cost` shows what each signal keeps",
          es: "`check --cost` muestra lo que guarda cada señal"))
    }
  }

  private static func format(_ arguments: Arguments) throws(CommandFailure) -> Format {
    guard let text = arguments["--format"] else { return .human }
    guard let format = Format(rawValue: text) else {
      throw CommandFailure(
        code: .usage, message: "--format takes human, json, sarif or github, not `\(text)`")
    }
    return format
  }

  /// Writes the changes that findings offer.
  private static func fix(_ path: String) throws(CommandFailure) {
    _ = try PackageLoading.readable(path)
    let repair = PackageRepair.repair(path, from: DiskRuleFiles())
    for (file, text) in repair.texts.sorted(by: { $0.key < $1.key }) {
      try FileBytes.replace(file, with: text)
      Terminal.note("changed \(file)\n")
    }
    if repair.count > 0 { Terminal.note("\(NumberText.counted(repair.count, "change"))\n") }
  }

  private static func print(
    _ check: PackageCheck, _ path: String, _ format: Format, _ language: Language
  ) {
    let (findings, sources) = (check.findings, check.sources)
    switch format {
    case .human:
      PackageLoading.note(check, language)
      if let rules = check.rules { Terminal.out(line(path, rules, language)) }
    case .json:
      Terminal.out(FindingReport.json(findings, sources: sources, language: language))
    case .sarif:
      Terminal.out(
        FindingReport.sarif(
          findings, sources: sources, language: language, toolVersion: EngineVersion.current))
    case .github:
      Terminal.out(FindingReport.github(findings, sources: sources, language: language))
    }
  }

  private static func summary(_ errors: Int, _ warnings: Int, _ language: Language) -> String {
    let isEnglish = language == .english
    let found = [
      NumberText.counted(errors, "error", many: isEnglish ? "errors" : "errores"),
      NumberText.counted(warnings, isEnglish ? "warning" : "aviso"),
    ]
    return found.joined(separator: ", ") + "\n"
  }

  private static func line(
    _ path: String, _ rules: CheckedRules, _ language: Language
  ) -> String {
    let isEnglish = language == .english
    let parts = [
      NumberText.counted(rules.rules.count, isEnglish ? "rule" : "regla"),
      NumberText.counted(
        rules.signals.count, isEnglish ? "signal" : "señal", many: isEnglish ? nil : "señales"),
      NumberText.counted(
        rules.policies.count, isEnglish ? "policy" : "política",
        many: isEnglish ? "policies" : nil),
      NumberText.counted(rules.tests.count, isEnglish ? "test" : "prueba"),
    ]
    return "\(path): \(parts.joined(separator: ", "))\n"
  }
}
