import Model
import Program
import Values

/// Brings an event into the registers: slots, numbers of its keys, and attributes as of this event.
enum EventLoader {
  /// Loads the slots of an event and names its keys.
  ///
  /// Keys wait for memory longer than for anything else, so all of them are asked for before the
  /// first is used: `announce` for their places in the tables, an `AheadPlan` for what lies there,
  /// then `load`.
  @inline(__always)
  static func announce(
    _ event: borrowing Event, _ plan: borrowing EnginePlan, lane: Int,
    payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>, keys: inout KeySpaces,
    scratch: inout [UInt8]
  ) {
    let registers = Registers(
      &payloads, &states, at: plan.events[event.type].registers(ofLane: lane, plan))
    let slotCount = plan.events[event.type].slotCount
    let given = event.payloads.span
    let givenStates = event.states.span
    precondition(
      given.count == slotCount && givenStates.count == slotCount && keys.hasRoom(slots: slotCount),
      "an event with other slots")
    if !scratch.isEmpty { scratch.removeAll(keepingCapacity: true) }
    registers.take(given, givenStates)
    let positions = plan.events[event.type].keySlots
    let keySlots = plan.keySlots.span.extracting(positions)
    let text = event.text.span
    var named = 0
    for index in keySlots.indices {
      // SAFETY: one of its indices.
      let key = unsafe keySlots[unchecked: index]
      keys.clear(slot: key.slot)
      let register = UInt16(truncatingIfNeeded: key.slot)
      guard registers.state(register) == Registers.present else { continue }
      let place = TextReference(bits: registers.payload(register))
      let end = place.offset &+ place.length
      precondition(end <= text.count, "a text outside the event's")
      // SAFETY: offset and length are not negative, and the end was just looked at.
      let raw = unsafe text.extracting(
        unchecked: Range(uncheckedBounds: (place.offset, end)))
      let position = positions.lowerBound &+ index
      if let normalizer = key.normalizer, !isPlain(raw, normalizer) {
        let isKey = announceIdentifier(
          position, plan, raw, normalizer, after: named, into: registers, keys: &keys,
          scratch: &scratch)
        named &+= isKey ? 1 : 0
      } else {
        keys.announce(
          after: named, slot: key.slot, position: position, space: key.space, text: raw)
        named &+= 1
      }
    }
    keys.endLane(named: named)
  }

  /// Numbers the announced keys and takes what the event says of them.
  ///
  /// *Order*: the numbers of all keys in field order, then key by key the attributes it names, so
  /// that of two fields naming one attribute the later wins; then the attributes code asks for.
  @inline(__always)
  static func load(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan,
    into registers: borrowing Registers, keys: inout KeySpaces, attributes: inout AttributeStore
  ) {
    keys.begin()
    keys.numberNamed()
    if layout.namesAttributes {
      for position in layout.keySlots {
        let key = plan.keySlots[position]
        let number = keys.number(slot: key.slot)
        if number != 0 { upsert(event, key, number, &attributes, plan.textAttributes) }
      }
    }
    for position in layout.attributeLoads {
      let load = plan.attributeLoads[position]
      let value = attributes.value(
        entity: load.entity, key: keys.number(slot: load.slot), attribute: load.attribute)
      registers.set(
        load.register, value ?? 0, state: value == nil ? Registers.missing : Registers.present)
    }
  }

  /// Whether a text is a key as it is.
  @inline(__always)
  private static func isPlain(_ text: Span<UInt8>, _ normalizer: Normalizer) -> Bool {
    text.count > 0 && TextNormalizer.isPlainlyNormal(text, for: normalizer)
  }

  /// Names a key by the normal form of a text; gives whether it has one.
  @inline(never)
  private static func announceIdentifier(
    _ position: Int, _ plan: borrowing EnginePlan, _ raw: Span<UInt8>, _ normalizer: Normalizer,
    after others: Int, into registers: borrowing Registers, keys: inout KeySpaces,
    scratch: inout [UInt8]
  ) -> Bool {
    let key = plan.keySlots[position]
    let register = UInt16(truncatingIfNeeded: key.slot)
    let start = scratch.count
    let count = TextNormalizer.append(raw, normalizedBy: normalizer, to: &scratch)
    guard count > 0 else {
      registers.set(register, 0, state: Registers.missing)
      return false
    }
    let reference = TextReference(arena: .scratch, offset: start, length: count)
    registers.set(register, reference.bits)
    let text = scratch.span.extracting(start..<start + count)
    keys.announce(
      after: others, slot: key.slot, position: position, space: key.space, text: text)
    return true
  }

  private static func upsert(
    _ event: borrowing Event, _ key: KeySlotPlan, _ number: UInt32,
    _ attributes: inout AttributeStore, _ textAttributes: borrowing TextAttributes
  ) {
    for attribute in 0..<key.attributeCount {
      let slot = key.slot + 1 + attribute
      let payload = event.payloads[slot]
      switch event.states[slot] {
      case Registers.present where textAttributes.isText(entity: key.entity, attribute):
        attributes.set(
          entity: key.entity, key: number, attribute: attribute, text: text(payload, event),
          time: event.time, sequence: event.sequence)
      case Registers.present:
        attributes.set(
          entity: key.entity, key: number, attribute: attribute, payload: payload,
          time: event.time, sequence: event.sequence)
      case ValueState.cleared.rawValue:
        attributes.set(
          entity: key.entity, key: number, attribute: attribute, payload: nil, time: event.time,
          sequence: event.sequence)
      default: break
      }
    }
  }

  @_lifetime(borrow event)
  private static func text(_ payload: UInt64, _ event: borrowing Event) -> Span<UInt8> {
    let reference = TextReference(bits: payload)
    return event.text.span.extracting(reference.offset..<reference.offset + reference.length)
  }
}

/// Which attributes of a schema are text.
struct TextAttributes: Sendable {
  private var first: [Int] = []
  private var flags: [Bool] = []

  init(_ entities: [Entity]) {
    for entity in entities {
      first.append(flags.count)
      flags += entity.attributes.map(\.type.isText)
    }
  }

  func isText(entity: Int, _ attribute: Int) -> Bool { flags[first[entity] + attribute] }
}
