/// (key, value) pairs with some bytes beside each, in an array that grows while it is used.
///
/// *Complexity*: expected constant; growing, twofold when two thirds are full, moves at most a few
/// dozen pairs with each new one.
struct PairMap: ~Copyable {
  private let inPlace = InPlace()
  private var current: PairSlots
  /// The array that comes next, empty, so that its pages are there in time; without slots until
  /// half of this one is full. The three take turns in address space that stays reserved.
  private var next: PairSlots
  /// The array being replaced; a pair is in one of the two.
  private var old: PairSlots
  /// Slots of the old array already carried over.
  private var swept = 0
  /// The greatest number of pairs before which no room need be made; 0 while an old array is
  /// carried over, and before that is known.
  private var calmCount = 0

  /// Where a pair is, or would be, until another is inserted or erased.
  struct Place {
    /// Negative for no such pair, see `PairSlots.find`.
    fileprivate var slot: Int
    fileprivate var isOld: Bool
    /// Whether there is such a pair.
    @inline(__always)
    var isThere: Bool { slot >= 0 }
  }

  private static let firstSlots = 64
  /// Slots of the old array carried over with each new pair, at least: two would do.
  private let sweepSlots: Int

  /// Creates an empty map with so many bytes beside each pair, a multiple of 8. With few slots at a
  /// time the old array stays longer; with many an event that brings many pairs takes longer.
  init(bytesBeside bytes: Int, sweepSlots: Int = 64) {
    self.sweepSlots = sweepSlots
    current = PairSlots(bytesBeside: bytes)
    current.open(slots: Self.firstSlots)
    next = PairSlots(bytesBeside: bytes)
    old = PairSlots(bytesBeside: bytes)
  }

  /// The pair of a key and a value, which is not 0.
  @inline(__always)
  static func pair(_ key: UInt32, _ value: UInt32) -> UInt64 {
    UInt64(key) << 32 | UInt64(value)
  }

  /// Pairs in the map.
  var count: Int { current.count + old.count }

  /// Bytes in use.
  var liveBytes: Int { current.liveBytes + old.liveBytes }

  /// Where a pair is.
  @inline(__always)
  func find(_ pair: UInt64) -> Place {
    let slot = current.find(pair)
    if slot < 0 && old.capacity > 0 {
      let oldSlot = findOld(pair)
      if oldSlot >= 0 { return Place(slot: oldSlot, isOld: true) }
    }
    return Place(slot: slot, isOld: false)
  }

  /// The slot of a pair in the array being replaced.
  @inline(never)
  private func findOld(_ pair: UInt64) -> Int { old.find(pair, from: swept) }

  /// Where the search for a pair begins, and where it mostly ends.
  @inline(__always)
  func prefetch(_ pair: UInt64, _ list: inout PrefetchList) { current.prefetch(pair, &list) }

  /// The same, asked for at once.
  @inline(__always)
  func prefetch(_ pair: UInt64) { current.prefetch(pair) }

  /// Adds a pair that is not here, as `find` said; its bytes are 0.
  @inline(__always)
  mutating func insert(_ pair: UInt64, _ place: Place) -> Place {
    if makeRoom() { return Place(slot: current.insert(pair), isOld: false) }
    current.insert(pair, at: ~place.slot)
    return Place(slot: ~place.slot, isOld: false)
  }

  /// Takes a pair away.
  mutating func erase(_ place: Place) {
    if place.isOld { old.erase(place.slot) } else { current.erase(place.slot) }
  }

  /// A value among the bytes beside a pair.
  @inline(__always)
  func load<Value: BitwiseCopyable>(_ place: Place, _ offset: Int, as type: Value.Type) -> Value {
    place.isOld
      ? old.load(place.slot, offset, as: type) : current.load(place.slot, offset, as: type)
  }

  @inline(__always)
  mutating func store<Value: BitwiseCopyable>(_ value: Value, _ place: Place, _ offset: Int) {
    if place.isOld {
      old.store(value, place.slot, offset)
    } else {
      current.store(value, place.slot, offset)
    }
  }

  /// Makes room for one more pair; whether others came for that.
  @inline(__always)
  private mutating func makeRoom() -> Bool {
    // There is no old array unless this count is 0.
    current.count < calmCount ? false : makeRoomSlowly()
  }

  @inline(never)
  private mutating func makeRoomSlowly() -> Bool {
    let isSweeping = old.capacity > 0
    if isSweeping { sweep() }
    let pairs = count + 1
    if pairs * 2 > current.capacity && next.capacity == 0 {
      next.open(slots: 2 * current.capacity)
    }
    let isFull = pairs * 3 > current.capacity * 2
    if isFull { grow() }
    calmCount =
      old.capacity > 0
      ? 0 : next.capacity == 0 ? current.capacity / 2 : current.capacity * 2 / 3
    return isSweeping || isFull
  }

  @inline(never)
  private mutating func grow() {
    while old.capacity > 0 { sweep() }
    swap(&current, &old)
    swap(&current, &next)
    sweep()
  }

  /// Carries over some slots.
  @inline(never)
  private mutating func sweep() {
    swept = old.give(from: swept, slots: sweepSlots, to: &current)
    if swept == old.capacity {
      old.close()
      swept = 0
    } else {
      old.release(below: swept)
    }
  }
}

extension PairMap {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try current.transfer(&archive)
    try old.transfer(&archive)
    try archive.transfer(&swept)
    if current.capacity == 0 || swept < 0 || swept > old.capacity { throw .damaged }
    if archive.isReading { calmCount = 0 }
  }
}
