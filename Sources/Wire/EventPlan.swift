import Model
import Values

/// How a value is read, one case per way of reading, so that the hot loop compares no types.
enum ValueReader: UInt8 {
  case text
  /// A text that must not be empty: a key, a natural key, an identifier.
  case key
  /// A key, or an object with key and attributes.
  case entity
  case bool, int, uint, double, bytes, timestamp, duration, decimal, enumeration

  /// Whether a text is left where it lies.
  var isPlace: Bool { rawValue <= ValueReader.entity.rawValue }
}

/// A name in `EventPlan.names`.
struct PlannedName {
  /// The first 8 bytes, the first the lowest, zeros behind a shorter name.
  var prefix: UInt64
  /// The last 8 bytes, the first the lowest; 0 where there are fewer.
  var suffix: UInt64
  var start: UInt32
  var count: UInt32

  /// Whether a name of so many bytes may be this one, by the first eight.
  @inline(__always)
  func begins(_ prefix: UInt64, _ count: UInt32) -> Bool {
    self.prefix == prefix && self.count == count
  }
}

/// One name that may stand in a JSON object: a field of an event, a key or an attribute of an
/// entity. Holds no reference, so that reading one counts none.
struct MemberPlan {
  var name: PlannedName
  /// Where the payload goes in `Event`.
  var slot: Int32
  /// For an entity its object's group, for an enumeration a position in `EventPlan.enumerations`.
  var detail: Int32 = 0
  var reader: ValueReader
  /// The fewest bytes of a text that is left where it lies; more than any has for other values.
  var leastLength: UInt32 = .max
  /// Fraction digits of a decimal.
  var scale: UInt8 = 0
  /// Whether null and absence are no mistake.
  var isOptional: Bool
  /// Whether absence is a mistake.
  var mustStand: Bool
  /// Whether null sets the slot to nothing instead of leaving it missing.
  var isAttribute = false
  /// Whether an error may not repeat the value.
  var isSecret: Bool
}

/// The names of one JSON object: a run of `EventPlan.members`.
struct MemberGroup {
  var first: Int
  var count: Int
  /// How many of them must stand.
  var requiredCount: Int

  var members: Range<Int> { first..<end }

  /// One behind the last.
  var end: Int { first + count }
}

/// An event type as the decoder reads it.
struct TypePlan {
  var name: PlannedName
  var group: Int
  var slotCount: Int
  var idSlot: Int
  var timeSlot: Int
  /// Whether events of this type come from outside.
  var isRead: Bool
}

/// A schema laid out flat for decoding: names in one array of bytes, plans in one array, no
/// reference to follow on the way.
struct EventPlan {
  private(set) var names: [UInt8] = []
  private(set) var members: [MemberPlan] = []
  private(set) var groups: [MemberGroup] = []
  private(set) var types: [TypePlan] = []
  /// Names of the cases, a run per enumeration.
  private(set) var enumerations: [[PlannedName]] = []
  /// The type of each member, for people.
  private(set) var memberTypes: [ValueType] = []
  /// The event or entity of each group, for people.
  private(set) var groupNames: [String] = []
  private let schema: Schema

  init(_ schema: Schema) {
    self.schema = schema
    for enumeration in schema.enumerations {
      enumerations.append(enumeration.cases.map { addName($0) })
    }
    for type in schema.events { add(type) }
  }

  /// A name as text, for people.
  func text(_ name: PlannedName) -> String {
    let start = Int(name.start)
    return String(decoding: names[start..<start + Int(name.count)], as: UTF8.self)
  }

  /// Whether these bytes are that name.
  func isEqual(_ name: PlannedName, _ bytes: Span<UInt8>) -> Bool {
    guard Int(name.count) == bytes.count else { return false }
    if bytes.count >= 8 {
      return TextWord.load(bytes, at: 0) == name.prefix
        && Self.isEqualBehindPrefix(name, bytes, names.span)
    }
    var offset = 0
    var prefix = name.prefix
    while offset < bytes.count {
      if bytes[offset] != UInt8(truncatingIfNeeded: prefix) { return false }
      prefix >>= 8
      offset += 1
    }
    return true
  }

  /// Whether bytes that are as many as the name has, and begin with its prefix, are the name. Takes
  /// the names alone, for a method of the plan would have the whole plan copied for it.
  @inline(__always)
  static func isEqualBehindPrefix(
    _ name: PlannedName, _ bytes: Span<UInt8>, _ names: Span<UInt8>
  ) -> Bool {
    if bytes.count <= 8 { return true }
    guard TextWord.load(bytes, at: bytes.count - 8) == name.suffix else { return false }
    // What is between the first and the last eight.
    var offset = 8
    while offset < bytes.count - 8 {
      if names[Int(name.start) + offset] != bytes[offset] { return false }
      offset += 1
    }
    return true
  }

