import Expressions
import Foundation
import RuleLanguage
import Testing

/// A slip as people make it, in the shipped rules.
struct SeededMistake: CustomTestStringConvertible, Sendable {
  var says: String
  /// What is looked for in the shipped files, in their order; the first place is changed.
  var old: String
  /// What takes its place.
  var new: String
  /// The code of the first message.
  var code: String
  /// Lines below that of the changed place at which the message stands.
  var linesBelow = 0
  /// Whether the change a message offers gives the very text back.
  var isRestored = true

  var testDescription: String { says }
}

@Suite struct `A mistake in the shipped rules` {
  static let all: [SeededMistake] = [
    SeededMistake(
      says: "a letter missing in a signal", old: "when   accounts_on_device",
      new: "when   acounts_on_device", code: "E0201"),
    SeededMistake(
      says: "two letters swapped in an event", old: "from referral by", new: "from referrla by",
      code: "E0205"),
    SeededMistake(
      says: "a misspelt aggregate", old: "distinct(referee)", new: "distinc(referee)",
      code: "E0205"),
    SeededMistake(
      says: "a misspelt attribute", old: "referrer.is_employee\n", new: "referrer.is_employe\n",
      code: "E0209"),
    SeededMistake(
      says: "a misspelt reason", old: "reason DEVICE_REUSE\n", new: "reason DEVICE_REUSSE\n",
      code: "E0205"),
    SeededMistake(
      says: "a misspelt clause", old: "  status live\n", new: "  statsu live\n", code: "E0109"),
    SeededMistake(
      says: "a misspelt status", old: "  status live\n", new: "  status lvie\n", code: "E0101"),
    SeededMistake(
      says: "a misspelt block", old: "\nsignal ", new: "\nsingal ", code: "E0101", linesBelow: 1),
    SeededMistake(
      says: "a misspelt outcome", old: "otherwise grant", new: "otherwise grnat", code: "E0205"),
    SeededMistake(
      says: "a misspelt way to combine", old: "combine   sum", new: "combine   smu",
      code: "E0205"),
    SeededMistake(
      says: "a misspelt expectation", old: "expect rule device_shared_by_many fires",
      new: "expect rule device_shared_by_many fire", code: "E0101"),
    SeededMistake(
      says: "a misspelt field in a test", old: "referee: \"N\"", new: "refree: \"N\"",
      code: "E0209"),
    SeededMistake(
      says: "a misspelt import", old: "import \"schema.rules\"", new: "import \"shema.rules\"",
      code: "E0203"),
    SeededMistake(
      says: "quotes of a word processor", old: "owner  \"fraude-mx\"",
      new: "owner  “fraude-mx”", code: "E0104"),
    SeededMistake(
      says: "an owner without quotes", old: "owner  \"crecimiento\"", new: "owner  crecimiento",
      code: "E0101"),
    SeededMistake(
      says: "a text that is not closed", old: "owner  \"fraude-mx\"\n",
      new: "owner  \"fraude-mx\n", code: "E0102"),
    SeededMistake(
      says: "one equals sign", old: "when   ring_length >= 1", new: "when   ring_length = 1",
      code: "E0105", isRestored: false),
    SeededMistake(
      says: "a sign of mathematics", old: "when   ring_length >= 1",
      new: "when   ring_length ≥ 1", code: "E0106"),
    SeededMistake(
      says: "a number in quotes", old: "when   ring_length >= 1",
      new: "when   ring_length >= \"1\"", code: "E0301"),
    SeededMistake(
      says: "`when` forgotten", old: "exempt when referrer", new: "exempt referrer",
      code: "E0101"),
    SeededMistake(
      says: "a block that is not closed", old: "  tags   [\"device\", \"reuse\"]\n}\n",
      new: "  tags   [\"device\", \"reuse\"]\n", code: "E0103", linesBelow: -9, isRestored: true),
    SeededMistake(
      says: "a condition said twice", old: "when   ring_length >= 1",
      new: "when   ring_length >= 1 and ring_length >= 1", code: "W0505"),
    SeededMistake(
      says: "a condition that another implies", old: "when   ring_length >= 1",
      new: "when   ring_length >= 1 and ring_length >= 0", code: "W0501", isRestored: false),
    SeededMistake(
      says: "an entry twice in a list", old: "\"734\", \"738\"",
      new: "\"734\", \"738\", \"002\"", code: "W0707"),
    SeededMistake(
      says: "an import left out", old: "import \"schema.rules\"\n\n", new: "\n", code: "E0205",
      linesBelow: 18),
  ]

  @Test func `is one of at least twenty`() {
    #expect(`A mistake in the shipped rules`.all.count >= 20)
  }

  @Test(arguments: `A mistake in the shipped rules`.all)
  func `is told first, at its line, with a change that compiles`(mistake: SeededMistake) throws {
    var texts = try RulesInMemory.texts(RepositoryFolder.path + "/Rules")
    let file = try #require(texts.keys.sorted().first { texts[$0]?.contains(mistake.old) == true })
    let text = try #require(texts[file])
    let place = try #require(text.firstRange(of: mistake.old))
    let line = text[..<place.lowerBound].count { $0 == "\n" } + 1
    texts[file] = text.replacingCharacters(in: place, with: mistake.new)
    texts.merge(try RulesInMemory.lists(RepositoryFolder.path + "/Rules")) { $1 }
    let files = Dictionary(uniqueKeysWithValues: texts.map { ("package/" + $0, $1) })

    let check = PackageChecker.check("package", from: MemoryRuleFiles(files))
    let found = try #require(
      check.findings.first { $0.code.rawValue.hasPrefix(mistake.code.prefix(1)) })
    #expect(check.findings.first == found)
    #expect(found.code.rawValue == mistake.code)
    let source = check.sources.files[found.primary.span.file]
    #expect(source.path == "package/" + file)
    #expect(source.position(of: found.primary.span.start).line == line + mistake.linesBelow)

    guard found.edit != nil else {
      #expect(!mistake.isRestored, "no change is offered")
      return
    }
    let repair = PackageRepair.repair("package", from: MemoryRuleFiles(files))
    #expect(!repair.check.hasErrors)
    if mistake.isRestored {
      #expect(repair.texts["package/" + file].map { String(decoding: $0, as: UTF8.self) } == text)
    }
  }
}
