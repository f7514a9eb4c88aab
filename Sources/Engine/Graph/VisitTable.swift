/// Which accounts a search has reached from either side. Emptied by taking a new stamp.
struct VisitTable: ~Copyable {
  /// One account; positions of its visits from 1, 0 when that side has not reached it.
  private struct Slot {
    var stamp: UInt32
    var account: UInt32
    var visits: (UInt32, UInt32)
  }

  private var slots: ReservedArray<Slot>
  /// Without slots; the larger table comes from it, for to map memory may wait.
  private var spare: ReservedArray<Slot>
  private var bits: Int
  private var stamp: UInt32
  private var count: Int

  private static let firstBits = 10

  init() {
    slots = ReservedArray(capacity: 4 * Reservation.keys)
    slots.open(zeros: 1 << Self.firstBits)
    spare = ReservedArray(capacity: 4 * Reservation.keys)
    bits = Self.firstBits
    stamp = 0
    count = 0
  }

  /// Forgets all accounts.
  mutating func clear() {
    count = 0
    if stamp == UInt32.max {
      slots.reset()
      slots.open(zeros: 1 << bits)
      stamp = 0
    }
    stamp += 1
  }

  /// The place of an account until the next one is asked for.
  @inline(__always)
  mutating func place(of account: UInt32) -> Int {
    if (count + 1) * 2 > slots.count { grow() }
    let place = probe(account)
    if slots[place].stamp != stamp {
      slots[place] = Slot(stamp: stamp, account: account, visits: (0, 0))
      count += 1
    }
    return place
  }

  /// The visit of one side at a place.
  @inline(__always)
  func visit(_ place: Int, _ side: EdgeSide) -> UInt32 {
    side == .out ? slots[place].visits.0 : slots[place].visits.1
  }

  /// Notes the visit of one side at a place.
  @inline(__always)
  mutating func setVisit(_ place: Int, _ side: EdgeSide, _ visit: UInt32) {
    if side == .out { slots[place].visits.0 = visit } else { slots[place].visits.1 = visit }
  }

  @inline(__always)
  private func probe(_ account: UInt32) -> Int {
    var place = Int((account &* 0x9E37_79B1) >> (32 - UInt32(bits)))
    while slots[place].stamp == stamp && slots[place].account != account {
      place = (place + 1) & (slots.count - 1)
    }
    return place
  }

  private mutating func grow() {
    spare.open(zeros: 2 * slots.count)
    swap(&slots, &spare)
    bits += 1
    for place in 0..<spare.count where spare[place].stamp == stamp {
      slots[probe(spare[place].account)] = spare[place]
    }
    spare.reset()
  }
}
