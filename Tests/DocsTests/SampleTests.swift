import Compiler
import Foundation
import Model
import Program
import Replay
import RuleLanguage
import Testing

@Suite struct `The shipped sample` {
  @Test func `is scored as its page says`() throws {
    let check = PackageChecker.check(Repository.path("Rules"), from: DiskRuleFiles())
    let rules = try #require(check.rules)
    let program = PackageCompiler.compile(rules)
    var options = ScoreOptions()
    for list in program.listFiles {
      options.lists[list.name] = Array(try Data(contentsOf: URL(filePath: list.path)))
    }
    var run = try ScoreRun(
      program: program, output: try ByteFile.temporary(), options: options)
    var rejects: ByteFile?
    let isComplete = try run.score(
      try ByteFile.reading(Repository.path("Examples/events.ndjson")), rejects: &rejects,
      onReject: { Issue.record("line \($0.number): \($0.error.detail)") },
      onProgress: { _, _ in true })
    #expect(isComplete)
    let digest = try run.finish()
    let page = try Repository.text("Examples/README.md")
    for (policy, tallies) in zip(run.summary.catalog.policies, run.summary.outcomes) {
      for (outcome, tally) in zip(policy.outcomes, tallies) where tally.count > 0 {
        let row = "| \(policy.name) | \(outcome) | \(tally.count) |"
        #expect(page.contains(row), "Examples/README.md lacks the row \(row)")
      }
    }
    #expect(page.contains(digest), "Examples/README.md lacks the digest \(digest)")
  }
}
