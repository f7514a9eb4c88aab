import Testing

@testable import Engine

@Suite struct `Slots of pairs` {
  @Test(arguments: [1, 2, 63, 64, 65, 130, 256, 300])
  func `give away those of some slots, and what follows without a gap`(slots: Int) {
    var random = SplitMix64(seed: 7)
    for _ in 0..<10 {
      var source = PairSlots(bytesBeside: 8)
      var other = PairSlots(bytesBeside: 8)
      source.open(slots: 256)
      other.open(slots: 512)
      let pairs = (1...1 + random.below(170)).map {
        PairMap.pair(UInt32($0), UInt32(1 + random.below(1_000)))
      }
      for pair in pairs { source.store(~pair, source.insert(pair), 0) }
      let places = pairs.map { source.find($0) }
      var end = min(slots, 256)
      while end < 256 && places.contains(end) { end += 1 }
      let found = source.give(from: 0, slots: slots, to: &other)
      #expect(found == end)
      for (pair, place) in zip(pairs, places) {
        let (here, there) = (source.find(pair), other.find(pair))
        #expect(place < end ? here < 0 : here == place)
        #expect(place < end ? there >= 0 : there < 0)
        let beside: UInt64 =
          place < end
          ? other.load(there, 0, as: UInt64.self) : source.load(here, 0, as: UInt64.self)
        #expect(beside == ~pair)
      }
      let given = places.filter { $0 < end }.count
      let (left, taken) = (source.count, other.count)
      #expect(left == pairs.count - given && taken == given)
    }
  }
}
