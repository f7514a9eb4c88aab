import CMeasures
import Engine
import Model
import Testing

@testable import Benchmarks

/// What the package of `Benchmarks hotpath` may cost in memory. The bytes follow from the stream
/// alone, so they are the same on every machine: raise a limit only for something worth its bytes.
@Suite struct `The state of the hot path` {
  @Test func `takes few bytes per account and little from the allocator`() throws {
    let package = try HotpathPackage(path: HotpathOptions([]).rules)
    var engine = try ScoringEngine(
      program: package.program, options: EngineOptions(rendersTexts: false))
    var stream = HotpathStream(seed: 42)
    var batch = EventBatch(capacity: 128)
    batch.count = 128
    var allocations: UInt64 = 0
    for round in 0..<20 {
      for index in 0..<batch.count { package.write(stream.next(), to: &batch.events[index]) }
      let before = measures_allocations()
      engine.apply(&batch)
      // By then the buffers of decisions have grown.
      if round >= 16 { allocations += measures_allocations() - before }
    }
    let accounts = Double(engine.accountCount(entity: 0))
    let memory = engine.memoryReport()
    #expect(Double(memory.keys) / accounts < 90)
    // Tables of pairs are between a third and two thirds full.
    #expect(Double(memory.windows) / accounts < 190)
    #expect(Double(memory.graph) / accounts < 146)
    #expect(Double(memory.attributes) / accounts < 1)
    // The benchmark counts 0.01 in a release build; without optimisation more is on the heap, but
    // nothing that is allocated for every event goes unseen.
    #expect(Double(allocations) / 512 < 1)
  }
}
