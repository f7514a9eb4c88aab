/// An expression as written, with its place.
public struct ExpressionSyntax: Hashable, Sendable {
  /// The place.
  public var span: SourceSpan
  /// What it is.
  public let kind: ExpressionKind
  /// Levels of expressions inside one another, from 1.
  public let levels: Int

  /// Creates an expression.
  public init(_ kind: ExpressionKind, span: SourceSpan) {
    self.kind = kind
    self.span = span
    levels = 1 + (kind.children.map(\.levels).max() ?? 0)
  }
}

/// A word with its place.
public struct NameSyntax: Hashable, Sendable {
  /// The word.
  public var text: String
  /// The place.
  public var span: SourceSpan

  /// Creates a name.
  public init(_ text: String, span: SourceSpan) {
    self.text = text
    self.span = span
  }
}

/// A value written out.
public enum LiteralSyntax: Hashable, Sendable {
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  /// With its text, because a decimal reads the digits and not the double.
  case double(Double, text: String)
  case string(String)
  case bytes([UInt8])
  /// Microseconds.
  case duration(Int64)
  case null
}

/// Operators with one operand.
public enum UnaryOperator: Hashable, Sendable {
  case negate
  case not
}

/// Operators with two operands.
public enum BinaryOperator: String, Hashable, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case remainder = "%"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case and = "and"
  case or = "or"
  case isIn = "in"
  case isNotIn = "not in"
}

/// The kinds of expression.
public indirect enum ExpressionKind: Hashable, Sendable {
  case literal(LiteralSyntax)
  case name(String)
  case member(ExpressionSyntax, NameSyntax)
  case index(ExpressionSyntax, ExpressionSyntax)
  case call(NameSyntax, [ExpressionSyntax])
  case method(ExpressionSyntax, NameSyntax, [ExpressionSyntax])
  case list([ExpressionSyntax])
  case map([MapEntrySyntax])
  case unary(UnaryOperator, ExpressionSyntax)
  case binary(BinaryOperator, ExpressionSyntax, ExpressionSyntax)
  case conditional(ExpressionSyntax, then: ExpressionSyntax, otherwise: ExpressionSyntax)
  /// `x is missing`, `x is not missing`
  case isMissing(ExpressionSyntax, negated: Bool)
}

/// `key: value` in a map.
public struct MapEntrySyntax: Hashable, Sendable {
  /// The key.
  public var key: ExpressionSyntax
  /// The value.
  public var value: ExpressionSyntax

  /// Creates an entry.
  public init(key: ExpressionSyntax, value: ExpressionSyntax) {
    self.key = key
    self.value = value
  }
}

extension ExpressionSyntax {
  /// Every expression directly inside this one, in source order.
  public var children: [ExpressionSyntax] { kind.children }
}

extension ExpressionKind {
  fileprivate var children: [ExpressionSyntax] {
    switch self {
    case .literal, .name: []
    case .member(let base, _): [base]
    case .index(let base, let index): [base, index]
    case .call(_, let arguments): arguments
    case .method(let receiver, _, let arguments): [receiver] + arguments
    case .list(let elements): elements
    case .map(let entries): entries.flatMap { [$0.key, $0.value] }
    case .unary(_, let operand): [operand]
    case .binary(_, let left, let right): [left, right]
    case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
    case .isMissing(let operand, _): [operand]
    }
  }
}
