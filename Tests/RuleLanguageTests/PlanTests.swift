import Expressions
import RuleLanguage
import Testing

@Suite struct `A plan` {
  private static let shared = RepositoryFolder.path + "/Tests/RuleLanguageTests/Golden"

  private static let old = """
    import "shared/base.rules"
    param limit: int = 5 min 2 max 50
    signal refs_7d = count() from referral where reward > 100 by referrer over 7d
    let busy = refs_7d > limit
    rule too_fast version 1 {
      title  en "Fast" es "Rápido"
      on     referral
      when   busy and device not in kiosks
      score  50
      reason VELOCITY
      status shadow
      owner  "growth"
    }

    """

  private static func plan(_ from: String, _ to: String) throws -> PackagePlan {
    try #require(old.contains(from))
    var files = try RulesInMemory.texts(shared)
    files["old.rules"] = old
    files["new.rules"] = old.replacing(from, with: to)
    let store = MemoryRuleFiles(files)
    let maps = ["old.rules", "new.rules"].map { path in
      let check = PackageChecker.check(path, from: store)
      #expect(!check.hasErrors, "\(check.findings.map(\.title.english))")
      return check.sources
    }
    return PackagePlan.compare(old: maps[0], new: maps[1])
  }

  @Test(arguments: [
    ("limit: int = 5", "limit: int = 6", PlanKind.threshold, "=", false),
    ("min 2", "min 3", .threshold, "min", false),
    ("over 7d", "over 14d", .window, "over", true),
    ("over 7d", "over 1d", .window, "over", false),
    ("where reward > 100", "where reward > 200", .state, "where", true),
    ("by referrer", "by referee", .state, "by", true),
    ("refs_7d > limit", "refs_7d >= limit", .logic, "=", false),
    ("score  50", "score  60", .threshold, "score", false),
    ("score  50", "score  50 + limit", .logic, "score", false),
    ("and device not in kiosks", "or device in kiosks", .logic, "when", false),
    ("status shadow", "status off", .status, "status", false),
    ("en \"Fast\"", "en \"Too fast\"", .text, "title", false),
    ("version 1", "version 2", .text, "version", false),
    ("owner  \"growth\"", "owner  \"growth\"\n  missing skips", .logic, "missing", false),
  ])
  func `says what a change is about`(
    from: String, to: String, kind: PlanKind, clause: String, needsBackfill: Bool
  ) throws {
    let changes = try `A plan`.plan(from, to).changes
    #expect(changes.map(\.kind) == [kind])
    #expect(changes.map(\.clause) == [clause])
    #expect(changes.map(\.needsBackfill) == [needsBackfill])
    let rules = changes.flatMap(\.rules)
    #expect(rules == (changes.first?.block == "rule" ? [] : ["too_fast"]))
  }

  @Test func `sees no difference in layout, comments and tests`() throws {
    let tested = """
      param   limit:int=5 min 2 max 50 // a remark
      test "one" {
        at 0m referral{ referrer: "R", referee: "N", reward: 250 }
        expect rule too_fast unknown
      }
      """
    let plan = try `A plan`.plan("param limit: int = 5 min 2 max 50", tested)
    #expect(plan.changes.isEmpty && plan.unsaidRenames.isEmpty)
  }

  @Test func `follows a rule that says its former name, and misses the word where it does not`()
    throws
  {
    let said = try `A plan`.plan("rule too_fast version 1 {", "rule hasty {\n  formerly too_fast")
    #expect(said.changes.map(\.step) == [.renamed(from: "too_fast"), .changed])
    #expect(said.unsaidRenames.isEmpty)
    let unsaid = try `A plan`.plan("rule too_fast", "rule hasty")
    #expect(unsaid.changes.map(\.step) == [.added, .removed])
    #expect(unsaid.unsaidRenames.map(\.old) == ["too_fast"])
    #expect(unsaid.unsaidRenames.map(\.new) == ["hasty"])
  }

  @Test func `names signals that must be filled`() throws {
    let plan = try `A plan`.plan(
      "let busy", "signal refs_2d = count() from referral by referrer over 2d\nlet busy")
    #expect(plan.backfill.map(\.name) == ["refs_2d"])
  }
}
