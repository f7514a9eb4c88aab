import Engine

/// The accounts around one, level by level over values and edges, in either direction.
enum NeighbourhoodWalk {
  /// At most `most` accounts up to `hops` away, with the values that lead there.
  static func found(
    around start: UInt32, entity: Int, hops: Int, most: Int, budget: Int,
    in engine: inout ScoringEngine
  ) -> RingFinder.Found {
    var found = RingFinder.Found(accounts: [start])
    var reached: Set<UInt32> = [start]
    var values: Set<UInt64> = []
    var level = [start]
    var budget = budget
    for _ in 0..<hops {
      var next: [UInt32] = []
      for account in level {
        var steps: [GraphStep] = []
        var others: [UInt32] = []
        var isWhole = engine.appendSteps(
          from: account, entity: entity, budget: &budget, to: &steps)
        for step in steps {
          switch step {
          case .edge(_, let other), .edgeBack(_, let other): others.append(other)
          case .value(let identifier, let value):
            guard values.insert(UInt64(identifier) << 32 | UInt64(value)).inserted else { continue }
            found.values.append((identifier, value))
            let isAll = engine.appendAccounts(
              ofValue: value, identifier: identifier, budget: &budget, to: &others)
            isWhole = isWhole && isAll
          }
        }
        for other in others where !reached.contains(other) {
          guard reached.count < most else {
            isWhole = false
            break
          }
          reached.insert(other)
          next.append(other)
        }
        found.isComplete = found.isComplete && isWhole
      }
      level = next
      found.accounts += next
    }
    return found
  }
}
