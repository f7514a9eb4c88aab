internal import Foundation

/// Places for the nodes of a small graph: springs along lines, repulsion between all nodes, from a
/// circle on, in a fixed number of steps; then room for what is written at each node. The same
/// graph always looks the same, and is never wider than a page.
///
/// *Source*: T. Fruchterman, E. Reingold, "Graph drawing by force-directed placement", 1991.
enum EvidenceLayout {
  private static let rounds = 400
  /// The distance that lines aim for, in a small graph and in a large one.
  private static let distances = (small: 140.0, large: 92.0)
  /// From so many nodes on a graph is large.
  private static let largeCount = 14

  /// *Complexity*: O(rounds × nodes²); evidence holds a few dozen nodes.
  static func places(count: Int, lines: [(Int, Int)]) -> [(x: Int, y: Int)] {
    var x: [Double] = []
    var y: [Double] = []
    let distance = count < largeCount ? distances.small : distances.large
    let radius = distance * Double(max(count, 2)) / 6
    for node in 0..<count {
      let angle = 2 * Double.pi * Double(node) / Double(max(count, 1))
      x.append(radius * cos(angle))
      y.append(radius * sin(angle))
    }
    for round in 0..<rounds {
      var dx = [Double](repeating: 0, count: count)
      var dy = [Double](repeating: 0, count: count)
      func pull(_ a: Int, _ b: Int, _ strength: (Double) -> Double) {
        let (across, down) = (x[b] - x[a], y[b] - y[a])
        let length = max((across * across + down * down).squareRoot(), 0.01)
        let force = strength(length) / length
        dx[a] += across * force
        dy[a] += down * force
        dx[b] -= across * force
        dy[b] -= down * force
      }
      for a in 0..<count {
        for b in (a + 1)..<max(count, a + 1) { pull(a, b) { -distance * distance / $0 } }
      }
      for line in lines where line.0 != line.1 { pull(line.0, line.1) { $0 * $0 / distance } }
      let step = distance * (1 - Double(round) / Double(rounds))
      for node in 0..<count {
        // A pull to the middle keeps parts that nothing joins together.
        dx[node] -= x[node] * 0.35
        dy[node] -= y[node] * 0.35
        let length = max((dx[node] * dx[node] + dy[node] * dy[node]).squareRoot(), 0.01)
        x[node] += dx[node] / length * min(length, step)
        y[node] += dy[node] / length * min(length, step)
      }
    }
    return fitted(x, y).map { (Int($0.x), Int($0.y)) }
  }

  // MARK: Room

  /// The most that places lie apart from left to right.
  static let width = 820.0
  /// What a node takes with what is written below it.
  private static let room = (width: 132.0, height: 76.0)

  /// Squeezed into the width, and then moved until no node stands in the room of another.
  private static func fitted(_ x: [Double], _ y: [Double]) -> [(x: Double, y: Double)] {
    guard let left = x.min(), let right = x.max(), let top = y.min() else { return [] }
    // Labels are wide, so the drawing is.
    let stretch = min(1.25, width / max(right - left, 1))
    var places = zip(x, y).map { (x: ($0 - left) * stretch, y: $1 - top) }
    for _ in 0..<rounds {
      var isSettled = true
      for a in places.indices {
        for b in places.indices.dropFirst(a + 1) {
          isSettled = !part(&places, a, b) && isSettled
        }
      }
      if isSettled { break }
    }
    let highest = places.map(\.y).min() ?? 0
    return places.map { ($0.x, $0.y - highest) }
  }

  /// Moves two nodes apart where one stands in the room of the other, the shorter way; whether it
  /// did.
  private static func part(
    _ places: inout [(x: Double, y: Double)], _ a: Int, _ b: Int
  ) -> Bool {
    let (across, down) = (places[b].x - places[a].x, places[b].y - places[a].y)
    let (lacksAcross, lacksDown) = (room.width - abs(across), room.height - abs(down))
    guard lacksAcross > 0.5, lacksDown > 0.5 else { return false }
    if lacksAcross / room.width < lacksDown / room.height {
      let move = (across < 0 ? -1 : 1) * lacksAcross / 2
      places[a].x = min(max(places[a].x - move, 0), width)
      places[b].x = min(max(places[b].x + move, 0), width)
    } else {
      let move = (down < 0 ? -1 : 1) * lacksDown / 2
      places[a].y -= move
      places[b].y += move
    }
    return true
  }
}
