import Engine
import Model
import Testing

@Suite struct `A natural key index` {
  private let referral = Array("referral".utf8)
  private let order = Array("order".utf8)
  private let hasher = BodyHasher(
    schema: Schema(
      events: [
        EventType(
          name: "seen", fields: [Field(name: "f", type: .int, slot: 0)], idField: 0, timeField: 0,
          retentionMicroseconds: nil, lateMicroseconds: 0, slotCount: 1)
      ]))

  private var body: Event { event(2) }
  private var other: Event { event(3) }

  private func event(_ value: UInt64) -> Event {
    var event = Event()
    event.reset(type: 0, slotCount: 1)
    event.set(0, payload: value)
    return event
  }

  private func id(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func insert(
    _ type: [UInt8], _ id: [UInt8], _ body: Event, _ index: inout NaturalKeyIndex
  ) -> NaturalKeyIndex.Insertion {
    let key = index.key(type: type.span, id: id.span)
    let insertion = index.insert(key, body, hasher)
    #expect(index.find(key) != nil)
    return insertion
  }

  @Test func `tells new, repeated and conflicting events apart`() {
    var index = NaturalKeyIndex()
    #expect(insert(referral, id("r1"), body, &index) == .new(1))
    #expect(insert(referral, id("r2"), body, &index) == .new(2))
    #expect(insert(referral, id("r1"), body, &index) == .repeated(1))
    #expect(insert(referral, id("r1"), other, &index) == .conflict(1))
    #expect(insert(referral, id("r1"), body, &index) == .repeated(1))
    #expect(index.count == 2)
  }

  @Test func `finds a key by its type hashed before`() {
    var index = NaturalKeyIndex()
    for name in ["", "a", "referral", "a_long_type_of_event"] {
      let type = index.typeKey(Array(name.utf8).span)
      for text in ["", "r1", "01234567", "0123456789abcdef0"] {
        let id = id(text)
        let insertion = index.insert(index.key(type, id: id.span), body, hasher)
        #expect(insertion == .new(index.count))
        #expect(index.find(index.key(type: Array(name.utf8).span, id: id.span)) == index.count)
      }
    }
  }

  @Test func `keeps types apart`() {
    var index = NaturalKeyIndex()
    #expect(insert(referral, id("1"), body, &index) == .new(1))
    #expect(insert(order, id("1"), body, &index) == .new(2))
    #expect(insert(id("order1"), id(""), body, &index) == .new(3))
  }
}

@Suite struct `A body digest` {
  private let kinds = Enumeration(name: "channel_kind", cases: ["app", "web"])

  /// Fields in one of two orders, over the same names.
  private func schema(isReversed: Bool) -> Schema {
    let attributes = [
      Attribute(name: "email", type: .string, isOptional: true, isPersonal: true),
      Attribute(name: "age", type: .int, isOptional: true, isPersonal: false),
    ]
    let account = Entity(
      name: "account", keyName: "account_id", keyIsPersonal: true,
      attributes: isReversed ? attributes.reversed() : attributes)
    let names =
      isReversed ? ["channel", "referee", "at", "id"] : ["id", "at", "referee", "channel"]
    var slot = 0
    var fields: [Field] = []
    for name in names {
      let type: ValueType =
        switch name {
        case "id": .string
        case "at": .timestamp
        case "referee": .reference("account")
        default: .enumeration("channel_kind")
        }
      let kind: FieldKind = name == "referee" ? .entity(0) : .plain
      fields.append(Field(name: name, type: type, kind: kind, isOptional: true, slot: slot))
      slot += name == "referee" ? 3 : 1
    }
    var enumeration = kinds
    if isReversed { enumeration.cases.reverse() }
    let type = EventType(
      name: "referral", fields: fields, idField: isReversed ? 3 : 0, timeField: isReversed ? 2 : 1,
      retentionMicroseconds: nil, lateMicroseconds: 0, slotCount: slot)
    return Schema(
      enumerations: [enumeration], entities: [account], identifiers: [], events: [type])
  }

  private func event(
    _ schema: Schema, id: String = "r1", at time: UInt64 = 5, email: String? = "a@b",
    age: UInt64? = nil, clearsAge: Bool = false, channel: String = "web"
  ) -> Event {
    var event = Event()
    event.reset(type: 0, slotCount: schema.events[0].slotCount)
    // Text lies in the arena in another order than the slots.
    event.set(slot(schema, "channel"), payload: position(schema, channel))
    if let email { event.set(attribute(schema, "email"), utf8: email.utf8) }
    event.set(slot(schema, "id"), utf8: id.utf8)
    event.set(slot(schema, "at"), payload: time)
    if let age { event.set(attribute(schema, "age"), payload: age) }
    if clearsAge { event.clear(attribute(schema, "age")) }
    return event
  }

  private func slot(_ schema: Schema, _ name: String) -> Int {
    schema.events[0].fields.first { $0.name == name }?.slot ?? -1
  }

  private func attribute(_ schema: Schema, _ name: String) -> Int {
    let position = schema.entities[0].attributes.firstIndex { $0.name == name } ?? -1
    return slot(schema, "referee") + 1 + position
  }

  private func position(_ schema: Schema, _ name: String) -> UInt64 {
    UInt64(schema.enumerations[0].cases.firstIndex(of: name) ?? -1)
  }

  @Test func `does not depend on the order of declarations`() {
    let (forward, reversed) = (schema(isReversed: false), schema(isReversed: true))
    let first = BodyHasher(schema: forward).digest(of: event(forward, age: 30))
    let second = BodyHasher(schema: reversed).digest(of: event(reversed, age: 30))
    #expect(first == second)
  }

  @Test func `depends on everything the event says and on nothing else`() {
    let schema = schema(isReversed: false)
    let hasher = BodyHasher(schema: schema)
    let events = [
      event(schema), event(schema, id: "r2"), event(schema, at: 6), event(schema, email: "a@c"),
      event(schema, email: nil), event(schema, email: ""), event(schema, age: 0),
      event(schema, clearsAge: true), event(schema, channel: "app"),
    ]
    let digests = Set(events.map { hasher.digest(of: $0) })
    #expect(digests.count == events.count)
    var later = event(schema)
    later.sequence = 99
    #expect(hasher.digest(of: later) == hasher.digest(of: events[0]))
  }

  @Test func `tells a cleared slot from one that holds the next path`() {
    let fields = ["a", "b", "c"].enumerated().map {
      Field(name: $1, type: .string, isOptional: true, slot: $0)
    }
    let type = EventType(
      name: "note", fields: fields, idField: 0, timeField: 0, retentionMicroseconds: nil,
      lateMicroseconds: 0, slotCount: 3)
    let hasher = BodyHasher(schema: Schema(events: [type]))
    var first = Event()
    first.reset(type: 0, slotCount: 3)
    first.clear(0)
    first.set(1, utf8: "c".utf8)
    var second = Event()
    second.reset(type: 0, slotCount: 3)
    second.set(0, utf8: "b".utf8)
    second.clear(2)
    #expect(hasher.digest(of: first) != hasher.digest(of: second))
  }
}
