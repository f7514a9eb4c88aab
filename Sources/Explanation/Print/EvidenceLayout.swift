internal import Foundation

/// Places for the nodes of a small graph: springs along lines, repulsion between all nodes, from a
/// circle on, in a fixed number of steps. The same graph always looks the same.
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
    let left = x.min() ?? 0
    let top = y.min() ?? 0
    // Labels are wide, so the drawing is.
    return (0..<count).map { (Int((x[$0] - left) * 1.25), Int(y[$0] - top)) }
  }
}
