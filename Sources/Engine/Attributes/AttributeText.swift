import Model

/// The texts that attributes of entities hold, each kept once: memory grows with distinct texts.
struct AttributeText: ~Copyable {
  private let inPlace = InPlace()
  private var keys: KeyTable
  /// Where each text lies, by its dense number; place 0 stays empty.
  private var references: ReservedArray<UInt64>
  private var memory: ReservedMemory
  private let secret: HashSecret

  init(secret: HashSecret) {
    keys = KeyTable()
    references = ReservedArray(capacity: Reservation.keys + 1)
    references.use(count: 1)
    // A text reference counts offsets in 32 bits.
    memory = ReservedMemory(reservedBytes: 1 << 32)
    self.secret = secret
  }

  /// All texts, which references of the arena `.attribute` point into.
  var bytes: Span<UInt8> {
    @_lifetime(borrow self) borrowing get { memory.bytes }
  }

  /// Bytes in use.
  var liveBytes: Int { keys.liveBytes + references.liveBytes + memory.usedBytes }

  /// The payload of a text, which is copied when it was never seen.
  ///
  /// *Traps* when distinct texts exceed 4 GiB.
  mutating func intern(_ text: Span<UInt8>) -> UInt64 {
    var hasher = KeyHasher(secret)
    hasher.append(text: text)
    let number = Int(keys.intern(hasher.finish()))
    if number < references.count { return references[number] }
    let offset = memory.usedBytes
    memory.use(bytes: offset + text.count)
    for index in text.indices { memory.store(text[index], at: offset + index) }
    let bits = TextReference(arena: .attribute, offset: offset, length: text.count).bits
    references.append(bits)
    return bits
  }
}

extension AttributeText {
  /// The state as a snapshot carries it.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try keys.transfer(&archive)
    try references.transfer(&archive)
    try archive.transfer(&memory)
  }
}
