import Testing

@testable import Benchmarks

@Suite struct `Times of calls` {
  @Test func `tell those apart in which a hub was rebuilt`() {
    var times = CallTimes()
    times.note(1_000, rebuilt: false)
    times.note(300_000, rebuilt: true)
    times.note(20_000, rebuilt: true)
    times.note(250_001, rebuilt: false)
    var figures = Figures()
    times.add(to: &figures, in: "load")
    #expect(times.calls == 4 && times.nanoseconds == 571_001 && times.worst == 300_000)
    #expect(
      figures.entries.map(\.name) == [
        "above_250_us", "hub_rebuilds", "above_250_us_with_hub_rebuild",
        "worst_with_hub_rebuild_ns", "worst_without_hub_rebuild_ns",
      ])
    #expect(figures.entries.map(\.value) == [2, 2, 1, 300_000, 250_001].map { .number($0) })
  }

  @Test func `tell in which slow ones another thread had the processor, when that was looked at`() {
    var times = CallTimes()
    times.note(300_000, rebuilt: false, displaced: true)
    times.note(300_000, rebuilt: false, displaced: false)
    times.note(1_000, rebuilt: false, displaced: true)
    var figures = Figures()
    times.add(to: &figures, in: "load")
    let figure = figures.entries.first { $0.name == "above_250_us_displaced" }
    #expect(figure?.value == .number(1))
  }
}
