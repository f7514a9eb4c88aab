internal import Model

/// How the decisions under one value differ from those under the present one.
struct SweepTally {
  /// By policy, and in it from outcome to outcome.
  private var moves: [[MoneyTally]]
  private var accounts: [Set<UInt64>]
  private let outcomes: [Int]

  init(_ policies: [PolicyDescription]) {
    outcomes = policies.map(\.outcomes.count)
    moves = outcomes.map { [MoneyTally](repeating: MoneyTally(), count: $0 * $0) }
    accounts = policies.map { _ in [] }
  }

  /// Counts a decision with another outcome.
  mutating func add(
    policy: Int, from: Int, to: Int, asked: MoneyAmount?, accounts named: [UInt64]
  ) {
    MoneyFields.add(asked, to: &moves[policy][from * outcomes[policy] + to])
    accounts[policy].formUnion(named)
  }

  /// What was decided under the value, from what was under the present one.
  func point(from present: [[MoneyTally]]) -> SweepPoint {
    var point = SweepPoint(policies: [])
    for policy in present.indices {
      var part = SweepPoint.Part(
        outcomes: present[policy], changed: MoneyTally(), accounts: accounts[policy].count)
      for from in present[policy].indices {
        for to in present[policy].indices {
          let move = moves[policy][from * outcomes[policy] + to]
          guard move.count > 0 else { continue }
          part.outcomes[from] = MoneyFields.sum(part.outcomes[from], move, isTaken: true)
          part.outcomes[to] = MoneyFields.sum(part.outcomes[to], move)
          part.changed = MoneyFields.sum(part.changed, move)
        }
      }
      point.policies.append(part)
    }
    return point
  }
}
