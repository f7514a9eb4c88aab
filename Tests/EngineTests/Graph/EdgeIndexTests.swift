import Testing

@testable import Engine

@Suite struct `An index of edges` {
  @Test func `finds all edges while a large one is carried over, and none that were removed`() {
    var records = ReservedArray<EdgeRecord>(capacity: 100_000)
    records.use(count: 90_000)
    var index = EdgeIndex(capacity: 100_000)
    var removed: Set<UInt32> = []
    var (mistakes, looks) = (0, 0)
    for edge in 1..<80_000 as Range<UInt32> {
      records[Int(edge)] = EdgeRecord(
        time: 0, from: edge % 500 + 1, to: edge, fromChunk: 0, toChunk: 0)
      index.insert(edge, records)
      // 131,072 slots are full with 78,643 edges, and go over in 512 steps.
      guard edge > 78_600 && edge.isMultiple(of: 16) else { continue }
      let gone = edge * 31 % 78_000 + 1
      if removed.insert(gone).inserted { index.remove(gone, records) }
      looks += 1
      for other in stride(from: 1, through: edge, by: 61) {
        let found = index.find(other % 500 + 1, other, records)
        if found != (removed.contains(other) ? 0 : other) { mistakes += 1 }
      }
    }
    #expect(mistakes == 0 && looks > 80)
    #expect(index.count == 79_999 - removed.count)
  }
}
