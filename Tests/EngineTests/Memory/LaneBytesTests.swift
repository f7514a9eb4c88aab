import Testing

@testable import Engine

@Suite struct `Bytes of lanes` {
  @Test func `give each bit of all lanes`() {
    var random = SplitMix64(seed: 3)
    for _ in 0..<100 {
      var bytes = LaneBytes()
      var bits = [UInt64](repeating: 0, count: 8)
      let start = random.below(64)
      for lane in start..<start + 1 + random.below(64 - start) {
        let byte = UInt8(random.below(256))
        bytes.set(lane, byte)
        for place in 0..<8 where byte >> place & 1 != 0 { bits[place] |= 1 << UInt64(lane) }
      }
      for place in 0..<8 {
        let found = bytes.bits(UInt32(place))
        #expect(found == bits[place])
      }
    }
  }
}
