import Model
import Program

/// What signals ask of the graph. Account 0 is a key never seen: it is alone.
extension AccountGraph {
  /// The answer to a question about one key, or two.
  ///
  /// `edge` is the edge the current event fed to the link of the question, added already.
  mutating func answer(
    _ question: GraphQuestion, _ key: UInt32, _ second: UInt32, clock: Int64,
    edge: (from: UInt32, to: UInt32)?, budget: Int
  ) -> SignalValue {
    if let question = PlainQuestion(question) {
      return answerPlain(resolved(question), key, second, clock: clock, budget: budget)
    }
    advance(to: clock)
    switch question {
    case .collapsedCycleLength(let link, let collapse, let maxHops):
      return collapsedCycleLength(
        link: link, collapse: collapse, account: key, maxHops: maxHops, clock: clock, edge: edge,
        budget: budget)
    case .commonCount(let identifiers):
      return commonCount(identifiers, key, second, clock: clock, budget: budget)
    case .componentCount, .componentGrowth, .sharesCluster, .degree, .common, .isHub, .depth,
      .fanOut, .subtreeSize, .hopsTo:
      preconditionFailure("a plain question")
    }
  }

  /// A question as it is answered soonest: what it takes to tell where its answer lies is told once
  /// and not each time.
  func resolved(_ question: PlainQuestion) -> PlainQuestion {
    switch question {
    case .componentSize(let link, let maxNodes) where keepsForLife(link):
      return .lifetimeSize(link: link, maxNodes: maxNodes)
    case .sharesCluster(let link) where keepsForLife(link): return .lifetimeTogether(link: link)
    case .hopsTo(let link, let label, let maxHops):
      let place = nearby.search(link: Int(link), label: Int(label))
      guard let place, (0...2).contains(maxHops), !isTimed(search: place)
      else { return question }
      return .hopsToNear(
        link: link, search: Int32(place), owner: Int32(links[Int(link)].entity),
        maxHops: Int32(maxHops))
    default: return question
    }
  }

  /// Whether the components of a link are kept, and without a window.
  private func keepsForLife(_ link: Int32) -> Bool {
    needs.components[Int(link)] && links[Int(link)].windowMicroseconds == nil
  }

  /// The answer to a plain question about one key, or two; `made` has the edges that the event
  /// made, by link, zeros where it made none. What most events ask is answered in place.
  ///
  /// *Requires* that the graph has advanced to the clock.
  @inline(__always)
  mutating func answer(
    _ question: PlainQuestion, _ key: UInt32, _ second: UInt32, clock: Int64, budget: Int,
    made: borrowing FixedArray<(from: UInt32, to: UInt32)>
  ) -> SignalValue {
    switch question {
    case .cycleLength(let link, let maxHops):
      let edge = made[Int(link)]
      if leadsNowhere(link: Int(link), edge, for: key) { return .int(0) }
      return cycleLength(
        link: Int(link), account: key, maxHops: maxHops, clock: clock,
        edge: edge.from == 0 ? nil : edge, budget: budget)
    case .lifetimeSize, .lifetimeTogether, .depth, .hopsToNear, .userCount:
      return answerShortly(question, key, second, budget: budget)
    default: return answerPlain(question, key, second, clock: clock, budget: budget)
    }
  }

  /// The answer to a question that is no more than a few numbers looked up.
  @inline(__always)
  private mutating func answerShortly(
    _ question: PlainQuestion, _ key: UInt32, _ second: UInt32, budget: Int
  ) -> SignalValue {
    switch question {
    case .lifetimeSize(let link, let maxNodes):
      let size = forests[Int(link)].size(of: key)
      return .int(Int64(min(size, maxNodes)), isTruncated: size > maxNodes)
    case .lifetimeTogether(let link):
      return .bool(forests[Int(link)].areTogether(key, second))
    case .depth(let link, let maxHops):
      let found = referrals[Int(link)].depth(of: key, limit: maxHops)
      return .int(Int64(found.depth), isTruncated: found.isTruncated)
    case .hopsToNear(let link, let search, let owner, let maxHops):
      // As long as nobody has so many values as the budget has steps, it is not needed.
      if heads[Int(owner)].mostOfAny <= budget {
        return .int(Int64(nearby.steps(from: key, search: Int(search), most: Int(maxHops))))
      }
      return hopsToNear(Int(link), key, Int(search), Int(maxHops), budget)
    case .userCount(let identifier):
      return .distinct(Int(userCount(identifier: Int(identifier), key)))
    default: preconditionFailure("a question that takes more")
    }
  }

