import Testing

@testable import Engine

@Suite struct `Registers of an event` {
  @Test func `take what is present of an event, and all else as missing`() {
    let seed: UInt64 = 20_261_130
    var generator = SplitMix64(seed: seed)
    var mistakes = 0
    for slots in 0...41 {
      for _ in 0..<50 {
        let given = (0..<slots).map { _ in generator.next() }
        let givenStates = (0..<slots).map { _ in UInt8(generator.below(4)) }
        // Some registers before and after, which are none of theirs.
        var payloads = FixedArray(repeating: 7 as UInt64, count: slots + 9)
        var states = FixedArray(repeating: 9 as UInt8, count: slots + 9)
        take(given, givenStates, &payloads, &states)
        for register in 0..<slots + 9 {
          let isTheirs = 3..<slots + 3 ~= register
          let isPresent = isTheirs && givenStates[register - 3] == 0
          let payload = isPresent ? given[register - 3] : isTheirs ? 0 : 7
          let state: UInt8 = isPresent ? 0 : isTheirs ? 1 : 9
          if payloads[register] != payload || states[register] != state { mistakes += 1 }
        }
      }
    }
    #expect(mistakes == 0, "seed \(seed)")
  }

  private func take(
    _ given: [UInt64], _ givenStates: [UInt8], _ payloads: inout FixedArray<UInt64>,
    _ states: inout FixedArray<UInt8>
  ) {
    let registers = Registers(&payloads, &states, at: 3..<payloads.count - 2)
    registers.take(given.span, givenStates.span)
  }

  @Test func `take no more slots than there are registers`() async {
    await #expect(processExitsWith: .failure) {
      var payloads = FixedArray(repeating: 0 as UInt64, count: 4)
      var states = FixedArray(repeating: 0 as UInt8, count: 4)
      let registers = Registers(&payloads, &states, at: 0..<2)
      let given = [UInt64](repeating: 0, count: 3)
      let givenStates = [UInt8](repeating: 0, count: 3)
      registers.take(given.span, givenStates.span)
    }
  }
}
