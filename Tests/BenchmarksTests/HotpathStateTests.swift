import CMeasures
import Engine
import Model
import Testing

@testable import Benchmarks

/// What the package of `Benchmarks hotpath` may cost in memory. The figures follow from the stream
/// alone, so they are the same on every machine: raise a limit only for something worth its bytes.
@Suite struct `The state of the hot path` {
  private static let warmUpEvents = 1_536
  private static let events = 512
  private static let batchEvents = 128

  @Test func `allocates nothing per event, and takes few bytes per account`() throws {
    let package = try HotpathPackage(path: HotpathOptions([]).rules)
    var engine = try ScoringEngine(
      program: package.program, options: EngineOptions(rendersTexts: false))
    var stream = HotpathStream(seed: 42)
    var batch = EventBatch(capacity: Self.batchEvents)
    var decision = Decision()
    var allocations: UInt64 = 0
    batch.count = Self.batchEvents
    for round in 0..<(Self.warmUpEvents + Self.events) / Self.batchEvents {
      for index in 0..<Self.batchEvents { package.write(stream.next(), to: &batch.events[index]) }
      let before = measures_allocations()
      if round % 2 == 0 {
        engine.apply(&batch)
      } else {
        for index in 0..<Self.batchEvents { _ = engine.apply(batch.events[index], into: &decision) }
      }
      // Until then buffers grow to what the events need.
      if round >= Self.warmUpEvents / Self.batchEvents {
        allocations += measures_allocations() - before
      }
    }
    #expect(allocations == 0)
    let accounts = Double(engine.accountCount(entity: 0))
    let memory = engine.memoryReport()
    #expect(Double(memory.keys) / accounts < 200)
    #expect(Double(memory.windows) / accounts < 900)
    #expect(Double(memory.graph) / accounts < 900)
    #expect(Double(memory.attributes) / accounts < 10)
  }
}
