import Model
import Testing

@testable import Replay

@Suite struct `A running tally` {
  private static func type(_ name: String, _ money: ValueType?) -> EventType {
    var fields = [
      Field(name: "id", type: .string, slot: 0), Field(name: "at", type: .timestamp, slot: 1),
    ]
    if let money { fields.append(Field(name: "amount", type: money, isOptional: true, slot: 2)) }
    return EventType(
      name: name, fields: fields, idField: 0, timeField: 1, retentionMicroseconds: nil,
      lateMicroseconds: 0, slotCount: fields.count)
  }

  @Test func `is what counting event by event gives`() {
    let schema = Schema(
      enumerations: [], entities: [], identifiers: [],
      events: [
        Self.type("cents", .decimal(scale: 2, unit: "MXN")),
        Self.type("whole", .decimal(scale: 0, unit: "MXN")),
        Self.type("other", .decimal(scale: 2, unit: "USD")),
        Self.type("free", nil),
        Self.type("more", .decimal(scale: 2, unit: "MXN")),
      ])
    let money = MoneyFields(schema)
    let seed: UInt64 = 12
    var random = SplitMix64(seed: seed)
    for round in 0..<200 {
      var tally = MoneyTally()
      var running = MoneyFields.RunningTally()
      // Some rounds have one type alone, and some amounts leave 64 bits.
      let types = round % 3 == 0 ? 1 : 5
      for step in 0..<40 {
        var event = Event()
        let type = random.below(types)
        event.reset(type: type, slotCount: schema.events[type].slotCount)
        if schema.events[type].slotCount > 2, random.below(5) > 0 {
          let amount = random.below(20_000) - 10_000
          let isLarge = random.below(12) == 0
          let units = Int64(amount) * (isLarge ? 900_000_000_000_000 : 1)
          event.set(2, payload: UInt64(bitPattern: units))
        }
        money.add(event, to: &tally)
        money.add(event, to: &running)
        if random.below(4) == 0 {
          #expect(money.tally(running) == tally, "seed \(seed), round \(round), step \(step)")
        }
      }
      #expect(money.tally(running) == tally, "seed \(seed), round \(round)")
    }
  }
}
