import Model
import Program
import Testing

@testable import Engine

/// A package of one event type whose fields x0…x3 steer one rule each: 1 fires, 2 is silent, 0 is
/// an error, absent is unknown; x4 steers the exemption of the policy.
private struct SteeredPackage {
  var rules = (0..<4).map { rule in
    RulePlan(rule: rule, when: UInt16(17 + rule), score: UInt16(8 + rule))
  }
  var scores: [Int64] = [10, 20, 30, 40]
  var bands = [
    Band(threshold: 60, outcome: OutcomePlan(outcome: 2, holdMicroseconds: 60)),
    Band(threshold: 30, outcome: OutcomePlan(outcome: 1, queue: 0)),
  ]

  private static let fields = 2
  private static let one = 7
  private static let score = 8
  private static let quotient = 12
  private static let condition = 17
  private static let registers = 22

  var program: RuleProgram {
    var event = EventProgram(registerCount: Self.registers)
    event.constants = [ConstantLoad(register: UInt16(Self.one), payload: 1, state: .present)]
    for (rule, score) in scores.enumerated() {
      event.constants.append(
        ConstantLoad(
          register: UInt16(Self.score + rule), payload: UInt64(bitPattern: score),
          state: .present))
    }
    for index in 0..<5 {
      let quotient = UInt16(Self.quotient + index)
      event.evaluation += [
        Instruction(.divideInt, a: quotient, b: UInt16(Self.one), c: UInt16(Self.fields + index)),
        Instruction(
          .equalBits, a: UInt16(Self.condition + index), b: quotient, c: UInt16(Self.one)),
      ]
    }
    event.rules = rules
    event.policy = PolicyPlan(
      policy: 0, combination: .sum, cap: 100, exempt: UInt16(Self.condition + 4), bands: bands,
      otherwise: OutcomePlan(outcome: 0), onError: OutcomePlan(outcome: 3, queue: 1),
      ifUnavailable: OutcomePlan(outcome: 2))
    let fields =
      [
        Field(name: "id", type: .string, slot: 0), Field(name: "at", type: .timestamp, slot: 1),
      ] + (0..<5).map { Field(name: "x\($0)", type: .int, isOptional: true, slot: 2 + $0) }
    let type = EventType(
      name: "ask", fields: fields, idField: 0, timeField: 1, retentionMicroseconds: nil,
      lateMicroseconds: 0, slotCount: 7)
    let catalog = DecisionCatalog(
      packageHash: "", eventNames: ["ask"],
      policies: [
        PolicyDescription(
          name: "p", outcomes: PolicyDescription.standardOutcomes, queues: ["first", "second"])
      ],
      rules: rules.map { rule in
        RuleDescription(
          name: "r\(rule.rule)", version: 1, status: rule.status, reason: nil, titleEnglish: "",
          titleSpanish: "")
      }, reasons: [], signals: [], enumerations: [])
    return RuleProgram(
      schema: Schema(events: [type]), catalog: catalog, constants: Constants(), keySpaces: [],
      lists: [], links: [], signals: [], events: [event])
  }

  func decide(_ steering: [UInt64?], id: String = "x", time: Int64 = 1_000) throws -> Decision {
    var engine = try ScoringEngine(program: program)
    var event = Event()
    event.reset(type: 0, slotCount: 7)
    event.sequence = 1
    event.time = Timestamp(microseconds: time)
    event.set(0, utf8: id.utf8)
    event.id = TextReference(bits: event.payloads[0])
    event.set(1, payload: UInt64(bitPattern: time))
    for (index, value) in steering.enumerated() {
      if let value { event.set(2 + index, payload: value) }
    }
    var decision = Decision()
    #expect(engine.apply(event, into: &decision))
    try expectTheSameInBatches(event, decision, engine.statistics)
    return decision
  }

  private func expectTheSameInBatches(
    _ event: Event, _ decision: Decision, _ statistics: EngineStatistics
  ) throws {
    for size in [2, ScoringEngine.batchEvents + 1] {
      var engine = try ScoringEngine(program: program)
      var batch = EventBatch(capacity: size)
      batch.count = size
      for index in 0..<size { batch.events[index] = event }
      engine.apply(&batch)
      for found in batch.decisions {
        #expect(found.rules == decision.rules && found.score == decision.score)
        #expect(found.outcome == decision.outcome && found.queue == decision.queue)
        #expect(found.holdUntil == decision.holdUntil && found.isExempt == decision.isExempt)
      }
      #expect(engine.statistics.decisions == UInt64(size) * statistics.decisions)
      #expect(engine.statistics.errorOutcomes == UInt64(size) * statistics.errorOutcomes)
      #expect(engine.statistics.unknownOutcomes == UInt64(size) * statistics.unknownOutcomes)
    }
  }
}

@Suite struct `A policy` {
  @Test func `reaches the hardest band of its score`() throws {
    let package = SteeredPackage()
    let none = try package.decide([2, 2, 2, 2, 2])
    #expect(none.score == 0 && none.outcome == 0 && none.queue == nil && none.holdUntil == nil)
    let review = try package.decide([1, 1, 2, 2, 2])
    #expect(review.score == 30 && review.outcome == 1 && review.queue == 0)
    let hold = try package.decide([2, 1, 2, 1, nil])
    #expect(hold.score == 60 && hold.outcome == 2 && hold.queue == nil)
    #expect(hold.holdUntil == Timestamp(microseconds: 1_060))
    #expect(hold.rules.map(\.outcome) == [.silent, .fires, .silent, .fires])
    #expect(hold.rules.map(\.score) == [0, 20, 0, 40])
    #expect(hold.rules.map(\.counted) == [false, true, false, true])
  }

