import Testing
import Values
import Wire

@testable import Replay

@Suite struct `A lane of the digest` {
  /// Alone, with what the owner does itself, and with a thread; each with a helper beside or none.
  @Test(arguments: [0, 2, 4], [false, true])
  func `gives what its lines give one by one`(processors: Int, hasHelper: Bool) throws {
    let lane = DigestLane()
    if processors > 0 { lane.start(processors: processors) }
    defer { lane.close() }
    let isOver = Monitor(false)
    let helper =
      hasHelper && processors > 0
      ? try OwnThread {
        while !isOver.wait(until: { _ in true }, { $0 }) { _ = lane.help() }
      } : nil
    defer {
      isOver.change { $0 = true }
      helper?.join()
    }
    var wanted = DecisionDigest()
    for round in 0..<3 {
      var lines = TextBuffer()
      for number in 0..<500 {
        // Now and then a buffer without a line, and one of many.
        for part in 0..<(number % 7) {
          let line = Array("[\(round),\(number),\(part)]".utf8)
          wanted.add(line: line.span)
          lines.append(line.span)
          lines.append(10)
        }
        lane.add(&lines)
        #expect(lines.count == 0)
      }
      #expect(lane.finish() == wanted.finish())
    }
    #expect(lane.finish() == wanted.finish(), "nothing was added since")
  }
}
