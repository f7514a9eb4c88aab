import Testing

@testable import Explanation

@Suite struct `The drawing of evidence` {
  /// Stars that hang on each other, as farms do: as many nodes as evidence holds.
  private static let lines: [(Int, Int)] = (1..<40).map { (($0 - 1) / 6 * 5, $0) }

  @Test(arguments: [1, 2, 9, 30, 40])
  func `is no wider than a page and keeps names apart`(count: Int) {
    let lines = Self.lines.filter { $0.0 < count && $0.1 < count }
    let places = EvidenceLayout.places(count: count, lines: lines)
    #expect(places.count == count)
    #expect(places.allSatisfy { (0...Int(EvidenceLayout.width)).contains($0.x) && $0.y >= 0 })
    for (position, place) in places.enumerated() {
      for other in places[..<position] {
        let isApart = abs(place.x - other.x) >= 125 || abs(place.y - other.y) >= 70
        #expect(isApart, "\(place) stands in the room of \(other)")
      }
    }
  }

  @Test func `is the same each time`() {
    let (first, second) = (
      EvidenceLayout.places(count: 40, lines: Self.lines),
      EvidenceLayout.places(count: 40, lines: Self.lines)
    )
    #expect(first.map(\.x) == second.map(\.x) && first.map(\.y) == second.map(\.y))
  }
}
