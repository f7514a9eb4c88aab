import Model
import Program

/// Writes into a decision what makes its graph signals true.
///
/// The state knows accounts and values by hashes alone: one that the event names is written as the
/// event has it, any other as its token.
enum EvidenceWriter {
  static func write(
    _ event: borrowing Event, _ layout: borrowing EventPlan, _ plan: borrowing EnginePlan,
    clock: Int64,
    _ registers: borrowing Registers, _ texts: borrowing TextArenas, _ keys: inout KeySpaces,
    _ signals: inout SignalState, into decision: inout Decision
  ) {
    for position in layout.reads {
      let read = plan.reads[position]
      guard read.isStored else { continue }
      let asked = keys.ask(read, plan, registers, texts)
      guard asked.lack == nil else { continue }
      let found = signals.evidence(
        read, plan, asked.first, asked.second, time: event.time.microseconds, clock: clock)
      guard !found.ties.isEmpty else { continue }
      let start = decision.ties.count
      let entities = signals.graph.entityCount
      for tie in found.ties {
        let written = written(tie, entities, event, layout, plan, keys, &decision.text)
        decision.ties.append(written)
      }
      decision.evidence.append(
        SignalEvidence(
          signal: read.signal, ties: start..<decision.ties.count, isComplete: found.isComplete))
    }
  }

  private static func written(
    _ tie: AccountTie, _ entities: Int, _ event: borrowing Event, _ layout: borrowing EventPlan,
    _ plan: borrowing EnginePlan, _ keys: borrowing KeySpaces, _ text: inout [UInt8]
  ) -> EvidenceTie {
    switch tie.kind {
    case .edge(let link):
      return .edge(
        link: link, from: name(tie.entity, tie.from, event, layout, plan, keys, &text),
        to: name(tie.entity, tie.to, event, layout, plan, keys, &text))
    case .shared(let identifier, let value):
      return .shared(
        identifier: identifier,
        value: name(entities + identifier, value, event, layout, plan, keys, &text),
        name(tie.entity, tie.from, event, layout, plan, keys, &text),
        name(tie.entity, tie.to, event, layout, plan, keys, &text))
    case .hub(let identifier, let value):
      return .hub(
        identifier: identifier,
        value: name(entities + identifier, value, event, layout, plan, keys, &text))
    case .label(let label):
      return .label(label, name(tie.entity, tie.from, event, layout, plan, keys, &text))
    }
  }

  private static func name(
    _ space: Int, _ number: UInt32, _ event: borrowing Event, _ layout: borrowing EventPlan,
    _ plan: borrowing EnginePlan, _ keys: borrowing KeySpaces, _ text: inout [UInt8]
  ) -> EvidenceName {
    let token = keys.token(space: space, number)
    for position in layout.keySlots {
      let slot = plan.keySlots[position]
      guard slot.space == space, keys.number(slot: slot.slot) == number else { continue }
      let reference = TextReference(bits: event.payloads[slot.slot])
      let start = text.count
      text.append(contentsOf: event.text[reference.offset..<reference.offset + reference.length])
      return EvidenceName(token: token, text: start..<text.count)
    }
    return EvidenceName(token: token)
  }
}
