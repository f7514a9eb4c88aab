import Model
import Program
import Values

/// Brings an event into the registers: slots, numbers of its keys, and attributes as of this event.
enum EventLoader {
  /// Loads the slots of an event and hashes its keys.
  ///
  /// Keys wait for memory longer than for anything else, so all of them are asked for before the
  /// first is used: `announce` for their places in the tables, an `AheadPlan` for what lies there,
  /// then `load`.
  static func announce(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan,
    lane: Int, payloads: inout FixedArray<UInt64>, states: inout FixedArray<UInt8>,
    keys: inout KeySpaces, scratch: inout [UInt8], list: inout PrefetchList
  ) {
    let registers = Registers(&payloads, &states, at: layout.registers(ofLane: lane, plan))
    let slotCount = layout.slotCount
    precondition(event.payloads.count == slotCount, "an event with other slots")
    if !scratch.isEmpty { scratch.removeAll(keepingCapacity: true) }
    keys.clearLane(slotCount)
    for slot in 0..<slotCount {
      let state = event.states[slot]
      let isPresent = state == Registers.present
      registers.set(
        UInt16(truncatingIfNeeded: slot), isPresent ? event.payloads[slot] : 0,
        state: isPresent ? state : Registers.missing)
    }
    for position in layout.keySlots {
      let key = plan.keySlots[position]
      guard event.states[key.slot] == Registers.present else { continue }
      let raw = text(event.payloads[key.slot], event)
      guard let normalizer = key.normalizer else {
        keys.announce(slot: key.slot, space: key.space, text: raw, &list)
        continue
      }
      if raw.count > 0 && TextNormalizer.isPlainlyNormal(raw, for: normalizer) {
        keys.announce(slot: key.slot, space: key.space, text: raw, &list)
      } else {
        announceIdentifier(
          key, raw, normalizer, into: registers, keys: &keys, scratch: &scratch, list: &list)
      }
    }
  }

  /// Numbers the announced keys and takes what the event says of them.
  ///
  /// *Order*: key by key in field order its number and the attributes it names, so that of two
  /// fields naming one attribute the later wins; then the attributes code asks for.
  static func load(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan,
    into registers: borrowing Registers, keys: inout KeySpaces, attributes: inout AttributeStore
  ) {
    keys.begin()
    for position in layout.keySlots where isPresent(plan.keySlots[position], registers) {
      let key = plan.keySlots[position]
      let number = keys.intern(slot: key.slot, space: key.space)
      if key.attributeCount > 0 { upsert(event, key, number, &attributes, plan.textAttributes) }
    }
    for position in layout.attributeLoads {
      let load = plan.attributeLoads[position]
      let value = attributes.value(
        entity: load.entity, key: keys.number(slot: load.slot), attribute: load.attribute)
      registers.set(
        load.register, value ?? 0, state: value == nil ? Registers.missing : Registers.present)
    }
  }

  private static func isPresent(_ key: KeySlotPlan, _ registers: borrowing Registers) -> Bool {
    registers.state(UInt16(truncatingIfNeeded: key.slot)) == Registers.present
  }

  private static func announceIdentifier(
    _ key: KeySlotPlan, _ raw: Span<UInt8>, _ normalizer: Normalizer,
    into registers: borrowing Registers, keys: inout KeySpaces, scratch: inout [UInt8],
    list: inout PrefetchList
  ) {
    let register = UInt16(truncatingIfNeeded: key.slot)
    let start = scratch.count
    let count = TextNormalizer.append(raw, normalizedBy: normalizer, to: &scratch)
    guard count > 0 else {
      registers.set(register, 0, state: Registers.missing)
      return
    }
    let reference = TextReference(arena: .scratch, offset: start, length: count)
    registers.set(register, reference.bits)
    let text = scratch.span.extracting(start..<start + count)
    keys.announce(slot: key.slot, space: key.space, text: text, &list)
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
