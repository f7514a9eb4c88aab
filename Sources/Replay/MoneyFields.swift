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
  /// By event type where its amount lies, and its number in `kinds`; without a reference, so that
  /// reading one counts none.
  private let places: [Place?]
  /// The units and scales that amounts come in.
  private let kinds: [Kind]

  private struct Place: Sendable, BitwiseCopyable {
    var slot: Int
    var kind: Int
  }

  private struct Kind: Hashable, Sendable {
    var unit: String
    var scale: Int
  }

  /// A tally while it is counted: what was asked for last is summed beside it, for mostly the next
  /// event asks for the same unit. See `tally`.
  struct RunningTally: Sendable {
    fileprivate var count = 0
    /// Position in `kinds` of the amount in `settled` whose digits are `units`; -1 for none.
    fileprivate var kind = -1
    fileprivate var units: Int64 = 0
    fileprivate var settled = MoneyTally()
  }

  init(_ schema: Schema) {
    var kinds: [Kind] = []
    places = schema.events.map { event in
      for field in event.fields {
        guard case .decimal(let scale, let unit) = field.type, !unit.isEmpty else { continue }
        let kind = Kind(unit: unit, scale: scale)
        let known = kinds.firstIndex(of: kind)
        if known == nil { kinds.append(kind) }
        return Place(slot: field.slot, kind: known ?? kinds.count - 1)
      }
      return nil
    }
    self.kinds = kinds
  }

  /// What an event asks for; nil when it asks for nothing.
  func amount(of event: borrowing Event) -> MoneyAmount? {
    units(of: event).flatMap { amount(ofType: event.type, units: $0) }
  }

  /// The digits of what an event asks for; nil when it asks for nothing.
  func units(of event: borrowing Event) -> Int64? {
    guard let place = places[event.type],
      event.states[place.slot] == ValueState.present.rawValue
    else { return nil }
    return Int64(bitPattern: event.payloads[place.slot])
  }

  /// An amount that an event of a type asked for, from its digits; nil when the type has no money.
  func amount(ofType type: Int, units: Int64) -> MoneyAmount? {
    places[type].map { amount(of: $0.kind, units) }
  }

  private func amount(of kind: Int, _ units: Int64) -> MoneyAmount {
    MoneyAmount(unit: kinds[kind].unit, amount: Decimal(units: units, scale: kinds[kind].scale))
  }

  /// Counts an event and what it asks for.
  func add(_ event: borrowing Event, to tally: inout MoneyTally) {
    MoneyFields.add(amount(of: event), to: &tally)
  }

  /// Counts an event and what it asks for.
  func add(_ event: borrowing Event, to tally: inout RunningTally) {
    tally.count &+= 1
    guard let place = places[event.type],
      event.states[place.slot] == ValueState.present.rawValue
    else { return }
    let asked = Int64(bitPattern: event.payloads[place.slot])
    let (units, overflow) = tally.units.addingReportingOverflow(asked)
    if tally.kind == place.kind && !overflow {
      tally.units = units
    } else {
      settle(place.kind, asked, &tally)
    }
  }

  /// Counts an amount of another unit than the one before, or one that is too much.
  @inline(never)
  private func settle(_ kind: Int, _ units: Int64, _ tally: inout RunningTally) {
    var settled = self.tally(tally)
    let (unit, scale) = (kinds[kind].unit, kinds[kind].scale)
    MoneyFields.add(amount(of: kind, units), to: &settled)
    tally.settled = settled
    tally.kind = -1
    // In the finer scale of two units are others.
    guard let sum = settled.amounts.first(where: { $0.unit == unit })?.amount, sum.scale == scale
    else { return }
    tally.kind = kind
    tally.units = sum.units
  }

  /// What was counted so far.
  func tally(_ tally: RunningTally) -> MoneyTally {
    var settled = tally.settled
    settled.count = tally.count
    guard tally.kind >= 0 else { return settled }
    let unit = kinds[tally.kind].unit
    for index in settled.amounts.indices where settled.amounts[index].unit == unit {
      settled.amounts[index].amount.units = tally.units
    }
    return settled
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
