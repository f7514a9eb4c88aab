import Model

/// The attributes of all entities, by the dense number of their key.
///
/// Cells of one entity lie side by side: an event names several attributes of one entity, seldom
/// one attribute of several.
struct AttributeStore: ~Copyable {
  private let inPlace = InPlace()
  private var rows: FixedArray<ReservedArray<AttributeCell>>
  /// Attributes of each entity.
  private let counts: [Int]
  private var text: AttributeText

  init(entities: [Entity], secret: HashSecret) {
    let counts = entities.map(\.attributes.count)
    rows = FixedArray(count: counts.count) { entity in
      ReservedArray(capacity: (Reservation.keys + 1) * counts[entity])
    }
    self.counts = counts
    text = AttributeText(secret: secret)
  }

  /// UTF-8 of all texts, the arena `.attribute`.
  var bytes: Span<UInt8> {
    @_lifetime(borrow self) borrowing get { text.bytes }
  }

  /// Bytes in use.
  var liveBytes: Int {
    var bytes = text.liveBytes
    for entity in rows.indices { bytes += rows[entity].liveBytes }
    return bytes
  }

  /// Sets an attribute that is no text; nil clears it.
  mutating func set(
    entity: Int, key: UInt32, attribute: Int, payload: UInt64?, time: Timestamp, sequence: UInt64
  ) {
    let index = Int(key) * counts[entity] + attribute
    rows[entity].use(count: (Int(key) + 1) * counts[entity])
    rows[entity][index].set(payload, time: time.microseconds, sequence: sequence)
  }

  /// Sets an attribute to a text, which is copied.
  mutating func set(
    entity: Int, key: UInt32, attribute: Int, text value: Span<UInt8>, time: Timestamp,
    sequence: UInt64
  ) {
    let payload = text.intern(value)
    set(
      entity: entity, key: key, attribute: attribute, payload: payload, time: time,
      sequence: sequence)
  }

  /// Forgets all attributes of a key.
  mutating func erase(entity: Int, key: UInt32) {
    for index in Int(key) * counts[entity]..<(Int(key) + 1) * counts[entity]
    where index < rows[entity].count {
      rows[entity][index] = AttributeCell()
    }
  }

  /// The payload of an attribute, nil when it is unset or cleared.
  func value(entity: Int, key: UInt32, attribute: Int) -> UInt64? {
    let index = Int(key) * counts[entity] + attribute
    guard key != 0, index < rows[entity].count else { return nil }
    let cell = rows[entity][index]
    return cell.isPresent ? cell.payload : nil
  }
}

extension AttributeStore {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try archive.expect(rows.count)
    for entity in rows.indices {
      try archive.expect(counts[entity])
      try rows[entity].transfer(&archive)
    }
    try text.transfer(&archive)
  }
}
