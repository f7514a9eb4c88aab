import Testing

@testable import Engine

@Suite struct `Texts hashed side by side` {
  private let secret = HashSecret(first: 0x0706_0504_0302_0100, second: 0x0F0E_0D0C_0B0A_0908)

  @Test func `have the keys they have alone, at every length`() {
    var lanes = TextLanes(secret)
    for length in 0...TextLanes.mostBytes {
      let text = (0..<length).map { UInt8($0 + length) }
      lanes.append(text.span)
      lanes.hash()
      #expect(lanes.key(0) == KeyHasher.key(of: text.span, secret), "length \(length)")
    }
  }

  @Test func `have the keys they have alone, whichever and however many they are`() {
    let seed: UInt64 = 20_261_127
    var generator = SplitMix64(seed: seed)
    var lanes = TextLanes(secret)
    var mistakes = 0
    for round in 0..<20_000 {
      let longest = 1 + generator.below(TextLanes.mostBytes)
      let texts = (0..<1 + round % TextLanes.lanes).map { _ in
        (0..<generator.below(longest + 1)).map { _ in
          UInt8(truncatingIfNeeded: generator.next())
        }
      }
      for text in texts { lanes.append(text.span) }
      if lanes.count != texts.count || lanes.isFull != (texts.count == 8) { mistakes += 1 }
      lanes.hash()
      for (position, text) in texts.enumerated()
      where lanes.key(position) != KeyHasher.key(of: text.span, secret) { mistakes += 1 }
      if lanes.count != 0 { mistakes += 1 }
    }
    #expect(mistakes == 0, "seed \(seed)")
  }

  @Test func `are eight at most`() async {
    await #expect(processExitsWith: .failure) {
      var lanes = TextLanes(.published)
      for _ in 0..<9 { lanes.append(Span()) }
    }
  }

  @Test func `are no longer than there is room for`() async {
    await #expect(processExitsWith: .failure) {
      var lanes = TextLanes(.published)
      let text = [UInt8](repeating: 0, count: TextLanes.mostBytes + 1)
      lanes.append(text.span)
    }
  }
}
