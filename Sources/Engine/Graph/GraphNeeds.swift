import Model
import Program

/// What must be kept of a graph so that the questions of a package can be answered.
struct GraphNeeds {
  /// A number kept for every component of a link beside its size.
  enum Counter: Hashable {
    case label(Int)
    /// Members whose first edge lies in a window, a position in `growthWindows` of the link.
    case growth(Int)
  }

  /// By link, whether its components are kept.
  var components: [Bool]
  /// By link, the sums kept of its components.
  var counters: [[Counter]]
  /// By link, the windows of first edges.
  var growthWindows: [[Int64]]
  /// By link, whether its edges are kept with their times.
  var edges: [Bool]
  /// By link, whether somebody walks from account to account over it, searches for cycles of its
  /// own edges apart.
  var isWalked: [Bool]
  /// By link, whether its forest of referrals is kept, how deep subtrees are counted, and how far
  /// up roots are looked for, if they are.
  var hasForest: [Bool]
  var subtreeLimits: [[Int]]
  var depths: [Int?]
  /// By identifier, whether its uses are kept, and whether with their times.
  var keepsUses: [Bool]
  var timesUses: [Bool]
  /// By identifier, microseconds its uses are kept; nil for ever.
  var useWindows: [Int64?]
  /// Labels that are looked for over links where the accounts next to them can be counted.
  var nearbySearches: [NearbyLabels.Search]

  init(schema: Schema, links: [LinkPlan], questions: [GraphQuestion]) {
    components = links.map(\.needsComponents)
    counters = links.map { _ in [] }
    growthWindows = links.map { _ in [] }
    edges = links.map(\.needsAdjacency)
    hasForest = links.map { _ in false }
    subtreeLimits = links.map { _ in [] }
    depths = links.map { _ in nil }
    keepsUses = schema.identifiers.map { _ in false }
    timesUses = keepsUses
    useWindows = schema.identifiers.map(\.retentionMicroseconds)
    nearbySearches = []
    isWalked = links.map { _ in false }
    // Those where the order of adjacency in time matters.
    var isWalkedInOrder = isWalked
    for question in questions {
      if let link = question.componentLink { components[link] = true }
      let search = Self.nearbySearch(question, schema: schema, links: links)
      if let search, !nearbySearches.contains(search) { nearbySearches.append(search) }
      for link in question.walkedLinks {
        isWalked[link] = true
        if search == nil { isWalkedInOrder[link] = true }
      }
      for identifier in question.identifiers { keepsUses[identifier] = true }
      note(question)
    }
    for (position, link) in links.enumerated() {
      switch link.source {
      case .event: edges[position] = edges[position] || components[position] || isWalked[position]
      case .identifiers(let joined) where components[position] || isWalked[position]:
        for identifier in joined {
          keepsUses[identifier] = true
          guard let known = useWindows[identifier], let window = link.windowMicroseconds else {
            useWindows[identifier] = nil
            continue
          }
          useWindows[identifier] = max(known, window)
        }
      case .identifiers: break
      }
    }
    spreadTimes(links, isWalkedInOrder)
  }

  /// The search of a question whose answer can be counted ahead.
  private static func nearbySearch(
    _ question: GraphQuestion, schema: Schema, links: [LinkPlan]
  ) -> NearbyLabels.Search? {
    guard case .hopsTo(let link, let label, _) = question,
      case .identifiers(let joined) = links[link].source,
      links[link].windowMicroseconds == nil,
      joined.allSatisfy({
        (schema.identifiers[$0].maxDegree ?? .max) <= ValueCounts.mostAccounts
      })
    else { return nil }
    return NearbyLabels.Search(link: link, label: label)
  }

  private mutating func note(_ question: GraphQuestion) {
    switch question {
    case .componentCount(let link, let label):
      if !counters[link].contains(.label(label)) { counters[link].append(.label(label)) }
    case .componentGrowth(let link, let window) where !growthWindows[link].contains(window):
      counters[link].append(.growth(growthWindows[link].count))
      growthWindows[link].append(window)
    case .depth(let link, let limit):
      hasForest[link] = true
      depths[link] = max(depths[link] ?? 0, limit)
    case .fanOut(let link): hasForest[link] = true
    case .subtreeSize(let link, let limit):
      hasForest[link] = true
      if !subtreeLimits[link].contains(limit) { subtreeLimits[link].append(limit) }
    case .common(let identifier): timesUses[identifier] = true
    case .commonCount(let identifiers): for each in identifiers { timesUses[each] = true }
    default: break
    }
  }

  /// Lifetime components and labels next to an account need no times; as soon as one identifier of
  /// a link has them all do, so that one walk goes over one kind of list.
  private mutating func spreadTimes(
    _ links: [LinkPlan], _ isWalkedInOrder: [Bool]
  ) {
    var isChanging = true
    while isChanging {
      isChanging = false
      for (position, link) in links.enumerated() {
        guard case .identifiers(let joined) = link.source,
          components[position] || isWalked[position]
        else { continue }
        let needsTimes =
          link.windowMicroseconds != nil || isWalkedInOrder[position]
          || joined.contains { timesUses[$0] }
        for identifier in joined where needsTimes && !timesUses[identifier] {
          timesUses[identifier] = true
          isChanging = true
        }
      }
    }
  }

  /// The position of a counter of a link.
  ///
  /// *Traps* when the plan does not ask for it.
  func counter(_ counter: Counter, of link: Int) -> Int {
    guard let position = counters[link].firstIndex(of: counter) else {
      preconditionFailure("this is not counted for the link")
    }
    return position
  }
}