  @Test func `obeys what a live rule forces`() throws {
    var package = SteeredPackage()
    package.rules[0].force = OutcomePlan(outcome: 4)
    package.rules[1].force = OutcomePlan(outcome: 2, holdMicroseconds: 90, queue: 1)
    package.rules[2].force = OutcomePlan(outcome: 4)
    package.rules[2].status = .shadow
    #expect(try package.decide([1, 2, 2, 2, 2]).outcome == 4)
    #expect(try package.decide([0, 2, 2, 2, 2]).outcome == 3)
    #expect(try package.decide([nil, 2, 2, 2, 2]).outcome == 0)
    let shadow = try package.decide([2, 2, 1, 2, 2])
    #expect(shadow.outcome == 0 && shadow.score == 0)
    #expect(shadow.rules[2].outcome == .fires && shadow.rules[2].score == 30)
    #expect(!shadow.rules[2].counted)
    let both = try package.decide([2, 1, 2, 1, 2])
    #expect(both.outcome == 2 && both.queue == 1)
    #expect(both.holdUntil == Timestamp(microseconds: 1_090))
  }

  @Test func `has a floor under a live rule in error`() throws {
    var package = SteeredPackage()
    let error = try package.decide([2, 0, 2, 1, 2])
    #expect(error.score == 40 && error.outcome == 3 && error.queue == 1)
    #expect(error.rules[1].outcome == .error && error.rules[1].counted)
    package.rules[1].status = .shadow
    let shadow = try package.decide([2, 0, 2, 1, 2])
    #expect(shadow.outcome == 1)
    #expect(shadow.rules[1].outcome == .error && !shadow.rules[1].counted)
  }

  @Test func `that exempts gives otherwise and reports the rules`() throws {
    var package = SteeredPackage()
    package.rules[0].force = OutcomePlan(outcome: 4)
    let exempt = try package.decide([1, 0, 1, 1, 1])
    #expect(exempt.isExempt && exempt.outcome == 0 && exempt.score == 80)
    #expect(exempt.rules.map(\.outcome) == [.fires, .error, .fires, .fires])
    for unsure in [nil, 0] as [UInt64?] {
      let decision = try package.decide([1, 0, 1, 1, unsure])
      #expect(!decision.isExempt && decision.outcome == 4)
    }
  }

  @Test func `evaluates only rules that are on and active`() throws {
    var package = SteeredPackage()
    package.rules[0].status = .off
    package.rules[1].activeFrom = Timestamp(microseconds: 1_000)
    package.rules[2].activeUntil = Timestamp(microseconds: 1_000)
    #expect(try package.decide([1, 1, 1, 1, 2], time: 999).rules.map(\.rule) == [2, 3])
    let at = try package.decide([1, 1, 1, 1, 2], time: 1_000)
    #expect(at.rules.map(\.rule) == [1, 3])
    #expect(at.score == 60)
  }

  @Test func `counts a canary on its share of ids`() throws {
    // FNV-1a 64 of "ask", a zero byte and the id, modulo 100, by the published constants.
    func place(_ id: String) -> UInt64 {
      var hash: UInt64 = 14_695_981_039_346_656_037
      for byte in Array("ask".utf8) + [0] + Array(id.utf8) {
        hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211
      }
      return hash % 100
    }
    var package = SteeredPackage()
    package.rules[3].status = .canary(30)
    package.rules[3].force = OutcomePlan(outcome: 4)
    var counted = 0
    for number in 0..<200 {
      let id = "r\(number)"
      let decision = try package.decide([1, 2, 2, 1, 2], id: id)
      let isCounted = place(id) < 30
      counted += isCounted ? 1 : 0
      #expect(decision.rules[3].outcome == .fires)
      #expect(decision.rules[3].counted == isCounted)
      #expect(decision.score == (isCounted ? 50 : 10))
      #expect(decision.outcome == (isCounted ? 4 : 0))
    }
    #expect((30...90).contains(counted))
  }
}

@Suite struct `A program that contradicts itself` {
  private func isRefused(_ change: (inout RuleProgram) -> Void) -> Bool {
    var program = SteeredPackage().program
    change(&program)
    do throws(EngineError) {
      _ = try ScoringEngine(program: program)
      return false
    } catch {
      return true
    }
  }

  @Test func `makes no engine`() {
    #expect(!isRefused { _ in })
    #expect(isRefused { $0.events = [] })
    #expect(isRefused { $0.events[0].rules[0].when = 22 })
    #expect(isRefused { $0.events[0].evaluation[0].c = 22 })
    #expect(isRefused { $0.events[0].evaluation[0].a = 0 })
    #expect(isRefused { $0.events[0].evaluation[0].a = 7 })
    #expect(isRefused { $0.events[0].evaluation.append(Instruction(.matches, a: 21, b: 0)) })
    #expect(isRefused { $0.events[0].evaluation.append(Instruction(.inIntSet, a: 21, b: 0)) })
    #expect(isRefused { $0.events[0].evaluation.append(Instruction(.inTextSet, a: 21, b: 0)) })
    #expect(isRefused { $0.events[0].policy?.otherwise = OutcomePlan(outcome: 9) })
    #expect(isRefused { $0.events[0].policy?.bands[0].outcome.queue = 2 })
    #expect(isRefused { $0.events[0].registerCount = 5 })
    #expect(isRefused { $0.events[0].edges = [0] })
    #expect(
      isRefused {
        $0.events[0].feeds = [Feed(list: 0, filter: nil, keys: [0], sums: [], distincts: [])]
      })
    #expect(
      isRefused {
        $0.events[0].reads = [SignalRead(signal: 0, keys: [0], register: 21, isStored: true)]
      })
    #expect(isRefused { $0.constants.patterns = ["("] })
  }
}
