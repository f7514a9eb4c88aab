import Testing

@testable import Service

@Suite struct `A metrics registry` {
  @Test func `writes the text a scraper reads`() {
    let registry = MetricsRegistry()
    registry.counter("a_total", help: "A\nb.", labels: [(name: "l", value: "x\"\\y")]).add(3)
    registry.counter("a_total", help: "A\nb.", labels: [(name: "l", value: "z")]).add()
    registry.gauge("g", help: "G.").set(-2)
    let histogram = registry.histogram("h_seconds", help: "H.", bounds: [0.5, 1])
    for value in [0.25, 0.5, 0.75, 4] { histogram.observe(value) }
    #expect(
      registry.text() == """
        # HELP a_total A\\nb.
        # TYPE a_total counter
        a_total{l="x\\"\\\\y"} 3
        a_total{l="z"} 1
        # HELP g G.
        # TYPE g gauge
        g -2
        # HELP h_seconds H.
        # TYPE h_seconds histogram
        h_seconds_bucket{le="0.5"} 2
        h_seconds_bucket{le="1.0"} 3
        h_seconds_bucket{le="+Inf"} 4
        h_seconds_sum 5.5
        h_seconds_count 4

        """)
  }

  @Test func `gives the same metric for the same name and labels`() {
    let registry = MetricsRegistry()
    let first = registry.counter("a_total", help: "A.")
    #expect(registry.counter("a_total", help: "A.") === first)
    #expect(registry.counter("b_total", help: "B.") !== first)
  }

  @Test func `loses no count to another thread`() async {
    let registry = MetricsRegistry()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<10_000 {
            registry.counter("a_total", help: "A.").add()
            registry.histogram("h", help: "H.", bounds: [1]).observe(1)
          }
        }
      }
    }
    #expect(registry.counter("a_total", help: "A.").value == 40_000)
    #expect(registry.histogram("h", help: "H.", bounds: [1]).reading.count == 40_000)
  }
}