  /// As `answer`, for any question but that for a cycle.
  @inline(never)
  mutating func answerPlain(
    _ question: PlainQuestion, _ key: UInt32, _ second: UInt32, clock: Int64, budget: Int
  ) -> SignalValue {
    advance(to: clock)
    switch question {
    case .cycleLength: preconditionFailure("asked with the edge the event made")
    case .lifetimeTogether where key == 0 || second == 0:
      // Two keys never seen may be the same one or not; neither has joined anybody.
      return .bool(false)
    case .lifetimeSize, .lifetimeTogether, .depth, .hopsToNear, .userCount:
      return answerShortly(question, key, second, budget: budget)
    case .componentSize(let link, let maxNodes):
      return componentSize(link: Int(link), account: key, maxNodes: maxNodes)
    case .componentCount(let link, let label):
      return componentCount(link: Int(link), account: key, label: Int(label))
    case .componentGrowth(let link, let window):
      return componentGrowth(link: Int(link), account: key, window: window)
    case .sharesCluster(let link):
      // Two keys never seen may be the same one or not; neither has joined anybody.
      return .bool(key != 0 && second != 0 && areTogether(link: Int(link), key, second))
    case .degree(let link):
      return degree(link: Int(link), account: key, clock: clock, budget: budget)
    case .common(let identifier):
      var budget = budget
      let found = common(Int(identifier), key, second, most: 1, clock: clock, budget: &budget)
      // One that was found is certain, whatever was left unexamined.
      return .bool(found.count > 0, isTruncated: found.count == 0 && found.isTruncated)
    case .isHub(let identifier):
      return .bool(isHub(identifier: Int(identifier), value: key, clock: clock))
    case .fanOut(let link): return .int(Int64(referrals[Int(link)].fanOut(of: key)))
    case .subtreeSize(let link, let maxHops):
      return subtreeSize(link: Int(link), account: key, maxHops: maxHops)
    case .hopsTo(let link, let label, let maxHops):
      return hopsTo(
        link: Int(link), account: key, label: Int(label), maxHops: maxHops, clock: clock,
        budget: budget)
    }
  }

  private mutating func componentCount(link: Int, account: UInt32, label: Int) -> SignalValue {
    guard account != 0 else { return .int(0) }
    let counter = needs.counter(.label(label), of: link)
    if let sum = componentSum(link: link, account: account, counter) { return .int(Int64(sum)) }
    return .int(carries(label, link: link, account) ? 1 : 0)
  }

  private mutating func componentGrowth(link: Int, account: UInt32, window: Int64) -> SignalValue {
    guard account != 0,
      let position = needs.growthWindows[link].firstIndex(of: window),
      let sum = componentSum(
        link: link, account: account, needs.counter(.growth(position), of: link))
    else { return .int(0) }
    return .int(Int64(sum))
  }

  private mutating func subtreeSize(link: Int, account: UInt32, maxHops: Int) -> SignalValue {
    guard let limit = needs.subtreeLimits[link].firstIndex(of: maxHops) else {
      preconditionFailure("subtrees of this depth are not counted")
    }
    let found = referrals[link].subtreeSize(of: account, limit: limit)
    return .int(Int64(found.size), isTruncated: found.isTruncated)
  }

  @inline(__always)
  private func carries(_ label: Int, link: Int, _ account: UInt32) -> Bool {
    labels.carries(entity: links[link].entity, account: account, label: label)
  }

  // MARK: Traversals

  /// Distinct live neighbours, over edges of either direction; a lower bound when truncated.
  private mutating func degree(
    link: Int, account: UInt32, clock: Int64, budget: Int
  ) -> SignalValue {
    guard account != 0 else { return .int(0) }
    var budget = budget
    walk.begin()
    walk.reach(account, from: 0, depth: 0, branch: 0)
    var cursor = neighbours(link: link, of: account, .either, clock: clock)
    while true {
      switch next(&cursor, budget: &budget) {
      case .end: return .int(Int64(walk.count - 1))
      case .budgetEnded: return .int(Int64(walk.count - 1), isTruncated: true)
      case .neighbour(let neighbour):
        walk.reachOnce(neighbour, from: 0, depth: 1, branch: 0)
      }
    }
  }

  /// Live edges to the nearest account that carries a label; `maxHops` + 1 when there is none, and
  /// truncated when the budget ended before there was one.
  private mutating func hopsTo(
    link: Int, account: UInt32, label: Int, maxHops: Int, clock: Int64, budget: Int
  ) -> SignalValue {
    guard account != 0 else { return .int(Int64(maxHops + 1)) }
    if let search = nearby.search(link: link, label: label) {
      return hopsToNear(link, account, search, maxHops, budget)
    }
    return walkTo(
      link: link, account: account, label: label, maxHops: maxHops, clock: clock, budget: budget)
  }

