import Model
import Program

extension ScoringEngine {
  /// Carries the state out, or in over an engine without one.
  ///
  /// An engine that takes a state in must run the same program under the same hash secret; it then
  /// goes on exactly as the one that gave it.
  ///
  /// *Throws* when the bytes are none of a state of this program, which leaves the engine unusable.
  public mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(Int(StateArchive.layout))
    try archive.transfer(&clock)
    try statistics.transfer(&archive)
    try records.transfer(&archive)
    try keys.transfer(&archive)
    try attributes.transfer(&archive)
    try signals.transfer(&archive)
    if archive.isReading { planAhead() }
    // Where the state ends, whatever follows it.
    try archive.expect(0x656E_6421)
  }
}
