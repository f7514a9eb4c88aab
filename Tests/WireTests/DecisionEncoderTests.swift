import Foundation
import Model
import Testing
import Wire

@Suite struct `A decision encoder` {
  func encode(_ decision: Decision, explain: Bool = false) throws -> String {
    var output: [UInt8] = []
    DecisionEncoder(Fixture.catalog).encode(
      decision, event: try Fixture.event(), explain: explain, into: &output)
    return String(decoding: output, as: UTF8.self)
  }

  @Test func `writes every member in its order`() throws {
    let expected =
      #"{"sequence":7,"event":"referral","id":"r\"1","at":"2026-01-01T10:00:00Z","#
      + #""policy":"reward_grant","decision":"hold","score":55,"#
      + #""hold_until":"2026-01-04T10:00:00Z","queue":"fraude \"1\"","#
      + #""reasons":["TRIED","DEVICE_REUSE"],"rules":["#
      + #"{"name":"device_shared","version":3,"outcome":"fires","status":"live","score":15,"#
      + #""reason":"DEVICE_REUSE","analyst":{"en":"Device \"D1\"\n","es":"Teléfono D1"},"#
      + #""customer":{"en":"We could not verify it."}},"#
      + #"{"name":"new_rule","version":1,"outcome":"fires","status":"shadow","score":90,"#
      + #""reason":"NEW"},"#
      + #"{"name":"tried","version":2,"outcome":"fires","status":"canary","counted":true,"#
      + #""score":40,"reason":"TRIED"},"#
      + #"{"name":"again","version":1,"outcome":"unknown","status":"live","score":0,"#
      + #""reason":"DEVICE_REUSE"}],"#
    let hash = String(repeating: "ab", count: 32)
    let ending = "\"package\":\"\(hash)\",\"engine\":\"\(EngineVersion.current)\"}"
    #expect(try encode(Fixture.decision()) == expected + ending)
    let signals =
      #""signals":{"count":{"value":5,"truncated":true},"total":-0.05,"#
      + #""first_at":"1970-01-01T00:00:01.500Z","since":"90s","country":"M\u001fX\\","#
      + #""channel":"branch","share":0.1,"is_hub":true,"big":18446744073709551615,"#
      + #""token":"TWFuPw=="},"#
    #expect(try encode(Fixture.decision(), explain: true) == expected + signals + ending)
  }

