/// Numbers keys densely from 1 in order of first sight.
///
/// *Shape*: an index of 8-byte slots, the top 32 bits of the key and its number, over an array of
/// the keys' lower halves that settles equal tags. Together they are 96 bits of a hash under a
/// secret: among 2²⁸ keys, as many as fit, two are alike once in 2⁴¹ tables. The home of a slot is
/// the top bits of its tag, so doubling keeps the order and the old index is carried over in one
/// sequential sweep, 64 slots with each new key.
/// *Complexity*: expected constant; one growth step at most per new key.
struct KeyTable: ~Copyable {
  /// Slots of the index, `tag << 32 | id`; 0 is empty. A power of two of them.
  private var slots: ReservedArray<UInt64>
  private var bits: UInt64
  /// The index that comes next, empty, so that its pages are there in time; without slots until
  /// half of this one is full.
  private var nextSlots: ReservedArray<UInt64>
  /// The index being replaced; empty when none is. What was swept from it must not be read.
  private var oldSlots: ReservedArray<UInt64>
  private var oldBits: UInt64
  /// Slots of the old index already carried over.
  private var swept: Int
  /// The lower halves of the keys by number; place 0 stays empty.
  private var halves: ReservedArray<UInt64>

  /// Swept slots given back at a time.
  private let releaseSlots: Int

  /// Creates an empty table for at most `capacity` keys.
  ///
  /// `releaseSlots` is a huge page of slots; tests give less to see it happen.
  init(capacity: Int = Reservation.keys, releaseSlots: Int = 1 << 18) {
    self.releaseSlots = releaseSlots
    precondition(capacity <= 1 << 31, "a tag holds the home of at most 2³² slots")
    bits = Self.initialBits
    slots = ReservedArray(zeros: 1 << Int(bits))
    nextSlots = ReservedArray(zeros: 0)
    oldBits = 0
    oldSlots = ReservedArray(zeros: 0)
    swept = 0
    halves = ReservedArray(capacity: capacity + 1)
    halves.use(count: 1)
  }

  /// Number of keys, which is also the greatest number given.
  var count: Int { halves.count - 1 }

  /// The lower half of the key of a number.
  ///
  /// *Traps* when no key has it.
  func half(of number: UInt32) -> UInt64 { halves[Int(number)] }

  /// Whether an old index is still being carried over.
  var isGrowing: Bool { oldSlots.count > 0 }

  /// Bytes in use.
  var liveBytes: Int { slots.liveBytes + oldSlots.liveBytes + halves.liveBytes }

  /// The number of a key, or 0 if it was never seen.
  @inline(__always)
  func find(_ key: Key128) -> UInt32 {
    let found = find(key, in: slots, bits: bits)
    if found != 0 || oldSlots.count == 0 { return found }
    // Clusters are swept whole, so what is left of the old index is complete from its homes on.
    return find(key, in: oldSlots, bits: oldBits)
  }

  /// Brings nearer where the search for a key begins.
  @inline(__always)
  func prefetchSlot(_ key: Key128, _ list: inout PrefetchList) {
    let slot = UInt64(Self.tag(key)) << 32
    slots.prefetch(Self.home(slot, bits), &list)
    if oldSlots.count != 0 { oldSlots.prefetch(Self.home(slot, oldBits), &list) }
  }

  /// The number a key probably has, 0 if it was probably never seen; brings nearer what settles it.
  @inline(__always)
  func foresee(_ key: Key128, _ list: inout PrefetchList) -> UInt32 {
    let tag = Self.tag(key)
    var number = Self.firstNumber(tag, in: slots, bits: bits)
    if number == 0 && oldSlots.count != 0 {
      number = Self.firstNumber(tag, in: oldSlots, bits: oldBits)
    }
    if number != 0 { halves.prefetch(Int(number), &list) }
    return number
  }

  /// As `intern`, of a key for which a number was foreseen, or with any other that is none.
  @inline(__always)
  mutating func intern(_ key: Key128, foreseen number: UInt32) -> UInt32 {
    // The tags were equal when it was foreseen, and no number changes its tag.
    if number != 0 && Int(number) < halves.count && halves[Int(number)] == key.low {
      return number
    }
    return intern(key)
  }

