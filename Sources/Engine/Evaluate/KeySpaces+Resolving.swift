import Model
import Program
import Values

/// Keys as feeds and questions ask for them.
extension KeySpaces {
  /// The key at a position of the plan; numbers it now when `interning` and it was never seen.
  @inline(__always)
  mutating func resolve(
    _ key: Int, _ plan: borrowing EnginePlan, _ registers: borrowing Registers,
    _ texts: borrowing TextArenas, interning: Bool
  ) -> ResolvedKey {
    let slot = plan.keys[key].slot
    if slot >= 0 { return resolved(slot: Int(slot)) }
    // What was resolved for a feed is numbered; a question before it in the event does not exist.
    let known = resolved[key]
    if known.event == event { return known }
    return resolveNow(key, plan, registers, texts, interning: interning)
  }

  /// The key of a list, numbered now when it was never seen.
  @inline(__always)
  mutating func resolve(
    _ key: FeedKey, _ plan: borrowing EnginePlan, _ registers: borrowing Registers,
    _ texts: borrowing TextArenas
  ) -> ResolvedKey {
    if key.slot >= 0 { return resolved(slot: Int(key.slot)) }
    return resolve(Int(key.position), plan, registers, texts, interning: true)
  }

  /// The key that a slot is.
  @inline(__always)
  private func resolved(slot: Int) -> ResolvedKey {
    let number = number(slot: slot)
    return ResolvedKey(
      number: number, state: number == 0 ? Registers.missing : Registers.present)
  }

  @inline(never)
  private mutating func resolveNow(
    _ key: Int, _ plan: borrowing EnginePlan, _ registers: borrowing Registers,
    _ texts: borrowing TextArenas, interning: Bool
  ) -> ResolvedKey {
    let layout = plan.keys[key]
    var result: ResolvedKey
    if layout.isReference {
      result = reference(
        plan.keyParts[layout.parts.lowerBound], registers, texts, interning: interning)
    } else {
      result = tuple(layout, plan, registers, texts, interning: interning)
    }
    result.event = event
    resolved[key] = result
    return result
  }

  /// The keys of a question, which numbers none.
  @inline(__always)
  mutating func ask(
    _ read: ReadPlan, _ plan: borrowing EnginePlan, _ registers: borrowing Registers,
    _ texts: borrowing TextArenas
  ) -> AskedKeys {
    let first = resolve(read.key, plan, registers, texts, interning: false)
    if read.secondKey < 0 { return AskedKeys(first.number, lack: first.lack) }
    let second = resolve(read.secondKey, plan, registers, texts, interning: false)
    // An error outweighs what is missing.
    let lack = first.state == Registers.error ? first.lack : second.lack ?? first.lack
    return AskedKeys(first.number, second.number, lack: lack)
  }

  private mutating func reference(
    _ part: KeyPart, _ registers: borrowing Registers, _ texts: borrowing TextArenas,
    interning: Bool
  ) -> ResolvedKey {
    let state = registers.state(part.register)
    let payload = registers.payload(part.register)
    guard state == Registers.present else { return ResolvedKey(state: state, fault: payload) }
    if part.isSlot {
      return ResolvedKey(number: number(slot: Int(part.register)), state: Registers.present)
    }
    let key = hash(texts.bytes(payload))
    let number = interning ? tables[part.space].intern(key) : tables[part.space].find(key)
    return ResolvedKey(number: number, state: Registers.present)
  }

  private mutating func tuple(
    _ layout: KeyPlan, _ plan: borrowing EnginePlan, _ registers: borrowing Registers,
    _ texts: borrowing TextArenas, interning: Bool
  ) -> ResolvedKey {
    var missing: ResolvedKey?
    for position in layout.parts {
      let register = plan.keyParts[position].register
      let state = registers.state(register)
      if state == Registers.error {
        return ResolvedKey(state: state, fault: registers.payload(register))
      }
      if state == Registers.missing { missing = ResolvedKey() }
    }
    if let missing { return missing }
    var hasher = KeyHasher(secret)
    var isSeen = true
    for position in layout.parts {
      let part = plan.keyParts[position]
      let payload = registers.payload(part.register)
      switch part.kind {
      case .text: hasher.append(text: texts.bytes(payload))
      case .word: hasher.append(word: payload)
      case .double:
        // Both zeros are one key, as they are equal.
        hasher.append(word: Double(bitPattern: payload) == 0 ? 0 : payload)
      case .reference:
        let number = reference(part, registers, texts, interning: interning).number
        isSeen = isSeen && number != 0
        hasher.append(reference: number)
      }
    }
    guard isSeen else { return ResolvedKey(state: Registers.present) }
    let key = hasher.finish()
    let space = layout.space
    let number = interning ? tables[space].intern(key) : tables[space].find(key)
    return ResolvedKey(number: number, state: Registers.present)
  }
}
