/// How expressions are written.
public enum ExpressionDialect: Hashable, Sendable {
  /// As in rule files: word aliases, duration literals, `_` between digits.
  case rules
  /// The Common Expression Language and nothing else, with its optional syntax and quoted names.
  ///
  /// *Source*: github.com/google/cel-spec, doc/langdef.md, "Syntax".
  case standard
}
