import Model
import Program
import Testing

@testable import Engine

extension WindowStore {
  /// A store with windows of 100 and 10, entries up to 20 late.
  fileprivate init(sums: Int = 0, distincts: Int = 0) {
    self.init(
      plan: EventListPlan(
        event: 0, keySpace: 0, sumColumns: sums,
        distinctColumns: Array(repeating: 0, count: distincts), windows: [100, 10],
        lateMicroseconds: 20), keyCapacity: 1_000)
  }

  fileprivate mutating func push(
    _ key: UInt32, _ time: Int64, clock: Int64? = nil, sums: [Int64] = [], distincts: [UInt32] = []
  ) {
    push(
      key: key, time: time, clock: clock ?? time, sums: sums.span, distincts: distincts.span)
  }

  fileprivate mutating func read(
    _ key: UInt32, _ aggregate: Aggregate = .count, window: Int = 0, at time: Int64,
    clock: Int64? = nil, excluding: Bool = false
  ) -> SignalValue {
    read(
      key: key, window: window, aggregate: aggregate, at: time, clock: clock ?? time,
      excludingLastPush: excluding)
  }
}

@Suite struct `A window` {
  @Test func `leaves out its start and holds its end`() {
    var store = WindowStore()
    store.push(1, 0)
    store.push(1, 90)
    #expect(store.read(1, at: 99) == .int(2))
    #expect(store.read(1, at: 100) == .int(1))
    #expect(store.read(1, window: 1, at: 100) == .int(0))
  }

  @Test func `of a lone entry has the same bounds`() {
    var store = WindowStore(sums: 1, distincts: 1)
    store.push(1, 50, sums: [7], distincts: [3])
    store.push(2, 50, sums: [8], distincts: [0])
    #expect(store.states.liveBlocks == 0)
    #expect(store.read(1, at: 49, clock: 60) == .int(0))
    #expect(store.read(1, at: 149) == .int(1))
    #expect(store.read(1, .sum(column: 0), at: 149) == .int(7))
    #expect(store.read(1, .distinct(column: 0), at: 149) == .int(1))
    #expect(store.read(2, .distinct(column: 0), at: 149) == .int(0))
    #expect(store.read(2, at: 149) == .int(1))
    #expect(store.read(1, at: 150) == .int(0))
    #expect(store.read(1, .sum(column: 0), at: 150) == .int(0))
  }

  @Test func `is empty for a key that was never seen`() {
    var store = WindowStore(sums: 1)
    #expect(store.read(0, at: 5) == .int(0))
    #expect(store.read(7, .sum(column: 0), at: 5) == .int(0))
    store.push(9, 5, sums: [1])
    #expect(store.read(0, .sum(column: 0), at: 5) == .int(0))
    #expect(store.read(7, at: 5) == .int(0))
    #expect(store.read(900, at: 5) == .int(0))
  }

  @Test func `counts a late entry until it is later than allowed`() {
    var store = WindowStore()
    store.push(1, 200)
    // W + late = 120: after 80, and before.
    store.push(1, 81, clock: 200)
    #expect(store.read(1, at: 180, clock: 200) == .int(1))
    store.push(1, 80, clock: 200)
    #expect(store.read(1, at: 179, clock: 200) == .int(1))
    #expect(store.read(1, at: 200) == .int(1))
    #expect(store.read(1, window: 1, at: 85, clock: 200) == .int(0))
  }

  @Test func `holds every entry of one moment`() {
    var store = WindowStore(sums: 1)
    for number in 1...50 as ClosedRange<Int64> { store.push(1, 10, sums: [number]) }
    #expect(store.read(1, at: 10) == .int(50))
    #expect(store.read(1, .sum(column: 0), window: 1, at: 19) == .int(1_275))
    #expect(store.read(1, .sum(column: 0), window: 1, at: 20) == .int(0))
  }

  @Test func `leaves out exactly the current event`() {
    var store = WindowStore(sums: 1, distincts: 1)
    store.push(1, 1, sums: [5], distincts: [4])
    #expect(store.read(1, at: 1, excluding: true) == .int(0))
    store.push(1, 2, sums: [6], distincts: [4])
    #expect(store.read(1, .distinct(column: 0), at: 2, excluding: true) == .int(1))
    store.push(1, 2, sums: [7], distincts: [9])
    #expect(store.read(1, at: 2, excluding: true) == .int(2))
    #expect(store.read(1, .sum(column: 0), at: 2, excluding: true) == .int(11))
    #expect(store.read(1, .distinct(column: 0), at: 2, excluding: true) == .int(1))
    #expect(store.read(1, .distinct(column: 0), at: 2) == .int(2))
  }

  @Test func `leaves out nothing when the current event does not count`() {
    var store = WindowStore()
    store.push(1, 500)
    store.push(1, 10, clock: 500)
    #expect(store.read(1, at: 500, excluding: true) == .int(1))
    store.push(1, 495, clock: 500)
    #expect(store.read(1, at: 494, clock: 500, excluding: true) == .int(0))
    #expect(store.read(1, at: 500, excluding: true) == .int(1))
  }

