import Testing

@testable import Engine

/// Trees of vertices with edges between them that are nodes themselves, kept as lists and walked.
private struct PlainForest {
  struct Edge {
    var node: UInt32
    var first: UInt32
    var second: UInt32
    var time: Int64
  }

  var weights: [UInt32: [Int32]] = [:]
  var edges: [Edge] = []

  /// The oldest edge on the way to each vertex that there is a way to; nil for the first itself.
  func oldest(from first: UInt32) -> [UInt32: Edge?] {
    var oldest: [UInt32: Edge?] = [first: Edge?.none]
    var reached = [first]
    while let vertex = reached.popLast() {
      guard let before = oldest[vertex] else { continue }
      for edge in edges where edge.first == vertex || edge.second == vertex {
        let other = edge.first == vertex ? edge.second : edge.first
        if oldest[other] != nil { continue }
        let isOlder = before.map { edge.time < $0.time } ?? true
        oldest[other] = .some(isOlder ? edge : before)
        reached.append(other)
      }
    }
    return oldest
  }
}

@Suite struct `Trees that are linked and cut` {
  /// Vertices of trees made at random, where the next edge joins mostly the last ones, so that
  /// there are long ways as well.
  @Test(arguments: [1, 2], [4, 60])
  func `answer as plain lists do`(seed: UInt64, reach: Int) {
    var random = SplitMix64(seed: seed)
    var forest = LinkCutForest(capacity: 1_000, counters: 2)
    var plain = PlainForest()
    let vertices = (0..<60).map { _ in forest.add(time: .max) }
    for vertex in vertices { plain.weights[vertex] = [0, 0] }
    var time: Int64 = 0
    for step in 0..<600 {
      time += 1
      let place = random.below(vertices.count)
      let first = vertices[place]
      let second = vertices[(place + 1 + random.below(reach)) % vertices.count]
      switch random.below(8) {
      case 0..<4:
        guard first != second, plain.oldest(from: first)[second] == nil else { continue }
        let node = forest.add(time: time)
        let isTurned = forest.isRoot(first)
        forest.link(node, to: isTurned ? second : first)
        forest.link(isTurned ? first : second, to: node)
        plain.edges.append(.init(node: node, first: first, second: second, time: time))
      case 4 where !plain.edges.isEmpty && step % 3 == 0:
        let edge = plain.edges.remove(at: random.below(plain.edges.count))
        forest.take(edge.node, between: edge.first, and: edge.second)
        forest.remove(edge.node)
      case 5 where !plain.edges.isEmpty:
        let position = random.below(plain.edges.count)
        plain.edges[position].time = time
        forest.delay(plain.edges[position].node, to: time)
      case 6:
        let counter = random.below(2)
        let weight = Int32(random.below(7)) - 3
        forest.add(weight, to: first, counter: counter)
        plain.weights[first, default: [0, 0]][counter] += weight
      default: break
      }
      check(&forest, plain, first, second)
    }
  }

  private func check(
    _ forest: inout LinkCutForest, _ plain: PlainForest, _ first: UInt32, _ second: UInt32
  ) {
    let oldest = plain.oldest(from: second)
    let areConnected = forest.areConnected(first, second)
    #expect(areConnected == (oldest[first] != nil))
    for counter in 0..<2 {
      let sum = forest.sum(of: second, counter: counter)
      #expect(sum == oldest.keys.reduce(0) { $0 + plain.weights[$1, default: [0, 0]][counter] })
    }
    guard let way = oldest[first], let least = way else { return }
    let time = forest.time(of: least.node)
    #expect(time == least.time)
    // Only now and then: who asks this brings both to the top.
    guard least.time % 5 == 0 else { return }
    let found = forest.leastOnPath(first, second)
    #expect(found == least.node)
  }

  @Test func `find the oldest edge of a chain whatever was made later`() {
    let count = 300
    var forest = LinkCutForest(capacity: 1_000, counters: 1)
    let vertices = (0..<count).map { _ in forest.add(time: .max) }
    for vertex in vertices { forest.add(1, to: vertex, counter: 0) }
    var edges: [UInt32] = []
    for place in 1..<count {
      let node = forest.add(time: Int64(place))
      forest.link(node, to: vertices[place - 1])
      forest.link(vertices[place], to: node)
      edges.append(node)
    }
    let whole = forest.sum(of: vertices[count - 1], counter: 0)
    #expect(whole == Int32(count))
    for place in 0..<count - 2 {
      let found = forest.leastOnPath(vertices[count - 1], vertices[0])
      #expect(found == edges[place])
      forest.delay(edges[place], to: Int64(count + place))
    }
    forest.take(edges[99], between: vertices[99], and: vertices[100])
    let areConnected = forest.areConnected(vertices[0], vertices[count - 1])
    let sums = (
      forest.sum(of: vertices[0], counter: 0), forest.sum(of: vertices[count - 1], counter: 0)
    )
    #expect(!areConnected)
    #expect(sums == (100, Int32(count - 100)))
  }
}

@Suite struct `A queue by time` {
  @Test func `gives the earliest first, whatever changed`() {
    var random = SplitMix64(seed: 7)
    var queue = TimeQueue(capacity: 100)
    var plain: [UInt32: Int64] = [:]
    for _ in 0..<1_000 {
      let number = UInt32(1 + random.below(60))
      if random.once(in: 3) {
        queue.remove(number)
        plain[number] = nil
      } else {
        let time = Int64(random.below(40))
        queue.set(number, time: time)
        plain[number] = time
      }
      let first = queue.first
      let isIn = queue.contains(number)
      #expect(first?.time == plain.values.min())
      #expect(isIn == (plain[number] != nil))
      if let first { #expect(plain[first.number] == first.time) }
    }
  }
}
