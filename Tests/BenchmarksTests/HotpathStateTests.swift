import Engine
import Model
import Testing

@testable import Benchmarks

/// What the package of `Benchmarks hotpath` may cost in memory. The figures follow from the stream
/// alone, so they are the same on every machine: raise a limit only for something worth its bytes.
@Suite struct `The state of the hot path` {
  @Test func `takes few bytes per account`() throws {
    let package = try HotpathPackage(path: HotpathOptions([]).rules)
    var engine = try ScoringEngine(
      program: package.program, options: EngineOptions(rendersTexts: false))
    var stream = HotpathStream(seed: 42)
    var batch = EventBatch(capacity: 128)
    batch.count = 128
    for _ in 0..<16 {
      for index in 0..<batch.count { package.write(stream.next(), to: &batch.events[index]) }
      engine.apply(&batch)
    }
    let accounts = Double(engine.accountCount(entity: 0))
    let memory = engine.memoryReport()
    #expect(Double(memory.keys) / accounts < 200)
    #expect(Double(memory.windows) / accounts < 900)
    #expect(Double(memory.graph) / accounts < 900)
    #expect(Double(memory.attributes) / accounts < 10)
  }
}
