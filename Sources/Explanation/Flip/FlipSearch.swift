internal import Expressions
internal import Model
internal import RuleLanguage
internal import Values

/// Looks for the smallest change of what was seen on an event that alters its outcome.
///
/// Candidates are single parts of conditions turned at their threshold, single steps of the numbers
/// that scores are computed from, and whole rules made to fire or not in the cheapest way; then, if
/// none does, two rules at once, and then as many as it takes. Each is judged by all rules and the
/// policy before it counts.
struct FlipSearch {
  /// A change that alters the outcome.
  struct Found {
    var moves: [Move]
    var verdict: WhatIf.Verdict
    var cost: Double
  }

  /// Steps up and down that are tried of a whole number in a score.
  static let scoreSteps: Int64 = 20
  /// Rules, the cheapest to turn first, that are tried together.
  static let joinedRules = 40

  private let whatIf: WhatIf
  private let now: WhatIf.Verdict
  private let readings: [PartReading]

  init(_ whatIf: WhatIf, now: WhatIf.Verdict) {
    self.whatIf = whatIf
    self.now = now
    readings = FlipSearch.readings(whatIf)
  }

  /// The smallest change to a milder outcome and to a harder one, the smaller of the two first.
  func run() -> [Found] {
    let turned = turnedRules()
    let single =
      readings.flatMap(turns) + scoreMoves().map { MovePlan(moves: [$0]) } + turned.map(\.plan)
    let cheapest = turned.map(\.plan).sorted { $0.cost < $1.cost }.prefix(FlipSearch.joinedRules)
    let found = [false, true].compactMap { harder in
      best(single, harder: harder) ?? best(pairs(Array(cheapest)), harder: harder)
        ?? gathered(turned.filter { $0.fires == harder }.map(\.plan), harder: harder)
    }
    return found.sorted { ($0.cost, $0.moves.count) < ($1.cost, $1.moves.count) }
  }

  /// Whether every value beyond that of a change alters the outcome to the same, as far as
  /// thresholds and steps near by tell.
  func holdsBeyond(_ found: Found) -> Bool {
    guard found.moves.count == 1, let assignment = found.moves[0].assignment,
      let goal = assignment.value.amount,
      let seen = found.moves[0].reading.quantityValue?.amount
    else { return true }
    var beyond: [Value] = []
    for reading in readings where reading.variable == assignment.variable {
      beyond += [reading.boundary(true), reading.boundary(false)].compactMap { $0 }
    }
    beyond += FlipSearch.steps(from: assignment.value).map(\.value)
    return beyond.allSatisfy { value in
      guard let amount = value.amount, goal < seen ? amount < goal : amount > goal else {
        return true
      }
      var changes = Changes()
      changes.values[assignment.variable] = value
      return whatIf.verdict(changes).outcome == found.verdict.outcome
    }
  }

  // MARK: Candidates

  private static func readings(_ whatIf: WhatIf) -> [PartReading] {
    let moment = whatIf.moment
    var conditions: [TypedExpression] = []
    for position in whatIf.active where moment.counts(moment.rules.rules[position].status) {
      let rule = moment.rules.rules[position]
      conditions.append(rule.when)
      if let exempt = rule.exempt { conditions.append(exempt) }
      if let score = rule.score { conditions += score.choices }
    }
    if let exempt = whatIf.policy.exempt { conditions.append(exempt) }
    return conditions.flatMap { moment.writtenOut($0).smallestParts }.map {
      PartReading($0, in: moment)
    }
  }

  private func turns(_ reading: PartReading) -> [MovePlan] {
    guard !whatIf.moment.isFixed(reading.part) else { return [] }
    let ways: [Bool] =
      switch reading.outcome {
      case .bool(let truth): [!truth]
      case .missing: [true, false]
      default: []
      }
    return ways.map { MovePlan(moves: [Move(reading, $0)]) }
  }

