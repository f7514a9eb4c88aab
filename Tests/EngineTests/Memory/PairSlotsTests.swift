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

  @Test(arguments: [0, 8, 16] as [Int])
  func `find each pair, and no other, however full they are`(bytesBeside: Int) {
    var random = SplitMix64(seed: 19)
    for round in 0..<200 {
      var slots = PairSlots(bytesBeside: bytesBeside)
      slots.open(slots: 64)
      var found: [UInt64: Int] = [:]
      // Keys and values are alike, so that halves of pairs are met often; some values are 0.
      for _ in 0..<random.below(60) {
        let pair = PairMap.pair(UInt32(1 + random.below(9)), UInt32(random.below(9)))
        let slot = slots.find(pair)
        #expect(slot == found[pair] ?? slot && (slot < 0) == (found[pair] == nil))
        if slot >= 0 { continue }
        let taken = Set(found.values)
        #expect(!taken.contains(~slot) && ~slot < 64)
        slots.insert(pair, at: ~slot)
        found[pair] = ~slot
      }
      for key in 1...9 as ClosedRange<UInt32> {
        for value in 0...9 as ClosedRange<UInt32> {
          let pair = PairMap.pair(key, value)
          let slot = slots.find(pair)
          #expect(found[pair].map { $0 == slot } ?? (slot < 0), "round \(round)")
        }
      }
    }
  }

  @Test func `take the first that is free behind their home`() {
    // One after the other by hand, beginning anew at the end.
    var random = SplitMix64(seed: 23)
    for _ in 0..<100 {
      var slots = PairSlots(bytesBeside: 8)
      slots.open(slots: 64)
      for _ in 0..<50 {
        let pair = PairMap.pair(UInt32(1 + random.below(1_000)), UInt32(1 + random.below(1_000)))
        let slot = slots.find(pair)
        if slot >= 0 { continue }
        let taken = slots.insert(pair)
        #expect(taken == ~slot)
      }
    }
  }
}

@Suite struct `Maps of pairs` {
  @Test func `double when two thirds are full, whatever was erased, and find what a set finds`() {
    var random = SplitMix64(seed: 29)
    for _ in 0..<5 {
      var map = PairMap(bytesBeside: 8, sweepSlots: 8)
      var expected: Set<UInt64> = []
      var slots = 64
      var mistakes = 0
      for step in 0..<6_000 {
        let pair = PairMap.pair(UInt32(1 + random.below(60)), UInt32(1 + random.below(60)))
        let place = map.find(pair)
        if place.isThere != expected.contains(pair) { mistakes += 1 }
        if place.isThere {
          if map.load(place, 0, as: UInt64.self) != pair { mistakes += 1 }
          guard random.once(in: step < 3_000 ? 4 : 1) else { continue }
          map.erase(place)
          expected.remove(pair)
        } else {
          if (expected.count + 1) * 3 > slots * 2 { slots *= 2 }
          map.store(pair, map.insert(pair, place), 0)
          expected.insert(pair)
        }
        if map.count != expected.count { mistakes += 1 }
        // An array of twice as many, and what is left of the one before.
        if !(slots * 16...slots * 24).contains(map.liveBytes) { mistakes += 1 }
      }
      #expect(mistakes == 0 && slots >= 2_048)
    }
  }
}
