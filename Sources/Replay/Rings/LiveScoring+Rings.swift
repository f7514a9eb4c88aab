import Engine
import Model
import Program

/// What people ask a running service about accounts that belong together. Names are mentions, for
/// a `NameReader`.
extension LiveScoring {
  /// The accounts around one, at most `hops` away, with what was lately decided on them; nil for an
  /// account never seen.
  ///
  /// *Complexity*: bounded by `Limits.evidenceEdges` and `most`.
  public mutating func neighbourhood(
    entity: Int, key: String, hops: Int, most: Int
  ) -> Ring? {
    let account = state.engine.account(entity: entity, key: Array(key.utf8).span)
    guard account != 0 else { return nil }
    let found = NeighbourhoodWalk.found(
      around: account, entity: entity, hops: hops, most: most, budget: Limits.evidenceEdges,
      in: &state.engine)
    let ringOf = Dictionary(uniqueKeysWithValues: found.accounts.map { ($0, 0) })
    var rings = [Self.drawn(found, entity: entity, &state.engine, state.mentions)]
    state.cases.tell(&rings, entity: entity, ringOf: ringOf)
    return rings[0]
  }

  /// The rings among the accounts of the latest decisions, those that asked for most first.
  ///
  /// *Complexity*: bounded by `Limits.ringDecisions` and `Limits.ringEdges`.
  public mutating func rings(least: Int, most: Int) -> [Ring] {
    var rings: [Ring] = []
    for entity in state.engine.program.schema.entities.indices {
      let found = RingFinder.rings(
        in: &state.engine, entity: entity, among: state.cases.accounts(entity: entity),
        least: least,
        budget: Limits.ringEdges)
      var ringOf: [UInt32: Int] = [:]
      for (place, ring) in found.enumerated() {
        for account in ring.accounts { ringOf[account] = place }
      }
      var drawn: [Ring] = []
      for ring in found {
        drawn.append(Self.drawn(ring, entity: entity, &state.engine, state.mentions))
      }
      state.cases.tell(&drawn, entity: entity, ringOf: ringOf)
      rings += drawn
    }
    return Array(rings.ranked().prefix(most))
  }

  // Apart from self, because the engine changes while the mentions are read.
  private static func drawn(
    _ found: RingFinder.Found, entity: Int, _ engine: inout ScoringEngine,
    _ mentions: borrowing MentionIndex
  ) -> Ring {
    RingDrawing.ring(found, entity: entity, in: &engine, budget: Limits.ringEdges) {
      mentions.mention(space: $0, $1).map(KeyName.mentioned)
    }
  }
}
