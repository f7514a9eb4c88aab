import Engine
import Model
import Program

/// Decisions by who takes part in them, to say what a ring has asked for.
struct AskedCases {
  private struct Case {
    var entity: Int
    /// The first two accounts of one entity that the event names; 0 for none.
    var first: UInt32
    var second: UInt32
    var asked: MoneyAmount?
    var outcome: String
  }

  private var cases: [Case] = []
  /// Where the next one goes once the limit is reached.
  private var next = 0
  private let limit: Int
  private let money: MoneyFields
  /// By policy, the first of its outcomes in order of hardness is the mildest.
  private let outcomes: [[String]]

  init(_ program: RuleProgram, limit: Int = .max) {
    money = MoneyFields(program.schema)
    outcomes = program.catalog.policies.map(\.outcomes)
    self.limit = limit
  }

  /// Notes a decision on the event the engine applied last.
  mutating func add(
    _ decision: borrowing Decision, _ event: borrowing Event, in engine: borrowing ScoringEngine
  ) {
    let entities = engine.program.schema.entities.count
    var accounts: [(entity: Int, number: UInt32)] = []
    engine.numbers(ofLast: event) { _, space, number in
      if space < entities { accounts.append((space, number)) }
    }
    guard let first = accounts.first else { return }
    let second = accounts.dropFirst().first { $0.entity == first.entity }
    let new = Case(
      entity: first.entity, first: first.number, second: second?.number ?? 0,
      asked: money.amount(of: event), outcome: outcomes[decision.policy][decision.outcome])
    if cases.count < limit {
      cases.append(new)
    } else {
      cases[next] = new
      next = (next + 1) % limit
    }
  }

  /// The accounts of an entity that take part in decisions.
  func accounts(entity: Int) -> [UInt32] {
    var accounts: Set<UInt32> = []
    for each in cases where each.entity == entity {
      accounts.insert(each.first)
      if each.second != 0 { accounts.insert(each.second) }
    }
    return accounts.sorted()
  }

  /// Tells each ring what was decided on its accounts. `ringOf` gives the position of an account's
  /// ring.
  func tell(_ rings: inout [Ring], entity: Int, ringOf: [UInt32: Int]) {
    for each in cases where each.entity == entity {
      let first = ringOf[each.first]
      let second = ringOf[each.second]
      if let first { tell(&rings[first], each) }
      if let second, second != first { tell(&rings[second], each) }
    }
  }

  private func tell(_ ring: inout Ring, _ each: Case) {
    MoneyFields.add(each.asked, to: &ring.asked)
    ring.outcomes[each.outcome, default: 0] += 1
  }
}
