public import Model

/// Events and what was asked for in them.
public struct MoneyTally: Sendable {
  /// How many events.
  public internal(set) var count = 0
  /// What was asked for, by unit.
  public internal(set) var amounts: [String: Decimal] = [:]
}

/// The amount each event type asks for: its first field of money.
struct MoneyFields: Sendable {
  private let fields: [Field?]

  private struct Field: Sendable {
    var slot: Int
    var scale: Int
    var unit: String
  }

  init(_ schema: Schema) {
    fields = schema.events.map { event in
      for field in event.fields {
        if case .decimal(let scale, let unit) = field.type, !unit.isEmpty {
          return Field(slot: field.slot, scale: scale, unit: unit)
        }
      }
      return nil
    }
  }

  /// Counts an event and what it asks for.
  func add(_ event: borrowing Event, to tally: inout MoneyTally) {
    tally.count += 1
    guard let field = fields[event.type],
      event.states[field.slot] == ValueState.present.rawValue
    else { return }
    let units = Int64(bitPattern: event.payloads[field.slot])
    let sum = tally.amounts[field.unit] ?? Decimal(units: 0, scale: field.scale)
    guard let addend = Decimal(units: units, scale: field.scale).rescaled(to: sum.scale) else {
      return
    }
    // A sum that leaves 64 bits stays at the largest number: it is shown to people, not paid.
    let (total, overflow) = sum.units.addingReportingOverflow(addend.units)
    tally.amounts[field.unit] = Decimal(units: overflow ? .max : total, scale: sum.scale)
  }
}
