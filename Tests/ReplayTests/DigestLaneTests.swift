import Testing
import Wire

@testable import Replay

@Suite struct `A lane of the digest` {
  @Test(arguments: [false, true]) func `gives what its lines give one by one`(hasThread: Bool) {
    let lane = DigestLane()
    if hasThread { lane.start() }
    defer { lane.close() }
    var wanted = DecisionDigest()
    for round in 0..<3 {
      var lines: [UInt8] = []
      for number in 0..<500 {
        // Now and then a buffer without a line, and one of many.
        for part in 0..<(number % 7) {
          let line = Array("[\(round),\(number),\(part)]".utf8)
          wanted.add(line: line.span)
          lines += line + [10]
        }
        lane.add(&lines)
        #expect(lines.isEmpty)
      }
      #expect(lane.finish() == wanted.finish())
    }
    #expect(lane.finish() == wanted.finish(), "nothing was added since")
  }
}
