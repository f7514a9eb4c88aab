public import Engine
public import Model
public import Wire

/// Why a line is not scored.
public enum IntakeError: Error, Hashable, Sendable {
  /// It is no event of the schema.
  case malformed(WireError)
  /// The natural key is known with another body; no id where ids are personal.
  case conflictingBody(event: String, id: String?)
  /// It is dated too far ahead of the clock that receives it.
  case future(pointer: String, limit: Timestamp)

  /// A stable name of the kind of mistake.
  public var code: String {
    switch self {
    case .malformed(let error): error.code.rawValue
    case .conflictingBody: "conflicting_body"
    case .future: "future_event"
    }
  }

  /// A JSON Pointer to the place; empty for the whole line.
  public var pointer: String {
    switch self {
    case .malformed(let error): error.pointer
    case .conflictingBody: ""
    case .future(let pointer, _): pointer
    }
  }

  /// What is wrong, a sentence for people.
  public var detail: String {
    switch self {
    case .malformed(let error): error.detail
    case .conflictingBody(let event, let id):
      (id.map { "\(event) `\($0)`" } ?? "The \(event) of this id")
        + " was seen before with other contents."
    case .future: "The event is dated in the future."
    }
  }

  /// What to do about it, a sentence for people.
  public var remedy: String {
    switch self {
    case .malformed(let error): error.remedy
    case .conflictingBody:
      "Send a changed event under an id of its own; an identical repeat is answered again."
    case .future: "Check the clock of the sender; --max-skew says how far ahead is allowed."
    }
  }
}

/// What became of an event at the rim; it has the number of its first arrival, counted from 1.
public enum Admission: Hashable, Sendable {
  case new(Int)
  /// Known with the same body: answered again, not applied again.
  case repeated(Int)
}

/// An event that was read and is not yet told new from repeated.
struct ReceivedEvent {
  fileprivate let key: NaturalKeyIndex.Key
}

/// The rim before the engine: reads an event, refuses the future, and tells new from repeated by
/// natural key. Used by whoever feeds an engine, so that all answer a retry alike.
public struct EventIntake: ~Copyable {
  private var decoder: EventDecoder
  private let hasher: BodyHasher
  private var keys: NaturalKeyIndex
  /// By event type what the keys of its events begin with.
  private let types: [NaturalKeyIndex.TypeKey]
  private let schema: Schema

  /// Prepares for the events of a schema. Who takes events from strangers draws a secret of its
  /// own.
  public init(_ schema: Schema, secret: HashSecret = .published) {
    decoder = EventDecoder(schema)
    hasher = BodyHasher(schema: schema, secret: secret)
    let keys = NaturalKeyIndex(secret: secret)
    var types: [NaturalKeyIndex.TypeKey] = []
    for event in schema.events { types.append(keys.typeKey(Array(event.name.utf8).span)) }
    self.keys = keys
    self.types = types
    self.schema = schema
  }

  /// Events admitted so far.
  public var count: Int { keys.count }

  /// Reads a line into `event` and tells whether its natural key is new or known with the same
  /// body.
  ///
  /// *Throws* when the line is no event, is dated after `latest`, or repeats a key with another
  /// body; none of these changes anything but `event`.
  public mutating func admit(
    _ line: Span<UInt8>, latest: Timestamp, into event: inout Event
  ) throws(IntakeError) -> Admission {
    let received = try receive(line, latest: latest, into: &event)
    return try admit(received, &event)
  }

  /// Reads a line into `event` and begins to bring nearer what tells whether its natural key is
  /// new. Who reads another line before it asks does not wait for that.
  ///
  /// *Throws* when the line is no event or is dated after `latest`.
  mutating func receive(
    _ line: Span<UInt8>, latest: Timestamp, into event: inout Event
  ) throws(IntakeError) -> ReceivedEvent {
    try read(line, into: &event)
    guard event.time <= latest else {
      let type = schema.events[event.type]
      throw .future(pointer: "/" + type.fields[type.timeField].name, limit: latest)
    }
    let id = event.text.span.extracting(event.id.offset..<event.id.offset + event.id.length)
    return ReceivedEvent(key: keys.key(types[event.type], id: id))
  }

  /// Tells whether the natural key of an event that was received is new or known with the same
  /// body. `inout` stands for reading: a place in an array would be copied to be borrowed.
  ///
  /// *Throws* when it repeats a key with another body, which changes nothing.
  mutating func admit(
    _ received: ReceivedEvent, _ event: inout Event
  ) throws(IntakeError) -> Admission {
    switch keys.insert(received.key, event, hasher) {
    case .new(let number): return .new(number)
    case .repeated(let number): return .repeated(number)
    case .conflict:
      let type = schema.events[event.type]
      throw .conflictingBody(event: type.name, id: type.showsIds ? event.idText : nil)
    }
  }

  /// Reads a line that was admitted before.
  mutating func read(_ line: Span<UInt8>, into event: inout Event) throws(IntakeError) {
    do throws(WireError) {
      try decoder.decode(line, into: &event)
    } catch {
      throw .malformed(error)
    }
  }

  /// The number of an event that was admitted, by its type's name and id.
  public func number(ofEvent type: String, id: String) -> Int? {
    let type = Array(type.utf8)
    let id = Array(id.utf8)
    return keys.find(keys.key(type: type.span, id: id.span))
  }
}

extension EventIntake {
  /// The natural keys as a snapshot carries them.
  mutating func transfer(_ archive: inout StateArchive) throws(SnapshotError) {
    try keys.transfer(&archive)
  }
}

extension EventType {
  /// Whether messages may hold ids of this type: not when they are personal, a person's key or an
  /// identifier.
  public var showsIds: Bool { fields[idField].kind == .plain && !fields[idField].isPersonal }
}
