public import Model

/// Finds events that arrive again, by their natural key (event type, id).
///
/// The index numbers events densely from 1 in order of insertion; what belongs to an event beyond
/// its body's digest, such as where its answer lies, the caller keeps in an array of its own.
/// *Complexity*: expected constant, about 45 bytes per event.
public struct NaturalKeyIndex: ~Copyable {
  private let secret: HashSecret
  private var keys: KeyTable
  /// By number the digest of the body; zeros where it waits in `waiting`.
  private var bodies: ReservedArray<BodyDigest>
  /// Bodies that are not hashed yet, by their place in `bodies`: most are never asked for, and
  /// several at a time take little longer than one.
  private var waiting: BodyLanes

  /// A natural key, hashed.
  public struct Key: Sendable {
    let hash: Key128
  }

  /// What the keys of all events of a type begin with, hashed.
  public struct TypeKey: Sendable {
    let hasher: KeyHasher
  }

  /// What became of an event.
  public enum Insertion: Hashable, Sendable {
    /// The natural key was never seen; this is its number.
    case new(Int)
    /// The event with this number is the same.
    case repeated(Int)
    /// The event with this number has the natural key and another body.
    case conflict(Int)
  }

  /// Creates an empty index for at most `capacity` events.
  ///
  /// *Traps* when the system refuses the address space.
  public init(secret: HashSecret = .published, capacity: Int = 1 << 30) {
    self.secret = secret
    keys = KeyTable(capacity: capacity)
    bodies = ReservedArray(capacity: capacity)
    waiting = BodyLanes(secret)
  }

  /// Number of events.
  public var count: Int { keys.count }

  /// Bytes in use.
  public var liveBytes: Int { keys.liveBytes + bodies.liveBytes }

  /// What the keys of all events of a type begin with.
  public func typeKey(_ type: Span<UInt8>) -> TypeKey {
    var hasher = KeyHasher(secret)
    hasher.append(text: type)
    return TypeKey(hasher: hasher)
  }

  /// The key of an event. Brings nearer where it is looked for.
  public func key(_ type: TypeKey, id: Span<UInt8>) -> Key {
    var hasher = type.hasher
    hasher.append(text: id)
    let hash = hasher.finish()
    keys.prefetchSlot(keys.home(of: hash))
    return Key(hash: hash)
  }

  /// The key of an event. Brings nearer where it is looked for.
  public func key(type: Span<UInt8>, id: Span<UInt8>) -> Key {
    key(typeKey(type), id: id)
  }

  /// Looks for an event and inserts it, with the digest that `hasher` gives of its body, if its
  /// natural key was never seen.
  ///
  /// *Traps* when the capacity is exceeded, or the hasher has another secret than the index.
  public mutating func insert(
    _ key: Key, _ event: borrowing Event, _ hasher: borrowing BodyHasher
  ) -> Insertion {
    precondition(hasher.secret == secret, "bodies are hashed under one secret")
    // The body is laid out while the place of the key is on its way from memory.
    let wordCount = hasher.lay(event, in: &waiting)
    let number = Int(keys.intern(key.hash))
    guard number > bodies.count else {
      settle()
      let isSame = bodies[number - 1] == hasher.digest(of: event)
      return isSame ? .repeated(number) : .conflict(number)
    }
    if wordCount > 0 {
      bodies.append(BodyDigest(low: 0, high: 0))
      waiting.keep(words: wordCount, name: number - 1)
      if waiting.isFull { settle() }
    } else {
      bodies.append(hasher.digest(of: event))
    }
    return .new(number)
  }

  /// Hashes the bodies that wait.
  private mutating func settle() {
    for position in 0..<waiting.hash() {
      bodies[waiting.name(position)] = waiting.digest(position)
    }
  }

  /// The number of a key that was inserted, nil when it never was.
  public func find(_ key: Key) -> Int? {
    let number = Int(keys.find(key.hash))
    return number == 0 ? nil : number
  }
}

extension NaturalKeyIndex {
  /// The state as a snapshot carries it.
  public mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    settle()
    try keys.transfer(&archive)
    try bodies.transfer(&archive)
  }
}
