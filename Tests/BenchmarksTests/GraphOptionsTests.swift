import Model
import Program
import Testing

@testable import Benchmarks

@Suite struct `The options of graph` {
  @Test func `are those of the published figures by default`() throws {
    let options = try GraphOptions([])
    #expect(options.question == .clusters && options.stream == .w1)
    #expect(options.accounts == 1_000_000 && options.seed == 42 && options.asked == 100)
    #expect(options.rules == "Benchmarks/graph/w1_clusters.rules" && options.windowSeconds == 0)
  }

  @Test func `are read from the command line`() throws {
    let options = try GraphOptions([
      "--question", "rings", "--stream", "messages", "--events", "7", "--asked", "0",
    ])
    #expect(options.rules == "Benchmarks/graph/messages_rings.rules")
    #expect(options.hops == 4 && options.windowSeconds == 604_800)
    #expect(options.events == 7 && options.asked == 0)
  }

  @Test(arguments: [
    (["--question"], "--question needs a value"),
    (["--question", "trees"], "--question is one of clusters, rings, hops, not trees"),
    (["--stream", "w2"], "--stream is one of w1, messages, not w2"),
    (["--fast", "x"], "unknown argument --fast"),
  ])
  func `are refused with what is wrong`(arguments: [String], message: String) {
    #expect(throws: UsageError(message: message)) { try GraphOptions(arguments) }
  }

  @Test func `each have rules that compile`() throws {
    for stream in GraphOptions.Stream.allCases {
      for question in GraphOptions.Question.allCases {
        var options = try GraphOptions([])
        options.stream = stream
        options.question = question
        #expect(throws: Never.self) { try HotpathPackage(path: options.rules) }
      }
    }
  }
}
