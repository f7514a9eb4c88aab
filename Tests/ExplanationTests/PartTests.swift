import Engine
import Expressions
import Foundation
import Model
import RuleLanguage
import Testing

@testable import Explanation

/// Each part of each condition, with what was seen, what it was held against, and how far apart.
@Suite(.timeLimit(.minutes(20))) struct `A condition taken apart` {
  private static let schema = """
    enum kind { app, branch }
    entity account { account_id: string key  staff: bool }
    identifier device: string links account normalize trim max_degree 3
    event referral { referral_id: string id  at: timestamp time  referrer: account
      referee: account  device: device? of referee  form: duration?  channel: kind?
      reward: decimal(2) unit "MXN" }
    policy p { on referral decide hold at 50 otherwise grant if_unavailable hold }
    reason R { analyst en "x" es "x" customer en "x" es "x" }
    param limit: int = 3 min 1 max 9  title en "Accounts a phone may bring" es "Cuentas por teléfono"
    list kiosks: device { source "kiosks.csv"  title en "Kiosks" es "Kioscos" }
    signal brought = count() from referral by device over 30d
      title en "Accounts this phone brought" es "Cuentas que trajo este teléfono"

    """

  private static func explain(
    _ rules: String, _ fields: [String], kiosks: String = "device\n", budget: Int? = nil
  ) throws -> DecisionExplanation {
    let check = PackageChecker.check(
      "main.rules", from: MemoryRuleFiles(["main.rules": schema + rules, "kiosks.csv": kiosks]))
    let lines = fields.enumerated().map { number, fields in
      Array(
        (#"{"event":"referral","referral_id":"r\#(number)","at":"2026-01-05T10:00:00Z","#
          + #""reward":250,\#(fields)}"#).utf8)
    }
    var options = EngineOptions()
    if let budget { options.graphBudget = budget }
    return try #require(
      try SampleHistory.explanations(of: check, lines, options: options, kiosks: kiosks) { _ in
        .yes
      }.last)
  }

  private static func rule(_ when: String, _ more: String = "") -> String {
    "rule a { on referral when \(when) score 60 reason R status live owner \"x\" \(more) }\n"
  }

  /// `source | left = value | right = value | margin | outcome`, a line for each part.
  private static func lines(_ explanation: DecisionExplanation, rule: Int = 0) -> [String] {
    explanation.rules[rule].parts.map { part in
      func text(_ value: ExplainedValue?) -> String { value?.text(in: .english) ?? "–" }
      return [
        part.source, "\(part.left ?? "–") = \(text(part.leftValue))",
        "\(part.right ?? "–") = \(text(part.rightValue))", text(part.margin), text(part.truth),
      ].joined(separator: " | ")
    }
  }

  @Test func `shows value, threshold and margin of every kind`() throws {
    let found = try `A condition taken apart`.explain(
      `A condition taken apart`.rule(
        "brought > limit and reward < 300.00 and form >= 10s and channel == app and 2 <= brought"),
      [#""referrer":"A","referee":"B","device":"D","form":"9.5s","channel":"branch""#])
    #expect(
      `A condition taken apart`.lines(found) == [
        "brought > limit | brought = 1 | limit = 3 | 3 | false",
        "reward < 300.00 | reward = 250.00 MXN | 300.00 = 300.00 MXN | 50.00 MXN | true",
        "form >= 10s | form = 9500ms | 10s = 10s | 500ms | false",
        "channel == app | channel = branch | app = app | – | false",
        "2 <= brought | brought = 1 | 2 = 2 | 1 | false",
      ])
    let titles = found.rules[0].parts[0]
    #expect(titles.leftTitle?.english == "Accounts this phone brought")
    #expect(titles.rightTitle?.spanish == "Cuentas por teléfono")
  }

  @Test func `says what is missing, and what an error is`() throws {
    let found = try `A condition taken apart`.explain(
      `A condition taken apart`.rule("brought > limit or 10 / (brought(device) - 1) > 2")
        + "rule b { on referral when 10 / (brought - 1) > 2 score 1 reason R status live owner \"x\" "
        + "}\n",
      [#""referrer":"A","referee":"B""#, #""referrer":"A","referee":"B","device":"D""#])
    #expect(found.rules[1].outcome == "error")
    #expect(`A condition taken apart`.lines(found, rule: 1)[0].hasSuffix("| – | error"))
    let missing = try `A condition taken apart`.explain(
      `A condition taken apart`.rule("brought > limit"), [#""referrer":"A","referee":"B""#])
    #expect(missing.rules[0].outcome == "unknown" && missing.outcome == "grant")
    #expect(
      `A condition taken apart`.lines(missing) == [
        "brought > limit | brought = missing | limit = 3 | – | missing"
      ])
    let page = ExplanationPage.html(missing, in: .spanish)
    #expect(page.contains("faltan datos") && page.contains("sin dato"))
    #expect(ExplanationText.text(missing, in: .english).contains("data is missing"))
  }

  @Test func `tells the exemption, and the list from a file as it is`() throws {
    let rules = `A condition taken apart`.rule(
      "device not in kiosks and brought >= 1", "exempt when referrer.staff")
    let fields = [#""referrer":{"account_id":"A","staff":true},"referee":"B","device":" K1 ""#]
    let outside = try `A condition taken apart`.explain(rules, fields)
    #expect(
      `A condition taken apart`.lines(outside) == [
        "device not in kiosks | device = K1 | kiosks = – | – | true",
        "brought >= 1 | brought = 1 | 1 = 1 | 1 | true",
        "referrer.staff | referrer.staff = true | – = – | – | true",
      ])
    #expect(outside.rules[0].parts.map(\.exempts) == [false, false, true])
    #expect(outside.rules[0].parts[0].rightTitle?.english == "Kiosks")
    #expect(outside.rules[0].outcome == "silent")
    let inside = try `A condition taken apart`.explain(rules, fields, kiosks: "device\nK1\n")
    #expect(`A condition taken apart`.lines(inside)[0].hasSuffix("| false"))
  }

  @Test func `names a hub, and a search that ended early`() throws {
    let graph = """
      link same = account -- account via [device] over 30d
      signal size = component_size(same, of: referee)
      signal crowd = is_hub(device)

      """
    let people = (0..<5).map { #""referrer":"A","referee":"N\#($0)","device":"D""# }
    let hub = try `A condition taken apart`.explain(
      graph + `A condition taken apart`.rule("crowd and size >= 1"), people)
    #expect(hub.evidence.flatMap(\.ties).contains(.hub(identifier: "device", value: "D")))
    #expect(ExplanationText.text(hub, in: .english).contains("device D that it joins nobody"))
    #expect(ExplanationPage.html(hub, in: .spanish).contains("class=\"value hub\""))
    let chain = ["A", "B", "C", "D", "E", "A"]
    let early = try `A condition taken apart`.explain(
      """
      link invited = account -> account over 365d from referral
      signal size = cycle_length(invited, of: referrer, max_hops: 6)

      """ + `A condition taken apart`.rule("size >= 1"),
      zip(chain, chain.dropFirst()).map { #""referrer":"\#($0)","referee":"\#($1)""# }, budget: 2)
    let size = try #require(early.signals.first { $0.name == "size" })
    guard case .number(_, isBound: true, _) = size.value else {
      Issue.record("the budget did not end the search: \(size.value)")
      return
    }
    #expect(size.value.text(in: .spanish).hasPrefix("≥ "))
    #expect(ExplanationText.text(early, in: .english).contains("≥ "))
  }

  @Test func `says when there is more evidence than it shows`() throws {
    // Each shares a phone with the next: N0 and N1, N1 and N2, …
    let neighbours = (0..<80).map { number in
      #""referrer":"A","referee":"N\#((number + 1) / 2)","device":"D\#(number / 2)""#
    }
    let found = try `A condition taken apart`.explain(
      """
      link same = account -- account via [device] over 30d
      signal size = component_size(same, of: referee)

      """ + `A condition taken apart`.rule("size > 30"), neighbours)
    #expect(found.outcome == "hold")
    #expect(found.evidence.count == 1 && !found.evidence[0].isComplete)
    #expect(found.evidence[0].ties.count <= Limits.evidenceAccounts)
    #expect(ExplanationPage.html(found, in: .english).contains("… and more"))
    #expect(ExplanationText.text(found, in: .spanish).contains("… y más"))
  }
}
