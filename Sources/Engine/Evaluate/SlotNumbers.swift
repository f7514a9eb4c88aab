/// The numbers of the keys that one slot holds in every lane.
@safe struct SlotNumbers: ~Escapable {
  private let first: UnsafePointer<UInt32>
  private let slotsPerLane: Int
  private let lanes: Int

  /// Those of a slot among the numbers of whole lanes.
  ///
  /// *Traps* when there is no such slot, or no lane.
  @inline(__always) @_lifetime(borrow numbers)
  init(_ numbers: borrowing FixedArray<UInt32>, slot: Int, slotsPerLane: Int) {
    precondition(
      slot >= 0 && slot < slotsPerLane && slotsPerLane <= numbers.count, "no such slot")
    // SAFETY: it is there in each whole lane; the borrow lasts as long as this value.
    unsafe first = unsafe UnsafePointer(numbers.address(slot))
    self.slotsPerLane = slotsPerLane
    lanes = numbers.count / slotsPerLane
  }

  /// The number in a lane, 0 when missing.
  ///
  /// *Traps* when there is no such lane.
  subscript(_ lane: Int) -> UInt32 {
    @inline(__always) get {
      precondition(UInt(bitPattern: lane) < UInt(bitPattern: lanes), "no such lane")
      // SAFETY: in a lane that is there.
      return unsafe first[lane &* slotsPerLane]
    }
  }
}
