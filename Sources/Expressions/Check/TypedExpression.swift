public import Model
public import Values

/// An expression whose names and types are settled; nothing is looked up any more.
public struct TypedExpression: Hashable, Sendable {
  /// The place it was written at.
  public var span: SourceSpan
  /// The type of its value.
  public var type: ValueType
  /// Whether it can be missing although nothing failed.
  public var mayBeMissing: Bool
  /// What it computes.
  public var kind: TypedKind

  /// Creates a typed expression.
  public init(_ kind: TypedKind, type: ValueType, mayBeMissing: Bool, span: SourceSpan) {
    self.kind = kind
    self.type = type
    self.mayBeMissing = mayBeMissing
    self.span = span
  }
}

/// The kinds of typed expression.
public indirect enum TypedKind: Hashable, Sendable {
  case constant(Value)
  /// A variable by the number its environment gave it.
  case variable(Int)
  case apply(Overload, [TypedExpression])
  case conditional(TypedExpression, then: TypedExpression, otherwise: TypedExpression)
  case list([TypedExpression])
  /// A question the environment answers, such as a signal asked for other keys.
  case query(Int, [TypedExpression])
}

extension TypedExpression {
  /// Every expression directly inside this one.
  public var children: [TypedExpression] {
    switch kind {
    case .constant, .variable: []
    case .apply(_, let operands), .list(let operands), .query(_, let operands): operands
    case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
    }
  }

  /// The numbers of all variables inside, in order of mention.
  public var variables: [Int] {
    if case .variable(let number) = kind { return [number] }
    return children.flatMap(\.variables)
  }

  /// Whether this is text that stands in the rule file itself, possibly put together from parts, and
  /// not read from an event, a param or a list.
  var isWrittenOut: Bool {
    if case .variable = kind, type.isText { return false }
    return children.allSatisfy(\.isWrittenOut)
  }

  /// All questions inside, in order of mention.
  public var queries: [TypedExpression] {
    let inner = children.flatMap(\.queries)
    if case .query = kind { return inner + [self] }
    return inner
  }
}