  @Test(arguments: [
    (##""r\u00e9 1""##, "ré 1"), (##""r\"1""##, #"r\"1"#), (##""r\\1""##, #"r\\1"#),
    (##""r\n1""##, #"r\n1"#), (##""r\u00311""##, "r11"), (#""ré 1""#, "ré 1"), (#""r/1""#, "r/1"),
  ])
  func `writes an id as it was sent, but for needless escapes`(
    sent: String, written: String
  ) throws {
    for more in ["", #""note":"a\tb""#] {
      var line = Fixture.referral("referral_id", sent)
      if !more.isEmpty { line = line.dropLast() + "," + more + "}" }
      let event = try Fixture.decode(line)
      var output: [UInt8] = []
      DecisionEncoder(Fixture.catalog).encode(
        Fixture.decision(), event: event, explain: false, into: &output)
      let answer = String(decoding: output, as: UTF8.self)
      #expect(answer.hasPrefix(#"{"sequence":7,"event":"referral","id":"\#(written)","at":"#))
      var digest: [UInt8] = []
      DigestLine(Fixture.catalog).append(Fixture.decision(), event: event, to: &digest)
      #expect(
        String(decoding: digest, as: UTF8.self).hasPrefix(#"["referral","\#(written)",["#))
    }
  }

  @Test(arguments: [
    (#""2026-01-31T23:59:59Z""#, "2026-01-31T23:59:59Z"),
    (#""2026-01-31t23:59:59Z""#, "2026-01-31T23:59:59Z"),
    (#""2026-01-31T23:59:59z""#, "2026-01-31T23:59:59Z"),
    (#""2026-01-31T23:59:59.000Z""#, "2026-01-31T23:59:59Z"),
    (#""2026-01-31T23:59:59.25Z""#, "2026-01-31T23:59:59.250Z"),
    (#""2026-01-31T23:59:59+01:00""#, "2026-01-31T22:59:59Z"),
    (##""2026-01-31T23:59:59\u005a""##, "2026-01-31T23:59:59Z"),
    ("1767261600000000", "2026-01-01T10:00:00Z"),
  ])
  func `writes the time of the event in one way`(sent: String, written: String) throws {
    let event = try Fixture.decode(Fixture.referral("at", sent))
    var decision = Fixture.decision()
    decision.time = event.time
    for time in [event.time, Timestamp(microseconds: event.time.microseconds + 1_000_000)] {
      decision.time = time
      var output: [UInt8] = []
      DecisionEncoder(Fixture.catalog).encode(
        decision, event: event, explain: false, into: &output)
      let isSame = String(decoding: output, as: UTF8.self).contains(",\"at\":\"\(written)\",")
      #expect(isSame == (time == event.time))
    }
  }

  @Test func `writes what makes signals true, by name where it has one`() throws {
    var decision = Fixture.decision()
    let ana = EvidenceName(token: 1, text: decision.append("Ana \"1\""))
    let ben = EvidenceName(token: 0x0123_4567_89AB_CDEF)
    decision.ties = [
      .edge(link: 1, from: ana, to: ben), .shared(identifier: 0, value: ben, ana, ana),
      .hub(identifier: 0, value: ben), .label(0, ana),
    ]
    decision.evidence = [
      SignalEvidence(signal: 0, ties: 0..<2, isComplete: true),
      SignalEvidence(signal: 7, ties: 2..<4, isComplete: false),
    ]
    var catalog = Fixture.catalog
    catalog.links = ["invited", "paid"]
    catalog.identifiers = ["device"]
    catalog.labels = ["fraud"]
    var output: [UInt8] = []
    DecisionEncoder(catalog).encode(
      decision, event: try Fixture.event(), explain: true, into: &output)
    let token = #"{"token":"0123456789abcdef"}"#
    let expected =
      #""evidence":{"count":{"ties":[{"from":"Ana \"1\"","to":\#(token),"link":"paid"},"#
      + #"{"between":["Ana \"1\"","Ana \"1\""],"identifier":"device","value":\#(token)}],"#
      + #""complete":true},"is_hub":{"ties":[{"identifier":"device","value":\#(token),"hub":true},"#
      + #"{"account":"Ana \"1\"","label":"fraud"}],"complete":false}},"package":"#
    #expect(String(decoding: output, as: UTF8.self).contains(expected))
    #expect(try !encode(decision).contains("evidence"))
  }

  @Test func `leaves out what does not apply`() throws {
    var decision = Decision()
    decision.isExempt = true
    let line = try encode(decision, explain: true)
    #expect(
      line.hasPrefix(
        #"{"sequence":0,"event":"referral","id":"r\"1","at":"1970-01-01T00:00:00Z","#
          + #""policy":"reward_grant","decision":"grant","score":0,"exempt":true,"#
          + #""reasons":[],"rules":[],"signals":{},"package":"#))
  }

  @Test func `writes fixed texts as those of a decision, the customer's only if the rule fired`()
    throws
  {
    for outcome: RuleOutcome in [.fires, .unknown, .error] {
      for status: RuleStatus in [.live, .shadow, .canary(10)] {
        var catalog = Fixture.catalog
        catalog.rules[0].status = status
        var decision = Fixture.decision()
        decision.rules = [
          RuleResult(
            rule: 0, outcome: outcome, score: outcome == .fires ? 7 : 0, counted: outcome == .fires)
        ]
        var plain = decision
        var texts = ReasonTexts()
        texts.analystEnglish = plain.append("Device \"D1\"")
        texts.analystSpanish = plain.append("Teléfono")
        if outcome == .fires { texts.customerSpanish = plain.append("No pudimos.") }
        plain.setTexts(texts, ofRule: 0)
        var expected: [UInt8] = []
        DecisionEncoder(catalog).encode(
          plain, event: try Fixture.event(), explain: false, into: &expected)
        var fixed = FixedTexts()
        fixed.analystEnglish = "Device \"D1\""
        fixed.analystSpanish = "Teléfono"
        fixed.customerSpanish = "No pudimos."
        catalog.rules[0].fixedTexts = fixed
        var written: [UInt8] = []
        DecisionEncoder(catalog).encode(
          decision, event: try Fixture.event(), explain: false, into: &written)
        #expect(written == expected, "\(outcome) \(status)")
        #expect(String(decoding: written, as: UTF8.self).contains("Teléfono"))
      }
    }
  }

  @Test func `is read back by another parser`() throws {
    let line = try encode(Fixture.decision(), explain: true)
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
    let members = try #require(object as? [String: Any])
    #expect(members["id"] as? String == "r\"1")
    let rules = try #require(members["rules"] as? [[String: Any]])
    let analyst = try #require(rules.first?["analyst"] as? [String: String])
    #expect(analyst == ["en": "Device \"D1\"\n", "es": "Teléfono D1"])
    let signals = try #require(members["signals"] as? [String: Any])
    #expect(signals["country"] as? String == "M\u{1F}X\\")
    #expect(signals.count == 10)
  }

  @Test func `escapes any text another parser can read back`() throws {
    let seed: UInt64 = 11
    var random = SplitMix64(state: seed)
    for _ in 0..<300 {
      var text = ""
      for _ in 0..<random.below(40) {
        let code = UInt32(random.below(4) == 0 ? random.below(0xD800) : random.below(0x80))
        if let scalar = Unicode.Scalar(code) { text.unicodeScalars.append(scalar) }
      }
      var decision = Fixture.decision()
      var texts = decision.texts(of: decision.rules[0])
      texts.analystEnglish = decision.append(text)
      decision.setTexts(texts, ofRule: 0)
      let line = try encode(decision)
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
      let rules = try #require((object as? [String: Any])?["rules"] as? [[String: Any]])
      let analyst = try #require(rules.first?["analyst"] as? [String: String])
      #expect((analyst["en"] ?? "") == text, "seed \(seed)")
    }
  }

  @Test func `orders reasons by score, then by declaration, once each`() throws {
    var decision = Fixture.decision()
    decision.rules = [
      RuleResult(rule: 4, outcome: .fires, score: 10, counted: true),
      RuleResult(rule: 2, outcome: .fires, score: 30, counted: true),
      RuleResult(rule: 0, outcome: .fires, score: 30, counted: true),
      RuleResult(rule: 1, outcome: .fires, score: 0, counted: true),
      RuleResult(rule: 3, outcome: .fires, score: 99, counted: true),
    ]
    #expect(try encode(decision).contains(#""reasons":["TRIED","DEVICE_REUSE","NEW"]"#))
    decision.rules[1].counted = false
    #expect(try encode(decision).contains(#""reasons":["DEVICE_REUSE","NEW"]"#))
    #expect(try encode(decision).contains(#""counted":false"#))
  }

  @Test func `keeps more reasons apart than fit in a machine word`() throws {
    var catalog = Fixture.catalog
    catalog.reasons = (0..<300).map { "R\($0)" }
    catalog.rules = (0..<600).map {
      RuleDescription(
        name: "r\($0)", version: 1, status: .live, reason: $0 % 300, titleEnglish: "",
        titleSpanish: "")
    }
    var decision = Decision()
    decision.rules = (0..<600).map {
      RuleResult(rule: $0, outcome: .fires, score: $0 < 300 ? 1 : 2, counted: true)
    }
    var output: [UInt8] = []
    DecisionEncoder(catalog).encode(
      decision, event: try Fixture.event(), explain: false, into: &output)
    let list = (0..<300).map { "\"R\($0)\"" }.joined(separator: ",")
    #expect(String(decoding: output, as: UTF8.self).contains("\"reasons\":[\(list)]"))
  }
}

@Suite struct `A decision digest` {
  @Test func `is made of one line per decision`() throws {
    var decision = Fixture.decision()
    decision.signals[1].state = .missing
    decision.signals[2].state = .error
    decision.signals[6].payload = (1e300).bitPattern
    var line: [UInt8] = []
    DigestLine(Fixture.catalog).append(decision, event: try Fixture.event(), to: &line)
    #expect(
      String(decoding: line, as: UTF8.self)
        == #"["referral","r\"1",[{"value":5,"truncated":true},null,"!E","90s","M\u001fX\\","#
        + #""branch",1e+300,true,18446744073709551615,"TWFuPw=="],"#
        + #"[["device_shared","fires",15],["new_rule","fires",90],["tried","fires",40],"#
        + #"["plain","silent",0],["again","unknown",0]],55,"hold"]"#)
  }

  @Test func `is the same from lines at once and one by one`() throws {
    var line: [UInt8] = []
    DigestLine(Fixture.catalog).append(Fixture.decision(), event: try Fixture.event(), to: &line)
    var first = DecisionDigest()
    var second = DecisionDigest()
    for _ in 0..<3 { second.add(line: line.span) }
    line.append(UInt8(ascii: "\n"))
    first.add(lines: (line + line + line).span)
    let digest = first.finish()
    #expect(digest == second.finish())
    #expect(digest.count == 64)
  }

  @Test func `of nothing and of one known line never changes`() {
    var digest = DecisionDigest()
    #expect(
      digest.finish() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    digest.add(line: Array("abc".utf8).span)
    #expect(
      digest.finish() == "edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb")
  }

  @Test func `changes with the order, a signal, a score and a decision`() throws {
    let lines = DigestLine(Fixture.catalog)
    let event = try Fixture.event()
    func digest(_ decisions: [Decision]) -> String {
      var digest = DecisionDigest()
      for decision in decisions {
        var line: [UInt8] = []
        lines.append(decision, event: event, to: &line)
        digest.add(line: line.span)
      }
      return digest.finish()
    }
    let plain = Fixture.decision()
    var changed: [Decision] = []
    for change in 0..<4 {
      var decision = plain
      switch change {
      case 0: decision.score += 1
      case 1: decision.outcome += 1
      case 2: decision.signals[0].payload += 1
      default: decision.rules[3].outcome = .error
      }
      changed.append(decision)
    }
    var digests = Set(changed.map { digest([plain, $0]) })
    digests.formUnion(changed.map { digest([$0, plain]) })
    digests.insert(digest([plain, plain]))
    #expect(digests.count == 9)
    var sequence = plain
    sequence.sequence = 99
    #expect(digest([sequence]) == digest([plain]))
  }
}
