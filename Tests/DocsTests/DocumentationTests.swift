import Expressions
import Foundation
import RuleLanguage
import Scenarios
import Testing

@Suite struct `The documentation` {
  private static let compiledPages = [
    "README.md", "docs/language/README.md", "docs/language/tutorial.md",
    "docs/language/cookbook.md", "docs/language/functions.md",
  ]

  /// The blocks marked `rules`, and the file they are to be saved as where the page says so.
  private static let snippets: [MarkdownPage.Fence] = compiledPages.flatMap { page in
    MarkdownPage(page, text: (try? Repository.text(page)) ?? "").fences
      .filter { $0.words.first == "rules" }
  }

  @Test func `has rules to compile`() {
    #expect(Self.snippets.count >= 8)
  }

  @Test(arguments: snippets)
  func `shows rules that compile and tests that pass`(snippet: MarkdownPage.Fence) throws {
    let check = PackageChecker.check("package", from: MemoryRuleFiles(try files(beside: snippet)))
    let renderer = DiagnosticRenderer(sources: check.sources, language: .english, usesColor: false)
    for finding in check.findings where finding.code.severity == .error {
      Issue.record("\(snippet): \(renderer.render(finding))")
    }
    let runner = try #require(ScenarioRunner(check), "\(snippet) does not compile")
    try runner.run { report in
      for failure in report.failures {
        Issue.record("\(snippet): \(report.title): \(failure.expected), but got \(failure.got)")
      }
    }
  }

  /// A snippet that names a file stands among the shipped rules; another one beside their schema,
  /// and beside their policy unless it has its own.
  private func files(beside snippet: MarkdownPage.Fence) throws -> [String: String] {
    var files: [String: String] = [:]
    let rules = try FileManager.default.contentsOfDirectory(atPath: Repository.path("Rules"))
    for name in rules where name.hasSuffix(".rules") {
      files["package/\(name)"] = try Repository.text("Rules/\(name)")
    }
    if snippet.words.count > 1 {
      files["package/\(snippet.words[1].split(separator: "/").last ?? "")"] = snippet.text
      return files
    }
    let schema = try #require(files["package/schema.rules"])
    files = ["package/schema.rules": schema, "package/snippet.rules": snippet.text]
    if !snippet.text.contains("\npolicy ") { files["package/policy.rules"] = Self.policy }
    return files
  }

  private static let policy = """
    import "schema.rules"
    policy reward_grant {
      on referral
      decide block at 80
      decide hold at 50 for 72h
      decide review at 30 queue "fraude-n1"
      otherwise grant
      if_unavailable hold for 24h
    }
    """

  @Test(arguments: Repository.pages)
  func `links to what exists`(page: String) throws {
    let read = MarkdownPage(page, text: try Repository.text(page))
    let folder = page.split(separator: "/").dropLast().joined(separator: "/")
    for (target, line) in read.links where !target.hasPrefix("http") {
      let parts = target.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
      let path = parts[0].isEmpty ? page : folder.isEmpty ? parts[0] : "\(folder)/\(parts[0])"
      #expect(Repository.exists(path), "\(page):\(line) links to \(target), which is not there")
      guard parts.count > 1, path.hasSuffix(".md"), Repository.exists(path) else { continue }
      let anchors = MarkdownPage(path, text: try Repository.text(path)).anchors
      #expect(
        anchors.contains(parts[1]), "\(page):\(line) links to \(target), a heading not there")
    }
  }
}

extension MarkdownPage.Fence: CustomTestStringConvertible {
  var testDescription: String { description }
}
