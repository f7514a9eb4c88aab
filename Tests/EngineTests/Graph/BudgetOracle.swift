/// The documented order of a bounded search, transcribed with dictionaries: what a budget cuts off.
extension LiveGraph {
  struct Answer: Equatable {
    var length: Int
    var isTruncated: Bool
  }

  private struct Side {
    var start: UInt32
    var neighbours: [UInt32: [UInt32]]
    var depths: [UInt32: Int]
    var radius = 0
    var reachedNext: [UInt32] = []
    var entries: [(from: UInt32, to: UInt32)] = []

    init(_ start: UInt32, _ neighbours: [UInt32: [UInt32]]) {
      self.start = start
      self.neighbours = neighbours
      depths = [start: 0]
      begin([start])
    }

    mutating func begin(_ level: [UInt32]) {
      entries = level.flatMap { account in
        (neighbours[account] ?? []).map { (from: account, to: $0) }
      }
      reachedNext = []
    }
  }

  func boundedCycle(
    throughEdge edge: (from: UInt32, to: UInt32), maxHops: Int, budget: Int
  ) -> Answer {
    guard maxHops >= 1, isLive(edge.from, edge.to) else {
      return Answer(length: 0, isTruncated: false)
    }
    if edge.from == edge.to { return Answer(length: 1, isTruncated: false) }
    var answer = boundedPath(
      from: edge.to, to: edge.from, limit: maxHops - 1, without: isDirected ? nil : edge, budget)
    if answer.length > 0 { answer.length += 1 }
    return answer
  }

  func boundedCycle(throughAccount account: UInt32, maxHops: Int, budget: Int) -> Answer {
    guard maxHops >= 1 else { return Answer(length: 0, isTruncated: false) }
    if isLive(account, account) { return Answer(length: 1, isTruncated: false) }
    return isDirected
      ? boundedPath(from: account, to: account, limit: maxHops, without: nil, budget)
      : boundedBranches(account, maxHops, budget)
  }

  private func boundedPath(
    from start: UInt32, to goal: UInt32, limit: Int, without edge: (from: UInt32, to: UInt32)?,
    _ budget: Int
  ) -> Answer {
    var sides = [Side(start, out), Side(goal, into)]
    var best = Int.max
    var examined = 0
    var turn = 0
    func answer(_ length: Int) -> Answer {
      Answer(length: length <= limit ? length : 0, isTruncated: false)
    }
    while sides[0].radius + sides[1].radius < limit {
      var mine = sides[turn % 2]
      let other = sides[(turn + 1) % 2]
      if mine.entries.isEmpty {
        mine.radius += 1
        if mine.reachedNext.isEmpty { return answer(best) }
        mine.begin(mine.reachedNext)
      } else {
        if examined == budget { return Answer(length: 0, isTruncated: true) }
        examined += 1
        let entry = mine.entries.removeFirst()
        let isExcluded =
          edge.map { Set([$0.from, $0.to]) == Set([entry.from, entry.to]) } ?? false
        if !isExcluded {
          let depth = mine.radius + 1
          if entry.to == other.start {
            best = min(best, depth)
          } else if mine.depths[entry.to] == nil {
            mine.depths[entry.to] = depth
            mine.reachedNext.append(entry.to)
            if let rest = other.depths[entry.to] { best = min(best, depth + rest) }
          }
        }
      }
      sides[turn % 2] = mine
      if best <= sides[0].radius + sides[1].radius + 1 { return answer(best) }
      turn += 1
    }
    return answer(0)
  }

  private func boundedBranches(_ start: UInt32, _ maxHops: Int, _ budget: Int) -> Answer {
    var side = Side(start, out)
    var branches: [UInt32: UInt32] = [:]
    var held = 0
    var examined = 0
    while 2 * side.radius + 1 <= maxHops {
      if side.entries.isEmpty {
        side.radius += 1
        if held > 0 || side.reachedNext.isEmpty { break }
        side.begin(side.reachedNext)
        continue
      }
      if examined == budget { return Answer(length: 0, isTruncated: true) }
      examined += 1
      let entry = side.entries.removeFirst()
      guard entry.to != start else { continue }
      if let depth = side.depths[entry.to] {
        if branches[entry.to] == branches[entry.from] { continue }
        let length = side.radius + depth + 1
        if length > maxHops { continue }
        if length == 2 * side.radius + 1 { return Answer(length: length, isTruncated: false) }
        held = length
      } else {
        side.depths[entry.to] = side.radius + 1
        side.reachedNext.append(entry.to)
        branches[entry.to] = entry.from == start ? entry.to : branches[entry.from]
      }
    }
    return Answer(length: held, isTruncated: false)
  }
}
