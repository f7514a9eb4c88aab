import Foundation
import Testing

/// What an analyst does all day: check, lay out, test, compare.
@Suite(.timeLimit(.minutes(20))) struct `The workbench` {
  private static let broken = ("when   accounts_on_device >", "when   acounts_on_device >")

  private static func brokenRules(_ folder: TemporaryFolder) throws -> String {
    try folder.rules("device_reuse.rules", broken.0, broken.1)
  }

  @Test func `mends what can be mended, and then there is nothing to do`() throws {
    let folder = try TemporaryFolder()
    let rules = try `The workbench`.brokenRules(folder)
    let first = try sabueso("check", "--fix", rules)
    #expect(
      first.code == 0 && first.notes.contains("changed \(rules)/device_reuse.rules\n1 change"))
    let text = try folder.read("rules/device_reuse.rules")
    #expect(
      text == (try String(contentsOfFile: Shipped.rules + "/device_reuse.rules", encoding: .utf8)))
    let second = try sabueso("check", "--fix", rules)
    #expect(second.code == 0 && second.notes.isEmpty)
  }

  @Test func `tells findings to programs`() throws {
    let folder = try TemporaryFolder()
    let rules = try `The workbench`.brokenRules(folder)
    let json = try sabueso("check", "--format", "json", rules)
    #expect(
      json.code == 3 && json.output.hasPrefix(#"{"version":"sabueso.findings/1","findings":["#))
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let finding = try #require((document["findings"] as? [[String: Any]])?.first)
    #expect(finding["code"] as? String == "E0201")
    let edit = try #require(finding["edit"] as? [String: Any])
    #expect(edit["replacement"] as? String == "accounts_on_device")

    let sarif = try sabueso("check", "--format", "sarif", rules)
    let log = try #require(
      try JSONSerialization.jsonObject(with: Data(sarif.output.utf8)) as? [String: Any])
    #expect(log["version"] as? String == "2.1.0")
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    let result = try #require((run["results"] as? [[String: Any]])?.first)
    #expect(result["ruleId"] as? String == "E0201" && result["level"] as? String == "error")
    #expect((result["fixes"] as? [Any])?.count == 1)
    let driver = (run["tool"] as? [String: Any])?["driver"] as? [String: Any]
    let rule = try #require((driver?["rules"] as? [[String: Any]])?.first)
    #expect((rule["help"] as? [String: String])?["text"]?.contains("Right:") == true)
    #expect((rule["defaultConfiguration"] as? [String: String])?["level"] == "error")

    let github = try sabueso("check", "--format", "github", rules)
    #expect(github.output.hasPrefix("::error file=\(rules)/device_reuse.rules,line="))
    #expect(try sabueso("check", "--format", "xml", rules).code == 64)
  }

  @Test func `lays files out once`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a.rules", "param   a:int=1   min 0\n\n\n\nparam b: int = 2")
    let check = try sabueso("fmt", "--check", folder.path)
    #expect(check.code == 1 && check.output == "\(file)\n")
    let diff = try sabueso("fmt", "--diff", file)
    #expect(diff.code == 1)
    #expect(
      diff.output == """
        --- \(file)
        +++ \(file)
        @@ -1,5 +1,3 @@
        -param   a:int=1   min 0
        -
        -
        +param a: int = 1 min 0
         
         param b: int = 2

        """)
    let written = try sabueso("fmt", folder.path)
    #expect(written.code == 0 && written.output == "\(file)\n")
    #expect(try folder.read("a.rules") == "param a: int = 1 min 0\n\nparam b: int = 2\n")
    #expect(try sabueso("fmt", folder.path).output.isEmpty)
    #expect(try sabueso("fmt", "--check", folder.path).code == 0)
  }

  @Test func `lays out what an editor sends, and nothing with a mistake`() throws {
    let fine = try shell("printf 'let  a=1' | $SABUESO fmt --stdin")
    #expect(fine.code == 0 && fine.output == "let a = 1\n")
    let wrong = try shell("printf 'let  a=(1' | $SABUESO fmt --stdin")
    #expect(wrong.code == 3 && wrong.output.isEmpty && wrong.notes.contains("error[E0103]"))
    #expect(try sabueso("fmt", "--stdin", "x").code == 64)
  }

  @Test func `shows why a test fails, as text and as JUnit`() throws {
    let folder = try TemporaryFolder()
    let stricter = try folder.rules("device_reuse.rules", "int = 3 min", "int = 4 min")
    let text = try sabueso("test", stricter)
    #expect(text.code == 1)
    #expect(text.output.contains("(accounts_on_device = 4, max_accounts_per_device = 4)"))
    let junit = try sabueso("test", "--format", "junit", stricter)
    #expect(junit.code == 1)
    let document = try XMLDocumentText(junit.output)
    #expect(document.count(of: "testcase") > 10 && document.count(of: "failure") >= 1)
    // At most one a test, with the place an editor opens.
    #expect(junit.output.contains("file=\"\(stricter)/device_reuse.rules\" line=\""))
    for test in junit.output.components(separatedBy: "<testcase ").dropFirst() {
      #expect(test.ranges(of: "<failure ").count <= 1)
    }
    // Coverage beside it goes to people, not into the document.
    let both = try sabueso("test", "--format", "junit", "--coverage", stricter)
    #expect(both.output.hasSuffix("</testsuites>\n") && both.notes.contains("conditions seen"))
  }

  @Test func `shows what tests cover and what they overlook`() throws {
    let folder = try TemporaryFolder()
    let page = folder.path + "/coverage.html"
    let covered = try sabueso("test", "--coverage", "--coverage-html", page, Shipped.rules)
    #expect(covered.code == 0 && covered.output.contains("outcomes of conditions seen: "))
    let html = try folder.read("coverage.html")
    #expect(html.contains("<mark class=\"all\""))
    // Each gap leads to its place, and every place is there.
    let links = html.components(separatedBy: "href=\"#").dropFirst().compactMap {
      $0.split(separator: "\"").first
    }
    #expect(!links.isEmpty && links.allSatisfy { html.contains("id=\"\($0)\"") })
    let spanish = try sabueso("test", "--lang", "es", "--coverage-html", page, Shipped.rules)
    #expect(spanish.code == 0)
    #expect(try folder.read("coverage.html").contains("Lo que ninguna prueba muestra"))
    // All the shipped rules, hundreds of changes, are for a release build.
    let few = folder.path + "/few"
    try FileManager.default.createDirectory(atPath: few, withIntermediateDirectories: false)
    for name in ["schema.rules", "networks.rules"] {
      try FileManager.default.copyItem(
        atPath: "\(Shipped.rules)/\(name)", toPath: "\(few)/\(name)")
    }
    _ = try folder.write(
      "few/policy.rules",
      """
      import "schema.rules"
      policy enrolment { on referral decide review at 30 otherwise grant if_unavailable review }
      """)
    let mutated = try sabueso("test", "--mutate", "--least", "50", few)
    #expect(mutated.code == 0 && mutated.output.contains(" changes, "))
    #expect(try sabueso("test", "--mutate", "--least", "101", Shipped.rules).code == 64)
  }

  @Test func `compares packages by meaning`() throws {
    let folder = try TemporaryFolder()
    let changed = try folder.rules("device_reuse.rules", "over 30d", "over 60d")
    let plan = try sabueso("plan", "--exit-code", Shipped.rules, changed)
    #expect(plan.code == 2 && plan.output.contains("~ signal accounts_on_device\n    window"))
    #expect(plan.output.contains("to be filled from the log"))
    let same = try sabueso("plan", "--exit-code", Shipped.rules, Shipped.rules)
    #expect(same.code == 0 && same.output == "no difference\n")
    #expect(try sabueso("plan", Shipped.rules).code == 64)
  }
}

/// Counts elements of well-formed XML.
private struct XMLDocumentText {
  private let text: String

  init(_ text: String) throws {
    try #require(text.hasPrefix("<?xml"))
    self.text = text
  }

  func count(of element: String) -> Int { text.ranges(of: "<\(element) ").count }
}
