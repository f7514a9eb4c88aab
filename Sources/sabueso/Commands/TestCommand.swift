import Expressions
import Foundation
import RuleLanguage
import Scenarios

/// `sabueso test`: runs the tests that stand beside the rules.
enum TestCommand {
  static let command = Command(
    name: "test", summary: "run the tests beside the rules on the real engine",
    operands: "[PATH…]",
    options: [
      OptionSpec("--filter", value: "TEXT", "only tests whose title contains TEXT"),
      OptionSpec("--format", value: "FORMAT", "human or junit (default human)"),
      OptionSpec(
        "--coverage", "show which parts of conditions were never true, false or missing"),
      OptionSpec("--coverage-html", value: "FILE", "write the same as a page with the rules"),
      OptionSpec(
        "--mutate", "change thresholds, comparisons and connectives; list what no test notices"),
      OptionSpec(
        "--least", value: "PERCENT", "with --mutate: exit 1 when fewer changes are noticed"),
      OptionSpec("--watch", "run again whenever a rule file changes, until interrupted"),
      PackageLoading.languageOption,
    ],
    notes: """
      A test that fails shows what was expected, what there was, and how each part of the condition
      came out with the values it read.
      """,
    examples: [
      ("sabueso test Rules", "all tests of the shipped package"),
      ("sabueso test Rules --filter tablet", "tests about tablets"),
      ("sabueso test Rules --coverage", "what do the tests not show?"),
      ("sabueso test Rules --mutate --least 85", "would a test notice a wrong threshold?"),
      ("sabueso test Rules --format junit > tests.xml", "for a build server"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    let language = try PackageLoading.language(arguments)
    let paths = PackageLoading.paths(arguments)
    guard arguments.has("--watch") else { return try runOnce(paths, arguments, language) }
    return RuleFileWatch.each(paths) { () throws(CommandFailure) in
      try runOnce(paths, arguments, language)
    }
  }

  private static func runOnce(
    _ paths: [String], _ arguments: Arguments, _ language: Language
  ) throws(CommandFailure) -> ExitCode {
    let format = arguments["--format"] ?? "human"
    guard format == "human" || format == "junit" else {
      throw CommandFailure(
        code: .usage, message: "--format takes human or junit, not `\(format)`")
    }
    guard arguments.has("--mutate") || !arguments.has("--least") else {
      throw CommandFailure(
        code: .usage, message: "--least says how many changes must be noticed",
        remedy: "add --mutate, which makes them")
    }
    var reports: [ScenarioReport] = []
    var ending = ExitCode.success
    for path in paths {
      let check = try PackageLoading.check(path, language: language)
      guard let runner = ScenarioRunner(check) else { return .ruleErrors }
      if arguments.has("--mutate") {
        if try !MutationText.run(check, arguments, language) { ending = .findings }
        continue
      }
      try running { () throws(ScenarioError) in
        try runner.run(filter: arguments["--filter"] ?? "") { report in
          reports.append(report)
          if format == "human" { Terminal.out(text(report, language)) }
        }
      }
      if arguments.has("--coverage") || arguments.has("--coverage-html") {
        try cover(runner, arguments, language)
      }
    }
    if arguments.has("--mutate") { return ending }
    if format == "junit" { Terminal.out(JUnitReport.text(of: reports)) }
    if format == "human" { Terminal.out(summary(reports, language)) }
    return try exitCode(reports, filter: arguments["--filter"])
  }

  private static func running(
    _ body: () throws(ScenarioError) -> Void
  ) throws(CommandFailure) {
    do throws(ScenarioError) {
      try body()
    } catch {
      throw CommandFailure(code: .bug, message: "a test could not be run: \(error)")
    }
  }

  private static func cover(
    _ runner: ScenarioRunner, _ arguments: Arguments, _ language: Language
  ) throws(CommandFailure) {
    let coverage: ConditionCoverage
    do throws(ScenarioError) {
      coverage = try runner.coverage(filter: arguments["--filter"] ?? "")
    } catch {
      throw CommandFailure(code: .bug, message: "a test could not be run: \(error)")
    }
    if arguments.has("--coverage") {
      let table = CoverageText.table(coverage, language)
      // What machines read stays alone on standard output.
      if arguments["--format"] == "junit" {
        Terminal.note(table)
      } else {
        Terminal.out("\n" + table)
      }
    }
    if let path = arguments["--coverage-html"] {
      let page = CoveragePage(coverage, language).html
      try FileBytes.replace(path, with: Array(page.utf8))
      Terminal.note("wrote \(path)\n")
    }
  }

  private static func summary(_ reports: [ScenarioReport], _ language: Language) -> String {
    let failed = reports.count { !$0.passed }
    let passed = reports.count - failed
    return language == .english
      ? "\n\(passed) passed, \(failed) failed\n" : "\n\(passed) pasaron, \(failed) fallaron\n"
  }

  private static func exitCode(
    _ reports: [ScenarioReport], filter: String?
  ) throws(CommandFailure) -> ExitCode {
    if reports.isEmpty {
      // A filter that finds nothing is a slip that must not look like success in a script.
      guard let filter else {
        Terminal.note("these rules have no tests\n")
        return .success
      }
      throw CommandFailure(
        code: .usage, message: "no test has `\(filter)` in its title",
        remedy: "without --filter all tests run and show their titles")
    }
    return reports.allSatisfy(\.passed) ? .success : .findings
  }

  private static func text(_ report: ScenarioReport, _ language: Language) -> String {
    let isEnglish = language == .english
    let word = report.passed ? "ok    " : isEnglish ? "FAILED" : "FALLÓ "
    var text = "\(word) \(report.title)\n"
    for failure in report.failures {
      text += "       \(failure.place): \(failure.expected)\n"
      text += "         \(isEnglish ? "but got" : "pero dio") \(failure.got)\n"
      for line in failure.values { text += "           \(line)\n" }
    }
    return text
  }
}
