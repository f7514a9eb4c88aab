/// The thirty rules of `Benchmarks/hotpath.rules` as a programmer would write them by hand in
/// Swift, over stored values of their signals; `HandRules.c` is the same in C.
struct HandRules: ~Escapable {
  /// Values of 31 signals, `stride` apart, from `first` on.
  let values: Span<Int64>
  let first: Int
  let stride: Int
  /// A bit for each signal that is missing.
  let missing: UInt32

  @inline(__always)
  @_lifetime(copy values)
  init(_ values: Span<Int64>, first: Int, stride: Int, missing: UInt32) {
    self.values = values
    self.first = first
    self.stride = stride
    self.missing = missing
  }

  /// A condition: whether it holds, and whether it is not known.
  struct Condition {
    var holds: UInt32
    var unknown: UInt32

    @inline(__always)
    init(_ holds: Bool, _ unknown: UInt32) {
      self.holds = (holds ? 1 : 0) & (unknown ^ 1)
      self.unknown = unknown
    }

    @inline(__always)
    func and(_ other: Condition) -> Condition {
      var both = self
      both.holds = holds & other.holds
      let fails = ~holds & ~unknown | ~other.holds & ~other.unknown
      both.unknown = ~both.holds & ~fails & 1
      return both
    }

    @inline(__always)
    func or(_ other: Condition) -> Condition {
      var either = self
      either.holds = holds | other.holds
      either.unknown = (unknown | other.unknown) & ~either.holds & 1
      return either
    }
  }

  @inline(__always)
  private func at(_ signal: Int) -> Int64 { values[first &+ signal &* stride] }

  @inline(__always)
  private func gone(_ signal: Int) -> UInt32 { missing &>> UInt32(signal) & 1 }

  @inline(__always)
  private func more(_ signal: Int, _ than: Int64) -> Condition {
    Condition(at(signal) > than, gone(signal))
  }

  @inline(__always)
  private func less(_ signal: Int, _ than: Int64) -> Condition {
    Condition(at(signal) < than, gone(signal))
  }

  @inline(__always)
  private func isThere(_ signal: Int) -> Condition { Condition(at(signal) != 0, gone(signal)) }

  private static let points: InlineArray<30, Int32> = [
    5, 12, 19, 26, 10, 17, 24, 8, 15, 22, 6, 13, 20, 27, 11, 18, 25, 9, 16, 23, 7, 14, 21, 5, 12,
    19, 26, 10, 17, 24,
  ]

  /// Rules that fire and that are unknown, as bits, and the score.
  @inline(__always)
  func decide() -> (fires: UInt32, unknown: UInt32, score: Int32) {
    var (fires, unknown): (UInt32, UInt32) = (0, 0)
    func rule(_ number: UInt32, _ condition: Condition) {
      fires |= condition.holds &<< number
      unknown |= condition.unknown &<< number
    }
    rule(0, more(7, 3))
    rule(1, more(10, 2).and(more(7, 1)))
    rule(2, more(10, 4))
    rule(3, more(0, 10))
    rule(4, more(1, 40).and(Condition(at(6) &* 2 < at(3), gone(6) | gone(3))))
    rule(5, more(1, 20).and(Condition(at(0) &* 4 > at(1), gone(0) | gone(1))))
    rule(6, more(2, 100))
    rule(7, more(4, 500_000))
    rule(8, more(5, 3_000_000).and(less(6, 20)))
    rule(9, more(11, 20).and(more(14, 10)))
    rule(10, more(14, 50))
    rule(11, more(12, 30).and(more(18, 1).or(more(19, 1))))
    rule(12, more(17, 1))
    rule(13, more(17, 3))
    rule(14, more(15, 3).and(more(16, 5)))
    rule(15, more(18, 4).and(more(22, 7)))
    rule(16, more(19, 2))
    rule(17, more(20, 1))
    rule(18, more(21, 5).and(more(22, 3)))
    rule(19, more(22, 19))
    rule(20, more(22, 49).and(more(1, 5)))
    rule(21, more(23, 5).and(more(1, 10)))
    rule(22, isThere(24))
    rule(23, isThere(24).and(more(22, 3)))
    rule(24, isThere(25))
    rule(25, isThere(25).and(more(27, 10_000)))
    rule(26, less(26, 2).or(less(30, 2)))
    rule(27, less(26, 3).or(less(30, 3)).and(more(0, 3).or(more(10, 1))))
    rule(28, more(28, 1))
    rule(29, more(0, 5).and(more(11, 5)).and(more(27, 4_999)))
    var total: Int32 = 0
    var rest = fires
    while rest != 0 {
      total &+= Self.points[rest.trailingZeroBitCount]
      rest &= rest &- 1
    }
    return (fires, unknown, min(total, 100))
  }
}
