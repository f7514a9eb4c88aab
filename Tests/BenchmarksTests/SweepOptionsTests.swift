import Testing

@testable import Benchmarks

@Suite struct `The options of a sweep` {
  @Test func `are read`() throws {
    let options = try SweepOptions(["--world-accounts", "500", "--replays", "2", "--seed", "7"])
    #expect(options.worldAccounts == 500 && options.replays == 2 && options.seed == 7)
    #expect(try SweepOptions([]) == SweepOptions(["--rules", "Rules", "--format", "text"]))
  }

  @Test func `are refused when they are wrong`() {
    for arguments in [
      ["--replays"], ["--replays", "0"], ["--world-accounts", "x"], ["--x", "1"],
    ] {
      #expect(throws: UsageError.self) { try SweepOptions(arguments) }
    }
  }
}