  /// Other values of the whole numbers that scores are computed from.
  private func scoreMoves() -> [Move] {
    let moment = whatIf.moment
    var moves: [Move] = []
    var seen: Set<Int> = []
    for position in whatIf.active where moment.counts(moment.rules.rules[position].status) {
      guard let score = moment.rules.rules[position].score else { continue }
      for variable in score.numbers where !moment.isFixed(variable) {
        guard case .variable(let number) = variable.kind, seen.insert(number).inserted else {
          continue
        }
        let reading = PartReading(variable, in: moment)
        for step in FlipSearch.steps(from: moment.evaluate(variable)) {
          moves.append(Move(reading, number, value: step.value, cost: step.cost))
        }
      }
    }
    return moves
  }

  private static func steps(from value: Value) -> [(value: Value, cost: Double)] {
    guard case .int(let seen) = value else { return [] }
    return (1...scoreSteps).flatMap { step in
      [seen.subtractingReportingOverflow(step), seen.addingReportingOverflow(step)]
        .filter { !$0.overflow && $0.partialValue >= 0 }
        .map { (.int($0.partialValue), Double(step) / max(abs(Double(seen)), 1)) }
    }
  }

  /// Every rule that counts, made to fire where it does not, and not to fire where it does.
  private func turnedRules() -> [(plan: MovePlan, fires: Bool)] {
    let moment = whatIf.moment
    let counted = now.rules.filter { moment.counts(moment.rules.rules[$0.rule].status) }
    return counted.compactMap { judged in
      turned(judged).map { (plan: $0, fires: judged.outcome != .fires) }
    }
  }

  private func turned(_ judged: WhatIf.Judged) -> MovePlan? {
    let moment = whatIf.moment
    let rule = moment.rules.rules[judged.rule]
    let when = moment.writtenOut(rule.when)
    let exempt = rule.exempt.map(moment.writtenOut)
    if judged.outcome == .fires {
      let ways = [
        MovePlan.cheapest(when, false, in: moment),
        exempt.flatMap { MovePlan.cheapest($0, true, in: moment) },
      ]
      return ways.compactMap { $0 }.min { $0.cost < $1.cost }
    }
    guard var plan = MovePlan.cheapest(when, true, in: moment) else { return nil }
    if let exempt, moment.evaluate(exempt) == .bool(true) {
      guard let lifted = MovePlan.cheapest(exempt, false, in: moment) else { return nil }
      plan.moves += lifted.moves
    }
    return plan
  }

  private func pairs(_ plans: [MovePlan]) -> [MovePlan] {
    plans.indices.flatMap { first in
      plans[(first + 1)...].map { MovePlan(joining: [plans[first], $0]) }
    }
  }

  /// As many rules as it takes, the cheapest first, and of these only those that are needed.
  private func gathered(_ plans: [MovePlan], harder: Bool) -> Found? {
    func joined(_ plans: [MovePlan]) -> Found? {
      best([MovePlan(joining: plans)], harder: harder)
    }
    var chosen: [MovePlan] = []
    var found: Found?
    for plan in plans.sorted(by: { $0.cost < $1.cost }).prefix(FlipSearch.joinedRules) {
      chosen.append(plan)
      found = joined(chosen)
      if found != nil { break }
    }
    for position in chosen.indices.reversed() where found != nil {
      var fewer = chosen
      fewer.remove(at: position)
      guard let without = joined(fewer) else { continue }
      chosen = fewer
      found = without
    }
    return found
  }

  private func best(_ candidates: [MovePlan], harder: Bool) -> Found? {
    var best: Found?
    for plan in candidates where !plan.moves.isEmpty {
      let cost = plan.cost
      if let best, (best.cost, best.moves.count) <= (cost, plan.moves.count) { continue }
      let verdict = whatIf.verdict(Changes(plan.moves))
      guard harder ? verdict.outcome > now.outcome : verdict.outcome < now.outcome else { continue }
      best = Found(moves: plan.moves, verdict: verdict, cost: cost)
    }
    return best
  }
}

extension TypedExpression {
  /// The conditions that choose between values inside.
  fileprivate var choices: [TypedExpression] {
    let inner = children.flatMap(\.choices)
    if case .conditional(let condition, _, _) = kind { return [condition] + inner }
    return inner
  }

  /// The variables inside that are whole numbers.
  fileprivate var numbers: [TypedExpression] {
    if case .variable = kind { return type == .int ? [self] : [] }
    return children.flatMap(\.numbers)
  }
}
