public import Expressions
internal import Model

extension TypedExpression {
  /// The comparisons and other smallest parts that `and`, `or` and `not` join, in order.
  public var smallestParts: [TypedExpression] {
    guard case .apply(let overload, let operands) = kind else { return [self] }
    switch overload {
    case .and, .or: return operands.flatMap(\.smallestParts)
    case .not: return isOneNegation ? [self] : operands[0].smallestParts
    default: return [self]
    }
  }

  /// Whether this is `x not in list` or `x is not missing`, which are written as one.
  public var isOneNegation: Bool {
    guard case .apply(.not, let operands) = kind, case .apply(let inner, _) = operands[0].kind
    else { return false }
    return inner == .isIn || inner == .isMissing
  }
}

extension CheckedRule {
  /// A rule that tells how another condition comes out where this one is judged. It is in shadow:
  /// no decision changes by it.
  public func shadow(when condition: TypedExpression) -> CheckedRule {
    var shadow = self
    shadow.when = condition
    shadow.exempt = nil
    shadow.score = nil
    shadow.force = nil
    shadow.status = .shadow
    shadow.activeFrom = nil
    shadow.activeUntil = nil
    shadow.missing = .skips
    return shadow
  }
}
