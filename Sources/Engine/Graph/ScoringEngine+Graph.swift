public import Model
import Program

/// Where the graph leads from an account.
public enum GraphStep: Hashable, Sendable {
  /// It has used a value of an identifier, a position in `Schema.identifiers`.
  case value(identifier: Int, UInt32)
  /// An event of a link goes from it to another account; both ways when the link has no direction.
  case edge(link: Int, to: UInt32)
  /// An event of a directed link comes to it from another account.
  case edgeBack(link: Int, from: UInt32)
}

/// What people ask about the graph between two events. Accounts and values are dense numbers of
/// this engine, from 1; 0 was never seen.
extension ScoringEngine {
  /// Accounts of an entity seen so far: the greatest number.
  public func accountCount(entity: Int) -> Int { keys.count(space: entity) }

  /// The number of an account by its key.
  public func account(entity: Int, key: Span<UInt8>) -> UInt32 {
    keys.find(space: entity, text: key)
  }

  /// The number of a value of an identifier that is normalised already.
  public func value(identifier: Int, normalized: Span<UInt8>) -> UInt32 {
    keys.find(space: program.schema.entities.count + identifier, text: normalized)
  }

  /// The numbers that the entities and identifiers of an event have that was applied last, or at an
  /// index of the batch of up to `batchEvents` that was: its slot, the key space (entities, then
  /// identifiers), the number.
  public func numbers(
    ofLast event: borrowing Event, at index: Int = 0,
    _ body: (_ slot: Int, _ space: Int, _ number: UInt32) -> Void
  ) {
    for position in plan.events[event.type].keySlots {
      let slot = plan.keySlots[position]
      let number = keys.number(slot: slot.slot, lane: index)
      if number != 0 { body(slot.slot, slot.space, number) }
    }
  }

  /// What a key is called where its text is not known.
  public func token(space: Int, _ number: UInt32) -> UInt64 {
    keys.token(space: space, number)
  }

  /// Appends where the graph leads from an account now: values it shares over links, live edges,
  /// each kind newest first.
  ///
  /// Each entry takes one from the budget; false when it ended.
  public func appendSteps(
    from account: UInt32, entity: Int, budget: inout Int, to steps: inout [GraphStep]
  ) -> Bool {
    signals.graph.appendSteps(
      from: account, entity: entity, clock: clock, budget: &budget, to: &steps)
  }

  /// Appends the accounts that have used a value, newest first; none for a hub. Takes from the
  /// budget as `appendSteps` does.
  public func appendAccounts(
    ofValue value: UInt32, identifier: Int, budget: inout Int, to accounts: inout [UInt32]
  ) -> Bool {
    signals.graph.appendAccounts(
      ofValue: value, identifier: identifier, clock: clock, budget: &budget, to: &accounts)
  }

  /// Labels, positions in `DecisionCatalog.labels`, that an account carries.
  public func labels(of account: UInt32, entity: Int) -> [Int] {
    program.labels.indices.filter {
      signals.graph.labels.carries(entity: entity, account: account, label: $0)
    }
  }

  /// Whether a value of an identifier is a hub; false when nothing is kept of it.
  public func isHub(identifier: Int, value: UInt32) -> Bool {
    signals.graph.identifiers[identifier].isKept
      && signals.graph.isHub(identifier: identifier, value: value, clock: clock)
  }
}

extension AccountGraph {
  /// By identifier, the time after which a use must lie to join accounts over some link; nil for
  /// one that joins over none.
  private func joinsAfter(identifier: Int, clock: Int64) -> Int64? {
    var cutoff: Int64?
    for link in links.indices where joined[link].contains(identifier) {
      let liveAfter = liveAfter(link: link, clock: clock)
      cutoff = min(cutoff ?? liveAfter, liveAfter)
    }
    return identifiers[identifier].isKept ? cutoff : nil
  }

  func appendSteps(
    from account: UInt32, entity: Int, clock: Int64, budget: inout Int,
    to steps: inout [GraphStep]
  ) -> Bool {
    for identifier in identifiers.indices where identifiers[identifier].entity == entity {
      guard let cutoff = joinsAfter(identifier: identifier, clock: clock) else { continue }
      var cursor = values(of: account, identifier: identifier)
      while true {
        let value = nextUse(&cursor, identifier: identifier, liveAfter: cutoff)
        if value == 0 { break }
        if budget == 0 { return false }
        budget -= 1
        steps.append(.value(identifier: identifier, value))
      }
    }
    for link in links.indices where links[link].entity == entity && needs.edges[link] {
      let liveAfter = liveAfter(link: link, clock: clock)
      // No list holds an edge to oneself.
      if edges[link].isLive(account, account, liveAfter: liveAfter) {
        steps.append(.edge(link: link, to: account))
      }
      for side in edges[link].isDirected ? [EdgeSide.out, .into] : [.out] {
        var cursor = edges[link].neighbours(of: account, side)
        while true {
          let other = edges[link].next(&cursor, liveAfter: liveAfter)
          if other == 0 { break }
          if budget == 0 { return false }
          budget -= 1
          steps.append(
            side == .out ? .edge(link: link, to: other) : .edgeBack(link: link, from: other))
        }
      }
    }
    return true
  }

  func appendAccounts(
    ofValue value: UInt32, identifier: Int, clock: Int64, budget: inout Int,
    to accounts: inout [UInt32]
  ) -> Bool {
    guard let cutoff = joinsAfter(identifier: identifier, clock: clock) else { return true }
    var cursor = self.accounts(of: value, identifier: identifier)
    while true {
      let account = nextUse(&cursor, identifier: identifier, liveAfter: cutoff)
      if account == 0 { return true }
      if budget == 0 { return false }
      budget -= 1
      accounts.append(account)
    }
  }
}
