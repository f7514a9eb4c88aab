import Engine
import Model
import Program

/// Makes rings by numbers into rings with names.
enum RingDrawing {
  /// A ring with its shares and edges. `names` says what an account or value is called, by key
  /// space and number; who has no name is called by a token.
  static func ring(
    _ found: RingFinder.Found, entity: Int, in engine: inout ScoringEngine, budget: Int = .max,
    names: (_ space: Int, _ number: UInt32) -> KeyName?
  ) -> Ring {
    let program = engine.program
    let places = Dictionary(
      uniqueKeysWithValues: found.accounts.enumerated().map { ($0.element, $0.offset) })
    var ring = Ring(
      entity: program.schema.entities[entity].name,
      accounts: found.accounts.map { account in
        Ring.Account(
          name: names(entity, account) ?? .token(engine.token(space: entity, account)),
          labels: engine.labels(of: account, entity: entity).map { program.catalog.labels[$0] })
      }, shares: [], edges: [], isComplete: found.isComplete)
    var budget = budget
    for (identifier, value) in found.values {
      var users: [UInt32] = []
      let isWhole = engine.appendAccounts(
        ofValue: value, identifier: identifier, budget: &budget, to: &users)
      ring.isComplete = ring.isComplete && isWhole
      let sharing = users.compactMap { places[$0] }.sorted()
      guard sharing.count > 1 else { continue }
      let space = program.schema.entities.count + identifier
      ring.shares.append(
        Ring.Share(
          identifier: program.schema.identifiers[identifier].name,
          value: names(space, value) ?? .token(engine.token(space: space, value)),
          accounts: sharing))
    }
    for (place, account) in found.accounts.enumerated() {
      var steps: [GraphStep] = []
      let isWhole = engine.appendSteps(
        from: account, entity: entity, budget: &budget, to: &steps)
      ring.isComplete = ring.isComplete && isWhole
      for case .edge(let link, let to) in steps {
        let plan = program.links[link]
        guard let target = places[to], case .event(_, _, _, let isDirected) = plan.source else {
          continue
        }
        // An edge without direction is met from both of its ends.
        if !isDirected && target < place { continue }
        ring.edges.append(
          Ring.Edge(link: plan.name, isDirected: isDirected, from: place, to: target))
      }
    }
    ring.edges.sort { ($0.link, $0.from, $0.to) < ($1.link, $1.from, $1.to) }
    return ring
  }
}
