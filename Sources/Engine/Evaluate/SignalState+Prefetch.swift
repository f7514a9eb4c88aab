import Program

// Asks for the memory an event will touch before the first of it is used, so that the processor
// waits once for many lines instead of once for each. In three steps, because where a thing lies is
// read from the one before. Nothing is changed and nothing depends on it: a wrong guess costs a
// line of cache. The functions are mutating and take `inout` only because a value of this size is
// copied to be borrowed.
extension SignalState {
  /// What the numbers of the event's keys alone lead to.
  mutating func prefetchRecords(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, _ keys: inout KeySpaces,
    _ list: inout PrefetchList
  ) {
    for position in layout.feeds {
      guard let slot = plan.feeds[position].keySlot else { continue }
      windows[plan.feeds[position].list].prefetchRecord(keys.number(slot: slot), &list)
    }
    for position in layout.timelineFeeds {
      guard case .timeline(let timeline) = plan.timelineFeeds[position].target,
        let slot = plan.slot(ofKey: plan.timelineFeeds[position].key)
      else { continue }
      timelines[timeline].prefetchRecord(keys.number(slot: slot), &list)
    }
    var user: UInt32 = 0
    for position in layout.uses {
      let use = plan.uses[position]
      graph.prefetchValue(
        identifier: use.identifier, value: keys.number(slot: use.slot), &list)
      // Most values of an event are used by one account.
      let account = keys.number(slot: use.ownerSlot)
      if account != user { graph.prefetchUser(identifier: use.identifier, account: account, &list) }
      user = account
    }
    for position in layout.labelSearches {
      let search = plan.labelSearches[position]
      graph.prefetchSearch(
        link: search.link, label: search.label, account: keys.number(slot: search.slot), &list)
    }
    for position in layout.edges {
      let edge = plan.edges[position]
      graph.prefetchEdge(
        link: edge.link, from: keys.number(slot: edge.fromSlot),
        to: keys.number(slot: edge.toSlot), &list)
    }
  }

  /// What those records lead to.
  mutating func prefetchStates(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, _ keys: inout KeySpaces,
    _ list: inout PrefetchList
  ) {
    for position in layout.feeds {
      guard let slot = plan.feeds[position].keySlot else { continue }
      windows[plan.feeds[position].list].prefetchState(keys.number(slot: slot), &list)
    }
    for position in layout.timelineFeeds {
      guard case .timeline(let timeline) = plan.timelineFeeds[position].target,
        case .key(let value) = plan.timelineFeeds[position].value,
        let slot = plan.slot(ofKey: plan.timelineFeeds[position].key),
        let valueSlot = plan.slot(ofKey: value)
      else { continue }
      timelines[timeline].prefetchDistinct(
        keys.number(slot: slot), keys.number(slot: valueSlot), &list)
    }
    for position in layout.uses {
      let use = plan.uses[position]
      graph.prefetchMembers(
        identifier: use.identifier, value: keys.number(slot: use.slot),
        account: keys.number(slot: use.ownerSlot), &list)
    }
    for position in layout.edges {
      let edge = plan.edges[position]
      graph.prefetchEdgeLists(
        link: edge.link, from: keys.number(slot: edge.fromSlot),
        to: keys.number(slot: edge.toSlot), &list)
    }
  }

  /// What the states of windows lead to.
  mutating func prefetchChunks(
    _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan, _ keys: inout KeySpaces,
    _ list: inout PrefetchList
  ) {
    for position in layout.feeds {
      guard let slot = plan.feeds[position].keySlot else { continue }
      windows[plan.feeds[position].list].prefetchChunks(keys.number(slot: slot), &list)
    }
  }
}
