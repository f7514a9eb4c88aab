import Expressions
import Foundation
import Model
import RuleLanguage
import Testing

@testable import Explanation

/// `SABUESO_REFRESH_GOLDEN=1` writes the golden texts, to be read and committed.
@Suite(.timeLimit(.minutes(20))) struct `An explanation` {
  private static let sample = Result { try SampleHistory.explanation(of: "q-000282") }

  private var sample: DecisionExplanation {
    get throws { try `An explanation`.sample.get() }
  }

  @Test(arguments: Language.allCases)
  func `tells a decision of the sample`(language: Language) throws {
    let text = ExplanationText.text(try sample, in: language)
    let path =
      SampleHistory.root + "/Tests/ExplanationTests/Golden/q-000282.\(language.rawValue).txt"
    if ProcessInfo.processInfo.environment["SABUESO_REFRESH_GOLDEN"] == "1" {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    #expect(text == (try String(contentsOfFile: path, encoding: .utf8)))
  }

  @Test func `says the same as JSON`() throws {
    let sample = try sample
    let text = ExplanationJSON.text(sample, in: .spanish)
    let page = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(page["version"] as? String == "sabueso.explanation/1")
    #expect(page["decision"] as? String == sample.outcome)
    let score = try #require(page["score"] as? [String: Any])
    #expect(score["total"] as? Int == sample.score.total)
    #expect((score["steps"] as? [[String: Any]])?.count == sample.score.steps.count)
    let rules = try #require(page["rules"] as? [[String: Any]])
    #expect(rules.map { $0["name"] as? String } == sample.rules.map(\.name))
    let rule = try #require(
      sample.rules.firstIndex { $0.outcome == "fires" && $0.parts.contains { $0.margin != nil } })
    let place = try #require(sample.rules[rule].parts.firstIndex { $0.margin != nil })
    let part = sample.rules[rule].parts[place]
    let written = try #require(rules[rule]["parts"] as? [[String: Any]])[place]
    #expect(written["source"] as? String == part.source)
    func number(_ any: Any?) -> String? { (any as? NSNumber)?.stringValue }
    #expect(number(written["margin"]) == part.margin?.text(in: .english))
    let left = try #require(written["left"] as? [String: Any])
    #expect(left["source"] as? String == part.left)
    #expect(number(left["value"]) == part.leftValue?.text(in: .english))
    #expect(written["outcome"] as? String == part.truth.text(in: .english))
    let flips = try #require(page["flips"] as? [[String: Any]])
    #expect(flips.compactMap { $0["sentence"] as? String } == sample.flipSentences(in: .spanish))
  }

  @Test(arguments: Language.allCases)
  func `is a page that stands alone and is well-formed`(language: Language) throws {
    let page = ExplanationPage.html(try sample, in: language)
    #expect(WellFormedness.fault(of: page) == nil)
    for outside in ["<script", "<link", "src=", "href=", "@import", "url(http", "javascript:"] {
      #expect(!page.contains(outside), "\(outside)")
    }
    #expect(page.contains("prefers-color-scheme: dark") && page.contains("<svg class=\"graph\""))
    #expect(page.contains("lang=\"\(language.rawValue)\""))
  }

  @Test func `lets no text of an event become markup`() throws {
    let evil = #"<script>alert('x')</script>&\""#
    let lines = (0..<6).map { number in
      Array(
        (#"{"event":"referral","referral_id":"r\#(number)\#(evil)","at":"2026-01-05T1\#(number):00:00Z","#
          + #""referrer":"A\#(evil)","referee":"\#(number)\#(evil)","device":"D\#(evil)","#
          + #""payout":"999","reward":250}"#).utf8)
    }
    let all = try SampleHistory.explanations(of: SampleHistory.check, lines) { _ in .yes }
    let last = try #require(all.last)
    #expect(last.id.contains("<script>") && !last.evidence.isEmpty)
    let page = ExplanationPage.html(last, in: .english)
    #expect(!page.contains("<script") && !page.contains("alert('"))
    #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)"))
    #expect(WellFormedness.fault(of: page) == nil)
    let json = ExplanationJSON.text(last, in: .english)
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    #expect(object?["id"] as? String == last.id)
  }

  @Test func `finds faults of markup`() {
    #expect(WellFormedness.fault(of: "<p><b></p>") != nil)
    #expect(WellFormedness.fault(of: "<p>a & b</p>") != nil)
    #expect(WellFormedness.fault(of: "<p>a</p>") == nil)
    #expect(MarkupText.escaped("a\u{0}\u{1B}b<") == "a\u{FFFD}\u{FFFD}b&lt;")
  }

  @Test func `draws the same graph the same way, nodes apart`() throws {
    let graph = EvidenceGraph(try sample.evidence)
    #expect(graph.nodes.count > 3 && graph.places.count == graph.nodes.count)
    #expect(EvidenceGraph(try sample.evidence).places.map(\.x) == graph.places.map(\.x))
    for (position, place) in graph.places.enumerated() {
      for other in graph.places.dropFirst(position + 1) {
        #expect(abs(place.x - other.x) > 30 || abs(place.y - other.y) > 30)
      }
    }
  }
}

/// Whether every element of a text is closed in its order, and every `&` begins an entity.
private enum WellFormedness {
  static func fault(of text: String) -> String? {
    let entities = text.split(separator: "&", omittingEmptySubsequences: false).dropFirst()
    for entity in entities {
      let name = entity.prefix(8).split(separator: ";", omittingEmptySubsequences: false)
      guard name.count > 1, name[0].allSatisfy({ $0 == "#" || $0.isLetter || $0.isNumber }) else {
        return "& is no entity: \(entity.prefix(20))"
      }
    }
    var open: [Substring] = []
    let parts = text.split(separator: "<", omittingEmptySubsequences: false).dropFirst()
    for part in parts where !part.hasPrefix("!") {
      let name = part.prefix { $0 != " " && $0 != ">" && $0 != "/" || $0 == part.first }
      if name.first == "/" {
        guard open.popLast() == name.dropFirst() else { return "\(name) closes another element" }
      } else if part.split(separator: ">").first?.hasSuffix("/") != true {
        open.append(name)
      }
    }
    return open.isEmpty ? nil : "\(open) stay open"
  }
}
