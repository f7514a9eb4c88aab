/// What a walk has reached, by a number in one of several spaces. Emptied by taking a new stamp.
struct MarkTable: ~Copyable {
  private struct Slot {
    var key: UInt64
    var stamp: UInt32
    var mark: UInt32
  }

  private var slots: ReservedArray<Slot>
  /// Without slots; the larger table comes from it, for to map memory may wait.
  private var spare: ReservedArray<Slot>
  private var bits: Int
  private var stamp: UInt32
  private var count: Int

  init() {
    bits = 10
    slots = ReservedArray(capacity: 4 * Reservation.keys)
    slots.open(zeros: 1 << bits)
    spare = ReservedArray(capacity: 4 * Reservation.keys)
    stamp = 0
    count = 0
  }

  /// Forgets everything.
  mutating func clear() {
    count = 0
    if stamp == UInt32.max {
      slots.reset()
      slots.open(zeros: 1 << bits)
      stamp = 0
    }
    stamp += 1
  }

  /// The mark of a number; 0 when it was not reached.
  func mark(space: Int, _ number: UInt32) -> UInt32 {
    let slot = slots[probe(Self.key(space, number))]
    return slot.stamp == stamp ? slot.mark : 0
  }

  /// Marks a number, with anything but 0.
  mutating func set(space: Int, _ number: UInt32, _ mark: UInt32) {
    if (count + 1) * 2 > slots.count { grow() }
    let place = probe(Self.key(space, number))
    if slots[place].stamp != stamp { count += 1 }
    slots[place] = Slot(key: Self.key(space, number), stamp: stamp, mark: mark)
  }

  /// Marks a number that was not reached with anything but 0; the mark it had, 0 where it had none.
  mutating func mark(space: Int, _ number: UInt32, asFirst mark: UInt32) -> UInt32 {
    if (count + 1) * 2 > slots.count { grow() }
    let key = Self.key(space, number)
    let place = probe(key)
    let slot = slots[place]
    if slot.stamp == stamp { return slot.mark }
    count += 1
    slots[place] = Slot(key: key, stamp: stamp, mark: mark)
    return 0
  }

  @inline(__always)
  private func probe(_ key: UInt64) -> Int {
    var place = Int((key &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits))
    while slots[place].stamp == stamp && slots[place].key != key {
      place = (place + 1) & (slots.count - 1)
    }
    return place
  }

  private mutating func grow() {
    spare.open(zeros: 2 * slots.count)
    swap(&slots, &spare)
    bits += 1
    for place in 0..<spare.count where spare[place].stamp == stamp {
      slots[probe(spare[place].key)] = spare[place]
    }
    spare.reset()
  }

  private static func key(_ space: Int, _ number: UInt32) -> UInt64 {
    UInt64(space) << 32 | UInt64(number)
  }
}
