internal import CColumns

/// A few bits of each lane of a run, from which comes a word with one bit of all of them.
struct LaneBytes {
  private var bytes = columns_lane_bytes()

  /// Notes the bits of a lane.
  ///
  /// *Requires* one of the lanes there are, of which debug builds make sure.
  @inline(__always)
  mutating func set(_ lane: Int, _ byte: UInt8) {
    assert(lane >= 0 && lane < Int(columns_lanes), "no such lane")
    // SAFETY: there is a byte for each lane there is, as required.
    unsafe withUnsafeMutableBytes(of: &bytes) {
      unsafe $0.baseAddress.unsafelyUnwrapped.storeBytes(
        of: byte, toByteOffset: lane, as: UInt8.self)
    }
  }

  /// The bit at a place below 8 of all lanes, lane 0 lowest; 0 for those not noted.
  @inline(__always)
  func bits(_ place: UInt32) -> UInt64 {
    // SAFETY: read only for the length of the call.
    unsafe withUnsafePointer(to: bytes) { unsafe columns_lane_bits($0, place) }
  }
}
