import Expressions
import RuleLanguage
import Scenarios
import Testing

@Suite struct `Windows in rule files` {
  @Test(arguments: [("windows", 6), ("caps", 4), ("kiosks", 2), ("collected", 4)])
  func `answer as their tests say`(_ name: String, _ tests: Int) throws {
    let file = RepositoryFolder.path + "/Tests/RuleLanguageTests/Golden/shared/\(name).rules"
    let check = PackageChecker.check(file, from: DiskRuleFiles())
    let renderer = DiagnosticRenderer(sources: check.sources)
    #expect(check.findings.filter { $0.code.severity == .error }.map(renderer.render) == [])
    let runner = try #require(ScenarioRunner(check))
    var count = 0
    try runner.run { report in
      count += 1
      #expect(report.passed, "\(report.title): \(report.failures)")
    }
    #expect(count == tests)
  }
}
