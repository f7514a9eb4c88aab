import Model
import Program

@testable import Engine

/// Links for tests over one entity.
enum GraphFixture {
  static func identifier(
    _ name: String, maxDegree: Int? = nil, retentionMicroseconds: Int64? = nil
  ) -> Identifier {
    Identifier(
      name: name, entity: 0, normalizer: .none, maxDegree: maxDegree,
      retentionMicroseconds: retentionMicroseconds)
  }

  static func sharing(_ identifiers: [Int], window: Int64? = nil) -> LinkPlan {
    LinkPlan(
      name: "shares", entity: 0, source: .identifiers(identifiers), windowMicroseconds: window,
      needsComponents: true, needsAdjacency: false)
  }

  static func events(
    isDirected: Bool, window: Int64? = nil, needsComponents: Bool = false
  ) -> LinkPlan {
    LinkPlan(
      name: "paid", entity: 0,
      source: .event(type: 0, fromSlot: 0, toSlot: 1, directed: isDirected),
      windowMicroseconds: window, needsComponents: needsComponents, needsAdjacency: true)
  }

  static func graph(identifiers: [Identifier] = [], links: [LinkPlan]) -> AccountGraph {
    AccountGraph(schema: Schema(identifiers: identifiers), links: links)
  }
}

extension SignalValue {
  /// A present int that is exact.
  static func exactly(_ value: Int) -> SignalValue { .int(Int64(value)) }
}

extension AccountGraph {
  /// A use by itself.
  mutating func use(
    identifier: Int, value: UInt32, account: UInt32, time: Int64, clock: Int64
  ) {
    let uses = [IdentifierUse(identifier: identifier, slot: 0, ownerSlot: 1)]
    use(uses.span, of: account, [value, account].span, time: time, clock: clock)
  }
}
