import Model
import Program

/// The windows and links of all lists, and what the event being scored did to them.
struct SignalState: ~Copyable {
  private var windows: FixedArray<WindowStore>
  private var graph: AccountGraph
  /// By list, the key the event being scored entered it under; 0 when it did not.
  private var enteredKeys: [UInt32]
  /// By link, the edge the event being scored made; zeros when it made none.
  private var madeEdges: [(from: UInt32, to: UInt32)]
  /// Columns of the entry being pushed.
  private var sums: [Int64]
  private var distincts: [UInt32]
  private let graphBudget: Int

  init(_ program: RuleProgram, options: EngineOptions) {
    windows = FixedArray(count: program.lists.count) { WindowStore(plan: program.lists[$0]) }
    graph = AccountGraph(schema: program.schema, links: program.links)
    enteredKeys = [UInt32](repeating: 0, count: program.lists.count)
    madeEdges = [(from: UInt32, to: UInt32)](repeating: (0, 0), count: program.links.count)
    sums = [Int64](repeating: 0, count: program.lists.map(\.sumColumns).max() ?? 0)
    distincts = [UInt32](
      repeating: 0, count: program.lists.map(\.distinctColumns.count).max() ?? 0)
    graphBudget = options.graphBudget
  }

  /// Bytes of windows.
  var windowBytes: Int {
    var bytes = 0
    for list in windows.indices { bytes += windows[list].liveBytes }
    return bytes
  }

  /// Bytes of the graph.
  var graphBytes: Int { graph.liveBytes }

  /// Enters the event in the lists whose filter and keys allow it.
  mutating func feed(
    _ layout: EventPlan, _ plan: borrowing EnginePlan, time: Int64, clock: Int64,
    _ registers: borrowing Registers, _ texts: borrowing TextArenas, _ keys: inout KeySpaces,
    _ statistics: inout EngineStatistics
  ) {
    for position in layout.feeds {
      let feed = plan.feeds[position]
      enteredKeys[feed.list] = 0
      if let filter = feed.filter {
        if registers.state(filter) == Registers.error { statistics.filterErrors += 1 }
        guard registers.state(filter) == Registers.present, registers.payload(filter) != 0
        else { continue }
      }
      let key = keys.resolve(feed.key, plan, registers, texts, interning: true)
      if key.state == Registers.error { statistics.keyErrors += 1 }
      guard key.isPresent else { continue }
      for (column, index) in feed.sums.enumerated() {
        let register = plan.sumRegisters[index]
        let isPresent = registers.state(register) == Registers.present
        sums[column] = isPresent ? Int64(bitPattern: registers.payload(register)) : 0
      }
      for (column, index) in feed.distincts.enumerated() {
        distincts[column] =
          keys.resolve(plan.distinctKeys[index], plan, registers, texts, interning: true).number
      }
      enteredKeys[feed.list] = key.number
      windows[feed.list].push(
        key: key.number, time: time, clock: clock,
        sums: sums.span.extracting(first: feed.sums.count),
        distincts: distincts.span.extracting(first: feed.distincts.count))
    }
  }

  /// Makes the identifier uses and edges of the event.
  mutating func link(
    _ layout: EventPlan, _ plan: borrowing EnginePlan, time: Int64, sequence: UInt64,
    clock: Int64, _ keys: borrowing KeySpaces
  ) {
    for position in layout.uses {
      let use = plan.uses[position]
      let value = keys.number(slot: use.slot)
      let account = keys.number(slot: use.ownerSlot)
      guard value != 0 && account != 0 else { continue }
      graph.use(
        identifier: use.identifier, value: value, account: account, time: time, clock: clock)
    }
    for position in layout.edges {
      let edge = plan.edges[position]
      let from = keys.number(slot: edge.fromSlot)
      let to = keys.number(slot: edge.toSlot)
      let isMade = from != 0 && to != 0
      madeEdges[edge.link] = isMade ? (from, to) : (0, 0)
      guard isMade else { continue }
      graph.addEdge(
        link: edge.link, from: from, to: to, time: time, sequence: sequence, clock: clock)
    }
  }

  /// The value of a signal for a key.
  ///
  /// A list is fed by one event type, so what an earlier event of another type entered is told apart by
  /// `feedsList` of the plan: see `isFed`.
  mutating func read(
    _ read: ReadPlan, _ key: ResolvedKey, _ layout: EventPlan, _ plan: borrowing EnginePlan,
    time: Int64, clock: Int64
  ) -> SignalValue {
    guard key.isPresent else {
      return key.state == Registers.error
        ? SignalValue(payload: key.fault, state: .error, isTruncated: false) : .missing
    }
    switch read.source {
    case .window(let list, let window, let aggregate, let excludingCurrent):
      let excludes =
        excludingCurrent && key.number != 0 && isFed(list, layout, plan)
        && enteredKeys[list] == key.number
      return windows[list].read(
        key: key.number, window: window, aggregate: aggregate, at: time, clock: clock,
        excludingLastPush: excludes)
    case .cycleLength(let link, let maxHops):
      let isMade = madeEdges[link].from != 0 && makesEdge(link, layout, plan)
      return graph.cycleLength(
        link: link, account: key.number, maxHops: maxHops, clock: clock,
        edge: isMade ? madeEdges[link] : nil, budget: graphBudget)
    case .componentSize(let link, let maxNodes):
      return graph.componentSize(link: link, account: key.number, maxNodes: maxNodes)
    }
  }

  /// Whether this event type feeds a list at all.
  private func isFed(_ list: Int, _ layout: EventPlan, _ plan: borrowing EnginePlan) -> Bool {
    for position in layout.feeds where plan.feeds[position].list == list { return true }
    return false
  }

  /// Whether this event type makes edges of a link at all.
  private func makesEdge(_ link: Int, _ layout: EventPlan, _ plan: borrowing EnginePlan) -> Bool {
    for position in layout.edges where plan.edges[position].link == link { return true }
    return false
  }
}
