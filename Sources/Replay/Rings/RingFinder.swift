import Engine

/// Finds the rings of an engine's graph: its strongly connected parts.
///
/// *Source*: Tarjan, "Depth-first search and linear graph algorithms" (1972), without recursion.
struct RingFinder {
  /// A ring by numbers of the engine.
  struct Found {
    /// By first sight.
    var accounts: [UInt32] = []
    /// Values that hold it together.
    var values: [(identifier: Int, value: UInt32)] = []
    var isComplete = true
  }

  /// Accounts and values by position.
  private enum Node {
    case account(UInt32)
    case value(identifier: Int, UInt32)
  }

  private var nodes: [Node] = []
  private var positions: [UInt64: Int] = [:]
  private var ways: [[Int32]] = []
  /// Whether all ways of a node are there.
  private var isWhole: [Bool] = []

  /// Rings of at least so many of these accounts, in order of their first account.
  ///
  /// *Complexity*: linear in the accounts, their values and edges.
  static func rings(
    in engine: inout ScoringEngine, entity: Int, among accounts: [UInt32], least: Int,
    budget: Int = .max
  ) -> [Found] {
    var finder = RingFinder()
    finder.gather(&engine, entity, accounts, budget)
    return finder.components().filter { $0.accounts.count >= least }
      .sorted { $0.accounts[0] < $1.accounts[0] }
  }

  private mutating func gather(
    _ engine: inout ScoringEngine, _ entity: Int, _ accounts: [UInt32], _ budget: Int
  ) {
    for account in accounts { _ = add(.account(account)) }
    var budget = budget
    var steps: [GraphStep] = []
    var users: [UInt32] = []
    for (place, account) in accounts.enumerated() {
      steps.removeAll(keepingCapacity: true)
      isWhole[place] =
        engine.appendSteps(from: account, entity: entity, budget: &budget, to: &steps)
      for step in steps {
        switch step {
        case .edge(_, let to):
          if let target = positions[Self.key(.account(to))] { ways[place].append(Int32(target)) }
        // The account it comes from says so itself.
        case .edgeBack: break
        case .value(let identifier, let value):
          let node = Node.value(identifier: identifier, value)
          if let known = positions[Self.key(node)] {
            ways[place].append(Int32(known))
            continue
          }
          let target = add(node)
          ways[place].append(Int32(target))
          users.removeAll(keepingCapacity: true)
          isWhole[target] = engine.appendAccounts(
            ofValue: value, identifier: identifier, budget: &budget, to: &users)
          for user in users {
            if let back = positions[Self.key(.account(user))] { ways[target].append(Int32(back)) }
          }
        }
      }
    }
  }

  private mutating func add(_ node: Node) -> Int {
    let place = nodes.count
    nodes.append(node)
    ways.append([])
    isWhole.append(true)
    positions[Self.key(node)] = place
    return place
  }

  private static func key(_ node: Node) -> UInt64 {
    switch node {
    case .account(let number): UInt64(number)
    case .value(let identifier, let number): UInt64(identifier + 1) << 32 | UInt64(number)
    }
  }

  // MARK: Strongly connected components

  private func components() -> [Found] {
    var found: [Found] = []
    // 0 is not visited yet.
    var order = [Int32](repeating: 0, count: nodes.count)
    var low = order
    var isOpen = [Bool](repeating: false, count: nodes.count)
    var open: [Int32] = []
    var calls: [(node: Int, next: Int)] = []
    var count: Int32 = 0
    for start in nodes.indices where order[start] == 0 {
      calls.append((start, 0))
      while let call = calls.last {
        let node = call.node
        if call.next == 0 {
          count += 1
          order[node] = count
          low[node] = count
          open.append(Int32(node))
          isOpen[node] = true
        }
        if call.next < ways[node].count {
          calls[calls.count - 1].next += 1
          let target = Int(ways[node][call.next])
          if order[target] == 0 {
            calls.append((target, 0))
          } else if isOpen[target] {
            low[node] = min(low[node], order[target])
          }
          continue
        }
        calls.removeLast()
        if let caller = calls.last?.node { low[caller] = min(low[caller], low[node]) }
        if low[node] == order[node] { found.append(close(node, &open, &isOpen)) }
      }
    }
    return found
  }

  /// Takes the component that begins at a node off the stack.
  private func close(_ node: Int, _ open: inout [Int32], _ isOpen: inout [Bool]) -> Found {
    var found = Found()
    while let last = open.popLast() {
      let member = Int(last)
      isOpen[member] = false
      found.isComplete = found.isComplete && isWhole[member]
      switch nodes[member] {
      case .account(let account): found.accounts.append(account)
      case .value(let identifier, let value): found.values.append((identifier, value))
      }
      if member == node { break }
    }
    found.accounts.sort()
    found.values.sort { ($0.identifier, $0.value) < ($1.identifier, $1.value) }
    return found
  }
}
