internal import Expressions

/// An expression without its places: what is written the same way twice is equal.
struct Shape: Hashable {
  private let expression: TypedExpression
  /// Of the whole expression, so that most that differ are told apart at once.
  private let digest: Int

  init(_ expression: TypedExpression) {
    self.expression = expression
    var hasher = Hasher()
    expression.combineShape(into: &hasher)
    digest = hasher.finalize()
  }

  static func == (left: Shape, right: Shape) -> Bool {
    left.digest == right.digest && left.expression.reads(like: right.expression)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

extension TypedExpression {
  /// Whether both are the same but for where they stand.
  fileprivate func reads(like other: TypedExpression) -> Bool {
    guard type == other.type, mayBeMissing == other.mayBeMissing else { return false }
    switch (kind, other.kind) {
    case (.constant(let left), .constant(let right)): return left == right
    case (.variable(let left), .variable(let right)): return left == right
    case (.apply(let left, _), .apply(let right, _)): guard left == right else { return false }
    case (.query(let left, _), .query(let right, _)): guard left == right else { return false }
    case (.conditional, .conditional), (.list, .list): break
    default: return false
    }
    let (left, right) = (children, other.children)
    return left.count == right.count && zip(left, right).allSatisfy { $0.reads(like: $1) }
  }

  fileprivate func combineShape(into hasher: inout Hasher) {
    switch kind {
    case .constant(let value): hasher.combine(value)
    case .variable(let number): hasher.combine(number)
    case .apply(let overload, _): hasher.combine(overload)
    case .conditional: hasher.combine(1)
    case .list: hasher.combine(2)
    case .query(let number, _): hasher.combine(~number)
    }
    for child in children { child.combineShape(into: &hasher) }
  }
}
