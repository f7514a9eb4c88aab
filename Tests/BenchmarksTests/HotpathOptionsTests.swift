import Testing

@testable import Benchmarks

@Suite struct `The options of hotpath` {
  @Test func `are those of the published figures by default`() throws {
    let options = try HotpathOptions([])
    #expect(options.accounts == 1_000_000)
    #expect(options.seed == 42)
    #expect(options.format == .text)
    #expect(options.reference != nil)
  }

  @Test func `are read from the command line`() throws {
    let options = try HotpathOptions([
      "--accounts", "10_000_000", "--events", "4096", "--format", "json", "--seed", "7",
      "--no-reference", "--texts", "--blocks-only",
    ])
    #expect(options.accounts == 10_000_000)
    #expect(options.events == 4096)
    #expect(options.format == .json)
    #expect(options.seed == 7)
    #expect(options.reference == nil)
    #expect(options.writesTexts)
    #expect(options.isInBlocksAlone)
  }

  @Test(arguments: [
    (["--accounts"], "--accounts needs a value"),
    (["--accounts", "0"], "--accounts is a number from 1000 to 100000000, not 0"),
    (["--events", "many"], "--events is a number from 1 to 1000000000, not many"),
    (["--format", "xml"], "--format is text or json, not xml"),
    (["--seed", "-1"], "--seed is a whole number, not -1"),
    (["--fast"], "unknown argument --fast"),
  ])
  func `are refused with what is wrong`(arguments: [String], message: String) {
    #expect(throws: UsageError(message: message)) { try HotpathOptions(arguments) }
  }
}