  /// The same step by step.
  private mutating func walkTo(
    link: Int, account: UInt32, label: Int, maxHops: Int, clock: Int64, budget: Int
  ) -> SignalValue {
    let none = Int64(maxHops + 1)
    if carries(label, link: link, account) { return .int(0) }
    walk.begin()
    walk.reach(account, from: 0, depth: 0, branch: 0)
    var budget = budget
    var position = 0
    while position < walk.count && Int(walk[position].depth) < maxHops {
      let visit = walk[position]
      var cursor = neighbours(link: link, of: visit.account, .either, clock: clock)
      steps: while true {
        switch next(&cursor, budget: &budget) {
        case .end: break steps
        case .budgetEnded: return .int(none, isTruncated: true)
        case .neighbour(let neighbour):
          if walk.visit(of: neighbour) != 0 { continue }
          walk.reach(neighbour, from: position, depth: visit.depth + 1, branch: 0)
          if carries(label, link: link, neighbour) { return .int(Int64(visit.depth) + 1) }
        }
      }
      position += 1
    }
    return .int(none)
  }

  /// The same where it is known what is next to a label. Levels are looked at whole or not at all,
  /// so that the order of uses, which is not kept, decides nothing.
  @inline(never)
  private mutating func hopsToNear(
    _ link: Int, _ account: UInt32, _ search: Int, _ maxHops: Int, _ budget: Int
  ) -> SignalValue {
    let none = Int64(maxHops + 1)
    let counts = nearby.counts(of: account, search: search)
    if counts.isLabelled { return .int(0) }
    if maxHops == 0 { return .int(none) }
    if counts.near != 0 { return .int(1) }
    if maxHops == 1 { return .int(none) }
    // With short lists no budget is needed any more.
    if maxHops == 2 && mostValues(of: account, search: search) <= budget {
      return .int(counts.beyond > 0 ? 2 : none)
    }
    return hopsBeyondOne(link, account, search, maxHops, budget)
  }

  /// The same for an account that is more than one step from a label.
  private mutating func hopsBeyondOne(
    _ link: Int, _ account: UInt32, _ search: Int, _ maxHops: Int, _ budget: Int
  ) -> SignalValue {
    let none = Int64(maxHops + 1)
    var budget = budget
    guard let isFound = isTwoAway(account, search: search, budget: &budget) else {
      return .int(none, isTruncated: true)
    }
    if isFound { return .int(2) }
    if maxHops == 2 { return .int(none) }
    walk.begin()
    walk.reach(account, from: 0, depth: 0, branch: 0)
    var position = 0
    for hops in 3...maxHops {
      let level = walk.count
      while position < level {
        var cursor = neighbours(link: link, of: walk[position].account, .either, clock: .min)
        steps: while true {
          switch next(&cursor, budget: &budget) {
          case .end: break steps
          case .budgetEnded: return .int(none, isTruncated: true)
          case .neighbour(let neighbour):
            if walk.visit(of: neighbour) == 0 {
              walk.reach(neighbour, from: position, depth: 0, branch: 0)
            }
          }
        }
        position += 1
      }
      var isFound = false
      for reached in level..<walk.count {
        guard let isTwoAway = isTwoAway(walk[reached].account, search: search, budget: &budget)
        else { return .int(none, isTruncated: true) }
        isFound = isFound || isTwoAway
      }
      if isFound { return .int(Int64(hops)) }
    }
    return .int(none)
  }

  /// Values of some identifiers that both accounts have used; a lower bound when truncated.
  private mutating func commonCount(
    _ asked: [Int], _ left: UInt32, _ right: UInt32, clock: Int64, budget: Int
  ) -> SignalValue {
    var (count, budget) = (0, budget)
    for identifier in asked {
      let found = common(identifier, left, right, most: .max, clock: clock, budget: &budget)
      count += found.count
      if found.isTruncated { return .int(Int64(count), isTruncated: true) }
    }
    return .int(Int64(count))
  }

  /// Values, of no hub, that both accounts have used within the identifier's retention.
  ///
  /// Mutating, though it changes nothing: what borrows a graph copies it.
  private mutating func common(
    _ identifier: Int, _ left: UInt32, _ right: UInt32, most: Int, clock: Int64,
    budget: inout Int
  ) -> (count: Int, isTruncated: Bool) {
    guard left != 0 && right != 0 else { return (0, false) }
    var count = 0
    let liveAfter = identifiers[identifier].liveAfter(clock: clock)
    var values = identifiers[identifier].uses.neighbours(of: left, .out)
    while count < most {
      let value = identifiers[identifier].uses.next(&values, liveAfter: liveAfter)
      if value == 0 { break }
      if budget == 0 { return (count, true) }
      budget -= 1
      if identifiers[identifier].uses.isLive(right, value, liveAfter: liveAfter) { count += 1 }
    }
    return (count, false)
  }
}

extension SignalValue {
  static func bool(_ value: Bool, isTruncated: Bool = false) -> SignalValue {
    SignalValue(payload: value ? 1 : 0, state: .present, isTruncated: isTruncated)
  }
}
