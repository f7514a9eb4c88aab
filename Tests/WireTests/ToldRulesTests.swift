import Model
import Testing
import Wire

@Suite struct `Rules to be told of` {
  /// Some rules of a package in their order, most of them silent.
  private func results(_ random: inout SplitMix64, of count: Int) -> [RuleResult] {
    var results: [RuleResult] = []
    for rule in 0..<count where random.below(8) > 0 {
      var outcome = RuleOutcome.silent
      if random.below(4) == 0 { outcome = RuleOutcome(rawValue: UInt8(random.below(4))) ?? .silent }
      let score = outcome == .fires ? random.below(101) : 0
      results.append(
        RuleResult(rule: rule, outcome: outcome, score: score, counted: random.below(2) == 0))
    }
    return results
  }

  @Test func `are those that are not silent, or not the next of the package`() {
    let seed: UInt64 = 3
    var random = SplitMix64(state: seed)
    var told = ToldRules()
    for round in 0..<400 {
      var decision = Decision()
      decision.rules = results(&random, of: round % 90)
      var wanted: [UInt32] = []
      var next = 0
      for (index, result) in decision.rules.enumerated() {
        if result.outcome != .silent || result.rule != next { wanted.append(UInt32(index)) }
        next = result.rule + 1
      }
      told.find(in: decision)
      var found: [UInt32] = []
      for index in told.positions.indices { found.append(told.positions[index]) }
      #expect(found == wanted, "seed \(seed), round \(round)")
      guard decision.rules.count <= 64 else { continue }
      decision.toldRules = wanted.reduce(0) { $0 | 1 << UInt64($1) }
      told.find(in: decision)
      found = []
      for index in told.positions.indices { found.append(told.positions[index]) }
      #expect(found == wanted, "noted, seed \(seed), round \(round)")
    }
  }