  private mutating func addName(_ name: String) -> PlannedName {
    let bytes = Array(name.utf8)
    let start = names.count
    names += bytes
    var prefix: UInt64 = 0
    for (offset, byte) in bytes.prefix(8).enumerated() {
      prefix |= UInt64(byte) << UInt64(8 * offset)
    }
    return PlannedName(
      prefix: prefix, suffix: bytes.count < 8 ? 0 : TextWord.load(bytes.span, at: bytes.count - 8),
      start: UInt32(start), count: UInt32(bytes.count))
  }

  private mutating func add(_ type: EventType) {
    let time = type.fields[type.timeField]
    let id = type.fields[type.idField]
    precondition(
      time.type == .timestamp && !time.isOptional, "\(type.name).\(time.name) cannot be its time")
    precondition(id.type.isText && !id.isOptional, "\(type.name).\(id.name) cannot be its id")
    var plans: [(MemberPlan, ValueType)] = []
    for (position, field) in type.fields.enumerated() {
      plans.append(plan(field, isId: position == type.idField))
    }
    let group = addGroup(plans, name: type.name)
    types.append(
      TypePlan(
        name: addName(type.name), group: group, slotCount: type.slotCount, idSlot: id.slot,
        timeSlot: time.slot, isRead: !type.isDecision))
  }

  private mutating func addGroup(_ plans: [(MemberPlan, ValueType)], name: String) -> Int {
    groups.append(
      MemberGroup(
        first: members.count, count: plans.count, requiredCount: plans.count { $0.0.mustStand }))
    groupNames.append(name)
    for (plan, type) in plans {
      var plan = plan
      if plan.reader.isPlace { plan.leastLength = plan.reader == .text ? 0 : 1 }
      members.append(plan)
      memberTypes.append(type)
    }
    return groups.count - 1
  }

  private mutating func plan(_ field: Field, isId: Bool) -> (MemberPlan, ValueType) {
    var plan = MemberPlan(
      name: addName(field.name), slot: Int32(field.slot), reader: reader(field.type),
      isOptional: field.isOptional, mustStand: !field.isOptional, isSecret: field.isPersonal)
    describe(field.type, in: &plan)
    switch field.kind {
    case .plain:
      if isId { plan.reader = .key }
    case .identifier:
      plan.reader = .key
      plan.isSecret = true
    case .entity(let entity):
      plan.reader = .entity
      plan.isSecret = true
      plan.detail = Int32(addEntity(schema.entities[entity], slot: field.slot))
    }
    return (plan, field.type)
  }

  /// The object form of an entity field: the key in the field's slot, attributes in those behind
  /// it.
  private mutating func addEntity(_ entity: Entity, slot: Int) -> Int {
    let key = MemberPlan(
      name: addName(entity.keyName), slot: Int32(slot), reader: .key, isOptional: false,
      mustStand: true, isSecret: true)
    var plans = [(key, ValueType.string)]
    for (position, attribute) in entity.attributes.enumerated() {
      var plan = MemberPlan(
        name: addName(attribute.name), slot: Int32(slot + 1 + position),
        reader: reader(attribute.type),
        isOptional: attribute.isOptional, mustStand: false, isAttribute: true,
        isSecret: attribute.isPersonal)
      describe(attribute.type, in: &plan)
      plans.append((plan, attribute.type))
    }
    return addGroup(plans, name: entity.name)
  }

  private func describe(_ type: ValueType, in plan: inout MemberPlan) {
    switch type {
    case .decimal(let scale, _): plan.scale = UInt8(scale)
    case .enumeration(let name):
      guard let position = schema.enumerations.firstIndex(where: { $0.name == name }) else {
        preconditionFailure("the schema has no enumeration \(name)")
      }
      plan.detail = Int32(position)
    default: break
    }
  }

  private func reader(_ type: ValueType) -> ValueReader {
    switch type {
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .text
    case .reference: .key
    case .bytes: .bytes
    case .timestamp: .timestamp
    case .duration: .duration
    case .decimal: .decimal
    case .enumeration: .enumeration
    case .list, .collected, .map: preconditionFailure("\(type) is no type of a field")
    }
  }
}
