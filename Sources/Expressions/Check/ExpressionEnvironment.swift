public import Model

/// Something an expression can name.
public struct Variable: Hashable, Sendable {
  /// The environment's number for it.
  public var number: Int
  /// Its type.
  public var type: ValueType
  /// Whether it can be missing.
  public var mayBeMissing: Bool
  /// What it is, for messages: "signal", "field".
  public var role: Phrase
  /// Where it was declared.
  public var declared: SourceSpan?

  /// Creates a variable.
  public init(
    number: Int, type: ValueType, mayBeMissing: Bool, role: Phrase, declared: SourceSpan? = nil
  ) {
    self.number = number
    self.type = type
    self.mayBeMissing = mayBeMissing
    self.role = role
    self.declared = declared
  }
}

/// A question with arguments that the environment answers when the expression runs.
public struct Query: Hashable, Sendable {
  /// The environment's number for it.
  public var number: Int
  /// The types of its arguments.
  public var parameters: [ValueType]
  /// The type of the answer.
  public var type: ValueType
  /// Whether the answer can be missing.
  public var mayBeMissing: Bool
  /// Where it was declared.
  public var declared: SourceSpan?

  /// Creates a query.
  public init(
    number: Int, parameters: [ValueType], type: ValueType, mayBeMissing: Bool,
    declared: SourceSpan? = nil
  ) {
    self.number = number
    self.parameters = parameters
    self.type = type
    self.mayBeMissing = mayBeMissing
    self.declared = declared
  }
}

/// What names mean at the place an expression stands.
public protocol ExpressionEnvironment {
  /// The variable of this name.
  func variable(named name: String) -> Variable?
  /// The variable behind `base.name`; nil when the base has no such member.
  func member(_ name: String, of base: String) -> Variable?
  /// The members of a base, nil when it has none.
  func memberNames(of base: String) -> [String]?
  /// The question of this name.
  func query(named name: String) -> Query?
  /// The cases of an enumeration.
  func cases(of enumeration: String) -> [String]
  /// A text written out where a reference is meant, in the spelling values of that reference have.
  func normalized(_ text: String, as reference: String) -> String
  /// A better finding than "unknown name" when the name exists but cannot be used here.
  func refusal(of name: String, at span: SourceSpan) -> Diagnostic?
  /// Whether the name exists but has a mistake where it was declared, which is reported there.
  func isBroken(_ name: String) -> Bool
  /// Every name that could have been meant, with its role.
  var names: [(name: String, role: Phrase)] { get }
  /// What there is to name here, for a name nothing is similar to.
  var overview: Phrase? { get }
  /// What kinds of thing are visible here, for "no … has this name" and "ningún … se llama así".
  var visibleKinds: Phrase { get }
}

extension ExpressionEnvironment {
  /// Nothing, where nobody says more.
  public var overview: Phrase? { nil }
}
