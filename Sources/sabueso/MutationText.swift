import Expressions
import RuleLanguage
import Scenarios

/// `sabueso test --mutate`: changes no test notices.
enum MutationText {
  /// Tries every change and prints those that survive; whether enough were noticed.
  static func run(
    _ check: PackageCheck, _ arguments: Arguments, _ language: Language
  ) throws(CommandFailure) -> Bool {
    let least = try arguments.int("--least", default: 1, most: 100)
    guard let run = MutationRun(check) else { return false }
    Interruption.watch()
    var noticed = 0
    var survived = 0
    do throws(ScenarioError) {
      try run.run(isStopped: { Interruption.isAsked }) { report in
        if report.noticedBy != nil {
          noticed += 1
        } else {
          survived += 1
          Terminal.out(line(report, check, language))
        }
      }
    } catch {
      throw CommandFailure(code: .bug, message: "a test could not be run: \(error)")
    }
    let total = noticed + survived
    let share = CoverageText.share((noticed, total))
    Terminal.out(
      language == .english
        ? "\n\(total) changes, \(noticed) noticed (\(share)), \(survived) not\n"
        : "\n\(total) cambios, \(noticed) notados (\(share)), \(survived) no\n")
    if Interruption.isAsked { throw CommandFailure(code: .interrupted, message: "ended early") }
    return !arguments.has("--least") || noticed * 100 >= least * total
  }

  private static func line(
    _ report: MutationReport, _ check: PackageCheck, _ language: Language
  ) -> String {
    let source = check.sources.files[report.span.file]
    let (line, column) = source.position(of: report.span.start)
    let text = check.sources.text(report.span).split(separator: "\n")
      .map { $0.trimmingPrefix { $0 == " " } }.joined(separator: " ")
    let words = language == .english ? "no test notices" : "ninguna prueba nota"
    return """
      \(source.path):\(line):\(column): \(report.name)
        \(text)
        \(words): \(report.replacement)

      """
  }
}
