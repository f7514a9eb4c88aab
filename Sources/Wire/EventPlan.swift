import Model

/// How a value is read, one case per way of reading, so that the hot loop compares no types.
enum ValueReader: UInt8 {
  case bool, int, uint, double, text, bytes, timestamp, duration, decimal, enumeration
  /// A text that must not be empty: a key, a natural key, an identifier.
  case key
  /// A key, or an object with key and attributes.
  case entity
}

/// One name that may stand in a JSON object: a field of an event, a key or an attribute of an entity.
struct MemberPlan {
  /// Where the name lies in `EventPlan.names`.
  var name: Range<Int>
  /// Where the payload goes in `Event`.
  var slot: Int
  var reader: ValueReader
  /// Fraction digits of a decimal.
  var scale = 0
  /// Whether null and absence are no mistake.
  var isOptional: Bool
  /// Whether absence is a mistake.
  var mustStand: Bool
  /// Whether null sets the slot to nothing instead of leaving it missing.
  var isAttribute = false
  /// Whether an error may not repeat the value.
  var isSecret: Bool
  /// For an entity its object's group, for an enumeration a position in `EventPlan.enumerations`.
  var detail = 0
  /// The type for people.
  var type: ValueType
}

/// The names of one JSON object: a run of `EventPlan.members`.
struct MemberGroup {
  var members: Range<Int>
  /// How many of them must stand.
  var requiredCount: Int
  /// For people: the event or entity.
  var name: String
}

/// An event type as the decoder reads it.
struct TypePlan {
  var name: Range<Int>
  var group: Int
  var slotCount: Int
  var idSlot: Int
  var timeSlot: Int
}

/// A schema laid out flat for decoding: names in one array of bytes, plans in one array, no reference
/// to follow on the way.
struct EventPlan {
  private(set) var names: [UInt8] = []
  private(set) var members: [MemberPlan] = []
  private(set) var groups: [MemberGroup] = []
  private(set) var types: [TypePlan] = []
  /// Names of the cases, a run per enumeration.
  private(set) var enumerations: [[Range<Int>]] = []
  private let schema: Schema

  init(_ schema: Schema) {
    self.schema = schema
    for enumeration in schema.enumerations {
      enumerations.append(enumeration.cases.map { addName($0) })
    }
    for type in schema.events { add(type) }
  }

  /// A name as text, for people.
  func text(_ name: Range<Int>) -> String {
    String(decoding: names[name], as: UTF8.self)
  }

  /// Whether these bytes are that name.
  func isEqual(_ name: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    guard name.count == bytes.count else { return false }
    let names = names.span
    for offset in 0..<bytes.count where names[name.lowerBound + offset] != bytes[offset] {
      return false
    }
    return true
  }

  private mutating func addName(_ name: String) -> Range<Int> {
    let start = names.count
    names.append(contentsOf: name.utf8)
    return start..<names.count
  }

  private mutating func add(_ type: EventType) {
    let time = type.fields[type.timeField]
    let id = type.fields[type.idField]
    precondition(
      time.type == .timestamp && !time.isOptional, "\(type.name).\(time.name) cannot be its time")
    precondition(id.type.isText && !id.isOptional, "\(type.name).\(id.name) cannot be its id")
    var plans: [MemberPlan] = []
    for (position, field) in type.fields.enumerated() {
      plans.append(plan(field, isId: position == type.idField))
    }
    let group = addGroup(plans, name: type.name)
    types.append(
      TypePlan(
        name: addName(type.name), group: group, slotCount: type.slotCount, idSlot: id.slot,
        timeSlot: time.slot))
  }

  private mutating func addGroup(_ plans: [MemberPlan], name: String) -> Int {
    let start = members.count
    members += plans
    groups.append(
      MemberGroup(
        members: start..<members.count, requiredCount: plans.count { $0.mustStand }, name: name))
    return groups.count - 1
  }

  private mutating func plan(_ field: Field, isId: Bool) -> MemberPlan {
    var plan = MemberPlan(
      name: addName(field.name), slot: field.slot, reader: reader(field.type),
      isOptional: field.isOptional, mustStand: !field.isOptional, isSecret: field.isPersonal,
      type: field.type)
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
      plan.detail = addEntity(schema.entities[entity], slot: field.slot)
    }
    return plan
  }

  /// The object form of an entity field: the key in the field's slot, attributes in those behind it.
  private mutating func addEntity(_ entity: Entity, slot: Int) -> Int {
    var plans = [
      MemberPlan(
        name: addName(entity.keyName), slot: slot, reader: .key, isOptional: false,
        mustStand: true, isSecret: true, type: .string)
    ]
    for (position, attribute) in entity.attributes.enumerated() {
      var plan = MemberPlan(
        name: addName(attribute.name), slot: slot + 1 + position, reader: reader(attribute.type),
        isOptional: attribute.isOptional, mustStand: false, isAttribute: true,
        isSecret: attribute.isPersonal, type: attribute.type)
      describe(attribute.type, in: &plan)
      plans.append(plan)
    }
    return addGroup(plans, name: entity.name)
  }

  private func describe(_ type: ValueType, in plan: inout MemberPlan) {
    switch type {
    case .decimal(let scale, _): plan.scale = scale
    case .enumeration(let name):
      guard let position = schema.enumerations.firstIndex(where: { $0.name == name }) else {
        preconditionFailure("the schema has no enumeration \(name)")
      }
      plan.detail = position
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
    case .list, .map: preconditionFailure("\(type) is no type of a field")
    }
  }
}
