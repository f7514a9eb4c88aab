import Model
import Program
import Testing

@testable import Engine

/// How a rule with these registers ends: condition, exemption, score.
private func outcome(
  _ when: Cell, exempt: Cell? = nil, score: Cell? = nil, missing: MissingMode = .skips
) -> (outcome: RuleOutcome, score: Int) {
  let cells = [when, exempt ?? .missing, score ?? .missing]
  var payloads = FixedArray(cells.map(\.payload))
  var states = FixedArray(cells.map(\.state.rawValue))
  let rule = RuleStep(
    rule: 0, when: 0, exempt: exempt == nil ? RuleStep.none : 1,
    score: score == nil ? RuleStep.none : 2, missing: missing, share: 100, extras: -1, template: -1)
  let registers = Registers(&payloads, &states, at: cells.indices)
  return RuleJudge.outcome(of: rule, registers)
}

@Suite struct `A rule` {
  private let yes = Cell.bool(true)
  private let no = Cell.bool(false)
  private let fault = Cell.error(.overflow)

  @Test func `is decided by its condition and exemption`() {
    let table: [(Cell, Cell?, RuleOutcome)] = [
      (yes, nil, .fires), (no, nil, .silent), (.missing, nil, .unknown), (fault, nil, .error),
      (yes, no, .fires), (yes, .missing, .fires), (yes, fault, .fires), (yes, yes, .silent),
      (.missing, yes, .silent), (fault, yes, .silent), (.missing, no, .unknown),
      (fault, no, .error), (no, fault, .silent), (no, .missing, .silent),
    ]
    for (when, exempt, expected) in table {
      let result = outcome(when, exempt: exempt)
      #expect(result.outcome == expected, "\(when) exempt \(String(describing: exempt))")
      #expect(result.score == 0)
    }
  }

  @Test func `says what a missing condition becomes`() {
    #expect(outcome(.missing, missing: .skips).outcome == .unknown)
    #expect(outcome(.missing, missing: .fires).outcome == .fires)
    #expect(outcome(.missing, score: .int(30), missing: .fires).score == 30)
    #expect(outcome(.missing, missing: .errors).outcome == .error)
    #expect(outcome(.missing, exempt: yes, missing: .fires).outcome == .silent)
    for mode in [MissingMode.skips, .fires, .errors] {
      #expect(outcome(fault, missing: mode).outcome == .error)
      #expect(outcome(no, missing: mode).outcome == .silent)
      #expect(outcome(yes, missing: mode).outcome == .fires)
    }
  }

  @Test func `is as unknown or wrong as its score`() {
    #expect(outcome(yes, score: .missing).outcome == .unknown)
    #expect(outcome(yes, score: .missing, missing: .errors).outcome == .error)
    #expect(outcome(yes, score: .missing, missing: .fires).outcome == .unknown)
    #expect(outcome(yes, score: fault).outcome == .error)
    #expect(outcome(no, score: fault).outcome == .silent)
    #expect(outcome(.missing, score: fault).outcome == .unknown)
  }

  @Test(arguments: [(Int64.min, 0), (-1, 0), (0, 0), (37, 37), (100, 100), (101, 100), (.max, 100)])
  func `clamps its score`(_ score: Int64, _ expected: Int) {
    let result = outcome(yes, score: .int(score))
    #expect(result.outcome == .fires)
    #expect(result.score == expected)
  }
}

@Suite struct `Scores` {
  private func combined(_ combination: ScoreCombination, _ scores: [Int], cap: Int = 100) -> Int {
    var combiner = ScoreCombiner(combination)
    for score in scores { combiner.add(score) }
    return combiner.score(cap: cap)
  }

  @Test func `add up or give the highest, up to the cap`() {
    #expect(combined(.sum, []) == 0)
    #expect(combined(.sum, [20, 30, 5]) == 55)
    #expect(combined(.sum, [60, 70]) == 100)
    #expect(combined(.sum, [60, 70], cap: 1_000) == 130)
    #expect(combined(.max, [20, 30, 5]) == 30)
    #expect(combined(.max, [20, 30, 5], cap: 25) == 25)
    #expect(combined(.max, []) == 0)
  }

  @Test func `combine as independent chances, halves away from zero`() {
    #expect(combined(.noisyOr, []) == 0)
    #expect(combined(.noisyOr, [50, 50]) == 75)
    #expect(combined(.noisyOr, [100, 3]) == 100)
    // 1 − 0.5 × 0.99 = 0.505: exactly a half, and a double would have to be lucky.
    #expect(combined(.noisyOr, [50, 1]) == 51)
    #expect(combined(.noisyOr, [50, 11]) == 56)
    #expect(combined(.noisyOr, [50, 50], cap: 60) == 60)
    #expect(combined(.noisyOr, [Int](repeating: 1, count: 5_000)) == 100)
    #expect(combined(.noisyOr, [Int](repeating: 0, count: 5_000)) == 0)
  }

  @Test func `combine to every exact result of four scores`() {
    let seed: UInt64 = 31
    var generator = SplitMix64(seed: seed)
    for _ in 0..<20_000 {
      let scores = (0..<4).map { _ in generator.below(101) }
      // In hundred-millionths: 10⁸ − Π(100 − s), of which a percent is 10⁶.
      let rest = scores.reduce(1) { $0 * (100 - $1) }
      let expected = (100_000_000 - rest + 500_000) / 1_000_000
      #expect(combined(.noisyOr, scores) == expected, "seed \(seed): \(scores)")
    }
  }
}

@Suite struct `The hardest outcome` {
  @Test func `takes the longest hold and the first queue among equals`() {
    var choice = OutcomeChoice()
    choice.reach(OutcomePlan(outcome: 1, holdMicroseconds: 90, queue: 3))
    choice.reach(OutcomePlan(outcome: 2))
    #expect(choice.outcome == 2 && choice.holdMicroseconds == nil && choice.queue == nil)
    choice.reach(OutcomePlan(outcome: 2, holdMicroseconds: 5))
    choice.reach(OutcomePlan(outcome: 2, holdMicroseconds: 7, queue: 1))
    choice.reach(OutcomePlan(outcome: 2, holdMicroseconds: 6, queue: 0))
    choice.reach(OutcomePlan(outcome: 0, holdMicroseconds: 99, queue: 2))
    #expect(choice.outcome == 2 && choice.holdMicroseconds == 7 && choice.queue == 1)
  }
}
