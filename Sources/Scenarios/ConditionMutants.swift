internal import Expressions
internal import Model
internal import RuleLanguage
internal import Values

/// Small changes of a condition, each of which some test should notice.
struct ConditionMutants {
  /// A changed expression, and the change in words of the rule language.
  struct Mutant {
    var expression: TypedExpression
    var span: SourceSpan
    var replacement: String
  }

  let sources: SourceMap

  /// Every condition with one change inside `expression`.
  func all(of expression: TypedExpression) -> [Mutant] {
    guard case .apply(let overload, let operands) = expression.kind, overload != .expanded else {
      return []
    }
    var found = local(expression, overload, operands)
    for (position, operand) in operands.enumerated() {
      for mutant in all(of: operand) {
        var changed = operands
        changed[position] = mutant.expression
        var outer = expression
        outer.kind = .apply(overload, changed)
        found.append(
          Mutant(expression: outer, span: mutant.span, replacement: mutant.replacement))
      }
    }
    return found
  }

  private func text(_ expression: TypedExpression) -> String { sources.text(expression.span) }

  private func local(
    _ whole: TypedExpression, _ overload: Overload, _ operands: [TypedExpression]
  ) -> [Mutant] {
    switch overload {
    case .and, .or:
      let other: Overload = overload == .and ? .or : .and
      let (left, right) = (text(operands[0]), text(operands[1]))
      var swapped = whole
      swapped.kind = .apply(other, operands)
      return [
        Mutant(
          expression: swapped, span: whole.span,
          replacement: "\(left) \(other == .and ? "and" : "or") \(right)"),
        Mutant(expression: operands[0], span: whole.span, replacement: left),
        Mutant(expression: operands[1], span: whole.span, replacement: right),
      ]
    case .not:
      return [Mutant(expression: operands[0], span: whole.span, replacement: text(operands[0]))]
    default: break
    }
    guard whole.type == .bool, operands.count == 2 else { return [] }
    return boundary(whole, overload, operands) + opposite(whole)
      + thresholds(whole, overload, operands)
  }

  // MARK: Comparisons

  private static let neighbours: [Overload: Overload] = [
    .lessInt: .lessOrEqualInt, .lessOrEqualInt: .lessInt, .lessUInt: .lessOrEqualUInt,
    .lessOrEqualUInt: .lessUInt, .lessDouble: .lessOrEqualDouble,
    .lessOrEqualDouble: .lessDouble, .lessText: .lessOrEqualText, .lessOrEqualText: .lessText,
  ]

  private static func isStrict(_ overload: Overload) -> Bool {
    [.lessInt, .lessUInt, .lessDouble, .lessText].contains(overload)
  }

  /// The operands in the order they were written, and the sign between them.
  private func written(
    _ overload: Overload, _ operands: [TypedExpression]
  ) -> (TypedExpression, String, TypedExpression) {
    let isTurned = operands[0].span.start > operands[1].span.start
    let sign = (isTurned ? ">" : "<") + (ConditionMutants.isStrict(overload) ? "" : "=")
    return isTurned ? (operands[1], sign, operands[0]) : (operands[0], sign, operands[1])
  }

  /// `>` for `>=` and the like.
  private func boundary(
    _ whole: TypedExpression, _ overload: Overload, _ operands: [TypedExpression]
  ) -> [Mutant] {
    guard let neighbour = ConditionMutants.neighbours[overload] else { return [] }
    var changed = whole
    changed.kind = .apply(neighbour, operands)
    let (left, sign, right) = written(neighbour, operands)
    return [
      Mutant(
        expression: changed, span: whole.span, replacement: "\(text(left)) \(sign) \(text(right))")
    ]
  }

  private func opposite(_ whole: TypedExpression) -> [Mutant] {
    var changed = whole
    changed.kind = .apply(.not, [whole])
    return [Mutant(expression: changed, span: whole.span, replacement: "not (\(text(whole)))")]
  }

  /// The constant one step further on either side; where one side is what another sign gives
  /// already, the other one alone.
  private func thresholds(
    _ whole: TypedExpression, _ overload: Overload, _ operands: [TypedExpression]
  ) -> [Mutant] {
    var found: [Mutant] = []
    for (position, operand) in operands.enumerated() {
      guard case .constant(let value) = operand.kind else { continue }
      for isUp in [false, true] {
        let isSame = isDiscrete(value) && isBoundary(overload, position, isUp)
        guard !isSame, let moved = value.moved(isUp) else { continue }
        var changed = operands
        changed[position].kind = .constant(moved)
        var outer = whole
        outer.kind = .apply(overload, changed)
        found.append(
          Mutant(expression: outer, span: operand.span, replacement: moved.written))
      }
    }
    return found
  }

  private func isDiscrete(_ value: Value) -> Bool {
    switch value {
    case .int, .uint: true
    default: false
    }
  }

  /// `x < 5` with 6 is `x <= 5`, and so on.
  private func isBoundary(_ overload: Overload, _ position: Int, _ isUp: Bool) -> Bool {
    guard ConditionMutants.neighbours[overload] != nil else { return false }
    return ConditionMutants.isStrict(overload) == (position == 1) ? isUp : !isUp
  }
}

extension Value {
  /// A threshold a step away: whole numbers by one, others by a tenth.
  func moved(_ isUp: Bool) -> Value? {
    switch self {
    case .int(let value): .int(isUp ? value &+ 1 : value &- 1)
    case .uint(let value): isUp || value > 0 ? .uint(isUp ? value &+ 1 : value &- 1) : nil
    case .double(let value): .double(isUp ? value * 1.1 + 0.1 : value * 0.9 - 0.1)
    case .duration(let value): .duration(Value.tenth(of: value, isUp))
    case .decimal(let value):
      .decimal(Decimal(units: Value.tenth(of: value.units, isUp), scale: value.scale))
    default: nil
    }
  }

  private static func tenth(of value: Int64, _ isUp: Bool) -> Int64 {
    let step = max(1, value.magnitude / 10)
    return isUp ? value &+ Int64(step) : value &- Int64(step)
  }

  /// As rule files write it.
  var written: String {
    switch self {
    case .int(let value): "\(value)"
    case .uint(let value): "\(value)u"
    case .double(let value): "\(value)"
    case .duration(let value): DurationText.text(ofMicroseconds: value)
    case .decimal(let value): "\(value)"
    default: "\(self)"
    }
  }
}
