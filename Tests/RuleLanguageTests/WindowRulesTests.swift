import Expressions
import RuleLanguage
import Scenarios
import Testing

@Suite struct `Windows in rule files` {
  @Test func `answer as their tests say`() throws {
    let file = RepositoryFolder.path + "/Tests/RuleLanguageTests/Golden/shared/windows.rules"
    let check = PackageChecker.check(file, from: DiskRuleFiles())
    let renderer = DiagnosticRenderer(sources: check.sources)
    #expect(check.findings.filter { $0.code.severity == .error }.map(renderer.render) == [])
    let runner = try #require(ScenarioRunner(check))
    var count = 0
    try runner.run { report in
      count += 1
      #expect(report.passed, "\(report.title): \(report.failures)")
    }
    #expect(count == 6)
  }
}
