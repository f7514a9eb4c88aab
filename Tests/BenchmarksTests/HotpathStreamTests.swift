import Testing

@testable import Benchmarks

@Suite struct `The stream W1` {
  /// FNV-1a over the words of events, as a C program computed it over the reference's generator.
  private static func checksum(seed: UInt64, events: Int) -> (sum: UInt64, stream: HotpathStream) {
    var stream = HotpathStream(seed: seed)
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325
    for _ in 0..<events {
      let event = stream.next()
      var words = [UInt64(event.seconds), UInt64(event.amount), event.referrer, event.referee]
      for kind in event.identifiers.indices { words.append(event.identifiers[kind]) }
      words += [event.isLabel ? 1 : 0, UInt64(event.sequence)]
      for word in words { sum = (sum ^ word) &* 0x100_0000_01B3 }
    }
    return (sum, stream)
  }

  @Test(arguments: [
    (1, 0x900F_D2D1_B7A9_3E51 as UInt64), (2, 0xB716_3542_9FD9_E930), (1000, 0xE1A1_FB9E_FA5C_40E5),
    (100_000, 0x4759_5DF8_5F98_87D1),
  ])
  func `is the reference's number for number`(events: Int, expected: UInt64) {
    #expect(Self.checksum(seed: 42, events: events).sum == expected)
  }

  @Test func `grows to as many accounts as the reference's`() {
    #expect(Self.checksum(seed: 42, events: 100_000).stream.accounts == 85_879)
  }

  @Test func `follows its seed`() {
    #expect(Self.checksum(seed: 7, events: 100_000).sum == 0x9E95_A5E7_5C36_C51C)
  }
}
