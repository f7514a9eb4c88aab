import Expressions
import RuleLanguage
import Testing

@Suite struct `A let` {
  static func check(_ rules: String) -> PackageCheck {
    let files = [
      "schema.rules": """
      entity account { account_id: string key  country: string }
      event login { login_id: string id  at: timestamp time  who: account }
      event referral { referral_id: string id  at: timestamp time  referrer: account  reward: int }
      policy p { on referral otherwise grant if_unavailable hold }
      signal refs = count() from referral by referrer over 1h
      """, "main.rules": "import \"schema.rules\"\n" + rules,
    ]
    return PackageChecker.check("main.rules", from: MemoryRuleFiles(files))
  }

  static func codes(_ rules: String) -> [String] {
    check(rules).findings.map(\.code.rawValue).filter { $0.hasPrefix("E") }
  }

  /// l0 = l1 and l1, l1 = l2 and l2, …: typing each mention anew would take 2ⁿ steps.
  static func chain(_ count: Int, isReversed: Bool) -> String {
    let lines = (0..<count).map { position in
      position == count - 1
        ? "let l\(position) = reward > 1"
        : "let l\(position) = l\(position + 1) and l\(position + 1)"
    }
    return (isReversed ? lines.reversed() : lines).joined(separator: "\n")
  }

  @Test func `that asks the graph is a signal`() throws {
    let graph = """
      identifier device: string links account
      event visit { visit_id: string id  at: timestamp time  who: account  device: device? }
      event deal { deal_id: string id  at: timestamp time  buyer: account  seller: account }
      policy q { on deal otherwise grant if_unavailable hold }

      """
    let word = `A let`.check(graph + #"let known = common(buyer, seller, "device")"#)
    #expect(word.rules?.signals.map(\.name).contains("known") == true)
    #expect(`A let`.codes(graph + #"let known = common(buyer, "device")"#) == ["E0405"])
    #expect(`A let`.codes(graph + "let known = common") != [])
  }

  @Test(arguments: [true, false])
  func `is typed once however often it is named`(isReversed: Bool) {
    #expect(`A let`.codes(`A let`.chain(60, isReversed: isReversed)) == [])
  }

  @Test(arguments: [true, false])
  func `does not build on lets without end`(isReversed: Bool) {
    let found = Set(`A let`.codes(`A let`.chain(1_000, isReversed: isReversed)))
    #expect(found == ["E0108"])
  }

  @Test func `that needs itself is told with its path`() {
    let findings = `A let`.check("let a = b and true\nlet b = c\nlet c = a").findings
    #expect(findings.map(\.code) == [.selfDependent])
    #expect(findings.first?.note?.english == "a → b → c → a")
  }

  @Test func `may name signals, and then no signal counts by it`() {
    #expect(`A let`.codes("let fast = refs > 3\nlet slow = not fast") == [])
    #expect(
      `A let`.codes(
        """
        let fast = refs > 3
        let slow = not fast
        let rich = reward > 100
        signal a = count() from referral where slow by referrer over 1h
        signal b = count() from referral where rich by referrer over 1h
        """) == ["E0404"])
  }

  @Test(arguments: [
    ("let a = nope > 1", "E0201"), ("let a = [1, 2]", "E0301"),
    ("let a = 1\nlet a = 2", "E0202"), ("let a = 1\nparam a: int = 2", "E0202"),
    ("let reward = 1", "E0202"),
    ("let a = reward in [1, reward]", "E0310"),
    ("let a = refs(referrer) > refs(login_id)", "E0201"),
  ])
  func `is checked although nothing uses it`(rules: String, code: String) {
    #expect(`A let`.codes(rules) == [code])
  }
}
