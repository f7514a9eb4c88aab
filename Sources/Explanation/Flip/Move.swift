internal import Expressions
internal import Model
internal import RuleLanguage
internal import Values

/// Something small that might have been otherwise.
struct Move {
  /// The part of a condition it turns.
  var reading: PartReading
  /// How the part comes out then.
  var wanted: Bool
  /// The value of one variable that does it; nil where the part is simply taken to come out so.
  var assignment: (variable: Int, value: Value)?
  /// How large a change it is: a distance as a share of the threshold, or 1.
  var cost: Double

  init(_ reading: PartReading, _ wanted: Bool) {
    self.reading = reading
    self.wanted = wanted
    cost = reading.cost(wanted)
    guard let variable = reading.variable, let quantity = reading.quantity else { return }
    if reading.relation == nil, reading.threshold == nil, quantity.type == .bool,
      quantity.span == reading.part.span
    {
      assignment = (variable, .bool(wanted))
    } else if let boundary = reading.boundary(wanted) {
      assignment = (variable, boundary)
    }
  }

  /// Another value of a variable on which a score depends.
  init(_ reading: PartReading, _ variable: Int, value: Value, cost: Double) {
    self.reading = reading
    wanted = true
    assignment = (variable, value)
    self.cost = cost
  }
}

extension Move {
  /// Whether both change the same variable or part.
  fileprivate func isAbout(_ other: Move) -> Bool {
    if let assignment, let others = other.assignment {
      return assignment.variable == others.variable
    }
    return assignment == nil && other.assignment == nil
      && reading.part.span == other.reading.part.span
  }
}

/// Moves that together make a condition come out as wanted.
struct MovePlan {
  var moves: [Move] = []

  var cost: Double { moves.reduce(0) { $0 + $1.cost } }

  init(moves: [Move] = []) {
    self.moves = moves
  }

  /// All of them at once; of two that change one thing the one that goes further.
  init(joining plans: [MovePlan]) {
    for move in plans.flatMap(\.moves) {
      guard let known = moves.firstIndex(where: { $0.isAbout(move) }) else {
        moves.append(move)
        continue
      }
      if moves[known].cost < move.cost { moves[known] = move }
    }
  }

  /// The cheapest way to make a condition come out as wanted; nil where there is none.
  static func cheapest(
    _ condition: TypedExpression, _ wanted: Bool, in moment: Moment
  ) -> MovePlan? {
    if moment.evaluate(condition) == .bool(wanted) { return MovePlan() }
    guard case .apply(let overload, let operands) = condition.kind, !condition.isOneNegation else {
      return part(condition, wanted, moment)
    }
    switch overload {
    case .not: return cheapest(operands[0], !wanted, in: moment)
    case .and, .or:
      let plans = operands.map { cheapest($0, wanted, in: moment) }
      guard wanted == (overload == .and) else {
        return plans.compactMap { $0 }.min { $0.cost < $1.cost }
      }
      var all = MovePlan()
      for plan in plans {
        guard let plan else { return nil }
        all.moves += plan.moves
      }
      return all
    default: return part(condition, wanted, moment)
    }
  }

  private static func part(
    _ part: TypedExpression, _ wanted: Bool, _ moment: Moment
  ) -> MovePlan? {
    let reading = PartReading(part, in: moment)
    if case .error = reading.outcome { return nil }
    // What is the same on every event cannot be otherwise.
    guard !moment.isFixed(part) else { return nil }
    return MovePlan(moves: [Move(reading, wanted)])
  }
}
