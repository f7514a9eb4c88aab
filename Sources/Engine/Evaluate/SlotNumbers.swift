/// The numbers of the keys that one slot holds in some lanes.
///
/// *Requires* that every lane named is one of them. Release builds do not look again, because these
/// lanes are looked for once, and whoever takes them goes over no others. Debug builds do look.
@safe struct SlotNumbers: ~Escapable {
  /// That of lane 0, whether that is one of them or not.
  let first: UnsafePointer<UInt32>
  let slotsPerLane: Int
  let lanes: Range<Int>

  /// Those of a slot among the numbers of whole lanes.
  ///
  /// *Traps* when there is no such slot, or not all of these lanes.
  @inline(__always) @_lifetime(borrow numbers)
  init(
    _ numbers: borrowing FixedArray<UInt32>, slot: Int, slotsPerLane: Int, _ lanes: Range<Int>
  ) {
    precondition(
      slot >= 0 && slot < slotsPerLane && lanes.lowerBound >= 0
        && lanes.upperBound <= numbers.count && slotsPerLane <= numbers.count
        && lanes.upperBound * slotsPerLane <= numbers.count, "no such slot or lane")
    // SAFETY: it is there in each whole lane; the borrow lasts as long as this value.
    unsafe first = unsafe UnsafePointer(numbers.address(slot))
    self.slotsPerLane = slotsPerLane
    self.lanes = lanes
  }

  /// The number in a lane, 0 when missing.
  subscript(_ lane: Int) -> UInt32 {
    @inline(__always) get {
      assert(lanes.contains(lane), "no such lane")
      // SAFETY: in a lane that is there, as required.
      return unsafe first[lane &* slotsPerLane]
    }
  }
}
