/// How much address space the stores of an engine reserve.
///
/// Address space is free until it is touched; these bound what a machine of any size can be asked
/// for, and leave room for thousands of stores below the 128 TiB of a process.
enum Reservation {
  /// Keys of one space. Three times what 24 GiB of memory has been seen to hold.
  static let keys = 1 << 28
  /// Bytes of one pool of chunks or window states.
  static let poolBytes = 1 << 34
}
