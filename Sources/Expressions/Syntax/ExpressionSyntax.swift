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
    levels = 1 + kind.innerLevels
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
  /// `base.?name`, in the standard dialect only, as the following.
  case optionalMember(ExpressionSyntax, NameSyntax)
  /// `base[?index]`
  case optionalIndex(ExpressionSyntax, ExpressionSyntax)
  /// `?value` inside a list.
  case optionalElement(ExpressionSyntax)
  /// `name{field: value}`
  case message(NameSyntax, [FieldSyntax])
}

/// `field: value` in a message.
public struct FieldSyntax: Hashable, Sendable {
  /// The field.
  public var name: NameSyntax
  /// The value.
  public var value: ExpressionSyntax
  /// `?field: value`: absent when the value is an empty optional.
  public var isOptional: Bool

  /// Creates a field.
  public init(name: NameSyntax, value: ExpressionSyntax, isOptional: Bool) {
    self.name = name
    self.value = value
    self.isOptional = isOptional
  }
}

/// `key: value` in a map.
public struct MapEntrySyntax: Hashable, Sendable {
  /// The key.
  public var key: ExpressionSyntax
  /// The value.
  public var value: ExpressionSyntax
  /// `?key: value`: absent when the value is an empty optional.
  public var isOptional: Bool

  /// Creates an entry.
  public init(key: ExpressionSyntax, value: ExpressionSyntax, isOptional: Bool = false) {
    self.key = key
    self.value = value
    self.isOptional = isOptional
  }
}

extension ExpressionSyntax {
  /// Every expression directly inside this one, in source order.
  public var children: [ExpressionSyntax] { kind.children }
}

extension ExpressionKind {
  /// Levels of the deepest expression directly inside; asked for each part that is parsed, so that
  /// no list of them is made.
  fileprivate var innerLevels: Int {
    switch self {
    case .literal, .name: 0
    case .member(let base, _), .optionalMember(let base, _): base.levels
    case .unary(_, let operand), .isMissing(let operand, _), .optionalElement(let operand):
      operand.levels
    case .index(let left, let right), .optionalIndex(let left, let right),
      .binary(_, let left, let right):
      max(left.levels, right.levels)
    case .conditional(let condition, let then, let otherwise):
      max(condition.levels, then.levels, otherwise.levels)
    case .call(_, let arguments), .list(let arguments):
      arguments.reduce(0) { max($0, $1.levels) }
    case .method(let receiver, _, let arguments):
      arguments.reduce(receiver.levels) { max($0, $1.levels) }
    case .map(let entries): entries.reduce(0) { max($0, $1.key.levels, $1.value.levels) }
    case .message(_, let fields): fields.reduce(0) { max($0, $1.value.levels) }
    }
  }

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
    case .isMissing(let operand, _), .optionalMember(let operand, _): [operand]
    case .optionalIndex(let base, let index): [base, index]
    case .optionalElement(let element): [element]
    case .message(_, let fields): fields.map(\.value)
    }
  }
}
