internal import Model
internal import Values

/// An expression with its macros expanded and its signs turned into calls: what is checked and run.
struct CoreExpression: Sendable {
  var kind: CoreKind
  var span: SourceSpan

  init(_ kind: CoreKind, _ span: SourceSpan) {
    self.kind = kind
    self.span = span
  }
}

/// How a field is asked for.
enum SelectionMode: Sendable {
  /// `a.b`
  case value
  /// `a.?b`
  case optional
  /// `has(a.b)`
  case presence
}

indirect enum CoreKind: Sendable {
  case constant(DynamicValue)
  /// A name, with a leading dot when it is looked up outside the container.
  case name(String)
  case select(CoreExpression, String, SelectionMode)
  case call(String, [CoreExpression])
  case method(CoreExpression, String, [CoreExpression])
  case list([CoreElement])
  case map([CoreEntry])
  case message(String, [CoreExpression])
  case comprehension(CoreComprehension)
  /// `cel.bind(name, value, body)`
  case bind(String, CoreExpression, CoreExpression)
  /// `target.optMap(name, body)`, or `optFlatMap`, whose body is an optional already.
  case optionalMap(CoreExpression, String, CoreExpression, isFlat: Bool)
}

struct CoreElement: Sendable {
  var value: CoreExpression
  var isOptional: Bool
}

struct CoreEntry: Sendable {
  var key: CoreExpression
  var value: CoreExpression
  var isOptional: Bool
}

/// What a comprehension makes of the elements it walks.
enum ComprehensionKind: Sendable {
  case all, exists, existsOne, map, filter, transformList, transformMap, transformMapEntry, sortBy
}

struct CoreComprehension: Sendable {
  var kind: ComprehensionKind
  var range: CoreExpression
  /// Element, or key, or with a second variable index or key.
  var first: String
  /// Value.
  var second: String?
  /// Which elements take part.
  var condition: CoreExpression?
  var body: CoreExpression
}
