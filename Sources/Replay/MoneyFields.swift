public import Model

/// Events and what was asked for in them.
public struct MoneyTally: Hashable, Sendable {
  /// How many events.
  public internal(set) var count = 0
  /// What was asked for, one sum per unit, in the order of first sight.
  public internal(set) var amounts: [MoneyAmount] = []
}

/// So much of one unit.
public struct MoneyAmount: Hashable, Sendable {
  /// `MXN`
  public var unit: String
  /// How much.
  public var amount: Decimal
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

  /// What an event asks for; nil when it asks for nothing.
  func amount(of event: borrowing Event) -> MoneyAmount? {
    units(of: event).flatMap { amount(ofType: event.type, units: $0) }
  }

  /// The digits of what an event asks for; nil when it asks for nothing.
  func units(of event: borrowing Event) -> Int64? {
    guard let field = fields[event.type],
      event.states[field.slot] == ValueState.present.rawValue
    else { return nil }
    return Int64(bitPattern: event.payloads[field.slot])
  }

  /// An amount that an event of a type asked for, from its digits; nil when the type has no money.
  func amount(ofType type: Int, units: Int64) -> MoneyAmount? {
    fields[type].map {
      MoneyAmount(unit: $0.unit, amount: Decimal(units: units, scale: $0.scale))
    }
  }

  /// Counts an event and what it asks for.
  func add(_ event: borrowing Event, to tally: inout MoneyTally) {
    MoneyFields.add(amount(of: event), to: &tally)
  }

  /// Counts an event that asks for an amount, or for nothing.
  static func add(_ asked: MoneyAmount?, to tally: inout MoneyTally) {
    tally.count += 1
    if let asked { add(asked, to: &tally) }
  }

  private static func add(_ asked: MoneyAmount, to tally: inout MoneyTally) {
    // A handful of units at most: looking through them is faster than hashing their names.
    guard let place = tally.amounts.firstIndex(where: { $0.unit == asked.unit }) else {
      tally.amounts.append(asked)
      return
    }
    tally.amounts[place].amount = sum(tally.amounts[place].amount, asked.amount)
  }

  /// A tally with the events of another, or without them.
  static func sum(
    _ tally: MoneyTally, _ other: MoneyTally, isTaken: Bool = false
  ) -> MoneyTally {
    var sum = tally
    sum.count += isTaken ? -other.count : other.count
    for asked in other.amounts {
      var asked = asked
      if isTaken { asked.amount.units = 0 - asked.amount.units }
      add(asked, to: &sum)
    }
    return sum
  }

  /// In the finer scale of the two. A sum that leaves 64 bits stays at the end it leaves them by:
  /// it is shown to people, not paid.
  private static func sum(_ left: Decimal, _ right: Decimal) -> Decimal {
    let scale = max(left.scale, right.scale)
    let limit = Decimal(units: right.units < 0 ? .min : .max, scale: scale)
    guard let first = left.rescaled(to: scale), let second = right.rescaled(to: scale) else {
      return limit
    }
    let (units, overflow) = first.units.addingReportingOverflow(second.units)
    return overflow ? limit : Decimal(units: units, scale: scale)
  }
}
