import Testing

@testable import Engine

@Suite struct `A pair table` {
  private struct Place: Hashable {
    var key: UInt32
    var value: UInt32
    var window: Int
  }

  @Test(arguments: [1, 2, 3] as [Int]) func `agrees with a dictionary`(windowCount: Int) {
    let seed: UInt64 = 99
    var generator = SplitMix64(seed: seed)
    var table = PairTable(windowCount: windowCount)
    var oracle: [Place: UInt32] = [:]
    var mistakes = 0
    var greatest = 0
    for step in 0..<40_000 {
      // The number of pairs swells and shrinks, so that growth meets deletion.
      let isSwelling = step / 8_000 % 2 == 0
      let place = Place(
        key: UInt32(generator.below(4)), value: UInt32(1 + generator.below(1_500)),
        window: generator.below(windowCount))
      let count = oracle[place] ?? 0
      if table.count(key: place.key, value: place.value, window: place.window) != count {
        mistakes += 1
      }
      if generator.below(10) < (isSwelling ? 8 : 2) {
        let isFirst = table.add(key: place.key, value: place.value, window: place.window)
        if isFirst != (count == 0) { mistakes += 1 }
        oracle[place] = count + 1
      } else if count > 0 {
        let isLast = table.remove(key: place.key, value: place.value, window: place.window)
        if isLast != (count == 1) { mistakes += 1 }
        oracle[place] = count == 1 ? nil : count - 1
      }
      greatest = max(greatest, table.pairCount)
    }
    for (place, count) in oracle
    where table.count(key: place.key, value: place.value, window: place.window) != count {
      mistakes += 1
    }
    #expect(mistakes == 0, "seed \(seed)")
    let pairs = Set(oracle.keys.map { Place(key: $0.key, value: $0.value, window: 0) })
    #expect(table.pairCount == pairs.count)
    #expect(greatest > 2_000)
  }

  @Test func `is empty again when all was taken out in the middle of its growth`() {
    var table = PairTable(windowCount: 2)
    for count in 1...400 as ClosedRange<UInt32> {
      for value in 1...count { _ = table.add(key: 1, value: value, window: 1) }
      for value in 1...count {
        let isLast = table.remove(key: 1, value: value, window: 1)
        #expect(isLast)
      }
      #expect(table.pairCount == 0)
    }
  }

  @Test func `traps when it takes out what is not there`() async {
    await #expect(processExitsWith: .failure) {
      var table = PairTable(windowCount: 2)
      _ = table.add(key: 1, value: 1, window: 0)
      _ = table.remove(key: 1, value: 1, window: 1)
    }
    await #expect(processExitsWith: .failure) {
      var table = PairTable(windowCount: 1)
      _ = table.remove(key: 1, value: 1, window: 0)
    }
  }

  @Test func `finds all while its largest arrays move`() {
    // Enough for an array whose memory is given back in pieces as it empties.
    let count: UInt32 = 720_000
    var table = PairTable(windowCount: 0)
    var random = SplitMix64(seed: 7)
    var mistakes = 0
    for value in 1...count {
      if !table.insert(key: 9, value: value) { mistakes += 1 }
      if table.insert(key: 9, value: UInt32.random(in: 1...value, using: &random)) { mistakes += 1 }
    }
    for value in 1...count where table.insert(key: 9, value: value) { mistakes += 1 }
    #expect(mistakes == 0)
    #expect(table.pairCount == Int(count))
    // Slots of 8 bytes, never less than a third full once the old ones are gone.
    #expect(table.liveBytes >= 12 * Int(count) && table.liveBytes <= 24 * Int(count) + 4096)
  }
}
