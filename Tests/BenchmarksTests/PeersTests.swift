import Engine
import Model
import Program
import Testing

@testable import Benchmarks

@Suite struct `Shapes of other engines` {
  @Test(arguments: PeerShape.all.indices)
  func `are decided by the engine as they say`(number: Int) throws {
    let shape = PeerShape.all[number]
    let program = try shape.program()
    var engine = try ScoringEngine(program: program)
    var decision = Decision()
    var counts: Set<Int> = []
    for (event, asked) in zip(
      PeerShape.events(of: program.schema.events[0]), PeerShape.cases)
    {
      #expect(engine.apply(event, into: &decision))
      let holding = decision.rules.indices.filter { decision.rules[$0].outcome == .fires }
      let wanted = shape.answer(asked)
      #expect(decision.rules.count == shape.rules.count)
      #expect(holding.count == wanted.count && (holding.first.map { $0 + 1 } ?? 0) == wanted.first)
      counts.insert(wanted.first * 1_000 + wanted.count)
    }
    #expect(counts.count > 1, "all cases come to the same")
  }

  @Test func `are asked for by options`() throws {
    let options = try PeersOptions(["--events", "5_000", "--no-windows", "--python", "x"])
    #expect(options.events == 5_000 && !options.hasWindows && options.python == "x")
    #expect(throws: UsageError.self) { try PeersOptions(["--blocks"]) }
    #expect(throws: UsageError.self) { try PeersOptions(["--nothing"]) }
  }
}
