/// A cache line that the number in a slot leads to.
struct RecordLine: Hashable, BitwiseCopyable, Sendable {
  /// The address for number 0.
  var start: UInt
  /// Bytes from one number to the next.
  var stride: UInt32
  var slot: UInt32
}

/// Where the records of a store lie in memory, by number.
struct RecordColumn {
  /// The address of the record of number 0; 0 where there are no records.
  var start: UInt
  /// Bytes from one record to the next.
  var stride: Int

  /// No records.
  static let none = RecordColumn(start: 0, stride: 0)
}
