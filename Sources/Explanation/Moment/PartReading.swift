internal import Expressions
internal import Model
internal import Values

/// How a quantity relates to a threshold.
enum Relation {
  case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual

  var negated: Relation {
    switch self {
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    case .equal: .notEqual
    case .notEqual: .equal
    }
  }

  /// With the sides exchanged.
  var mirrored: Relation {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    case .equal, .notEqual: self
    }
  }
}

/// The smallest part of a condition, taken apart: what was seen, what it is held against.
struct PartReading {
  let part: TypedExpression
  /// What was seen: the side that changes from event to event.
  let quantity: TypedExpression?
  /// What it is held against.
  let threshold: TypedExpression?
  /// How the quantity has to relate to the threshold; nil for membership and the like.
  let relation: Relation?
  /// How the part came out.
  let outcome: Value
  let quantityValue: Value?
  let thresholdValue: Value?

  init(_ part: TypedExpression, in moment: Moment) {
    self.part = part
    outcome = moment.evaluate(part)
    var sides = PartReading.sides(part)
    if let taken = sides, let right = taken.right, moment.isFixed(taken.left),
      !moment.isFixed(right)
    {
      sides = (right, taken.left, taken.relation?.mirrored)
    }
    quantity = sides?.left
    threshold = sides?.right
    relation = sides?.relation
    quantityValue = quantity.map(moment.evaluate)
    thresholdValue = threshold.map(moment.evaluate)
  }

  /// The sides as they were written, and how they relate.
  private static func sides(
    _ part: TypedExpression
  ) -> (left: TypedExpression, right: TypedExpression?, relation: Relation?)? {
    switch part.kind {
    case .variable, .query: return (part, nil, nil)
    case .apply(let overload, let operands):
      if overload == .not || overload == .isMissing {
        // `x not in list` and `x is not missing` speak of x.
        let inner = overload == .not ? operands[0] : part
        guard case .apply(let kind, let sides) = inner.kind else { return nil }
        return (sides[0], kind == .isIn ? sides[1] : nil, nil)
      }
      guard operands.count == 2 else { return nil }
      guard let relation = Relation(overload) else { return (operands[0], operands[1], nil) }
      let isSwapped = operands[1].span.start < operands[0].span.start
      return isSwapped
        ? (operands[1], operands[0], relation.mirrored) : (operands[0], operands[1], relation)
    default: return nil
    }
  }

  /// The variable that is the quantity, when it is one.
  var variable: Int? {
    guard let quantity, case .variable(let number) = quantity.kind else { return nil }
    return number
  }

  /// The nearest value of the quantity with which the part is as wanted; nil where there is none to
  /// name.
  func boundary(_ wanted: Bool) -> Value? {
    guard let relation, let thresholdValue, thresholdValue.state == .present else { return nil }
    switch wanted ? relation : relation.negated {
    case .lessOrEqual, .greaterOrEqual, .equal: return thresholdValue
    case .less: return thresholdValue.stepped(-1)
    case .greater: return thresholdValue.stepped(1)
    case .notEqual:
      if case .bool(let value) = thresholdValue { return .bool(!value) }
      return thresholdValue.stepped(1)
    }
  }

  /// How far the quantity is from where the part would come out the other way; nil where there is
  /// no distance.
  var margin: Value? {
    guard let quantityValue, let outcome = outcome.truth, let boundary = boundary(!outcome),
      quantityValue.amount != nil
    else { return nil }
    switch quantityValue {
    case .double, .duration, .timestamp:
      // The least step beyond the threshold says nothing to anybody.
      return relation == .equal || relation == .notEqual
        ? nil : thresholdValue.flatMap(quantityValue.distance(to:))
    default: return quantityValue.distance(to: boundary)
    }
  }

  /// What it costs to turn the part: how far, as a share of the threshold, or 1.
  func cost(_ wanted: Bool) -> Double {
    guard let seen = quantityValue?.amount, let goal = boundary(wanted)?.amount,
      let scale = thresholdValue?.amount, relation != .equal, relation != .notEqual
    else { return 1 }
    if case .timestamp = quantityValue { return abs(seen - goal) / 86_400e6 }
    return abs(seen - goal) / max(abs(scale), 1)
  }
}

extension Relation {
  fileprivate init?(_ overload: Overload) {
    switch overload {
    case .equalBits, .equalDouble, .equalText: self = .equal
    case .notEqualBits, .notEqualDouble, .notEqualText: self = .notEqual
    case .lessInt, .lessUInt, .lessDouble, .lessText: self = .less
    case .lessOrEqualInt, .lessOrEqualUInt, .lessOrEqualDouble, .lessOrEqualText:
      self = .lessOrEqual
    default: return nil
    }
  }
}

extension Value {
  /// Its truth; nil when it is no bool.
  var truth: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// Its size as a number, to weigh changes by; nil when it has none.
  var amount: Double? {
    switch self {
    case .int(let value), .duration(let value): Double(value)
    case .uint(let value): Double(value)
    case .double(let value): value.isFinite ? value : nil
    case .decimal(let value): Double(value.units) / Double(Decimal.powerOfTen(value.scale))
    case .timestamp(let value): Double(value.microseconds)
    default: nil
    }
  }

  /// The next value up or down; nil where there is none.
  func stepped(_ direction: Int64) -> Value? {
    func step(_ value: Int64) -> Int64? {
      let (next, overflow) = value.addingReportingOverflow(direction)
      return overflow ? nil : next
    }
    return switch self {
    case .int(let value): step(value).map(Value.int)
    case .uint(let value):
      Int64(exactly: value).flatMap(step).flatMap(UInt64.init(exactly:))
        .map(Value.uint)
    case .double(let value): .double(direction > 0 ? value.nextUp : value.nextDown)
    case .decimal(let value):
      step(value.units).map { .decimal(Decimal(units: $0, scale: value.scale)) }
    case .duration(let value): step(value).map(Value.duration)
    case .timestamp(let value):
      step(value.microseconds).map { .timestamp(Timestamp(microseconds: $0)) }
    default: nil
    }
  }

  /// How far another value of its kind is; of times, the time between them.
  func distance(to other: Value) -> Value? {
    func between(_ left: Int64, _ right: Int64) -> Int64? {
      let (difference, overflow) = max(left, right).subtractingReportingOverflow(min(left, right))
      return overflow ? nil : difference
    }
    return switch (self, other) {
    case (.int(let left), .int(let right)): between(left, right).map(Value.int)
    case (.uint(let left), .uint(let right)): .uint(max(left, right) - min(left, right))
    case (.double(let left), .double(let right)): .double(abs(left - right))
    case (.decimal(let left), .decimal(let right)) where left.scale == right.scale:
      between(left.units, right.units).map { .decimal(Decimal(units: $0, scale: left.scale)) }
    case (.duration(let left), .duration(let right)): between(left, right).map(Value.duration)
    case (.timestamp(let left), .timestamp(let right)):
      between(left.microseconds, right.microseconds).map(Value.duration)
    default: nil
    }
  }
}
