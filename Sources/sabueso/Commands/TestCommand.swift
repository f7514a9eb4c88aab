import Expressions
import RuleLanguage
import Scenarios

/// `sabueso test`: runs the tests that stand beside the rules.
enum TestCommand {
  static let command = Command(
    name: "test", summary: "run the tests beside the rules on the real engine",
    operands: "[PATH…]",
    options: [
      OptionSpec("--filter", value: "TEXT", "only tests whose title contains TEXT"),
      PackageLoading.languageOption,
    ],
    examples: [
      ("sabueso test Rules", "all tests of the shipped package"),
      ("sabueso test Rules --filter kiosk", "tests about kiosks"),
    ], run: run)

  private static func run(_ arguments: Arguments) throws(CommandFailure) -> ExitCode {
    let language = try PackageLoading.language(arguments)
    let paths = PackageLoading.paths(arguments)
    var passed = 0
    var failed = 0
    for path in paths {
      let check = try PackageLoading.check(path, language: language)
      guard let runner = ScenarioRunner(check) else { return .ruleErrors }
      do throws(ScenarioError) {
        try runner.run(filter: arguments["--filter"] ?? "") { report in
          if report.passed { passed += 1 } else { failed += 1 }
          Terminal.out(text(report))
        }
      } catch {
        throw CommandFailure(code: .bug, message: "a test could not be run: \(error)")
      }
    }
    Terminal.out("\n\(passed) passed, \(failed) failed\n")
    if passed + failed == 0 {
      // A filter that finds nothing is a slip that must not look like success in a script.
      guard let filter = arguments["--filter"] else {
        Terminal.note("these rules have no tests\n")
        return .success
      }
      throw CommandFailure(
        code: .usage, message: "no test has `\(filter)` in its title",
        remedy: "without --filter all tests run and show their titles")
    }
    return failed > 0 ? .findings : .success
  }

  private static func text(_ report: ScenarioReport) -> String {
    var text = "\(report.passed ? "ok    " : "FAILED") \(report.title)\n"
    for failure in report.failures {
      text += "       \(failure.place): \(failure.expected)\n         but got \(failure.got)\n"
    }
    return text
  }
}
