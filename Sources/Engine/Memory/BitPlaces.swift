/// The places of the bits that are set in a word, lowest first: lanes of a run, slots of a table.
struct BitPlaces {
  private var bits: UInt64

  @inline(__always)
  init(_ bits: UInt64) { self.bits = bits }

  /// Takes out the next place; nil when there is none.
  @inline(__always)
  mutating func next() -> Int? {
    if bits == 0 { return nil }
    let place = bits.trailingZeroBitCount
    bits &= bits &- 1
    return place
  }

  /// Bits of some places, of one at least, that came in at the top of a word one after the other,
  /// the lowest place first: each in its place.
  @inline(__always)
  static func settled(_ bits: UInt64, in places: Range<Int>) -> UInt64 {
    (bits &>> UInt64(UInt64.bitWidth &- places.count)) &<< UInt64(places.lowerBound)
  }
}
