import Model
import Program
import Values

/// Brings an event into the registers: slots, numbers of its keys, and attributes as of this event.
enum EventLoader {
  /// Loads the slots of an event and names its keys.
  ///
  /// Keys wait for memory longer than for anything else, so all of them are asked for before the
  /// first is used: `announce` for their places in the tables, an `AheadPlan` for what lies there,
  /// then they are numbered.
  @inline(__always)
  static func announce(
    _ type: Int, _ given: Span<UInt64>, _ givenStates: Span<UInt8>, _ text: Span<UInt8>,
    _ plan: borrowing EnginePlan, lane: Int, payloads: inout FixedArray<UInt64>,
    states: inout FixedArray<UInt8>, keys: inout KeySpaces, scratch: inout [UInt8]
  ) {
    let registers = Registers(
      &payloads, &states, at: plan.events[type].registers(ofLane: lane, plan))
    let slotCount = plan.events[type].slotCount
    precondition(
      given.count == slotCount && givenStates.count == slotCount, "an event with other slots")
    keys.beginNaming(slots: slotCount, positions: plan.events[type].keySlots)
    if !scratch.isEmpty { scratch.removeAll(keepingCapacity: true) }
    let present = registers.take(given, givenStates)
    let names = plan.keyNames.span.extracting(plan.events[type].keyNames)
    name(
      present & plan.events[type].firstKeys, from: 0, names, plan, text, registers, &keys, &scratch)
    if slotCount > 64 { nameFurther(names, plan, text, registers, &keys, &scratch) }
    keys.endNaming()
  }

  /// Names the keys in slots after the first 64.
  @inline(never)
  private static func nameFurther(
    _ names: Span<KeyName>, _ plan: borrowing EnginePlan, _ text: Span<UInt8>,
    _ registers: borrowing Registers, _ keys: inout KeySpaces, _ scratch: inout [UInt8]
  ) {
    for first in stride(from: 64, to: names.count, by: 64) {
      var present: UInt64 = 0
      for slot in first..<min(first + 64, names.count) where names[slot].form != .none {
        let state = registers.state(UInt16(truncatingIfNeeded: slot))
        if state == Registers.present { present |= 1 << UInt64(slot - first) }
      }
      name(present, from: first, names, plan, text, registers, &keys, &scratch)
    }
  }

  /// Names the keys in some of the 64 slots from a first one on, a bit for each.
  @inline(__always)
  private static func name(
    _ present: UInt64, from first: Int, _ names: Span<KeyName>, _ plan: borrowing EnginePlan,
    _ text: Span<UInt8>, _ registers: borrowing Registers, _ keys: inout KeySpaces,
    _ scratch: inout [UInt8]
  ) {
    var left = keys.namePlain(present, from: first, names, registers, text)
    while left != 0 {
      let slot = first &+ left.trailingZeroBitCount
      name(Int(names[slot].position), plan, text, registers, &keys, &scratch)
      left = keys.namePlain(left & (left &- 1), from: first, names, registers, text)
    }
  }

  /// Names the key that a slot holds, whatever its text is like.
  @inline(never)
  private static func name(
    _ position: Int, _ plan: borrowing EnginePlan, _ text: Span<UInt8>,
    _ registers: borrowing Registers, _ keys: inout KeySpaces, _ scratch: inout [UInt8]
  ) {
    let key = plan.keySlots[position]
    let register = UInt16(truncatingIfNeeded: key.slot)
    let place = TextReference(bits: registers.payload(register))
    let raw = text.extracting(place.offset..<place.offset + place.length)
    guard let normalizer = key.normalizer, !isPlain(raw, normalizer) else {
      keys.name(slot: key.slot, position: position, space: key.space, text: raw)
      return
    }
    let start = scratch.count
    let count = TextNormalizer.append(raw, normalizedBy: normalizer, to: &scratch)
    guard count > 0 else {
      registers.set(register, 0, state: Registers.missing)
      return
    }
    let reference = TextReference(arena: .scratch, offset: start, length: count)
    registers.set(register, reference.bits)
    keys.name(
      slot: key.slot, position: position, space: key.space,
      text: scratch.span.extracting(start..<start + count))
  }

  /// Whether a text is a key as it is.
  @inline(__always)
  private static func isPlain(_ text: Span<UInt8>, _ normalizer: Normalizer) -> Bool {
    text.count > 0 && TextNormalizer.isPlainlyNormal(text, for: normalizer)
  }

  /// Takes what an event says of its keys, once they are numbered.
  ///
  /// *Order*: key by key in field order the attributes it names, so that of two fields naming one
  /// attribute the later wins; then the attributes code asks for.
  @inline(__always)
  static func load(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan,
    into registers: borrowing Registers, keys: borrowing KeySpaces,
    attributes: inout AttributeStore
  ) {
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
