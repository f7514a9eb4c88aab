/// What an engine counted since it was made. Nothing is skipped silently: it is skipped here.
public struct EngineStatistics: Hashable, Sendable {
  /// Events applied.
  public var events: UInt64 = 0
  /// Events that a policy governed.
  public var decisions: UInt64 = 0
  /// Events later than the lateness of their type.
  public var lateBeyond: UInt64 = 0
  /// Filters of lists that ended in an error; the event did not enter.
  public var filterErrors: UInt64 = 0
  /// Keys of lists that ended in an error; the event did not enter.
  public var keyErrors: UInt64 = 0
  /// Rules that ended unknown.
  public var unknownOutcomes: UInt64 = 0
  /// Rules that ended in an error.
  public var errorOutcomes: UInt64 = 0
  /// Stored signals whose value is a bound.
  public var truncatedSignals: UInt64 = 0
  /// Values of identifiers that became hubs, so that what they held together was found anew.
  public var hubRebuilds: UInt64 = 0

  /// Creates counts of nothing.
  public init() {}
}

/// Bytes of an engine's state, by what they hold.
///
/// *Units*: bytes in use, not reserved address space.
public struct EngineMemory: Hashable, Sendable {
  /// Keys and their dense numbers.
  public var keys: Int
  /// Attributes of entities and their texts.
  public var attributes: Int
  /// Lists and their windows.
  public var windows: Int
  /// Identifier uses, edges, components.
  public var graph: Int

  /// All of it.
  public var total: Int { keys + attributes + windows + graph }
}

extension EngineStatistics {
  /// The counts as a snapshot carries them.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.transfer(&events)
    try archive.transfer(&decisions)
    try archive.transfer(&lateBeyond)
    try archive.transfer(&filterErrors)
    try archive.transfer(&keyErrors)
    try archive.transfer(&unknownOutcomes)
    try archive.transfer(&errorOutcomes)
    try archive.transfer(&truncatedSignals)
    try archive.transfer(&hubRebuilds)
  }
}
