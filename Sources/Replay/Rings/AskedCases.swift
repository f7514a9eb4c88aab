import Engine
import Model
import Program

/// Decisions by who takes part in them, to say what a ring has asked for.
struct AskedCases {
  private struct Case {
    var entity = 0
    /// The first two accounts of one entity that the event names; 0 for none.
    var first: UInt32 = 0
    var second: UInt32 = 0
    /// The event type, whose unit and scale the amount has.
    var type = 0
    var units: Int64 = 0
    var hasAmount = false
    var policy = 0
    var outcome = 0
  }

  private var cases: [Case] = []
  /// Where the next one goes once the limit is reached.
  private var next = 0
  private let limit: Int
  private let money: MoneyFields
  /// Names of policies and their outcomes.
  private let policies: [(name: String, outcomes: [String])]

  init(_ program: RuleProgram, limit: Int = .max) {
    money = MoneyFields(program.schema)
    policies = program.catalog.policies.map { ($0.name, $0.outcomes) }
    self.limit = limit
  }

  /// Notes a decision on the event the engine applied last, or at an index of the batch it did.
  mutating func add(
    _ decision: borrowing Decision, _ event: borrowing Event, at index: Int = 0,
    in engine: borrowing ScoringEngine
  ) {
    let entities = engine.program.schema.entities.count
    var accounts: [(entity: Int, number: UInt32)] = []
    engine.numbers(ofLast: event, at: index) { _, space, number in
      if space < entities { accounts.append((space, number)) }
    }
    guard let first = accounts.first else { return }
    let second = accounts.dropFirst().first { $0.entity == first.entity }
    let asked = money.amount(of: event)
    let new = Case(
      entity: first.entity, first: first.number, second: second?.number ?? 0, type: event.type,
      units: asked?.amount.units ?? 0, hasAmount: asked != nil, policy: decision.policy,
      outcome: decision.outcome)
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
    let order = policies.map(\.name)
    for place in rings.indices {
      rings[place].decided.sort {
        (order.firstIndex(of: $0.policy) ?? 0) < (order.firstIndex(of: $1.policy) ?? 0)
      }
    }
  }

  private func tell(_ ring: inout Ring, _ each: Case) {
    let asked = each.hasAmount ? money.amount(ofType: each.type, units: each.units) : nil
    let policy = policies[each.policy]
    let place =
      ring.decided.firstIndex { $0.policy == policy.name }
      ?? {
        ring.decided.append(Ring.Decided(policy: policy.name))
        return ring.decided.count - 1
      }()
    MoneyFields.add(asked, to: &ring.decided[place].asked)
    MoneyFields.add(
      asked,
      to: &ring.decided[place].outcomes[policy.outcomes[each.outcome], default: MoneyTally()])
  }

  /// The decisions as a snapshot carries them.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    var count = cases.count
    try archive.transfer(&count)
    try archive.transfer(&next)
    guard count >= 0, count <= limit else { throw .damaged }
    if archive.isReading { cases = [Case](repeating: Case(), count: count) }
    for place in cases.indices {
      try archive.transfer(&cases[place].entity)
      try archive.transfer(&cases[place].first)
      try archive.transfer(&cases[place].second)
      try archive.transfer(&cases[place].type)
      try archive.transfer(&cases[place].units)
      try archive.transfer(&cases[place].hasAmount)
      try archive.transfer(&cases[place].policy)
      try archive.transfer(&cases[place].outcome)
    }
  }
}
