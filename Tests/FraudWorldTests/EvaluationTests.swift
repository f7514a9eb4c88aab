import FraudWorld
import Model
import Testing
import Wire

@Suite struct `A share with its range` {
  @Test func `is that of Wilson`() throws {
    // Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I.
    for (hits, total, low, high) in [
      (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
      (1, 29, 0.0061, 0.1718),
    ] {
      let interval = try #require(Interval.wilson(hits, of: total))
      #expect(abs(interval.low - low) < 0.00006, "\(hits) of \(total): \(interval)")
      #expect(abs(interval.high - high) < 0.00006, "\(hits) of \(total): \(interval)")
    }
    #expect(Interval.wilson(0, of: 0) == nil)
  }
}

@Suite struct `An evaluation` {
  private static let catalog = DecisionCatalog(
    packageHash: "", eventNames: ["reward_requested", "loan_late"],
    policies: [
      PolicyDescription(name: "grant", outcomes: PolicyDescription.standardOutcomes, queues: []),
      PolicyDescription(name: "loan", outcomes: ["keep", "review", "clawback"], queues: []),
    ],
    rules: ["a", "b"].map {
      RuleDescription(
        name: $0, version: 1, status: .live, reason: nil, titleEnglish: $0, titleSpanish: $0)
    }, reasons: [], signals: [], enumerations: [])

  private static func truth() throws -> Truth {
    var reader = Truth.Reader()
    func account(_ name: String, _ honest: Bool) -> String {
      #"{"event":"account_truth","account":"\#(name)","at":0,"honest":\#(honest),"story":"s"}"#
    }
    func decision(
      _ id: String, _ account: String, _ honest: Bool, of event: String = "reward_requested",
      reclaims: String? = nil
    ) -> String {
      let tail = reclaims.map { #","reclaims":"\#($0)""# } ?? ""
      return
        #"{"event":"decision_truth","id":"\#(id)","at":0,"of":"\#(event)","account":"\#(account)","#
        + #""honest":\#(honest),"story":"\#(honest ? "friend" : "farm")","group":"g-\#(account)","#
        + #""amount":250.00\#(tail)}"#
    }
    for line in [
      account("H1", true), account("H2", true), account("F", false), decision("1", "H1", true),
      decision("2", "H2", true), decision("3", "F", false), decision("4", "F", false),
      decision("5", "F", false),
      decision("n", "F", false, of: "loan_late", reclaims: "4"),
    ] {
      try reader.read(Array(line.utf8).span)
    }
    return reader.finish()
  }

  private static func decision(
    _ outcome: Int, event: Int = 0, fired: [Int] = []
  ) -> Decision {
    var decision = Decision()
    decision.eventType = event
    decision.policy = event
    decision.outcome = outcome
    decision.rules = fired.map { RuleResult(rule: $0, outcome: .fires, score: 50, counted: true) }
    return decision
  }

  @Test func `counts what was stopped, what it was worth and whom it hurt`() throws {
    var evaluation = Evaluation(Self.catalog, try Self.truth(), stoppingFrom: "hold")
    evaluation.add(Self.decision(4, fired: [0, 1]), eventId: "1")
    evaluation.add(Self.decision(0), eventId: "2")
    evaluation.add(Self.decision(2, fired: [0]), eventId: "3")
    evaluation.add(Self.decision(1), eventId: "4")
    evaluation.add(Self.decision(2, event: 1), eventId: "n")
    evaluation.add(Self.decision(0), eventId: "nobody knows it")
    let report = EvaluationReport(evaluation)
    #expect(report.compared == 5 && report.unknown == 1 && report.undecided == 1)
    let grant = try #require(report.policies.first)
    #expect(grant.stopsFrom == "hold")
    #expect(grant.precision.count == 2 && grant.precision.hits == 1)
    #expect(grant.precision.cents == 50_000 && grant.precision.hitCents == 25_000)
    #expect(grant.recall.count == 2 && grant.recall.hits == 1)
    #expect(grant.reclaimedCents == 25_000 && grant.wronglyReclaimedCents == 0)
    #expect(grant.honestRefused.count == 2 && grant.honestRefused.hits == 1)
    #expect(grant.stories.map(\.story) == ["farm", "friend"])
    #expect(grant.stories[0].outcomes == [0, 1, 1, 0, 0])
    #expect(report.rules.map(\.precision.count) == [2, 1])
    #expect(report.rules.map(\.precision.hits) == [1, 0])
    #expect(report.rules.map(\.alone) == [1, 0])
    #expect(report.rules.map(\.stoppedCents) == [25_000, 0])
  }

  @Test func `counts from the outcome it is told`() throws {
    var evaluation = Evaluation(Self.catalog, try Self.truth(), stoppingFrom: "review")
    evaluation.add(Self.decision(1), eventId: "3")
    evaluation.add(Self.decision(0), eventId: "4")
    let report = EvaluationReport(evaluation)
    #expect(report.policies[0].recall.hits == 1 && report.policies[0].recall.count == 2)
  }

  @Test func `refuses a line that is no truth`() {
    var reader = Truth.Reader()
    #expect(throws: WireError.self) {
      try reader.read(Array(#"{"event":"decision_truth","id":"1"}"#.utf8).span)
    }
  }
}
