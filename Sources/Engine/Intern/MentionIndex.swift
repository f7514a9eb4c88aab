internal import Model
internal import Program

/// Which event named an account or value first, so that its text can be read where the events are
/// kept: the state of the engine holds none.
///
/// *Shape*: 8 bytes per key. *Complexity*: constant.
public struct MentionIndex: ~Copyable {
  /// A place where a key was named.
  public struct Mention: Hashable, Sendable {
    /// The event.
    public var sequence: UInt64
    /// Its slot.
    public var slot: Int

    /// Creates a mention.
    public init(sequence: UInt64, slot: Int) {
      self.sequence = sequence
      self.slot = slot
    }
  }

  /// By key space and number, `sequence << 16 | slot`; 0 for a key no event has named.
  private var places: FixedArray<ReservedArray<UInt64>>

  /// Creates an index for the entities and identifiers of an engine.
  ///
  /// *Traps* when the system refuses the address space.
  public init(for engine: borrowing ScoringEngine) {
    let schema = engine.program.schema
    places = FixedArray(count: schema.entities.count + schema.identifiers.count) { _ in
      ReservedArray(capacity: Reservation.keys + 1)
    }
  }

  /// Bytes in use.
  public var liveBytes: Int {
    var bytes = 0
    for space in places.indices { bytes += places[space].liveBytes }
    return bytes
  }

  /// Notes that an event has named a key; the first one counts.
  ///
  /// *Traps* when the slot does not fit 16 bits.
  public mutating func note(space: Int, _ number: UInt32, _ mention: Mention) {
    precondition(mention.slot < 1 << 16, "a slot beyond all events")
    places[space].use(count: Int(number) + 1)
    if places[space][Int(number)] != 0 { return }
    places[space][Int(number)] = mention.sequence << 16 | UInt64(mention.slot)
  }

  /// Where a key was named first; nil when no event has named it.
  public func mention(space: Int, _ number: UInt32) -> Mention? {
    guard Int(number) < places[space].count, places[space][Int(number)] != 0 else { return nil }
    let place = places[space][Int(number)]
    return Mention(sequence: place >> 16, slot: Int(place & 0xFFFF))
  }
}

extension MentionIndex {
  /// The state as a snapshot carries it.
  public mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(places.count)
    for place in places.indices { try places[place].transfer(&archive) }
  }
}
