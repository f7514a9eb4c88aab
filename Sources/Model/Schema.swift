/// What events, entities and identifiers a package speaks of.
public struct Schema: Hashable, Sendable {
  /// Closed sets, in declaration order.
  public var enumerations: [Enumeration]
  /// Graph nodes, in declaration order.
  public var entities: [Entity]
  /// Values that join accounts, in declaration order.
  public var identifiers: [Identifier]
  /// Event types, in declaration order; an event's `type` is a position here.
  public var events: [EventType]

  /// Creates a schema.
  public init(
    enumerations: [Enumeration] = [], entities: [Entity] = [], identifiers: [Identifier] = [],
    events: [EventType] = []
  ) {
    self.enumerations = enumerations
    self.entities = entities
    self.identifiers = identifiers
    self.events = events
  }
}

/// `enum channel_kind { app, web }`
public struct Enumeration: Hashable, Sendable {
  /// The name in rule files.
  public var name: String
  /// The cases; a payload is a position here.
  public var cases: [String]

  /// Creates an enumeration.
  public init(name: String, cases: [String]) {
    self.name = name
    self.cases = cases
  }
}

/// `entity account { account_id: string key … }`: a node of the graph with one key and attributes.
public struct Entity: Hashable, Sendable {
  /// The name in rule files.
  public var name: String
  /// The name of the key in an event's JSON object.
  public var keyName: String
  /// Whether the key is personal data.
  public var keyIsPersonal: Bool
  /// Typed attributes in declaration order.
  public var attributes: [Attribute]

  /// Creates an entity.
  public init(name: String, keyName: String, keyIsPersonal: Bool, attributes: [Attribute]) {
    self.name = name
    self.keyName = keyName
    self.keyIsPersonal = keyIsPersonal
    self.attributes = attributes
  }
}

/// One attribute of an entity. Every attribute may be missing until an event names it.
public struct Attribute: Hashable, Sendable {
  /// The name in rule files and JSON.
  public var name: String
  /// The type of its value.
  public var type: ValueType
  /// Whether JSON null is allowed (it clears the attribute).
  public var isOptional: Bool
  /// Whether it is personal data.
  public var isPersonal: Bool

  /// Creates an attribute.
  public init(name: String, type: ValueType, isOptional: Bool, isPersonal: Bool) {
    self.name = name
    self.type = type
    self.isOptional = isOptional
    self.isPersonal = isPersonal
  }
}

/// How a raw identifier becomes the text that is compared and hashed.
public enum Normalizer: String, Hashable, Sendable, CaseIterable {
  /// As sent.
  case none
  /// Without leading and trailing white space.
  case trim
  /// `trim`, then ASCII and Latin letters in lower case.
  case lower
  /// Only the ASCII digits.
  case digits
  /// A phone number as `+` and digits.
  case e164
  /// `lower`, without a `+tag`, and for Gmail without dots.
  case email
  /// A postal address: words without accents or marks, with abbreviations written out.
  case address
}

/// `identifier device: string links account normalize trim max_degree 500 retention 400d`
public struct Identifier: Hashable, Sendable {
  /// The name in rule files.
  public var name: String
  /// The entity it joins, a position in `Schema.entities`; nil for a plain value.
  public var entity: Int?
  /// How a raw value is made comparable.
  public var normalizer: Normalizer
  /// Past this many distinct accounts it is a hub and joins nobody; nil for no limit.
  public var maxDegree: Int?
  /// Microseconds it is remembered after its last use; nil for ever.
  public var retentionMicroseconds: Int64?

  /// Creates an identifier.
  public init(
    name: String, entity: Int?, normalizer: Normalizer, maxDegree: Int?,
    retentionMicroseconds: Int64?
  ) {
    self.name = name
    self.entity = entity
    self.normalizer = normalizer
    self.maxDegree = maxDegree
    self.retentionMicroseconds = retentionMicroseconds
  }
}

/// What a field of an event refers to.
public enum FieldKind: Hashable, Sendable {
  /// A plain value.
  case plain
  /// A key (or object with key and attributes) of `Schema.entities[index]`.
  case entity(Int)
  /// A value of `Schema.identifiers[index]`.
  case identifier(Int)
}

/// One field of an event.
public struct Field: Hashable, Sendable {
  /// The name in rule files and JSON.
  public var name: String
  /// The static type.
  public var type: ValueType
  /// What it refers to.
  public var kind: FieldKind
  /// Whether absence and JSON null mean missing instead of an error.
  public var isOptional: Bool
  /// Whether it is personal data.
  public var isPersonal: Bool
  /// For an identifier: positions of the entity fields whose identifier it is.
  public var owners: [Int]
  /// Where its payload lies in `Event`; an entity field is followed by one slot per attribute.
  public var slot: Int

  /// Creates a field.
  public init(
    name: String, type: ValueType, kind: FieldKind = .plain, isOptional: Bool = false,
    isPersonal: Bool = false, owners: [Int] = [], slot: Int
  ) {
    self.name = name
    self.type = type
    self.kind = kind
    self.isOptional = isOptional
    self.isPersonal = isPersonal
    self.owners = owners
    self.slot = slot
  }
}

/// `event referral retention 400d late 1h { … }`
public struct EventType: Hashable, Sendable {
  /// The name in rule files and JSON.
  public var name: String
  /// Fields in declaration order.
  public var fields: [Field]
  /// Position in `fields` of the natural key.
  public var idField: Int
  /// Position in `fields` of the event time.
  public var timeField: Int
  /// Microseconds the raw event is kept; nil for ever.
  public var retentionMicroseconds: Int64?
  /// Microseconds an event may be late and still count exactly.
  public var lateMicroseconds: Int64
  /// Payload slots an event of this type takes.
  public var slotCount: Int
  /// Whether these are a policy's decisions, which only the engine makes: a decision has the slots
  /// of the event decided on, then outcome and score.
  public var isDecision: Bool

  /// Creates an event type.
  public init(
    name: String, fields: [Field], idField: Int, timeField: Int, retentionMicroseconds: Int64?,
    lateMicroseconds: Int64, slotCount: Int, isDecision: Bool = false
  ) {
    self.isDecision = isDecision
    self.name = name
    self.fields = fields
    self.idField = idField
    self.timeField = timeField
    self.retentionMicroseconds = retentionMicroseconds
    self.lateMicroseconds = lateMicroseconds
    self.slotCount = slotCount
  }
}
