import Expressions
import RuleLanguage
import Scenarios
import Testing

@Suite struct `The shipped rules` {
  static let folder = RepositoryFolder.path + "/Rules"

  @Test func `check without a finding`() {
    let check = PackageChecker.check(`The shipped rules`.folder, from: DiskRuleFiles())
    let renderer = DiagnosticRenderer(sources: check.sources)
    #expect(check.findings.map(renderer.render) == [])
    #expect(check.rules?.rules.count == 40)
  }

  @Test func `pass their own tests`() throws {
    let check = PackageChecker.check(`The shipped rules`.folder, from: DiskRuleFiles())
    let runner = try #require(ScenarioRunner(check))
    var count = 0
    try runner.run { report in
      count += 1
      #expect(report.passed, "\(report.title): \(report.failures)")
    }
    #expect(count >= 140)
  }

  @Test func `are complete as a lone file with its imports`() {
    let file = `The shipped rules`.folder + "/pack.rules"
    let check = PackageChecker.check(file, from: DiskRuleFiles())
    #expect(check.findings.isEmpty)
    #expect(check.rules?.rules.count == 40)
  }

  @Test func `tell what was expected and what there was`() throws {
    var texts = try RulesInMemory.texts(`The shipped rules`.folder)
    texts["wrong.rules"] = """
      import "schema.rules"
      import "policies.rules"
      import "referrer_velocity.rules"
      import "device_reuse.rules"

      test "everything here is wrong" {
        at 0m referral{ referral_id: "r1", referrer: "A", referee: "B", device: "D1", reward: 250 }
        expect signal refs_1h == 2
        expect signal accounts_on_device is missing
        expect signal asked_24h > 1000.50
        expect rule referrer_too_fast fires
        expect decision block
        expect score >= 50
        expect reasons ["VELOCITY"]
      }
      """
    let check = PackageChecker.check("wrong.rules", from: MemoryRuleFiles(texts))
    let runner = try #require(ScenarioRunner(check))
    var failures: [ScenarioFailure] = []
    try runner.run(filter: "everything") { failures += $0.failures }
    #expect(failures.map(\.place) == (8...14).map { "wrong.rules:\($0)" })
    #expect(
      failures.map { "\($0.expected) | \($0.got)" } == [
        "signal refs_1h == 2 | 1",
        "signal accounts_on_device is missing | 1",
        "signal asked_24h > 1000.50 | 250.00",
        "rule referrer_too_fast fires | silent",
        "decision block | grant",
        "score >= 50 | 0",
        "reasons [\"VELOCITY\"] | []",
      ])
  }
}
