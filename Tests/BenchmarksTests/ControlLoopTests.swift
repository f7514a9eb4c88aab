import Testing

@testable import Benchmarks

@Suite struct `The loop beside the calls` {
  /// Figures of a loop that ran for ten milliseconds, by name.
  private func figures(of loop: ControlLoop, as name: String) -> [String: Figures.Value] {
    var loop = loop
    loop.run(nanoseconds: 10_000_000)
    var figures = Figures()
    loop.add(to: &figures, as: name, in: "load")
    return Dictionary(uniqueKeysWithValues: figures.entries.map { ($0.name, $0.value) })
  }

  @Test func `tells the longest gap between two looks at the clock`() throws {
    let figures = figures(of: ControlLoop(), as: "control")
    guard case .number(let worst)? = figures["control_worst_ns"] else {
      Issue.record("no longest gap: \(figures)")
      return
    }
    #expect(worst > 0)
    let isSlow = UInt64(worst) > CallTimes.slowNanoseconds
    #expect((figures["control_above_250_us"] != .number(0)) == isSlow)
  }

  @Test func `has as much memory as it is given`() throws {
    let loop = try #require(ControlLoop(memoryBytes: 3 << 20))
    #expect(loop.memoryBytes == 3 << 20)
    let found = figures(of: loop, as: "memory_control")
    #expect(
      Set(found.keys) == [
        "memory_control_above_250_us", "memory_control_above_250_us_displaced",
        "memory_control_worst_ns",
      ])
    #expect(ControlLoop(memoryBytes: 0)?.memoryBytes == nil)
    #expect(ControlLoop(memoryBytes: 1 << 60)?.memoryBytes == nil)
  }
}