  @Test func `sums exactly and faults only when the result does not fit`() {
    var store = WindowStore(sums: 1)
    store.push(1, 1, sums: [Int64.max])
    store.push(1, 2, sums: [Int64.max])
    #expect(store.read(1, .sum(column: 0), at: 2) == .error(.overflow))
    #expect(store.read(1, .sum(column: 0), at: 2, excluding: true) == .int(Int64.max))
    store.push(1, 3, sums: [Int64.min])
    store.push(1, 3, sums: [Int64.min])
    #expect(store.read(1, .sum(column: 0), at: 3) == .int(-2))
    #expect(store.read(1, .sum(column: 0), window: 1, at: 12) == .error(.overflow))
  }

  @Test func `keeps times that do not fit a record`() {
    var store = WindowStore()
    store.push(1, Int64.min + 1)
    store.push(2, Int64.min + 500)
    #expect(store.read(2, at: Int64.min + 500) == .int(1))
    store.push(3, Int64.max - 1)
    store.push(3, Int64.max)
    #expect(store.read(3, at: Int64.max) == .int(2))
    #expect(store.read(2, at: Int64.max) == .int(0))
  }

  @Test func `saturates distinct counts and says so`() {
    var store = WindowStore(distincts: 1)
    for value in 1...65_536 as ClosedRange<UInt32> { store.push(1, 50, distincts: [value]) }
    #expect(store.read(1, .distinct(column: 0), at: 50) == .int(65_536))
    store.push(1, 51, distincts: [65_537])
    #expect(store.read(1, .distinct(column: 0), at: 51) == .int(65_536, isTruncated: true))
    #expect(store.read(1, .distinct(column: 0), at: 51, excluding: true) == .int(65_536))
    #expect(store.read(1, .distinct(column: 0), at: 150) == .int(1))
  }

  @Test func `refuses what its owner must not do`() async {
    await #expect(processExitsWith: .failure) {
      var store = WindowStore()
      store.push(1, 10)
      store.push(1, 5)
    }
    await #expect(processExitsWith: .failure) {
      var store = WindowStore()
      store.push(1, 10)
      store.push(2, 10)
      _ = store.read(1, at: 10, excluding: true)
    }
    await #expect(processExitsWith: .failure) {
      var store = WindowStore(sums: 1)
      store.push(1, 10, sums: [1, 2])
    }
    await #expect(processExitsWith: .failure) {
      var store = WindowStore()
      store.push(0, 10)
    }
    await #expect(processExitsWith: .failure) {
      var store = WindowStore()
      store.push(1_000_000, 10)
    }
  }

  @Test func `costs a record for one entry, a chunk for few, a state and chunks for more`() {
    var store = WindowStore(sums: 1)
    for key in 1...500 as ClosedRange<UInt32> { store.push(key, 1, sums: [1]) }
    #expect(store.liveBytes == 501 * 16)
    #expect(store.layout.chunkBytes == 64)
    #expect(store.layout.chunkEntries == 3)
    store.push(1, 2, sums: [1])
    store.push(1, 2, sums: [1])
    #expect(store.liveBytes == 501 * 16 + 64)
    store.push(1, 3, sums: [1])
    #expect(store.liveBytes == 501 * 16 + store.layout.stateBytes + 2 * 64)
  }

  @Test func `reuses the chunk of a key whose few entries are old`() {
    var store = WindowStore(sums: 1)
    for entry in 1...100 as ClosedRange<Int64> {
      store.push(1, 60 * entry, sums: [entry])
      let previous = entry == 1 ? 0 : entry - 1
      #expect(store.read(1, .sum(column: 0), at: 60 * entry) == .int(entry + previous))
    }
    #expect(store.chunks.liveBlocks == 1)
    #expect(store.states.liveBlocks == 0)
  }
}

@Suite struct `The record of a key` {
  @Test func `never hides what there is to forget`() {
    let seed: UInt64 = 5
    var random = SplitMix64(seed: seed)
    var spared = 0
    for _ in 0..<20_000 {
      let shift = random.below(63)
      let time = Int64(bitPattern: random.next()) >> Int64(shift)
      let bound = random.once(in: 2) ? time &- Int64(random.below(1 << 30)) : time
      let idle = IdleTime(time)
      #expect(IdleTime(bits: idle.bits) == idle)
      let limits = RecordContent.Limits(bound)
      let number = UInt32(truncatingIfNeeded: random.next())
      for content in [RecordContent.few(number, idle: idle), .state(number, idle: idle)]
      where !limits.reach(content.word) {
        spared += 1
        #expect(time > bound, "seed \(seed): \(time), \(bound)")
      }
      if RecordContent.inlineTimes.contains(time) {
        #expect(
          limits.reach(RecordContent.single(time).word) == (time <= bound),
          "seed \(seed): \(time), \(bound)")
      }
      #expect(!limits.reach(RecordContent.empty.word))
    }
    #expect(spared > 1_000)
  }

  @Test func `spares a look at keys that were used within the window`() {
    let minute: Int64 = 60_000_000
    let noon: Int64 = 1_767_636_000_000_000
    let word = RecordContent.few(1, idle: IdleTime(noon)).word
    #expect(!RecordContent.Limits(noon - 5 * minute).reach(word))
    #expect(RecordContent.Limits(noon).reach(word))
    let least = RecordContent.state(1, idle: IdleTime(.min)).word
    #expect(RecordContent.Limits(.min).reach(least))
  }
}
