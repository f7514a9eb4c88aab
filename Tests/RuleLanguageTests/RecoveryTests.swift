import Expressions
import Foundation
import RuleLanguage
import Testing

/// Whatever stands in a file, checking it ends, and ends the same way twice.
@Suite struct `A damaged file` {
  /// Checking the shipped rules takes a tenth of a second when built for debugging; a longer run
  /// is one variable away.
  static let rounds =
    ProcessInfo.processInfo.environment["SABUESO_ROUNDS"].flatMap(Int.init) ?? 300
  static let seed =
    ProcessInfo.processInfo.environment["SABUESO_SEED"].flatMap(UInt64.init) ?? 0x5AB0_E50

  private static let pieces: [String] = [
    "{", "}", "(", ")", "[", "]", "\"", "'", "=", "==", "?", ":", "->", "--", ",", ".", "“", "”",
    "//",
    "r\"", "\"\"\"", "rule", "signal", "test \"x\" {", "not ", "is missing", "0x", "9".repeated(30),
    "5h", "\u{0}",
    "é", "\n", "expect", "policy p {", "let a = a", "import \"schema.rules\" as m", "m.", "\\",
    "{device}", "-",
  ]

  @Test func `tells a mistake once, not where what has it is asked for`() throws {
    let text = """
      entity account { account_id: string key }
      event referral { referral_id: string id  at: timestamp time  referrer: account
        referee: account }
      signal asked = count() from referrla by referrer over 1d
      let both = default(asked(referee), 0) + default(asked(referrer), 0)
      reason R { analyst en "{both}" es "{both}" customer en "x" es "x" }
      rule a { on referral when both > 1 score 60 reason R status live owner "x" }
      policy p { on referral decide hold at 50 otherwise grant if_unavailable hold }
      test "a" { at 0m referral{ referrer: "A", referee: "B" } expect rule a fires }
      """
    let check = PackageChecker.check("a.rules", from: MemoryRuleFiles(["a.rules": text]))
    #expect(check.findings.map(\.code.rawValue) == ["E0205"])
  }

  @Test func `is checked to the end and alike every time`() throws {
    let shipped = try RulesInMemory.texts(`The shipped rules`.folder)
    let names = shipped.keys.sorted()
    var random = SplitMix64(seed: `A damaged file`.seed)
    var withFindings = 0
    for round in 0..<`A damaged file`.rounds {
      let name = names[random.below(names.count)]
      let damaged = damaged(Array((shipped[name] ?? "").utf8), &random)
      var files = shipped
      files[name] = String(decoding: damaged, as: UTF8.self)
      let first = PackageChecker.check(name, from: MemoryRuleFiles(files))
      if !first.findings.isEmpty { withFindings += 1 }
      #expect(
        (first.rules == nil) == first.hasErrors, "seed \(`A damaged file`.seed), round \(round)")
      for language in Language.allCases where round % 10 == 0 {
        let renderer = DiagnosticRenderer(sources: first.sources, language: language)
        let again = PackageChecker.check(name, from: MemoryRuleFiles(files))
        #expect(
          again.findings.map(renderer.render) == first.findings.map(renderer.render),
          "seed \(`A damaged file`.seed), round \(round)")
      }
    }
    #expect(withFindings > `A damaged file`.rounds / 2)
  }

  @Test func `is mended once, after which nothing is left to mend`() throws {
    let shipped = try RulesInMemory.texts(`The shipped rules`.folder)
    let names = shipped.keys.sorted()
    var random = SplitMix64(seed: `A damaged file`.seed)
    var mended = 0
    for round in 0..<`A damaged file`.rounds / 20 {
      let name = names[random.below(names.count)]
      let damaged = damaged(Array((shipped[name] ?? "").utf8), &random)
      var files = shipped.mapValues { Array($0.utf8) }
      files[name] = damaged
      let first = PackageRepair.repair(name, from: MemoryRuleFiles(bytes: files))
      if first.count > 0 { mended += 1 }
      files.merge(first.texts) { $1 }
      let second = PackageRepair.repair(name, from: MemoryRuleFiles(bytes: files))
      #expect(
        second.count == 0 && second.texts.isEmpty, "seed \(`A damaged file`.seed), round \(round)")
    }
    #expect(mended > 0)
  }

  private func damaged(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.below(3) where !bytes.isEmpty {
      let start = random.below(bytes.count)
      let end = min(bytes.count, start + random.below(20))
      switch random.below(5) {
      case 0: bytes.removeSubrange(start...)
      case 1: bytes.removeSubrange(start..<end)
      case 2: bytes.insert(contentsOf: bytes[start..<end], at: random.below(bytes.count))
      case 3: bytes[start] = UInt8(random.below(128))
      default:
        let piece = `A damaged file`.pieces[random.below(`A damaged file`.pieces.count)]
        bytes.replaceSubrange(start..<min(end, start + random.below(4)), with: piece.utf8)
      }
    }
    return bytes
  }
}

extension String {
  fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
