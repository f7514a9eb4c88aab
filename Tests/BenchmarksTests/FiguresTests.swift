import Testing

@testable import Benchmarks

@Suite struct `The figures` {
  private static var figures: Figures {
    var figures = Figures()
    figures.add("benchmark", .text("a \"b\"\n"))
    figures.add("events", .number(12))
    figures.add("median", 1234.55, decimals: 1, in: "batch")
    figures.add("worst", 0.054, decimals: 2, in: "batch")
    figures.add("ratio", nil)
    figures.notes = ["why"]
    return figures
  }

  @Test func `are one object for programs, with null for what was not measured`() {
    #expect(
      Self.figures.json == """
        {
          "version": 2,
          "benchmark": "a \\"b\\"\\u000a",
          "events": 12,
          "batch": {"median": 1234.6, "worst": 0.05},
          "ratio": null,
          "notes": ["why"]
        }

        """)
  }

  @Test func `are lines for people, without what was not measured`() {
    var figures = Figures()
    figures.add("events", .number(12))
    figures.add("median", -0.25, decimals: 2, in: "batch")
    figures.add("ratio", nil)
    figures.notes = ["why"]
    #expect(figures.text == "events        12\nbatch.median  -0.25\nnote: why\n")
  }
}

@Suite struct `Quantiles of a sample` {
  @Test func `are members of it`() {
    let sample = Quantiles((1...100).reversed())
    #expect(sample[0] == 1)
    #expect(sample.median == 50)
    #expect(sample[0.99] == 99)
    #expect(sample.greatest == 100)
  }

  @Test func `are nil when it is empty`() {
    #expect(Quantiles([Int]()).median == nil)
    #expect(Quantiles([Int]()).greatest == nil)
  }
}