  @Test func `are among the results`() async {
    await #expect(processExitsWith: .failure) {
      var decision = Decision()
      decision.rules = [RuleResult(rule: 0, outcome: .fires, score: 1, counted: true)]
      decision.toldRules = 2
      var told = ToldRules()
      told.find(in: decision)
    }
  }

  @Test func `make the line that all rules make`() throws {
    let seed: UInt64 = 4
    var random = SplitMix64(state: seed)
    var catalog = Fixture.catalog
    catalog.rules = (0..<70).map {
      RuleDescription(
        name: "r\($0)", version: 1, status: $0 % 5 == 0 ? .canary(5) : .live, reason: $0 % 3,
        titleEnglish: "", titleSpanish: "")
    }
    let lines = DigestLine(catalog)
    let encoder = DecisionEncoder(catalog)
    let event = try Fixture.event()
    for round in 0..<400 {
      var decision = Fixture.decision()
      decision.rules = results(&random, of: 1 + round % 70)
      var line: [UInt8] = []
      lines.append(decision, event: event, to: &line)
      let parts = decision.rules.map { "[\"r\($0.rule)\",\"\($0.outcome)\",\($0.score)]" }
      #expect(
        String(decoding: line, as: UTF8.self).hasSuffix(
          ",[\(parts.joined(separator: ","))],55,\"hold\"]"), "seed \(seed), round \(round)")
      var answer: [UInt8] = []
      encoder.encode(decision, event: event, explain: false, into: &answer)
      let names = decision.rules.filter { $0.outcome != .silent }.map(\.rule)
      let written = String(decoding: answer, as: UTF8.self).split(separator: "{\"name\":\"r")
      #expect(written.dropFirst().compactMap { Int($0.prefix { $0 != "\"" }) } == names)
    }
  }

  @Test(arguments: [7, 64, 65, 100])
  func `give their reasons by score, once each`(count: Int) throws {
    let seed: UInt64 = 7
    var random = SplitMix64(state: seed)
    var catalog = Fixture.catalog
    catalog.reasons = (0..<count).map { "REASON_\($0)" }
    catalog.rules = (0..<120).map {
      RuleDescription(
        name: "r\($0)", version: 1, status: .live,
        reason: random.below(9) == 0 ? nil : random.below(count), titleEnglish: "",
        titleSpanish: "")
    }
    let encoder = DecisionEncoder(catalog)
    for round in 0..<200 {
      var decision = Fixture.decision()
      decision.rules = results(&random, of: round % 120)
      for index in decision.rules.indices where round % 3 > 0 {
        // Few scores, so that many are the same.
        let result = decision.rules[index]
        decision.rules[index] = RuleResult(
          rule: result.rule, outcome: result.outcome, score: result.score % 4,
          counted: result.counted)
      }
      var wanted: [String] = []
      let counted = decision.rules.filter { $0.outcome == .fires && $0.counted }
      for score in (0...100).reversed() {
        for result in counted where result.score == score {
          guard let reason = catalog.rules[result.rule].reason else { continue }
          let name = "\"\(catalog.reasons[reason])\""
          if !wanted.contains(name) { wanted.append(name) }
        }
      }
      var answer: [UInt8] = []
      encoder.encode(decision, event: try Fixture.event(), explain: false, into: &answer)
      let expected = "\"reasons\":[\(wanted.joined(separator: ","))],\"rules\":["
      #expect(
        String(decoding: answer, as: UTF8.self).contains(expected),
        "seed \(seed), round \(round)")
    }
  }

  /// What an answer says of its rules.
  private func rules(_ encoder: borrowing DecisionEncoder, _ decision: Decision) throws -> String {
    var answer: [UInt8] = []
    encoder.encode(decision, event: try Fixture.event(), explain: false, into: &answer)
    let text = String(decoding: answer, as: UTF8.self)
    let start = try #require(text.firstRange(of: "\"rules\":["))
    let end = try #require(text.firstRange(of: "],\"package\""))
    return String(text[start.upperBound..<end.lowerBound])
  }

  @Test func `are told of as each by itself`() throws {
    let seed: UInt64 = 6
    var random = SplitMix64(state: seed)
    var catalog = Fixture.catalog
    catalog.rules = (0..<40).map {
      var rule = RuleDescription(
        name: "r\($0)", version: $0, status: random.below(6) == 0 ? .canary(5) : .live,
        reason: random.below(4) == 0 ? nil : $0 % 3, titleEnglish: "", titleSpanish: "")
      if random.below(5) > 0 {
        var texts = FixedTexts()
        texts.analystEnglish = "a\($0)"
        texts.customerSpanish = "c"
        rule.fixedTexts = texts
      }
      return rule
    }
    let encoder = DecisionEncoder(catalog)
    for round in 0..<300 {
      var decision = Fixture.decision()
      decision.rules = results(&random, of: 1 + round % 40)
      // Long runs of rules that could not be decided.
      for index in decision.rules.indices where random.below(2) == 0 {
        decision.rules[index].outcome = round % 2 == 0 ? .unknown : .error
      }
      var parts: [String] = []
      for result in decision.rules where result.outcome != .silent {
        var alone = decision
        alone.rules = [result]
        parts.append(try rules(encoder, alone))
      }
      #expect(
        try rules(encoder, decision) == parts.joined(separator: ","),
        "seed \(seed), round \(round)")
    }
  }

  @Test func `belong to a package that has such rules`() async {
    await #expect(processExitsWith: .failure) {
      var decision = Fixture.decision()
      decision.rules = [RuleResult(rule: 5, outcome: .silent, score: 0, counted: false)]
      var line: [UInt8] = []
      DigestLine(Fixture.catalog).append(decision, event: try Fixture.event(), to: &line)
    }
    await #expect(processExitsWith: .failure) {
      var decision = Fixture.decision()
      decision.outcome = 99
      var line: [UInt8] = []
      DigestLine(Fixture.catalog).append(decision, event: try Fixture.event(), to: &line)
    }
  }
}