  /// The number of a key, given now if it was never seen.
  ///
  /// *Traps* when the capacity is exceeded.
  mutating func intern(_ key: Key128) -> UInt32 {
    let found = find(key)
    if found != 0 { return found }
    makeRoom()
    let id = UInt32(truncatingIfNeeded: halves.count)
    halves.append(key.low)
    place(Self.slot(tag: Self.tag(key), id: id))
    return id
  }

  // MARK: Probing

  @inline(__always)
  private func find(_ key: Key128, in slots: borrowing ReservedArray<UInt64>, bits: UInt64)
    -> UInt32
  {
    let tag = Self.tag(key)
    let mask = slots.count &- 1
    var index = Self.home(UInt64(tag) << 32, bits)
    while true {
      let slot = slots[index]
      if slot == 0 { return 0 }
      if Self.tag(slot) == tag {
        let id = Self.id(slot)
        if halves[Int(id)] == key.low { return id }
      }
      index = (index &+ 1) & mask
    }
  }

  /// The number in the first slot with a tag; 0 when there is none.
  @inline(__always)
  private static func firstNumber(
    _ tag: UInt32, in slots: borrowing ReservedArray<UInt64>, bits: UInt64
  ) -> UInt32 {
    let mask = slots.count &- 1
    var index = home(UInt64(tag) << 32, bits)
    while true {
      let slot = slots[index]
      if slot == 0 || Self.tag(slot) == tag { return id(slot) }
      index = (index &+ 1) & mask
    }
  }

  @inline(__always)
  private mutating func place(_ slot: UInt64) {
    var index = Self.home(slot, bits)
    while slots[index] != 0 { index = next(index) }
    slots[index] = slot
  }

  @inline(__always)
  private func next(_ index: Int) -> Int {
    (index &+ 1) & (slots.count &- 1)
  }

  // MARK: Growth

  @inline(__always)
  private mutating func makeRoom() {
    if oldSlots.count > 0 { sweep() }
    if halves.count * 2 > slots.count && nextSlots.count == 0 {
      nextSlots = ReservedArray(zeros: 2 * slots.count)
    }
    if halves.count * 5 > slots.count * 3 { grow() }
  }

  private mutating func grow() {
    // The old index is gone long before: carrying it over takes an inserted key per 64 slots.
    precondition(oldSlots.count == 0, "index full before the previous growth ended")
    precondition(nextSlots.count == 2 * slots.count, "the next index was made at half of this one")
    swap(&slots, &oldSlots)
    swap(&slots, &nextSlots)
    oldBits = bits
    swept = 0
    bits += 1
    sweep()
  }

  /// Carries over some slots, then on to the end of the cluster: a cluster is in one index or the
  /// other.
  private mutating func sweep() {
    let start = swept
    let end = oldSlots.count
    while swept < end && (swept - start < Self.sweepSlots || oldSlots[swept] != 0) {
      let slot = oldSlots[swept]
      if slot != 0 { place(slot) }
      swept += 1
    }
    // Page by page, so that releasing a gigabyte does not stall the event that ends the sweep.
    let released = start / releaseSlots * releaseSlots
    let releasable = swept / releaseSlots * releaseSlots
    if released < releasable { oldSlots.discard(released..<releasable) }
    if swept == end {
      oldSlots = ReservedArray(zeros: 0)
      oldBits = 0
      swept = 0
    }
  }

  private static let initialBits: UInt64 = 8
  private static let sweepSlots = 64

  // MARK: Slots

  @inline(__always)
  private static func slot(tag: UInt32, id: UInt32) -> UInt64 { UInt64(tag) << 32 | UInt64(id) }

  @inline(__always)
  private static func tag(_ key: Key128) -> UInt32 { UInt32(truncatingIfNeeded: key.high &>> 32) }

  @inline(__always)
  private static func tag(_ slot: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: slot &>> 32) }

  @inline(__always)
  private static func id(_ slot: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: slot) }

  @inline(__always)
  private static func home(_ slot: UInt64, _ bits: UInt64) -> Int {
    Int(truncatingIfNeeded: slot &>> (64 &- bits))
  }
}

extension KeyTable {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try slots.transfer(&archive)
    try oldSlots.transfer(&archive)
    try halves.transfer(&archive)
    try archive.transfer(&bits)
    try archive.transfer(&oldBits)
    try archive.transfer(&swept)
  }
}
